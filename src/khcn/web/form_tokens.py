"""One-time tokens of forms: a double click or a repeated send does the work once and lands on the same page.

A token is claimed by inserting a row with its own key into the table of sessions, which every process shares and
whose primary key makes the claim atomic; the row then keeps where the first send led. Nothing is known about what
the forms do.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from khcn.web.shared_commits import commit_together

FIELD = "_once"
KEPT_FOR = timedelta(days=1)
#: How long a second send waits for the first one's outcome.
PATIENCE_SECONDS = 10.0


def new_token() -> str:
    """A token for one rendering of one form."""
    return secrets.token_urlsafe(24)


def send_once(
    request: HttpRequest, act: Callable[[], HttpResponseBase], *, sleep: Callable[[float], None] = time.sleep
) -> HttpResponseBase:
    """Run `act` for the first send of the form's token; a later send is led to where the first one led.

    A response that is not a redirect means that the act did not happen (a form with errors): the token is free again.
    A form without a token is simply run.
    """
    token = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if not token:
        return act()
    key = _key(request, token)
    if not _claim(key):
        return _redirect(request, _outcome(key, sleep) or request.get_full_path())
    try:
        response = act()
    except BaseException:
        commit_together(lambda: Session.objects.filter(pk=key).delete())
        raise
    address = response.get("HX-Redirect") or response.get("Location") or ""
    if address:
        commit_together(lambda: Session.objects.filter(pk=key).update(session_data=_encoded(address)))
    else:
        commit_together(lambda: Session.objects.filter(pk=key).delete())
    return response


def _key(request: HttpRequest, token: str) -> str:
    text = f"{request.user.pk}|{request.path}|{token}"
    return "once" + hashlib.sha256(text.encode()).hexdigest()[:36]


def _encoded(address: str) -> str:
    return SessionStore().encode({"address": address})


def _claim(key: str) -> bool:
    row = Session(session_key=key, session_data=_encoded(""), expire_date=timezone.now() + KEPT_FOR)
    try:
        commit_together(lambda: row.save(force_insert=True))
    except IntegrityError:
        return False
    return True


def _outcome(key: str, sleep: Callable[[float], None]) -> str:
    waited = 0.0
    while waited < PATIENCE_SECONDS:
        row = Session.objects.filter(pk=key).first()
        if row is None:
            return ""
        address = row.get_decoded().get("address", "")
        if address:
            return address
        sleep(0.2)
        waited += 0.2
    return ""


def _redirect(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
