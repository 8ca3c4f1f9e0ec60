"""Which test holds which assertion of the OGC standards; the reference page is made from it.

A test notes its assertions with `holds`. The page is compared, and written with KHCN_WRITE_CONFORMANCE=1, by
`tests/architecture/test_conformance.py`.
"""

from collections.abc import Callable

HELD: dict[str, dict[str, list[str]]] = {}


def holds(conformance_class: str, *assertions: str) -> Callable:
    """Note that the test holds these assertions, by the names they have in the OGC suites or standards."""

    def note(test: Callable) -> Callable:
        for assertion in assertions:
            tests = HELD.setdefault(conformance_class, {}).setdefault(assertion, [])
            if test.__name__ not in tests:
                tests.append(test.__name__)
        return test

    return note


def reference_page() -> str:
    """The page as it must stand in docs/reference."""
    lines = [
        "# OGC API and SensorThings: what is served, and which test holds it",
        "",
        "Made from the tests with `KHCN_WRITE_CONFORMANCE=1`; `tests/architecture/test_conformance.py` compares it.",
        "Assertions have their name in the suite `ets-ogcapi-features10` or in the standard where they have one, else",
        "they are told in our words. No suite of the OGC itself was run.",
        "",
        "| class | assertions |",
        "| --- | --- |",
        *(f"| {name} | {len(HELD[name])} |" for name in sorted(HELD)),
        "",
    ]
    for name in sorted(HELD):
        lines += [f"## {name}", "", "| assertion | test |", "| --- | --- |"]
        lines += [f"| {told} | {', '.join(f'`{test}`' for test in tests)} |" for told, tests in HELD[name].items()]
        lines.append("")
    return "\n".join(lines)
