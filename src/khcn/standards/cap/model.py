"""A CAP 1.2 alert as frozen values; texts and codes as in the message, times aware, coordinates in degrees WGS 84."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Point = tuple[float, float]
"""Latitude, longitude: the order of CAP, not of GeoJSON."""


@dataclass(frozen=True, slots=True)
class Named:
    """A code or parameter: `name` says in whose list `value` stands."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, by the three values that identify it."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Circle:
    """All within radius_km of the centre."""

    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that goes with the message: where it is (`uri`) or its content in base64 (`deref_uri`)."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Where: closed rings of points, circles and codes together; altitude_ft and ceiling_ft above sea level."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude_ft: str = ""
    ceiling_ft: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """What is expected or seen, in one language."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    response_types: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One message; (sender, identifier, sent) identifies it for ever."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    message_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
