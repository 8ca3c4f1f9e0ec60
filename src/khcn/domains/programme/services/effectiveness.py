"""Keeps which agencies apply the electronic quality system effectively, as the quality systems report it for T6."""

import json
from datetime import date
from uuid import UUID

from django.db import transaction

from khcn.domains.programme.models import AgencyEffectiveness
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor


def hear_of_effectiveness(payload: str) -> None:
    """Subscriber of `AgencyFoundEffective`; hearing the same finding twice changes nothing.

    A finding taken back is removed (the audit log keeps it): it never held.
    """
    told = json.loads(payload)
    organisation = Organisation.objects.get(uid=UUID(told["organisation_uid"]))
    begins, ends = date.fromisoformat(told["effective_from"]), date.fromisoformat(told["effective_until"])
    with transaction.atomic():
        if told["is_effective"]:
            row, _ = AgencyEffectiveness.objects.update_or_create(
                organisation=organisation, effective_from=begins,
                defaults={"effective_until": ends, "decision_number": told["decision_number"][:120]},
            )  # fmt: skip
            record(
                by=_system(begins), verb="effectiveness.found", subject=row,
                after={"from": begins, "until": ends, "decision": told["decision_number"]},
            )  # fmt: skip
            return
        for row in AgencyEffectiveness.objects.filter(
            organisation=organisation, decision_number=told["decision_number"][:120]
        ):
            record(
                by=_system(begins), verb="effectiveness.taken_back", subject=row, before={"from": row.effective_from}
            )
            row.delete()


def _system(on: date) -> Actor:
    return Actor(uid=UUID(int=0), name="ISO điện tử", on=on, is_system=True)
