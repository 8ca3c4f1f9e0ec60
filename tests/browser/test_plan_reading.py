"""From a plan's file to an adopted plan and its annex, by hand in the browser, wide and narrow."""

import openpyxl
import pytest

from browser.watching import NARROW, WIDE
from khcn.domains.programme.rules.plan_reading.tests.corpus import PLANS, truth_of

pytestmark = pytest.mark.browser

NAME = "high_tech_farming"


def look(tab):
    found = []
    for size in (WIDE, NARROW):
        tab.resize(size)
        found += [f"{size[0]} px: {finding}" for finding in tab.axe()]
        found += [f"{size[0]} px, too wide: {element}" for element in tab.wider_than_screen()]
    tab.resize(WIDE)
    assert not found, tab.page.url + "\n" + "\n".join(found)


def lit(page):
    return page.eval_on_selector_all(".k-source-mark.k-lit", "all => all.map(mark => mark.textContent).join('')")


def test_plan_file_is_read_corrected_adopted_and_given_its_annex(tab_of, tmp_path):
    tab = tab_of("chuyenvien").open("/ke-hoach/doc/")
    page = tab.page

    page.set_input_files("input[type=file]", str(PLANS / f"{NAME}.txt"))
    tab.submit("Đọc tệp")
    look(tab)
    targets = page.locator("[data-formset=targets] .k-item")
    count = len(truth_of(NAME)["targets"])
    assert targets.count() == count

    # from the item to its passage, and from the passage to its item, also on a phone
    for size in (WIDE, NARROW):
        tab.resize(size)
        page.click("#muc-targets-3 [data-jump]")
        assert "trên 80 %" in lit(page)
        page.locator(".k-source-mark", has_text="Không quá 5%").first.click()
        page.wait_for_timeout(400)
        assert page.locator(f"#muc-targets-{count - 1}").evaluate("e => e.contains(document.activeElement)")
    tab.resize(WIDE)

    # remove one and think again, remove another, add one, place a passage
    page.click("#muc-targets-0 .k-when-kept")
    page.click("#muc-targets-0 .k-when-removed")
    page.click("#muc-targets-1 .k-when-kept")
    page.get_by_role("button", name="Thêm chỉ tiêu").click()
    page.fill(f"[name=targets-{count}-sentence]", "Cấp 30 mã số vùng trồng.")
    page.select_option(f"[name=targets-{count}-operator]", ">=")
    page.fill(f"[name=targets-{count}-quantity]", "30")
    page.fill(f"[name=targets-{count}-unit]", "mã số")
    unplaced = page.locator("#chua-xep .k-item").count()
    page.select_option("[name=xep-0]", "fields:new")
    tab.submit("Ghi phần sửa")
    assert targets.count() == count
    assert page.locator("#chua-xep .k-item").count() == unplaced - 1
    assert page.input_value(f"[name=targets-{count - 1}-quantity]") == "30"

    # bring the removed one back
    page.check("[name=khoi-phuc-0]")
    tab.submit("Ghi phần sửa")
    assert targets.count() == count + 1

    # nothing is adopted unseen
    page.fill("[name=code]", "KH-TRINH-DUYET")
    with tab.expecting(422):
        page.get_by_role("button", name="Đưa kế hoạch vào theo dõi").click()
        page.wait_for_load_state("load")
    assert "/ban-doc/" in page.url
    page.check("[name=seen]")
    page.get_by_role("button", name="Đưa kế hoạch vào theo dõi").click()
    page.wait_for_url("**/ke-hoach/*-*-*-*-*/")
    tab.check()
    assert "Cấp 30 mã số vùng trồng." in page.inner_text("main")

    annex(tab, page.url, tmp_path)


def annex(tab, plan, tmp_path):
    """Send a table with faults, see them by row, send the mended one, see it in the list."""
    page = tab.page
    head = ["STT", "Mã", "Tên nhiệm vụ", "Thời gian thực hiện", "Tổng kinh phí (triệu đồng)"]
    for name, money in (("sai.xlsx", -5), ("dung.xlsx", 1200)):
        book = openpyxl.Workbook()
        for row in (head, ["I", None, "Trồng trọt"], [1, "TD-01", "Vùng rau an toàn", "2026 - 2027", money]):
            book.active.append(row)
        book.save(tmp_path / name)
        tab.open(plan.rstrip("/") + "/phu-luc/nhap/")
        page.set_input_files("input[type=file]", str(tmp_path / name))
        with tab.expecting(422):
            page.get_by_role("button", name="Đọc bảng").click()
            page.wait_for_load_state("load")
        look(tab)
        if money < 0:
            assert "số âm" in page.inner_text("main")
            assert page.get_by_role("button", name="Nhập tất cả").count() == 0
    tab.submit("Nhập tất cả")
    assert "TD-01" in page.inner_text("main")
    look(tab)
