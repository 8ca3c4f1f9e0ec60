"""Fills the agenda of a management review from records: the inputs a–f of clause 9.3.2, as plain values with ids."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from khcn.domains.qms.choices import AuditState, FindingKind, NonconformityState, RevisionState
from khcn.domains.qms.models import (
    Audit,
    ChecklistItem,
    Complaint,
    ContextIssue,
    DocumentRevision,
    ImprovementIdea,
    InspectionFinding,
    InterestedParty,
    ManagementReview,
    Nonconformity,
    Objective,
    QualitySystem,
    ReviewDecision,
    Risk,
    SupplierEvaluation,
    Training,
)
from khcn.domains.qms.queries.dossiers import dossier_facts
from khcn.domains.qms.queries.people import skill_gaps
from khcn.domains.qms.queries.scope import scope_difference
from khcn.domains.qms.queries.voices import voices_of
from khcn.domains.qms.rules.risks import level_of
from khcn.lib.money import format_number

LETTERS = ("a", "b", "c", "d", "e", "f")


@dataclass(slots=True)
class Input:
    """One input: letter, title, lines of text, uids of the records it was read from."""

    letter: str
    title: str
    lines: list[str]
    records: list[str]

    def plain(self) -> dict[str, Any]:
        """As it is frozen."""
        return {"letter": self.letter, "title": self.title, "lines": self.lines, "records": self.records}


def compile_inputs(system: QualitySystem, *, on: date) -> list[Input]:
    """All inputs over the year up to the day, or since the last review held."""
    last = ManagementReview.objects.filter(system=system, held_on__lt=on).order_by("-held_on").first()
    since = last.held_on if last is not None and last.held_on is not None else on - timedelta(days=365)
    return [
        _earlier_decisions(system, on),
        _changes(system, since, on),
        _performance(system, since, on),
        _resources(system, since, on),
        _risks(system),
        _improvement(system, since),
    ]


def _earlier_decisions(system: QualitySystem, on: date) -> Input:
    rows = ReviewDecision.objects.filter(review__system=system, review__held_on__lt=on).select_related("owner__person")
    lines = [
        f"{row.what} – {row.owner.person}: "
        + (f"xong ngày {row.done_on:%d/%m/%Y}" if row.done_on else f"chưa xong, hạn {row.due_on:%d/%m/%Y}")
        for row in rows
    ]
    return Input(
        "a", "Tình trạng thực hiện kết luận các lần trước", lines or ["Chưa có kết luận trước đây."],
        [str(row.uid) for row in rows],
    )  # fmt: skip


def _changes(system: QualitySystem, since: date, on: date) -> Input:
    issues = list(ContextIssue.objects.filter(system=system))
    parties = InterestedParty.objects.filter(system=system).count()
    lines = [f"{issue.get_kind_display()}: {issue.text}" for issue in issues]
    lines.append(f"{parties} bên quan tâm đang theo dõi.")
    difference = scope_difference(system)
    if difference is not None and difference.needs_announcement:
        lines.append(f"Phạm vi khác bản công bố: {difference.sentence}.")
    changed = DocumentRevision.objects.filter(system=system, effective_from__gt=since, effective_from__lte=on)
    lines.append(f"{changed.count()} tài liệu ban hành, sửa đổi có hiệu lực trong kỳ.")
    return Input("b", "Thay đổi bên trong, bên ngoài liên quan hệ thống", lines, [str(issue.uid) for issue in issues])


def _performance(system: QualitySystem, since: date, on: date) -> Input:
    lines, records = [], []
    facts = dossier_facts(first=since, last=on, as_of=on, organisation_ids=[system.organisation_id]).get(
        system.organisation_id
    )
    if facts is None:
        lines.append("Chưa có hồ sơ nào trong kỳ.")
    else:
        lines.append(
            f"{facts.cases} hồ sơ tiếp nhận; {facts.cases_in_time}/{facts.cases_judged} hồ sơ đúng hạn; "
            f"{facts.steps_in_time}/{facts.steps} bước đúng hạn; {facts.electronic} hồ sơ xử lý trọn vẹn trên hệ thống."
        )  # fmt: skip
    heard = voices_of([system.organisation_id], first=since, last=on)[system.organisation_id]
    pleased = heard.satisfaction
    lines.append("Chưa có kết quả khảo sát." if pleased is None else f"Mức hài lòng: {float(pleased):.1f}/100.")
    complaints = list(Complaint.objects.filter(system=system, received_on__gt=since, received_on__lte=on))
    answered = sum(1 for row in complaints if row.answered_on and row.answered_on <= row.due_on)
    lines.append(
        f"{len(complaints) + heard.complaints.of} phản ánh, kiến nghị; "
        f"{answered + heard.complaints.counted} trả lời đúng hạn."
    )
    for objective in Objective.objects.filter(system=system, year=on.year).prefetch_related("measurements"):
        newest = objective.measurements.first()
        value = (
            "chưa đo"
            if newest is None or newest.value is None
            else f"{format_number(newest.value)} {objective.unit_text}"
        )
        lines.append(f"Mục tiêu {objective.code} {objective.name}: {value}, cần {format_number(objective.target)}.")
        records.append(str(objective.uid))
    faults = list(Nonconformity.objects.filter(system=system, detected_on__gt=since, detected_on__lte=on))
    closed = sum(1 for row in faults if row.state == NonconformityState.CLOSED)
    lines.append(f"{len(faults)} sự không phù hợp trong kỳ, {closed} đã đóng.")
    records += [str(row.uid) for row in (*complaints, *faults)]
    for audit in Audit.objects.filter(system=system, state__in=[AuditState.REPORTED, AuditState.CLOSED],
                                      reported_on__gt=since, reported_on__lte=on):  # fmt: skip
        counts = dict(
            ChecklistItem.objects.filter(audit=audit).values_list("finding").annotate(n=Count("pk")).order_by()
        )
        told = ", ".join(f"{FindingKind(kind).label.lower()} {n}" for kind, n in sorted(counts.items()) if kind)
        lines.append(f"Đánh giá nội bộ {audit.code} ({audit.auditee}): {told}.")
        records.append(str(audit.uid))
    found = InspectionFinding.objects.filter(inspection__system=system, inspection__checked_on__gt=since)
    lines.append(
        f"{found.count()} tồn tại do Sở kiểm tra nêu, {found.filter(remedied_on=None).count()} chưa khắc phục."
    )
    suppliers = SupplierEvaluation.objects.filter(supplier__system=system, year=on.year)
    lines.append(
        f"{suppliers.count()} nhà cung cấp được đánh giá, {suppliers.filter(is_approved=False).count()} không đạt."
    )
    return Input("c", "Kết quả hoạt động và hiệu lực của hệ thống", lines, records)


def _resources(system: QualitySystem, since: date, on: date) -> Input:
    gaps = skill_gaps(system, on=on)
    lines = [f"{gap.person}: {gap.skill} cần mức {gap.needed}, hiện {gap.held}." for gap in gaps]
    trainings = list(Training.objects.filter(system=system, planned_on__gt=since, planned_on__lte=on))
    held = sum(1 for row in trainings if row.held_on)
    lines.append(f"{held}/{len(trainings)} khóa đào tạo theo kế hoạch đã tổ chức.")
    return Input("d", "Sự đầy đủ của nguồn lực", lines, [str(row.uid) for row in trainings])


def _risks(system: QualitySystem) -> Input:
    rows = list(Risk.objects.filter(system=system, closed_on=None))
    lines = []
    for row in rows:
        before = level_of(row.likelihood, row.impact).label.lower()
        after = (
            level_of(row.likelihood_after, row.impact_after).label.lower()
            if row.likelihood_after and row.impact_after
            else "chưa đánh giá lại"
        )
        lines.append(f"{row.code} {row.text}: {before} → {after}.")
    return Input(
        "e", "Hiệu lực của hành động giải quyết rủi ro và cơ hội", lines or ["Chưa có rủi ro nào được nêu."],
        [str(row.uid) for row in rows],
    )  # fmt: skip


def _improvement(system: QualitySystem, since: date) -> Input:
    ideas = list(ImprovementIdea.objects.filter(system=system, raised_on__gt=since))
    noted = ChecklistItem.objects.filter(
        Q(finding=FindingKind.OFI) | Q(finding=FindingKind.OBSERVATION), audit__system=system, found_on__gt=since
    )
    lines = [f"{idea.title}: {idea.decision or 'chưa kết luận'}" for idea in ideas]
    lines += [f"{item.audit.code}, điểm {item.ordinal}: {item.statement or item.question}" for item in noted]
    waiting = DocumentRevision.objects.filter(
        system=system, state__in=[RevisionState.DRAFT, RevisionState.IN_REVIEW]
    ).count()
    lines.append(f"{waiting} tài liệu đang soạn hoặc chờ duyệt.")
    return Input("f", "Cơ hội cải tiến", lines, [str(row.uid) for row in (*ideas, *noted)])
