"""Serves the few files of the front-end packages that pages use, under `npm/…`; node_modules stays unseen."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage


class PackageFilesFinder(BaseFinder):
    """Finds `<prefix>/<file>` in `settings.PACKAGE_FILES`: prefix → (folder in node_modules, patterns of file names).

    A package that is not installed has no files; pages then miss their styles and `./khcn check` says why.
    """

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.places: dict[str, tuple[FileSystemStorage, tuple[str, ...]]] = {}
        for prefix, (folder, patterns) in settings.PACKAGE_FILES.items():
            root = Path(settings.NODE_MODULES) / folder
            if root.is_dir():
                storage = FileSystemStorage(location=root)
                storage.prefix = prefix  # type: ignore[attr-defined]
                self.places[prefix] = (storage, tuple(patterns))

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check: the launcher sees to missing packages."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a served file, or an empty list."""
        for prefix, (storage, patterns) in self.places.items():
            name = path.removeprefix(f"{prefix}/")
            if name != path and _served(name, patterns) and storage.exists(name):
                found = storage.path(name)
                return [found] if find_all else found
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every served file with its storage."""
        for storage, patterns in self.places.values():
            root = Path(storage.location)
            for file in sorted(root.rglob("*")):
                name = file.relative_to(root).as_posix()
                if file.is_file() and _served(name, patterns) and not matches_patterns(name, ignore_patterns or []):
                    yield name, storage


def _served(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
