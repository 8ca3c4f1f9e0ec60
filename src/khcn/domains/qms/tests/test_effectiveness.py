"""From an enrolled agency to a confirmed verdict: review, announcement, score, evidence, inspection, export."""

import json
from datetime import date, timedelta

import pytest

from khcn.domains.qms.choices import (
    FindingKind,
    InspectionMode,
    MeasureSource,
    Severity,
    TemplateKind,
    YearState,
)
from khcn.domains.qms.errors import DutiesConflict, NotYetProven, StepNotOpen
from khcn.domains.qms.models import (
    AgencyYear,
    Announcement,
    AuditProgramme,
    Nonconformity,
    Objective,
    TemplateDocument,
    Training,
)
from khcn.domains.qms.queries.scores import province_tally
from khcn.domains.qms.queries.year_facts import count_years
from khcn.domains.qms.services import (
    announcements,
    audits,
    documents,
    inspections,
    objectives,
    registers,
    reviews,
    scores,
    templates,
)
from khcn.domains.qms.tests.test_improvement import JUNE, approved_programme, planned_audit
from khcn.domains.qms.tests.world import (
    START,
    World,
    effective_document,
    make_case,
    make_procedure,
    on,
)
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.kernel.procedures.models import CalendarDay
from khcn.lib.failure import Forbidden, Refused

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 1)
END = date(2026, 1, 5)


def audited(world: World) -> None:
    audit = planned_audit(world, approved_programme(world))
    auditor = on(world.auditor, JUNE)
    audits.notify_audit(by=on(world.secretary, START), audit=audit)
    audits.prepare_checklist(by=on(world.auditor, START), audit=audit)
    audits.start_audit(by=auditor, audit=audit)
    for item in audit.items.select_related("audit__system"):
        audits.record_finding(by=auditor, item=item, finding=FindingKind.CONFORM, evidence="Đã xem")
    audits.report_audit(by=auditor, audit=audit, conclusion="Phù hợp")
    audits.close_audit(by=on(world.secretary, JUNE), audit=audit)


def reviewed(world: World) -> None:
    review = reviews.plan_review(by=on(world.secretary, JULY), system=world.system, planned_on=JULY)
    reviews.freeze_inputs(by=on(world.secretary, JULY), review=review)
    reviews.hold_review(
        by=on(world.secretary, JULY), review=review, held_on=JULY, attendees="Ban chỉ đạo", minutes="Thống nhất.",
        decisions=[("Đào tạo lại", world.members["officer"], JULY + timedelta(days=60))],
    )  # fmt: skip
    reviews.sign_minutes(by=on(world.head, JULY), review=review)


def announced(world: World) -> Announcement:
    found = announcements.draft_announcement(by=on(world.secretary, JULY), system=world.system)
    announcements.confirm_announcement(by=on(world.head, JULY), announcement=found)
    return announcements.publish_announcement(
        by=on(world.secretary, JULY), announcement=found, number="01/CB-STP", effective_from=JULY
    )


def effective_world(world: World) -> World:
    """Everything done: procedure in effect and read, dossiers run, audit, review, announcement."""
    version = make_procedure(owner=world.organisation)
    revision = effective_document(world, procedure_code="TT-01")
    for who in (world.head, world.secretary, world.auditor, world.officer):
        documents.open_for_reading(by=on(who, START), revision=revision)
        documents.acknowledge(by=on(who, START), revision=revision)
    for number in range(10):
        make_case(version, world.organisation, number, received=date(2025, 3, 3), doer=world.officer)
    audited(world)
    reviewed(world)
    announced(world)
    return world


def test_compute_year_with_everything_done_is_effective_and_reproduces(world: World) -> None:
    effective_world(world)

    found = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)

    assert {code: gate["holds"] for code, gate in found.gates.items()} == dict.fromkeys(
        ("G1", "G2", "G3", "G4", "G5"), True
    )
    assert found.total == 100
    assert found.is_effective
    check = scores.recheck(found)
    assert check.is_intact
    assert check.reproduces


