"""Calendar and statutory clocks: due dates on working days, recomputed only while they run, lateness explained."""

from datetime import date

import pytest

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.procedures import queries
from khcn.kernel.procedures.choices import DayKind, LateReason
from khcn.kernel.procedures.models import CalendarDay, Clock
from khcn.kernel.procedures.rules import days_late
from khcn.kernel.procedures.services import (
    cancel_clocks,
    edit_day,
    explain_lateness,
    remove_day,
    seed_calendar,
    start_clock,
    stop_clock,
)
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY = date(2023, 5, 15)


def run(subject, *, amount=5, unit="WD", key="opening", started_on=MONDAY, **values):
    return start_clock(
        subject=subject, rule_set="A", rule_key=key, title="Mở hồ sơ", amount=amount, unit=unit,
        citation="TT 20/2023/TT-BKHCN, Điều 7", started_on=started_on, **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [
        (5, "WD", date(2023, 5, 22)), (4, "CD", date(2023, 5, 19)), (5, "CD", date(2023, 5, 22)),
        (1, "month", date(2023, 6, 15)),
        (0, "WD", MONDAY), (10, "WD", date(2023, 5, 29)),
    ],
)  # fmt: skip
def test_clock_is_due_by_its_unit(cast, amount, unit, due):
    assert run(cast.organisation(), amount=amount, unit=unit).due_on == due


def test_clock_jumps_over_holidays_and_counts_days_worked_in_lieu(cast):
    seed_calendar(
        by=cast.actor(),
        days=[
            (date(2023, 5, 17), DayKind.HOLIDAY, "Nghỉ", "QĐ 1"),
            (date(2023, 5, 20), DayKind.SWAP_ON, "Làm bù", "QĐ 1"),
        ],
    )

    assert run(cast.organisation(), amount=4).due_on == date(2023, 5, 20)


def test_starting_a_running_clock_again_gives_the_same_one(cast):
    subject = cast.organisation()

    first, again = run(subject), run(subject, started_on=date(2023, 6, 1))

    assert first.pk == again.pk
    assert again.started_on == MONDAY
    stop_clock(subject=subject, rule_key="opening", on=date(2023, 5, 16))
    assert run(subject, started_on=date(2023, 6, 1)).pk != first.pk


def test_calendar_edit_moves_running_clocks_only(cast):
    running, finished, days = cast.organisation(), cast.organisation(), cast.organisation()
    for subject in (running, finished):
        run(subject)
    run(days, unit="CD", amount=1)
    stop_clock(subject=finished, rule_key="opening", on=date(2023, 5, 18))

    edit_day(by=cast.actor(Role.HEAD), on=date(2023, 5, 16), kind=DayKind.LOCAL, name="Nghỉ riêng", basis="QĐ 5")

    dues = {clock.subject_uid: clock.due_on for clock in Clock.objects.all()}
    assert dues[running.uid] == date(2023, 5, 23)
    assert dues[finished.uid] == date(2023, 5, 22)
    assert dues[days.uid] == date(2023, 5, 17)  # its last day became a day off
    assert AuditEntry.objects.get(verb="calendar.recount").after["moved"] == 2

    assert remove_day(by=cast.actor(Role.HEAD), on=date(2023, 5, 16)).moved == 2
    assert Clock.objects.get(subject_uid=running.uid).due_on == date(2023, 5, 22)


def test_calendar_is_edited_by_heads_and_administrators_only(cast):
    values = {"on": MONDAY, "kind": DayKind.LOCAL, "name": "Nghỉ", "basis": "QĐ"}
    for role in (Role.SPECIALIST, Role.HOST, Role.ACCOUNTANT):
        with pytest.raises(Forbidden):
            edit_day(by=cast.actor(role), **values)
    with pytest.raises(Forbidden):
        remove_day(by=cast.actor(Role.SPECIALIST), on=MONDAY)
    assert not CalendarDay.objects.exists()


