"""A small world for each edit form: who opens it, what one official saves, what the other would have written over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from khcn.domains.programme.choices import (
    AssignmentState,
    FailureCause,
    FundingSourceKind,
    InspectionKind,
    IssueKind,
    IssueLevel,
    LateReason,
    LedgerEntryKind,
    ReportCode,
)
from khcn.domains.programme.models import (
    AcceptanceDossier,
    Application,
    Assignment,
    AssignmentReport,
    Call,
    Directive,
    Inspection,
    Issue,
    Order,
    OrderList,
    PlanEnvelope,
    ProgressReport,
    Proposal,
    Recovery,
    ReportRun,
    RuleParameter,
    Termination,
)
from khcn.domains.programme.services import contracts, issues, money, payment_files, plans
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.domains.qms import choices as quality
from khcn.domains.qms import models as qms
from khcn.domains.qms.services import documents as controlled
from khcn.domains.qms.tests import world as agency
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import draft_paper
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.kernel.procedures.choices import ProcedureKind
from khcn.kernel.procedures.models import Clock, Council, CouncilSubject, Procedure, ProcedureVersion, Seat
from khcn.lib.roles import Role

M = 10**6


@dataclass(frozen=True)
class Scene:
    """One edit form with two values for one of its fields.

    stored: attribute of the record (or of what a function gives) in which the value is kept. extra: what the form needs
    besides, when its record is bare. shown: the two values as a person reads them, where that is not as they are sent.
    """

    who: Member
    address: str
    field: str
    theirs: str
    mine: str
    record: Model | Callable[[], Any]
    stored: str
    extra: dict[str, Any] = field(default_factory=dict)
    shown: tuple[str, str] = ("", "")

    def kept(self) -> str:
        """What the database holds now."""
        record = self.record() if callable(self.record) else type(self.record)._default_manager.get(pk=self.record.pk)
        return str(getattr(record, self.stored))


SCENES: dict[str, Callable[[], Scene]] = {}
A, B = "Phần người thứ nhất vừa ghi", "Phần người thứ hai định ghi"


def scene(name: str) -> Callable[[Callable[[], Scene]], Callable[[], Scene]]:
    """Register the scene of the form `name` of `edit_forms`."""

    def register(make: Callable[[], Scene]) -> Callable[[], Scene]:
        SCENES[name] = make
        return make

    return register


# --- the quality system ----------------------------------------------------------------------------------------------


def _today() -> date:
    return timezone.localdate()


def _rows(world: agency.World) -> dict[str, Callable[[], tuple[Model, str]]]:
    """For each register a row, and the field that two secretaries write."""
    system, day = world.system, date(2026, 1, 5)
    unit, member, author = world.expert_unit, world.members["officer"], world.secretary.user

    def skill() -> qms.Skill:
        return qms.Skill.objects.create(system=system, name="Soạn thảo văn bản")

    def process(code: str) -> qms.Process:
        return qms.Process.objects.create(system=system, code=code, name=code, kind=quality.ProcessKind.CORE)

    def training() -> qms.Training:
        return qms.Training.objects.create(system=system, title="Đào tạo ISO", planned_on=day)

    def supplier() -> qms.Supplier:
        return qms.Supplier.objects.create(system=system, name="Công ty", service="Máy", criteria="Giá")

    def instrument() -> qms.Instrument:
        return qms.Instrument.objects.create(system=system, code="PTD-1", name="Cân", unit=unit, every_months=12)

    make = {
        "context": lambda: (qms.ContextIssue.objects.create(
            system=system, kind=next(iter(quality.ContextKind)), text="Thiếu người"), "effect"),
        "party": lambda: (qms.InterestedParty.objects.create(
            system=system, name="Người dân", requirements="Đúng hạn", monitored_by="Khảo sát"), "monitored_by"),
        "exclusion": lambda: (qms.ScopeExclusion.objects.create(
            system=system, clause="8.3", justification="Không thiết kế"), "justification"),
        "process": lambda: (process("QT1"), "kpi"),
        "link": lambda: (qms.ProcessLink.objects.create(
            source=process("QT1"), target=process("QT2"), what="Hồ sơ"), "what"),
        "risk": lambda: (qms.Risk.objects.create(
            system=system, code="RR-1", text="Trễ hạn", likelihood=2, impact=2), "treatment"),
        "objective": lambda: (qms.Objective.objects.create(
            system=system, code="MT-1", year=2026, name="Đúng hạn", target=95), "action_plan"),
        "skill": lambda: (skill(), "name"),
        "need": lambda: (qms.SkillRequirement.objects.create(
            skill=skill(), position="Chuyên viên", level=3), "position"),
        "held": lambda: (qms.HeldSkill.objects.create(
            skill=skill(), person=member.person, level=2, found_on=day, evidence="Bài kiểm tra"), "evidence"),
        "training": lambda: (training(), "trainer"),
        "attendance": lambda: (qms.TrainingAttendance.objects.create(
            training=training(), person=member.person), "score"),
        "certificate": lambda: (qms.Certificate.objects.create(
            system=system, person=member.person, kind=quality.CertificateKind.INTERNAL_AUDITOR, number="1",
            issuer="Trường", issued_on=day), "issuer"),
        "communication": lambda: (qms.CommunicationItem.objects.create(
            system=system, what="Báo cáo", occasion="Quý", audience="Lãnh đạo", sender="Thư ký",
            channel="Thư"), "channel"),
        "knowledge": lambda: (qms.KnowledgeArticle.objects.create(
            system=system, title="Kinh nghiệm", body="Nội dung", written_on=day, written_by=author), "body"),
        "supplier": lambda: (supplier(), "contract"),
        "supplieryear": lambda: (qms.SupplierEvaluation.objects.create(
            supplier=supplier(), year=2025, score=80, is_approved=True), "note"),
        "instrument": lambda: (instrument(), "name"),
        "calibration": lambda: (qms.Calibration.objects.create(
            instrument=instrument(), done_on=day, valid_until=day + timedelta(days=365), certificate="1/GCN",
            has_passed=True), "certificate"),
        "records": lambda: (qms.RecordSeries.objects.create(
            system=system, code="HS-1", name="Hồ sơ", keeper=unit, retention_months=60), "basis"),
        "complaint": lambda: (qms.Complaint.objects.create(
            system=system, code="PA-1", from_whom="Ông A", content="Chậm", received_on=day, due_on=day), "content"),
        "output": lambda: (qms.NonconformingOutput.objects.create(
            system=system, case_code="HS-9", description="Sai tên", disposition=next(iter(quality.Disposition)),
            found_on=day, decided_by=author), "description"),
        "idea": lambda: (qms.ImprovementIdea.objects.create(
            system=system, title="Ý tưởng", problem="Chậm", solution="Mẫu sẵn", raised_on=day,
            raised_by=author), "decision"),
    }  # fmt: skip
    return make


def _register(key: str) -> Callable[[], Scene]:
    def make() -> Scene:
        world = agency.make_world()
        row, name = _rows(world)[key]()
        return Scene(world.secretary, reverse(f"qms_{key}_edit", args=[row.uid]), name, A, B, row, name)

    return make


REGISTERS = (
    "context", "party", "exclusion", "process", "link", "risk", "objective", "skill", "need", "held", "training",
    "attendance", "certificate", "communication", "knowledge", "supplier", "supplieryear", "instrument", "calibration",
    "records", "complaint", "output", "idea",
)  # fmt: skip
for _key in REGISTERS:
    SCENES[f"qms_{_key}_edit"] = _register(_key)


@scene("qms_system_edit")
def _system() -> Scene:
    world = agency.make_world()
    address = reverse("qms_system_edit", args=[world.system.uid])
    return Scene(world.secretary, address, "scope", A, B, world.system, "scope")


@scene("qms_revision_edit")
def _revision() -> Scene:
    world = agency.make_world()
    draft = controlled.start_document(
        by=agency.on(world.secretary, agency.START), system=world.system, code="QT-01",
        type=quality.DocumentType.PROCEDURE, title="Tài liệu", reason="Ban hành lần đầu", unit=world.expert_unit,
        procedure_code="", clauses="8.1", sections=[{"title": "Mục đích", "body": "Quy định."}], table=[],
    )  # fmt: skip
    address = reverse("qms_revision_edit", args=[draft.uid])
    return Scene(world.secretary, address, "reason", A, B, draft, "reason")


@scene("qms_series_hold")
def _series() -> Scene:
    world = agency.make_world()
    series = qms.RecordSeries.objects.create(
        system=world.system,
        code="HS",
        name="Hồ sơ",
        keeper=world.office,
        retention_months=60,
        is_held=True,
        hold_reason="Thanh tra",
    )
    address = reverse("qms_series_hold", args=[series.uid])
    return Scene(world.secretary, address, "reason", A, B, series, "hold_reason")


@scene("qms_item_page")
def _checklist_item() -> Scene:
    world = agency.make_world()
    programme = qms.AuditProgramme.objects.create(system=world.system, year=2026)
    audit = qms.Audit.objects.create(
        system=world.system, programme=programme, code="DG-1", auditee=world.expert_unit, state="running",
        scope="Toàn bộ", criteria="ISO 9001", starts_on=_today(), ends_on=_today(), seed=1,
    )  # fmt: skip
    qms.AuditTeam.objects.create(audit=audit, member=world.members["auditor"], is_lead=True)
    item = qms.ChecklistItem.objects.create(
        audit=audit,
        ordinal=1,
        clause="8.1",
        question="Có đúng hạn không?",
        finding="conform",
        evidence="Hồ sơ 01",
        found_on=_today(),
        found_by=world.auditor.user,
    )
    return Scene(world.auditor, reverse("qms_item_page", args=[item.uid]), "evidence", A, B, item, "evidence")


def _nonconformity(world: agency.World, **values: Any) -> qms.Nonconformity:
    defaults = {
        "system": world.system, "code": "KPH-1", "source": "self", "title": "Chậm", "description": "Ba hồ sơ",
        "detected_on": _today(), "unit": world.expert_unit, "owner": world.members["officer"],
        "due_on": _today() + timedelta(days=30),
    }  # fmt: skip
    return qms.Nonconformity.objects.create(**(defaults | values))


@scene("qms_action_done")
def _action() -> Scene:
    world = agency.make_world()
    found = _nonconformity(world, state="in_progress")
    action = qms.CorrectiveAction.objects.create(
        nonconformity=found, what="Sửa quy trình", owner=world.members["officer"], due_on=_today()
    )
    address = reverse("qms_action_done", args=[action.uid])
    return Scene(world.officer, address, "evidence", A, B, action, "evidence")


@scene("qms_remedy")
def _remedy() -> Scene:
    world = agency.make_world()
    inspection = qms.Inspection.objects.create(
        system=world.system, code="KT-1", year=_today().year, state="remedying", planned_on=_today(),
        inspector=world.overseer.organisation, mode=next(iter(quality.InspectionMode)), decision_number="1/QĐ",
    )  # fmt: skip
    finding = qms.InspectionFinding.objects.create(inspection=inspection, content="Thiếu hồ sơ", due_on=_today())
    address = reverse("qms_remedy", args=[finding.uid])
    return Scene(world.secretary, address, "remedy", A, B, finding, "remedy")


@scene("qms_act:change_request.assess")
def _assess() -> Scene:
    world = agency.make_world()
    change = qms.ChangeRequest.objects.create(
        system=world.system, code="TD-1", title="Thay đổi", reason="Luật mới", asked_on=_today()
    )
    address = reverse("qms_act", args=["change_request", change.uid, "assess"])
    extra = {"impact_training": "Tập huấn", "case_policy": next(iter(quality.ChangePolicy)).value}
    return Scene(world.secretary, address, "impact_documents", A, B, change, "impact_documents", extra)


@scene("qms_act:nonconformity.open")
def _open_nonconformity() -> Scene:
    world = agency.make_world()
    found = _nonconformity(world, state="draft")
    address = reverse("qms_act", args=["nonconformity", found.uid, "open"])
    due = [f"{_today() + timedelta(days=days):%d/%m/%Y}" for days in (20, 25)]
    return Scene(world.secretary, address, "due_on", due[0], due[1], found, "due_on")


@scene("qms_act:nonconformity.plan")
def _plan_nonconformity() -> Scene:
    world = agency.make_world()
    found = _nonconformity(world, state="analysis", correction="Xử lý ngay", root_cause="Thiếu người")
    extra = {
        "why_1": "Vì thiếu người", "why_2": "Vì chưa tuyển", "what_1": "Bổ sung người",
        "owner_1": str(world.members["officer"].pk), "due_1": f"{_today() + timedelta(days=10):%d/%m/%Y}",
    }  # fmt: skip
    address = reverse("qms_act", args=["nonconformity", found.uid, "plan"])
    return Scene(world.officer, address, "root_cause", A, B, found, "root_cause", extra)


# --- the programme: what is filled in by a form of its own ----------------------------------------------------------


def _signed(world: World) -> World:
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    return world


@scene("proposal_edit")
def _proposal() -> Scene:
    unit = make_organisation("Trường Đại học")
    who = make_member(Role.PROPOSER, organisation=unit)
    proposal = Proposal.objects.create(code="DX-1", title="Đề tài", proposer=unit, proposed_by=who.user)
    return Scene(who, reverse("proposal_edit", args=[proposal.uid]), "need", A, B, proposal, "need")


@scene("proposal_autosave")
def _autosave() -> Scene:
    unit = make_organisation("Trường Đại học")
    who = make_member(Role.PROPOSER, organisation=unit)
    proposal = Proposal.objects.create(code="DX-1", title="Đề tài", proposer=unit, proposed_by=who.user)
    address = reverse("proposal_edit", args=[proposal.uid])
    extra = {"@post": reverse("proposal_autosave", args=[proposal.uid])}
    told = "Hồ sơ vừa được người khác sửa"  # while one types; the page's own button then shows the difference
    return Scene(who, address, "need", A, B, proposal, "need", extra, (told, told))


def _order(world: World) -> Order:
    listed = OrderList.objects.create(code="DM-1", title="Danh mục", year=2026)
    return Order.objects.create(order_list=listed, title="Nhiệm vụ", kind=world.task.kind, products="Một quy trình")


@scene("order_edit")
def _edited_order() -> Scene:
    world = make_world()
    order = _order(world)
    return Scene(world.specialist, reverse("order_edit", args=[order.uid]), "objective", A, B, order, "objective")


def _application(world: World, **values: Any) -> Application:
    order = _order(world)
    proposal = Proposal.objects.create(code="DX-1", title="Đề tài", proposer=world.host.organisation)
    order.proposal = proposal
    order.save()
    today = _today()
    call = Call.objects.create(
        code="TB-1", order=order, state="open", opens_on=today, closes_on=today + timedelta(days=30),
        rule_set=world.task.rule_set,
    )  # fmt: skip
    dossier = {
        "objective": "Mục tiêu", "place": "", "papers": {}, "products": [], "team": [],
        "contents": [{"title": "Nội dung", "month_from": 1, "month_to": 6}],
        "budget": [{
            "kind": "remuneration", "source": "S1", "year": 2026, "amount_vnd": 100 * M, "is_lump": True, "note": "",
            "justification": "", "basis": "other",
        }],
    }  # fmt: skip
    return Application.objects.create(
        **({"code": "HS-1", "call": call, "host": world.host.organisation, "pi": world.host.person,
            "summary": "Tóm tắt", "dossier": dossier, "state_vnd": 100 * M, "months": 24} | values)
    )  # fmt: skip


@scene("application_edit")
def _edited_application() -> Scene:
    world = make_world()
    application = _application(world)
    address = reverse("application_edit", args=[application.uid])
    return Scene(world.host, address, "summary", A, B, application, "summary")


@scene("application_appraisal")
def _appraisal() -> Scene:
    world = make_world()
    appraiser = make_member(Role.APPRAISER)
    application = _application(world, state="revised")
    council = Council.objects.create(code="TTD-1", kind="budget_appraisal", title="Tổ thẩm định", state="established")
    CouncilSubject.objects.create(
        council=council, subject_type="programme.application", subject_uid=application.uid, label="HS-1"
    )
    Seat.objects.create(council=council, person=appraiser.person, role="team_head")
    extra = {"members_total": "5", "members_present": "5", "council_member_present": "on", "conclusion": "Thống nhất"}
    address = reverse("application_appraisal", args=[application.uid])
    return Scene(
        appraiser, address, "amount_vnd", "90000000", "80000000", application, "appraised_vnd", extra,
        ("90000000", "80000000"),
    )  # fmt: skip


@scene("envelope_edit")
def _envelope() -> Scene:
    world = make_world()
    envelope = PlanEnvelope.objects.get()
    address = reverse("envelope_edit", args=[world.plan.uid, envelope.uid])
    return Scene(world.finance, address, "basis", A, B, envelope, "basis")


SCENES["envelope_new"] = SCENES["envelope_edit"]  # one view draws both; a new one is refused by `as_new`


@scene("payment_file_edit")
def _payment_file() -> Scene:
    world = _signed(make_world())
    file = payment_files.draw_up_file(
        by=world.accountant.actor, task=world.task, kind=LedgerEntryKind.ADVANCE, on=_today(),
        source=FundingSourceKind.S1_RECURRENT, year=2022, amount_vnd=10 * M,
    )  # fmt: skip
    return Scene(world.accountant, reverse("payment_file_edit", args=[file.uid]), "note", A, B, file, "note")


@scene("report_words")
def _report() -> Scene:
    world = make_world()
    run = ReportRun.objects.create(
        code="BC-1", report=ReportCode.R2, plan=world.plan, period="year", period_from=date(2025, 1, 1),
        period_to=date(2025, 12, 31), as_of=date(2025, 12, 31), state="drafted", snapshot={"rows": []}, sha256="0" * 64,
    )  # fmt: skip

    def words() -> Any:
        return type("Words", (), run_sections(run))

    return Scene(
        world.specialist, reverse("report_words", args=[run.uid]), "results", A, B, words, "results",
    )  # fmt: skip


def run_sections(run: ReportRun) -> dict[str, Any]:
    """The sections of a report's words as they are kept."""
    kept = ReportRun.objects.get(pk=run.pk).narrative.get("sections") or {}
    return {"results": kept.get("results", "")}