def test_compute_year_late_and_paper_dossiers_lower_the_score_as_counted(world: World) -> None:
    effective_world(world)
    version = make_procedure("TT-02", owner=make_organisation())
    for number in range(10):
        make_case(version, world.organisation, number, received=date(2025, 5, 5), late=True, late_steps=2, by_hand=True)

    facts = count_years([world.system], year=2025, as_of=END)[world.system.pk].facts

    assert (facts.electronic.counted, facts.electronic.of) == (10, 20)
    assert (facts.cases_in_time.counted, facts.cases_in_time.of) == (10, 20)
    assert (facts.steps_in_time.counted, facts.steps_in_time.of) == (20, 40)
    assert (facts.covered.counted, facts.covered.of) == (1, 2)  # TT-02 has no controlled procedure here


def test_compute_year_counts_a_dossier_of_last_year_that_falls_due_in_this_one_once(world: World) -> None:
    version = make_procedure("TT-02", owner=make_organisation())
    make_case(version, world.organisation, 1, received=date(2024, 12, 28), late=True, doer=world.officer)
    make_case(version, world.organisation, 2, received=date(2024, 12, 20), late=True, doer=world.officer)

    facts = {year: count_years([world.system], year=year, as_of=END)[world.system.pk].facts for year in (2024, 2025)}

    judged = [(facts[year].cases_in_time.of, facts[year].electronic.of) for year in (2024, 2025)]
    assert judged == [(1, 1), (1, 1)]
    assert [facts[year].covered.of for year in (2024, 2025)] == [1, 1]  # TT-02 binds the agency in both years


def test_compute_year_before_any_period_of_an_objective_has_ended_leaves_objectives_out(world: World) -> None:
    effective_world(world)
    values = {"code": "M1", "year": 2025, "name": "Bước đúng hạn", "source": MeasureSource.STEPS_IN_TIME, "target": 95}
    by = on(world.secretary, START)
    registers.add_row(by=by, system=world.system, model=Objective, values={**values, "frequency": "year"})

    shares = {
        day: count_years([world.system], year=2025, as_of=day)[world.system.pk].facts.objectives_measured
        for day in (date(2025, 6, 30), date(2025, 12, 31))
    }

    assert [(share.counted, share.of) for share in shares.values()] == [(0, 0), (0, 1)]


def test_compute_year_objective_computed_of_nothing_is_not_held_against_the_agency(world: World) -> None:
    values = {
        "code": "M1", "year": 2025, "name": "Phản ánh", "source": MeasureSource.COMPLAINTS_IN_TIME, "target": 95,
        "frequency": "quarter",
    }  # fmt: skip
    registers.add_row(by=on(world.secretary, START), system=world.system, model=Objective, values=values)
    april = date(2025, 4, 1)
    objectives.measure_objectives(by=on(world.secretary, april), system=world.system, year=2025)

    found = count_years([world.system], year=2025, as_of=april)[world.system.pk].facts.objectives_measured

    assert (found.counted, found.of) == (0, 0)


@pytest.mark.parametrize(
    ("day", "why"), [(date(2025, 7, 5), "thứ Bảy"), (date(2025, 7, 8), "Nghỉ bão")], ids=["Saturday", "local day off"]
)
def test_review_and_inspection_on_a_day_of_rest_are_refused_with_the_next_day(
    world: World, day: date, why: str
) -> None:
    CalendarDay.objects.create(on=date(2025, 7, 8), kind="local", name="Nghỉ bão", basis="Công điện 01")

    with pytest.raises(Refused, match=f"{why}.*gần nhất là 0[79]/07/2025"):
        reviews.plan_review(by=on(world.secretary, JULY), system=world.system, planned_on=day)
    with pytest.raises(Refused, match="ngày nghỉ"):
        inspections.plan_inspection(
            by=on(world.overseer, JULY), system=world.system, inspector=world.overseer.organisation,
            mode=InspectionMode.BY_FILE, decision_number="1", planned_on=day,
        )  # fmt: skip


