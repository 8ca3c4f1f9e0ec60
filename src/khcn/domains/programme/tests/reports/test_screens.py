"""Screens of dashboard, reports, duties and units: who sees them, what they show, how many queries they ask."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from khcn.domains.programme.models import Assignment, AssignmentReport, Issue, ReportRun, Task
from khcn.domains.programme.tests.reports.test_reports import busy
from khcn.domains.programme.tests.reports.world import build_world
from khcn.kernel.orgs.models import OrganisationSuccession

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_world(cast, people):
    """The small world with today's cast."""
    made = build_world(cast, people.specialist.actor)
    busy(made)
    return made


@pytest.fixture
def run(plan_world, people, client_for):
    """A collected half-yearly R1 of the last full year."""
    year = timezone.localdate().year - 1
    answer = client_for(people.specialist).post(
        reverse("report_new"),
        {"plan": plan_world.plan.uid, "report": "R1", "period": f"year-{year}-1", "basis": "administrative"},
    )
    assert answer.status_code == 302
    return ReportRun.objects.get()


def pages(world, run):
    target = world.target("T1")
    return [
        reverse("plan_dashboard", args=[world.plan.uid]),
        reverse("plan_chart", args=[world.plan.uid, "kinh-phi"]),
        reverse("plan_figure", args=[world.plan.uid, "T1"]) + "?phan=accepted",
        reverse("plan_figure", args=[world.plan.uid, "T7"]) + "?phan=matured",
        reverse("plan_figure", args=[world.plan.uid, "T6"]) + "?phan=frozen_of",
        reverse("plan_entries", args=[world.plan.uid]) + "?loai=payment,clearance&nam=2025&nguon=S1",
        reverse("plan_values", args=[world.plan.uid]),
        reverse("report_list"),
        reverse("report_new"),
        reverse("report_page", args=[run.uid]),
        reverse("report_words", args=[run.uid]),
        reverse("report_print", args=[run.uid]),
        reverse("report_word", args=[run.uid]),
        reverse("report_workbook", args=[run.uid]),
        reverse("report_figure", args=[run.uid, str(target.uid), "total"]),
    ]


def test_screens_open_for_those_who_read_the_programme_and_are_hidden_from_others(plan_world, run, people, client_for):
    for address in pages(plan_world, run):
        seen = {
            name: client_for(getattr(people, name)).get(address).status_code
            for name in ("specialist", "director", "leader", "inspector", "host", "coordinator", "stranger")
        }
        assert seen == {
            "specialist": 200, "director": 200, "leader": 200, "inspector": 200, "host": 404, "coordinator": 404,
            "stranger": 404,
        }, address  # fmt: skip
        assert client_for().get(address).status_code == 302, address


def test_dashboard_tells_targets_with_links_to_their_rows(plan_world, people, client_for, sql_count):
    client = client_for(people.leader)
    address = reverse("plan_dashboard", args=[plan_world.plan.uid])

    with sql_count() as queries:
        text = client.get(address).content.decode()

    assert "chưa có" in text
    assert f"{reverse('plan_figure', args=[plan_world.plan.uid, 'T1'])}?phan=applied" in text
    assert "Quy đổi sang cơ quan kế thừa" in text
    for _ in range(4):
        plan_world.applied_product()
    with sql_count() as more:
        client.get(address)
    assert len(more) <= len(queries) <= 34


def test_figure_lists_the_counted_rows_and_why_others_are_left_out(plan_world, people, client_for):
    task = plan_world.task(approved_on=date(2022, 3, 1))
    product = plan_world.product(task)
    plan_world.accept(task, date(2024, 1, 15), recognised_on=date(2024, 2, 15))

    text = client_for(people.head).get(reverse("plan_figure", args=[plan_world.plan.uid, "T1"])).content.decode()

    assert product.name in text
    assert "Chưa có biên bản bàn giao được hai bên ký." in text


def test_measure_button_stores_values_and_check_says_whether_they_come_out(plan_world, people, client_for):
    client = client_for(people.head)
    answer = client.post(
        reverse("plan_measure", args=[plan_world.plan.uid]), {"as_of": f"{timezone.localdate():%d/%m/%Y}"}, follow=True
    )
    text = answer.content.decode()

    assert "Đã đo và lưu 10 giá trị." in text
    assert client_for(people.accountant).post(
        reverse("plan_measure", args=[plan_world.plan.uid]), {"as_of": f"{timezone.localdate():%d/%m/%Y}"}
    ).status_code in (302, 403)


