"""A danger that stations saw, on its way to the public: drafted, approved by a second person, updated, ended, verified.

The demonstration's proposal is used; it is marked as illustration everywhere.
"""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from browser.watching import NARROW, WIDE, Tab
from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.model import Alert
from khcn.standards.cap.reading import read_alert

pytestmark = pytest.mark.browser
CASE = r"/canh-bao/CB-[0-9-]+/"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def look(tab: Tab) -> None:
    """The page fits a phone and axe finds nothing grave on it."""
    tab.resize(NARROW)
    assert tab.wider_than_screen() == [], tab.path
    tab.resize(WIDE)
    assert tab.axe() == [], tab.path


def newest(tab: Tab) -> tuple[Alert, list[str]]:
    """What a reader of CAP reads: the feed's newest message, checked, and the identifiers that hold now."""
    feed = etree.fromstring(tab.page.request.get(f"{tab.address}/canh-bao/feed.xml").body())
    link = feed.find("{*}entry/{*}link")
    assert link is not None
    content = tab.page.request.get(tab.address + re.sub(r"^https?://[^/]+", "", link.attrib["href"])).body()
    assert check_alert(content, profile="vn").violations == ()
    holding = json.loads(tab.page.request.get(f"{tab.address}/canh-bao/canh-bao.json").body())["warnings"]
    return read_alert(content), [one["identifier"] for one in holding]


def out(officer: Tab, head: Tab, case: str) -> None:
    """The message on its way goes out: one submits it, another approves, the first issues."""
    officer.open(case)
    officer.submit("Trình duyệt")
    assert not officer.page.locator("main button", has_text="Duyệt tin").count()
    head.open(case)
    head.submit("Duyệt tin")
    officer.open(case)
    officer.submit("Phát")


def test_danger_is_warned_of_by_two_people_updated_cancelled_and_verified(tab_of, site, shoot):
    officer, head, anybody = tab_of("chuyenvien"), tab_of("giamdoc"), tab_of()
    now = datetime.now(HERE) + timedelta(days=(site.today - datetime.now(HERE).date()).days)
    until, longer = (f"{now + timedelta(hours=hours):%H:%M %d/%m/%Y}" for hours in (6, 12))

    # what stations saw, and the draft that waits for people
    officer.open("/thien-tai/")
    shoot(officer, "cb-tinh-hinh")
    officer.open("/canh-bao/?state=proposed")
    shoot(officer, "cb-danh-sach")
    officer.follow_to(CASE)
    case = officer.path
    shoot(officer, "cb-de-xuat")
    look(officer)
    officer.follow("Sửa tin")
    shoot(officer, "cb-soan")
    look(officer)
    officer.submit("Soạn tin", {"expires_at": until})
    officer.follow("Xem CAP")
    assert "<alert" in officer.text()
    shoot(officer, "cb-cap")

    # whoever wrote it does not approve; another does, and it goes out
    officer.open(case)
    officer.submit("Trình duyệt")
    assert not officer.page.locator("main button", has_text="Duyệt tin").count()
    head.open(case)
    shoot(head, "cb-duyet")
    look(head)
    head.submit("Duyệt tin")
    officer.open(case)
    officer.submit("Phát")
    first, holding = newest(anybody)
    assert (first.message_type, first.status) == ("Alert", "Test")
    assert first.identifier in holding
    shoot(officer, "cb-da-phat")
    look(officer)
    anybody.open("/canh-bao/cong-khai/")
    assert "MINH HỌA" in anybody.text()
    shoot(anybody, "cb-cong-khai")
    look(anybody)

    # an update replaces it, a cancellation with its reason ends it
    officer.submit("Cập nhật")
    officer.submit("Soạn tin", {"reason": "Mức nguy hiểm kéo dài", "expires_at": longer})
    out(officer, head, case)
    second, holding = newest(anybody)
    assert second.message_type == "Update"
    assert [one.identifier for one in second.references] == [first.identifier]
    assert second.identifier in holding
    assert first.identifier not in holding
    officer.submit("Hủy cảnh báo")
    officer.submit("Soạn tin", {"reason": "Mức nguy hiểm đã hết"})
    shoot(officer, "cb-huy")
    out(officer, head, case)
    third, holding = newest(anybody)
    assert (third.message_type, third.note) == ("Cancel", "Mức nguy hiểm đã hết")
    assert second.identifier not in holding
    shoot(officer, "cb-da-huy")
    look(officer)

    # who received it, what damage came, and how good warnings were: what was invented stands apart
    officer.open("/canh-bao/noi-nhan/")
    shoot(officer, "cb-noi-nhan")
    officer.open("/canh-bao/thiet-hai/")
    shoot(officer, "cb-thiet-hai")
    anybody.open("/thien-tai/danh-gia-canh-bao/")
    assert anybody.table("Cảnh báo minh họa")
    assert "Chưa có gì để đánh giá trong khoảng này" in anybody.text()  # nothing real was warned of
    shoot(anybody, "cb-danh-gia")
    look(anybody)
