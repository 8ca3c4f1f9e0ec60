"""My profile: who I am on record, the roles I hold and from where, and what I hand to others while I am away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.kernel.orgs.models import Delegation
from khcn.kernel.orgs.queries import delegations_of, posts_held_by
from khcn.kernel.orgs.services import give_delegation, withdraw_delegation
from khcn.lib.failure import Forbidden
from khcn.site.forms.people import DelegationGivingForm
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen


@screen(methods=("GET", "HEAD"))
def profile(request: HttpRequest) -> HttpResponse:
    """`/ho-so-cua-toi/`."""
    person = request.user.person  # type: ignore[union-attr]
    today = timezone.localdate()
    context = {
        "person": person,
        "today": today,
        "held": list(posts_held_by(person, on=today)) if person else [],
        "delegations": list(delegations_of(person)[:50]) if person else [],
    }
    return page(request, "site/profile.html", context)


@screen
def delegation_new(request: HttpRequest) -> HttpResponse:
    """`/ho-so-cua-toi/uy-quyen/`: hand some of my roles to another person for a while."""
    actor = actor_of(request)
    person = request.user.person  # type: ignore[union-attr]
    if person is None:
        raise Forbidden(_("Tài khoản này không gắn với người nào nên không ủy quyền được."))
    today = timezone.localdate()
    form = DelegationGivingForm(request.POST or None, giver=person, on=today, initial={"valid_from": today})
    if form.is_valid():
        with form.refusals():
            give_delegation(by=actor, **form.cleaned_data)
            return done(request, _("Đã ghi ủy quyền."), reverse("profile"))
    return page(request, "site/delegation_form.html", {"form": form}, status=form.status)


@screen(methods=("POST",))
def delegation_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a delegation back from today on."""
    person = request.user.person  # type: ignore[union-attr]
    mine = delegations_of(person) if person else Delegation.objects.none()
    delegation = get_object_or_404(mine, uid=uid)
    withdraw_delegation(by=actor_of(request), delegation=delegation, on=timezone.localdate())
    return done(request, _("Đã rút ủy quyền từ hôm nay."), reverse("profile"))
