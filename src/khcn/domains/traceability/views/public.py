"""What a QR leads to, without an account: the resolver, the page of the goods, the proof, the report of a fake.

Source: GS1-Conformant Resolver Standard 1.2: links by type, one default link, a linkset (RFC 9264), no error as 200.
Links that are compressed as a whole, without a readable key, are not resolved.
"""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from khcn.domains.traceability.forms.goods import FakeForm
from khcn.domains.traceability.models import Evidence, Lot, Product
from khcn.domains.traceability.queries import proof as proofs
from khcn.domains.traceability.queries.lots import (
    Stage,
    back_of,
    completeness_of,
    evidence_of,
    lots_named,
    open_recalls,
    stages_of,
)
from khcn.domains.traceability.rules.story_map import story_map
from khcn.domains.traceability.services.goods import note_scan, report_fake
from khcn.kernel.documents.queries import bytes_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.gs1.digital_link import LENIENT, DigitalLink, parse_digital_link
from khcn.standards.gs1.errors import Gs1Refusal
from khcn.standards.gs1.link_compression import decompress
from khcn.web.screens import done, page, screen
from khcn.web.uploads import IMAGE_KINDS, download_response

GS1_VOC = "https://ref.gs1.org/voc/"
LINK_TYPES = ("pip", "traceability", "certificationInfo", "recallStatus", "epcis")
KEPT_SECONDS = 60
REPORTS_PER_HOUR = 10
_NOBODY = "00000000-0000-0000-0000-000000000003"


def _elements(request: HttpRequest, link: str) -> DigitalLink:
    query = request.META.get("QUERY_STRING", "")
    address = f"https://id.gs1.org/{link}" + (f"?{query}" if query else "")
    try:
        return parse_digital_link(address, LENIENT)
    except Gs1Refusal:
        return decompress(address)


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Link, Location"
    response["Vary"] = "Accept, Accept-Language"
    return response


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
        found = _elements(request, link)
    except Gs1Refusal as refusal:
        context = {"title": _("Mã này không đọc được"), "text": str(refusal)}
        return _open(render(request, "traceability/goods_none.html", context, status=400))
    product, lot = _goods(found)
    if product is None:
        context = {"title": _("Chưa có thông tin về mã này"), "text": ""}
        return _open(render(request, "traceability/goods_none.html", context, status=404))
    links = _links(request, product, lot, found)
    asked = request.GET.get("linkType", "")
    if asked == "all" or "application/linkset+json" in request.headers.get("Accept", ""):
        return _open(_linkset(request, product, found, links))
    kind = asked.removeprefix("gs1:").removeprefix(GS1_VOC) or "defaultLink"
    target = links[0][1] if kind == "defaultLink" else next((href for name, href, _t in links if name == kind), "")
    if not target:
        context = {"title": _("Không có loại thông tin này"), "text": ""}
        return _open(render(request, "traceability/goods_none.html", context, status=404))
    response = HttpResponse(status=307, headers={"Location": _with_query(request, target)})
    response["Link"] = ", ".join(f"<{href}>; rel=\"{GS1_VOC}{name}\"; title*=UTF-8''{name}" for name, href, _t in links)
    return _open(response)


def _goods(link: DigitalLink) -> tuple[Product | None, Lot | None]:
    gtin = link.path.get("01")
    product = Product.objects.filter(gtin=gtin).select_related("party").first() if gtin else None
    lot = None
    if product is not None and link.path.get("10"):
        lot = product.lots.filter(code=link.path["10"], withdrawn=False).first()
    return product, lot


def _links(request: HttpRequest, product: Product, lot: Lot | None, link: DigitalLink) -> list[tuple[str, str, str]]:
    if lot is None:
        home = request.build_absolute_uri(reverse("trace_goods_product", args=[product.uid]))
        return [("pip", home, product.name)]
    home = request.build_absolute_uri(reverse("trace_goods", args=[lot.uid]))
    serial = link.path.get("21", "")
    first = f"{home}?tem={serial}" if serial else home
    found = [("pip", first, product.name), ("traceability", f"{home}#hanh-trinh", _("Hành trình"))]
    found.append(("certificationInfo", f"{home}#giay", _("Kiểm nghiệm, chứng nhận")))
    if open_recalls(lot):
        found.append(("recallStatus", home, _("Thu hồi")))
    epcs = f"epcs/{quote(lot.uri, safe='')}/events"
    found.append(("epcis", request.build_absolute_uri(reverse("epcis_root")) + epcs, "EPCIS"))
    return found


def _with_query(request: HttpRequest, target: str) -> str:
    passed = [f"{name}={value}" for name, values in request.GET.lists() for value in values if name != "linkType"]
    if not passed:
        return target
    head, hash_sign, fragment = target.partition("#")
    return head + ("&" if "?" in head else "?") + "&".join(passed) + hash_sign + fragment


def _linkset(
    request: HttpRequest, product: Product, link: DigitalLink, links: list[tuple[str, str, str]]
) -> HttpResponse:
    language = translation.get_language() or "vi"
    anchor = request.build_absolute_uri(request.path)
    entry: dict[str, Any] = {"anchor": anchor, "itemDescription": product.name}
    entry[f"{GS1_VOC}defaultLink"] = [{"href": links[0][1], "title": links[0][2]}]
    for name, href, title in links:
        kind = "application/json" if name == "epcis" else "text/html"
        entry.setdefault(f"{GS1_VOC}{name}", []).append(
            {"href": href, "title": title, "type": kind, "hreflang": ["vi", "en"]}
        )
    response = JsonResponse({"linkset": [entry]}, content_type="application/linkset+json")
    response["Content-Language"] = language
    return response


