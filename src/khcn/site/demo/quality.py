"""The two quality systems of the demonstration: one that works, one with open faults; all made by calling services."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from khcn.domains.qms.choices import (
    CertificateKind,
    ContextKind,
    DocumentType,
    FindingKind,
    InspectionMode,
    NonconformitySource,
    Obligation,
    ProcessKind,
    RiskKind,
    Severity,
    TemplateKind,
)
from khcn.domains.qms.models import (
    AgencyYear,
    Certificate,
    ContextIssue,
    ControlledDocument,
    HeldSkill,
    ImprovementIdea,
    Membership,
    Nonconformity,
    Process,
    ProcessLink,
    QualitySystem,
    ReadAck,
    Risk,
    Skill,
    SkillRequirement,
    Training,
    Unit,
)
from khcn.domains.qms.services import (
    announcements,
    audits,
    documents,
    inspections,
    nonconformities,
    objectives,
    registers,
    reviews,
    scores,
    systems,
    templates,
)
from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.models import Case, ProcedureVersion
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.services import complete_step, install_procedure, start_case
from khcn.lib.actor import Actor, Grant
from khcn.lib.dates import VIETNAM
from khcn.lib.roles import Role

AGENCIES = (("DN-STP", "QT-STP", "Cấp bản sao trích lục hộ tịch"), ("DN-SCT", "QT-SCT", "Cấp giấy phép bán buôn rượu"))
"""Code of the agency, prefix of its procedures, name of its service."""

WORKING = {
    "head": ("Triệu Quang Khải", "Giám đốc", Role.AGENCY_HEAD),
    "secretary": ("Lương Thị Bích Thủy", "Chánh Văn phòng", Role.ISO_SECRETARY),
    "auditor": ("Nghiêm Xuân Trường", "Chuyên viên", Role.INTERNAL_AUDITOR),
    "officer": ("Doãn Thị Mỹ Hạnh", "Chuyên viên", Role.OFFICER),
}
STRUGGLING = {
    "head": ("Tôn Thất Minh Đạo", "Giám đốc", Role.AGENCY_HEAD),
    "secretary": ("Ung Thị Kim Chi", "Chánh Văn phòng", Role.ISO_SECRETARY),
    "auditor": ("Mạc Đình Phúc", "Chuyên viên", Role.INTERNAL_AUDITOR),
    "officer": ("Sử Thị Lệ Quyên", "Chuyên viên", Role.OFFICER),
}
ACCOUNTS = {"head": "thutruong", "secretary": "thukyiso", "auditor": "danhgia", "officer": "congchuc"}


@dataclass
class Cast:
    """An agency's people as actors, and their places."""

    system: QualitySystem
    people: dict[str, Actor]
    places: dict[str, Membership]
    office: Unit
    counter: Unit

    def on(self, who: str, day: date) -> Actor:
        """One of them on a day."""
        return replace(self.people[who], on=day)


def tell_quality(*, office: Actor, overseer: Organisation, today: date, account) -> None:
    """Tell both stories so that they end today. account(username, person, body, roles) makes an account."""
    year = today.year if today.month >= 9 else today.year - 1
    end = min(today, date(year, 12, 28))
    found = []
    for (code, prefix, service), people in zip(AGENCIES, (WORKING, STRUGGLING), strict=True):
        body = Organisation.objects.get(code=code)
        cast = _cast(office, body, people, year, account if people is WORKING else _silent_account)
        version = _procedure(office, cast, f"{prefix}-01", service, year)
        _documents(cast, version, year, reads=people is WORKING)
        _registers(cast, year)
        _dossiers(
            cast, version, year, end, every=10 if people is WORKING else 5, late_every=9 if people is WORKING else 2
        )
        found.append(cast)
    working, struggling = found
    _proven(working, year, end)
    _faulty(office, struggling, overseer, year, end)
    for cast in found:
        objectives.measure_objectives(by=cast.on("secretary", end), system=cast.system, year=year)
    for computed in scores.compute_all(by=replace(office, on=end), year=year):
        if computed.is_effective:
            scores.confirm_year(
                by=replace(office, on=end), agency_year=AgencyYear.objects.get(pk=computed.pk),
                decision_number="Minh họa",
            )  # fmt: skip


