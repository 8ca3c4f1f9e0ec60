"""A difficulty from the unit that raises it to the answer that it confirms; escalation, merging, urging, lateness."""

from datetime import date, timedelta

import pytest

from khcn.domains.programme.choices import IssueKind, IssueLevel
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.services import issues
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.kernel.procedures.models import Clock, TransitionRecord
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
DAY = date(2022, 9, 5)
KIND = IssueKind.values()[0]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def head(world: World) -> Member:
    return make_member(Role.HEAD, organisation=world.specialist.organisation)


def raised(world: World, title: str = "Chậm cấp giống"):
    return issues.raise_issue(
        by=world.host.actor, kind=KIND, title=title, description="Thiếu giống từ tháng 8.",
        reporter=world.host.organisation, task=world.task, on=DAY,
    )  # fmt: skip


def assigned(world: World, head: Member, to: Member | None = None):
    issue = raised(world)
    issues.classify_issue(by=world.specialist.actor, issue=issue, kind=KIND, level=IssueLevel.DEPARTMENT, on=DAY)
    unit = (to or world.specialist).organisation
    return issues.assign_issue(by=head.actor, issue=issue, assignee=unit, due_on=DAY + timedelta(days=10), on=DAY)


def told(member: Member, subject) -> list[str]:
    found = Notice.objects.filter(recipient=member.user, subject_uid=subject.uid, done_at=None)
    return list(found.values_list("title", flat=True))


@pytest.mark.database
def test_difficulty_goes_from_its_unit_to_the_answer_that_the_unit_confirms(world: World, head: Member) -> None:
    unit = make_member(Role.COORDINATOR, organisation=make_organisation("Sở Tài chính"))
    issue = assigned(world, head, to=unit)
    assert issue.plan == world.plan
    assert issue.code == "VM-2022-001"
    assert told(unit, issue) == [f"Giải quyết vướng mắc: {issue.title}"]
    assert told(world.specialist, issue) == []
    issues.note_state_of_play(by=head.actor, issue=issue, text="Đã làm việc với đơn vị cấp giống.", on=DAY)

    issues.answer_issue(by=unit.actor, issue=issue, answer="Đã bố trí kinh phí mua giống.", on=DAY)
    assert told(world.host, issue) == [f"Xác nhận kết quả giải quyết: {issue.title}"]
    issues.confirm_issue(by=world.host.actor, issue=issue, on=DAY)

    assert (issue.state, issue.closed_on) == ("verified_closed", DAY)
    assert not Clock.objects.filter(subject_uid=issue.uid, stopped_on=None, cancelled=False).exists()
    path = TransitionRecord.objects.filter(subject_uid=issue.uid).order_by("id").values_list("event", flat=True)
    assert list(path) == ["classify", "assign", "answer", "confirm"]
    with pytest.raises(Refused, match="đã đóng"):
        issues.note_state_of_play(by=head.actor, issue=issue, text="Muộn.", on=DAY)


def test_difficulty_goes_up_only_with_a_reason_and_its_time_begins_anew(world: World, head: Member) -> None:
    issue = assigned(world, head)
    first = Clock.objects.get(subject_uid=issue.uid, rule_key="issue.answer")

    with pytest.raises(NotNow, match="lên cấp cao hơn"):
        issues.escalate_issue(
            by=head.actor, issue=issue, level=IssueLevel.DEPARTMENT, reason="Vượt thẩm quyền.", due_on=None, on=DAY
        )
    issue.refresh_from_db()
    with pytest.raises(NotNow, match="lý do"):
        issues.escalate_issue(by=head.actor, issue=issue, level=IssueLevel.PROVINCE, reason=" ", due_on=None, on=DAY)
    issue.refresh_from_db()
    assert (issue.level, issue.state) == (IssueLevel.DEPARTMENT, "assigned")

    issues.escalate_issue(
        by=head.actor, issue=issue, level=IssueLevel.PROVINCE, reason="Vượt thẩm quyền của Sở.",
        due_on=DAY + timedelta(days=20), on=DAY + timedelta(days=2),
    )  # fmt: skip

    issue.refresh_from_db()
    assert (issue.level, issue.state, issue.due_on) == (IssueLevel.PROVINCE, "escalated", DAY + timedelta(days=20))
    assert told(world.leader, issue) == [f"Vướng mắc trình UBND tỉnh: {issue.title}"]
    first.refresh_from_db()
    assert first.stopped_on == DAY + timedelta(days=2)
    assert Clock.objects.filter(subject_uid=issue.uid, rule_key="issue.answer", stopped_on=None).count() == 1
    issues.answer_issue(by=world.leader.actor, issue=issue, answer="UBND tỉnh đồng ý.", on=DAY + timedelta(days=5))
    assert issue.state == "answered"


