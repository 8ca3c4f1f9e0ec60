"""Answers that are given again at the door of the application, while what they were made of still stands.

A view says of its answer with `keep_while` how it is asked whether it would be made the same now. `StandingAnswers`
stands before the application: it keeps such an answer as the application gave it, with every header, and gives it to
the next who asks for the same in the same way; nothing else of a request is done then. The question is asked for every
request: how long an answer may stand at most is for the view to say in it. Whoever sends a cookie or anything else that
an answer may depend on is led in. Answers that are one for all, cookies or not, are the concern of `kept_answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import Error
from django.http import HttpResponse

_MOST = 512
"""Answers that one process keeps; the oldest goes first."""
_LONGEST = 64 * 1024
_STANDS = "stands"
# What an answer may depend on beside the address: a request that brings one of these is led in. CONTENT_LENGTH stands
# for a body, which a GET does not need.
_PERSONAL = frozenset(
    {
        "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_X_KHCN_WHOLE", "HTTP_RANGE", "HTTP_IF_MATCH",
        "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_MODIFIED_SINCE", "HTTP_TRANSFER_ENCODING", "HTTP_X_FORWARDED_HOST",
    }
)  # fmt: skip
_SAME = ("PATH_INFO", "SCRIPT_NAME", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme",
         "HTTP_X_FORWARDED_PROTO", "HTTP_IF_NONE_MATCH")  # fmt: skip

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def keep_while(response: HttpResponse, stands: Callable[[], bool]) -> HttpResponse:
    """The answer, which may be given again to anybody without a cookie for as long as `stands()` says so.

    stands: runs on any thread, outside a request and in no language; whatever it asks the database it asks anew.
    """
    setattr(response, _STANDS, stands)
    return response


@dataclass(frozen=True, slots=True)
class _Kept:
    """One answer as the application gave it, and how it is asked whether it still would."""

    status: str
    headers: Headers
    body: bytes
    stands: Callable[[], bool]


class StandingAnswers:
    """The application behind a door that gives kept answers itself."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: dict[tuple[Any, ...], _Kept] = {}
        self._changing = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Give what is kept, or lead in and keep what may be kept."""
        if (
            environ["REQUEST_METHOD"] != "GET"
            or environ.get("QUERY_STRING")
            or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
            or not _PERSONAL.isdisjoint(environ)
        ):
            return self._application(environ, start_response)
        key = tuple(map(environ.get, _SAME))
        kept = self._kept.get(key)
        if kept is not None and _holds(kept):
            start_response(kept.status, list(kept.headers))
            return [kept.body]
        return self._lead_in(key, environ, start_response)

    def _lead_in(
        self, key: tuple[Any, ...], environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        told: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *more: Any) -> Any:
            told[:] = [(status, headers)]
            return start_response(status, headers, *more)

        response = self._application(environ, start)
        stands = getattr(response, _STANDS, None)
        if stands is not None and isinstance(response, HttpResponse) and not response.cookies:
            ((status, headers),) = told
            if len(response.content) <= _LONGEST:
                self._keep(key, _Kept(status, list(headers), response.content, stands))
        return response

    def _keep(self, key: tuple[Any, ...], kept: _Kept) -> None:
        # An unknown word of a browser about what it has is answered in full, and is no reason to keep that once more.
        if key[-1] is not None and not kept.status.startswith("304"):
            return
        with self._changing:
            self._kept.pop(key, None)
            self._kept[key] = kept
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]


def _holds(kept: _Kept) -> bool:
    """Whether the answer would be made the same; where the database does not say, the application is asked."""
    try:
        return kept.stands()
    except Error:
        return False
