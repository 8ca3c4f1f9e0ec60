"""Stations: the list with its map, one station with what it measures now, and how it is kept."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.forms.stations import (
    CloseForm,
    SensorForm,
    StationFilter,
    StationForm,
    StationNewForm,
    StreamEditForm,
    StreamNewForm,
)
from khcn.domains.hazards.models import Sensor, StationKey
from khcn.domains.hazards.permissions import may_keep, may_observe
from khcn.domains.hazards.queries.messages import lately_refused
from khcn.domains.hazards.queries.stations import (
    badly_sited,
    cells_for_map,
    gauge_coverage,
    listed_stations,
    sensors_due,
    silent_streams,
    stream_states,
    worst_of,
)
from khcn.domains.hazards.rules.silence import Hearing
from khcn.domains.hazards.services import stations
from khcn.domains.hazards.views.acting import keeping_offices, observing_offices, station_for, stream_for
from khcn.domains.hazards.views.drawing import quality_words, recent_chart
from khcn.web.acting import actor_of
from khcn.web.charts import Area, Marker, PlaceMap
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

MOST_ON_MAP = 500
TONES = {Hearing.ON_TIME: "done", Hearing.LATE: "warn", Hearing.SILENT: "bad", Hearing.NEVER: "plain"}
EXPORT = Export(
    name="Tram quan trac",
    title="Danh sách trạm quan trắc",
    columns=(
        Column("Mã trạm", width=16), Column("Tên trạm", width=36), Column("Cơ quan quản lý", width=36),
        Column("Mạng lưới", width=22), Column("Vĩ độ", CellKind.DECIMAL), Column("Kinh độ", CellKind.DECIMAL),
        Column("Độ cao (m)", CellKind.DECIMAL), Column("Hoạt động từ", CellKind.DATE),
        Column("Ngừng từ", CellKind.DATE), Column("Số chuỗi đang đo", CellKind.INTEGER),
    ),
    row=lambda one: (
        one.code, one.name, one.owner.name, one.get_network_display(), one.latitude, one.longitude, one.elevation_m,
        one.opened_on, one.closed_on, one.series,
    ),
)  # fmt: skip


@screen
def station_list(request: HttpRequest) -> HttpResponseBase:
    """Stations that the actor may see, as a page with a map or a file."""
    filters = filtered(StationFilter, request, listed_stations(actor_of(request)))
    orders = {"code": "code", "name": "name", "owner": "owner__sort_key", "opened": "opened_on"}
    found, ordering = order(filters.rows, request, orders, default="code")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    shown = paginate(found, request)
    now = timezone.now()
    states = stream_states(shown, now=now, on=timezone.localdate(now))
    lines = [(one, states.get(one.pk, []), worst_of(states.get(one.pk, []))) for one in shown]
    context = {
        "filters": filters, "ordering": ordering, "page": shown, "lines": lines,
        "tones": TONES, "map": _map(found, states), "may_create": keeping_offices(request).exists(),
        "may_send": observing_offices(request).exists(),
    }  # fmt: skip
    return page(request, "hazards/station_list.html", context, part="list")


@screen
def station_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One station: what it measures now, how it is heard of, its instruments, and what stands where."""
    station, actor, now = station_for(request, code), actor_of(request), timezone.now()
    states = stream_states([station], now=now, on=timezone.localdate(now)).get(station.pk, [])
    keeps, observes = may_keep(actor, station.owner_id), may_observe(actor, station.owner_id)
    context = {
        "station": station, "states": states, "tones": TONES, "labels": quality_words(), "worst": worst_of(states),
        "charts": [recent_chart(state.stream, now=now) for state in states[:4] if state.at is not None],
        "sensors": station.sensors.all(), "keys": station.keys.filter(revoked_at=None) if keeps else (),
        "refused": lately_refused(station, now=now) if keeps or observes else 0,
        "may_keep": keeps, "may_observe": observes, "today": timezone.localdate(now),
        "map": PlaceMap(
            station.name, [Marker(station.name, station.longitude, station.latitude, (station.code,))],
            [Area(name, ring) for name, ring in cells_for_map(timezone.localdate(now))], [_("Mã trạm")],
        ),
    }  # fmt: skip
    return page(request, "hazards/station_page.html", context)


