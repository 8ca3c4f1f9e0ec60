"""What is wrong with a document: a place, a code for programs and a sentence for people.

Places are JSON Pointers (RFC 6901) in JSON and XPaths in XML. Paths are kept as linked pairs while a document is
read and written out only when something is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple["Path", str | int] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `rule` says who forbids it: text, schema or standard."""

    pointer: str
    message: str
    code: str
    rule: str = "schema"


def _steps(path: Path) -> Iterator[str | int]:
    steps = []
    while path is not None:
        path, step = path
        steps.append(step)
    return reversed(steps)


def pointer_of(path: Path) -> str:
    """The JSON Pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in _steps(path))


class Problems(list[Problem]):
    """Problems in the order of the document."""

    def add(self, path: Path, message: str, code: str = "value", rule: str = "schema") -> None:
        """Notes a problem at a JSON place."""
        self.append(Problem(pointer_of(path), message, code, rule))