def test_report_goes_from_collection_to_issue_in_the_browser(plan_world, run, people, client_for):
    writer, head, director = client_for(people.specialist), client_for(people.head), client_for(people.director)

    def post(client, name, *args, **data):
        data["version"] = ReportRun.objects.get(pk=run.pk).version
        return client.post(reverse(name, args=[run.uid, *args]), data)

    assert post(writer, "report_freeze", close_without="Gửi sau").status_code == 302
    words = dict.fromkeys(("results", "limits", "difficulties", "directions", "proposals"), "Lời.")
    post(writer, "report_words", **words, addressees="Ủy ban nhân dân tỉnh", recipients="Như trên")
    post(writer, "report_act", "draft")
    post(head, "report_act", "review")
    post(director, "report_act", "sign")
    post(writer, "report_act", "issue")
    run.refresh_from_db()

    assert (run.state, run.document_number) == ("issued", "01/BC-SKHCN")
    assert run.narrative["sections"]["results"] == "Lời."
    assert writer.get(reverse("report_verify", args=[run.uid])).status_code == 200
    post(head, "report_with_reason", "correct", reason="Sai số liệu")
    version = ReportRun.objects.latest("id")
    assert "Không có số nào thay đổi" in head.get(reverse("report_compare", args=[version.uid])).content.decode()


