"""The twelve reports on a world counted by hand: columns, figures, the rows behind them, one digest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from khcn.domains.programme.choices import PeriodKind, ReportCode
from khcn.domains.programme.models import (
    Assignment,
    AssignmentReport,
    Counterpart,
    Inspection,
    IpRight,
    Issue,
    IssueNote,
    Order,
    OrderList,
    Registration,
)
from khcn.domains.programme.queries.reports import BUILDERS, Scope, build_report
from khcn.domains.programme.tests.reports.world import TODAY
from khcn.kernel.procedures.models import Clock
from khcn.lib.digest import digest

pytestmark = pytest.mark.django_db
AS_OF = date(2025, 6, 14)
COLUMNS = {
    "R1": ["STT", "Mục tiêu/chỉ tiêu", "ĐVT", "KH đến 2025", "Lũy kế kỳ trước", "Trong kỳ", "Lũy kế", "%", "Minh chứng",
           "Đánh giá", "Nguyên nhân", "Giải pháp"],
    "R2": ["STT", "Mã", "Tên nhiệm vụ", "Loại", "Lĩnh vực", "Chủ trì/chủ nhiệm", "Phối hợp", "QĐ, HĐ",
           "Thời gian (gia hạn)", "Bước hiện tại", "Hạn", "Trễ (ngày, lý do)", "% nội dung", "% kinh phí"],
    "R5": ["STT", "Vướng mắc", "Đơn vị nêu", "Loại", "Nhiệm vụ", "Ngày", "Cấp giải quyết", "Hạn", "Đã thực hiện",
           "Đề xuất", "Trạng thái"],
    "R6": ["STT", "Nhiệm vụ", "Ngày hết hạn", "Nộp", "Họp", "Xếp loại", "GCN số/ngày", "Công nhận", "Thanh lý",
           "Ngày trễ từng bước"],
    "R11": ["STT", "Đơn vị", "Vai trò", "Việc giao", "Kết quả", "Tự đánh giá", "Sở đánh giá"],
}  # fmt: skip


def scope(world, *, start=date(2024, 12, 15), end=AS_OF, kind=PeriodKind.HALF_YEAR, **query) -> Scope:
    return Scope(world.plan, kind, "6 tháng đầu năm 2025", start, end, end, query)


def report(world, code, **options):
    return build_report(ReportCode(code), scope(world, **options))


def table(snapshot):
    keys = [column["key"] for column in snapshot["columns"]]
    return {row["key"]: dict(zip(keys, row["cells"], strict=False)) | {"refs": row["refs"]} for row in snapshot["rows"]}


def test_every_report_builds_on_an_empty_plan(world):
    for code in ReportCode:
        snapshot = report(world, code)

        assert snapshot["form"] == code.value
        assert snapshot["columns"]


@pytest.mark.parametrize("code", sorted(COLUMNS))
def test_report_columns_are_those_of_the_design(world, code):
    assert [column["title"] for column in report(world, code)["columns"]] == COLUMNS[code]


def test_r1_parts_what_was_reached_before_from_what_the_period_added(world):
    early = world.applied_product()
    early.applications.update(confirmed_on=date(2024, 11, 1))
    late = world.applied_product()
    late.applications.update(confirmed_on=date(2025, 2, 1))

    row = table(report(world, "R1"))[str(world.target("T1").uid)]

    assert (row["before"], row["within"], row["total"], row["goal"]) == ("1", "1", "2", "3")
    assert row["share"] == "66.6667"
    assert row["refs"]["within"]["counted"] == [str(late.uid)]
    assert sorted(row["refs"]["total"]["counted"]) == sorted([str(early.uid), str(late.uid)])
    assert early.code in row["evidence"]


def test_r1_share_over_nothing_is_empty_and_over_two_names_both(world):
    empty = table(report(world, "R1"))[str(world.target("T7").uid)]
    product = world.applied_product()
    idle = world.task(approved_on=date(2023, 1, 1))
    world.accept(idle, date(2024, 12, 20), recognised_on=date(2025, 1, 20))

    snapshot = report(world, "R1")
    row = table(snapshot)[str(world.target("T7").uid)]

    assert empty["total"] is None
    assert row["total"] == "50"
    assert row["refs"]["total"]["counted"] == [str(product.task.uid)]
    assert len(row["refs"]["total"]["of"]) == 2
    assert "T7 tính riêng nhiệm vụ đã qua thời gian chờ: 100% (1/1)." in snapshot["notes"]


def test_r2_tells_delay_work_and_money_of_each_task(world):
    task = world.task(approved_on=date(2023, 1, 5), state="running", state_vnd=800)
    world.contract(task, date(2023, 2, 1), end_on=date(2025, 1, 31))
    task.end_on = date(2025, 7, 31)
    task.save()
    world.entry(task, "payment", 200, year=2023, on=date(2023, 6, 1))
    task.contents.create(ordinal=1, title="Nội dung 1", percent_done=50)
    Clock.objects.create(
        subject_type="programme.task", subject_uid=task.uid, rule_set="A", rule_key="k", title="Nộp báo cáo định kỳ",
        amount=10, unit="CD", started_on=date(2025, 5, 1), due_on=AS_OF - timedelta(days=4),
    )  # fmt: skip

    snapshot = report(world, "R2")
    row = table(snapshot)[str(task.uid)]

    assert row["late"] == "4 ngày: Nộp báo cáo định kỳ"
    assert (row["done"], row["paid"]) == ("50", "25")
    assert row["term"] == "02/2023–07/2025 (hợp đồng gốc đến 01/2025)"
    assert row["state"] == "Đang thực hiện"
    assert snapshot["figures"] == {"tasks": 1, "running": 1, "accepted": 0, "lost": 0, "late": 1}


def test_r3_subtracts_reversals_and_shows_the_gap(world):
    task = world.task(approved_on=date(2023, 1, 5))
    world.contract(task, date(2023, 1, 6))
    world.envelope("S1", 2023, 900, 700)
    world.entry(task, "plan", 600, year=2023, on=date(2023, 1, 5))
    world.entry(task, "allocation", 500, year=2023, on=date(2023, 2, 1))
    world.entry(task, "advance", 300, year=2023, on=date(2023, 3, 1))
    wrong = world.entry(task, "payment", 250, year=2023, on=date(2023, 4, 1))
    world.entry(task, "payment", 250, year=2023, on=date(2023, 4, 2), reverses=wrong)
    world.entry(task, "clearance", 120, year=2023, on=date(2023, 5, 1))
    world.entry(task, "payment", 77, year=2023, on=AS_OF + timedelta(days=1))
    world.entry(task, "plan", 40, year=2024, on=date(2024, 1, 5), source="undetermined")
    Counterpart.objects.create(
        task=task, state="pledged", giver=world.user, amount_vnd=55, on=date(2023, 1, 1), document_number="1"
    )

    snapshot = report(world, "R3")
    rows = table(snapshot)

    first = rows["S1:2023"]
    assert (first["planned"], first["granted"], first["allocated"]) == (900, 700, 500)
    assert (first["advanced"], first["paid"], first["uncleared"]) == (300, 120, 180)
    assert first["share"] == "13.3333"
    assert first["refs"]["paid"]["query"]["kinds"] == ["payment", "clearance"]
    assert rows["sum:all"]["planned"] == 940
    assert rows["gap"]["planned"] == 45_000_000_000 - 600
    assert snapshot["figures"]["pledged_vnd"] == 55


def test_r4_lists_uses_and_the_target_that_counts_them(world):
    product = world.applied_product()
    other = world.product(product.task, "paper")

    snapshot = report(world, "R4")
    rows = [dict(zip([c["key"] for c in snapshot["columns"]], row["cells"], strict=True)) for row in snapshot["rows"]]

    assert [row["targets"] for row in rows[:2]] == ["T1", ""]
    assert rows[0]["confirmation"] == "15/XN ngày 10/01/2025"
    assert other.name in rows[1]["product"]
    assert snapshot["figures"] == {"products": 2, "accepted": 1, "applied": 1, "waiting": 0}


def test_r5_keeps_open_difficulties_and_leaves_out_those_closed_before(world):
    def issue(code, **fields):
        return Issue.objects.create(
            code=code, plan=world.plan, kind="legal", title=f"Vướng mắc {code}", reporter=world.host, **fields
        )

    shown = issue("VM-1", raised_on=date(2024, 1, 1), due_on=date(2024, 2, 1))
    IssueNote.objects.create(issue=shown, on=date(2025, 1, 5), text="Đã họp các bên")
    issue("VM-2", raised_on=date(2024, 1, 1), closed_on=date(2024, 5, 1), state="verified_closed")
    issue("VM-3", raised_on=date(2025, 3, 1), answered_on=date(2025, 3, 9), closed_on=date(2025, 4, 1))
    issue("VM-4", raised_on=AS_OF + timedelta(days=1))

    snapshot = report(world, "R5")

    assert [row["cells"][1].split()[0] for row in snapshot["rows"][:-1]] == ["VM-1", "VM-3"]
    assert table(snapshot)[str(shown.uid)]["so_far"] == "05/01/2025: Đã họp các bên"
    assert snapshot["figures"] == {"raised": 1, "answered": 1, "closed": 1, "issues_open": 1, "issues_late": 1}


def test_r6_follows_a_task_from_its_last_day_to_liquidation(world):
    product = world.applied_product()
    Registration.objects.create(
        task=product.task, submitted_on=date(2024, 2, 1), certificate_number="007/2024/GCN",
        certified_on=date(2024, 2, 10),
    )  # fmt: skip
    Clock.objects.create(
        subject_type="programme.task", subject_uid=product.task.uid, rule_set="A", rule_key="k",
        title="Đăng ký kết quả", amount=10, unit="CD", started_on=date(2024, 1, 15), due_on=date(2024, 2, 7),
        stopped_on=date(2024, 2, 10),
    )  # fmt: skip
    young = world.task(approved_on=date(2025, 1, 1))
    world.contract(young, date(2025, 2, 1))

    snapshot = report(world, "R6")
    row = table(snapshot)[str(product.task.uid)]

    assert str(young.uid) not in table(snapshot)
    assert (row["met"], row["grade"], row["certificate"]) == ("2024-01-15", "Đạt", "007/2024/GCN ngày 10/02/2024")
    assert row["late"] == "Đăng ký kết quả: 3 ngày"
    assert snapshot["figures"]["late"] == 1


def test_r7_balances_accepted_and_applied_by_year(world):
    product = world.applied_product()
    product.applications.update(benefit_vnd=9_000_000)
    idle = world.task(approved_on=date(2022, 1, 1))
    world.product(idle)
    world.accept(idle, date(2024, 6, 1))
    right = IpRight.objects.create(task=idle, kind="copyright", title="Phần mềm", granted_on=date(2024, 9, 1))

    rows = table(report(world, "R7"))
    row = rows["year:2024"]

    assert (row["accepted"], row["applied"], row["idle"], row["rights"]) == (2, 1, 1, 1)
    assert row["reasons"] == "1 nhiệm vụ: Kết quả chưa được công nhận."
    assert row["refs"]["rights"]["counted"] == [str(right.uid)]
    assert rows["year:2025"]["benefit_vnd"] == rows["total"]["benefit_vnd"] == 9_000_000


def test_r8_counts_visits_planned_and_made(world):
    task = world.task(approved_on=date(2024, 1, 1))
    Inspection.objects.create(task=task, held_on=date(2025, 3, 1), notified_on=date(2025, 2, 20), conclusion="Đạt",
                              recommendations="Nộp báo cáo", is_complied=True)  # fmt: skip
    Inspection.objects.create(task=task, held_on=date(2025, 9, 1), notified_on=date(2025, 6, 1))
    Inspection.objects.create(task=task, held_on=date(2024, 3, 1))

    snapshot = report(world, "R8")

    assert snapshot["figures"] == {"planned": 2, "done": 1, "with_advice": 1, "complied": 1}


def test_r9_multiplies_planned_tasks_by_the_three_year_mean(world):
    for year, first, second in ((2023, 100, 900), (2024, 200, 50), (2025, 301, 0)):
        task = world.task(approved_on=date(year, 2, 1))
        world.entry(task, "plan", first, year=year, on=date(year, 2, 1))
        if second:
            world.entry(task, "plan", second, year=year + 1, on=date(year, 2, 1), source="S2")
    old = world.task(approved_on=date(2021, 1, 1))
    world.entry(old, "plan", 10_000, year=2021, on=date(2021, 1, 1))
    going = world.task(approved_on=date(2025, 3, 1), state="running")
    world.contract(going, date(2025, 3, 2))
    world.entry(going, "plan", 70, year=2026, on=date(2025, 3, 1))
    world.entry(going, "payment", 33, year=2025, on=date(2025, 5, 1))
    listed = OrderList.objects.create(
        code="DM-2026", title="Danh mục", plan=world.plan, year=2026, state="approved", approved_on=date(2025, 5, 1)
    )
    for number in range(2):
        Order.objects.create(order_list=listed, title=f"Đặt hàng {number}", kind="research")

    snapshot = report(world, "R9")
    rows, figures = table(snapshot), snapshot["figures"]

    # first-year state money of the four tasks approved in 2023–2025: 100 + 200 + 301 + 70 = 671; 671 ÷ 4 = 167,75
    assert (figures["mean_vnd"], figures["planned_new"], figures["new_vnd"]) == (168, 2, 336)
    assert (figures["carried"], figures["carried_vnd"], figures["total_vnd"]) == (1, 70, 406)
    assert rows["new"]["undetermined"] == 336
    # 2025: planned 301 (S1) and 50 (S2), paid 33 from S1 in six months
    assert (rows["this:plan"]["total"], rows["this:half"]["total"], rows["this:second"]["total"]) == (351, 33, 318)
    assert figures["expected_vnd"] == 351
    assert table(report(world, "R9", planned_new=10))["new"]["count"] == 10


def test_r10_keeps_to_papers_signed_in_the_period(world):
    inside = world.task(approved_on=date(2025, 1, 5), state_vnd=700)
    world.contract(inside, date(2025, 2, 1))
    world.task(approved_on=date(2024, 12, 14))

    figures = report(world, "R10")["figures"]

    assert figures == {"approved": 1, "approved_vnd": 700, "signed": 1, "signed_vnd": 700}


def test_r11_puts_both_judgements_beside_each_duty(world):
    duty = Assignment.objects.create(
        plan=world.plan, group=1, ordinal=1, units_text="Sở; Hợp tác xã", duty="Tuyên truyền", role="propagate"
    )
    duty.organisations.set([world.plan.standing_body, world.user])
    AssignmentReport.objects.create(
        assignment=duty, organisation=world.user, reported_on=date(2025, 3, 1), state="done", result="Đã mở 3 lớp",
        appraisal="in_progress", appraisal_note="Còn thiếu 2 lớp",
    )  # fmt: skip

    snapshot = report(world, "R11")
    row = table(snapshot)[f"{duty.uid}:{world.user.uid}"]

    assert (row["own"], row["appraised"]) == ("Hoàn thành", "Đang thực hiện. Còn thiếu 2 lớp")
    assert snapshot["figures"] == {"duties": 2, "done": 1, "in_progress": 0, "silent": 1}


def test_r12_keeps_the_question_with_the_answer(world):
    world.task(approved_on=date(2023, 1, 5), title="Giống điều chịu hạn", state="running")
    world.task(approved_on=date(2023, 1, 5), title="Phần mềm giống lúa", state="paused")

    snapshot = report(world, "R12", text="giong", state=["running"])

    assert snapshot["figures"]["tasks"] == 1
    assert snapshot["parameters"] == {"text": "giong", "state": ["running"]}


def busy(world):
    """Something for every report to count."""
    world.applied_product()
    product = world.applied_product("bioproduct")
    task = world.task(approved_on=date(2025, 1, 5), state="running")
    world.contract(task, date(2025, 2, 1))
    world.product(task)
    world.entry(task, "plan", 400, year=2026, on=date(2025, 1, 5))
    world.entry(task, "payment", 100, year=2025, on=date(2025, 3, 5))
    Issue.objects.create(
        code="VM-9", plan=world.plan, task=task, kind="money", title="Chậm cấp vốn", reporter=world.host,
        raised_on=date(2025, 3, 1),
    )  # fmt: skip
    Inspection.objects.create(task=task, held_on=date(2025, 3, 1), conclusion="Đúng tiến độ")
    IpRight.objects.create(task=product.task, kind="copyright", title="Phần mềm", granted_on=date(2024, 9, 1))
    duty = Assignment.objects.create(plan=world.plan, group=1, ordinal=1, units_text="Hợp tác xã", duty="Ứng dụng")
    duty.organisations.set([world.user])


@pytest.mark.parametrize("code", list(ReportCode))
def test_figures_with_refs_equal_the_rows_behind_them(world, code):
    busy(world)

    snapshot = report(world, code)
    kinds = {column["key"]: column["kind"] for column in snapshot["columns"]}
    places = {column["key"]: index for index, column in enumerate(snapshot["columns"])}
    checked = 0
    for row in snapshot["rows"]:
        for key, refs in row["refs"].items():
            value = row["cells"][places[key]]
            if "query" in refs:
                assert kinds[key] == "vnd"
            elif "of" in refs:
                assert Decimal(value) == (Decimal(len(refs["counted"])) * 100 / len(refs["of"])).quantize(
                    Decimal("0.01")
                )
            else:
                assert Decimal(value) == len(refs["counted"]) == len(set(refs["counted"]))
            checked += 1

    assert checked


@pytest.mark.parametrize("code", list(ReportCode))
def test_snapshot_of_the_same_records_has_the_same_digest_and_of_changed_ones_another(world, code):
    busy(world)

    first, second = report(world, code), report(world, code)
    world.plan.title = "Kế hoạch khác"

    assert digest(first) == digest(second)
    assert digest(report(world, code)) != digest(first)


@pytest.mark.parametrize("code", list(ReportCode))
def test_report_asks_the_same_queries_whatever_the_number_of_tasks(world, code, django_assert_max_num_queries):
    busy(world)
    with django_assert_max_num_queries(32) as few:
        BUILDERS[code](scope(world))
    for number in range(4):
        world.applied_product()
        Issue.objects.create(
            code=f"VM-{number}",
            plan=world.plan,
            kind="money",
            title="Vốn",
            reporter=world.user,
            raised_on=TODAY.replace(month=2),
        )

    with django_assert_max_num_queries(len(few)):
        BUILDERS[code](scope(world))
