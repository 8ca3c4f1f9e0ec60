"""Audits and nonconformities: duties apart, times that must pass, samples drawn again, repeated overdue steps."""

from datetime import date, timedelta

import pytest

from khcn.domains.qms.choices import FindingKind, NonconformitySource, NonconformityState, Severity
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen, TooEarly
from khcn.domains.qms.models import Audit, AuditProgramme, Nonconformity
from khcn.domains.qms.rules.sampling import draw, population_digest
from khcn.domains.qms.services import audits, nonconformities
from khcn.domains.qms.tests.world import (
    MACHINE,
    START,
    World,
    effective_document,
    make_case,
    make_procedure,
    on,
)

pytestmark = pytest.mark.django_db
JUNE = date(2025, 6, 2)


def approved_programme(world: World) -> AuditProgramme:
    programme = audits.draft_programme(by=on(world.secretary, START), system=world.system, year=2025)
    audits.submit_programme(by=on(world.secretary, START), programme=programme)
    return audits.approve_programme(by=on(world.head, START), programme=programme)


def planned_audit(world: World, programme: AuditProgramme, **more) -> Audit:
    values = {
        "lines": list(programme.lines.all()), "auditee": world.expert_unit, "starts_on": JUNE, "ends_on": JUNE,
        "scope": "Toàn bộ", "criteria": "ISO 9001", "team": [world.members["auditor"]],
        "lead": world.members["auditor"], **more,
    }  # fmt: skip
    return audits.plan_audit(by=on(world.secretary, START), programme=programme, **values)


def noted(world: World, **more) -> Nonconformity:
    return nonconformities.note_nonconformity(
        by=on(world.officer, START), system=world.system, source=NonconformitySource.SELF, severity=Severity.MAJOR,
        title="Trả kết quả chậm", description="Hồ sơ 12 trả chậm ba ngày.", **more,
    )  # fmt: skip


def in_progress(world: World) -> Nonconformity:
    found = noted(world)
    nonconformities.open_analysis(
        by=on(world.secretary, START), nonconformity=found, owner=world.members["officer"],
        due_on=START + timedelta(days=30),
    )  # fmt: skip
    nonconformities.propose_plan(
        by=on(world.officer, START), nonconformity=found, correction="Xin lỗi", whys=["Thiếu người", "Nghỉ phép"],
        root_cause="Không có người thay", actions=[("Phân công thay", world.members["officer"], START)],
    )  # fmt: skip
    return nonconformities.approve_plan(by=on(world.head, START), nonconformity=found)


def test_plan_audit_with_an_auditor_of_the_audited_unit_is_refused(world: World) -> None:
    effective_document(world)
    programme = approved_programme(world)

    with pytest.raises(DutiesConflict):
        planned_audit(world, programme, auditee=world.office)


def test_plan_audit_with_an_uncertified_auditor_is_refused(world: World) -> None:
    effective_document(world)
    programme = approved_programme(world)

    with pytest.raises(NotYetProven, match="chứng chỉ"):
        planned_audit(world, programme, team=[world.members["secretary"]], lead=world.members["secretary"])


def test_plan_audit_with_a_certificate_that_ends_before_is_refused(world: World) -> None:
    effective_document(world)
    programme = approved_programme(world)

    with pytest.raises(NotYetProven, match="chứng chỉ"):
        planned_audit(world, programme, starts_on=date(2028, 1, 4), ends_on=date(2028, 1, 5))


def test_approve_programme_by_its_drafter_is_refused(world: World) -> None:
    effective_document(world)
    programme = audits.draft_programme(by=on(world.secretary, START), system=world.system, year=2025)
    programme.drafted_by = world.head.user
    programme.save()
    audits.submit_programme(by=on(world.secretary, START), programme=programme)

    with pytest.raises(DutiesConflict):
        audits.approve_programme(by=on(world.head, START), programme=programme)


def test_notify_audit_six_days_before_is_refused_and_seven_is_not(world: World) -> None:
    effective_document(world)
    audit = planned_audit(world, approved_programme(world))

    with pytest.raises(TooEarly):
        audits.notify_audit(by=on(world.secretary, JUNE - timedelta(days=6)), audit=audit)
    assert audits.notify_audit(by=on(world.secretary, JUNE - timedelta(days=7)), audit=audit).notified_on


def test_prepare_checklist_samples_real_dossiers_that_can_be_drawn_again(world: World) -> None:
    version = make_procedure()
    effective_document(world, procedure_code="TT-01")
    codes = [
        make_case(version, world.organisation, number, received=date(2025, 3, 3), doer=world.officer).code
        for number in range(20)
    ]
    make_case(version, world.organisation, 99, received=date(2023, 3, 3), doer=world.officer)
    audit = planned_audit(world, approved_programme(world))

    items = audits.prepare_checklist(by=on(world.secretary, START), audit=audit)

    sampled = [item.case_code for item in items if item.case_code]
    assert sampled == draw(codes, size=5, seed=audit.seed)
    assert audit.population == 20
    assert audit.population_digest == population_digest(codes)
    again = audits.prepare_checklist(by=on(world.secretary, START), audit=audit)
    assert [item.case_code for item in again if item.case_code] == sampled


