"""The global search over the programme: without diacritics, exact code first, and never what one may not read."""

from datetime import date
from uuid import uuid4

import pytest

from khcn.domains.programme.models import Plan, Proposal, RuleSet, Task
from khcn.web.search import search

SECRET_TITLE = "Nghiên cứu điều tra địa bàn trọng điểm"


@pytest.fixture
def programme(people):
    plan = Plan.objects.create(
        code="KH-2021-2025", title="Kế hoạch khoa học và công nghệ", issuer="Ủy ban nhân dân tỉnh",
        period_from=2021, period_to=2025, state="adopted",
    )  # fmt: skip
    rules = RuleSet.objects.create(code="B", title="Bộ quy tắc B", regime="law_2013", pinning="at_approval")
    for host, name in ((people.host, "Lâm Thị Hòa"), (people.other_host, "Huỳnh Khắc Riêng")):
        host.person.full_name = name  # the cast's names take turns, may meet and may hold the words looked for
        host.person.save()
    common = {"plan": plan, "kind": "research", "rule_set": rules, "approved_on": date(2022, 3, 1)}
    titles = [
        ("KHCN-2022-01", "Xây dựng quy trình kỹ thuật canh tác điều hữu cơ", people.host),
        ("KHCN-2022-02", "Phần mềm điều hành hồ chứa Thác Mơ", people.other_host),
        ("KHCN-2022-11", "Chế phẩm sinh học cho hồ tiêu", people.host),
    ]
    for code, title, host in titles:
        Task.objects.create(code=code, title=title, host=host.organisation, pi=host.person, **common)
    Task.objects.create(
        code="KHCN-2022-99", title=SECRET_TITLE, host=people.host.organisation, pi=people.host.person, is_secret=True,
        **common,
    )  # fmt: skip
    Proposal.objects.create(
        code="DX-2023-001", title="Máy tách vỏ hạt điều", plan=plan, proposer=people.host.organisation
    )
    return plan


def found(member, text):
    return {group.key: [hit.title for hit in group.hits] for group in search(member.actor, text)}


@pytest.mark.parametrize("typed", ["dieu huu co", "điều hữu cơ", "ĐIỀU HỮU CƠ", "huu co dieu", "ðiều hữu"])
def test_search_finds_with_and_without_diacritics(people, programme, typed):
    assert found(people.specialist, typed)["tasks"] == ["Xây dựng quy trình kỹ thuật canh tác điều hữu cơ"]


def test_search_puts_the_exact_code_first(people, programme):
    groups = search(people.specialist.actor, "khcn-2022-01")

    assert groups[0].key == "tasks"
    assert groups[0].hits[0].code == "KHCN-2022-01"


def test_search_finds_tasks_by_host_and_leader(people, programme):
    assert len(found(people.specialist, "vien nghien cuu nong nghiep")["tasks"]) == 2
    assert found(people.specialist, people.other_host.person.full_name)["tasks"] == [
        "Phần mềm điều hành hồ chứa Thác Mơ"
    ]


def test_search_shows_each_host_its_own_only(people, programme):
    assert found(people.host, "dieu")["tasks"] == ["Xây dựng quy trình kỹ thuật canh tác điều hữu cơ"]
    assert found(people.other_host, "dieu")["tasks"] == ["Phần mềm điều hành hồ chứa Thác Mơ"]
    assert "tasks" not in found(people.stranger, "dieu")


def test_search_never_finds_a_secret_task_nor_anothers_draft(people, programme):
    for member in (people.specialist, people.director, people.host, people.inspector):
        assert "trọng điểm" not in str(found(member, "trong diem"))
    assert "proposals" not in found(people.specialist, "tach vo")
    assert found(people.host, "tach vo")["proposals"] == ["Máy tách vỏ hạt điều"]


def test_search_page_and_palette_answer_with_addresses(client_for, people, programme):
    client = client_for(people.specialist)
    task = Task.objects.get(code="KHCN-2022-11")

    whole = client.get("/tim/?q=ho tieu").content.decode()
    part = client.get("/tim/?q=ho tieu", headers={"HX-Request": "true"}).content.decode()

    assert f"/nhiem-vu/{task.uid}/" in whole
    assert f"/nhiem-vu/{task.uid}/" in part
    assert "<html" not in part
    assert 'role="option"' in part


def test_search_with_markup_in_the_query_escapes_it(client_for, people, programme):
    body = client_for(people.specialist).get("/tim/", {"q": '<script>alert(1)</script>"'}).content.decode()

    assert "<script>alert" not in body


def test_search_counts_of_sql_do_not_grow_with_the_programme(client_for, people, programme, sql_count):
    client = client_for(people.specialist)
    client.get("/tim/?q=dieu")
    with sql_count() as few:
        client.get("/tim/?q=dieu")
    some = Task.objects.get(code="KHCN-2022-01")
    for number in range(20):
        some.pk, some.uid, some.code = None, uuid4(), f"KHCN-2023-{number:02}"
        some.save(force_insert=True)

    with sql_count() as many:
        page = client.get("/tim/?q=dieu")

    assert b"KHCN-2023-0" in page.content
    assert len(many) <= len(few)