def test_seed_leaves_days_edited_by_hand_and_moves_clocks(cast):
    subject = cast.organisation()
    run(subject)
    edit_day(by=cast.actor(Role.HEAD), on=date(2023, 5, 19), kind=DayKind.LOCAL, name="Sửa tay", basis="QĐ 5")

    counts = seed_calendar(
        by=cast.actor(),
        days=[
            (date(2023, 5, 19), DayKind.SWAP_ON, "Theo thư viện", "thư viện"),
            (date(2023, 5, 22), DayKind.HOLIDAY, "Nghỉ", "thư viện"),
        ],
    )  # fmt: skip

    assert counts == (1, 0)
    assert CalendarDay.objects.get(on=date(2023, 5, 19)).name == "Sửa tay"
    assert Clock.objects.get(subject_uid=subject.uid).due_on == date(2023, 5, 24)


def test_stop_before_the_start_is_kept_at_the_start(cast):
    subject = cast.organisation()
    run(subject)

    assert stop_clock(subject=subject, rule_key="opening", on=date(2023, 5, 1)).stopped_on == MONDAY
    assert stop_clock(subject=subject, rule_key="opening", on=MONDAY) is None


def test_lateness_is_explained_by_the_responsible_unit_or_staff(cast):
    unit, subject = cast.organisation(), cast.organisation()
    clock = run(subject, responsible=unit)
    late = {"clock": clock, "reason": LateReason.HOST_DELAY, "note": "Chờ số liệu vụ mùa.", "today": date(2023, 6, 1)}

    with pytest.raises(Forbidden):
        explain_lateness(by=cast.actor(Role.HOST), **late)
    for actor in (cast.actor(Role.HOST, organisation=unit), cast.actor(Role.SPECIALIST)):
        assert explain_lateness(by=actor, **late).late_noted_by_id == actor.user_id
    assert AuditEntry.objects.filter(verb="clock.explain").count() == 2


def test_lateness_in_time_or_without_a_note_is_refused(cast):
    clock = run(cast.organisation())
    values = {"by": cast.actor(Role.SPECIALIST), "clock": clock, "reason": LateReason.OTHER}

    with pytest.raises(Refused, match="chưa trễ"):
        explain_lateness(note="Lý do", today=date(2023, 5, 22), **values)
    with pytest.raises(Refused, match="Ghi rõ"):
        explain_lateness(note="  ", today=date(2023, 6, 1), **values)


def test_cancelled_clocks_wait_for_nobody(cast):
    subject = cast.organisation()
    run(subject, responsible_role=Role.SPECIALIST)
    assert cancel_clocks(subject=subject) == 1

    assert not queries.clocks_waiting_for(cast.actor(Role.SPECIALIST)).exists()
    assert not queries.overdue_clocks(on=date(2024, 1, 1)).exists()
    assert queries.clocks_of(subject_uid=subject.uid).count() == 0


def test_clocks_wait_for_the_role_at_the_unit_or_anywhere(cast):
    host, other = cast.organisation(), cast.organisation()
    run(cast.organisation(), responsible=host, responsible_role=Role.HOST)
    run(cast.organisation(), responsible_role=Role.SPECIALIST)
    run(cast.organisation(), responsible=host)

    def waiting(actor):
        return queries.clocks_waiting_for(actor).count()

    assert waiting(cast.actor(Role.HOST, organisation=host)) == 2
    assert waiting(cast.actor(Role.HOST, organisation=other)) == 0
    assert waiting(cast.actor(Role.SPECIALIST)) == 1


def test_tally_counts_kept_late_and_open_late(cast):
    for key, stopped in (("kept", date(2023, 5, 20)), ("late", date(2023, 6, 1)), ("open", None)):
        subject = cast.organisation()
        run(subject, key=key)
        if stopped:
            stop_clock(subject=subject, rule_key=key, on=stopped)

    tally = queries.clock_tally(subject_uids=None, date_from=date(2023, 5, 1), date_to=date(2023, 5, 31))

    assert (tally.due, tally.kept, tally.late, tally.open_late) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("stopped", "today", "late"),
    [(None, date(2023, 5, 22), 0), (None, date(2023, 5, 25), 3), (date(2023, 5, 30), date(2024, 1, 1), 8)],
)
def test_days_late_stop_with_the_clock(stopped, today, late):
    assert days_late(date(2023, 5, 22), stopped, today) == late
