"""How complete the record of a lot is against the items that the law wants known, with what is missing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One wanted item: the key of its check, what it is called, how to complete it, its weight."""

    key: str
    title: str
    advice: str
    weight: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a lot: texts for the consumer, empty where nothing is known."""

    name: str = ""
    has_image: bool = False
    producer: str = ""
    address: str = ""
    stages: int = 0
    trace_code: str = ""
    is_local_code: bool = False
    undated_stages: int = 0
    place_code: str = ""
    is_local_place: bool = False
    brand: str = ""
    shelf_life: str = ""
    standards: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One item with the share that is there (0, a half, 1) and what it says."""

    item: Item
    share: float
    says: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """All items, and the score in percent."""

    items: tuple[Checked, ...]
    percent: int

    @property
    def missing(self) -> tuple[Checked, ...]:
        """Items that are not wholly there."""
        return tuple(one for one in self.items if one.share < 1)


def completeness(facts: Facts, items: Sequence[Item]) -> Completeness:
    """Check every item; a local code counts half, since it is not known outside. Raises KeyError for an unknown key."""
    both = " · ".join(filter(None, (facts.brand, facts.shelf_life)))
    found = {
        "name": (float(bool(facts.name)), facts.name),
        "image": (float(facts.has_image), ""),
        "producer": (float(bool(facts.producer)), facts.producer),
        "address": (float(bool(facts.address)), facts.address),
        "stages": (min(facts.stages, 2) / 2, str(facts.stages) if facts.stages else ""),
        "trace_code": (0.5 if facts.is_local_code else float(bool(facts.trace_code)), facts.trace_code),
        "times": (float(facts.stages > 0 and not facts.undated_stages), ""),
        "place_code": (0.5 if facts.is_local_place else float(bool(facts.place_code)), facts.place_code),
        "brand": ((bool(facts.brand) + bool(facts.shelf_life)) / 2, both),
        "standards": (float(bool(facts.standards)), facts.standards),
    }
    checked = tuple(Checked(item, *found[item.key]) for item in items)
    whole = sum(item.weight for item in items)
    got = sum(one.share * one.item.weight for one in checked)
    return Completeness(checked, round(100 * got / whole) if whole else 0)
