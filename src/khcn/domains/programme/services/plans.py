"""From a plan's file to a running plan: read, shown, corrected by a person, adopted; nothing is adopted unseen."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.programme.choices import AssignmentRole, ContentArea, FundingSourceKind, PlanState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import (
    Assignment,
    ContentLine,
    Objective,
    Plan,
    PlanBasis,
    PlanField,
    PlanReading,
    PlanSource,
)
from khcn.domains.programme.rules.plan_correction import differing_items
from khcn.domains.programme.rules.plan_reading import read_plan, to_review
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.services import register_document
from khcn.kernel.indicators.choices import DenominatorPolicy, Operator
from khcn.kernel.indicators.models import Indicator, Target
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.lib.roles import Role
from khcn.lib.text import fold

EDITORS = (Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)
AREA_WORDS = (
    (ContentArea.INFORMATION_TECHNOLOGY, ("cong nghe thong tin", "chuyen doi so", "so hoa")),
    (ContentArea.BIOTECHNOLOGY, ("sinh hoc",)),
    (ContentArea.NEW_MATERIALS, ("vat lieu",)),
    (ContentArea.MECHANISATION, ("co khi", "tu dong", "co gioi")),
)
SOURCE_WORDS = (
    (FundingSourceKind.S4_COUNTERPART, ("doi ung", "tai tro", "doanh nghiep", "xa hoi hoa")),
    (FundingSourceKind.S3_CENTRAL, ("trung uong",)),
    (FundingSourceKind.S2_CAPITAL, ("dau tu",)),
    (FundingSourceKind.S1_RECURRENT, ("su nghiep",)),
)
DUTY_WORDS = (
    (AssignmentRole.LEAD, ("thuong truc", "chu tri", "tham muu", "theo doi", "tong hop, bao cao")),
    (AssignmentRole.FUND, ("bo tri nguon", "bo tri kinh phi", "tham dinh, tong hop kinh phi", "du toan")),
    (AssignmentRole.PROPAGATE, ("tuyen truyen", "van dong", "pho bien")),
)
INDICATOR_WORDS = (
    ("T1", ("he thong thong tin", "phan mem")),
    ("T2", ("co gioi", "tu dong hoa")),
    ("T3", ("che pham sinh hoc",)),
    ("T4", ("vat lieu nano", "nano")),
    ("T5", ("quy trinh ky thuat", "quy trinh")),
    ("T6", ("iso dien tu", "iso")),
    ("T7", ("sau khi nghiem thu", "nhiem vu")),
)


def start_reading(
    *,
    by: Actor,
    text: str,
    content: bytes,
    filename: str,
    media_type: str,
    warnings: list[str],
    tables: tuple[Any, ...] = (),
) -> PlanReading:
    """Read a plan's text and keep what was found beside it, for a person to correct.

    text: as the intake gave it; content: the file itself, registered as a document. Nothing else is written.
    """
    require_role(by, *EDITORS)
    if not text.strip():
        raise Refused("Tệp không có chữ đọc được. Kiểm tra lại tệp, hoặc quét rõ hơn rồi nhập lại.")
    found = to_review(read_plan(text, tables=tables))
    with transaction.atomic():
        document = register_document(
            by=by, kind=DocumentKind.PLAN, title=found.get("title") or filename, content=content, filename=filename,
            media_type=media_type, number=found.get("number") or "", role="plan",
        )  # fmt: skip
        reading = PlanReading.objects.create(
            document=document, text=text, extracted=found, corrected=found, warnings=warnings, created_by_id=by.user_id
        )
        record(by=by, verb="plan.read", subject=reading, label=filename, after={"targets": len(found["targets"])})
    return reading


def correct_reading(
    *, by: Actor, reading: PlanReading, corrected: dict[str, Any], expected_version: int | None
) -> PlanReading:
    """Keep a person's corrections; what the reader found stays beside them."""
    require_role(by, *EDITORS)
    if reading.plan_id is not None:
        raise NotNow("Kết quả đọc này đã được đưa vào theo dõi; sửa tiếp trên kế hoạch.")
    faults = faults_of(corrected)
    with transaction.atomic():
        _claim_reading(reading, expected_version, corrected)
        before = reading.corrected
        reading.corrected = corrected
        reading.save()
        changed = sorted(key for key in corrected if corrected.get(key) != before.get(key))
        record(by=by, verb="plan.correct", subject=reading, after={"changed": changed, "faults": faults})
    return reading


