"""A due diligence statement: what it holds, what the system would refuse, and its XML for the API V3 and back."""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha1
from typing import Any

from lxml import etree

from khcn.standards.eudr.limits import Finding, Limits

ROLES = ("OPERATOR", "REPRESENTATIVE_OPERATOR")
ACTIVITIES = ("IMPORT", "EXPORT", "DOMESTIC")
STATUSES = (
    "SUBMITTED", "AVAILABLE", "REJECTED", "WITHDRAWN", "ARCHIVED", "SUSPENDED", "UPDATED", "GROUPED", "OBSOLETE",
)  # fmt: skip
DDS = "http://ec.europa.eu/tracesnt/certificate/eudr/due-diligence-statement/v3"
COMMON = "http://ec.europa.eu/tracesnt/certificate/eudr/common/v3"
BASE = "http://ec.europa.eu/sanco/tracesnt/base/v4"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = f"{_OASIS}wssecurity-secext-1.0.xsd", f"{_OASIS}wssecurity-utility-1.0.xsd"
_DIGEST = f"{_OASIS}username-token-profile-1.0#PasswordDigest"
_BASE64 = f"{_OASIS}soap-message-security-1.0#Base64Binary"
_HS = re.compile(r"[0-9]{2,6}\Z", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z", re.ASCII)
_REFERENCE = 14
_WHOLE_DIGITS, _FRACTION_DIGITS = 10, 6
_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Producer:
    """One producer with the GeoJSON of its plots."""

    country: str
    name: str
    geojson: bytes


@dataclass(frozen=True, slots=True)
class Commodity:
    """One product: what it is, how many kilograms, its customs heading, who produced it where."""

    description: str
    net_kg: Decimal | None
    hs_heading: str
    producers: tuple[Producer, ...]
    deviation_percent: Decimal | None = None
    species: tuple[tuple[str, str], ...] = ()
    is_timber: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A draft as an operator would send it."""

    activity: str
    commodities: tuple[Commodity, ...]
    role: str = "OPERATOR"
    internal_reference: str = ""
    country_of_activity: str = ""
    border_country: str = ""
    comment: str = ""
    is_confidential: bool = True
    grouped: tuple[str, ...] = ()


def check_statement(statement: Statement, limits: Limits) -> list[Finding]:
    """Everything that the information system would refuse in a statement, apart from the plots themselves."""
    return list(_of_statement(statement, limits))


def _of_statement(one: Statement, limits: Limits) -> Iterator[Finding]:
    if one.role not in ROLES:
        yield Finding("role_unknown", "/role", one.role)
    if one.activity not in ACTIVITIES:
        yield Finding("activity_unknown", "/activity", one.activity)
    if len(one.internal_reference) > limits.reference_letters:
        yield Finding("reference_long", "/internal_reference", str(len(one.internal_reference)))
    for name in ("country_of_activity", "border_country"):
        country = getattr(one, name)
        if country and not _COUNTRY.match(country):
            yield Finding("country_unknown", f"/{name}", country)
    if one.activity in ("IMPORT", "EXPORT") and not one.border_country:
        yield Finding("border_missing", "/border_country", is_fatal=False)
    if not one.commodities:
        yield Finding("commodity_missing", "/commodities")
    if len(one.commodities) > limits.commodities:
        yield Finding("commodities_many", "/commodities", str(len(one.commodities)))
    if len(one.grouped) > limits.grouped:
        yield Finding("grouped_many", "/grouped", str(len(one.grouped)))
    for at, number in enumerate(one.grouped):
        if not number or len(number) > _REFERENCE:
            yield Finding("grouped_number", f"/grouped/{at}", number)
    producers = sum(len(commodity.producers) for commodity in one.commodities)
    if producers > limits.producers_per_statement:
        yield Finding("producers_many", "/commodities", str(producers))
    size = sum(len(producer.geojson) for commodity in one.commodities for producer in commodity.producers)
    if size > limits.package_most_bytes:
        yield Finding("too_large", "/commodities", str(size))
    for at, commodity in enumerate(one.commodities):
        yield from _of_commodity(commodity, f"/commodities/{at}", one, limits)


def _of_commodity(one: Commodity, place: str, statement: Statement, limits: Limits) -> Iterator[Finding]:
    if not one.description.strip():
        yield Finding("description_missing", f"{place}/description")
    if len(one.description) > limits.description_letters:
        yield Finding("description_long", f"{place}/description", str(len(one.description)))
    if not _HS.match(one.hs_heading):
        yield Finding("hs_heading", f"{place}/hs_heading", one.hs_heading)
    if one.net_kg is None:
        if statement.activity in ("IMPORT", "EXPORT"):
            yield Finding("net_missing", f"{place}/net_kg")
    elif one.net_kg <= 0 or not _fits(one.net_kg):
        yield Finding("net_wrong", f"{place}/net_kg", f"{one.net_kg}")
    if one.deviation_percent is not None and not 0 <= one.deviation_percent <= 100:
        yield Finding("deviation_wrong", f"{place}/deviation_percent", f"{one.deviation_percent}")
    if one.is_timber and not one.species:
        yield Finding("species_missing", f"{place}/species")
    if len(one.species) > limits.species_per_commodity:
        yield Finding("species_many", f"{place}/species", str(len(one.species)))
    if len(one.producers) > limits.producers_per_commodity:
        yield Finding("producers_many", f"{place}/producers", str(len(one.producers)))
    if not one.producers and not statement.grouped:
        yield Finding("producers_missing", f"{place}/producers")
    for at, producer in enumerate(one.producers):
        if not _COUNTRY.match(producer.country):
            yield Finding("country_unknown", f"{place}/producers/{at}/country", producer.country)
        if len(producer.name) > limits.producer_letters:
            yield Finding("producer_long", f"{place}/producers/{at}/name", str(len(producer.name)))


def _fits(number: Decimal) -> bool:
    """Whether a number has at most sixteen digits, six of them after the point."""
    _sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return False
    return -exponent <= _FRACTION_DIGITS and len(digits) + exponent <= _WHOLE_DIGITS


def _add(parent: Any, namespace: str, name: str, text: str | None = None) -> Any:
    made = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text is not None:
        made.text = text
    return made


def statement_element(statement: Statement) -> Any:
    """The SubmitDdsRequest of a statement, its members in the order of the schema."""
    root = etree.Element(f"{{{DDS}}}SubmitDdsRequest", nsmap={"dds": DDS, "eudrCommon": COMMON})
    _add(root, DDS, "operatorRole", statement.role)
    body = _add(root, DDS, "statement")
    if statement.internal_reference:
        _add(body, DDS, "internalReferenceNumber", statement.internal_reference)
    _add(body, DDS, "activityType", statement.activity)
    if statement.country_of_activity:
        _add(body, DDS, "countryOfActivity", statement.country_of_activity)
    if statement.border_country:
        _add(body, DDS, "borderCrossCountry", statement.border_country)
    if statement.comment:
        _add(body, DDS, "comment", statement.comment)
    for position, commodity in enumerate(statement.commodities, start=1):
        _commodity(_add(body, DDS, "commodities"), position, commodity)
    _add(body, DDS, "geoLocationConfidential", "true" if statement.is_confidential else "false")
    for number in statement.grouped:
        _add(_add(body, DDS, "groupedDeclarations"), COMMON, "groupedDeclaration", number)
    return root


def _commodity(made: Any, position: int, one: Commodity) -> None:
    _add(made, DDS, "position", str(position))
    described = _add(made, DDS, "descriptors")
    _add(described, COMMON, "descriptionOfGoods", one.description)
    measure = _add(described, COMMON, "goodsMeasure")
    if one.deviation_percent is not None:
        _add(measure, COMMON, "percentageEstimationOrDeviation", f"{one.deviation_percent:f}")
    if one.net_kg is not None:
        _add(measure, COMMON, "netWeight", f"{one.net_kg:f}")
    _add(made, DDS, "hsHeading", one.hs_heading)
    for scientific, common in one.species:
        species = _add(made, DDS, "speciesInfo")
        _add(species, DDS, "scientificName", scientific)
        _add(species, DDS, "commonName", common)
    for at, producer in enumerate(one.producers, start=1):
        found = _add(made, DDS, "producers")
        _add(found, DDS, "position", str(at))
        _add(found, DDS, "country", producer.country)
        if producer.name:
            _add(found, DDS, "name", producer.name)
        _add(found, DDS, "geometryGeojson", base64.b64encode(producer.geojson).decode())


@dataclass(frozen=True, slots=True)
class Access:
    """An account of the information system."""

    username: str
    key: str
    client_id: str


def password_digest(key: str, nonce: bytes, created: str) -> str:
    """PasswordDigest of the WS-Security UsernameToken profile 1.0: Base64(SHA-1(nonce + created + password))."""
    return base64.b64encode(sha1(nonce + created.encode() + key.encode()).digest()).decode()  # noqa: S324 – the profile


def envelope(body: Any, access: Access, *, now: datetime, nonce: bytes) -> bytes:
    """The SOAP message of a request. now: aware, in UTC; nonce: fresh random bytes."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "base": BASE, "wsse": WSSE, "wsu": WSU})
    header = _add(root, SOAP, "Header")
    security = _add(header, WSSE, "Security")
    created, expires = _moment(now), _moment(now + _LIFE)
    stamp = _add(security, WSU, "Timestamp")
    _add(stamp, WSU, "Created", created)
    _add(stamp, WSU, "Expires", expires)
    token = _add(security, WSSE, "UsernameToken")
    _add(token, WSSE, "Username", access.username)
    _add(token, WSSE, "Password", password_digest(access.key, nonce, created)).set("Type", _DIGEST)
    _add(token, WSSE, "Nonce", base64.b64encode(nonce).decode()).set("EncodingType", _BASE64)
    _add(token, WSU, "Created", created)
    _add(header, BASE, "WebServiceClientId", access.client_id)
    _add(root, SOAP, "Body").append(body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def status_element(uuids: Sequence[str]) -> Any:
    """The GetDdsRequest for statements by the identifiers that the system gave them."""
    root = etree.Element(f"{{{DDS}}}GetDdsRequest", nsmap={"dds": DDS})
    for uuid in uuids:
        _add(root, DDS, "uuidList", uuid)
    return root


def withdraw_element(uuid: str) -> Any:
    """The WithdrawDdsRequest of a statement."""
    root = etree.Element(f"{{{DDS}}}WithdrawDdsRequest", nsmap={"dds": DDS})
    _add(root, DDS, "uuid", uuid)
    return root


@dataclass(frozen=True, slots=True)
class Overview:
    """How one statement stands in the system."""

    uuid: str
    status: str
    reference: str = ""
    verification: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the system said: the identifier it gave, overviews, or what it refused as (code, sentence)."""

    uuid: str = ""
    overviews: tuple[Overview, ...] = ()
    refusals: tuple[tuple[str, str], ...] = field(default=())


class AnswerUnreadable(ValueError):
    """No SOAP message of the service."""


def read_answer(raw: bytes) -> Answer:
    """The answer in a SOAP message. Raises AnswerUnreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise AnswerUnreadable(str(error)) from error
    body = root.find(f"{{{SOAP}}}Body")
    if body is None or not len(body):
        raise AnswerUnreadable("no body")
    fault = body.find(f"{{{SOAP}}}Fault")
    if fault is not None:
        return Answer(refusals=tuple(_refusals(fault)))
    told = body[0]
    overviews = tuple(_overview(one) for one in told.iter(f"{{{DDS}}}ddsOverviewList"))
    uuid = told.findtext(f"{{{DDS}}}uuid") or ""
    status = told.findtext(f"{{{DDS}}}status")
    return Answer(uuid.strip(), (Overview(uuid.strip(), status.strip()),) if status else overviews)


def _refusals(fault: Any) -> Iterator[tuple[str, str]]:
    """Errors by their local names: their namespace has changed between versions of the service."""
    found = False
    for error in fault.iter():
        if isinstance(error.tag, str) and etree.QName(error).localname == "Error":
            told = {etree.QName(one).localname: (one.text or "").strip() for one in error if isinstance(one.tag, str)}
            found = True
            yield told.get("ID", ""), told.get("Message", "")
    if not found:
        yield (fault.findtext("faultcode") or "").strip(), (fault.findtext("faultstring") or "").strip()


def _overview(element: Any) -> Overview:
    told = {etree.QName(one).localname: (one.text or "").strip() for one in element if isinstance(one.tag, str)}
    return Overview(
        told.get("uuid", ""), told.get("status", ""), told.get("referenceNumber", ""),
        told.get("verificationNumber", ""), told.get("rejectionReason", ""),
    )  # fmt: skip
