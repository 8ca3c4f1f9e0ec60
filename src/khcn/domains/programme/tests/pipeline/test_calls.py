"""Calls and applications up to the opening: one test per exit."""

from datetime import date, timedelta

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Task
from khcn.domains.programme.permissions import visible_applications
from khcn.domains.programme.services import applications, calls
from khcn.kernel.notices.models import Notice
from khcn.kernel.procedures.models import Clock
from khcn.lib.failure import Forbidden, Refused, Stale

from . import journey

pytestmark = pytest.mark.django_db
DIRECT = {"mode": "direct", "direct_ground": "only_one_capable", "direct_reason": "Đơn vị giữ chủng giống duy nhất."}


@pytest.fixture
def call(cast, full_proposal, today):
    return journey.opened_call(cast, full_proposal, today)


def test_create_call_takes_the_shortest_lawful_time(cast, full_proposal, today):
    order = journey.published(cast, full_proposal, today)

    call = calls.create_call(by=cast.specialist, order=order, opens_on=today, on=today)

    assert call.closes_on == today + timedelta(days=30)


def test_open_call_shorter_than_thirty_days_is_refused(cast, full_proposal, today):
    order = journey.published(cast, full_proposal, today)
    call = calls.create_call(by=cast.specialist, order=order, opens_on=today, on=today)

    with pytest.raises(NotNow, match="30 ngày"):
        calls.open_call(by=cast.director, call=call, on=today, closes_on=today + timedelta(days=29))


def test_create_call_direct_without_host_is_refused_at_the_field(cast, full_proposal, today):
    order = journey.published(cast, full_proposal, today, **DIRECT)

    with pytest.raises(Refused) as refusal:
        calls.create_call(by=cast.specialist, order=order, opens_on=today, on=today)

    assert refusal.value.field == "invited"


def test_create_application_for_direct_assignment_by_another_unit_is_refused(cast, full_proposal, today):
    call = journey.opened_call(cast, full_proposal, today, **DIRECT)

    with pytest.raises(NotNow, match="giao trực tiếp cho tổ chức khác"):
        journey.application_draft(cast, call, today, "stranger")


def test_create_application_for_another_unit_is_forbidden(cast, call, today):
    with pytest.raises(Forbidden):
        applications.create_application(
            by=cast.stranger, call=call, host=cast.units.owner, pi=cast.users.owner.person, on=today
        )


def test_create_application_twice_by_one_unit_is_refused(cast, call, today):
    journey.application_draft(cast, call, today)

    with pytest.raises(Refused, match="đã có hồ sơ"):
        journey.application_draft(cast, call, today, "colleague")


def test_submit_application_incomplete_is_refused(cast, call, today, moment):
    application = journey.application_draft(cast, call, today, summary="")

    with pytest.raises(NotNow) as refusal:
        applications.submit_application(by=cast.owner, application=application, at=moment(today))

    assert refusal.value.guard == "application.file_complete"


def test_submit_application_after_the_deadline_is_refused(cast, call, today, moment):
    application = journey.application_draft(cast, call, today)

    with pytest.raises(NotNow, match="hết hạn nộp"):
        applications.submit_application(by=cast.owner, application=application, at=moment(today + timedelta(days=31)))


def test_submit_application_on_the_last_evening_is_in_time(cast, call, today, moment):
    application = journey.application_draft(cast, call, today)

    applications.submit_application(by=cast.owner, application=application, at=moment(call.closes_on, 23))

    assert application.state == "submitted"


def test_replace_application_keeps_the_new_dossier_and_its_time(cast, call, today, moment):
    application = journey.application_draft(cast, call, today)
    applications.submit_application(by=cast.owner, application=application, at=moment(today))
    later = moment(today + timedelta(days=3))

    applications.replace_application(
        by=cast.colleague, application=application, changes={"summary": "Bản mới"}, at=later,
        expected_version=application.version,
    )  # fmt: skip

    application.refresh_from_db()
    assert (application.summary, application.submitted_at) == ("Bản mới", later)


def test_edit_application_with_old_version_is_stale(cast, call, today):
    application = journey.application_draft(cast, call, today)
    seen = application.version
    applications.edit_application(
        by=cast.colleague, application=application, changes={"summary": "Của Bình"}, expected_version=seen
    )

    with pytest.raises(Stale):
        applications.edit_application(
            by=cast.owner, application=application, changes={"summary": "Của Hoa"}, expected_version=seen
        )


