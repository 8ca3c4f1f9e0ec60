"""The pages of tasks: who sees them, that every tab and act renders, that lists do not ask more for more rows."""

from datetime import date

import pytest
from django.urls import reverse

from khcn.domains.programme.models import Task
from khcn.domains.programme.services import contracts
from khcn.domains.programme.tests.tasks.world import World, make_world
from khcn.domains.programme.views.tasks.page import ACTS, TABS
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("tab", TABS)
def test_task_tab_for_the_specialist_renders(world: World, tab: str) -> None:
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    address = reverse("task_tab", args=[world.task.uid, tab]) if tab else reverse("task_page", args=[world.task.uid])

    answer = client_for(world.specialist).get(address)

    assert answer.status_code == 200
    assert world.task.title in answer.content.decode()


def test_task_page_of_another_host_is_not_found(world: World) -> None:
    stranger = make_member(Role.HOST)

    assert client_for(stranger).get(reverse("task_page", args=[world.task.uid])).status_code == 404
    assert client_for(world.host).get(reverse("task_page", args=[world.task.uid])).status_code == 200
    assert client_for().get(reverse("task_page", args=[world.task.uid])).status_code == 302


def test_contract_signed_on_the_page_moves_the_task(world: World) -> None:
    client = client_for(world.director)
    address = reverse("task_act", args=[world.task.uid, "ky-hop-dong"])
    assert client.get(address).status_code == 200

    answer = client.post(
        address,
        {
            "number": "7/HĐ", "signed_on": "01/07/2022", "start_on": "01072022", "end_on": "30/6/2024",
            "signed_by_both": "on", "version": world.task.version,
        },
    )  # fmt: skip

    assert answer.status_code == 302
    world.task.refresh_from_db()
    assert world.task.state == "contracted"


def test_contract_form_with_reversed_dates_says_where(world: World) -> None:
    answer = client_for(world.director).post(
        reverse("task_act", args=[world.task.uid, "ky-hop-dong"]),
        {
            "number": "7",
            "signed_on": "01/07/2022",
            "start_on": "01/07/2024",
            "end_on": "01/07/2022",
            "signed_by_both": "on",
        },
    )

    assert answer.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu." in answer.content.decode()


def test_contract_on_an_old_version_shows_the_conflict(world: World) -> None:
    stale = world.task.version
    world.task.version += 5
    world.task.save()

    answer = client_for(world.director).post(
        reverse("task_act", args=[world.task.uid, "ky-hop-dong"]),
        {
            "number": "7", "signed_on": "01/07/2022", "start_on": "01/07/2022", "end_on": "01/07/2024",
            "signed_by_both": "on", "version": stale,
        },
    )  # fmt: skip

    assert answer.status_code == 409


def test_acts_not_offered_are_forbidden(world: World) -> None:
    for slug, act in ACTS.items():
        if act.part is None:
            answer = client_for(make_member(Role.INSPECTOR)).get(reverse("task_act", args=[world.task.uid, slug]))
            assert answer.status_code == 403, slug


def test_task_list_search_ignores_diacritics_and_asks_a_fixed_number_of_queries(world: World, sql_count) -> None:
    client = client_for(world.specialist)
    assert "NV-2022-01" in client.get(reverse("task_list"), {"q": "che pham nam"}).content.decode()
    assert "NV-2022-01" not in client.get(reverse("task_list"), {"q": "robot"}).content.decode()
    with sql_count() as few:
        client.get(reverse("task_list"))
    Task.objects.bulk_create(
        Task(
            code=f"NV-{number}", title=f"Nhiệm vụ số {number}", kind="research", host=world.task.host, pi=world.task.pi,
            rule_set=world.task.rule_set, approved_on=date(2023, 1, 1), plan=world.plan, folded=f"nhiem vu {number}",
        )
        for number in range(60)
    )  # fmt: skip
    with sql_count() as many:
        client.get(reverse("task_list"))

    assert len(many) == len(few)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_task_list_downloads(world: World, kind: str) -> None:
    answer = client_for(world.specialist).get(reverse("task_list"), {"tai": kind})

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
