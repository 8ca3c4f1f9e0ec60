"""The doors of SensorThings 1.1 over HTTP: the landing page, reading, and taking in of observations by key."""

import base64
import binascii
import hmac
import json
from datetime import UTC
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from khcn.domains.hazards.api.reading import Asker, answer
from khcn.domains.hazards.choices import ObservationDoor
from khcn.domains.hazards.models import StationKey
from khcn.domains.hazards.rules.readings import UnreadableReading, read_moment, read_number
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.services.stations import digest_of
from khcn.kernel.schedules.services import system_actor
from khcn.lib.failure import ApiRefusal, NotSignedIn
from khcn.standards.sensorthings.model import ENTITIES, Misread
from khcn.standards.sensorthings.options import read_options
from khcn.standards.sensorthings.paths import entity_address, read_path
from khcn.web.wording import said

MOST_BYTES = 5_000_000
_CONFORMS = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
#: Of request-data each requirement by itself: conditions compare properties with values and know four functions of
#: texts, which is less than built-in-filter-operations and built-in-query-functions ask.
CONFORMS_TO = (
    "datamodel", "resource-path/resource-path-to-entities",
    *(f"request-data/{one}" for one in ("expand", "select", "status-code", "query-status-code", "orderby", "top",
                                        "skip", "count", "filter", "pagination")),
    "create-observations-via-http", "data-array/data-array",
)  # fmt: skip


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/sta/v1.1")


def landing(request: HttpRequest) -> HttpResponseBase:
    """The sets of the service and what it conforms to."""
    root = _root(request)
    return JsonResponse(
        {
            "value": [{"name": name, "url": f"{root}/{name}"} for name in ENTITIES],
            "serverSettings": {
                "conformance": [
                    f"{_CONFORMS}{part}"
                    for part in CONFORMS_TO
                ]
            },
        }
    )  # fmt: skip


@csrf_exempt
def resource(request: HttpRequest, path: str) -> HttpResponseBase:
    """Read what a path names, or take in observations."""
    try:
        if request.method == "POST":
            return _take_in(request, path)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        found = read_path(path)
        pairs = [(name, value) for name, values in request.GET.lists() for value in values]
        options = read_options(pairs, found.steps[-1].set_name)
        actor = request.actor if request.user.is_authenticated else None  # type: ignore[attr-defined]
        told = answer(Asker(actor, _root(request)), found, options, pairs, path.strip("/"))
        if isinstance(told, str):
            return HttpResponse(told, content_type="text/plain; charset=utf-8")
        return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    except Misread as fault:
        return _refused(400, str(fault))
    except ApiRefusal as fault:
        return _refused(fault.status, fault.message)


def _refused(status: int, sentence: str) -> JsonResponse:
    response = JsonResponse({"code": status, "type": "error", "message": said(sentence)}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="sta", Bearer'
    return response


def key_of(request: HttpRequest) -> StationKey:
    """The station's key in the request: Bearer, or Basic with its account. Raises NotSignedIn."""
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    account = ""
    if scheme.lower() == "basic":
        try:
            account, _colon, told = base64.b64decode(told, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            told = ""
    found = StationKey.objects.select_related("station").filter(digest=digest_of(told), revoked_at=None).first()
    if not told or found is None or (account and not hmac.compare_digest(account.encode(), found.account.encode())):
        raise NotSignedIn("Khóa gửi số liệu không đúng hoặc đã thu hồi.")
    return found


def _take_in(request: HttpRequest, path: str) -> HttpResponseBase:
    key = key_of(request)
    if len(request.body) > MOST_BYTES:
        raise ApiRefusal("Gói số liệu lớn hơn 5 MB; hãy chia nhỏ.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as fault:
        raise ApiRefusal("Nội dung không phải JSON đọc được.") from fault
    streams = {one.code: one.pk for one in key.station.datastreams.filter(is_open=True)}
    clean = path.strip("/")
    if clean == "CreateObservations":
        return _array(request, key, streams, body)
    code = ""
    if clean.startswith("Datastreams(") and clean.endswith("/Observations"):
        code = read_path(clean).steps[0].key or ""
    elif clean != "Observations":
        raise ApiRefusal("Chỉ nhận trị số ở Observations hoặc CreateObservations.")
    reading, code = _reading(body, streams, code)
    _record(key, [reading])
    at = f"{reading.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    where = f"{_root(request)}/{entity_address('Observations', f'{code}@{at}')}"
    return HttpResponse(status=201, headers={"Location": where})


def _record(key: StationKey, readings: list[Reading]) -> tuple[tuple[int, str], ...]:
    now = timezone.now()
    done = record_observations(
        by=system_actor(timezone.localdate(now)), readings=readings, door=ObservationDoor.HTTP, now=now,
        drop_faulty=len(readings) > 1,
    )  # fmt: skip
    StationKey.objects.filter(Q(pk=key.pk)).update(last_used_at=now)
    return done.faults


def _reading(body: Any, streams: dict[str, int], code: str) -> tuple[Reading, str]:
    if not isinstance(body, dict):
        raise ApiRefusal("Một trị số là một đối tượng JSON.")
    stream = body.get("Datastream")
    code = code or (str(stream.get("@iot.id", "")) if isinstance(stream, dict) else "")
    if code not in streams:
        raise ApiRefusal("Khóa này không gửi cho chuỗi ấy.")
    try:
        at, value = read_moment(body.get("phenomenonTime"), "phenomenonTime"), read_number(body.get("result"), "result")
    except UnreadableReading as fault:
        raise ApiRefusal(str(fault)) from fault
    return Reading(streams[code], at, value), code


def _array(request: HttpRequest, key: StationKey, streams: dict[str, int], body: Any) -> HttpResponseBase:
    """Many values at once; each is answered with its address or "error", in their order."""
    if not isinstance(body, list):
        raise ApiRefusal("CreateObservations nhận một danh sách.")
    told: list[str] = []
    readings: list[Reading] = []
    places: list[int] = []
    for group in body:
        names, rows = (group.get("components"), group.get("dataArray")) if isinstance(group, dict) else (None, None)
        if not isinstance(names, list) or not isinstance(rows, list):
            raise ApiRefusal("CreateObservations nhận một danh sách.")
        for row in rows:
            try:
                values = dict(zip(names, row, strict=True)) | {"Datastream": group.get("Datastream")}
                reading, code = _reading(values, streams, "")
            except (ApiRefusal, TypeError, ValueError):
                told.append("error")
                continue
            at = f"{reading.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            places.append(len(told))
            told.append(f"{_root(request)}/{entity_address('Observations', f'{code}@{at}')}")
            readings.append(reading)
    for place, _sentence in _record(key, readings) if len(readings) > 1 else ():
        told[places[place]] = "error"
    if len(readings) == 1:
        _record(key, readings)
    return JsonResponse(told, safe=False, status=201)
