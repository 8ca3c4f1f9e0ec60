"""Small answers that pages and machines ask for: amounts in words, the language, whether the site stands."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

from khcn.kernel.orgs.models import User
from khcn.lib.money import in_words, parse_vnd
from khcn.lib.unreadable import Unreadable
from khcn.web.screens import screen
from khcn.web.wording import said


@screen(methods=("GET",))
def amount_in_words(request: HttpRequest) -> HttpResponse:
    """`{"words": …}` for an amount as typed, or `{"problem": …}` with a sentence that says how to write it."""
    try:
        amount = parse_vnd(request.GET.get("q", "")[:100], allow_negative=True)
    except Unreadable as error:
        return JsonResponse({"words": "", "problem": said(error.message)})
    return JsonResponse({"words": in_words(amount), "problem": "", "amount": amount})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, and remember it with the account."""
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and isinstance(request.user, User) and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return django_set_language(request)


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers; an error otherwise. For the launcher and the load balancer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain")
