"""Levels of reading: what a person cleared to a level sees of layers, objects and fields."""

from khcn.domains.geodata.choices import Access

LEVELS: tuple[Access, ...] = (Access.OPEN, Access.INTERNAL, Access.RESTRICTED)


def seen_at(clearance: Access) -> tuple[Access, ...]:
    """The levels that a clearance opens, its own last."""
    return LEVELS[: LEVELS.index(clearance) + 1]


def opens(clearance: Access, level: Access | str) -> bool:
    """True when the clearance opens something of this level."""
    return Access(level) in seen_at(clearance)