@scene("parameter_edit")
def _parameter() -> Scene:
    world = make_world()
    head = make_member(Role.HEAD)
    parameter = RuleParameter.objects.filter(rule_set=world.task.rule_set, key="advance.first_share_max").latest("id")

    def newest() -> Any:
        return RuleParameter.objects.filter(key=parameter.key).latest("id")

    extra = {"valid_from": f"{_today():%d/%m/%Y}", "instrument": "1/QĐ-UBND"}
    address = reverse("parameter_edit", args=[parameter.uid])
    return Scene(head, address, "value", "2/5", "3/10", newest, "value", extra)


@scene("clock_explain")
def _clock() -> Scene:
    world = make_world()
    clock = Clock.objects.create(
        subject_type="programme.task", subject_uid=world.task.uid, rule_set="A", rule_key="report.progress",
        title="Nộp báo cáo", amount=10, unit="CD", started_on=date(2024, 1, 1), due_on=date(2024, 1, 11),
        responsible=world.host.organisation, late_reason="host", late_note="Đang xác minh",
    )  # fmt: skip
    address = reverse("clock_explain", args=[clock.uid])
    return Scene(world.specialist, address, "note", A, B, clock, "late_note", {"reason": next(iter(LateReason)).value})


@scene("directive_done")
def _directive() -> Scene:
    world = make_world()
    directive = Directive.objects.create(
        task=world.task, issued_on=_today(), content="Khẩn trương", addressee=world.host.organisation
    )
    return Scene(world.specialist, reverse("directive_done", args=[directive.uid]), "result", A, B, directive, "result")