def _claim_reading(reading: PlanReading, expected: int | None, corrected: dict[str, Any]) -> None:
    """Take the next version; a Stale tells item by item what another person wrote."""
    try:
        reading.claim(expected)
    except Stale:
        stored = PlanReading.objects.values_list("corrected", flat=True).get(pk=reading.pk)
        raise Stale(difference=differing_items(stored, corrected)) from None


def discard_reading(*, by: Actor, reading: PlanReading) -> PlanReading:
    """Put a reading aside; it stays in the log."""
    require_role(by, *EDITORS)
    if reading.plan_id is not None:
        raise NotNow("Kết quả đọc này đã được đưa vào theo dõi nên không bỏ được.")
    with transaction.atomic():
        reading.claim(None)
        reading.discarded_at = timezone.now()
        reading.save()
        record(by=by, verb="plan.discard_reading", subject=reading)
    return reading


def faults_of(corrected: dict[str, Any]) -> list[str]:
    """What keeps a corrected reading from being adopted, as sentences; empty when nothing does."""
    faults = []
    if not corrected.get("title"):
        faults.append("Ghi tên kế hoạch.")
    if not corrected.get("issuer"):
        faults.append("Ghi cơ quan ban hành.")
    period = corrected.get("period") or {}
    first, last = period.get("from"), period.get("to")
    if not isinstance(first, int) or not isinstance(last, int) or first > last:
        faults.append("Ghi giai đoạn của kế hoạch, năm đầu không sau năm cuối.")
    for number, target in enumerate(corrected.get("targets") or [], 1):
        if target.get("operator") not in Operator.values():
            faults.append(f"Chỉ tiêu {number}: chọn cách so sánh.")
        if not isinstance(target.get("quantity"), int | float) or target["quantity"] < 0:
            faults.append(f"Chỉ tiêu {number}: ghi mức là số không âm.")
        if not (target.get("sentence") or "").strip():
            faults.append(f"Chỉ tiêu {number}: giữ lại nguyên văn câu chỉ tiêu.")
    total = corrected.get("total_vnd")
    if total is not None and (not isinstance(total, int) or total < 0):
        faults.append("Tổng kinh phí là số đồng không âm.")
    return faults


def adopt_plan(
    *,
    by: Actor,
    reading: PlanReading,
    code: str,
    standing_body: Organisation | None,
    on: date,
    expected_version: int | None,
    is_illustration: bool = False,
) -> Plan:
    """Make a running plan of a corrected reading: objectives, fields, sources, duties, targets with indicators.

    Raises Refused with every fault, NotNow when it was adopted before, Stale when somebody corrected meanwhile.
    """
    require_role(by, Role.HEAD, Role.DIRECTOR, Role.SPECIALIST)
    found = reading.corrected
    faults = faults_of(found)
    if faults:
        raise Refused(" ".join(faults))
    if not code.strip():
        raise Refused("Đặt mã cho kế hoạch.", field="code")
    if Plan.objects.filter(code=code.strip()).exists():
        raise Refused(f"Mã kế hoạch {code.strip()} đã có.", field="code")
    with transaction.atomic():
        reading.claim(expected_version)
        if reading.plan_id is not None:
            raise NotNow("Kết quả đọc này đã được đưa vào theo dõi.")
        plan = Plan.objects.create(
            code=code.strip(), title=found["title"][:500], number=found.get("number") or "",
            issued_on=_date(found.get("issued_on")), issuer=found["issuer"][:200], period_from=found["period"]["from"],
            period_to=found["period"]["to"], total_vnd=found.get("total_vnd"),
            total_is_approximate="khoang" in fold(str((found.get("total") or {}).get("text", "khoảng"))),
            state=PlanState.ADOPTED, standing_body=standing_body, document=reading.document,
            recipients=_texts(found.get("recipients")), adopted_at=timezone.now(), is_illustration=is_illustration,
        )  # fmt: skip
        _write_parts(plan, found, on)
        reading.plan = plan
        reading.save()
        Document.objects.filter(pk=reading.document_id).update(
            subject_type=plan._meta.label_lower, subject_uid=plan.uid, number=plan.number, issued_on=plan.issued_on
        )
        record(
            by=by, verb="plan.adopt", subject=plan,
            after={"code": plan.code, "targets": len(found["targets"]), "total_vnd": plan.total_vnd},
        )  # fmt: skip
    return plan


def set_standing_body(*, by: Actor, plan: Plan, body: Organisation, expected_version: int | None) -> Plan:
    """Name the body that runs the plan."""
    require_role(by, Role.HEAD, Role.DIRECTOR)
    with transaction.atomic():
        plan.claim(expected_version, {"standing_body": body})
        plan.standing_body = body
        plan.save()
        record(by=by, verb="plan.standing_body", subject=plan, after={"body": str(body)})
    return plan


