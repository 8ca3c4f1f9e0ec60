"""What the consistency tests look at: the project's folder and the files that belong to it."""

import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def house() -> Path:
    """The folder of the project."""
    return HOUSE


@pytest.fixture(scope="session")
def project_files(house: Path) -> list[Path]:
    """Every file that is in version control or about to be; a tarball without git is skipped by name."""
    if not (house / ".git").exists():
        pytest.skip("not a git clone: which files belong to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=house, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [house / name for name in listed.split("\0") if name and (house / name).is_file()]


@pytest.fixture(scope="session")
def modules(project_files: list[Path], house: Path) -> list[Path]:
    """The modules of src/khcn without tests and migrations."""
    return [
        path
        for path in project_files
        if path.suffix == ".py"
        and path.is_relative_to(house / "src")
        and not {"tests", "migrations"} & set(path.relative_to(house).parts)
    ]
