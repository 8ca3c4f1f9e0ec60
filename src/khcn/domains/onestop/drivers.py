"""Carries messages to the national portal over HTTP; without an address in the settings nothing is carried."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django_tasks import task

from khcn.domains.onestop.services.portal import PortalAnswer, push_waiting
from khcn.lib.actor import Actor

TIMEOUT_SECONDS = 20
MAX_ANSWER_BYTES = 1_000_000


class NoPortal(OSError):
    """No portal is set up."""


def carry(message_id: str, payload: Mapping[str, Any]) -> PortalAnswer:
    """Send one status. The portal answers 200 also for errors: its own code inside decides.

    Raises OSError when no answer came, was too slow, or was none that can be read: then it is tried again.
    """
    if not settings.PORTAL_URL.startswith(("http://", "https://")):
        raise NoPortal("Chưa khai báo địa chỉ Cổng dịch vụ công (KHCN_PORTAL_URL).")
    body = json.dumps({"MessageId": message_id, **payload}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Message-Id": message_id}
    request = Request(settings.PORTAL_URL, data=body, headers=headers, method="POST")  # noqa: S310 – scheme checked
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            answer = json.loads(response.read(MAX_ANSWER_BYTES))
    except HTTPError as error:
        raise OSError(f"HTTP {error.code}") from error
    except ValueError as error:
        raise OSError("Cổng trả lời không đọc được") from error
    if not isinstance(answer, dict) or "error_code" not in answer:
        raise OSError("Cổng trả lời thiếu mã kết quả")
    return PortalAnswer(str(answer["error_code"]), str(answer.get("message", "")))


@task()
def push_portal_messages() -> None:
    """Send what waits for the national portal."""
    push_waiting(carry=carry)


def push_on_schedule(*, by: Actor, on: date) -> Any:
    """Send what still waits for the national portal, for the schedule; nothing where no portal is set up."""
    return push_waiting(carry=carry) if settings.PORTAL_URL else None