def test_recheck_after_tampering_or_changed_records_fails(world: World) -> None:
    effective_world(world)
    found = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)

    found.total = 99
    assert not scores.recheck(found).is_intact
    found.refresh_from_db()
    make_case(make_procedure("TT-03"), world.organisation, 1, received=date(2025, 8, 4), by_hand=True)
    check = scores.recheck(found)
    assert check.is_intact
    assert not check.reproduces
    with pytest.raises(NotYetProven):
        scores.confirm_year(by=on(world.overseer, END), agency_year=found, decision_number="05/QĐ")


def test_confirm_year_only_by_the_standing_body_and_only_one_per_year(world: World) -> None:
    effective_world(world)
    first = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)

    with pytest.raises(Forbidden):
        scores.confirm_year(by=on(world.head, END), agency_year=first, decision_number="05/QĐ")
    scores.confirm_year(by=on(world.overseer, END), agency_year=first, decision_number="05/QĐ")
    second = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, END), agency_year=second, decision_number="06/QĐ")

    assert list(AgencyYear.objects.order_by("pk").values_list("state", flat=True)) == [
        YearState.REVOKED, YearState.CONFIRMED,
    ]  # fmt: skip
    tally = province_tally(2025, on=END)
    assert (tally.announced, tally.electronic, tally.effective, tally.confirmed) == (1, 1, 1, 1)
    assert tally.obliged == 2  # the agency and the department of the overseer


def test_confirm_announcement_before_audit_and_review_is_refused(world: World) -> None:
    effective_document(world)
    found = announcements.draft_announcement(by=on(world.secretary, JULY), system=world.system)

    with pytest.raises(NotYetProven, match="đánh giá nội bộ"):
        announcements.confirm_announcement(by=on(world.head, JULY), announcement=found)
    audited(world)
    with pytest.raises(NotYetProven, match="xem xét"):
        announcements.confirm_announcement(by=on(world.head, JULY), announcement=found)


def test_publish_again_replaces_the_standing_announcement(world: World) -> None:
    effective_world(world)
    effective_document(world, "QT-11", day=JULY)

    again = announced(world)

    assert again.is_renewal
    assert list(Announcement.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "published"]
    assert again.paper.revisions.get().file.size > 1000


def test_freeze_inputs_fills_a_to_f_and_sign_refuses_altered_inputs(world: World) -> None:
    effective_document(world)
    review = reviews.plan_review(by=on(world.secretary, JULY), system=world.system, planned_on=JULY)
    reviews.freeze_inputs(by=on(world.secretary, JULY), review=review)

    assert [item["letter"] for item in review.inputs["inputs"]] == list("abcdef")
    reviews.hold_review(
        by=on(world.secretary, JULY), review=review, held_on=JULY, attendees="A", minutes="B",
        decisions=[("Việc", world.members["officer"], JULY)],
    )  # fmt: skip
    review.inputs["inputs"][0]["lines"] = ["Khác"]
    review.save()
    with pytest.raises(StepNotOpen):
        reviews.sign_minutes(by=on(world.head, JULY), review=review)


def test_inspection_finding_becomes_a_nonconformity_and_must_be_remedied(world: World) -> None:
    by = on(world.overseer, JULY)
    with pytest.raises(DutiesConflict):
        inspections.plan_inspection(
            by=by, system=world.system, inspector=world.organisation, mode=InspectionMode.BY_FILE,
            decision_number="1", planned_on=JULY,
        )  # fmt: skip
    found = inspections.plan_inspection(
        by=by, system=world.system, inspector=world.overseer.organisation, mode=InspectionMode.BY_FILE,
        decision_number="12/KH-SKHCN", planned_on=JULY,
    )  # fmt: skip
    inspections.begin_check(by=by, inspection=found)
    finding = inspections.add_inspection_finding(
        by=by, inspection=found, content="Chưa đánh giá nội bộ", severity=Severity.MAJOR, due_on=JULY
    )
    inspections.conclude_inspection(by=by, inspection=found, conclusion="Khắc phục trong 30 ngày")

    assert Nonconformity.objects.get().severity == Severity.MAJOR
    with pytest.raises(NotYetProven):
        inspections.report_inspection(by=by, inspection=found)
    finding.refresh_from_db()
    inspections.report_remedy(by=on(world.secretary, JULY), finding=finding, remedy="Đã đánh giá")
    assert inspections.report_inspection(by=by, inspection=found).reported_on == JULY


