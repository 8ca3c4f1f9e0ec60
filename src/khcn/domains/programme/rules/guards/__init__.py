"""The guards of the state machines, each a named rule with the sentence it refuses with."""

from ..transitions import GUARDS
from . import closing, councils, money, monitoring, pipeline

__all__ = ["GUARDS", "closing", "councils", "money", "monitoring", "pipeline"]
