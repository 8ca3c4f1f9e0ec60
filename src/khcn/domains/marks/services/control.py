"""Plans controls by risk, keeps what visits found, and follows nonconformities to sanction, appeal and end."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from khcn.domains.marks.choices import FaultGrade, FaultState, Sanction, Tier, UseAct, UseState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import ControlVisit, Fault, Right, UseRight, VisitItem, VisitPhoto
from khcn.domains.marks.permissions import manager_of, require_decider, require_keeper, require_use_keeper
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.queries.register import specification_on
from khcn.domains.marks.rules.lines import within
from khcn.domains.marks.rules.sampling import FITTING, Member, risk_of, sample
from khcn.domains.marks.services.uses import decide
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.roles import Role
from khcn.web.uploads import IMAGE_KINDS, check_upload

QUESTIONS = (
    _("Sổ sách, nhật ký ghi đủ và khớp khối lượng"), _("Hàng trong khu vực để riêng với hàng ngoài khu vực"),
    _("Tem dùng đúng lô, tem hỏng được trả lại"),
)  # fmt: skip

MOST_PHOTOS = 12


def plan_controls(*, by: Actor, right: Right, tier: Tier, start: date, days: int = 90) -> list[ControlVisit]:
    """Plan the visits of a tier from a day on: the share of members that the dated law asks for, the riskiest first.

    Visits are spread over `days`. Raises Forbidden, Refused where no member holds the right.
    """
    require_keeper(by, right)
    limits = parameters_on(start)
    weights = {key: float(value) for key, value in limits.items()}
    uses = list(right.uses.filter(state=UseState.GRANTED).prefetch_related("faults", "results", "plots", "visits"))
    if not uses:
        raise Refused("Chưa có thành viên nào được sử dụng quyền.")
    risks = {use.pk: risk_of(member_of(use), weights, start) for use in uses}
    share = weights.get(f"control.share.{tier.value}", 1.0)
    chosen = sample(risks, share, weights.get("control.by_lot", 0.25), start.toordinal())
    by_key = {use.pk: use for use in uses}
    visits = []
    with transaction.atomic():
        for place, key in enumerate(chosen):
            planned_on = start + timedelta(days=round(days * place / len(chosen)))
            visit = ControlVisit.objects.create(use=by_key[key], tier=tier, planned_on=planned_on, risk=risks[key])
            _checklist(visit)
            visits.append(visit)
        record(by=by, verb="mark.control_plan", subject=right, after={"tier": tier, "visits": len(visits)})
    return visits


def member_of(use: UseRight) -> Member:
    """What the risk of a member is read from."""
    faults = {grade: sum(1 for one in use.faults.all() if one.grade == grade) for grade in FaultGrade}
    plots = list(use.plots.all())
    outside = 1 - sum(plot.least for plot in plots) / len(plots) if plots else 1.0
    controls = [one.done_on for one in use.visits.all() if one.done_on is not None]
    failed = sum(1 for one in use.results.all() if not one.passed)
    return Member(use.pk, faults, failed, outside, max(controls, default=None))


def _checklist(visit: ControlVisit) -> None:
    specification = specification_on(visit.use.right, visit.planned_on)
    products = set(visit.use.products.values_list("pk", flat=True))
    rows = [
        VisitItem(visit=visit, place=0, parameter=one, question=one.name)
        for one in (specification.parameters.all() if specification else ())
        if one.product_id is None or one.product_id in products
    ]
    rows += [VisitItem(visit=visit, place=0, question=question) for question in QUESTIONS]
    for place, row in enumerate(rows, start=1):
        row.place = place
    VisitItem.objects.bulk_create(rows)


def finish_visit(
    *, by: Actor, visit: ControlVisit, done_on: date, controller: str, answers: Mapping[int, Mapping[str, Any]],
    conclusion: str = "", photos: Sequence[tuple[bytes, str]] = (), position: tuple[float, float] | None = None,
    record_uid: UUID | None = None, expected_version: int | None = None,
) -> ControlVisit:  # fmt: skip
    """Keep what a visit found. answers: by key of the item {value, passed, note}; numbers are held against limits.

    photos: (bytes, file name). record_uid: the number that a phone gave its form; the same one again changes nothing.
    A self-control is the member's own. Raises Forbidden, Refused for a missing answer, MarkStepRefused, Stale.
    """
    if visit.tier == Tier.SELF:
        require_use_keeper(by, visit.use)
    else:
        require_keeper(by, visit.use.right)
    if not controller.strip():
        raise Refused("Ghi tên người kiểm tra.", field="controller")
    if len(photos) > MOST_PHOTOS:
        raise Refused(f"Mỗi lượt giữ nhiều nhất {MOST_PHOTOS} ảnh.", field="photos")
    if record_uid is not None and ControlVisit.objects.filter(pk=visit.pk, record=record_uid).exists():
        return visit
    with transaction.atomic():
        visit.claim(expected_version)
        visit.refresh_from_db(fields=["done_on"])
        if visit.done_on is not None:
            raise MarkStepRefused("Lượt kiểm soát này đã ghi kết quả.")
        for item in visit.items.select_related("parameter"):
            _answer(item, answers.get(item.pk, {}))
        for place, (content, name) in enumerate(photos, start=1):
            checked = check_upload(content, name, allowed=IMAGE_KINDS)
            stored = store_file(by=by, content=content, media_type=checked.kind.media_type)
            VisitPhoto.objects.create(visit=visit, place=place, file=stored)
        if position is not None:
            visit.latitude, visit.longitude = position
        visit.done_on, visit.controller, visit.conclusion = done_on, controller.strip()[:200], conclusion.strip()
        visit.done_by_id, visit.record = by.user_id, record_uid
        visit.save()
        record(by=by, verb="mark.visit", subject=visit.use, after={"tier": visit.tier, "on": done_on})
    return visit


def _answer(item: VisitItem, given: Mapping[str, Any]) -> None:
    value: Decimal | None = given.get("value")
    limit = item.parameter
    if limit is not None and (limit.minimum is not None or limit.maximum is not None) and value is not None:
        item.value, item.passed = value, within(value, limit.minimum, limit.maximum)
    else:
        item.passed = given.get("passed")
    if item.passed is None:
        raise Refused(f"Chưa ghi kết quả mục “{item.question}”.")
    item.note = str(given.get("note") or "")[:300]
    item.save()


def note_fault(
    *, by: Actor, use: UseRight, grade: FaultGrade, text: str, found_on: date, visit: ControlVisit | None = None
) -> Fault:
    """Keep a nonconformity; the days to mend it come from the dated law. Raises Forbidden, Refused."""
    require_keeper(by, use.right)
    if not text.strip():
        raise Refused("Ghi điều không phù hợp.", field="text")
    days = int(parameters_on(found_on).get(f"fault.days.{grade.value}", Decimal(30)))
    with transaction.atomic():
        fault = Fault.objects.create(
            use=use, visit=visit, grade=grade, text=text.strip()[:500], found_on=found_on,
            due_on=found_on + timedelta(days=days),
        )  # fmt: skip
        record(by=by, verb="mark.fault", subject=use, after={"grade": grade, "text": text})
    return fault


def sanction_fault(
    *, by: Actor, fault: Fault, sanction: Sanction, on: date, decision: str, expected_version: int | None = None
) -> Fault:
    """Warn, suspend or revoke because of a nonconformity; never more than its grade allows.

    Raises Forbidden, Refused for a sanction too heavy, MarkStepRefused once it is closed, Stale.
    """
    require_decider(by, fault.use.right)
    heaviest = list(Sanction).index(FITTING[FaultGrade(fault.grade)])
    if not 1 <= list(Sanction).index(sanction) <= heaviest:
        said = FITTING[FaultGrade(fault.grade)].label
        raise Refused(f"Mức độ này chỉ xử lý đến “{said}”.", field="sanction")
    with transaction.atomic():
        fault.claim(expected_version)
        fault.refresh_from_db(fields=["state"])
        _require(fault, FaultState.OPEN)
        if sanction is not Sanction.WARNING:
            act = UseAct.SUSPEND if sanction is Sanction.SUSPENSION else UseAct.REVOKE
            decide(by=by, use=fault.use, act=act, on=on, decision=decision, reason=fault.text)
        fault.sanction, fault.sanction_on, fault.sanction_decision = sanction, on, decision.strip()[:200]
        fault.save()
        record(by=by, verb="mark.sanction", subject=fault.use, after={"sanction": sanction, "decision": decision})
    return fault


def appeal_fault(*, by: Actor, fault: Fault, text: str, on: date, expected_version: int | None = None) -> Fault:
    """The member appeals against a nonconformity or its sanction, within the days that the dated law gives.

    The days run from the sanction where there is one. Raises Forbidden, Refused, MarkStepRefused, Stale.
    """
    require_use_keeper(by, fault.use)
    limits = parameters_on(on)
    days = int(limits.get("fault.appeal_days", Decimal(15)))
    if on > (fault.sanction_on or fault.found_on) + timedelta(days=days):
        raise Refused(f"Đã quá {days} ngày để khiếu nại.", field="text")
    if not text.strip():
        raise Refused("Ghi nội dung khiếu nại.", field="text")
    answer_due_on = on + timedelta(days=int(limits.get("fault.answer_days", Decimal(30))))
    values = {"appeal": text.strip(), "appealed_on": on, "answer_due_on": answer_due_on}
    with transaction.atomic():
        changed = _change(by, fault, "mark.appeal", FaultState.APPEALED, values, expected_version)
        party = manager_of(fault.use.right)
        if party is not None and party.organisation_id is not None:
            notify(
                recipients=holders_of(Role.HEAD, on=on, organisation_id=party.organisation_id), kind=NoticeKind.DO,
                title="Có khiếu nại về xử lý vi phạm", body=f"{fault.use.holder}: {fault.text}", subject=fault,
                url=reverse("mark_use", args=[fault.use.code]), due_on=answer_due_on,
            )  # fmt: skip
    return changed


def answer_appeal(
    *, by: Actor, fault: Fault, upheld: bool, text: str, on: date, decision: str = "",
    expected_version: int | None = None,
) -> Fault:  # fmt: skip
    """Answer an appeal; one that is right lifts the nonconformity, and with it a suspension or revocation.

    What is lifted is given back from `on`, which may be the day of the sanction. decision: the number of what gives it
    back. Raises as above.
    """
    require_decider(by, fault.use.right)
    if not text.strip():
        raise Refused("Ghi nội dung trả lời.", field="text")
    back = {Sanction.SUSPENSION: UseAct.RESUME, Sanction.REVOCATION: UseAct.RESTORE}.get(Sanction(fault.sanction))
    taken = fault.use.state in (UseState.SUSPENDED, UseState.REVOKED)
    gives_back = not upheld and back is not None and taken
    if gives_back and not decision.strip():
        raise Refused("Ghi số quyết định cho dùng lại.", field="decision")
    with transaction.atomic():
        target = FaultState.OPEN if upheld else FaultState.LIFTED
        values = {"answer": text.strip(), "answered_on": on}
        changed = _change(by, fault, "mark.appeal_answer", target, values, expected_version, source=FaultState.APPEALED)
        if gives_back and back is not None:
            decide(by=by, use=fault.use, act=back, on=on, decision=decision, reason=text.strip())
    return changed


def close_fault(*, by: Actor, fault: Fault, remedy: str, expected_version: int | None = None) -> Fault:
    """Say that a nonconformity was mended. Raises Forbidden, Refused, MarkStepRefused, Stale."""
    require_keeper(by, fault.use.right)
    if not remedy.strip():
        raise Refused("Ghi việc đã khắc phục.", field="remedy")
    return _change(by, fault, "mark.fault_close", FaultState.CLOSED, {"remedy": remedy.strip()}, expected_version)


def _change(
    by: Actor, fault: Fault, verb: str, target: FaultState, values: Mapping[str, Any], expected: int | None,
    source: FaultState = FaultState.OPEN,
) -> Fault:  # fmt: skip
    with transaction.atomic():
        fault.claim(expected, dict(values))
        fault.refresh_from_db(fields=["state", "sanction"])
        _require(fault, source)
        for name, value in values.items():
            setattr(fault, name, value)
        fault.state = target
        fault.save()
        record(by=by, verb=verb, subject=fault.use, after={name: str(value) for name, value in values.items()})
    return fault


def _require(fault: Fault, *states: FaultState) -> None:
    if fault.state not in states:
        raise MarkStepRefused(
            f"Không làm được việc này khi điểm không phù hợp ở trạng thái “{FaultState(fault.state).label}”."
        )


def open_faults(uses: Sequence[UseRight]) -> int:
    """How many nonconformities of these members wait."""
    return Fault.objects.filter(use__in=uses, state__in=[FaultState.OPEN, FaultState.APPEALED]).count()
