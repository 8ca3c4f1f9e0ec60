"""Statements built once do what Django's own do: the same rows, conversions, refusals, locks and order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import NormUnit, RunState, StepKind
from khcn.kernel.procedures.models import Case, ProcedureVersion, StepRun
from khcn.kernel.procedures.tests.samples import permit
from khcn.kernel.procedures.tests.test_cases import MONDAY, Office
from khcn.web.rows import Answer, HeldWrites, MustWriteFirst, Reading, Writes, ask, insert, together, update

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LIVE = Reading(lambda key: StepRun.objects.filter(case_id=key, state__in=["ready", "claimed"]).order_by("id"))
LOCKED = Reading(lambda key: Case.objects.select_for_update(of=("self",)).filter(pk=key))


@pytest.fixture
def case(cast) -> Case:
    office = Office(cast)
    office.install(permit())
    return office.open(facts={"so": Decimal("1.50"), "chữ": "Đắk", "ngày": date(2026, 1, 5)})


def run_row(case: Case, key: str = "moi", **more: object) -> StepRun:
    return StepRun(case=case, step_key=key, name="Bước", kind=StepKind.HUMAN, state=RunState.READY, ready_at=MONDAY,
                   organisation_id=case.deciding_id, **more)  # fmt: skip


def test_reading_gives_what_the_query_gives(case):
    whole = Reading(lambda key: Case.objects.annotate(of=F("version_pinned__uid")).filter(pk=key))

    for _ in range(8):  # prepared on the way
        (found,) = whole(case.pk)

    expected = Case.objects.get(pk=case.pk)
    assert {f.attname: getattr(found, f.attname) for f in Case._meta.concrete_fields} == {
        f.attname: getattr(expected, f.attname) for f in Case._meta.concrete_fields
    }
    assert found.of == expected.version_pinned.uid
    assert not found._state.adding
    assert not whole(case.pk + 1)
    assert [run.pk for run in LIVE(case.pk)] == list(case.runs.filter(state="ready").values_list("pk", flat=True))


def test_reading_leaves_deferred_columns_deferred(case):
    short = Reading(lambda key: ProcedureVersion.objects.only("uid", "cut_off").filter(pk=key))

    (found,) = short(case.version_pinned_id)

    assert found.get_deferred_fields() >= {"definition", "drawing"}
    assert found.definition == case.version_pinned.definition


def test_reading_refuses_related_rows(case):
    joined = Reading(lambda key: StepRun.objects.select_related("case").filter(pk=key))

    with pytest.raises(ValueError, match="one model"):
        joined(1)


@pytest.mark.django_db(transaction=True)
def test_locking_query_outside_a_transaction_is_refused(case):
    with transaction.atomic():
        assert LOCKED(case.pk)

    with pytest.raises(TransactionManagementError):
        LOCKED(case.pk)


def test_inserted_rows_are_read_back_as_they_were(case):
    due = datetime(2026, 1, 5, 3, 4, 5, 678901, tzinfo=UTC)
    first, second = run_row(case, "mot", due_at=due, note="“Đủ”"), run_row(case, "hai", race=7)

    insert(first, second)

    assert first.pk < second.pk
    assert StepRun.objects.get(uid=first.uid).pk == first.pk
    stored = StepRun.objects.get(pk=second.pk)
    assert (stored.race, stored.due_at, stored.kind, stored.organisation_id) == (7, None, "human", case.deciding_id)
    assert StepRun.objects.get(pk=first.pk).due_at == due
    assert StepRun.objects.get(pk=first.pk).note == "“Đủ”"


def test_update_writes_the_named_fields_only(case):
    row = Case.objects.get(pk=case.pk)
    before = row.updated_at
    row.title, row.facts, row.limit_amount = "Khác", {"mới": [1, True, None]}, Decimal("2.25")
    row.limit_unit, row.code = NormUnit.WORKING_HOUR, "KHÔNG GHI"

    update(row, ["title", "facts", "limit_amount", "limit_unit", "updated_at"])

    stored = Case.objects.get(pk=case.pk)
    assert (stored.title, stored.facts, stored.limit_amount) == ("Khác", {"mới": [1, True, None]}, Decimal("2.25"))
    assert (stored.limit_unit, stored.code) == ("WH", case.code)
    assert stored.updated_at >= before


def test_update_of_a_row_that_changed_meanwhile_raises_what_it_was_told(case):
    row = run_row(case)
    insert(row)
    StepRun.objects.filter(pk=row.pk).update(state=RunState.DONE)
    writes = Writes()
    writes.update(row, ["note"], was={"state": RunState.READY}, otherwise=LookupError("đổi rồi"))

    with pytest.raises(LookupError, match="đổi rồi"):
        writes.flush()


def test_update_of_a_row_that_is_gone_raises_does_not_exist(case):
    row = run_row(case)
    insert(row)
    StepRun.objects.filter(pk=row.pk).delete()

    with pytest.raises(StepRun.DoesNotExist):
        update(row, ["note"])


def test_writes_go_in_order_and_only_when_flushed(case):
    row, writes = run_row(case), Writes()
    insert(row)
    row.note = "một"
    writes.update(row, ["note"])
    row.note = "hai"
    writes.update(row, ["note"])
    later = run_row(case, "sau")
    writes.insert(later)

    assert later.pk is None
    assert StepRun.objects.get(pk=row.pk).note == ""
    writes.flush()
    assert StepRun.objects.get(pk=row.pk).note == "hai"
    assert later.pk is not None
    writes.flush()


def test_refusal_of_the_database_is_djangos_and_takes_everything_back(case):
    good, bad = run_row(case, "tot"), run_row(case, "xau", done_at=MONDAY - timedelta(days=1))
    writes = Writes()
    writes.insert(good)
    writes.insert(bad)

    with pytest.raises(IntegrityError), transaction.atomic():
        writes.flush()

    assert not StepRun.objects.filter(step_key__in=["tot", "xau"]).exists()


def test_what_is_asked_together_is_answered_in_order(case):
    with together():
        asked = [LIVE.ask(case.pk), ask("SELECT count(*) FROM procedures_case"), LIVE.ask(case.pk + 1)]
        answers = [one.rows() for one in asked]

    assert [len(rows) for rows in answers] == [1, 1, 0]
    assert answers[1] == [(Case.objects.count(),)]
    assert all(isinstance(one, Answer) for one in asked)


def test_rows_beside_djangos_own_statements_share_their_transaction(case):
    with transaction.atomic(), together():
        place = Organisation.objects.create(code="MOI-1", name="Mới")
        row = run_row(case)
        row.organisation = place
        insert(row)
        assert StepRun.objects.filter(organisation=place).count() == 1
        transaction.set_rollback(True)

    assert not Organisation.objects.filter(code="MOI-1").exists()
    assert connection.is_usable()


def test_rows_of_many_acts_are_written_as_each_alone_would_write_them(case):
    rows = [run_row(case, f"r{number}", note="cũ") for number in range(5)]
    insert(*rows)
    acts = [HeldWrites() for _ in rows]
    fresh = []
    for number, (row, act) in enumerate(zip(rows, acts, strict=True)):
        row.note, row.due_at = f"mới {number}", MONDAY if number % 2 else None
        act.update(row, ["note", "due_at"], was={"state": RunState.READY})
        row.note = f"mới hơn {number}"
        act.update(row, ["note", "due_at"], was={"state": RunState.READY})
        outer = run_row(case, f"ngoài {number}")
        act.insert(outer)
        act.need_keys(outer)
        inner = run_row(case, f"trong {number}", scope=outer)
        act.insert(inner)
        outer.note = "lúc ghi"
        fresh.append((outer, inner))

    Writes.flush_together(acts)

    for number, row in enumerate(rows):
        stored = StepRun.objects.get(pk=row.pk)
        assert (stored.note, stored.due_at) == (f"mới hơn {number}", MONDAY if number % 2 else None)
    for outer, inner in fresh:
        assert StepRun.objects.get(uid=inner.uid).scope_id == outer.pk
        assert StepRun.objects.get(pk=outer.pk).note == "lúc ghi"
    Writes.flush_together(acts)


def test_one_of_many_that_changed_meanwhile_raises_what_it_was_told(case):
    rows = [run_row(case, f"r{number}") for number in range(3)]
    insert(*rows)
    StepRun.objects.filter(pk=rows[1].pk).update(state=RunState.DONE)
    acts = [HeldWrites() for _ in rows]
    for row, act in zip(rows, acts, strict=True):
        act.update(row, ["note"], was={"state": RunState.READY}, otherwise=LookupError("đổi rồi"))

    with pytest.raises(LookupError, match="đổi rồi"):
        Writes.flush_together(acts)


def test_text_too_long_for_its_column_is_refused_among_many_too(case):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no length of texts")
    rows = [run_row(case, f"r{number}") for number in range(2)]
    insert(*rows)
    acts = [HeldWrites() for _ in rows]
    for row, act in zip(rows, acts, strict=True):
        row.outcome = "x" * 121
        act.update(row, ["outcome"])

    with pytest.raises(DataError), transaction.atomic():
        Writes.flush_together(acts)


def test_act_that_must_be_stored_first_says_so(case):
    act = HeldWrites()
    act.insert(run_row(case))

    with pytest.raises(MustWriteFirst):
        act.flush()
