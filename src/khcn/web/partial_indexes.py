"""Conditions written out in a statement, so that SQLite sees that a partial index covers it.

SQLite compares a list of a statement with that of the index before it knows the values that are bound to it, so a list
of bound values is never found to be the same. Does nothing for values that come from outside.
"""

from django.db.models import BooleanField, F, Func


class IsOneOf(Func):
    """Whether a text field has one of some values, in the order in which the index names them."""

    template = "%(expressions)s %(listed)s"
    output_field = BooleanField()

    def __init__(self, field: str, *values: str) -> None:
        """Raises ValueError for a value that is not plainly a word of the code."""
        words = [str(getattr(value, "value", value)) for value in values]
        if not words or not all(word.isidentifier() and word.isascii() for word in words):
            raise ValueError("values that stand in a statement are words of the code")
        listed = ", ".join(f"'{word}'" for word in words)
        super().__init__(F(field), listed=f"IN ({listed})" if len(words) > 1 else f"= {listed}")
