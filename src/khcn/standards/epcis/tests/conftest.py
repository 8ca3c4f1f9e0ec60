"""Documents of others and the official schemas, which stand beside the project and never in it."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[6] / "shared/reference/epcis"
NO_DOCUMENTS = ("JSON-Schema", "REST Bindings", "epcis-context")


def paths(*patterns: str) -> list[Path]:
    """Files of the reference, without schemas and contexts; empty where the reference is absent."""
    found = {path for pattern in patterns for path in REFERENCE.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not any(word in str(path) for word in NO_DOCUMENTS))


@pytest.fixture(scope="session")
def reference() -> Path:
    if not REFERENCE.exists():
        pytest.skip("the EPCIS documents of the shared reference are absent")
    return REFERENCE


@pytest.fixture(scope="session")
def json_paths(reference: Path) -> list[Path]:
    return paths(
        "gs1-EPCIS/JSON/**/*.jsonld", "openepcis-test-resources/**/*.json", "event-hash-vectors/tests/**/*.json*"
    )


@pytest.fixture(scope="session")
def xml_paths(reference: Path) -> list[Path]:
    return paths("**/*.xml")
