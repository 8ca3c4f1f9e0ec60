"""A small language for conditions, read by a parser of its own; it can compute and compare, and nothing else.

`read(text)` gives an Expression; `Expression.value(facts)` its value. Values: Decimal, date, text, bool, list, nothing.
There are no assignments, no loops, no attributes of objects and no way to run code.
"""

from khcn.kernel.procedures.engine.expressions.evaluating import (
    BadExpression,
    Expression,
    as_value,
    read,
)

__all__ = ["BadExpression", "Expression", "as_value", "read"]
