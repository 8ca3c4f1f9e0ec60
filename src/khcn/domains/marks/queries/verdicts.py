"""May a lot bear a mark: joins its trace with plots, areas, specifications and rights to use of the right days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khcn.domains.marks.choices import UseAct
from khcn.domains.marks.models import AreaVersion, Right, Specification, UsePlot, UseRight, UseStep
from khcn.domains.marks.queries.areas import AreaView, view_of
from khcn.domains.marks.queries.chains import LotFacts, TracedLot, chain_of
from khcn.domains.marks.rules.spans import INSIDE, UNKNOWN, Span
from khcn.domains.marks.rules.standing import Act, standing_on, why_not
from khcn.domains.marks.rules.verdict import Chain, Origin, Verdict, judge
from khcn.web.rows import Reading

# Asked for every lot of a list: put together once.
_specifications = Reading(
    lambda right: (
        Specification.objects.filter(right=right, issued_at__isnull=False)
        .only("valid_from", "valid_to", "least_share")
        .order_by("-number")
    )
)
_areas = Reading(
    lambda right: (
        AreaVersion.objects.filter(right=right, issued_at__isnull=False)
        .only("valid_from", "valid_to", "right_id")
        .order_by("-number")
    )
)
_steps = Reading(lambda use: UseStep.objects.filter(use=use).only("act", "on", "until").order_by("on", "id"))
_PLOT_COLUMNS = ("pk", "name", "commune_id", "area_id", "least", "most")


@dataclass(frozen=True, slots=True)
class PlotFacts:
    """A plot without its shape, as a verdict reads it. Columns as in `_PLOT_COLUMNS`."""

    pk: int
    name: str
    commune_id: int | None
    area_id: int | None
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """The verdict on a lot for one right, with the right to use of whoever made it."""

    right: Right
    lot: LotFacts
    verdict: Verdict
    use: UseRight | None


def verdict_of(uri: str, right: Right, on: date) -> LotVerdict | None:
    """The verdict on a lot for a right as of a day; None where nothing is known of the lot.

    The member must hold the right on the day that the lot was made (the day asked about, where that is not known);
    plots are held against the area of the day that their goods were made.
    """
    traced = chain_of(uri)
    if traced is None:
        return None
    lot = traced.lots.get(traced.uri, LotFacts(traced.uri, traced.uri.rsplit("/", 1)[-1]))
    made_on = lot.made_on or on
    use, acts = _use_of(lot, right, made_on)
    refusals = _refusals(use, acts, made_on)
    specification = next((one for one in _specifications(right.pk) if one.is_valid_on(made_on)), None)
    if specification is None:
        refusals.append("Chưa có bản mô tả có hiệu lực vào ngày tạo lô.")
    least = float(specification.least_share) if specification else 1.0
    chain = Chain(traced.uri, traced.makings, _origins(traced, right, made_on))
    return LotVerdict(right, lot, judge(chain, least, refusals), use)


def verdicts_of(uri: str, on: date) -> list[LotVerdict]:
    """The verdicts for every open right that the maker of the lot uses or used."""
    traced = chain_of(uri)
    lot = traced.lots.get(traced.uri) if traced else None
    if traced is None or lot is None or not lot.party_uri:
        return []
    rights = Right.objects.filter(is_public=True, uses__party_uri=lot.party_uri).distinct()
    found = [verdict_of(uri, right, on) for right in rights]
    return [one for one in found if one is not None]


def acts_of(use: UseRight) -> list[Act]:
    """The acts on a right to use, in order."""
    return [Act(UseAct(one.act), one.on, one.until) for one in use.steps.all()]


def _use_of(lot: LotFacts, right: Right, on: date) -> tuple[UseRight | None, list[Act]]:
    """The right to use of the lot's maker and its acts; of several the one that held on the day, else the latest."""
    if not lot.party_uri:
        return None, []
    uses = list(right.uses.filter(party_uri=lot.party_uri).order_by("-applied_on", "-id"))
    acts = {use.pk: [Act(UseAct(one.act), one.on, one.until) for one in _steps(use.pk)] for use in uses}
    held = (one for one in uses if not why_not(standing_on(acts[one.pk], on, one.valid_to), one.holder, on))
    found = next(held, uses[0] if uses else None)
    return found, acts[found.pk] if found is not None else []


def _refusals(use: UseRight | None, acts: list[Act], on: date) -> list[str]:
    if use is None:
        return ["Cơ sở làm ra lô không có quyền sử dụng."]
    refusal = why_not(standing_on(acts, on, use.valid_to), use.holder, on)
    return [refusal] if refusal else []


def _origins(traced: TracedLot, right: Right, made_on: date) -> dict[str, Origin]:
    """How much of each lot at the ends lies in the area of its own day."""
    made = {part.lot for one in traced.makings for part in one.outputs}
    ends = [lot for uri, lot in traced.lots.items() if uri not in made]
    plots = _plots(right, {lot.site_uri for lot in ends if lot.site_uri})
    areas = _Areas(right)
    views: dict[int, AreaView] = {}
    found: dict[str, Origin] = {}
    for lot in ends:
        area = areas.on(lot.made_on or made_on)
        plot = plots.get(lot.site_uri)
        place = plot.name if plot is not None else lot.site
        if area is None:
            found[lot.uri] = Origin(UNKNOWN, "Chưa có khu vực có hiệu lực vào ngày thu hoạch.", lot.kg)
            continue
        if plot is not None and plot.area_id == area.pk:
            span = INSIDE if plot.least >= 1 else Span(plot.least, plot.most)
        elif plot is not None or lot.commune_id is not None:
            if area.pk not in views:
                views[area.pk] = view_of(area)
            view = views[area.pk]
            span = _span(view, plot, lot.commune_id)
        else:
            span = UNKNOWN
        found[lot.uri] = Origin(span, _why(span, place, lot), lot.kg)
    return found


def _span(view: AreaView, plot: PlotFacts | None, commune_id: int | None) -> Span:
    if plot is not None and view.shape is not None:
        shape = UsePlot.objects.values_list("geometry", flat=True).get(pk=plot.pk)
        if shape is not None:
            return view.of_shape(shape)
    commune = plot.commune_id if plot is not None and plot.commune_id else commune_id
    return view.of_unit(commune) if commune is not None else UNKNOWN


def _why(span: Span, place: str, lot: LotFacts) -> str:
    if span.low >= 1:
        return ""
    name = place or lot.code
    if span.high <= 0:
        return f"Nguyên liệu từ {name} trồng ngoài khu vực."
    if span.is_exact:
        return f"Nơi trồng {name} chỉ có {round(span.low * 100)}% trong khu vực."
    return f"Chưa rõ {name} có trong khu vực hay không."


def _plots(right: Right, sites: Iterable[str]) -> dict[str, PlotFacts]:
    wanted = sorted(sites)
    found: dict[str, PlotFacts] = {}
    for start in range(0, len(wanted), 400):
        rows = UsePlot.objects.filter(use__right=right, site_uri__in=wanted[start : start + 400])
        for uri, *facts in rows.order_by("checked_on", "id").values_list("site_uri", *_PLOT_COLUMNS):
            found[uri] = PlotFacts(*facts)
    return found


class _Areas:
    """The issued versions of the area, read once."""

    def __init__(self, right: Right) -> None:
        self._rows = _areas(right.pk)
        self._on: dict[date, AreaVersion | None] = {}

    def on(self, day: date) -> AreaVersion | None:
        if day not in self._on:
            self._on[day] = next((one for one in self._rows if one.is_valid_on(day)), None)
        return self._on[day]
