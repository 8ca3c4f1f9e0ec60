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

    A finding is that of the year whose last day it names: found again by another decision, it stays one row from the
    first day on which it held; taken back or found no longer, it is removed (the audit log keeps it). A finding that
    ended before it was confirmed moves nothing.
    """
    told = json.loads(payload)
    organisation = Organisation.objects.get(uid=UUID(told["organisation_uid"]))
    begins, ends = date.fromisoformat(told["effective_from"]), date.fromisoformat(told["effective_until"])
    number = told["decision_number"][:120]
    with transaction.atomic():
        known = AgencyEffectiveness.objects.filter(organisation=organisation, effective_until=ends)
        if not told["is_effective"]:
            for row in known:
                record(
                    by=_system(begins), verb="effectiveness.taken_back", subject=row,
                    before={"from": row.effective_from, "decision": row.decision_number}, after={"decision": number},
                )  # fmt: skip
                row.delete()
            return
        if begins > ends:
            return
        first = min([begins, *known.values_list("effective_from", flat=True)])
        row, _ = AgencyEffectiveness.objects.update_or_create(
            organisation=organisation, effective_until=ends,
            defaults={"effective_from": first, "decision_number": number},
        )  # fmt: skip
        record(
            by=_system(begins), verb="effectiveness.found", subject=row,
            after={"from": first, "until": ends, "decision": number},
        )  # fmt: skip


def _system(on: date) -> Actor:
    return Actor(uid=UUID(int=0), name="ISO điện tử", on=on, is_system=True)
