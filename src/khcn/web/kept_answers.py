"""Answers that are the same for everybody, kept in each process and given without session, middleware or database.

A domain registers an address and its stamp: a cheap value that changes when the answer does. The application is asked
once per stamp, as a stranger without cookies would ask; its answer is kept whole and packed, with a tag made from its
bytes. What is not found, redirects or fails is never kept. What an address carries behind its "?" is passed over.
"""

import gzip
import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Headers = list[tuple[str, str]]
#: Changes when the answer does; None: nothing is kept now.
Stamp = Callable[[], Hashable | None]

MOST_KEPT = 500
_WORTH_PACKING = 400
_ANY = "0khcn0"
#: What a stranger's request says: where it came in. Everything else would make answers differ.
_SAID = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"})
_OWN_HEADERS = frozenset({"set-cookie", "content-length", "content-encoding", "etag", "vary"})
_registered: dict[str, tuple[Stamp, bool]] = {}


def register(name: str, stamp: Stamp, *, has_key: bool = False) -> None:
    """Keep the answers of a named address; has_key: the address has one free part, each of which is an answer."""
    _registered[name] = (stamp, has_key)


def tag_of(content: bytes) -> str:
    """The entity tag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def has_tag(asked: str, *tags: str) -> bool:
    """Whether an If-None-Match names one of the tags."""
    named = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return "*" in named or not named.isdisjoint(tags)


@dataclass(frozen=True, slots=True)
class _Form:
    """An answer in one encoding: its headers and bytes, and the headers of "not changed"."""

    headers: Headers
    content: bytes
    unchanged: Headers


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: Hashable
    tags: tuple[str, str]
    plain: _Form
    packed: _Form


class KeptAnswers:
    """Stands before a WSGI application and gives the answers that are kept; all else goes through."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: dict[tuple[str, bool], _Kept] = {}
        self._exact: dict[str, Stamp] | None = None
        self._keyed: list[tuple[str, str, Stamp]] = []

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer, or let the application answer."""
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD"):
            stamp = self._stamp_of(environ["PATH_INFO"])
            kept = None if stamp is None else self._kept_at(environ, stamp)
            if kept is not None:
                return _give(kept, environ, start_response, has_body=method == "GET")
        return self._application(environ, start_response)

    def _stamp_of(self, path: str) -> Hashable | None:
        if self._exact is None:
            self._learn()
        stamp = self._exact.get(path) if self._exact else None
        if stamp is None:
            for first, last, of_all in self._keyed:
                if path.startswith(first) and path.endswith(last):
                    stamp = of_all
        return None if stamp is None else stamp()

    def _learn(self) -> None:
        """The addresses by their names, once the application has all."""
        exact: dict[str, Stamp] = {}
        for name, (stamp, has_key) in _registered.items():
            if has_key:
                first, _any, last = reverse(name, args=[_ANY]).partition(_ANY)
                self._keyed.append((first, last, stamp))
            else:
                exact[reverse(name)] = stamp
        self._exact = exact

    def _kept_at(self, environ: Environ, stamp: Hashable) -> _Kept | None:
        key = (environ["PATH_INFO"], environ.get("HTTP_X_FORWARDED_PROTO") == "https")
        found = self._kept.get(key)
        if found is not None and found.stamp == stamp:
            return found
        made = self._ask(environ, stamp)
        if made is not None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept), key), None)
            self._kept[key] = made
        return made

    def _ask(self, environ: Environ, stamp: Hashable) -> _Kept | None:
        """The answer to a stranger; None where it is no plain success."""
        told: dict[str, Any] = {}

        def start(status: str, headers: Headers, *_exc: object) -> None:
            told.update(status=status, headers=headers)

        bare = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in _SAID}
        bare |= {"REQUEST_METHOD": "GET", "QUERY_STRING": "", "CONTENT_LENGTH": ""}
        answer = self._application(bare, start)
        try:
            content = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        if not told["status"].startswith("200 "):
            return None
        own = [(name, value) for name, value in told["headers"] if name.lower() not in _OWN_HEADERS]
        own.append(("Vary", "Accept-Encoding"))
        tag = tag_of(content)
        packed_tag = f'{tag[:-1]}-gzip"'
        plain = _form(own, content, tag, "")
        small = gzip.compress(content, 6, mtime=0) if len(content) >= _WORTH_PACKING else content
        packed = _form(own, small, packed_tag, "gzip") if len(small) < len(content) else plain
        return _Kept(stamp, (tag, packed_tag), plain, packed)


def _form(own: Headers, content: bytes, tag: str, encoding: str) -> _Form:
    unchanged = [*((name, value) for name, value in own if name.lower() != "content-type"), ("ETag", tag)]
    whole = [*own, ("ETag", tag), ("Content-Length", str(len(content)))]
    return _Form([*whole, ("Content-Encoding", encoding)] if encoding else whole, content, unchanged)


def _give(kept: _Kept, environ: Environ, start_response: Start, *, has_body: bool) -> Iterable[bytes]:
    form = kept.packed if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else kept.plain
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and has_tag(asked, *kept.tags):
        start_response("304 Not Modified", form.unchanged)
        return []
    start_response("200 OK", form.headers)
    return [form.content] if has_body else []


def _takes_gzip(accepted: str) -> bool:
    """Whether the header names gzip, and not with the weight of nothing."""
    for one in accepted.split(","):
        name, _semicolon, weight = one.partition(";")
        if name.strip().lower() == "gzip":
            return set(weight.partition("=")[2].strip()) not in ({"0"}, {"0", "."})
    return False
