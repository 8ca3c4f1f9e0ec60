"""Ends a council: the secretary's and the chair's signature on the minutes, then its closing."""

from collections.abc import Sequence

from django.db import transaction

from khcn.kernel.documents.models import Document
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.models import Council, CouncilPaper
from khcn.kernel.procedures.permissions import own_seat, require_council_step
from khcn.kernel.procedures.queries import has_secretary_signed
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services.councils.steps import MACHINE, lock, require_state, take_step
from khcn.kernel.procedures.services.transitions import log_transition
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role


def sign_as_secretary(*, by: Actor, council: Council) -> None:
    """The council's own secretary signs the minutes first; kept in the log of transitions."""
    seat = own_seat(by, council)
    if seat is None or seat.role != Role.SCI_SECRETARY:
        raise Forbidden("Chỉ thư ký của hội đồng được ký biên bản với tư cách thư ký.")
    with transaction.atomic():
        lock(council)
        require_state(council, CouncilState.COUNTED, what="ký biên bản")
        if has_secretary_signed(council):
            return
        council.save()
        log_transition(
            by=by, subject=council, machine=MACHINE, event="secretary_sign", from_state=council.state,
            to_state=council.state, rule_set=council.rule_set,
        )  # fmt: skip


def sign_minutes(
    *,
    by: Actor,
    council: Council,
    conclusion: str,
    document: Document | None = None,
    verdicts: Sequence[Verdict] = (),
    expected_version: int | None = None,
) -> Council:
    """Whoever presided signs the minutes. document: the minutes as registered; kept with the council's papers."""
    require_council_step(by, council, "sign_minutes")
    if not conclusion.strip():
        raise Refused("Ghi kết luận của hội đồng.", field="conclusion")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        council.conclusion = conclusion.strip()
        if document is not None:
            CouncilPaper.objects.create(council=council, document=document, role="minutes")
        return take_step(by=by, council=council, event="sign_minutes", verdicts=verdicts)


def close_council(*, by: Actor, council: Council, expected_version: int | None = None) -> Council:
    """Close a council whose minutes are signed."""
    require_council_step(by, council, "close")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        return take_step(by=by, council=council, event="close")
