"""Pareto, bottlenecks, months and closing of an agency's year; what must have a procedure; their screens and files."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.qms.choices import NonconformitySource, Severity
from khcn.domains.qms.models import Nonconformity
from khcn.domains.qms.queries.analysis import (
    bottlenecks,
    closing_of,
    faults_by,
    months_of,
    returns_by_step,
    steps_of,
)
from khcn.domains.qms.rules.pareto import pareto
from khcn.domains.qms.services import nonconformities
from khcn.domains.qms.tests.world import START, World, effective_document, make_case, make_procedure, on
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.procedures.choices import RunState, StepKind
from khcn.kernel.procedures.models import StepRun
from khcn.lib.roles import Role

NOW = START.replace(month=12, day=1)


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), st.integers(0, 50)))
def test_pareto_orders_all_and_the_few_reach_four_fifths(counts) -> None:
    bars = pareto(counts.items())

    total = sum(counts.values())
    assert sum(bar.count for bar in bars) == total
    assert [bar.count for bar in bars] == sorted((bar.count for bar in bars), reverse=True)
    if bars:
        few = sum(bar.count for bar in bars if bar.is_vital)
        last = next(bar.count for bar in reversed(bars) if bar.is_vital)
        assert Fraction(few, total) >= Fraction(4, 5) > Fraction(few - last, total)
        assert bars[-1].cumulative == 100


def test_pareto_of_nothing_is_empty() -> None:
    assert pareto([("a", 0)]) == []


def fault(world: World, title: str, *, clause: str = "", document=None, day: date = START) -> Nonconformity:
    return nonconformities.note_nonconformity(
        by=on(world.secretary, day), system=world.system, source=NonconformitySource.SELF, severity=Severity.MINOR,
        title=title, description="Mô tả", clause=clause, document=document,
    )  # fmt: skip


@pytest.fixture
def busy(world: World) -> World:
    """Faults by procedure and month; dossiers with late steps and one returned step."""
    document = effective_document(world, procedure_code="TT-01").document
    for month in (1, 2, 2, 3):
        fault(world, "Sai", clause="8.5", document=document, day=date(2025, month, 15))
    fault(world, "Khác", clause="7.5", day=date(2025, 3, 20))
    cancelled = fault(world, "Nhầm", clause="7.5", day=date(2025, 3, 20))
    nonconformities.cancel_nonconformity(by=on(world.secretary, START), nonconformity=cancelled, reason="Ghi nhầm")
    closed = fault(world, "Đã xong", clause="9.2", day=date(2025, 1, 10))
    Nonconformity.objects.filter(pk=closed.pk).update(state="closed", closed_on=date(2025, 2, 9))
    version = make_procedure(owner=world.organisation)
    for number in range(4):
        case = make_case(
            version, world.organisation, number, received=date(2025, 2, 3), late_steps=number % 2, doer=world.officer
        )
    StepRun.objects.create(
        case=case, step_key="buoc-2", name="Bước 2", kind=StepKind.HUMAN, state=RunState.RETURNED,
        organisation=world.organisation, ready_at=case.received_at,
    )  # fmt: skip
    return world


@pytest.mark.django_db
def test_faults_are_grouped_and_the_cancelled_left_out(busy: World) -> None:
    by_clause = faults_by(busy.system, 2025, "dieu")
    by_procedure = faults_by(busy.system, 2025, "quy_trinh")

    assert [(bar.label, bar.count, bar.is_vital) for bar in by_clause] == [
        ("8.5", 4, True), ("7.5", 1, True), ("9.2", 1, False)
    ]  # fmt: skip
    assert by_procedure[0].label.startswith("QT-10")
    assert faults_by(busy.system, 2024, "nguon") == []
    with pytest.raises(KeyError):
        faults_by(busy.system, 2025, "khac")


@pytest.mark.django_db
def test_returns_bottlenecks_months_and_closing_come_from_the_records(busy: World) -> None:
    now = make_case(make_procedure("TT-9"), make_organisation(), 1, received=NOW).received_at
    steps = steps_of(busy.system, 2025, now=now)
    months = months_of(busy.system, 2025, on=date(2025, 4, 2))

    assert [(bar.label, bar.count) for bar in returns_by_step(steps)] == [("Bước 2 (TT-01)", 1)]
    assert [(step.name, step.done - step.in_time) for step in bottlenecks(steps)] == [("Bước 1", 2)]
    assert [(row.found, row.closed) for row in months] == [(2, 0), (2, 1), (2, 0), (0, 0)]
    assert [(row.steps, row.late) for row in months] == [(0, 0), (8, 2), (0, 0), (0, 0)]
    assert months[1].late_percent == 25
    assert (closing_of(busy.system, 2025).closed, closing_of(busy.system, 2025).median_days) == (1, 30)


@pytest.mark.django_db
def test_analysis_page_shows_the_few_and_hands_out_each_table(busy: World, client_for) -> None:
    client = client_for(busy.secretary)
    address = reverse("qms_analysis")

    page = client.get(address, {"nam": "2025", "theo": "dieu"})
    files = [client.get(address, {"nam": "2025", "bang": name, "tai": "csv"}) for name in
             ("khong-phu-hop", "tra-lai", "diem-nghen", "thang")]  # fmt: skip

    assert page.status_code == 200
    assert "8.5" in page.content.decode()
    assert [b"".join(one.streaming_content).decode("utf-8-sig").count("\n") for one in files] == [3, 2, 2, 13]
    assert client.get(address, {"nam": "1999"}).status_code == 404
    stranger = make_member(Role.ISO_SECRETARY, organisation=make_organisation("Sở Khác"))
    assert client_for(stranger).get(address, {"co_quan": str(busy.system.uid)}).status_code == 404


@pytest.mark.django_db
def test_services_page_shows_what_lacks_a_procedure(world: World, client_for) -> None:
    version = make_procedure(owner=world.organisation)
    make_procedure("TT-02", owner=world.organisation)
    effective_document(world, procedure_code="TT-01")
    young = make_procedure("TT-03", owner=world.organisation)
    young.effective_from = timezone.localdate() - timedelta(days=3)
    young.save()
    client = client_for(world.secretary)

    page = client.get(reverse("qms_services")).content.decode()
    sheet = b"".join(client.get(reverse("qms_services"), {"tai": "csv"}).streaming_content).decode()

    assert version.procedure.title in page
    assert "Trong thời gian bổ sung" in page
    assert "1 thủ tục, quy trình chưa có quy trình ISO hiệu lực" in page
    assert sheet.count("TT-0") >= 3