@scene("assignment_appraise")
def _appraised_duty() -> Scene:
    world = make_world()
    duty = Assignment.objects.create(
        plan=world.plan, group=1, ordinal=1, units_text="Viện Sinh học", duty="Tổng hợp báo cáo"
    )
    duty.organisations.add(world.host.organisation)
    report = AssignmentReport.objects.create(
        assignment=duty, organisation=world.host.organisation, reported_on=_today(), state=AssignmentState.DONE,
        result="Đã làm",
    )  # fmt: skip
    extra = {"@post": reverse("assignment_appraise", args=[duty.uid, report.uid]), "appraisal": "done"}
    return Scene(
        world.specialist, reverse("assignment_page", args=[duty.uid]), "note", A, B, report, "appraisal_note", extra
    )


@scene("plan_reading")
def _reading() -> Scene:
    who = make_member(Role.SPECIALIST)
    text = (
        "ỦY BAN NHÂN DÂN\nTỈNH BÌNH ĐÔNG\nSố: 1/KH-UBND\nBình Đông, ngày 01 tháng 02 năm 2026\nKẾ HOẠCH\nPhát triển "
        "khoa học giai đoạn 2026 - 2030\nI. MỤC TIÊU\n- Có ít nhất 03 phần mềm được ứng dụng.\nII. NỘI DUNG\n"
        "1. Công nghệ\n- Phần mềm.\n"
    )
    reading = plans.start_reading(
        by=who.actor, text=text, content=text.encode(), filename="ke-hoach.txt", media_type="text/plain", warnings=[]
    )

    def kept() -> Any:
        corrected = type(reading)._default_manager.get(pk=reading.pk).corrected
        return type("Kept", (), {"sentence": str(corrected["targets"][0]["sentence"])})

    address = reverse("plan_reading", args=[reading.uid])
    return Scene(who, address, "targets-0-sentence", A, B, kept, "sentence", {"viec": "ghi"})


