"""Carries reports to subscribers and statements to the EU's information system over HTTP.

Addresses inside this machine's own network are refused unless allowed.
"""

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

from khcn.domains.traceability.services.eudr import ask_statements
from khcn.domains.traceability.services.subscriptions import deliver_waiting, make_reports
from khcn.lib.actor import Actor
from khcn.standards.eudr.statements import Access, Answer, read_answer

TIMEOUT_SECONDS = 20
_SOAP_FAULT = 500
_LONGEST_ANSWER = 5_000_000


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


class InformationSystem:
    """The EU's information system at the address and with the account of the settings."""

    def __init__(self, address: str, access: Access) -> None:
        self.address, self.access = address, access

    def ask(self, message: bytes) -> Answer:
        """The answer to a SOAP message; a refusal comes with status 500 and is an answer. Raises OSError."""
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise OSError("Địa chỉ không phải http hoặc https")
        refuse_inside(self.address)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        request = Request(self.address, data=message, headers=headers, method="POST")  # noqa: S310 – scheme checked
        try:
            with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
                return read_answer(answer.read(_LONGEST_ANSWER))
        except HTTPError as error:
            if error.code != _SOAP_FAULT:
                raise OSError(f"HTTP {error.code}") from error
            return read_answer(error.read(_LONGEST_ANSWER))


def information_system() -> InformationSystem | None:
    """The system of the settings, or None where no account is set."""
    address = getattr(settings, "EUDR_ADDRESS", "")
    if not address:
        return None
    return InformationSystem(address, Access(settings.EUDR_USERNAME, settings.EUDR_KEY, settings.EUDR_CLIENT_ID))


def ask_on_schedule(*, by: Actor, on: date) -> int:
    """Ask how sent statements stand, for the schedule; without an account nothing is asked."""
    system = information_system()
    return ask_statements(system=system, now=timezone.now()) if system else 0