@screen
def station_new(request: HttpRequest) -> HttpResponseBase:
    """Set up a station."""
    owners = keeping_offices(request)
    if not owners.exists():
        raise Http404
    form = StationNewForm(request.POST or None, owners=owners)
    if form.is_valid():
        with form.refusals():
            station = stations.create_station(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã lập trạm; thêm các chuỗi quan trắc."),
                        reverse("station_page", args=[station.code]))  # fmt: skip
    context = {"form": form, "label": _("Lập trạm quan trắc"), "back": reverse("station_list")}
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def station_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Describe a station anew."""
    station = _kept(request, code)
    initial = {name: getattr(station, name) for name in stations.CHANGEABLE}
    form = StationForm(request.POST or None, initial=initial)
    back = reverse("station_page", args=[code])
    if form.is_valid():
        with form.refusals():
            stations.change_station(
                by=actor_of(request), station=station, changes=form.cleaned_data, expected_version=version_of(request)
            )  # fmt: skip
            return done(request, _("Đã ghi mô tả trạm."), back)
    context = {"form": form, "label": _("Sửa mô tả trạm"), "title": station.name, "back": back,
               "version": station.version}  # fmt: skip
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def station_close(request: HttpRequest, code: str) -> HttpResponseBase:
    """End a station."""
    station = _kept(request, code)
    form = CloseForm(request.POST or None)
    back = reverse("station_page", args=[code])
    if form.is_valid():
        with form.refusals():
            stations.close_station(
                by=actor_of(request), station=station, on=form.cleaned_data["on"], expected_version=version_of(request)
            )  # fmt: skip
            return done(request, _("Đã ghi ngày ngừng hoạt động; số liệu vẫn được giữ."), back)
    context = {"form": form, "label": _("Ngừng hoạt động trạm"), "title": station.name, "back": back,
               "version": station.version}  # fmt: skip
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def sensor_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add an instrument."""
    station = _kept(request, code)
    form = SensorForm(request.POST or None)
    back = reverse("station_page", args=[code])
    if form.is_valid():
        with form.refusals():
            stations.save_sensor(by=actor_of(request), station=station, **form.cleaned_data)
            return done(request, _("Đã thêm thiết bị."), back)
    context = {"form": form, "label": _("Thêm thiết bị đo"), "title": station.name, "back": back}
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def sensor_edit(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """Describe an instrument anew: calibration above all."""
    station = _kept(request, code)
    sensor = get_object_or_404(Sensor, station=station, uid=uid)
    initial = {name: getattr(sensor, name) for name in stations.SENSOR_FIELDS}
    form = SensorForm(request.POST or None, initial=initial)
    back = reverse("station_page", args=[code])
    if form.is_valid():
        with form.refusals():
            stations.save_sensor(
                by=actor_of(request), station=station, sensor=sensor, expected_version=version_of(request),
                **form.cleaned_data,
            )  # fmt: skip
            return done(request, _("Đã ghi thiết bị."), back)
    context = {"form": form, "label": _("Sửa thiết bị đo"), "title": station.name, "back": back,
               "version": sensor.version}  # fmt: skip
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def stream_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Begin a series."""
    station = _kept(request, code)
    form = StreamNewForm(request.POST or None, station=station)
    back = reverse("station_page", args=[code])
    if form.is_valid():
        with form.refusals():
            given = {key: value for key, value in form.cleaned_data.items() if value is not None}
            stations.set_up_stream(by=actor_of(request), station=station, **given)
            return done(request, _("Đã thêm chuỗi quan trắc."), back)
    context = {"form": form, "label": _("Thêm chuỗi quan trắc"), "title": station.name, "back": back}
    return page(request, "hazards/form.html", context, status=form.status)


@screen
def stream_edit(request: HttpRequest, code: str, property: str) -> HttpResponseBase:
    """Change how a series comes and what is plausible."""
    _kept(request, code)
    stream = stream_for(request, code, property)
    initial = {name: getattr(stream, name) for name in stations.STREAM_FIELDS}
    form = StreamEditForm(request.POST or None, initial=initial)
    back = reverse("series_page", args=[code, property])
    if form.is_valid():
        with form.refusals():
            stations.change_stream(
                by=actor_of(request), stream=stream, changes=form.cleaned_data, expected_version=version_of(request)
            )  # fmt: skip
            return done(request, _("Đã ghi chuỗi quan trắc."), back)
    context = {"form": form, "label": _("Sửa chuỗi quan trắc"), "title": str(stream), "back": back,
               "version": stream.version}  # fmt: skip
    return page(request, "hazards/form.html", context, status=form.status)


@screen(methods=("POST",))
def key_issue(request: HttpRequest, code: str) -> HttpResponseBase:
    """Hand out a key; it is shown once, on this very answer."""
    station = _kept(request, code)
    key, secret = stations.issue_key(by=actor_of(request), station=station)
    context = {
        "station": station, "key": key, "secret": secret,
        "address": request.build_absolute_uri("/sta/v1.1/Observations"),
    }  # fmt: skip
    return page(request, "hazards/key_shown.html", context)


@screen(methods=("POST",))
def key_revoke(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """End a key at once."""
    station = _kept(request, code)
    stations.revoke_key(by=actor_of(request), key=get_object_or_404(StationKey, station=station, uid=uid))
    return done(request, _("Đã thu hồi khóa."), reverse("station_page", args=[code]))


@screen
def station_audit(request: HttpRequest) -> HttpResponseBase:
    """What needs looking after: silent series, calibration due, communes far from every gauge, siting."""
    actor, now = actor_of(request), timezone.now()
    on = timezone.localdate(now)
    coverage = gauge_coverage(actor, on=on)
    context = {
        "silent": silent_streams(actor, now=now, on=on), "due": sensors_due(actor, on=on), "coverage": coverage,
        "tones": TONES, "siting": badly_sited(actor, on=on),
    }  # fmt: skip
    return page(request, "hazards/station_audit.html", context)


def _map(rows: Any, states: Any) -> PlaceMap:
    shown = list(rows[:MOST_ON_MAP])
    missing = [one for one in shown if one.pk not in states]
    if missing:
        states = states | stream_states(missing, now=timezone.now(), on=timezone.localdate())
    markers = []
    for one in shown:
        heard = worst_of(states.get(one.pk, []))
        words = _(heard.label) if heard else _("Chưa có chuỗi")
        markers.append(
            Marker(one.name, one.longitude, one.latitude, (one.code, words), TONES[heard] if heard else "plain",
                   reverse("station_page", args=[one.code]))
        )  # fmt: skip
    areas = [Area(name, ring) for name, ring in cells_for_map(timezone.localdate())]
    return PlaceMap(_("Bản đồ trạm"), markers, areas, [_("Mã trạm"), _("Liên lạc")])


def _kept(request: HttpRequest, code: str) -> Any:
    station = station_for(request, code)
    if not may_keep(actor_of(request), station.owner_id):
        raise Http404
    return station
