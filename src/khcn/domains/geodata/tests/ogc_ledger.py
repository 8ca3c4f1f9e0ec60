"""Which test holds which assertion of the OGC suites; the reference page is made from it."""

from collections.abc import Callable

HELD: dict[str, list[tuple[str, str]]] = {}


def holds(conformance_class: str, *assertions: str) -> Callable:
    """Note that the test holds these assertions, by the names they have in the OGC suites or standards."""

    def note(test: Callable) -> Callable:
        for assertion in assertions:
            entry = (assertion, test.__name__)
            if entry not in HELD.setdefault(conformance_class, []):
                HELD[conformance_class].append(entry)
        return test

    return note


def reference_page() -> str:
    """The page as it must stand in docs/reference."""
    lines = [
        "# OGC API: what is served, and which test holds it",
        "",
        "Made from the tests of domains/geodata, which compare this page with themselves. Names of assertions are",
        "those of the suite `ets-ogcapi-features10`, else of the standard. The suite itself was not run.",
        "",
    ]
    for name in sorted(HELD):
        lines += [f"## {name}", "", "| assertion | test |", "| --- | --- |"]
        lines += [f"| {assertion} | `{test}` |" for assertion, test in HELD[name]]
        lines.append("")
    return "\n".join(lines)
