"""Outside messages and the official schema, from the shared reference."""

from pathlib import Path

import pytest
from lxml import etree

LIBRARY = Path(__file__).resolve().parents[6] / "shared" / "reference" / "hazard" / "cap-library"


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """Every alert of the shared collection, by file name."""
    found = {path.name: path.read_bytes() for path in sorted(LIBRARY.glob("*/*.cap"))}
    if not found:
        pytest.skip("the shared collection of CAP alerts is not beside the project")
    return found


@pytest.fixture(scope="session")
def official_schema() -> etree.XMLSchema:
    """The schema of CAP 1.2 as OASIS publishes it."""
    path = LIBRARY / "schema" / "cap12.xsd"
    if not path.exists():
        pytest.skip("the shared CAP schema is not beside the project")
    return etree.XMLSchema(file=str(path))
