"""Reminds the managers of rights of terms that run out and of nonconformities past their day."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from khcn.domains.marks.choices import FaultState, RightRole, UseState
from khcn.domains.marks.models import Fault, RightParty, UseRight
from khcn.domains.marks.queries.law import parameters_on
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


def remind_of_terms(*, by: Actor, on: date) -> int:
    """Tell the specialists of each manager; an open line is not repeated. Returns how many lines were written."""
    days = int(parameters_on(on).get("use.remind_days", Decimal(90)))
    told = 0
    ending = UseRight.objects.filter(
        state__in=[UseState.GRANTED, UseState.SUSPENDED], valid_to__gt=on, valid_to__lte=on + timedelta(days=days)
    )
    for use in ending.select_related("right"):
        told += len(
            notify(
                recipients=_specialists(use, on), kind=NoticeKind.DO, title="Quyền sử dụng sắp hết hạn", subject=use,
                body=use.holder, url=reverse("mark_use", args=[use.code]), due_on=use.valid_to,
            )
        )  # fmt: skip
    for fault in Fault.objects.filter(state=FaultState.OPEN, due_on__lt=on).select_related("use__right"):
        told += len(
            notify(
                recipients=_specialists(fault.use, on), kind=NoticeKind.LATE,
                title="Điểm không phù hợp quá hạn khắc phục", subject=fault, body=fault.text,
                url=reverse("mark_use", args=[fault.use.code]), due_on=fault.due_on,
            )
        )  # fmt: skip
    return told


def _specialists(use: UseRight, on: date) -> list[User]:
    parties = RightParty.objects.valid_on(on).filter(right=use.right, role=RightRole.MANAGER)
    places = parties.exclude(organisation=None).values_list("organisation_id", flat=True)
    return [user for place in places for user in holders_of(Role.SPECIALIST, on=on, organisation_id=place)]
