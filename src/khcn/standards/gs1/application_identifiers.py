"""Application identifiers: which exist, how long their values are, and who must or must not stand beside them.

It reads `ai_table` once at import. It checks no value; see `element_values`.
"""

from dataclasses import dataclass
from itertools import combinations

from khcn.standards.gs1.ai_table import ROWS


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: `kind` N, X, Y or Z, its longest length, and the checks on it by name."""

    kind: str
    length: int
    variable: bool
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One identifier; `needs` is a list of alternatives, each a list of groups of patterns that must be present."""

    ai: str
    components: tuple[Component, ...]
    is_predefined_length: bool
    is_attribute: bool
    is_key: bool
    qualifiers: tuple[tuple[str, ...], ...]
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    excludes: tuple[str, ...]

    @property
    def longest(self) -> int:
        return sum(component.length for component in self.components)

    @property
    def shortest(self) -> int:
        return sum(
            1 if component.variable else component.length for component in self.components if not component.optional
        )


def _component(text: str) -> Component:
    optional = text.startswith("?")
    body, *checks = text.removeprefix("?").split(":")
    variable = body[1:3] == "<="
    length = int(body[3:] if variable else body[1:])
    return Component(body[0], length, variable, optional, tuple(checks))


def _read_row(row: str) -> list[ApplicationIdentifier]:
    span, components, *words = row.split()
    first, _, last = span.partition("-")
    keys = [word for word in words if word == "key" or word.startswith("key=")]
    qualifiers = tuple(
        tuple(alternative.split(">")) for key in keys if "=" in key for alternative in key[4:].split("|")
    )
    needs = tuple(
        tuple(tuple(group.split("+")) for group in word[6:].split("|")) for word in words if word.startswith("needs=")
    )
    excludes = tuple(pattern for word in words if word.startswith("not=") for pattern in word[4:].split("|"))
    return [
        ApplicationIdentifier(
            ai=f"{number:0{len(first)}d}",
            components=tuple(map(_component, components.split("+"))),
            is_predefined_length="fixed" in words,
            is_attribute="attribute" in words,
            is_key=bool(keys),
            qualifiers=qualifiers,
            needs=needs,
            excludes=excludes,
        )
        for number in range(int(first), int(last or first) + 1)
    ]


BY_AI: dict[str, ApplicationIdentifier] = {
    entry.ai: entry for row in ROWS.strip().splitlines() for entry in _read_row(row)
}

# The number of digits of an identifier follows from its first two (General Specifications, figure "AI length").
LENGTH_BY_PREFIX: dict[str, int] = {}
for _ai in BY_AI:
    LENGTH_BY_PREFIX[_ai[:2]] = len(_ai)

# Values whose length is settled by the first two digits of the identifier need no FNC1 after them.
PREDEFINED_PREFIXES = frozenset(entry.ai[:2] for entry in BY_AI.values() if entry.is_predefined_length)


def path_orders(key: str) -> frozenset[tuple[str, ...]]:
    """Every sequence of identifiers that may stand in the path of a Digital Link with this primary key."""
    entry = BY_AI[key]
    orders: set[tuple[str, ...]] = {(key,)}
    for alternative in entry.qualifiers:
        for size in range(1, len(alternative) + 1):
            orders.update((key, *chosen) for chosen in combinations(alternative, size))
    return frozenset(orders)


PATH_ORDERS: dict[str, frozenset[tuple[str, ...]]] = {
    ai: path_orders(ai) for ai, entry in BY_AI.items() if entry.is_key
}


def matches(pattern: str, ai: str) -> bool:
    """Whether an identifier fits a pattern such as 310n, where n is any digit."""
    return len(pattern) == len(ai) and all(asked in ("n", given) for asked, given in zip(pattern, ai, strict=True))
