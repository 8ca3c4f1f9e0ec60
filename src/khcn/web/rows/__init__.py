"""Statements about rows that are put together once and then only run, several on one way to the database.

For acts done hundreds of times a second. What runs is the SQL that Django would write for the same act; writing it
anew each time is saved, and on PostgreSQL the waiting for each answer (pipeline mode, prepared statements). Values go
through the fields' own conversions. No signal is sent, neither for rows read nor written, nothing is validated, nothing
cascades; models with one table.
"""

from khcn.web.rows.reading import Answer, Reading, ask
from khcn.web.rows.statements import repeated, together
from khcn.web.rows.writing import HeldWrites, MustWriteFirst, Writes, insert, update

__all__ = [
    "Answer", "HeldWrites", "MustWriteFirst", "Reading", "Writes", "ask", "insert", "repeated", "together", "update",
]  # fmt: skip
