"""Places shapes on a plane: columns by the longest way from the start, rows within a column.

Good enough to read and to go on drawing from; it does not try to cross few lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GAP_X, GAP_Y, PAD = 60, 40, 40
NAMED_GAP_X = 170
"""Between columns where lines carry names."""
_WIDEST = 100
"""How much farther than the gap the next column may stand, being drawn in the middle of a wider one."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height, in the drawing's units."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> Box:
        """The box shifted."""
        return Box(self.x + x, self.y + y, self.width, self.height)


def columns(keys: Sequence[str], wires: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each key: one right of the farthest of those before it; wires that go back do not count."""
    onward: dict[str, list[str]] = defaultdict(list)
    for source, target in wires:
        onward[source].append(target)
    back: set[tuple[str, str]] = set()
    colour: dict[str, int] = {}
    for first in keys:
        if first in colour:
            continue
        colour[first] = 1
        path = [(first, iter(onward[first]))]
        while path:
            at, rest = path[-1]
            following = next(rest, None)
            if following is None:
                colour[at] = 2
                path.pop()
            elif colour.get(following) == 1:
                back.add((at, following))
            elif following not in colour:
                colour[following] = 1
                path.append((following, iter(onward[following])))
    before: dict[str, int] = dict.fromkeys(keys, 0)
    for source in keys:
        for target in onward[source]:
            if (source, target) not in back and target in before:
                before[target] += 1
    found = dict.fromkeys(keys, 0)
    ready = [key for key in keys if before[key] == 0]
    while ready:
        at = ready.pop(0)
        for target in onward[at]:
            if (at, target) in back or target not in before:
                continue
            found[target] = max(found[target], found[at] + 1)
            before[target] -= 1
            if before[target] == 0:
                ready.append(target)
    return found


def place(
    keys: Sequence[str],
    wires: Iterable[tuple[str, str]],
    sizes: Mapping[str, tuple[float, float]],
    *,
    gap_x: float = GAP_X,
) -> tuple[dict[str, Box], float, float]:
    """A box for each key and the width and height of all. gap_x: between columns."""
    at = columns(keys, wires)
    by_column: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        by_column[at[key]].append(key)
    height = max((sum(sizes[key][1] + GAP_Y for key in column) - GAP_Y for column in by_column.values()), default=0.0)
    boxes: dict[str, Box] = {}
    x = 0.0
    for number in sorted(by_column):
        column = by_column[number]
        wide = max(sizes[key][0] for key in column)
        y = (height - (sum(sizes[key][1] + GAP_Y for key in column) - GAP_Y)) / 2
        for key in column:
            boxes[key] = Box(x + (wide - sizes[key][0]) / 2, y, *sizes[key])
            y += sizes[key][1] + GAP_Y
        x += wide + gap_x
    return boxes, max(x - gap_x, 0.0), height


def way(source: Box, target: Box, *, gap_x: float = GAP_X) -> list[tuple[float, float]]:
    """Corners of a line from the right of one box to the left of another; below both when it goes back.

    A line that passes over a column runs above both boxes, so that it does not hide behind those in between.
    """
    start = (source.x + source.width, source.y + source.height / 2)
    end = (target.x, target.y + target.height / 2)
    if end[0] - start[0] > gap_x + _WIDEST:
        up, down, high = start[0] + GAP_X / 4, end[0] - GAP_X / 4, min(source.y, target.y) - GAP_Y / 2
        return [start, (up, start[1]), (up, high), (down, high), (down, end[1]), end]
    if end[0] > start[0]:
        if start[1] == end[1]:
            return [start, end]
        middle = end[0] - gap_x + GAP_X / 2
        return [start, (middle, start[1]), (middle, end[1]), end]
    low = max(source.y + source.height, target.y + target.height) + GAP_Y / 2
    return [
        (source.x + source.width / 2, source.y + source.height), (source.x + source.width / 2, low),
        (target.x + target.width / 2, low), (target.x + target.width / 2, target.y + target.height),
    ]  # fmt: skip


def label_box(corners: Sequence[tuple[float, float]], *, gap_x: float = GAP_X) -> Box:
    """Where a line's name stands: above its last stretch; below the stretch that runs back."""
    (from_x, _from_y), (to_x, to_y) = corners[-2], corners[-1]
    if len(corners) == 6:  # runs above
        left, high = corners[2]
        return Box(left + 8, high - 16, 140, 14)
    if len(corners) == 4 and corners[-1][0] < corners[0][0]:  # goes back
        left, low = corners[2]
        return Box(left + 8, low + 2, 120, 14)
    wide = max(min(to_x - from_x, gap_x) - 16, 60)
    return Box(to_x - wide - 12, to_y - 30, wide, 28)
