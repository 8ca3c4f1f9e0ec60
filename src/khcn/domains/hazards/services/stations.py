"""Sets up stations, their instruments and series, and the keys with which machines send."""

import base64
import hashlib
import secrets
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from shapely.geometry import Point

from khcn.domains.hazards.choices import StationAccess, StationNetwork
from khcn.domains.hazards.models import (
    Datastream,
    LatestObservation,
    ObservedProperty,
    Sensor,
    Station,
    StationKey,
)
from khcn.domains.hazards.permissions import may_keep, require
from khcn.domains.hazards.services.fire_days import forget_station_days
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on, codes_at
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

CHANGEABLE = (
    "name", "network", "access", "elevation_m", "address", "gauge_height_m", "thermometer_height_m", "wind_height_m",
    "river", "alarm_1_m", "alarm_2_m", "alarm_3_m", "historic_m", "historic_year", "station_class", "fire_zone", "note",
)  # fmt: skip
STREAM_FIELDS = (
    "interval_s", "expected_latency_s", "plausible_min", "plausible_max", "most_per_hour", "persistence_h", "is_open",
)  # fmt: skip
SENSOR_FIELDS = ("name", "model", "serial", "installed_on", "removed_on", "calibrated_on", "calibration_due_on")
_KEEPERS = "Việc này dành cho cơ quan quản lý trạm."
#: Rounds of PBKDF2 in the broker's password file, as mosquitto_passwd writes by itself.
_ROUNDS = 101


def create_station(
    *, by: Actor, code: str, name: str, owner: Organisation, latitude: float, longitude: float, opened_on: date,
    network: StationNetwork = StationNetwork.DEDICATED, access: StationAccess = StationAccess.OPEN,
    is_illustration: bool = False, **facts: Any,
) -> Station:  # fmt: skip
    """Set up a station; the commune that holds it is found by its place."""
    require(may_keep(by, owner.pk), _KEEPERS)
    _check_place(latitude, longitude)
    _check_alarms(facts)
    if Station.objects.filter(code=code).exists():
        raise Refused("Mã trạm đã có; chọn mã khác.", field="code")
    with transaction.atomic():
        station = Station.objects.create(
            code=code, name=name.strip()[:160], owner=owner, geometry=Point(longitude, latitude), opened_on=opened_on,
            network=network, access=access, is_illustration=is_illustration,
            unit_code=commune_of(latitude, longitude, on=by.on),
            **{key: value for key, value in facts.items() if key in CHANGEABLE},
        )  # fmt: skip
        record(by=by, verb="station.create", subject=station, after={"code": code, "owner": owner.code})
    return station


def change_station(
    *, by: Actor, station: Station, changes: dict[str, Any], expected_version: int | None = None
) -> Station:
    """Describe a station anew. changes: of `CHANGEABLE`. Raises Stale."""
    require(may_keep(by, station.owner_id), _KEEPERS)
    changes = {key: value for key, value in changes.items() if key in CHANGEABLE}
    _check_alarms({name: getattr(station, name) for name in CHANGEABLE} | changes)
    with transaction.atomic():
        station.claim(expected_version, changes)
        before = {key: _plain(getattr(station, key)) for key in changes}
        for key, value in changes.items():
            setattr(station, key, value)
        station.save()
        after = {key: _plain(value) for key, value in changes.items()}
        record(by=by, verb="station.change", subject=station, before=before, after=after)
    return station


def close_station(*, by: Actor, station: Station, on: date, expected_version: int | None = None) -> None:
    """End a station on a day; its values stay."""
    require(may_keep(by, station.owner_id), _KEEPERS)
    if on <= station.opened_on:
        raise Refused("Ngày ngừng phải sau ngày bắt đầu hoạt động.", field="on")
    with transaction.atomic():
        station.claim(expected_version, {"closed_on": on})
        station.closed_on = on
        station.save()
        station.datastreams.update(is_open=False)
        record(by=by, verb="station.close", subject=station, after={"closed_on": on.isoformat()})


def save_sensor(
    *, by: Actor, station: Station, sensor: Sensor | None = None, expected_version: int | None = None, **facts: Any
) -> Sensor:
    """Add an instrument to a station, or describe one anew."""
    require(may_keep(by, station.owner_id), _KEEPERS)
    facts = {key: value for key, value in facts.items() if key in SENSOR_FIELDS}
    if not facts.get("name"):
        raise Refused("Cần ghi tên thiết bị.", field="name")
    calibrated, due = facts.get("calibrated_on"), facts.get("calibration_due_on")
    if calibrated and due and due <= calibrated:
        raise Refused("Hạn kiểm định lại phải sau ngày kiểm định.", field="calibration_due_on")
    with transaction.atomic():
        if sensor is None:
            sensor = Sensor(station=station)
        else:
            sensor.claim(expected_version, facts)
        for key, value in facts.items():
            setattr(sensor, key, value)
        sensor.save()
        record(by=by, verb="station.sensor", subject=sensor, after={key: _plain(value) for key, value in facts.items()})
    return sensor


