"""A person's keys for desktop programs, and how such programs connect."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.geodata.forms.layers import KeyForm
from khcn.domains.geodata.models import MapKey
from khcn.domains.geodata.services import keys
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen


@screen
def map_keys(request: HttpRequest) -> HttpResponseBase:
    """The actor's keys; a new one is shown once."""
    actor, shown = actor_of(request), ""
    form = KeyForm(request.POST or None, initial={"ends_on": timezone.localdate() + timedelta(days=180)})
    if form.is_valid():
        with form.refusals():
            _key, shown = keys.issue_key(by=actor, **form.cleaned_data)
            form = KeyForm(initial={"ends_on": timezone.localdate() + timedelta(days=180)})
    rows = MapKey.objects.filter(user_id=actor.user_id or 0)
    context = {
        "form": form, "keys": rows, "shown": shown, "today": timezone.localdate(),
        "address": request.build_absolute_uri(reverse("ogc_landing")),
    }  # fmt: skip
    return page(request, "geodata/keys.html", context, status=form.status)


@screen(methods=("POST",))
def map_key_revoke(request: HttpRequest, uid: str) -> HttpResponseBase:
    """End a key at once."""
    actor = actor_of(request)
    keys.revoke_key(by=actor, key=get_object_or_404(MapKey, uid=uid, user_id=actor.user_id))
    return done(request, _("Đã thu hồi khóa."), reverse("map_keys"))
