"""The index of service to people and enterprises per agency (QĐ 766/QĐ-TTg 2022): from counts to points.

Maxima and thresholds are dated rows handed in; the counts come from records. It decides nothing about who is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from khcn.lib.labelled import Labelled, gettext_noop


class Group(Labelled):
    """The six groups of the index."""

    OPENNESS = "openness", gettext_noop("Công khai, minh bạch")
    PROGRESS = "progress", gettext_noop("Tiến độ, kết quả giải quyết")
    ONLINE = "online", gettext_noop("Cung cấp dịch vụ trực tuyến")
    PAYMENT = "payment", gettext_noop("Thanh toán trực tuyến")
    SATISFACTION = "satisfaction", gettext_noop("Mức độ hài lòng")
    DIGITISATION = "digitisation", gettext_noop("Số hóa hồ sơ")


@dataclass(frozen=True, slots=True)
class Weight:
    """One item: group, key of its count, highest points, and the share (0–1] from which the points are full.

    citation, is_verified: where the number comes from and whether the text was compared.
    """

    group: Group
    key: str
    maximum: Fraction
    threshold: Fraction
    title: str = ""
    citation: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many; of 0 nothing can be said."""

    met: int
    of: int

    @property
    def share(self) -> Fraction | None:
        """met/of as an exact fraction; None of nothing."""
        return Fraction(self.met, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Points of one item; None where nothing happened that could be judged."""

    weight: Weight
    count: Count
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Index:
    """All items, the points reached, the points that could be reached, and the index out of 100 (None: nothing)."""

    items: tuple[ItemScore, ...]
    points: Fraction
    reachable: Fraction

    @property
    def value(self) -> Fraction | None:
        """Points out of 100, over the items that could be judged."""
        return self.points * 100 / self.reachable if self.reachable else None

    def group_points(self, group: Group) -> tuple[Fraction, Fraction]:
        """(points, reachable) of a group."""
        own = [item for item in self.items if item.weight.group is group and item.points is not None]
        return sum((item.points or Fraction() for item in own), Fraction()), sum(
            (item.weight.maximum for item in own), Fraction()
        )


def service_index(weights: Sequence[Weight], counts: Mapping[str, Count]) -> Index:
    """Points = maximum × min(1, share ÷ threshold). Raises KeyError for an item without a count.

    Items of which there was nothing are left out of both sides, and shown so.
    """
    items = []
    for weight in weights:
        count = counts[weight.key]
        share = count.share
        points = None if share is None else weight.maximum * min(Fraction(1), share / weight.threshold)
        items.append(ItemScore(weight, count, points))
    judged = [item for item in items if item.points is not None]
    return Index(
        tuple(items),
        sum((item.points or Fraction() for item in judged), Fraction()),
        sum((item.weight.maximum for item in judged), Fraction()),
    )


def satisfaction_share(*, dossiers: int, overdue: int, complained_or_disliked: int) -> Count:
    """Item 5.4: 100 % less the dossiers that were overdue, complained of or disliked. Each dossier counts once."""
    return Count(max(dossiers - overdue - complained_or_disliked, 0), dossiers)


SURVEY_POINTS = {5: 100, 4: 75, 3: 50, 2: 25, 1: 0}
"""Points of the five levels of the satisfaction survey."""


def survey_mean(levels: Sequence[int]) -> Fraction | None:
    """Mean points 0–100 of survey answers (levels 1–5); None without answers. Raises KeyError for another level."""
    return Fraction(sum(SURVEY_POINTS[level] for level in levels), len(levels)) if levels else None