def set_up_stream(
    *, by: Actor, station: Station, property: ObservedProperty, sensor: Sensor | None = None, interval_s: int = 600,
    expected_latency_s: int = 900, **limits: Any,
) -> Datastream:  # fmt: skip
    """Begin a series of a property at a station, with the property's bounds unless others are given."""
    require(may_keep(by, station.owner_id), _KEEPERS)
    if station.datastreams.filter(property=property).exists():
        raise Refused("Trạm đã có chuỗi của yếu tố này.", field="property")
    if sensor is not None and sensor.station_id != station.pk:
        raise Refused("Thiết bị không thuộc trạm này.", field="sensor")
    taken = ("plausible_min", "plausible_max", "most_per_hour", "persistence_h", "zero_may_last", "aggregation")
    with transaction.atomic():
        stream = Datastream.objects.create(
            station=station, property=property, sensor=sensor, code=f"{station.code}.{property.code}",
            interval_s=interval_s, expected_latency_s=expected_latency_s,
            **{name: limits.get(name, getattr(property, name)) for name in taken},
        )  # fmt: skip
        LatestObservation.objects.create(datastream=stream)
        record(by=by, verb="station.stream", subject=stream, after={"code": stream.code, "interval_s": interval_s})
    return stream


def change_stream(
    *, by: Actor, stream: Datastream, changes: dict[str, Any], expected_version: int | None = None
) -> Datastream:
    """Change how often a series comes and what is plausible; values already judged stay as they were judged."""
    require(may_keep(by, stream.station.owner_id), _KEEPERS)
    changes = {key: value for key, value in changes.items() if key in STREAM_FIELDS}
    low, high = (changes.get(name, getattr(stream, name)) for name in ("plausible_min", "plausible_max"))
    if low is not None and high is not None and low >= high:
        raise Refused("Trị số nhỏ nhất phải nhỏ hơn trị số lớn nhất.", field="plausible_max")
    with transaction.atomic():
        stream.claim(expected_version, changes)
        before = {key: _plain(getattr(stream, key)) for key in changes}
        for key, value in changes.items():
            setattr(stream, key, value)
        stream.save()
        if "interval_s" in changes and before["interval_s"] != _plain(stream.interval_s):
            forget_station_days(station=stream.station)
        record(by=by, verb="station.stream", subject=stream, before=before, after=changes)
    return stream


def issue_key(*, by: Actor, station: Station) -> tuple[StationKey, str]:
    """Give a machine a key to send for this station; the key itself is returned once and not kept."""
    require(may_keep(by, station.owner_id), _KEEPERS)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        count = station.keys.count() + 1
        key = StationKey.objects.create(
            station=station, account=f"{station.code}-{count}"[:60], digest=digest_of(secret),
            broker_hash=broker_hash(secret),
        )  # fmt: skip
        record(by=by, verb="station.key", subject=station, after={"account": key.account})
    return key, secret


def revoke_key(*, by: Actor, key: StationKey) -> None:
    """End a key at once."""
    require(may_keep(by, key.station.owner_id), _KEEPERS)
    with transaction.atomic():
        key.revoked_at = key.revoked_at or timezone.now()
        key.save(update_fields=["revoked_at"])
        record(by=by, verb="station.key_end", subject=key.station, after={"account": key.account})


def digest_of(secret: str) -> str:
    """The digest under which a key is kept; keys are random, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def broker_hash(secret: str, *, salt: bytes = b"") -> str:
    """The line of the broker's password file, as mosquitto_passwd writes it; salt: twelve bytes, by chance without."""
    salt = salt or secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def commune_of(latitude: float, longitude: float, *, on: date) -> str:
    """The commune that holds a place on a day, by boundaries or, without them, by schematic cells; empty for none."""
    cells = [(cell.code, cell.shape) for cell in cells_on(on, level=UnitLevel.COMMUNE)]
    return codes_at(np.array([longitude]), np.array([latitude]), cells)[0] if cells else ""


def _check_place(latitude: float, longitude: float) -> None:
    if not (6 <= latitude <= 24 and 101 <= longitude <= 118):
        raise Refused("Vị trí nằm ngoài Việt Nam; kiểm tra vĩ độ và kinh độ.", field="latitude")


def _check_alarms(facts: dict[str, Any]) -> None:
    levels = [facts.get(name) for name in ("alarm_1_m", "alarm_2_m", "alarm_3_m")]
    known = [level for level in levels if level is not None]
    if known and len(known) < 3:
        raise Refused("Ghi đủ ba mực nước báo động hoặc để trống cả ba.", field="alarm_1_m")
    if known != sorted(set(known)):
        raise Refused("Ba mực nước báo động phải tăng dần.", field="alarm_2_m")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if value is not None else None
