"""The resolver: from the address in a QR, by an identifier of GS1, to the pages about what it names.

Source: GS1-Conformant Resolver Standard 1.2: links by type, one default link, a linkset (RFC 9264), compressed links
with their plain form as owl:sameAs, no error as 200.
"""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from khcn.domains.traceability.queries.links import Subject, subject_of, thing_page
from khcn.domains.traceability.queries.lots import open_recalls
from khcn.standards.gs1.digital_link import CANONICAL_STEM, LENIENT, DigitalLink, parse_digital_link
from khcn.standards.gs1.errors import Gs1Refusal
from khcn.standards.gs1.link_compression import decompress, decompressed_uri
from khcn.web.screens import page, screen

GS1_VOC = "https://ref.gs1.org/voc/"
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
LINK_TYPES = ("pip", "traceability", "certificationInfo", "recallStatus", "epcis")
KEYS = ("00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8013", "8017", "8018")

Link = tuple[str, str, str]


class CompressedLink:
    """An address whose only part is a link compressed as a whole; anything else is left to the other addresses."""

    regex = "[A-Za-z0-9_-]{10,}"

    def to_python(self, value: str) -> str:
        """Raises ValueError for what is no compressed link."""
        decompress(f"{CANONICAL_STEM}/{value}")
        return value

    def to_url(self, value: str) -> str:
        """The part as it stands."""
        return value


def _read(request: HttpRequest, link: str) -> tuple[DigitalLink, str]:
    """The link, and its plain form where it was compressed. Raises a Gs1Refusal."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{CANONICAL_STEM}/{link}"
    try:
        return parse_digital_link(address + (f"?{query}" if query else ""), LENIENT), ""
    except Gs1Refusal as refusal:
        try:
            found = decompress(address)
        except Gs1Refusal:
            raise refusal from None
        return found, decompressed_uri(address, request.build_absolute_uri("/").rstrip("/"))


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Link, Location"
    response["Vary"] = "Accept, Accept-Language"
    return response


def _nothing(request: HttpRequest, title: str, status: int, text: str = "") -> HttpResponse:
    return _open(render(request, "traceability/goods_none.html", {"title": title, "text": text}, status=status))


def resolve(request: HttpRequest, link: str) -> HttpResponse:
    """Lead a Digital Link to what it is about: 307 to a link, a linkset, 400 for what is no link, 404 for no goods."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = response["Allow"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
        return _open(response)
    if request.method not in ("GET", "HEAD"):
        return _open(HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"}))
    try:
        found, plain = _read(request, link)
    except Gs1Refusal as refusal:
        return _nothing(request, _("Mã này không đọc được"), 400, str(refusal))
    subject = subject_of(found)
    if subject is None:
        return _nothing(request, _("Chưa có thông tin về mã này"), 404)
    links = _links(request, subject, found)
    asked = request.GET.get("linkType", "")
    if asked == "all" or "application/linkset+json" in request.headers.get("Accept", ""):
        return _open(_linkset(request, subject, links, plain))
    kind = asked.removeprefix("gs1:").removeprefix(GS1_VOC) or "defaultLink"
    target = links[0][1] if kind == "defaultLink" else next((href for name, href, _t in links if name == kind), "")
    if not target:
        return _nothing(request, _("Không có loại thông tin này"), 404)
    response = HttpResponse(status=307, headers={"Location": _with_query(request, target)})
    told = [f"<{href}>; rel=\"{GS1_VOC}{name}\"; title*=UTF-8''{quote(title)}" for name, href, title in links]
    response["Link"] = ", ".join([*told, *([f'<{plain}>; rel="{SAME_AS}"'] if plain else [])])
    return _open(response)


def _links(request: HttpRequest, subject: Subject, link: DigitalLink) -> list[Link]:
    def full(name: str, *arguments: object) -> str:
        return request.build_absolute_uri(reverse(name, args=arguments))

    epcis = full("epcis_root") + f"epcs/{quote(subject.uri, safe='')}/events"
    if subject.product is None:
        home = full("trace_goods_thing", subject.uri.removeprefix(f"{CANONICAL_STEM}/"))
        title = str(subject.site or subject.party or subject.uri)
        events = [] if subject.site or subject.party else [("epcis", epcis, "EPCIS")]
        return [("pip", home, title), *events]
    if subject.lot is None:
        return [("pip", full("trace_goods_product", subject.product.uid), subject.product.name)]
    lot, home = subject.lot, full("trace_goods", subject.lot.uid)
    serial = link.path.get("21", "")
    first = f"{home}?tem={quote(serial)}" if serial else home
    found = [("pip", first, subject.product.name), ("traceability", f"{home}#hanh-trinh", _("Hành trình"))]
    found.append(("certificationInfo", f"{home}#giay", _("Kiểm nghiệm, chứng nhận")))
    if open_recalls(lot):
        found.append(("recallStatus", home, _("Thu hồi")))
    epcis = full("epcis_root") + f"epcs/{quote(lot.uri, safe='')}/events"
    found.append(("epcis", epcis, "EPCIS"))
    return found


def _with_query(request: HttpRequest, target: str) -> str:
    passed = [
        f"{quote(name)}={quote(value)}"
        for name, values in request.GET.lists()
        for value in values
        if name != "linkType"
    ]
    if not passed:
        return target
    head, hash_sign, fragment = target.partition("#")
    return head + ("&" if "?" in head else "?") + "&".join(passed) + hash_sign + fragment


def _linkset(request: HttpRequest, subject: Subject, links: list[Link], plain: str) -> HttpResponse:
    anchor = plain or request.build_absolute_uri(request.path)
    entry: dict[str, Any] = {"anchor": anchor, "itemDescription": links[0][2]}
    entry[f"{GS1_VOC}defaultLink"] = [{"href": links[0][1], "title": links[0][2]}]
    for name, href, title in links:
        kind = "application/json" if name == "epcis" else "text/html"
        entry.setdefault(f"{GS1_VOC}{name}", []).append(
            {"href": href, "title": title, "type": kind, "hreflang": ["vi", "en"]}
        )
    if plain:
        entry[SAME_AS] = [{"href": plain}]
    response = JsonResponse({"linkset": [entry]}, content_type="application/linkset+json")
    response["Content-Language"] = translation.get_language() or "vi"
    return response


@screen(login=False, methods=("GET", "HEAD"))
def goods_thing(request: HttpRequest, key: str) -> HttpResponseBase:
    """The page of a place, a party, a pallet or a serialised thing, as whoever scans its code reads it."""
    try:
        subject = subject_of(parse_digital_link(f"{CANONICAL_STEM}/{quote(key)}", LENIENT))
    except Gs1Refusal:
        subject = None
    if subject is None or subject.product is not None:
        raise Http404
    return page(request, "traceability/goods_thing.html", {"thing": thing_page(subject)})


def well_known(request: HttpRequest) -> HttpResponse:
    """What this resolver says of itself."""
    value = {
        "name": "KHCN", "resolverRoot": request.build_absolute_uri("/"), "supportedPrimaryKeys": list(KEYS),
        "supportedLinkType": [
            {"namespace": GS1_VOC, "prefix": "gs1:", "linkTypes": [f"gs1:{one}" for one in LINK_TYPES]}
        ],
        "validatesLinkTypes": True,
    }  # fmt: skip
    return _open(JsonResponse(value))
