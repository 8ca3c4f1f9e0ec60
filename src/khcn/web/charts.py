"""Charts as plain values: an ECharts option and the table that says the same in numbers.

Drawn by `<c-chart :chart="chart" />` with `<c-chart-scripts />` in the page's `head` block. Options hold data only,
no functions: the Content-Security-Policy forbids evaluating text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

Number = int | float | None


@dataclass(frozen=True)
class Chart:
    """A chart with its table. download: address ending with "?" or "&", to which `tai=xlsx` or `tai=csv` is added."""

    title: str
    option: dict[str, Any]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    download: str = ""


@dataclass(frozen=True)
class Series:
    """One row of bars or one line: its name, its values (one per category), and the tone or CSS colour name."""

    name: str
    values: Sequence[Number]
    tone: str = ""
    stack: str = ""


def bars(
    title: str, categories: Sequence[str], series: Sequence[Series], *, heading: str = "", unit: str = "",
    horizontal: bool = False, note: str = "", download: str = "",
) -> Chart:  # fmt: skip
    """Bars by category; series with the same `stack` stand on each other. unit: "đồng" also shortens the axis."""
    return _plot("bar", title, categories, series, heading, unit, horizontal, note, download)


def lines(
    title: str, categories: Sequence[str], series: Sequence[Series], *, heading: str = "", unit: str = "",
    note: str = "", download: str = "",
) -> Chart:  # fmt: skip
    """Lines over categories, usually years or months."""
    return _plot("line", title, categories, series, heading, unit, False, note, download)


def ring(
    title: str, parts: Sequence[tuple[str, Number]], *, heading: str = "", unit: str = "", note: str = "",
    download: str = "", tones: Sequence[str] = (),
) -> Chart:  # fmt: skip
    """Parts of a whole as a ring. tones: one per part, or none."""
    names = list(tones) + [""] * (len(parts) - len(tones))
    values = [{"name": name, "value": value, "tone": tone} for (name, value), tone in zip(parts, names, strict=True)]
    option = {"unit": unit, "series": [{"type": "pie", "radius": ["52%", "78%"], "data": values}]}
    return Chart(title, option, [heading, unit or gettext("Số lượng")], [list(part) for part in parts], note, download)


def _plot(
    kind: str, title: str, categories: Sequence[str], series: Sequence[Series], heading: str, unit: str,
    horizontal: bool, note: str, download: str,
) -> Chart:  # fmt: skip
    category = {"type": "category", "data": list(categories)}
    value = {"type": "value"}
    option = {
        "unit": unit,
        "xAxis": value if horizontal else category,
        "yAxis": {**category, "inverse": True} if horizontal else value,
        "series": [
            {"type": kind, "name": one.name, "data": list(one.values), "tone": one.tone}
            | ({"stack": one.stack} if one.stack else {})
            for one in series
        ],
    }
    rows = [[name, *(one.values[index] for one in series)] for index, name in enumerate(categories)]
    return Chart(title, option, [heading, *(one.name for one in series)], rows, note, download)


@dataclass(frozen=True)
class Marker:
    """One point of a map: what and where it is (WGS 84), its tone, its page and the values of its table row."""

    label: str
    longitude: float
    latitude: float
    values: Sequence[Any] = ()
    tone: str = "active"
    address: str = ""


@dataclass(frozen=True)
class Area:
    """An administrative unit as a schematic cell: name, ring of (longitude, latitude), a figure 0–1 to shade."""

    name: str
    ring: Sequence[tuple[float, float]]
    shade: float = 0.0


@dataclass(frozen=True)
class _Row(Sequence[Any]):
    cells: tuple[Any, ...]
    address: str

    def __getitem__(self, index: Any) -> Any:
        return self.cells[index]

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True)
class PlaceMap:
    """A map with its table; drawn by `<c-map :map="map" />` with `<c-map-scripts />`. No tiles."""

    title: str
    markers: Sequence[Marker]
    areas: Sequence[Area] = field(default_factory=tuple)
    headings: Sequence[str] = ()
    note: str = ""

    @property
    def columns(self) -> list[str]:
        """Headings of the table: the place, then those of the markers' values."""
        return [gettext("Nơi"), *self.headings]

    @property
    def rows(self) -> list[_Row]:
        """One row per marker."""
        return [_Row((one.label, *one.values), one.address) for one in self.markers]

    @property
    def data(self) -> dict[str, Any]:
        """What the script draws."""
        return {
            "markers": [
                {"label": one.label, "at": [one.longitude, one.latitude], "tone": one.tone, "address": one.address}
                for one in self.markers
            ],
            "areas": [
                {"name": one.name, "ring": [list(point) for point in one.ring], "shade": one.shade}
                for one in self.areas
            ],
        }
