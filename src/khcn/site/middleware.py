"""What every request passes: its language, the policy of its page; for the signed-in lock, day and second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from khcn.kernel.orgs.models import User
from khcn.lib.roles import Role
from khcn.web.screens import is_htmx

SEEN, LIMIT, DAY, STRONG = "khcn.seen", "khcn.idle", "khcn.day", "khcn.strong"
#: How stale the time of last use in the session may be; saves a write on most requests.
GRAIN_SECONDS = 60
#: Roles whose work weighs enough for the shorter limit.
GUARDED_ROLES = (Role.SYSADMIN, Role.ACCOUNTANT, Role.FINANCE)

_LANGUAGES = {code for code, _name in settings.LANGUAGES}
Handler = Callable[[HttpRequest], HttpResponse]


class Language:
    """The language of the page: the one chosen in this browser, else the account's, else Vietnamese.

    What the browser was installed with does not count: many offices run theirs in English and work in Vietnamese.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Switch, answer, and name the language in the answer."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in _LANGUAGES and isinstance(request.user, User):
            chosen = request.user.language
        with translation.override(chosen if chosen in _LANGUAGES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class ContentPolicy(CSPMiddleware):
    """The Content-Security-Policy of the settings, put together once and not for every answer.

    An answer that brings a policy or changes the usual one, and a page that asked for a nonce, get theirs as ever.
    """

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        policy = settings.CONTENT_SECURITY_POLICY
        reported = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        is_one_for_all = set(policy) == {"DIRECTIVES"} and not reported and not settings.DEBUG
        self._usual = build_policy() if is_one_for_all else ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Name the policy in the answer."""
        own = hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response))
        if own or not self._usual or HEADER in response:
            return super().process_response(request, response)
        response.headers[HEADER] = self._usual
        return response


class IdleLock:
    """Signs a person out after `IDLE_MINUTES` (or `IDLE_MINUTES_GUARDED` for weighty roles) without a request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lock, or note the time and the day of this use."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        session = request.session
        seen = session.get(SEEN)
        if seen is not None and now - seen > session.get(LIMIT, settings.IDLE_MINUTES) * 60:
            return self._lock(request)
        if seen is None:
            session[LIMIT] = _limit(request)
        if seen is None or now - seen >= GRAIN_SECONDS:
            session[SEEN] = now
        today = timezone.localdate()
        if session.get(DAY) != today.isoformat():
            session[DAY] = today.isoformat()
            User.objects.filter(pk=request.user.pk).update(last_seen_on=today)
        return self.get_response(request)

    def _lock(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path() if request.method == "GET" and not is_htmx(request) else "/"
        logout(request)
        messages.warning(request, _("Đã lâu không thao tác nên phiên làm việc được khóa. Vui lòng đăng nhập lại."))
        response = redirect_to_login(address)
        if is_htmx(request):
            return HttpResponse(status=401, headers={"HX-Redirect": response["Location"]})
        return response


class SecondFactor:
    """Where `REQUIRE_SECOND_FACTOR` holds, leads those without one to the page where they set it up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass, or lead to the page of second factors."""
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated or request.session.get(STRONG):
            return self.get_response(request)
        account_pages = reverse("account_login").rsplit("/", 2)[0] + "/"
        if request.path.startswith((account_pages, reverse("set_language"), settings.STATIC_URL)):
            return self.get_response(request)
        if is_mfa_enabled(request.user):
            request.session[STRONG] = True
            return self.get_response(request)
        messages.warning(request, _("Tài khoản của cơ quan phải có xác thực hai bước. Vui lòng thiết lập để tiếp tục."))
        return HttpResponseRedirect(reverse("mfa_index"))


def _limit(request: HttpRequest) -> int:
    actor = request.actor  # type: ignore[attr-defined]
    return settings.IDLE_MINUTES_GUARDED if actor.holds(*GUARDED_ROLES) else settings.IDLE_MINUTES