def well_known(request: HttpRequest) -> HttpResponse:
    """What this resolver says of itself."""
    value = {
        "name": "KHCN", "resolverRoot": request.build_absolute_uri("/"), "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [
            {"namespace": GS1_VOC, "prefix": "gs1:", "linkTypes": [f"gs1:{one}" for one in LINK_TYPES]}
        ],
        "validatesLinkTypes": True,
    }  # fmt: skip
    return _open(JsonResponse(value))


def _snapshot(lot: Lot) -> dict[str, Any]:
    """What the page says of a lot apart from scans and recalls; kept for a minute in each process."""
    key = f"trace.goods.{lot.uid}.{translation.get_language()}"
    kept = cache.get(key)
    if kept is None:
        today = timezone.localdate()
        stages = story_of(lot)
        places = [
            (one.where, one.latitude, one.longitude) for one in stages
            if one.latitude is not None and one.longitude is not None
        ]  # fmt: skip
        kept = {
            "stages": [(one.on, one.title, one.who, one.where, one.kg) for one in stages],
            "completeness": completeness_of(lot, stages, today), "evidence": evidence_of([lot], today),
            "map": story_map(places),
        }  # fmt: skip
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def story_of(lot: Lot) -> list[Stage]:
    """The stages of a lot from the field on."""
    graph = back_of(lot)
    uris = {lot.uri} | ({thing.uri for thing in graph.things} if graph else set())
    return stages_of(list(lots_named(uris).values()))


def _lot(uid: str) -> Lot:
    found = Lot.objects.filter(uid=uid, withdrawn=False).select_related("product__party__commune", "site").first()
    if found is None:
        raise Http404
    return found


@screen(login=False, methods=("GET", "HEAD"))
def goods(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The page of a lot, as who buys it reads it."""
    lot = _lot(uid)
    serial = request.GET.get("tem", "")[:20]
    scan = None
    if serial and request.method == "GET":
        address = request.META.get("REMOTE_ADDR", "")
        scan = note_scan(lot=lot, serial=serial, network=address, now=timezone.now())
    recalls = [one for one in open_recalls(lot) if one.recall]
    context = {
        "lot": lot, "product": lot.product, "party": lot.product.party, "serial": serial, "scan": scan,
        "recalls": recalls, "is_expired": bool(lot.expires_on and lot.expires_on < timezone.localdate()),
        **_snapshot(lot),
    }  # fmt: skip
    return page(request, "traceability/goods.html", context)


@screen(login=False, methods=("GET", "HEAD"))
def goods_product(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The page of a product whose lot is not known."""
    product = Product.objects.filter(uid=uid).select_related("party__commune").first()
    if product is None:
        raise Http404
    return page(request, "traceability/goods_product.html", {"product": product, "party": product.party})


@screen(login=False, methods=("GET", "HEAD"))
def evidence_file(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A paper of a lot; it is shown to buyers."""
    paper = Evidence.objects.filter(uid=uid).select_related("file").first()
    if paper is None or paper.file is None:
        raise Http404
    media = paper.file.media_type
    inline = media in {kind.media_type for kind in IMAGE_KINDS}
    ending = "pdf" if media == "application/pdf" else media.rsplit("/", 1)[-1]
    return download_response(bytes_of(paper.file), f"giay-{paper.pk}.{ending}", media_type=media, inline=inline)


@screen(login=False, methods=("GET", "HEAD"))
def goods_proof(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The hashes of the events behind a lot and their place in the chain, computed again; also as JSON."""
    lot = _lot(uid)
    stages = story_of(lot)
    found = proofs.proof_of(stages)
    if request.GET.get("dang") == "json":
        return JsonResponse(proofs.as_json(lot, found))
    context = {"lot": lot, "proof": found, "asked": request.GET.get("ma", "").strip()}
    if context["asked"]:
        context["known"] = proofs.find_hash(str(context["asked"]))
    return page(request, "traceability/goods_proof.html", context)


@screen(login=False)
def goods_fake(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Say that goods do not look like what their page shows."""
    lot, form = _lot(uid), FakeForm(request.POST or None)
    back = reverse("trace_goods", args=[uid])
    if form.is_valid():
        with form.refusals():
            _within_limit(request)
            serial = request.GET.get("tem", "")
            report_fake(by=nobody(), lot=lot, now=timezone.now(), serial=serial, **form.cleaned_data)
            return done(request, _("Đã nhận phản ánh. Cảm ơn bạn."), back)
    return page(request, "traceability/goods_fake.html", {"lot": lot, "form": form, "back": back}, status=form.status)


def nobody() -> Actor:
    """Somebody without an account."""

    return Actor(uid=UUID(_NOBODY), name="Người tiêu dùng", on=timezone.localdate())


def _within_limit(request: HttpRequest) -> None:
    key = f"trace.fake.{request.META.get('REMOTE_ADDR', '')}.{int(timezone.now().timestamp()) // 3600}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > REPORTS_PER_HOUR:
        raise Refused("Quá nhiều phản ánh trong thời gian ngắn. Vui lòng thử lại sau một giờ.")
