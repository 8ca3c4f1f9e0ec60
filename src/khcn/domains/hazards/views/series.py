"""One series: by hour, day or month, its values with their marks, corrections; values entered by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.choices import CHECK_LABELS, QUALITY_LABELS, Quality
from khcn.domains.hazards.errors import ObservationRefused
from khcn.domains.hazards.forms.stations import CorrectionForm, EntryForm
from khcn.domains.hazards.models import Observation
from khcn.domains.hazards.permissions import may_keep, may_observe
from khcn.domains.hazards.queries.series import daily, hourly, monthly, revisions_of, values_between
from khcn.domains.hazards.services import entry
from khcn.domains.hazards.views.acting import station_for, stream_for
from khcn.domains.hazards.views.drawing import bucket_chart, name_of, quality_words
from khcn.lib.dates import VIETNAM
from khcn.web.acting import actor_of, day_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

STEPS = {"gio": "hour", "ngay": "day", "thang": "month", "tri-so": "raw"}
USUAL_DAYS = {"hour": 7, "day": 60, "month": 730, "raw": 2}
MOST_DAYS = {"hour": 31, "day": 366, "month": 3660, "raw": 31}


@screen
def series_page(request: HttpRequest, code: str, property: str) -> HttpResponseBase:
    """A series over a stretch of days: chart, table, values with their marks, files."""
    stream, actor = stream_for(request, code, property), actor_of(request)
    asked = request.GET.get("theo", "gio")
    step = STEPS.get(asked, "hour")
    today = timezone.localdate()
    last = min(day_of(request, "den", today), today)
    first = day_of(request, "tu", last - timedelta(days=USUAL_DAYS[step] - 1))
    first = min(max(first, last - timedelta(days=MOST_DAYS[step] - 1)), last)
    start = datetime.combine(first, datetime.min.time(), tzinfo=VIETNAM)
    end = datetime.combine(last, datetime.min.time(), tzinfo=VIETNAM) + timedelta(days=1)
    context: dict[str, Any] = {
        "stream": stream, "station": stream.station, "asked": asked if asked in STEPS else "gio", "step": step,
        "first": first, "last": last, "may_keep": may_keep(actor, stream.station.owner_id),
        "may_observe": may_observe(actor, stream.station.owner_id),
    }  # fmt: skip
    if step == "raw":
        rows = values_between(stream, start, end).order_by("-phenomenon_time")
        odd = request.GET.get("nghi") == "1"
        if odd:
            rows = rows.exclude(quality__in=(Quality.RAW, Quality.PASSED))
        export = _raw_export(stream)
        if export.asked_for(request):
            return export.respond(request, rows)
        shown = paginate(rows, request, per_page=100)
        context |= {"page": shown, "lines": [(row, marks_of(row), stamp_of(row)) for row in shown], "odd": odd,
                    "labels": quality_words()}  # fmt: skip
    else:
        if step == "hour":
            found = hourly(stream, start, min(end, timezone.now()))
        elif step == "day":
            found = daily(stream, first, last)
        else:
            months = (last.year - first.year) * 12 + last.month - first.month + 1
            found = monthly(stream, first, months)
        export = _bucket_export(stream, step)
        if export.asked_for(request):
            return export.respond(request, found)
        context |= {"chart": bucket_chart(stream, found, step),
                    "buckets": [(name_of(one, step), one) for one in reversed(found)]}  # fmt: skip
    return page(request, "hazards/series_page.html", context)


@screen
def value_page(request: HttpRequest, code: str, property: str, moment: str) -> HttpResponseBase:
    """One value: what it was before, and a correction."""
    stream, actor = stream_for(request, code, property), actor_of(request)
    value = _value(stream, moment)
    may = may_observe(actor, stream.station.owner_id)
    form = CorrectionForm(request.POST or None, initial={"value": value.result})
    back = reverse("series_page", args=[code, property]) + "?theo=tri-so"
    if request.method == "POST" and not may:
        raise Http404
    if form.is_valid():
        with form.refusals():
            entry.correct_observation(
                by=actor, observation=value, value=form.cleaned_data["value"], reason=form.cleaned_data["reason"],
                expected_revision=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã đính chính; trị số cũ vẫn được giữ."), back)
    context = {
        "stream": stream, "station": stream.station, "value": value, "marks": marks_of(value),
        "label": _(QUALITY_LABELS[value.quality]), "form": form if may else None, "back": back,
        "revisions": revisions_of(value), "labels": quality_words(), "version": value.revision,
    }  # fmt: skip
    return page(request, "hazards/value_page.html", context, status=form.status)


@screen
def station_entry(request: HttpRequest, code: str) -> HttpResponseBase:
    """Enter what was read at a station."""
    station, actor = station_for(request, code), actor_of(request)
    if not may_observe(actor, station.owner_id):
        raise Http404
    streams = list(station.datastreams.filter(is_open=True).select_related("property").order_by("property__order"))
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    form = EntryForm(request.POST or None, streams=streams, initial={"at": hour})
    back = reverse("station_page", args=[code])
    if form.is_valid():
        try:
            found = entry.enter_observations(by=actor, station=station, at=form.cleaned_data["at"], values=form.values)
        except ObservationRefused as refused:
            form.add_error(form.field_of(refused.field) or None, refused.message)
        else:
            text = _("Đã ghi %(new)d trị số mới, đính chính %(corrected)d.")
            return done(request, text % {"new": found.new, "corrected": found.corrected}, back)
    context = {"form": form, "label": _("Nhập số liệu quan trắc"), "title": station.name, "back": back}
    return page(request, "hazards/form.html", context, status=form.status)


def marks_of(value: Observation) -> list[str]:
    """What a value failed, in words."""
    return [_(text) for bit, text in CHECK_LABELS.items() if value.checks & bit]


def stamp_of(value: Observation) -> str:
    """The time of a value as it stands in addresses."""
    return f"{value.phenomenon_time.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _value(stream: Any, moment: str) -> Observation:
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Http404 from error
    found = Observation.objects.filter(datastream=stream, phenomenon_time=at).first()
    if found is None:
        raise Http404
    found.datastream = stream
    return found


def _raw_export(stream: Any) -> Export:
    return Export(
        name=f"Tri so {stream.code}", title=f"{stream.station.name}: {stream.property.title}",
        columns=(
            Column("Thời điểm", width=20), Column(f"Trị số ({stream.property.unit})", CellKind.DECIMAL),
            Column("Chất lượng", width=22), Column("Kiểm tra không đạt", width=34), Column("Lần sửa", CellKind.INTEGER),
        ),
        row=lambda one: (
            f"{timezone.localtime(one.phenomenon_time):%Y-%m-%d %H:%M:%S}", one.result, _(QUALITY_LABELS[one.quality]),
            "; ".join(marks_of(one)), one.revision,
        ),
        provenance=_provenance(stream),
    )  # fmt: skip


def _bucket_export(stream: Any, step: str) -> Export:
    return Export(
        name=f"Chuoi {stream.code}", title=f"{stream.station.name}: {stream.property.title}",
        columns=(
            Column("Thời gian", width=20), Column(f"Trị số ({stream.property.unit})", CellKind.DECIMAL),
            Column("Nhỏ nhất", CellKind.DECIMAL), Column("Lớn nhất", CellKind.DECIMAL),
            Column("Số trị số có", CellKind.INTEGER), Column("Số trị số phải có", CellKind.INTEGER),
        ),
        row=lambda one: (name_of(one, step), one.value, one.smallest, one.largest, one.known, one.expected),
        provenance=_provenance(stream),
    )  # fmt: skip


def _provenance(stream: Any) -> list[str]:
    place = f"{stream.station.code} · {stream.station.latitude:.5f}, {stream.station.longitude:.5f}"
    return [place, *([_("Dữ liệu minh họa")] if stream.station.is_illustration else [])]
