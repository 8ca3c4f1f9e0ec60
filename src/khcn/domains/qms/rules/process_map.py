"""The level-1 process map as plain geometry: three bands of boxes and the links between them; and who stands alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khcn.domains.qms.choices import ProcessKind

BOX_WIDTH, BOX_HEIGHT, GAP, BAND_GAP, LEFT, TOP = 190, 64, 24, 64, 130, 34


@dataclass(frozen=True, slots=True)
class Box:
    """A process drawn: key, code, name in at most two lines, corner."""

    key: str
    code: str
    lines: tuple[str, ...]
    kind: str
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """Centre of the box."""
        return self.x + BOX_WIDTH // 2, self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link drawn: its two ends on the boxes' edges, and what is handed over."""

    x1: int
    y1: int
    x2: int
    y2: int
    what: str


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """The drawing."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    bands: tuple[tuple[str, int], ...]


def lay_out(
    processes: Sequence[tuple[str, str, str, str]], links: Iterable[tuple[str, str, str]], *, per_row: int = 5
) -> ProcessMap:
    """Draw (key, code, name, kind) with (source, target, what); management above, core in the middle, support below."""
    boxes: dict[str, Box] = {}
    bands, y = [], TOP
    for kind in (ProcessKind.MANAGEMENT, ProcessKind.CORE, ProcessKind.SUPPORT):
        row = [item for item in processes if item[3] == kind]
        bands.append((kind.label, y))
        for index, (key, code, name, _) in enumerate(row):
            x = LEFT + (index % per_row) * (BOX_WIDTH + GAP)
            box_y = y + 12 + (index // per_row) * (BOX_HEIGHT + GAP)
            boxes[key] = Box(key, code, _wrapped(name), kind, x, box_y)
        rows = max(1, -(-len(row) // per_row))
        y += 12 + rows * (BOX_HEIGHT + GAP) + BAND_GAP - GAP
    arrows = tuple(
        _arrow(boxes[source], boxes[target], what) for source, target, what in links if {source, target} <= boxes.keys()
    )
    widest = max((box.x for box in boxes.values()), default=LEFT)
    return ProcessMap(widest + BOX_WIDTH + GAP, y, tuple(boxes.values()), arrows, tuple(bands))


def orphans(processes: Iterable[str], links: Iterable[tuple[str, str]]) -> list[str]:
    """Keys of processes that neither give to nor take from another."""
    joined = {end for link in links for end in link}
    return [key for key in processes if key not in joined]


def _arrow(source: Box, target: Box, what: str) -> Arrow:
    (sx, sy), (tx, ty) = source.middle, target.middle
    if sy == ty:
        forward = tx > sx
        return Arrow(source.x + (BOX_WIDTH if forward else 0), sy, target.x + (0 if forward else BOX_WIDTH), ty, what)
    down = ty > sy
    return Arrow(sx, source.y + (BOX_HEIGHT if down else 0), tx, target.y + (0 if down else BOX_HEIGHT), what)


def _wrapped(name: str, width: int = 24) -> tuple[str, ...]:
    lines: list[str] = [""]
    for word in name.split():
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return (lines[0], f"{lines[1]}…") if len(lines) > 2 else tuple(lines)