def test_start_from_templates_gives_a_whole_set_and_repeats_without_doubling(world: World) -> None:
    by = on(world.secretary, START)

    drafted = templates.start_from_templates(by=by, system=world.system, kind=TemplateKind.PROVINCIAL, year=2025)
    again = templates.start_from_templates(by=by, system=world.system, kind=TemplateKind.PROVINCIAL, year=2025)

    codes = {row.document.code for row in drafted}
    assert codes == set(TemplateDocument.objects.filter(set_for="provincial").values_list("code", flat=True))
    assert {"CSCL", "MTCL", "QT-01", "QT-02", "QT-03", "QT-04", "QT-05"} <= codes
    assert again == []
    assert "{cơ quan}" not in json.dumps([row.sections for row in drafted], ensure_ascii=False)
    assert Objective.objects.filter(system=world.system, year=2025).count() == 4


def test_reuse_last_year_carries_objectives_with_the_last_value_as_baseline(world: World) -> None:
    by = on(world.secretary, START)
    templates.start_from_templates(by=by, system=world.system, kind=TemplateKind.PROVINCIAL, year=2025)
    version = make_procedure()
    for number in range(4):
        make_case(version, world.organisation, number, received=date(2025, 2, 3), late=number == 0, doer=world.officer)
    objectives.measure_objectives(by=on(world.secretary, date(2025, 4, 1)), system=world.system, year=2025)

    templates.reuse_last_year(by=on(world.secretary, END), system=world.system, year=2026)

    carried = Objective.objects.get(system=world.system, year=2026, source=MeasureSource.CASES_IN_TIME)
    assert carried.baseline == 75


def test_reuse_last_year_draws_up_the_programme_and_plans_trainings_again_once(world: World) -> None:
    by = on(world.secretary, START)
    templates.start_from_templates(by=by, system=world.system, kind=TemplateKind.PROVINCIAL, year=2025)
    effective_document(world)
    registers.add_row(
        by=by, system=world.system, model=Training,
        values={"title": "Nhận thức ISO 9001", "planned_on": date(2025, 3, 3), "trainer": "Chi cục"},
    )  # fmt: skip

    for _ in range(2):
        templates.reuse_last_year(by=on(world.secretary, END), system=world.system, year=2026)

    again = Training.objects.get(system=world.system, planned_on__year=2026)
    assert (again.title, again.planned_on, again.held_on) == ("Nhận thức ISO 9001", date(2026, 3, 3), None)
    programme = AuditProgramme.objects.get(system=world.system, year=2026)
    assert programme.lines.filter(document__code="QT-10").exists()


def test_measure_objectives_counts_the_engine_and_repeats_without_doubling(world: World) -> None:
    version = make_procedure()
    for number in range(8):
        make_case(version, world.organisation, number, received=date(2025, 2, 3), late_steps=1, doer=world.officer)
    registers.add_row(
        by=on(world.secretary, START), system=world.system, model=Objective,
        values={"code": "M1", "year": 2025, "name": "Bước đúng hạn", "source": MeasureSource.STEPS_IN_TIME,
                "target": 95, "frequency": "quarter"},
    )  # fmt: skip

    first = objectives.measure_objectives(by=on(world.secretary, date(2025, 4, 1)), system=world.system, year=2025)
    again = objectives.measure_objectives(by=on(world.secretary, date(2025, 4, 1)), system=world.system, year=2025)

    assert [(row.value, row.counted, row.out_of) for row in first] == [(50, 8, 16)]
    assert again == []