# --- the programme: acts ---------------------------------------------------------------------------------------------


def _act(world: World, slug: str, part: Model | None = None) -> str:
    if part is None:
        return reverse("task_act", args=[world.task.uid, slug])
    return reverse("task_part_act", args=[world.task.uid, slug, part.uid])  # type: ignore[attr-defined]


def _inspection(world: World, **values: Any) -> Inspection:
    return Inspection.objects.create(task=world.task, kind=InspectionKind.PERIODIC, held_on=_today(), **values)


@scene("task_act:kiem-tra-bao-cao")
def _checked_report() -> Scene:
    world = _signed(make_world())
    report = ProgressReport.objects.create(task=world.task, content="Đã làm", percent_done=50, submitted_on=_today())
    address = _act(world, "kiem-tra-bao-cao", report)
    return Scene(world.specialist, address, "remark", A, B, report, "remark", {"is_accepted": "0"})


@scene("task_act:bien-ban-kiem-tra")
def _minutes() -> Scene:
    world = _signed(make_world())
    item = _inspection(world)
    address = _act(world, "bien-ban-kiem-tra", item)
    return Scene(world.specialist, address, "findings", A, B, item, "findings", {"conclusion": "Đạt"})


@scene("task_act:xac-nhan-khoi-luong")
def _volume() -> Scene:
    world = _signed(make_world())
    item = _inspection(world, conclusion="Đạt")
    address = _act(world, "xac-nhan-khoi-luong", item)
    return Scene(world.specialist, address, "percent", "61", "73", item, "percent_confirmed")


