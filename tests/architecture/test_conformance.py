"""Which test holds which rule of CAP and which assertion of the OGC: the pages in docs/reference say what tests say.

With KHCN_WRITE_CONFORMANCE=1 the pages are written anew.
"""

import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from khcn.standards.cap.findings import ADVICE
from khcn.standards.cap.semantics import GENERAL, VIETNAM
from khcn.standards.cap.semantics.rule import Rule
from khcn.standards.cap.tests import test_rules as cap
from khcn.standards.ogcapi.conformance import CLASSES
from khcn.standards.ogcapi.tests import ledger

PAGES, WRITES = Path(__file__).resolve().parents[2] / "docs" / "reference", "KHCN_WRITE_CONFORMANCE"
HOLDING = (
    "khcn.domains.geodata.tests.test_ogc_features", "khcn.domains.geodata.tests.test_ogc_more",
    "khcn.domains.hazards.tests.test_sensorthings",
)  # fmt: skip
BROKEN, BUILT = "test_rule_broken_is_found_with_its_place", "test_structure_broken_is_found_with_its_place"


def ogc_page() -> str:
    """The page of the OGC standards, once every module whose tests note assertions was read."""
    for name in HOLDING:
        importlib.import_module(name)
    return ledger.reference_page()


def _tests(name: str, key: str, count: int) -> str:
    return ", ".join(f"`{name}[{key}-{number}]`" for number in range(1, count + 1))


def _rules(rules: tuple[Rule, ...]) -> list[str]:
    lines = ["| rule | demand | source | breach is | test |", "| --- | --- | --- | --- | --- |"]
    for rule in rules:
        weight = "advice" if rule.severity == ADVICE else "error"
        tests = _tests("broken", rule.key, len(cap.BREACHES[rule.key]))
        lines.append(f"| {rule.key} | {rule.demand} | {rule.source} | {weight} | {tests} |")
    return [*lines, ""]


def cap_page() -> str:
    """The page of CAP 1.2: what the schema fixes, what the standard says in words, what this system adds."""
    return "\n".join(
        [
            "# CAP 1.2: the rules of the check, and which test holds each",
            "",
            f"{len(cap.STRUCTURE)} ids of structure, {len(GENERAL)} rules of the standard's words, {len(VIETNAM)} of",
            "our own profile; `./khcn manage cap_check FILE… --json` names them.",
            f"Made from `khcn/standards/cap` with `{WRITES}=1`; `test_conformance.py` compares it. Each test breaks an",
            "otherwise sound message in one place and asks that the rule, and its place, be named. Short names:",
            f"`broken` is `{BROKEN}`, `built` is `{BUILT}`, both in `khcn/standards/cap/tests/test_rules.py`.",
            "",
            "That a sound message breaks no rule: `test_sound_message_breaks_no_rule`. That structure agrees with the",
            "official schema, on messages of agencies and on mutations of them:",
            "`test_outside_messages_the_schema_and_we_agree`, `test_mutated_messages_the_schema_and_we_agree`.",
            "",
            "## Structure, as the schema fixes it",
            "",
            "| id | demand | test |",
            "| --- | --- | --- |",
            *(f"| {key} | {told} | {_tests('built', key, len(all_))} |" for key, (told, all_) in cap.STRUCTURE.items()),
            "",
            "## What the standard says in words",
            "",
            *_rules(GENERAL),
            "## The profile by which this system issues",
            "",
            *_rules(VIETNAM),
        ]
    )


@pytest.mark.parametrize(("name", "made"), [("ogc", ogc_page), ("cap", cap_page)], ids=["ogc", "cap"])
def test_page_says_what_the_tests_hold(name: str, made: Callable[[], str]) -> None:
    page, path = made(), PAGES / f"{name}-conformance.md"
    if os.environ.get(WRITES) == "1":
        path.write_text(page, "utf-8")

    assert path.read_text("utf-8") == page, f"write it again: {WRITES}=1"


def test_short_names_are_those_of_tests() -> None:
    for name in (BROKEN, BUILT, "test_sound_message_breaks_no_rule"):
        assert callable(getattr(cap, name))


def test_what_sensorthings_announces_has_its_tests() -> None:
    ogc_page()

    announced = Client().get("/sta/v1.1").json()["serverSettings"]["conformance"]

    assert announced
    for address in announced:  # a class, or one assertion of a class that is held in part
        name = address.split("/req/", 1)[1]
        part = ledger.HELD.get(f"SensorThings 1.1 {name.partition('/')[0]}", {})
        assert f"SensorThings 1.1 {name}" in ledger.HELD or name in part


def test_each_standard_that_ogc_api_announces_is_on_the_page() -> None:
    page = ogc_page()

    for part in ("Features Part 1 core", "Features Part 2 crs", "Features Part 3 filter", "Features Part 4", "CQL2",
                 "Tiles core, mvt", "Records core"):  # fmt: skip
        assert f"## {part}\n" in page
    for name in ("cql2-text", "basic-spatial-functions", "temporal-functions", "arithmetic", "property-property"):
        assert any(one.endswith(f"/{name}") for one in CLASSES)
        assert f"| {name} |" in page
