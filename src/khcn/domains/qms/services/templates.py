"""Starts an agency's set of documents: from the templates of its type, or from its own set of the year before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from khcn.domains.qms.choices import DocumentType, Duty, Frequency, MeasureSource, RevisionState, TemplateKind
from khcn.domains.qms.errors import NotYetProven
from khcn.domains.qms.models import (
    AuditProgramme,
    CommunicationItem,
    ControlledDocument,
    DocumentRevision,
    InterestedParty,
    Objective,
    QualitySystem,
    RecordSeries,
    TemplateDocument,
    Training,
    Unit,
)
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.services.audits import draft_programme
from khcn.domains.qms.services.documents import draft_revision, start_document
from khcn.kernel.audit.services import record
from khcn.kernel.procedures.queries import calendar
from khcn.lib.actor import Actor
from khcn.lib.dates import add_months

DEFAULT_OBJECTIVES = (
    ("MT1", "Tỷ lệ hồ sơ giải quyết đúng hạn", MeasureSource.CASES_IN_TIME, 95),
    ("MT2", "Tỷ lệ bước xử lý đúng hạn", MeasureSource.STEPS_IN_TIME, 95),
    ("MT3", "Hồ sơ xử lý trọn vẹn trên hệ thống điện tử", MeasureSource.CASES_ELECTRONIC, 100),
    ("MT4", "Phản ánh, kiến nghị trả lời đúng hạn", MeasureSource.COMPLAINTS_IN_TIME, 100),
)
DEFAULT_PARTIES = (
    (
        "Người dân, doanh nghiệp",
        "Giải quyết đúng hạn, đúng luật; thủ tục rõ ràng; được phản hồi.",
        "Khảo sát sau khi trả kết quả; phản ánh, kiến nghị.",
    ),
    (
        "Ủy ban nhân dân cấp trên",
        "Hoàn thành nhiệm vụ được giao; báo cáo đúng kỳ.",
        "Kết quả kiểm tra; báo cáo định kỳ.",
    ),
    ("Công chức, viên chức", "Phân công rõ; được đào tạo; điều kiện làm việc.", "Họp cơ quan; bảng năng lực."),
)
DEFAULT_RECORDS = (
    ("HS-01", "Hồ sơ giải quyết thủ tục hành chính", 120),
    ("HS-02", "Hồ sơ đánh giá nội bộ", 36),
    ("HS-03", "Biên bản xem xét của lãnh đạo", 60),
    ("HS-04", "Phiếu không phù hợp, khắc phục", 36),
)
DEFAULT_COMMUNICATION = (
    (
        "Chính sách, mục tiêu chất lượng",
        "Khi ban hành, sửa đổi",
        "Toàn thể cán bộ",
        "Thư ký ISO",
        "Đọc và xác nhận trên hệ thống",
    ),
    (
        "Bản công bố",
        "Khi công bố, công bố lại",
        "Người dân, Sở Khoa học và Công nghệ",
        "Người đứng đầu",
        "Niêm yết, trang thông tin điện tử",
    ),
)


def start_from_templates(*, by: Actor, system: QualitySystem, kind: TemplateKind, year: int) -> list[DocumentRevision]:
    """Draft every document of the set that the agency does not have yet, with objectives, parties, records and the
    communication plan it may begin from.

    The agency's name is put into the texts. Repeatable: adds only what is missing.
    """
    require_duty(by, system, Duty.SECRETARY)
    templates = list(TemplateDocument.objects.filter(set_for=kind))
    if not templates:
        raise NotYetProven("Chưa có bộ mẫu cho loại cơ quan này. Đề nghị quản trị nạp dữ liệu tham chiếu.")
    have = set(ControlledDocument.objects.filter(system=system).values_list("code", flat=True))
    unit = Unit.objects.filter(system=system, valid_to=None).order_by("code").first()
    with transaction.atomic():
        drafted = [
            start_document(
                by=by,
                system=system,
                code=row.code,
                type=DocumentType(row.type),
                title=row.title,
                unit=unit,
                clauses=row.clauses,
                template_code=row.code,
                reason="Ban hành lần đầu theo bộ mẫu",
                sections=_named(row.sections, str(system)),
                table=row.steps,
            )
            for row in templates
            if row.code not in have
        ]
        _begin_registers(system, unit, year)
        record(by=by, verb="qms.start_from_templates", subject=system, after={"kind": kind, "documents": len(drafted)})
    return drafted


def reuse_last_year(*, by: Actor, system: QualitySystem, year: int) -> list[DocumentRevision]:
    """Begin the year from the one before: objectives carried over with their last value as the new baseline, a new
    issue of the objectives document drafted, trainings planned again a year later, and the audit programme drawn up
    from this year's risks. Repeatable: adds only what is missing.
    """
    require_duty(by, system, Duty.SECRETARY)
    earlier = list(Objective.objects.filter(system=system, year=year - 1).prefetch_related("measurements"))
    if not earlier:
        raise NotYetProven(f"Năm {year - 1} chưa có mục tiêu nào để dùng lại.")
    drafted = []
    with transaction.atomic():
        for row in earlier:
            last = row.measurements.first()
            Objective.objects.get_or_create(
                system=system,
                year=year,
                code=row.code,
                defaults={
                    "name": row.name,
                    "unit_text": row.unit_text,
                    "source": row.source,
                    "at_least": row.at_least,
                    "baseline": last.value if last else row.baseline,
                    "target": row.target,
                    "frequency": row.frequency,
                    "action_plan": row.action_plan,
                    "owner": row.owner,
                },
            )
        for document in ControlledDocument.objects.filter(system=system, type=DocumentType.OBJECTIVES):
            waiting = [RevisionState.DRAFT, RevisionState.IN_REVIEW, RevisionState.APPROVED]
            if document.effective is not None and not document.revisions.filter(state__in=waiting).exists():
                drafted.append(
                    draft_revision(by=by, document=document, reason=f"Mục tiêu chất lượng năm {year}", new_issue=True)
                )
        trainings = _plan_trainings_again(system, year)
        if not AuditProgramme.objects.filter(system=system, year=year).exists() and system.units.filter(valid_to=None):
            draft_programme(by=by, system=system, year=year)
        record(
            by=by, verb="qms.reuse_last_year", subject=system,
            after={"year": year, "objectives": len(earlier), "trainings": trainings},
        )  # fmt: skip
    return drafted


def _plan_trainings_again(system: QualitySystem, year: int) -> int:
    """Plan what was taught last year again a year later, on the first working day from then; returns how many."""
    known = set(Training.objects.filter(system=system, planned_on__year=year).values_list("title", flat=True))
    added = 0
    for row in Training.objects.filter(system=system, planned_on__year=year - 1).order_by("planned_on", "pk"):
        if row.title not in known:
            known.add(row.title)
            again = calendar().next_working_day(add_months(row.planned_on, 12))
            Training.objects.create(
                system=system, title=row.title, skill=row.skill, planned_on=again, trainer=row.trainer
            )
            added += 1
    return added


def _named(sections: Sequence[dict[str, Any]], agency: str) -> list[dict[str, str]]:
    return [{"title": item["title"], "body": item["body"].replace("{cơ quan}", agency)} for item in sections]


def _begin_registers(system: QualitySystem, unit: Unit | None, year: int) -> None:
    for code, name, source, target in DEFAULT_OBJECTIVES:
        Objective.objects.get_or_create(
            system=system,
            year=year,
            code=code,
            defaults={"name": name, "source": source, "target": target, "frequency": Frequency.QUARTER},
        )
    review = date(year, 12, 1) + timedelta(days=30)
    for name, requirements, monitored in DEFAULT_PARTIES:
        InterestedParty.objects.get_or_create(
            system=system,
            name=name,
            defaults={"requirements": requirements, "monitored_by": monitored, "review_on": review},
        )
    for code, name, months in DEFAULT_RECORDS:
        RecordSeries.objects.get_or_create(
            system=system, code=code, defaults={"name": name, "retention_months": months, "keeper": unit}
        )
    for what, occasion, audience, sender, channel in DEFAULT_COMMUNICATION:
        CommunicationItem.objects.get_or_create(
            system=system,
            what=what,
            defaults={"occasion": occasion, "audience": audience, "sender": sender, "channel": channel},
        )