def suggest_indicator(sentence: str, unit: str, subject: str = "") -> str:
    """The code of the indicator that a target most likely asks for, empty when none fits; a person decides."""
    for text in (unit, subject, sentence):
        folded = fold(text or "")
        for code, words in INDICATOR_WORDS:
            if any(word in folded for word in words):
                return code
    return ""


def area_of(title: str) -> ContentArea:
    """The area of a field of content by its title."""
    folded = fold(title)
    return next((area for area, words in AREA_WORDS if any(word in folded for word in words)), ContentArea.OTHER)


def source_kind_of(text: str) -> FundingSourceKind:
    """The kind of a source of money by its wording."""
    folded = fold(text)
    for kind, words in SOURCE_WORDS:
        if any(word in folded for word in words):
            return kind
    return FundingSourceKind.UNDETERMINED


def duty_role_of(text: str) -> AssignmentRole:
    """The role that a duty gives by its verbs."""
    folded = fold(text)
    if folded.startswith("phoi hop"):
        return AssignmentRole.COORDINATE
    for role, words in DUTY_WORDS:
        if any(word in folded for word in words):
            return role
    return AssignmentRole.COORDINATE


def _write_parts(plan: Plan, found: dict[str, Any], on: date) -> None:
    for ordinal, basis in enumerate(found.get("legal_bases") or [], 1):
        PlanBasis.objects.create(
            plan=plan, ordinal=ordinal, text=basis.get("raw") or basis.get("number") or "",
            number=basis.get("number") or "", issued_on=_date(basis.get("issued_on")),
        )  # fmt: skip
    for ordinal, text in enumerate(_texts(found.get("objectives")), 1):
        Objective.objects.create(plan=plan, ordinal=ordinal, text=text)
    for ordinal, item in enumerate(found.get("fields") or [], 1):
        field = PlanField.objects.create(
            plan=plan, ordinal=ordinal, title=item["title"][:300], area=area_of(item["title"])
        )
        ContentLine.objects.bulk_create(
            ContentLine(field=field, ordinal=index, text=text) for index, text in enumerate(_texts(item["lines"]), 1)
        )
    for ordinal, text in enumerate(_texts(found.get("sources")), 1):
        PlanSource.objects.create(plan=plan, ordinal=ordinal, text=text, kind=source_kind_of(text))
    _write_duties(plan, found, on)
    _write_targets(plan, found)


def _write_duties(plan: Plan, found: dict[str, Any], on: date) -> None:
    known = {fold(body.name): body for body in organisations_on(plan.issued_on or date(plan.period_from, 1, 1))}
    for group, duty in enumerate(found.get("duties") or [], 1):
        bodies = [known[fold(unit)] for unit in duty["units"] if fold(unit) in known]
        for ordinal, text in enumerate(_texts(duty["clauses"]), 1):
            assignment = Assignment.objects.create(
                plan=plan, group=group, ordinal=ordinal, units_text="; ".join(duty["units"]), duty=text,
                role=duty_role_of(text), due_on=date(plan.period_to, 12, 31),
            )  # fmt: skip
            assignment.organisations.set(bodies)


def _write_targets(plan: Plan, found: dict[str, Any]) -> None:
    for ordinal, item in enumerate(found.get("targets") or [], 1):
        code = item.get("indicator")
        if code is None:
            code = suggest_indicator(item["sentence"], item.get("unit") or "", item.get("subject") or "")
        indicator = Indicator.objects.filter(code=code).order_by("-version").first() if code else None
        if indicator is None:
            indicator = Indicator.objects.create(
                code=f"{plan.code}-{ordinal:02d}"[:40], name=item["sentence"][:300], unit=(item.get("unit") or "")[:60],
                definition="Nhập tay kèm minh chứng.",
            )  # fmt: skip
        Target.objects.create(
            indicator=indicator, scope_uid=plan.uid, ordinal=ordinal, operator=item["operator"],
            value=Decimal(str(item["quantity"])), unit=(item.get("unit") or "")[:200], sentence=item["sentence"],
            due_on=_date(item.get("due_on")) or date(plan.period_to, 12, 31),
            denominator=DenominatorPolicy.FROZEN if item.get("unit") == "%" else DenominatorPolicy.NONE,
            frozen_on=date(plan.period_to, 6, 30) if item.get("unit") == "%" else None,
        )  # fmt: skip


def _texts(items: Any) -> list[str]:
    texts = [item if isinstance(item, str) else str(item.get("text", "")) for item in items or []]
    return [re.sub(r"\s+", " ", text).strip() for text in texts if text and text.strip()]


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
