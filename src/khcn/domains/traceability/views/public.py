"""What a QR leads to, without an account: the page of the goods, the proof, the report of a fake."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from khcn.domains.traceability.forms.goods import FakeForm
from khcn.domains.traceability.models import Evidence, Lot, Product
from khcn.domains.traceability.queries import proof as proofs
from khcn.domains.traceability.queries.goods_version import GoodsVersion, is_touched_since, version_of_goods
from khcn.domains.traceability.queries.lots import (
    Stage,
    back_of,
    completeness_of,
    evidence_of,
    lots_named,
    open_recalls,
    stages_of,
)
from khcn.domains.traceability.queries.notes import notes_on
from khcn.domains.traceability.rules.story_map import story_map
from khcn.domains.traceability.services.goods import note_scan, report_fake
from khcn.domains.traceability.views.acting import kept_bytes
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.screens import done, page, screen
from khcn.web.standing_answers import keep_while
from khcn.web.uploads import IMAGE_KINDS, download_response

KEPT_SECONDS, _THINGS = 60, ".things"
REPORTS_PER_HOUR = 10
_NOBODY = "00000000-0000-0000-0000-000000000003"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of a lot, with what stood then, and the day; the things of its graph are kept beside it."""

    version: GoodsVersion
    on: date
    value: Any


def _held(key: str, version: GoodsVersion) -> _Kept | None:
    """What this process keeps under the key, where it is still what would be made now."""
    kept: _Kept | None = cache.get(key)
    if kept is None or kept.on != timezone.localdate():
        return None
    if kept.version == version:
        return kept
    same = replace(kept.version, event=version.event)
    uris: frozenset[str] | None = cache.get(key + _THINGS)
    if same != version or uris is None or is_touched_since(uris, kept.version.event):
        return None
    kept = replace(kept, version=version)
    _keep(key, kept, uris)
    return kept


def _keep(key: str, made: _Kept, uris: frozenset[str]) -> None:
    """Keep what was made; the things first, which belong to no older page than it."""
    cache.set(key + _THINGS, uris, KEPT_SECONDS)
    cache.set(key, made, KEPT_SECONDS)


def _snapshot(lot: Lot, version: GoodsVersion) -> tuple[_Kept, frozenset[str]]:
    """What the page says of a lot apart from scans and recalls, and the things of its graph."""
    key = f"trace.goods.{lot.uid}.{translation.get_language()}"
    kept, known = _held(key, version), cache.get(key + _THINGS)
    if kept is None or known is None:
        today = timezone.localdate()
        uris = _uris_behind(lot)
        stages = stages_of(list(lots_named(uris).values()))
        places = [
            (one.where, one.latitude, one.longitude) for one in stages
            if one.latitude is not None and one.longitude is not None
        ]  # fmt: skip
        told = {
            "stages": [(one.on, one.title, one.who, one.where, one.kg) for one in stages],
            "completeness": completeness_of(lot, stages, today), "evidence": evidence_of([lot], today),
            "notes": notes_on(lot.uri), "map": story_map(places),
        }  # fmt: skip
        kept, known = _Kept(version, today, told), uris
        _keep(key, kept, uris)
    return kept, known


def _uris_behind(lot: Lot) -> frozenset[str]:
    graph = back_of(lot)
    return frozenset({lot.uri} | ({thing.uri for thing in graph.things} if graph else set()))


def story_of(lot: Lot) -> list[Stage]:
    """The stages of a lot from the field on."""
    return stages_of(list(lots_named(_uris_behind(lot)).values()))


def _lot(uid: UUID) -> Lot:
    found = Lot.objects.filter(uid=uid, withdrawn=False).select_related("product__party__commune", "site").first()
    if found is None:
        raise Http404
    return found


def _page_key(uid: UUID) -> str:
    return f"trace.goods.page.{uid}.{translation.get_language()}"


def _is_plain(request: HttpRequest) -> bool:
    """Whether the page is the same for this visitor as for any other: no label, no account, nothing to be told."""
    personal = (settings.SESSION_COOKIE_NAME, "messages")
    return not request.GET.get("tem") and not any(name in request.COOKIES for name in personal)


def _answer(request: HttpRequest, uid: UUID, content: bytes) -> HttpResponse:
    """The page as anybody gets it; a browser that has it asks each time, and hears whether it is still that."""
    key = _page_key(uid)

    def stands() -> bool:
        version = version_of_goods(uid)
        kept = None if version is None else _held(key, version)
        return kept is not None and kept.value == content

    response = HttpResponse(content)
    response["Vary"] = "HX-Request, X-Khcn-Whole, Cookie"
    response["Cache-Control"] = "no-cache"
    response["ETag"] = etag = f'"{sha256(content).hexdigest()[:32]}"'
    return keep_while(get_conditional_response(request, etag=etag, response=response) or response, stands)


@screen(login=False, methods=("GET", "HEAD"))
def goods(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The page of a lot, as who buys it reads it; kept as long as nothing has changed that it is made of."""
    version = version_of_goods(uid)
    if version is None:
        raise Http404
    is_plain = _is_plain(request)
    if is_plain and (kept := _held(_page_key(uid), version)) is not None:
        return _answer(request, uid, kept.value)
    lot = _lot(uid)
    serial = request.GET.get("tem", "")[:20]
    scan = None
    if serial and request.method == "GET":
        address = request.META.get("REMOTE_ADDR", "")
        scan = note_scan(lot=lot, serial=serial, network=address, now=timezone.now())
    snapshot, uris = _snapshot(lot, version)
    context = {
        "lot": lot, "product": lot.product, "party": lot.product.party, "serial": serial, "scan": scan,
        "recalls": [one for one in open_recalls(lot) if one.recall],
        "is_expired": bool(lot.expires_on and lot.expires_on < timezone.localdate()), **snapshot.value,
    }  # fmt: skip
    response = page(request, "traceability/goods.html", context)
    if not is_plain:
        response["Cache-Control"] = "private, no-store"
        return response
    _keep(_page_key(uid), replace(snapshot, value=response.content), uris)
    return _answer(request, uid, response.content)


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
    return download_response(kept_bytes(paper.file), f"giay-{paper.pk}.{ending}", media_type=media, inline=inline)


@screen(login=False, methods=("GET", "HEAD"))
def goods_proof(request: HttpRequest, uid: UUID) -> HttpResponseBase:
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
def goods_fake(request: HttpRequest, uid: UUID) -> HttpResponseBase:
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