def _silent_account(username: str, person: Person, body: Organisation, roles: tuple[str, ...]) -> None:
    user = User(username=f"minh-hoa-{username}-{body.code.lower()}", person=person)
    user.set_unusable_password()
    user.save()


def _cast(office: Actor, body: Organisation, people, year: int, account) -> Cast:
    start = date(year, 1, 5)
    by = replace(office, on=start)
    system = systems.enrol_agency(
        by=by, organisation=body, obligation=Obligation.MANDATORY, started_on=start, is_illustration=True,
        scope="Giải quyết thủ tục hành chính và công việc nội bộ theo danh mục quy trình kèm bản công bố.",
        steering_decision="Minh họa",
    )  # fmt: skip
    units = [
        systems.add_unit(by=by, system=system, code=code, name=name)
        for code, name in (("VP", "Văn phòng"), ("MC", "Bộ phận một cửa"))
    ]
    actors, places = {}, {}
    for key, (name, position, role) in people.items():
        person = Person.objects.create(full_name=name, employer=body, is_illustration=True)
        account(ACCOUNTS[key], person, body, (str(role), str(Role.OFFICER)))
        user = User.objects.get(person=person)
        grants = (Grant(str(role), body.pk), Grant(str(Role.OFFICER), body.pk))
        actors[key] = Actor(
            uid=user.uid, name=name, on=start, user_id=user.pk, person_id=person.pk, organisation_id=body.pk,
            organisation_name=body.name, grants=grants,
        )  # fmt: skip
        places[key] = systems.assign_member(
            by=by, system=system, unit=units[1] if key == "officer" else units[0], person=person, position=position,
            since=start,
        )  # fmt: skip
    cast = Cast(system, actors, places, units[0], units[1])
    registers.add_row(
        by=cast.on("secretary", start), system=system, model=Certificate,
        values={"person": places["auditor"].person, "kind": CertificateKind.INTERNAL_AUDITOR, "number": "Minh họa 01",
                "issuer": "Trung tâm đào tạo (minh họa)", "issued_on": start, "valid_until": date(year + 2, 1, 5)},
    )  # fmt: skip
    return cast


def _procedure(office: Actor, cast: Cast, code: str, service: str, year: int) -> ProcedureVersion:
    work: dict[str, Any] = {
        "role": str(Role.OFFICER),
        "unit_rule": UnitRule.DECIDING,
        "norm_unit": NormUnit.WORKING_DAY,
    }
    definition = Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START),
            Step("tiep_nhan", "Tiếp nhận, kiểm tra hồ sơ", StepKind.HUMAN, norm=Decimal(1), **work),
            Step("tham_dinh", "Thẩm định, dự thảo kết quả", StepKind.HUMAN, norm=Decimal(2), **work),
            Step("ky_duyet", "Ký duyệt", StepKind.HUMAN, str(Role.AGENCY_HEAD), UnitRule.DECIDING, norm=Decimal(1),
                 norm_unit=NormUnit.WORKING_DAY),
            Step("ket_thuc", "Trả kết quả", StepKind.END, output="Kết quả"),
        ),
        flows=(
            Flow("f1", "bat_dau", "tiep_nhan"), Flow("f2", "tiep_nhan", "tham_dinh"),
            Flow("f3", "tham_dinh", "ky_duyet"), Flow("f4", "ky_duyet", "ket_thuc"),
        ),
    )  # fmt: skip
    return install_procedure(
        by=cast.on("secretary", date(year, 1, 5)), approver=replace(office, on=date(year, 1, 6)), code=code,
        title=service, definition=definition, effective_from=date(year, 1, 6), kind=ProcedureKind.TTHC,
        owner=cast.system.organisation, is_illustration=True, limit_amount=Decimal(5),
        limit_unit=NormUnit.WORKING_DAY,
    )  # fmt: skip