@scene("task_act:xac-nhan-kinh-phi")
def _funds() -> Scene:
    world = _signed(make_world())
    item = _inspection(world, conclusion="Đạt")
    address = _act(world, "xac-nhan-kinh-phi", item)
    return Scene(
        world.accountant, address, "amount_vnd", "61000000", "73000000", item, "funds_confirmed_vnd",
        shown=("61.000.000", "73.000.000"),
    )  # fmt: skip


@scene("task_act:chap-hanh")
def _compliance() -> Scene:
    world = _signed(make_world())
    item = _inspection(world, conclusion="Đạt", recommendations="Bổ sung nhật ký")
    return Scene(world.specialist, _act(world, "chap-hanh", item), "text", A, B, item, "compliance")


@scene("task_act:kiem-tra-cham-dut")
def _site() -> Scene:
    world = _signed(make_world())
    termination = Termination.objects.create(task=world.task, ground="Không làm được")
    return Scene(world.specialist, _act(world, "kiem-tra-cham-dut"), "findings", A, B, termination, "findings")


def _running(world: World, **values: Any) -> World:
    _signed(world)
    for name, value in ({"state": "running"} | values).items():
        setattr(world.task, name, value)
    world.task.save()
    return world


@scene("task_act:ho-so-nghiem-thu")
def _dossier() -> Scene:
    world = _running(make_world())
    dossier = AcceptanceDossier.objects.create(task=world.task)
    days = ("03/02/2026", "04/02/2026")
    address = _act(world, "ho-so-nghiem-thu")
    return Scene(world.host, address, "self_evaluated_on", days[0], days[1], dossier, "self_evaluated_on")


