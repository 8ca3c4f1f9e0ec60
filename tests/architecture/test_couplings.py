"""What import contracts cannot see: couplings by text between apps (foreign keys, get_model, template includes)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

KERNEL_ORDER = ["audit", "events", "schedules", "orgs", "places", "documents", "procedures", "indicators", "notices"]
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
TEMPLATE_USE = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"'#]+)""")
# Folders of templates that every app may include from: the shell and the components.
SHARED_TEMPLATES = {"web", "cotton", "base.html", "base_auth.html", "base_print.html", "site", "account", "shell"}


def _app(path: Path, house: Path) -> tuple[str, str] | None:
    """Floor and app of a file, such as ("domains", "programme"); None above and beside the apps."""
    parts = path.relative_to(house / "src" / "khcn").parts
    return (parts[0], parts[1]) if len(parts) > 2 and parts[0] in {"kernel", "domains"} else None


def _calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Name of each call whose first argument is a text, with that text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if isinstance(node.args[0].value, str):
                yield name, node.args[0].value


def _text_targets(path: Path) -> Iterator[str]:
    """App labels that the module names in relations by text and in get_model."""
    for name, text in _calls(ast.parse(path.read_text("utf-8"))):
        if (name in RELATIONS and "." in text) or name == "get_model":
            yield text.split(".")[0]


def test_text_relations_to_another_domain_are_refused(modules: list[Path], house: Path) -> None:
    domains = {path.name for path in (house / "src/khcn/domains").iterdir() if path.is_dir()}
    wrong = []

    for path in modules:
        place = _app(path, house)
        if place is None:
            continue
        floor, app = place
        wrong += [f"{path.relative_to(house)} → {to}" for to in _text_targets(path) if to in domains - {app}]
        if floor == "kernel":
            allowed = set(KERNEL_ORDER[: KERNEL_ORDER.index(app) + 1]) | {"auth", "contenttypes"}
            wrong += [f"{path.relative_to(house)} → {to}" for to in _text_targets(path) if to not in allowed]

    assert not wrong, f"relations by text point down, never sideways between domains: {wrong}"


def test_templates_include_only_their_own_and_shared_ones(project_files: list[Path], house: Path) -> None:
    wrong = []

    for path in project_files:
        if path.suffix not in {".html", ".txt"} or not path.is_relative_to(house / "src/khcn"):
            continue
        place = _app(path, house)
        if place is None or place[0] != "domains":
            continue
        for used in TEMPLATE_USE.findall(path.read_text("utf-8")):
            folder = used.split("/")[0]
            if folder != place[1] and folder not in SHARED_TEMPLATES:
                wrong.append(f"{path.relative_to(house)} uses {used}")

    assert not wrong, f"a domain's templates use their own and the shared ones: {wrong}"
