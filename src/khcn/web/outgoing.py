"""Posts to addresses that others gave us, without letting them reach what stands inside our own network."""

import ipaddress
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from django.conf import settings


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, seconds: float, longest: int = 0
) -> tuple[int, bytes]:
    """POST to an address; gives the status of the answer, whatever it is, and at most `longest` bytes of it.

    Redirects are not followed and no proxy is used. Addresses that are not public are refused, by name and again by the
    machine that was really reached, unless KHCN_PRIVATE_DESTINATIONS is set. Raises OSError where no answer came.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise OSError("Địa chỉ không phải http hoặc https")
    for found in socket.getaddrinfo(parts.hostname or "", None):
        _refuse_inside(str(found[4][0]), parts.hostname or "")
    request = Request(address, data=body, headers=dict(headers), method="POST")  # noqa: S310 – scheme checked
    opener = build_opener(_Plain, _Secure, _NoRedirect, ProxyHandler({}))
    try:
        with opener.open(request, timeout=seconds) as answer:
            return answer.status, answer.read(longest)
    except HTTPError as error:
        with error:
            return error.code, error.read(longest)


def _refuse_inside(reached: str, host: str) -> None:
    if not settings.PRIVATE_DESTINATIONS and not ipaddress.ip_address(reached).is_global:
        raise OSError(f"Địa chỉ {host} nằm trong mạng nội bộ")


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could lead inside; whoever gives an address gives the final one."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing."""


class _Looked(HTTPConnection):
    """Looks at the machine that was reached before anything is told to it: names may change between two look-ups."""

    def connect(self) -> None:
        """Connect, and look."""
        super().connect()
        _refuse_inside(self.sock.getpeername()[0], self.host)


class _LookedSecurely(HTTPSConnection):
    """As `_Looked`, over TLS."""

    def connect(self) -> None:
        """Connect, and look."""
        super().connect()
        _refuse_inside(self.sock.getpeername()[0], self.host)


class _Plain(HTTPHandler):
    def http_open(self, req: Request) -> Any:
        return self.do_open(_Looked, req)


class _Secure(HTTPSHandler):
    def https_open(self, req: Request) -> Any:
        return self.do_open(_LookedSecurely, req)