@scene("task_act:ket-qua-san-pham")
def _graded_product() -> Scene:
    world = _running(make_world(), state="in_acceptance")
    address = _act(world, "ket-qua-san-pham", world.product)
    return Scene(
        world.specialist, address, "delivered", "3", "7", world.product, "delivered_quantity", {"grade": "pass"}
    )


def _failed(world: World, **values: Any) -> tuple[World, Recovery]:
    _running(world, state="failed", recovery_state="open")
    recovery = Recovery.objects.create(task=world.task, **values)
    return world, recovery


@scene("task_act:giai-trinh")
def _explanation() -> Scene:
    world, recovery = _failed(make_world())
    return Scene(world.host, _act(world, "giai-trinh"), "text", A, B, recovery, "explanation")


@scene("task_act:ket-luan-nguyen-nhan")
def _cause() -> Scene:
    world, recovery = _failed(make_world())
    extra = {"cause": FailureCause.OBJECTIVE.value, "unspent_vnd": "0", "proper_vnd": "0", "unproven_vnd": "0"}
    return Scene(
        world.specialist, _act(world, "ket-luan-nguyen-nhan"), "conclusion", A, B, recovery, "conclusion", extra
    )


@scene("task_act:quyet-dinh-thu-hoi")
def _demand() -> Scene:
    world = make_world()
    _signed(world)
    given = {
        "by": world.accountant.actor, "task": world.task, "source": FundingSourceKind.S1_RECURRENT, "year": 2022,
        "on": date(2022, 8, 1), "document_number": "CT",
    }  # fmt: skip
    money.enter(kind=LedgerEntryKind.ALLOCATION, amount_vnd=500 * M, key="a", **given)
    money.enter(kind=LedgerEntryKind.ADVANCE, amount_vnd=300 * M, key="b", without_file="Chi trước", **given)
    world.task.state, world.task.recovery_state = "failed", "open"
    world.task.save()
    recovery = Recovery.objects.create(
        task=world.task, cause=FailureCause.SUBJECTIVE, mode="partial", unspent_vnd=100 * M, proper_vnd=0,
        unproven_vnd=200 * M, due_vnd=100 * M, concluded_on=_today(), conclusion="Chủ quan",
    )  # fmt: skip
    return Scene(
        world.leader, _act(world, "quyet-dinh-thu-hoi"), "demanded_vnd", "110000000", "120000000", recovery,
        "demanded_vnd", {"decision_number": "9/QĐ-UBND"}, ("110.000.000", "120.000.000"),
    )  # fmt: skip