def test_edit_application_bad_budget_line_is_refused_with_its_place(cast, call, today):
    application = journey.application_draft(cast, call, today)
    bad = journey.dossier(cast.users.owner.person.uid)
    bad["budget"][1]["amount_vnd"] = -5

    with pytest.raises(Refused) as refusal:
        applications.edit_application(
            by=cast.owner, application=application, changes={"dossier": bad}, expected_version=None
        )

    assert refusal.value.field == "dossier/budget.1.amount_vnd"


def test_submitted_dossier_is_hidden_from_the_standing_body_until_the_closing(cast, call, today, moment):
    application = journey.application_draft(cast, call, today)
    applications.submit_application(by=cast.owner, application=application, at=moment(today))

    assert list(visible_applications(cast.owner)) == [application]
    assert list(visible_applications(cast.colleague)) == [application]
    for reader in (cast.specialist, cast.director, cast.leader, cast.inspector, cast.stranger):
        assert not visible_applications(reader).exists()

    calls.close_call(by=cast.specialist, call=call, on=today + timedelta(days=31))
    assert list(visible_applications(cast.specialist)) == [application]
    assert not visible_applications(cast.stranger).exists()


def test_close_call_before_its_day_is_over_is_refused(cast, call, today):
    with pytest.raises(NotNow, match="Chưa hết hạn"):
        calls.close_call(by=cast.specialist, call=call, on=call.closes_on)


def test_close_due_calls_closes_what_is_over_only(cast, call, today):
    assert calls.close_due_calls(by=cast.specialist, on=call.closes_on) == 0
    assert calls.close_due_calls(by=cast.specialist, on=call.closes_on + timedelta(days=1)) == 1
    clock = Clock.objects.get(subject_uid=call.uid, rule_key="call.opening")
    assert clock.due_on > call.closes_on + timedelta(days=8)


def test_open_dossiers_without_any_is_refused_and_the_call_is_declared_unsuccessful(cast, call, today):
    later = call.closes_on + timedelta(days=1)
    calls.close_call(by=cast.specialist, call=call, on=later)

    with pytest.raises(NotNow, match="Không có hồ sơ"):
        calls.open_dossiers(by=cast.specialist, call=call, reasons={}, on=later)
    calls.declare_unsuccessful(by=cast.director, call=call, on=later)

    assert call.state == "unsuccessful"


def test_open_dossiers_names_every_reason_and_tells_the_host(cast, full_proposal, today, moment):
    call = journey.opened_call(cast, full_proposal, today)
    application = journey.application_draft(cast, call, today)
    applications.submit_application(by=cast.owner, application=application, at=moment(today))
    Task.objects.create(
        code="CU-01", title="Đang làm", kind="research", host=cast.units.owner, pi=cast.users.owner.person,
        rule_set=call.rule_set, approved_on=date(2023, 1, 5), start_on=date(2023, 2, 1), end_on=date(2025, 2, 1),
        state="running",
    )  # fmt: skip
    later = call.closes_on + timedelta(days=1)
    calls.close_call(by=cast.specialist, call=call, on=later)

    calls.open_dossiers(by=cast.specialist, call=call, reasons={application: "Đơn thiếu dấu."}, on=later)

    application.refresh_from_db()
    assert application.state == "invalid"
    assert "CU-01" in application.invalid_reason
    assert "Đơn thiếu dấu." in application.invalid_reason
    assert application.eligibility["pi_bars"][0]["code"] == "leads_already"
    assert Notice.objects.filter(recipient=cast.users.owner, title__contains="không hợp lệ").exists()


def test_second_call_within_six_months_lets_the_first_hosts_apply_again(cast, full_proposal, today, moment):
    call, filed, later = journey.judged(cast, full_proposal, today, moment, who=("owner",))
    applications.record_selection_result(
        by=cast.secretary, call=call, on=later, results=[journey.result(filed[0], 60, candidate=False)]
    )
    calls.declare_unsuccessful(by=cast.director, call=call, on=later)

    calls.open_second_call(by=cast.director, call=call, on=later + timedelta(days=5))
    again = journey.application_draft(cast, call, later + timedelta(days=6))

    assert (call.state, call.round, again.state) == ("open", 2, "draft")


def test_second_call_after_six_months_is_refused(cast, call, today):
    later = call.closes_on + timedelta(days=1)
    calls.close_call(by=cast.specialist, call=call, on=later)
    calls.declare_unsuccessful(by=cast.director, call=call, on=later)

    with pytest.raises(NotNow, match="6 tháng"):
        calls.open_second_call(by=cast.director, call=call, on=date(2024, 9, 5))


def test_cancel_call_without_reason_is_refused(cast, call, today):
    with pytest.raises(NotNow, match="lý do"):
        calls.cancel_call(by=cast.director, call=call, reason="", on=today)
