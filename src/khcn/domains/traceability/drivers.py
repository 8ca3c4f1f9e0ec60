"""Carries reports to subscribers over HTTP; addresses inside this machine's own network are refused unless allowed."""

import ipaddress
import socket
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils import timezone

from khcn.domains.traceability.services.subscriptions import deliver_waiting, make_reports
from khcn.lib.actor import Actor

TIMEOUT_SECONDS = 20


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could lead inside; a subscriber gives its final address."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing."""


def refuse_inside(address: str) -> None:
    """Raise OSError where a host name stands for a private, local or reserved address."""
    if getattr(settings, "TRACEABILITY_PRIVATE_DESTINATIONS", False):
        return
    host = urlsplit(address).hostname or ""
    for found in socket.getaddrinfo(host, None):
        if not ipaddress.ip_address(found[4][0]).is_global:
            raise OSError(f"Địa chỉ {host} nằm trong mạng nội bộ")


def carry(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST a report. Raises OSError when no answer came, or one that is not 2xx."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise OSError("Địa chỉ không phải http hoặc https")
    refuse_inside(address)
    request = Request(address, data=body, headers=dict(headers), method="POST")  # noqa: S310 – scheme checked
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS):
            return
    except HTTPError as error:
        raise OSError(f"HTTP {error.code}") from error


def report_on_schedule(*, by: Actor, on: date) -> int:
    """Make the reports that are due and send what waits, for the schedule."""
    now = timezone.now()
    make_reports(now=now)
    return deliver_waiting(carry=carry, now=now)
