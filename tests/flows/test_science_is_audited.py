"""Science tasks run on procedures of the engine, so the standing body's own audit draws them like any other dossier."""

from datetime import date

import pytest

from khcn.domains.programme.models import Plan
from khcn.domains.programme.rules.procedure_steps import Science
from khcn.domains.programme.services import approvals
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.programme.tests.pipeline import journey
from khcn.domains.programme.tests.pipeline.conftest import FULL, TODAY, _rule_rows, moment, rules  # noqa: F401
from khcn.domains.programme.tests.pipeline.conftest import cast as pipeline  # noqa: F401
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


def audited(world, *codes: str):
    """The agency describes its procedures (one more document for each code) and audits all of them in 2025.

    Returns what drafting came to, the audit, and its points.
    """
    secretary, head = on(world.secretary, DRAFTED), on(world.head, DRAFTED)
    drafting.submit_all(by=secretary, revisions=drafting.draft_missing(by=secretary, system=world.system))
    approved = drafting.approve_all(
        by=head, revisions=DocumentRevision.objects.filter(state=RevisionState.IN_REVIEW), effective_from=DRAFTED
    )
    for number, code in enumerate(codes, 90):
        effective_document(world, f"QT-{number}", day=DRAFTED, procedure_code=code)
    planner = on(world.secretary, PLANNED)
    programme = audits.draft_programme(by=planner, system=world.system, year=2025)
    audits.submit_programme(by=planner, programme=programme)
    audits.approve_programme(by=on(world.head, PLANNED), programme=programme)
    audit = audits.plan_audit(
        by=planner, programme=programme, lines=list(programme.lines.all()), auditee=world.expert_unit,
        starts_on=AUDITED, ends_on=AUDITED, scope="Nhiệm vụ khoa học", criteria="ISO 9001",
        team=[world.members["auditor"]], lead=world.members["auditor"],
    )  # fmt: skip
    return approved, audit, audits.prepare_checklist(by=planner, audit=audit)


def drawn_of(items) -> set[str]:
    """Codes of the engine's procedures whose cases stand in the sample."""
    sampled = {item.case_code for item in items if item.case_code}
    return {case.version_pinned.procedure.code for case in Case.objects.filter(code__in=sampled)}


def found_wanting(world, audit):
    """A finding on the first dossier of the sample."""
    audits.notify_audit(by=on(world.secretary, PLANNED), audit=audit)
    audits.start_audit(by=on(world.auditor, AUDITED), audit=audit)
    point = audit.items.exclude(case_code="").select_related("audit__system").first()
    return audits.record_finding(
        by=on(world.auditor, AUDITED), item=point, finding=FindingKind.MINOR, evidence=point.case_code,
        statement="Biên bản thiếu chữ ký",
    )  # fmt: skip


def test_dossiers_of_science_procedures_are_covered_sampled_and_found_wanting_like_any_other() -> None:
    load_procedures(by=SYSTEM)
    science = make_task_world()
    science.plan.standing_body = science.director.organisation
    science.plan.save()
    _contract(science)
    _accept(science)
    _apply(science)
    world = make_world(science.director.organisation)

    approved, audit, items = audited(world, str(Science.MONITOR))

    wanted = {str(one) for one in (Science.MONITOR, Science.ACCEPT, Science.USE)}
    codes = {row.document.procedure_code for row in approved.done}
    assert approved.refused == ()
    assert {str(Science.ACCEPT), str(Science.USE)} <= codes
    assert all(row.steps for row in approved.done)
    needed = coverage_of({world.system.pk: world.system}, first=date(2024, 1, 1), last=DRAFTED)[world.system.pk]
    assert all(item.is_covered for item in needed)
    assert drawn_of(items) == wanted  # the watched task began long before the year that is audited
    assert found_wanting(world, audit).finding == FindingKind.MINOR


@pytest.mark.parametrize("names_plan", [True, False], ids=["of a plan", "of no plan"])
def test_proposals_and_calls_are_drawn_too_also_where_they_name_no_plan(pipeline, moment, names_plan):  # noqa: F811
    load_procedures(by=SYSTEM)
    plan = Plan.objects.create(
        code="KH-2021-2025", title="Kế hoạch", issuer="UBND tỉnh", period_from=2021, period_to=2025, state="adopted",
        standing_body=pipeline.units.office,
    )  # fmt: skip
    proposed = {**FULL, "plan": plan} if names_plan else dict(FULL)
    _call, mine, _other, later = journey.ready_to_approve(pipeline, proposed, TODAY, moment)
    approvals.approve_application(by=pipeline.leader, application=mine, decision_number="99/QĐ-UBND", on=later)
    world = make_world(pipeline.units.office)

    approved, audit, items = audited(world)

    wanted = {str(Science.IDENTIFY), str(Science.SELECT)}
    assert wanted <= {row.document.procedure_code for row in approved.done}
    assert drawn_of(items) == wanted
    assert found_wanting(world, audit).finding == FindingKind.MINOR