def test_report_words_saved_over_a_newer_version_show_the_difference(plan_world, run, people, client_for):
    client = client_for(people.specialist)
    client.post(reverse("report_freeze", args=[run.uid]), {"close_without": "Gửi sau", "version": run.version})
    run.refresh_from_db()
    words = {"addressees": "UBND", "recipients": "Như trên", "version": run.version}

    first = client.post(reverse("report_words", args=[run.uid]), {**words, "limits": "Một"})
    second = client.post(reverse("report_words", args=[run.uid]), {**words, "limits": "Hai"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Một" in second.content.decode()


def test_progress_partial_alone_answers_htmx(plan_world, run, people, client_for):
    ReportRun.objects.filter(pk=run.pk).update(progress=40)

    text = client_for(people.head, HTTP_HX_REQUEST="true").get(reverse("report_page", args=[run.uid])).content.decode()

    assert "every 1s" in text
    assert "<html" not in text


def test_duty_is_reported_by_its_unit_and_appraised_by_the_department(plan_world, people, client_for):
    duty = Assignment.objects.create(
        plan=plan_world.plan, group=2, ordinal=1, units_text="Ủy ban nhân dân xã", duty="Phổ biến kết quả",
        due_on=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    duty.organisations.add(people.coordinator.organisation)
    address = reverse("assignment_page", args=[duty.uid])

    sent = client_for(people.coordinator).post(
        address, {"organisation": people.coordinator.organisation.uid, "state": "done", "result": "Đã phổ biến"}
    )
    report = AssignmentReport.objects.get(assignment=duty)
    appraise = reverse("assignment_appraise", args=[duty.uid, report.uid])
    silent = client_for(people.head).post(appraise, {"appraisal": "in_progress", "note": "", "version": 1})
    judged = client_for(people.head).post(appraise, {"appraisal": "in_progress", "note": "Còn 2 ấp", "version": 1})

    assert (sent.status_code, silent.status_code, judged.status_code) == (302, 422, 302)
    report.refresh_from_db()
    assert (report.appraisal, report.appraisal_note) == ("in_progress", "Còn 2 ấp")
    assert client_for(people.stranger).get(address).status_code == 404
    assert "Phổ biến kết quả" in client_for(people.coordinator).get(reverse("assignment_list")).content.decode()


def test_duty_of_a_merged_unit_passes_to_its_successor(plan_world, people, cast, client_for):
    old = cast.organisation("Sở Thông tin và Truyền thông", valid_to=date(2025, 3, 1))
    OrganisationSuccession.objects.create(
        predecessor=old, successor=people.coordinator.organisation, kind="merge", on=date(2025, 3, 1)
    )
    duty = Assignment.objects.create(plan=plan_world.plan, group=3, ordinal=1, units_text=old.name, duty="Hạ tầng số")
    duty.organisations.add(old)
    client = client_for(people.coordinator)

    answer = client.post(
        reverse("assignment_page", args=[duty.uid]),
        {"organisation": people.coordinator.organisation.uid, "state": "in_progress", "result": "Đang làm"},
    )

    assert answer.status_code == 302
    duty.organisations.add(people.host.organisation)
    unit = client.get(reverse("unit_page", args=[people.coordinator.organisation.uid]))
    assert "Hạ tầng số" in unit.content.decode()
    assert "Đang thực hiện" in unit.content.decode()
    assert [line.unit for line in unit.context["lines"]] == [old]


def test_unit_page_of_another_unit_is_hidden_from_a_host(plan_world, people, client_for):
    address = reverse("unit_page", args=[plan_world.host.uid])

    assert client_for(people.host).get(address).status_code == 404
    assert client_for(people.inspector).get(address).status_code == 200


def test_unit_page_says_how_many_there_are_and_leads_to_all_of_them(plan_world, people, client_for):
    unit, client = plan_world.host, client_for(people.inspector)
    for number in range(12):
        task = plan_world.task(approved_on=date(2023, 1, 1), orderer=unit)
        product = plan_world.product(task)
        plan_world.apply(product, used_from=date(2024, 1, 1), confirmed_on=None, user=unit)
        Issue.objects.create(
            code=f"KK-{number}", title="Thiếu vốn", kind="money", reporter=unit, assignee=unit,
            raised_on=date(2024, 1, 1),
        )  # fmt: skip
    tasks = Task.objects.filter(host=unit).count()
    raised, given = Issue.objects.filter(reporter=unit).count(), Issue.objects.filter(assignee=unit).count()
    address = reverse("unit_page", args=[unit.uid])

    shown = client.get(address)

    parts = [*shown.context["task_parts"], *shown.context["issue_parts"]]
    assert [len(part.rows) for part in parts] == [10] * 5
    assert [part.count for part in parts] == [tasks, 12, 12, raised, given]
    for part, name in zip(parts, ["task_list"] * 3 + ["issue_list"] * 2, strict=True):
        whole = f"{reverse(name)}?{part.query}"
        assert whole in shown.content.decode()
        listed = client.get(whole)
        assert listed.context["page"].paginator.count == part.count
        assert len(listed.context["filters"].chips) == 1
        assert unit.name in listed.context["filters"].chips[0].value
    assert f"Xem cả {tasks} dòng" in shown.content.decode()


def test_duties_of_a_unit_and_of_the_plan_are_downloaded(plan_world, people, client_for):
    unit = people.coordinator.organisation
    duty = Assignment.objects.create(
        plan=plan_world.plan, group=2, ordinal=1, units_text=unit.name, duty="Phổ biến kết quả"
    )
    duty.organisations.add(unit)
    AssignmentReport.objects.create(
        assignment=duty, organisation=unit, reported_on=date(2025, 3, 1), state="done", result="Đã mở 3 lớp",
        appraisal="in_progress", appraisal_note="Còn 2 ấp",
    )  # fmt: skip

    for address in (reverse("unit_page", args=[unit.uid]), reverse("assignment_list")):
        sheet = b"".join(client_for(people.head).get(f"{address}?tai=csv").streaming_content).decode("utf-8-sig")

        assert (
            f"{unit.name},Phối hợp,Phổ biến kết quả,,Hoàn thành,Đã mở 3 lớp,2025-03-01,Đang thực hiện,Còn 2 ấp" in sheet
        )


def test_unit_page_asks_the_same_queries_whatever_the_number_of_tasks(plan_world, people, client_for, sql_count):
    client, address = client_for(people.inspector), reverse("unit_page", args=[plan_world.host.uid])
    client.get(address)
    with sql_count() as few:
        client.get(address)
    for _ in range(15):
        plan_world.task(approved_on=date(2023, 1, 1))

    with sql_count() as many:
        client.get(address)

    assert len(many) == len(few)


def test_home_shows_the_plan_to_the_leader_only(plan_world, people, client_for):
    mark = reverse("plan_dashboard", args=[plan_world.plan.uid])

    assert mark in client_for(people.leader).get(reverse("home")).content.decode()
    assert mark not in client_for(people.host).get(reverse("home")).content.decode()
