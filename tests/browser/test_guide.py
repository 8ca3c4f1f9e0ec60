"""The screens that the user guide shows beside those of the whole path: each opens and is pictured for its page."""

import pytest

pytestmark = pytest.mark.browser

UID = r"[0-9a-f-]{36}"
#: picture → account and the way to the page, as in test_pages.
SCREENS = {
    "dang-nhap": ("", "/tai-khoan/login/"),
    "viec-cho-toi": ("chuyenvien", "/"),
    "hop-thu": ("chuyenvien", "/hop-thu/"),
    "uy-quyen": ("giamdoc", "/ho-so-cua-toi/uy-quyen/"),
    "plan-dashboard": ("chuyenvien", f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/tong-quan/"),
    "phu-luc": ("chuyenvien", f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/phu-luc/"),
    "phan-cong": ("chuyenvien", "/phan-cong/"),
    "nhiem-vu-danh-sach": ("chuyenvien", "/nhiem-vu/"),
    "nhiem-vu-trang": ("chuyenvien", f"/nhiem-vu/?state=running > /nhiem-vu/{UID}/"),
    "tien-do": ("chuyenvien", "/nhiem-vu/tien-do/"),
    "vuong-mac": ("chuyenvien", "/vuong-mac/"),
    "vuong-mac-moi": ("chutri", "/vuong-mac/moi/"),
    "kinh-phi": ("ketoan", "/kinh-phi/"),
    "tuoi-tam-ung": ("ketoan", "/kinh-phi/tam-ung/"),
    "noi-ung-dung": ("chuyenvien", "/noi-ung-dung/"),
    "ho-so-thanh-toan": ("ketoan", f"/kinh-phi/ho-so/?state=drafting > /kinh-phi/ho-so/{UID}/"),
    "bao-cao-bang": ("chuyenvien", "/bao-cao/"),
    "chi-tieu-ho-so": ("chuyenvien", f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/tong-quan/ > .*/so-lieu/T1/"),
    "ra-soat": ("quantri", "/he-thong/ra-soat/"),
    "quy-tac": ("chuyenvien", f"/quy-tac/ > /quy-tac/{UID}/"),
    "lich": ("truongphong", "/lich/"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen_that_the_guide_shows_opens(tab_of, shoot, name):
    account, way = SCREENS[name]
    tab = tab_of(account).go(way)

    shoot(tab, name)


def test_search_that_the_guide_shows_finds_without_diacritics(tab_of, shoot):
    tab = tab_of("chuyenvien").open("/")

    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("ho tieu", delay=20)
    tab.page.wait_for_selector("#k-palette-results [role=option]:has-text('hồ tiêu')")

    shoot(tab, "tim-nhanh")
    tab.page.keyboard.press("Escape")
    tab.check()


def test_guide_opens_from_a_screen_at_its_part_and_finds_headings(tab_of):
    tab = tab_of("chuyenvien").open("/hoi-dong/")

    tab.page.click(".k-guide-link")
    tab.page.wait_for_url("**/huong-dan/hoi-dong/")
    tab.check()
    broken = tab.page.evaluate("() => [...document.querySelectorAll('.k-guide-text img')].map(i => i.src)")
    for source in broken:
        assert tab.page.request.get(source).ok, source
    tab.page.fill("#tim-huong-dan", "kiem phieu")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".k-line-text >> text=Phiên họp và kiểm phiếu")

    tab.check()