def _documents(cast: Cast, version: ProcedureVersion, year: int, *, reads: bool) -> None:
    day = date(year, 1, 8)
    templates.start_from_templates(
        by=cast.on("secretary", day), system=cast.system, kind=TemplateKind.PROVINCIAL, year=year
    )
    skeleton = ControlledDocument.objects.get(system=cast.system, code="QT-MAU").revisions.get()
    documents.start_document(
        by=cast.on("secretary", day), system=cast.system, code=version.procedure.code, type=DocumentType.PROCEDURE,
        title=version.procedure.title, unit=cast.counter, procedure_code=version.procedure.code,
        clauses="8.1, 8.5, 8.6",
        reason="Ban hành lần đầu", sections=skeleton.sections, table=skeleton.steps,
    )  # fmt: skip
    documents.withdraw_revision(by=cast.on("secretary", day), revision=skeleton, reason="Đã lập quy trình cụ thể")
    drafts = [
        document.revisions.get()
        for document in ControlledDocument.objects.filter(system=cast.system).exclude(code="QT-MAU")
    ]
    for draft in sorted(drafts, key=lambda item: item.document.type != DocumentType.FORM):
        documents.submit_revision(by=cast.on("secretary", day), revision=draft)
        documents.approve_revision(by=cast.on("head", day), revision=draft, effective_from=day)
        documents.bring_into_effect(by=cast.on("secretary", day), revision=draft)
    for who in cast.people:
        if not reads and who in {"officer", "auditor"}:
            continue
        actor = cast.on(who, date(year, 1, 14))
        for ack in ReadAck.objects.filter(reader_id=actor.user_id).select_related("revision"):
            documents.open_for_reading(by=actor, revision=ack.revision)
            documents.acknowledge(by=actor, revision=ack.revision)


def _registers(cast: Cast, year: int) -> None:
    by, system = cast.on("secretary", date(year, 1, 20)), cast.system

    def add(model, **values):
        return registers.add_row(by=by, system=system, model=model, values=values)

    review = date(year, 12, 15)
    add(ContextIssue, kind=ContextKind.STRENGTH, text="Đội ngũ công chức có chuyên môn vững", review_on=review)
    add(ContextIssue, kind=ContextKind.WEAKNESS, text="Thiếu người thay khi công chức một cửa nghỉ", review_on=review)
    add(ContextIssue, kind=ContextKind.THREAT, text="Sắp xếp bộ máy làm thay đổi thủ tục", review_on=review)
    main = ControlledDocument.objects.get(system=system, procedure_code__gt="")
    processes = [
        add(Process, code=code, name=name, kind=kind, unit=unit, kpi=kpi, documents=[main] if code == "QT2" else [])
        for code, name, kind, unit, kpi in (
            ("QL1", "Hoạch định và xem xét", ProcessKind.MANAGEMENT, cast.office, "Mục tiêu đạt"),
            ("QT1", "Tiếp nhận hồ sơ", ProcessKind.CORE, cast.counter, "Đúng hẹn"),
            ("QT2", "Giải quyết thủ tục", ProcessKind.CORE, cast.counter, "Bước đúng hạn"),
            ("QT3", "Trả kết quả, khảo sát", ProcessKind.CORE, cast.counter, "Hài lòng"),
            ("HT1", "Đào tạo, quản lý tài liệu", ProcessKind.SUPPORT, cast.office, "Đọc đúng hạn"),
        )
    ]  # fmt: skip
    for source, target, what in (
        (0, 1, "mục tiêu, nguồn lực"), (1, 2, "hồ sơ hợp lệ"), (2, 3, "kết quả đã ký"), (4, 2, "tài liệu, năng lực"),
        (3, 0, "phản hồi của người dân"),
    ):  # fmt: skip
        add(ProcessLink, source=processes[source], target=processes[target], what=what)
    add(
        Risk, kind=RiskKind.RISK, text="Hồ sơ chậm khi công chức nghỉ phép", process=processes[2], document=main,
        step_key="tham_dinh", likelihood=4, impact=3, treatment="Phân công người thay", owner=cast.places["officer"],
        likelihood_after=2, impact_after=3, review_on=review,
    )  # fmt: skip
    add(
        Risk, kind=RiskKind.OPPORTUNITY, text="Dùng lại dữ liệu đã có để bớt giấy tờ", process=processes[1],
        likelihood=3, impact=4, treatment="Nối dữ liệu dân cư", owner=cast.places["secretary"], review_on=review,
    )  # fmt: skip
    skill = add(Skill, name="Thẩm định hồ sơ trên hệ thống")
    add(SkillRequirement, skill=skill, position="Chuyên viên", level=3)
    for who, level in (("officer", 3), ("auditor", 2)):
        add(
            HeldSkill, skill=skill, person=cast.places[who].person, level=level, found_on=date(year, 1, 15),
            evidence="Phiếu đánh giá (minh họa)",
        )  # fmt: skip
    add(
        Training, title="Xử lý hồ sơ điện tử", skill=skill, planned_on=date(year, 3, 10), held_on=date(year, 3, 12),
        trainer="Thư ký ISO", evaluated_on=date(year, 6, 12), is_effective=True, evaluation="Bước đúng hạn tăng",
    )  # fmt: skip
    add(
        ImprovementIdea, title="Tự điền tờ khai từ dữ liệu dân cư", problem="Người dân khai lại nhiều lần",
        solution="Nghiên cứu tự điền từ dữ liệu dùng chung", needs_research=True,
    )  # fmt: skip