def test_unit_that_is_not_content_asks_again_and_only_it_may_confirm(world: World, head: Member) -> None:
    issue = assigned(world, head)
    issues.answer_issue(by=world.specialist.actor, issue=issue, answer="Đã trả lời.", on=DAY)

    with pytest.raises(NotNow, match="Chỉ đơn vị đã nêu vướng mắc"):
        issues.confirm_issue(by=world.specialist.actor, issue=issue, on=DAY)
    issue.refresh_from_db()
    issues.reopen_issue(by=world.host.actor, issue=issue, reason="Chưa nhận được giống.", on=DAY)

    assert issue.state == "assigned"
    assert told(world.specialist, issue) == [f"Xử lý tiếp vướng mắc: {issue.title}"]


def test_difficulty_is_merged_into_another_open_one_and_not_into_itself(world: World) -> None:
    issue, other = raised(world), raised(world, "Giống chưa về")

    with pytest.raises(NotNow, match="phải đang mở"):
        issues.merge_issue(by=world.specialist.actor, issue=issue, into=issue, on=DAY)
    issue.refresh_from_db()
    issues.merge_issue(by=world.specialist.actor, issue=other, into=issue, on=DAY)

    assert (other.state, other.merged_into, other.closed_on) == ("merged", issue, DAY)
    assert told(world.specialist, other) == []


def test_difficulty_in_the_name_of_another_unit_or_of_a_strange_task_is_forbidden(world: World) -> None:
    stranger = make_member(Role.HOST)

    with pytest.raises(Forbidden, match="thay mặt đơn vị"):
        issues.raise_issue(
            by=stranger.actor, kind=KIND, title="x", description="", reporter=world.host.organisation, on=DAY
        )
    with pytest.raises(Forbidden, match="không thuộc đơn vị"):
        issues.raise_issue(
            by=stranger.actor, kind=KIND, title="x", description="", reporter=stranger.organisation, on=DAY,
            task=world.task,
        )  # fmt: skip


def test_late_difficulty_is_told_to_the_head_until_it_is_answered(world: World, head: Member) -> None:
    issue = assigned(world, head)
    late = DAY + timedelta(days=11)

    assert issues.overdue_issues_to_leaders(by=world.specialist.actor, on=DAY + timedelta(days=10)) == 0
    assert issues.overdue_issues_to_leaders(by=world.specialist.actor, on=late) == 1
    assert f"Quá hạn giải quyết vướng mắc: {issue.title}" in told(head, issue)
    issues.answer_issue(by=world.specialist.actor, issue=issue, answer="Đã trả lời.", on=late)
    assert issues.overdue_issues_to_leaders(by=world.specialist.actor, on=late) == 0


def test_directive_is_issued_by_leaders_and_ended_by_its_addressee(world: World, head: Member) -> None:
    issue = assigned(world, head)
    order = {
        "content": "Khẩn trương cấp giống.", "addressee": world.host.organisation, "issued_on": DAY,
        "due_on": DAY + timedelta(days=5), "issue": issue, "number": "12/SKHCN",
    }  # fmt: skip

    with pytest.raises(Forbidden, match="Chỉ lãnh đạo"):
        issues.issue_directive(by=world.specialist.actor, **order)
    with pytest.raises(Refused, match="sau ngày ban hành"):
        issues.issue_directive(by=head.actor, **{**order, "due_on": DAY - timedelta(days=1)})
    directive = issues.issue_directive(by=head.actor, **order)
    assert directive.plan == world.plan
    assert told(world.host, directive) == ["Văn bản đôn đốc: Khẩn trương cấp giống."]

    with pytest.raises(Forbidden, match="Chỉ đơn vị nhận văn bản"):
        issues.complete_directive(by=world.user.actor, directive=directive, result="Đã cấp.", on=DAY)
    issues.complete_directive(by=world.host.actor, directive=directive, result="Đã cấp đủ giống.", on=DAY)

    assert (directive.result, directive.done_on) == ("Đã cấp đủ giống.", DAY)
    assert told(world.host, directive) == []
