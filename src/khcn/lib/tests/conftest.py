"""Outside material for the pure helpers."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[5] / "shared"


@pytest.fixture(scope="session")
def plan_text() -> str:
    """The official plan that the project was given."""
    path = SHARED / "plan" / "ke-hoach-khcn-2021-2025.txt"
    if not path.exists():
        pytest.skip("the shared plan text is not beside the project")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def law_texts() -> list[str]:
    """The texts of the circulars and decrees that the rules cite."""
    paths = sorted((SHARED / "reference" / "law").glob("*.txt"))
    if not paths:
        pytest.skip("the shared law texts are not beside the project")
    return [path.read_text(encoding="utf-8") for path in paths]
