"""A small picture of the communes that goods came through: dots in their places, joined in the order of time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 320.0, 160.0, 26.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One commune: its number in the order of time, its name, and where it is drawn."""

    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StoryMap:
    """Dots and the line through them, as an SVG draws them."""

    dots: tuple[Dot, ...]
    line: str


def story_map(places: Sequence[tuple[str, float, float]]) -> StoryMap | None:
    """The picture of (name, latitude, longitude) in the order of time; None without any. Each place stands once."""
    first: dict[str, tuple[float, float]] = {}
    for name, latitude, longitude in places:
        first.setdefault(name, (latitude, longitude))
    if not first:
        return None
    latitudes, longitudes = zip(*first.values(), strict=True)
    span = max(max(latitudes) - min(latitudes), (max(longitudes) - min(longitudes)) / 2, 0.02)
    middle = ((max(latitudes) + min(latitudes)) / 2, (max(longitudes) + min(longitudes)) / 2)
    scale = (HEIGHT - 2 * MARGIN) / span
    dots = tuple(
        Dot(
            number, name, round(WIDTH / 2 + (longitude - middle[1]) * scale, 1),
            round(HEIGHT / 2 - (latitude - middle[0]) * scale, 1),
        )
        for number, (name, (latitude, longitude)) in enumerate(first.items(), start=1)
    )  # fmt: skip
    return StoryMap(dots, " ".join(f"{dot.x},{dot.y}" for dot in dots))