def _dossiers(cast: Cast, version: ProcedureVersion, year: int, end: date, *, every: int, late_every: int) -> None:
    """A dossier every so many days; each `late_every`-th is finished after its time."""
    day, number = date(year, 1, 19), 0
    while day < end - timedelta(days=25):
        number += 1
        received = _at(day, 8)
        case = start_case(
            by=cast.on("officer", day), procedure=version.procedure, title=f"{version.procedure.title}, hồ sơ {number}",
            applicant_name=f"Người nộp minh họa {number}", deciding=cast.system.organisation,
            receiving=cast.system.organisation, now=received, is_illustration=True,
        )  # fmt: skip
        _work(cast, case, received, slow=number % late_every == 0)
        day += timedelta(days=every)
        day += timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() >= 5 else 0)


def _work(cast: Cast, case: Case, received: datetime, *, slow: bool) -> None:
    moment = received
    for _ in range(3):
        run = case.runs.filter(state__in=WORKABLE_RUNS).latest("id")
        moment += timedelta(days=8 if slow and run.step_key == "tham_dinh" else 0, hours=2)
        who = "head" if run.role == str(Role.AGENCY_HEAD) else "officer"
        complete_step(by=cast.on(who, moment.date()), run=run, now=moment)


def _audited(cast: Cast, year: int, faults: tuple[FindingKind, ...]) -> None:
    planned, held = date(year, 2, 2), calendar().next_working_day(date(year, 6, 9))
    ended = calendar().next_working_day(held + timedelta(days=1))
    programme = audits.draft_programme(by=cast.on("secretary", planned), system=cast.system, year=year)
    audits.submit_programme(by=cast.on("secretary", planned), programme=programme)
    audits.approve_programme(by=cast.on("head", planned), programme=programme)
    audit = audits.plan_audit(
        by=cast.on("secretary", date(year, 5, 20)), programme=programme, lines=list(programme.lines.all()),
        auditee=cast.counter, starts_on=held, ends_on=ended, sample_size=4,
        scope="Toàn bộ quy trình đang áp dụng", criteria="TCVN ISO 9001:2015; quy trình nội bộ",
        team=[cast.places["auditor"]], lead=cast.places["auditor"],
    )  # fmt: skip
    audits.notify_audit(by=cast.on("secretary", date(year, 5, 25)), audit=audit)
    audits.prepare_checklist(by=cast.on("auditor", date(year, 6, 8)), audit=audit)
    by = cast.on("auditor", held)
    audits.start_audit(by=by, audit=audit)
    for index, item in enumerate(audit.items.select_related("audit__system")):
        kind = faults[index] if index < len(faults) else FindingKind.CONFORM
        audits.record_finding(
            by=by, item=item, finding=kind, evidence="Xem hồ sơ, phỏng vấn người làm (minh họa)",
            statement="" if kind == FindingKind.CONFORM else "Chưa cập nhật đủ dấu vết xử lý trong hồ sơ (minh họa)",
        )  # fmt: skip
    audits.report_audit(by=by, audit=audit, conclusion="Hệ thống được duy trì; khắc phục các điểm nêu trong báo cáo.")
    audits.close_audit(by=cast.on("secretary", ended + timedelta(days=2)), audit=audit)


