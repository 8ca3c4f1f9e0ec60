"""Closed sets of the repository: roles of names in events, and kinds of events as stored."""

from enum import IntEnum

EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")


class Role(IntEnum):
    """What an identifier is in an event; classes carry quantities, the others are things of their own."""

    EPC = 1
    PARENT = 2
    CHILD = 3
    INPUT = 4
    OUTPUT = 5
    EPC_CLASS = 6
    CHILD_CLASS = 7
    INPUT_CLASS = 8
    OUTPUT_CLASS = 9


CLASS_ROLES = frozenset({Role.EPC_CLASS, Role.CHILD_CLASS, Role.INPUT_CLASS, Role.OUTPUT_CLASS})
