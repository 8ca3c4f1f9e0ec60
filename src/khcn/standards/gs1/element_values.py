"""Whether the value of one application identifier is well formed, and whether identifiers may stand side by side.

Source: GS1 General Specifications, sections 3 and 4. Company prefixes are not looked up.
"""

from collections.abc import Iterable, Mapping

from khcn.standards.gs1.application_identifiers import BY_AI, ApplicationIdentifier, Component, matches
from khcn.standards.gs1.check_digits import DIGITS, SET_39, SET_64, SET_82
from khcn.standards.gs1.component_checks import CHECKS
from khcn.standards.gs1.errors import ElementRefused

_ALPHABETS = {"N": DIGITS, "X": frozenset(SET_82), "Y": frozenset(SET_39), "Z": frozenset(SET_64 + "=")}
_ALPHABET_NAMES = {"N": "digits", "X": "characters of set 82", "Y": "characters of set 39", "Z": "base 64 for URIs"}


def identifier(ai: str) -> ApplicationIdentifier:
    """The table's entry. Raises ElementRefused when GS1 assigned no such identifier."""
    entry = BY_AI.get(ai)
    if entry is None:
        raise ElementRefused("unknown_ai", f"There is no application identifier ({ai}).", ai)
    return entry


def _component_problem(component: Component, text: str) -> str:
    if not _ALPHABETS[component.kind].issuperset(text):
        return f"only {_ALPHABET_NAMES[component.kind]} may stand here"
    for name in component.checks:
        problem = CHECKS[name](text)
        if problem:
            return problem
    return ""


def check_value(ai: str, value: str) -> None:
    """Accepts the value of an identifier or raises ElementRefused saying what is wrong with it."""
    entry = identifier(ai)
    if not entry.shortest <= len(value) <= entry.longest:
        sizes = f"{entry.longest}" if entry.shortest == entry.longest else f"{entry.shortest} to {entry.longest}"
        raise ElementRefused("length", f"({ai}) holds {sizes} characters, not {len(value)}.", ai)
    at = 0
    for component in entry.components:
        part = value[at : at + component.length]
        if not part and component.optional:
            break
        if len(part) < component.length and not component.variable:
            raise ElementRefused("length", f"({ai}) ends inside a part of {component.length} characters.", ai)
        if not part:
            raise ElementRefused("length", f"({ai}) ends before its last part.", ai)
        problem = _component_problem(component, part)
        if problem:
            raise ElementRefused("value", f"({ai}) {value}: {problem}.", ai)
        at += len(part)
    if at != len(value):
        raise ElementRefused("length", f"({ai}) is followed by {len(value) - at} characters too many.", ai)


def _present(group: Iterable[str], given: Iterable[str]) -> bool:
    return all(any(matches(pattern, ai) for ai in given) for pattern in group)


def companion_problems(elements: Mapping[str, str]) -> list[ElementRefused]:
    """What the identifiers on one item lack beside them or must not have beside them."""
    found = []
    for ai in elements:
        entry = identifier(ai)
        others = [other for other in elements if other != ai]
        clashes = [other for other in others if any(matches(pattern, other) for pattern in entry.excludes)]
        if clashes:
            found.append(ElementRefused("excluded", f"({ai}) must not stand beside ({clashes[0]}).", ai))
        for groups in entry.needs:
            if not any(_present(group, others) for group in groups):
                wanted = " or ".join("+".join(group) for group in groups)
                found.append(ElementRefused("companion", f"({ai}) needs {wanted} beside it.", ai))
    return found
