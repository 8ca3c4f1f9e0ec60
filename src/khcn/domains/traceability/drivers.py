"""Carries reports to subscribers and statements to the EU's information system over HTTP."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from django.conf import settings
from django.utils import timezone

from khcn.domains.traceability.services.eudr import ask_statements
from khcn.domains.traceability.services.subscriptions import deliver_waiting, make_reports
from khcn.lib.actor import Actor
from khcn.standards.eudr.statements import Access, Answer, read_answer
from khcn.web.outgoing import post

TIMEOUT_SECONDS = 20
_LONGEST_ANSWER = 5_000_000


def carry(address: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST a report. Raises OSError when no answer came, or one that is not 2xx."""
    status, _content = post(address, body, headers, seconds=TIMEOUT_SECONDS)
    if status // 100 != 2:
        raise OSError(f"HTTP {status}")


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
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        status, content = post(self.address, message, headers, seconds=TIMEOUT_SECONDS, longest=_LONGEST_ANSWER)
        if status not in (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR):
            raise OSError(f"HTTP {status}")
        return read_answer(content)


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
