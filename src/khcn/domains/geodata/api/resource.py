"""One resource of the OGC API: who asks, which parameters are known, which form answers, refusals as problems."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from khcn.domains.geodata.errors import Conflicting, NotAcceptableForm, ObjectMoved, Outdated
from khcn.domains.geodata.queries.keys import actor_of_key
from khcn.lib.actor import Actor
from khcn.lib.failure import ApiRefusal, Failure, Forbidden, NotSignedIn
from khcn.standards.coordinate_systems import UnknownSystem
from khcn.standards.ogcapi.parameters import ParameterRefused, refuse_unknown
from khcn.web.wording import said

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI, SCHEMA = "application/vnd.oai.openapi+json;version=3.0", "application/schema+json"
PROBLEM = "application/problem+json"
TILE = "application/vnd.mapbox-vector-tile"
FORMS = {"json": JSON, "html": HTML}
_JSON_MEDIA = {JSON, GEOJSON, SCHEMA, "application/vnd.oai.openapi+json", "application/*", "*/*", PROBLEM, TILE}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request once it is known who asks and in which form the answer goes."""

    request: HttpRequest
    actor: Actor | None
    form: str

    @property
    def query(self) -> Any:
        """The parameters."""
        return self.request.GET

    def address(self, path: str = "", **parameters: Any) -> str:
        """The absolute address of a path below the landing page, or of this request without its parameters."""
        base = self.request.build_absolute_uri(f"/ogc/{path}" if path else self.request.path)
        given = {name: value for name, value in parameters.items() if value not in (None, "")}
        return f"{base}?{urlencode(given)}" if given else base

    def again(self, **changes: Any) -> str:
        """This request with some parameters changed, those with None left out."""
        given = {**{name: self.query[name] for name in self.query}, **changes}
        return self.address(**given)


Answer = Callable[..., HttpResponse]


def resource(*, known: Iterable[str] = (), open_names: bool = False, **methods: Answer) -> Answer:
    """The view of a resource: `get=`, `post=`, … answer (asked, **parts of the address).

    known: parameters beside `f`; any other is refused with 400. open_names: the resource itself looks at its names.
    """
    allowed = ", ".join(sorted({"OPTIONS", *map(str.upper, methods)} | ({"HEAD"} if "get" in methods else set())))
    names = {"f", *known}

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        method = "get" if request.method == "HEAD" else str(request.method).lower()
        try:
            if method == "options":
                return HttpResponse(status=204, headers={"Allow": allowed})
            if method not in methods:
                return HttpResponse(status=405, headers={"Allow": allowed})
            actor, by_key = _who(request)
            if method != "get" and not by_key:
                _check_csrf(request)
            if not open_names:
                refuse_unknown(request.GET, names)
            response = methods[method](Asked(request, actor, form_of(request)), **parts)
        except Failure as failure:
            response = problem(failure)
        response["Vary"] = "Accept, Authorization, Cookie"
        if method == "get" and "Authorization" not in request.headers:
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return csrf_exempt(view)


def form_of(request: HttpRequest) -> str:
    """ "json" or "html": by `f`, else by what the client prefers. Raises ParameterRefused, NotAcceptableForm."""
    asked = request.GET.get("f")
    if asked is not None:
        if asked not in FORMS:
            raise ParameterRefused("f phải là json hoặc html.", field="f")
        return asked
    best, form = 0.0, ""
    for item in request.headers.get("Accept", "*/*").split(","):
        media, *options = [part.strip().lower() for part in item.split(";")]
        weight = next((_weight(one[2:]) for one in options if one.startswith("q=")), 1.0)
        found = "html" if media in (HTML, "application/xhtml+xml") else "json" if media in _JSON_MEDIA else ""
        if found and weight > best:
            best, form = weight, found
    if not form:
        raise NotAcceptableForm("Máy chủ trả lời application/json, application/geo+json hoặc text/html.")
    return form


def json_answer(value: Any, status: int = 200, media: str = JSON, headers: Mapping[str, str] | None = None) -> Any:
    """A JSON body."""
    return HttpResponse(msgspec.json.encode(value), status=status, content_type=media, headers=headers or {})


def answer(asked: Asked, value: dict[str, Any], *, title: str, media: str = JSON, path: str = "", **page: Any) -> Any:
    """The value as JSON, or as a page that holds the same: facts, a table of parts, and the links."""
    if asked.form == "json":
        return json_answer(value, media=media)
    context = {"title": title, "links": value.get("links", []), "value": value, **page}
    return render(asked.request, "geodata/ogc.html", context)


def problem(failure: Failure) -> HttpResponse:
    """The refusal as RFC 9457 asks."""
    status = {
        ParameterRefused: 400, UnknownSystem: 400, Forbidden: 403, ObjectMoved: Outdated.status,
    }.get(type(failure), getattr(failure, "status", 400 if isinstance(failure, ApiRefusal) else 422))  # fmt: skip
    if failure.field == "code" and status == 422 and "đã có" in failure.message:
        status = Conflicting.status
    value = {"type": "about:blank", "title": failure.code, "status": status, "detail": said(failure.message)}
    if failure.field:
        value["parameter"] = failure.field
    headers = {"WWW-Authenticate": 'Basic realm="KHCN", charset="UTF-8"'} if status == 401 else {}
    return json_answer(value, status, PROBLEM, headers)


def links_to(asked: Asked, *, media: str = JSON) -> list[dict[str, str]]:
    """This document, and the same in the other form."""
    other = "html" if asked.form == "json" else "json"
    medias = {"json": media, "html": HTML}
    return [
        {"rel": "self", "type": medias[asked.form], "title": _("Tài liệu này"), "href": asked.again()},
        {"rel": "alternate", "type": medias[other], "title": _("Tài liệu này ở dạng khác"),
         "href": asked.again(f=other)},
    ]  # fmt: skip


def link(rel: str, href: str, media: str = JSON, title: str = "", **more: Any) -> dict[str, Any]:
    """One link."""
    return {"rel": rel, "type": media, "href": href, **({"title": title} if title else {}), **more}


def _who(request: HttpRequest) -> tuple[Actor | None, bool]:
    """The actor and whether a key said so. Raises NotSignedIn for a key that is none."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if not rest:
        return (request.actor or None), False  # type: ignore[attr-defined]
    key = rest.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError) as error:
            raise NotSignedIn("Tiêu đề Authorization không đọc được.") from error
    actor = actor_of_key(key, on=timezone.localdate())
    if actor is None:
        raise NotSignedIn("Khóa kết nối không đúng hoặc không còn dùng.")
    return actor, True


def _check_csrf(request: HttpRequest) -> None:
    """What the middleware left out: a browser's session may write only with the token."""
    if not request.user.is_authenticated:
        raise NotSignedIn("Cần khóa kết nối để sửa dữ liệu.")
    checker = CsrfViewMiddleware(lambda _request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    checker.process_request(request)
    if checker.process_view(request, lambda _request: HttpResponse(), (), {}) is not None:
        raise Forbidden("Thiếu mã chống giả mạo; dùng khóa kết nối để sửa dữ liệu.")


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
