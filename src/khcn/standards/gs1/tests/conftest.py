"""The vectors of others, which stand beside the project and never in it."""

import json
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).parents[6] / "shared/reference"


def vectors(relative: str) -> Any:
    """A JSON file of the shared reference, or a skip that says which is absent."""
    path = REFERENCE / relative
    if not path.exists():
        pytest.skip(f"{relative} of the shared reference is absent")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="session")
def link_vectors() -> list[dict[str, Any]]:
    return vectors("digital_link/digital-link-uri-vectors.json")


@pytest.fixture(scope="session")
def epc_vectors() -> list[dict[str, Any]]:
    return vectors("epcis/epc-scheme-vectors.json")


@pytest.fixture(scope="session")
def dictionary_lines() -> list[str]:
    path = REFERENCE / "digital_link/gs1-syntax-dictionary/gs1-syntax-dictionary.txt"
    if not path.exists():
        pytest.skip("the syntax dictionary of the shared reference is absent")
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
