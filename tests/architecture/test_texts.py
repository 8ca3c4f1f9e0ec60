"""Tracked files carry no address of a package registry and no path of one machine; papers name what they must."""

import re
import tomllib
from pathlib import Path

import pytest

# Written so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"p[y]pi\.(org|io)|p[y]thonhosted|registry\.n[p]mjs|n[p]mmirror|registry\.y[a]rnpkg|d[o]cker\.io"
)
MACHINE_PATHS = re.compile(r"""(?<![\w./-])/(?:work|root|tmp|opt|home/\w+|Users/\w+)/[\w.]""")
BINARY = {".png", ".jpg", ".webp", ".pdf", ".docx", ".xlsx", ".ttf", ".woff2", ".zip", ".ods", ".xls", ".doc", ".mo"}
NAMED_IN_README = ("./khcn demo", "./khcn test", "CONVENTIONS.md", "GLOSSARY.md", "CHANGELOG.md", "LICENSE", "deploy/")


def _texts(files: list[Path]) -> list[tuple[Path, str]]:
    return [(path, path.read_text("utf-8", "replace")) for path in files if path.suffix.lower() not in BINARY]


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE_PATHS], ids=["registries", "machine paths"])
def test_project_files_addresses_of_one_place_are_absent(
    pattern: re.Pattern[str], project_files: list[Path], house: Path
) -> None:
    found = [
        f"{path.relative_to(house)}: {match.group()}"
        for path, text in _texts(project_files)
        if path.name != "test_texts.py"
        for match in pattern.finditer(text)
    ]

    assert not found, found[:20]


@pytest.mark.parametrize("name", ["base", "dev", "node"])
def test_requirements_every_line_says_why(name: str, house: Path) -> None:
    lines = (house / "requirements" / f"{name}.in").read_text("utf-8").splitlines()

    silent = [line for line in lines if line and line[0] not in "#-" and not re.search(r"\S\s+# \S.{15,}", line)]

    assert not silent, f"no why: {silent}"


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", path.read_text("utf-8"), re.MULTILINE))


def test_locks_name_every_requirement_with_hashes_and_agree(house: Path) -> None:
    for name in ("base", "dev", "node"):
        text = (house / "requirements" / f"{name}.txt").read_text("utf-8")
        asked = re.findall(r"^([a-zA-Z][\w.-]*)", (house / "requirements" / f"{name}.in").read_text("utf-8"), re.M)
        pinned = {re.sub(r"[._]", "-", pin.split("[")[0]).lower() for pin in _pins(house / f"requirements/{name}.txt")}

        assert {re.sub(r"[._]", "-", one).lower() for one in asked} <= pinned, f"recompile {name}.txt"
        assert text.count("==") <= text.count("--hash=sha256:")
    base, dev = _pins(house / "requirements/base.txt"), _pins(house / "requirements/dev.txt")
    assert base.items() <= dev.items(), "dev.txt must hold the very versions of base.txt"


def test_readme_names_the_commands_and_the_papers(house: Path) -> None:
    text = (house / "README.md").read_text("utf-8")

    assert [name for name in NAMED_IN_README if name not in text] == []


def test_readme_links_lead_somewhere(house: Path) -> None:
    papers = [house / "README.md", *(house / "docs").rglob("*.md"), *(house / "deploy").glob("*.md")]
    dead = []

    for paper in papers:
        for target in re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)", paper.read_text("utf-8")):
            if not (paper.parent / target).exists():
                dead.append(f"{paper.relative_to(house)} → {target}")

    assert not dead, dead


def test_python_versions_launcher_and_project_agree(house: Path) -> None:
    project = tomllib.loads((house / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["requires-python"] == ">=3.11"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (house / "khcn").read_text("utf-8")