def _proven(cast: Cast, year: int, end: date) -> None:
    """Audit with a minor fault that is mended and checked, review, announcement."""
    _audited(cast, year, (FindingKind.MINOR, FindingKind.OFI))
    for fault in Nonconformity.objects.filter(system=cast.system):
        mended = date(year, 6, 20)
        _plan(cast, fault, date(year, 6, 13), due=date(year, 7, 10))
        for action in fault.actions.select_related("nonconformity__system", "owner"):
            nonconformities.complete_action(by=cast.on("officer", mended), action=action, evidence="Đã cập nhật hồ sơ")
        nonconformities.finish_actions(by=cast.on("officer", mended), nonconformity=fault)
        nonconformities.close_nonconformity(
            by=cast.on("auditor", mended + timedelta(days=32)),
            nonconformity=fault,
            evidence="Lấy mẫu lại không còn lỗi",
        )
    day = calendar().next_working_day(date(year, 7, 28))
    review = reviews.plan_review(by=cast.on("secretary", day), system=cast.system, planned_on=day)
    reviews.freeze_inputs(by=cast.on("secretary", day), review=review)
    reviews.hold_review(
        by=cast.on("secretary", day), review=review, held_on=day, attendees="Ban chỉ đạo ISO; các trưởng bộ phận",
        minutes="Thống nhất duy trì hệ thống; tập trung giảm bước thẩm định trễ.",
        decisions=[("Phân công người thay khi nghỉ phép", cast.places["officer"], day + timedelta(days=30))],
    )  # fmt: skip
    reviews.sign_minutes(by=cast.on("head", day), review=review)
    for decision in review.decisions.select_related("review__system", "owner"):
        reviews.complete_decision(by=cast.on("officer", day), decision=decision, result="Đã phân công (minh họa)")
    found = announcements.draft_announcement(by=cast.on("secretary", day), system=cast.system)
    announcements.confirm_announcement(by=cast.on("head", day), announcement=found)
    announcements.publish_announcement(
        by=cast.on("secretary", day), announcement=found, number="01/CB-STP", effective_from=day
    )


def _plan(cast: Cast, fault: Nonconformity, day: date, *, due: date) -> None:
    nonconformities.open_analysis(
        by=cast.on("secretary", day), nonconformity=fault, owner=cast.places["officer"], due_on=due
    )
    nonconformities.propose_plan(
        by=cast.on("officer", day), nonconformity=fault, correction="Bổ sung ngay vào hồ sơ",
        whys=["Không cập nhật trong ngày", "Làm xong mới nhập một lần", "Chưa có nhắc việc cuối ngày"],
        root_cause="Quy trình chưa quy định cập nhật trong ngày",
        actions=[("Bổ sung quy định cập nhật trong ngày và nhắc việc", cast.places["officer"], due)],
    )  # fmt: skip
    nonconformities.approve_plan(by=cast.on("head", day), nonconformity=fault)


def _faulty(office: Actor, cast: Cast, overseer: Organisation, year: int, end: date) -> None:
    """An audit with a major fault still open, steps late again and again, an inspection waiting for remedy."""
    _audited(cast, year, (FindingKind.MAJOR, FindingKind.MINOR, FindingKind.OBSERVATION))
    major = Nonconformity.objects.filter(system=cast.system, severity=Severity.MAJOR).first()
    if major is not None:
        _plan(cast, major, date(year, 6, 15), due=date(year, 7, 15))
    nonconformities.note_nonconformity(
        by=cast.on("officer", end - timedelta(days=6)), system=cast.system, source=NonconformitySource.SELF,
        severity=Severity.MINOR, title="Biểu mẫu in sẵn ở quầy là bản cũ", clause="7.5",
        description="Tại quầy số 2 còn tờ khai bản trước (minh họa).",
    )  # fmt: skip
    for month in range(1, end.month + 1):
        nonconformities.note_repeated_overdue(by=replace(office, on=end), month=date(year, month, 1))
    day = calendar().next_working_day(end - timedelta(days=20))
    by = replace(office, on=day)
    found = inspections.plan_inspection(
        by=by, system=cast.system, inspector=overseer, mode=InspectionMode.ON_SITE, decision_number="Minh họa",
        planned_on=day, team="Đoàn kiểm tra (minh họa)",
    )  # fmt: skip
    inspections.begin_check(by=by, inspection=found)
    inspections.add_inspection_finding(
        by=by, inspection=found, content="Chưa xem xét của lãnh đạo trong năm", severity=Severity.MAJOR, clause="9.3",
        due_on=day + timedelta(days=60),
    )  # fmt: skip
    inspections.conclude_inspection(by=by, inspection=found, conclusion="Khắc phục tồn tại và báo cáo lại Sở.")


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=VIETNAM)
