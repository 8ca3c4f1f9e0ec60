"""Science tasks run on procedures of the engine, so the standing body's own audit draws them like any other dossier."""

from datetime import date

import pytest

from khcn.domains.programme.rules.procedure_steps import Science
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.programme.tests.tasks.test_task_to_application import _accept, _apply, _contract
from khcn.domains.programme.tests.tasks.world import SYSTEM
from khcn.domains.programme.tests.tasks.world import make_world as make_task_world
from khcn.domains.qms.choices import FindingKind, RevisionState
from khcn.domains.qms.models import DocumentRevision
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.services import audits, drafting
from khcn.domains.qms.tests.world import effective_document, make_world, on
from khcn.kernel.procedures.models import Case

pytestmark = pytest.mark.django_db
DRAFTED, PLANNED, AUDITED = date(2024, 9, 20), date(2025, 1, 20), date(2025, 3, 3)


def test_dossiers_of_science_procedures_are_covered_sampled_and_found_wanting_like_any_other() -> None:
    load_procedures(by=SYSTEM)
    science = make_task_world()
    science.plan.standing_body = science.director.organisation
    science.plan.save()
    _contract(science)
    _accept(science)
    _apply(science)
    world = make_world(science.director.organisation)
    secretary, head = on(world.secretary, DRAFTED), on(world.head, DRAFTED)

    drafted = drafting.draft_missing(by=secretary, system=world.system)
    drafting.submit_all(by=secretary, revisions=drafted)
    approved = drafting.approve_all(
        by=head, revisions=DocumentRevision.objects.filter(state=RevisionState.IN_REVIEW), effective_from=DRAFTED
    )
    effective_document(world, "QT-90", day=DRAFTED, procedure_code=str(Science.MONITOR))
    planner = on(world.secretary, PLANNED)
    programme = audits.draft_programme(by=planner, system=world.system, year=2025)
    audits.submit_programme(by=planner, programme=programme)
    audits.approve_programme(by=on(world.head, PLANNED), programme=programme)
    audit = audits.plan_audit(
        by=planner, programme=programme, lines=list(programme.lines.all()), auditee=world.expert_unit,
        starts_on=AUDITED, ends_on=AUDITED, scope="Nhiệm vụ khoa học", criteria="ISO 9001",
        team=[world.members["auditor"]], lead=world.members["auditor"],
    )  # fmt: skip
    items = audits.prepare_checklist(by=planner, audit=audit)

    wanted = {str(one) for one in (Science.MONITOR, Science.ACCEPT, Science.USE)}
    codes = {row.document.procedure_code for row in approved.done}
    assert approved.refused == ()
    assert {str(Science.ACCEPT), str(Science.USE)} <= codes
    assert all(row.steps for row in approved.done)
    needed = coverage_of({world.system.pk: world.system}, first=date(2024, 1, 1), last=DRAFTED)[world.system.pk]
    assert all(item.is_covered for item in needed)
    sampled = {item.case_code for item in items if item.case_code}
    drawn = {case.version_pinned.procedure.code for case in Case.objects.filter(code__in=sampled)}
    assert drawn == wanted  # the watched task began long before the year that is audited and was worked on in it
    audits.notify_audit(by=planner, audit=audit)
    audits.start_audit(by=on(world.auditor, AUDITED), audit=audit)
    point = audit.items.exclude(case_code="").select_related("audit__system").first()
    found = audits.record_finding(
        by=on(world.auditor, AUDITED), item=point, finding=FindingKind.MINOR, evidence=point.case_code,
        statement="Biên bản thiếu chữ ký",
    )  # fmt: skip
    assert found.finding == FindingKind.MINOR
