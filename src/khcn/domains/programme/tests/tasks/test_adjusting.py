"""Changes of a running task: who decides by the lump-sum mode, what is refused, and what then stands on the task."""

from datetime import date, timedelta

import pytest

from khcn.domains.programme.choices import ChangeKind, LumpMode, PiChangeCause, TaskKind, TaskState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import RuleSet, Task
from khcn.domains.programme.services import changes, contracts
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.kernel.orgs.tests.cast import make_member, make_organisation, make_person
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 6)
NOTICE = timedelta(days=2)


@pytest.fixture
def world() -> World:
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    contracts.start_task(by=world.host.actor, task=world.task, on=date(2022, 7, 2))
    return world


def drafted(world: World, kind: ChangeKind, **new):
    detail = new.pop("detail", {})
    return changes.draft_change(
        by=world.host.actor, task=world.task, kind=kind, new=new, reason="Thực tế thay đổi.", detail=detail
    )


def filed(world: World, kind: ChangeKind, **new):
    return changes.file_change(by=world.host.actor, change=drafted(world, kind, **new), on=DAY)


def of_mode(world: World, mode: LumpMode) -> None:
    Task.objects.filter(pk=world.task.pk).update(lump_mode=mode)
    world.task.refresh_from_db()


def able(name: str = "Trần Văn Hiếu"):
    person = make_person(name)
    person.degree, person.in_field_since = "Thạc sĩ", 2010
    person.save()
    return person


@pytest.mark.database
def test_longer_term_asked_in_time_is_decided_by_the_department_and_annexed(world: World) -> None:
    change = filed(world, ChangeKind.DURATION, end_on="2024-12-31")
    assert (change.authority, change.state) == ("authority", "submitted")
    changes.declare_complete(by=world.specialist.actor, change=change, on=DAY)

    changes.approve_change(by=world.director.actor, change=change, decision_number="15/QĐ-SKHCN", on=DAY + NOTICE)
    contracts.sign_annex(
        by=world.director.actor, contract=world.task.contract, number="PL-01", signed_on=DAY + NOTICE,
        summary="Gia hạn đến 31/12/2024.", change=change,
    )  # fmt: skip

    task = Task.objects.get(pk=world.task.pk)
    assert (task.end_on, task.original_end_on) == (date(2024, 12, 31), date(2024, 6, 30))
    assert (change.state, change.decision_number) == ("annexed", "15/QĐ-SKHCN")
    world.task.refresh_from_db()
    with pytest.raises(NotNow, match="chỉ được gia hạn 1 lần"):
        filed(world, ChangeKind.DURATION, end_on="2025-03-31")


def test_term_a_day_longer_than_the_rule_allows_is_refused_when_it_is_filed(world: World) -> None:
    """From 1 July 2022 to 30 June 2024 are 24 months, to 31 December 2024 six more; both ends count."""
    with pytest.raises(NotNow, match="Nhiệm vụ không quá 24 tháng chỉ được gia hạn tối đa 6 tháng"):
        filed(world, ChangeKind.DURATION, end_on="2025-01-01")


def test_task_of_more_than_two_years_may_have_twelve_months_more(world: World) -> None:
    Task.objects.filter(pk=world.task.pk).update(end_on=date(2024, 7, 1), original_end_on=date(2024, 7, 1))
    world.task.refresh_from_db()

    with pytest.raises(NotNow, match="Nhiệm vụ trên 24 tháng chỉ được gia hạn tối đa 12 tháng"):
        filed(world, ChangeKind.DURATION, end_on="2025-07-02")
    assert filed(world, ChangeKind.DURATION, end_on="2025-07-01").state == "submitted"


def test_content_is_the_hosts_own_with_a_lump_to_the_final_product_and_the_departments_else(world: World) -> None:
    of_mode(world, LumpMode.FINAL_PRODUCT)
    own = filed(world, ChangeKind.CONTENT, text="Thêm một mô hình.")
    of_mode(world, LumpMode.PARTIAL)
    asked = filed(world, ChangeKind.CONTENT, text="Thêm một mô hình.")

    assert (own.authority, own.state) == ("host", "notified")
    assert (asked.authority, asked.state) == ("authority", "submitted")
    changes.note_change(by=world.specialist.actor, change=own, on=DAY)
    assert own.state == "noted"


def test_name_stays_with_a_lump_to_the_final_product(world: World) -> None:
    of_mode(world, LumpMode.FINAL_PRODUCT)
    change = drafted(world, ChangeKind.NAME, title="Tên khác")

    with pytest.raises(NotNow):
        changes.file_change(by=world.host.actor, change=change, on=DAY)

    world.task.refresh_from_db()
    assert world.task.title == "Chế phẩm nấm phòng bệnh hồ tiêu"


def test_name_of_a_partial_lump_needs_council_and_orderer_before_it_is_decided(world: World) -> None:
    change = filed(world, ChangeKind.NAME, title="Chế phẩm nấm đối kháng phòng bệnh hồ tiêu")
    changes.declare_complete(by=world.specialist.actor, change=change, on=DAY)
    decide = {"by": world.leader.actor, "change": change, "decision_number": "8/QĐ-UBND", "on": DAY + NOTICE}

    with pytest.raises(NotNow, match="ý kiến của hội đồng tư vấn"):
        changes.approve_change(**decide)
    change.refresh_from_db()
    changes.record_advice(by=world.specialist.actor, change=change, minutes_signed=True, on=DAY)
    with pytest.raises(NotNow, match="văn bản đồng thuận"):
        changes.approve_change(**decide)
    change.refresh_from_db()
    changes.record_consent(by=world.specialist.actor, change=change, document="20/SNN", on=DAY)
    changes.approve_change(**decide)

    task = Task.objects.get(pk=world.task.pk)
    assert (change.state, task.title) == ("approved", "Chế phẩm nấm đối kháng phòng bệnh hồ tiêu")


