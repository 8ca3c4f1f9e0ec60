"""What every page does around its own work: sign-in, refusals told in sentences, htmx, one-time forms.

A view parses, asks one service or query and renders; this module turns the `Failure` that a service raises into what
the person sees. It knows no models.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from khcn.lib.failure import Failure, Forbidden, Stale
from khcn.web.form_tokens import FIELD, send_once
from khcn.web.wording import said

View = Callable[..., HttpResponseBase]


def screen(view: View | None = None, *, login: bool = True, methods: tuple[str, ...] = ("GET", "HEAD", "POST")) -> Any:
    """Decorate a view: `@screen`, or `@screen(login=False)`, or `@screen(methods=("POST",))`.

    Signed-out people are led to the sign-in page (htmx requests too). A form's one-time token is honoured.
    Failures become pages: Forbidden 403, Stale 409 with the difference, any other 422 – or, after a plain form, a
    message on the page the person came from. Views answer `request.htmx` with a partial: see `page`.
    """

    def decorate(inner: View) -> View:
        @wraps(inner)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            if login and not request.user.is_authenticated:
                return _to_login(request)
            try:
                return send_once(request, lambda: inner(request, *args, **kwargs))
            except Failure as failure:
                return answer_failure(request, failure)

        return run

    return decorate(view) if view is not None else decorate


def answer_failure(request: HttpRequest, failure: Failure) -> HttpResponse:
    """The page, partial or message that tells a person of a failure."""
    if isinstance(failure, Stale):
        return _stale(request, failure)
    status = 403 if isinstance(failure, Forbidden) else 422
    if is_htmx(request):
        return toast(request, said(failure.message), tone="bad", status=status)
    back = _came_from(request)
    if request.method == "POST" and back:
        messages.error(request, said(failure.message))
        return HttpResponseRedirect(back)
    template = "errors/403.html" if status == 403 else "errors/refused.html"
    return render(request, template, {"message": said(failure.message)}, status=status)


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200, part: str = ""
) -> HttpResponse:
    """Render a page; for an htmx request only the named `{% partialdef part %}` of it.

    template: e.g. "programme/task_list.html". part: name of the partial that htmx swaps; left out, the page is whole.
    """
    # Filters take the list and the chips out of a whole page, so they ask for one.
    whole = request.headers.get("HX-Boosted") or request.headers.get("X-Khcn-Whole")
    name = f"{template}#{part}" if part and is_htmx(request) and not whole else template
    response = render(request, name, context, status=status)
    response["Vary"] = "HX-Request, X-Khcn-Whole, Cookie"
    return response


def done(request: HttpRequest, message: str, to: str, *, undo: str = "") -> HttpResponse:
    """After an act: say so in a toast on the next page and go there.

    message: a whole sentence. to: address. undo: address that takes the act back by POST, offered in the toast.
    """
    messages.success(request, message, extra_tags=f"undo:{undo}" if undo else "")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def toast(request: HttpRequest, message: str, *, tone: str = "done", status: int = 200) -> HttpResponse:
    """Answer an htmx request with a toast only; nothing on the page is swapped."""
    return HttpResponse(
        status=status,
        headers={"HX-Reswap": "none", "HX-Trigger": json.dumps({"khcn:toast": {"text": message, "tone": tone}})},
    )


def is_htmx(request: HttpRequest) -> bool:
    """True for a request that htmx sent for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def version_of(request: HttpRequest) -> int | None:
    """The version that the form was filled from; None where the person chose to write over the newer one.

    Pass it to the service as the expected version. Raises Http404 for what is no number.
    """
    raw = request.POST.get("version", "")
    if raw and not raw.isdecimal():
        raise Http404
    return int(raw) if raw else None


def _stale(request: HttpRequest, failure: Stale) -> HttpResponse:
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in {
        "csrfmiddlewaretoken", "version", FIELD}]  # fmt: skip
    context = {
        "message": said(failure.message),
        "difference": failure.difference,
        "is_compared": failure.is_compared,
        "sent": sent,
        "has_files": bool(request.FILES),
        "here": request.get_full_path(),
        "latest": _came_from(request) or request.path,
    }
    response = render(request, "errors/stale.html", context, status=409)
    if is_htmx(request):
        response["HX-Retarget"] = "body"
        response["HX-Reswap"] = "innerHTML"
    return response


def _came_from(request: HttpRequest) -> str:
    """The page of our own that the person came from, or an empty string."""
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return ""


def _to_login(request: HttpRequest) -> HttpResponse:
    if is_htmx(request):
        response = redirect_to_login(request.headers.get("HX-Current-URL") or "/")
        return HttpResponse(
            _("Phiên làm việc đã hết. Vui lòng đăng nhập lại."),
            status=401,
            headers={"HX-Redirect": response["Location"]},
        )
    return redirect_to_login(request.get_full_path())
