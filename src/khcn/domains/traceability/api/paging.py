"""Pages: how many, from where, and the signed token that continues a list for its client only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from khcn.domains.traceability.errors import QueryRefused
from khcn.domains.traceability.models import Client

_SALT = "traceability.page"
_LASTS = timedelta(hours=1)
_USUAL, _MOST = 30, 1_000
PAGE_PARAMETERS = frozenset({"perPage", "nextPageToken"})


@dataclass(frozen=True, slots=True)
class Page:
    """What the client asks for: `after` continues a list, None begins it."""

    size: int
    after: Any


def _list(request: HttpRequest, client: Client) -> str:
    asked = sorted((name, values) for name, values in request.GET.lists() if name not in PAGE_PARAMETERS)
    return sha256(f"{client.uid} {request.path} {asked}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _revoked(token: str) -> str:
    return f"{_SALT}.{sha256(token.encode()).hexdigest()}"


def page_of(request: HttpRequest, client: Client) -> Page:
    """Raises QueryRefused for a size that cannot be, and for a token that is wrong, expired or of another list."""
    text = request.GET.get("perPage", str(_USUAL))
    if not (text.isascii() and text.isdecimal() and int(text[:9]) > 0):
        raise QueryRefused("Giá trị này không dùng được.", field="perPage")
    token = request.GET.get("nextPageToken")
    if token is None:
        return Page(min(int(text[:9]), _MOST), None)
    try:
        held = signing.loads(token, salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        held = {}
    if held.get("list") != _list(request, client) or cache.get(_revoked(token)):
        raise QueryRefused("Dấu trang không đúng hoặc đã hết hạn.", field="nextPageToken")
    return Page(min(int(text[:9]), _MOST), held["after"])


def continue_with(response: HttpResponse, request: HttpRequest, client: Client, after: Any) -> HttpResponse:
    """The response with the link to the next page, where there is one."""
    if after is None:
        return response
    token = signing.dumps({"list": _list(request, client), "after": after}, salt=_SALT, compress=True)
    query = [(name, value) for name, values in request.GET.lists() if name != "nextPageToken" for value in values]
    address = request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('nextPageToken', token)])}")
    response["Link"] = f'<{address}>; rel="next"'
    response["GS1-Next-Page-Token-Expires"] = (datetime.now(UTC) + _LASTS).strftime("%Y-%m-%dT%H:%M:%SZ")
    return response


def revoke(request: HttpRequest, client: Client, token: str) -> HttpResponse:
    """A token holds nothing on the server; from now on this server refuses it."""
    cache.set(_revoked(token), True, _LASTS.total_seconds())
    return HttpResponse(status=204)


def slice_after(items: list[Any], page: Page) -> tuple[list[Any], int | None]:
    """The page of a short list, and the place of the next one."""
    start = page.after or 0
    end = start + page.size
    return items[start:end], end if end < len(items) else None
