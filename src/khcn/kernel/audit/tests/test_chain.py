"""The audit chain: appended in the act's transaction, refused otherwise, and every tampering found."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.queries import history_of, verify_chain
from khcn.kernel.audit.rules import FIELDS, GENESIS, digest
from khcn.kernel.audit.services import record

from .conftest import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_chain_of_acts_holds_from_the_first_to_the_last(chain):
    report = verify_chain()

    assert report.holds
    assert report.rows == 5
    assert report.head == chain[-1].digest
    assert AuditEntry.objects.order_by("id").first().previous == GENESIS


def test_empty_chain_holds():
    assert verify_chain().holds


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused(cast):
    with pytest.raises(transaction.TransactionManagementError):
        record(by=cast.actor(), verb="thu", subject=None)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_act_leaves_no_entry(cast):
    actor = cast.actor()

    @transaction.atomic
    def act() -> None:
        record(by=actor, verb="thu", subject=None)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEntry.objects.filter(verb="thu.sua").update(actor_name="Kẻ khác"),
        lambda: AuditEntry.objects.filter(verb="thu.sua").delete(),
        lambda: AuditEntry.objects.order_by("id").last().delete(),
    ],
)
def test_database_refuses_change_and_removal(chain, act):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()
    assert verify_chain().rows == 5


def test_database_refuses_truncation(chain):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditentry")


def other(value):
    """A value of the same type that differs."""
    match value:
        case str():
            return value + "x"
        case dict():
            return {**value, "so": 99}
        case _ if hasattr(value, "year"):
            return value + timedelta(microseconds=1)
        case _:
            return uuid4()


@pytest.mark.parametrize("field", [*FIELDS, "previous", "digest"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_changing_any_field_of_any_row_breaks_the_chain(chain, past_triggers, field, place):
    value = ("0" * 63 + "1") if field in ("previous", "digest") else other(getattr(chain[place], field))
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[place].pk).update(**{field: value})

    report = verify_chain()

    assert chain[place].pk in report.broken


@pytest.mark.parametrize("field", ["before", "after", "subject_uid"])
def test_emptying_a_field_breaks_the_chain(chain, past_triggers, field):
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[1].pk).update(**{field: None})
    assert not verify_chain().holds


def test_removing_or_swapping_rows_breaks_the_chain(chain, past_triggers):
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[2].pk).delete()
    assert verify_chain().broken == (chain[3].pk,)


def test_inserting_a_row_with_a_right_digest_breaks_the_chain(chain):
    forged = AuditEntry(
        at=chain[1].at, actor_uid=uuid4(), actor_name="Kẻ khác", verb="gia_mao", previous=chain[1].digest
    )
    forged.digest = digest(forged.previous, forged.row())
    forged.save()

    assert forged.pk in verify_chain().broken


def test_verify_command_names_the_broken_row_and_fails(chain, past_triggers, capsys):
    call_command("verify_audit")
    assert f"5 dòng, đầu chuỗi {chain[-1].digest}" in capsys.readouterr().out
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[3].pk).update(verb="khac")

    with pytest.raises(CommandError, match=str(chain[3].pk)):
        call_command("verify_audit")


def test_history_of_a_subject_is_newest_first(chain, cast):
    history = history_of(subject_type="orgs.organisation", subject_uid=chain[0].subject_uid)

    assert [entry.pk for entry in history] == [entry.pk for entry in reversed(chain)]
    assert not history_of(subject_type="orgs.organisation", subject_uid=cast.organisation().uid).exists()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ư"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(value=VALUES)
def test_any_json_value_digests_alike_before_and_after_the_database(value):
    with transaction.atomic():
        entry = record(by=SYSTEM, verb="thu", subject=None, after={"gia_tri": value})
        stored = AuditEntry.objects.get(pk=entry.pk)
        assert digest(stored.previous, stored.row()) == entry.digest
        transaction.set_rollback(True)


@pytest.mark.parametrize("value", [1e22, -0.0, 1e16, 1e-7, 0.1, 2**70, "é", "e\u0301", '"', "\\u0000"])
def test_numbers_and_letters_that_databases_rewrite_still_digest_alike(value):
    entry = record(by=SYSTEM, verb="thu", subject=None, before={"gia_tri": [value]})

    stored = AuditEntry.objects.get(pk=entry.pk)

    assert digest(stored.previous, stored.row()) == entry.digest


def test_dates_and_decimals_are_kept_as_text():
    entry = record(by=SYSTEM, verb="thu", subject=None, after={"ngay": date(2023, 5, 1), "tien": Decimal("1.50")})
    assert AuditEntry.objects.get(pk=entry.pk).after == {"ngay": "2023-05-01", "tien": "1.50"}
