"""Every reference data file stands in the SOURCE.toml beside it, with the digest of its very bytes."""

import hashlib
import tomllib
from pathlib import Path


def test_reference_files_source_and_digest_match(project_files: list[Path], house: Path) -> None:
    files = [path for path in project_files if path.is_relative_to(house / "data/reference")]
    faults = []

    for path in files:
        if path.name in {"SOURCE.toml", "README.md"}:
            continue
        source = path.parent / "SOURCE.toml"
        if not source.exists():
            faults.append(f"{path.relative_to(house)}: no SOURCE.toml beside it")
            continue
        listed = {entry["name"]: entry["sha256"] for entry in tomllib.loads(source.read_text("utf-8"))["files"]}
        if listed.get(path.name) != hashlib.sha256(path.read_bytes()).hexdigest():
            faults.append(f"{path.relative_to(house)}: its digest is not the one in SOURCE.toml")

    assert files
    assert not faults, faults


def test_reference_sources_say_where_when_and_under_which_licence(project_files: list[Path], house: Path) -> None:
    faults = []

    for path in project_files:
        if path.name != "SOURCE.toml":
            continue
        whole = tomllib.loads(path.read_text("utf-8"))
        for entry in whole["files"]:
            facts = whole | entry
            missing = [name for name in ("title", "retrieved_on", "licence") if not facts.get(name)]
            missing += [] if facts.get("origin") or facts.get("source") or facts.get("url") else ["origin"]
            faults += [f"{path.relative_to(house)} {entry['name']}: {missing}"] if missing else []

    assert not faults, faults
