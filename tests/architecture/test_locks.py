"""A lock names its rows where others are read along: PostgreSQL refuses to lock the outer side of a join."""

import ast
from pathlib import Path


def _chain(call: ast.Call) -> dict[str, ast.Call]:
    """The methods of a chain of calls by name, from its end to its beginning."""
    found: dict[str, ast.Call] = {}
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        found[node.func.attr] = node
        node = node.func.value
    return found


def test_lock_on_rows_read_with_others_says_which_it_locks(modules: list[Path], house: Path) -> None:
    faults = set()
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            chain = _chain(node) if isinstance(node, ast.Call) else {}
            if {"select_for_update", "select_related"} <= chain.keys() and not any(
                keyword.arg == "of" for keyword in chain["select_for_update"].keywords
            ):
                faults.add(f"{path.relative_to(house)}:{node.lineno}")

    assert faults == set(), 'write select_for_update(of=("self",))'