def _issue(world: World, **values: Any) -> Issue:
    return Issue.objects.create(
        code="VM-1", kind=IssueKind.LEGAL, title="Thiếu quy định", description="…", reporter=world.host.organisation,
        raised_on=_today(), plan=world.plan, **values,
    )  # fmt: skip


@scene("issue_act:phan-loai")
def _classified() -> Scene:
    world = make_world()
    issue = _issue(world)
    address = reverse("issue_act", args=[issue.uid, "phan-loai"])
    labels = (IssueKind.MONEY.label, IssueKind.TECHNICAL.label)
    return Scene(
        world.specialist, address, "kind", IssueKind.MONEY.value, IssueKind.TECHNICAL.value, issue, "kind",
        {"level": next(iter(IssueLevel)).value}, labels,
    )  # fmt: skip


@scene("issue_act:giao-xu-ly")
def _assigned() -> Scene:
    world = make_world()
    head = make_member(Role.HEAD)
    issue = issues.classify_issue(
        by=world.specialist.actor, issue=_issue(world), kind=IssueKind.LEGAL, level=_issue_level(), on=_today()
    )
    days = [f"{_today() + timedelta(days=number):%d/%m/%Y}" for number in (10, 20)]
    address = reverse("issue_act", args=[issue.uid, "giao-xu-ly"])
    return Scene(
        head, address, "due_on", days[0], days[1], issue, "due_on", {"assignee": str(world.user.organisation.pk)}
    )


