"""The rooms of an app are closed, modules are short, named for what they hold, and say what they are for."""

import ast
from pathlib import Path

import pytest

REFUSED_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "handler", "data", "info", "misc"}
ROOMS = {
    "wiring", "urls", "views", "api", "feeds", "admin", "management", "jobs", "drivers", "forms", "schemas", "services",
    "queries", "permissions", "models", "rules", "engine", "choices", "errors",
}  # fmt: skip
# Places that Django or a library dictates, and folders that hold no code of ours to import.
DICTATED = {"__init__", "apps", "migrations", "tests", "templates", "templatetags", "static", "locale", "README"}
# What one room has beyond the anatomy, each because Django or allauth asks for it by name in the settings.
GRANTED = {"khcn.kernel.orgs": {"accounts", "middleware"}}
LONGEST = 400
# Modules that wait to become packages; their limit only falls.
WAITING: dict[str, int] = {}


def _name(path: Path, house: Path) -> str:
    return ".".join(path.relative_to(house / "src").with_suffix("").parts)


def test_app_rooms_beyond_the_anatomy_are_refused(modules: list[Path], house: Path) -> None:
    strangers = set()

    for path in modules:
        parts = _name(path, house).split(".")
        if len(parts) < 4 or parts[1] not in {"kernel", "domains"}:
            continue
        granted = GRANTED.get(".".join(parts[:3]), set())
        if parts[3] not in ROOMS | DICTATED | granted:
            strangers.add(".".join(parts[:4]))

    assert not strangers, f"no such room in the closed anatomy: {sorted(strangers)}"


def test_module_names_without_content_are_refused(project_files: list[Path], house: Path) -> None:
    sources = [path.relative_to(house) for path in project_files if path.suffix == ".py"]

    refused = [str(path) for path in sources if REFUSED_WORDS & set(path.stem.split("_"))]
    refused += [str(path) for path in sources if path.parts[0] == "src" and REFUSED_WORDS & set(path.parts[:-1])]

    assert not refused, f"name the thing or the standard: {refused}"


def test_modules_longer_than_the_limit_are_refused(modules: list[Path], house: Path) -> None:
    lengths = {_name(path, house): len(path.read_text("utf-8").splitlines()) for path in modules}

    too_long = {name: lines for name, lines in lengths.items() if lines > WAITING.get(name, LONGEST)}

    assert not too_long, f"over {LONGEST} lines a module becomes a package by concern: {too_long}"


def test_modules_each_carry_a_docstring(modules: list[Path], house: Path) -> None:
    silent = [
        _name(path, house)
        for path in modules
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert not silent, f"one sentence of purpose is missing in: {silent}"


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_source_unkept_promises_are_refused(word: str, modules: list[Path], house: Path) -> None:
    holding = [_name(path, house) for path in modules if word in path.read_text("utf-8")]

    assert not holding, f"{word} in: {holding}"