def test_audit_runs_to_its_end_and_faults_become_nonconformities(world: World) -> None:
    effective_document(world)
    audit = planned_audit(world, approved_programme(world))
    auditor = on(world.auditor, JUNE)
    audits.notify_audit(by=on(world.secretary, START), audit=audit)
    audits.prepare_checklist(by=on(world.auditor, START), audit=audit)
    audits.start_audit(by=auditor, audit=audit)
    first, *rest = audit.items.select_related("audit__system")

    with pytest.raises(NotYetProven):
        audits.record_finding(by=auditor, item=first, finding=FindingKind.MAJOR, evidence="Hồ sơ 3")
    audits.record_finding(
        by=auditor, item=first, finding=FindingKind.MAJOR, evidence="Hồ sơ 3", statement="Thiếu chữ ký"
    )
    with pytest.raises(NotYetProven, match="chưa kết luận"):
        audits.report_audit(by=auditor, audit=audit, conclusion="Xong")
    for item in rest:
        audits.record_finding(by=auditor, item=item, finding=FindingKind.CONFORM, evidence="Đã xem")
    audits.report_audit(by=auditor, audit=audit, conclusion="Một lỗi nặng")
    audits.close_audit(by=on(world.secretary, JUNE), audit=audit)

    found = Nonconformity.objects.get(source=NonconformitySource.AUDIT)
    assert (found.severity, found.title) == (Severity.MAJOR, "Thiếu chữ ký")
    first.refresh_from_db()
    assert first.nonconformity == found
    with pytest.raises(StepNotOpen):
        audits.record_finding(by=auditor, item=first, finding=FindingKind.CONFORM, evidence="Sửa")


def test_propose_plan_without_a_chain_of_whys_is_refused(world: World) -> None:
    found = noted(world)
    nonconformities.open_analysis(
        by=on(world.secretary, START), nonconformity=found, owner=world.members["officer"], due_on=START
    )

    with pytest.raises(NotYetProven, match="vì sao"):
        nonconformities.propose_plan(
            by=on(world.officer, START), nonconformity=found, correction="", whys=["Chậm"], root_cause="Chậm",
            actions=[("Nhắc", world.members["officer"], START)],
        )  # fmt: skip


def test_finish_with_an_action_not_done_is_refused(world: World) -> None:
    found = in_progress(world)

    with pytest.raises(NotYetProven, match="1 hành động"):
        nonconformities.finish_actions(by=on(world.officer, START), nonconformity=found)


def test_close_needs_thirty_days_and_somebody_else_than_the_owner(world: World) -> None:
    found = in_progress(world)
    nonconformities.complete_action(by=on(world.officer, START), action=found.actions.get(), evidence="QĐ phân công")
    nonconformities.finish_actions(by=on(world.officer, START), nonconformity=found)
    late_enough = START + timedelta(days=30)

    with pytest.raises(TooEarly):
        nonconformities.close_nonconformity(
            by=on(world.secretary, late_enough - timedelta(days=1)), nonconformity=found, evidence="Không tái diễn"
        )
    found.owner = world.members["secretary"]
    found.save()
    with pytest.raises(DutiesConflict):
        nonconformities.close_nonconformity(
            by=on(world.secretary, late_enough), nonconformity=found, evidence="Không tái diễn"
        )
    nonconformities.close_nonconformity(
        by=on(world.auditor, late_enough), nonconformity=found, evidence="Không tái diễn"
    )
    assert found.state == NonconformityState.CLOSED
    assert found.checks.get().is_effective


def test_reopen_leads_back_to_the_analysis(world: World) -> None:
    found = in_progress(world)
    nonconformities.complete_action(by=on(world.officer, START), action=found.actions.get(), evidence="QĐ phân công")
    nonconformities.finish_actions(by=on(world.officer, START), nonconformity=found)

    nonconformities.reopen_nonconformity(by=on(world.auditor, START), nonconformity=found, reason="Lại chậm")
    nonconformities.open_analysis(
        by=on(world.secretary, START), nonconformity=found, owner=world.members["officer"], due_on=START
    )

    assert found.state == NonconformityState.ANALYSIS
    assert not found.checks.get().is_effective


@pytest.mark.database
def test_note_repeated_overdue_opens_one_draft_per_step_and_month(world: World) -> None:
    version = make_procedure()
    for number in range(3):
        make_case(version, world.organisation, number, received=date(2025, 3, 3), late_steps=1)
    make_case(version, world.organisation, 9, received=date(2025, 4, 3), late_steps=1)
    by = on(MACHINE, date(2025, 3, 31))

    opened = nonconformities.note_repeated_overdue(by=by, month=date(2025, 3, 1))
    again = nonconformities.note_repeated_overdue(by=by, month=date(2025, 3, 31))
    april = nonconformities.note_repeated_overdue(by=by, month=date(2025, 4, 1))

    assert len(opened) == 1
    assert opened[0].source == NonconformitySource.OVERDUE
    assert "3 lượt" in opened[0].title
    assert again == april == []