def test_new_leader_takes_office_when_the_department_takes_note(world: World) -> None:
    person, before = able(), world.task.pi
    detail = {"cause": PiChangeCause.OWN_REQUEST.value}
    change = filed(world, ChangeKind.PI, pi=str(person.uid), detail=detail)
    assert Task.objects.get(pk=world.task.pk).pi == before

    changes.note_change(by=world.specialist.actor, change=change, on=DAY + NOTICE)

    assert Task.objects.get(pk=world.task.pk).pi == person


def test_new_leader_is_objected_to_within_five_working_days_only(world: World) -> None:
    detail = {"cause": PiChangeCause.OWN_REQUEST.value}
    change = filed(world, ChangeKind.PI, pi=str(able().uid), detail=detail)

    with pytest.raises(NotNow, match="Đã quá 5 ngày làm việc"):
        changes.object_to_change(by=world.director.actor, change=change, reason="Chưa đủ.", on=DAY + timedelta(days=9))
    change.refresh_from_db()
    changes.object_to_change(by=world.director.actor, change=change, reason="Chưa đủ.", on=DAY + timedelta(days=4))

    assert change.state == "objected"
    assert Task.objects.get(pk=world.task.pk).pi == world.host.person


def test_new_leader_who_could_not_be_selected_is_refused_with_the_reason(world: World) -> None:
    detail = {"cause": PiChangeCause.OWN_REQUEST.value}
    unfit = make_person("Chưa có bằng")
    busy = able("Đang bận")
    Task.objects.create(
        code="NV-2022-02", plan=world.plan, title="Nhiệm vụ khác", kind=TaskKind.RESEARCH, host=world.host.organisation,
        mode=world.task.mode, pi=busy, rule_set=RuleSet.objects.get(code="A"), approved_on=date(2022, 6, 1),
        decision_number="101", state_vnd=1, state=TaskState.RUNNING, start_on=date(2022, 7, 1),
        end_on=date(2024, 7, 1),
    )  # fmt: skip

    with pytest.raises(NotNow, match="Chủ nhiệm mới chưa đủ điều kiện: Chưa có trình độ đại học"):
        filed(world, ChangeKind.PI, pi=str(unfit.uid), detail=detail)
    with pytest.raises(NotNow, match="Chủ nhiệm mới chưa đủ điều kiện: Đang làm chủ nhiệm nhiệm vụ NV-2022-02"):
        filed(world, ChangeKind.PI, pi=str(busy.uid), detail=detail)


def test_new_host_needs_a_decision_on_reorganisation_and_no_bar_of_its_own(world: World) -> None:
    heir = make_organisation("Viện kế thừa")
    with pytest.raises(NotNow, match="sáp nhập, chia tách hoặc giải thể"):
        filed(world, ChangeKind.HOST, host=str(heir.uid))
    late = Task.objects.create(
        code="NV-2020-09", plan=world.plan, title="Nhiệm vụ cũ", kind=TaskKind.RESEARCH, host=heir,
        mode=world.task.mode, pi=make_person(), rule_set=RuleSet.objects.get(code="A"),
        approved_on=date(2020, 6, 1), decision_number="1", state_vnd=1,
        state=TaskState.DOSSIER_DUE, start_on=date(2020, 7, 1), end_on=date(2022, 7, 1),
    )  # fmt: skip

    with pytest.raises(NotNow, match=f"Tổ chức chủ trì mới chưa đủ điều kiện: .*{late.code}"):
        filed(world, ChangeKind.HOST, host=str(heir.uid), detail={"restructuring": True})

    late.delete()
    change = filed(world, ChangeKind.HOST, host=str(heir.uid), detail={"restructuring": True})
    changes.declare_complete(by=world.specialist.actor, change=change, on=DAY)
    changes.approve_change(by=world.director.actor, change=change, decision_number="9/QĐ", on=DAY)
    assert Task.objects.get(pk=world.task.pk).host == heir


def test_refused_change_leaves_the_task_as_it_was_and_says_why(world: World) -> None:
    change = filed(world, ChangeKind.DURATION, end_on="2024-12-31")
    changes.declare_complete(by=world.specialist.actor, change=change, on=DAY)

    changes.refuse_change(by=world.director.actor, change=change, reason="Chưa có lý do chính đáng.", on=DAY)

    assert (change.state, change.answer) == ("refused", "Chưa có lý do chính đáng.")
    assert Task.objects.get(pk=world.task.pk).end_on == date(2024, 6, 30)


def test_change_is_asked_by_the_host_alone_and_only_while_the_task_runs(world: World) -> None:
    with pytest.raises(Forbidden, match="Chỉ tổ chức chủ trì"):
        changes.draft_change(
            by=make_member(Role.HOST).actor, task=world.task, kind=ChangeKind.TEAM, new={"text": "x"}, reason="x",
            detail={},
        )  # fmt: skip
    changes.pause_task(by=world.director.actor, task=world.task, reason="Thiên tai.", on=DAY)
    assert world.task.state == "paused"
    assert drafted(world, ChangeKind.TEAM, text="Thay một thành viên.").authority == "host"
    changes.resume_task(by=world.director.actor, task=world.task, reason="Hết thiên tai.", on=DAY)
    assert world.task.state == "running"
