"""Outside values of the indices, from the shared reference."""

from pathlib import Path

import pytest

HAZARD = Path(__file__).resolve().parents[7] / "shared" / "reference" / "hazard"


@pytest.fixture(scope="session")
def hazard_reference() -> Path:
    """The folder of outside values."""
    if not HAZARD.exists():
        pytest.skip("the shared hazard reference is not beside the project")
    return HAZARD