def _issue_level() -> Any:
    return next(iter(IssueLevel))


@scene("issue_act:tra-loi")
def _answered() -> Scene:
    world = make_world()
    issue = _issue(world, state="assigned", assignee=world.user.organisation, due_on=_today())
    address = reverse("issue_act", args=[issue.uid, "tra-loi"])
    return Scene(world.user, address, "answer", A, B, issue, "answer")


# --- kernel rooms and the house --------------------------------------------------------------------------------------


@scene("paper_edit")
def _paper() -> Scene:
    office = make_organisation("Sở Khoa học và Công nghệ")
    who = make_member(Role.SPECIALIST, organisation=office)
    signer = make_member(Role.DIRECTOR, organisation=office)
    paper = draft_paper(
        by=who.actor, organisation=office, kind=DocumentKind.LETTER, title="lấy ý kiến", notation="SKHCN-QLKH",
        place="Bình Phước", body="Nội dung.", signer=signer.person, signer_title="Giám đốc", addressees="Sở Tài chính",
        recipients="Như trên", archive="VT",
    )  # fmt: skip
    return Scene(who, reverse("paper_edit", args=[paper.uid]), "body", A, B, paper, "body")


def _version() -> tuple[Member, ProcedureVersion]:
    who = make_member(Role.SPECIALIST)
    procedure = Procedure.objects.create(code="QT-05", title="Cấp giấy", kind=ProcedureKind.INTERNAL)
    return who, ProcedureVersion.objects.create(procedure=procedure, author=who.user)


@scene("version_cover")
def _cover() -> Scene:
    who, version = _version()
    return Scene(who, reverse("version_cover", args=[version.uid]), "purpose", A, B, version, "purpose")


@scene("account_address")
def _account() -> Scene:
    who, other = make_member(Role.SYSADMIN), make_member(Role.SPECIALIST)
    address = reverse("account_address", args=[other.user.uid])
    found: Callable[[], Any] = lambda: User.objects.get(pk=other.user.pk)  # noqa: E731 - a record read anew
    return Scene(who, address, "email", "mot@example.vn", "hai@example.vn", found, "email")
