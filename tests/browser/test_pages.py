"""Every main page, as the person who uses it: no fault, nothing serious for axe-core, nothing wider than the screen.

Records are reached through the lists, so the tests follow the links that people follow.
"""

import pytest

from browser.office_pages import OFFICE_PAGES
from browser.watching import NARROW, WIDE

pytestmark = pytest.mark.browser

UID = r"[0-9a-f-]{36}"
#: account → pages by address; a page "list > pattern" is the first link on the list that matches the pattern.
PAGES: dict[str, tuple[str, ...]] = {
    "": ("/tai-khoan/login/", "/tai-khoan/password/reset/", "/cong-bo/"),
    "chuyenvien": (
        "/", "/viec/", "/hop-thu/", "/ho-so-cua-toi/", "/tim/?q=ho+tieu", "/tim/?q=khongcogi", "/ke-hoach/",
        "/ke-hoach/doc/", f"/ke-hoach/ > /ke-hoach/{UID}/", f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/tong-quan/",
        f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/phu-luc/", "/phan-cong/", f"/phan-cong/ > /phan-cong/{UID}/",
        f"/phan-cong/ > /don-vi/{UID}/", "/nhiem-vu/", "/nhiem-vu/tien-do/",
        f"/nhiem-vu/?state=running > /nhiem-vu/{UID}/",
        "/bao-cao/", "/bao-cao/lap/", "/de-xuat/", f"/de-xuat/ > /de-xuat/{UID}/", "/danh-muc/", "/danh-muc/moi/",
        f"/danh-muc/ > /danh-muc/{UID}/", "/thong-bao/", f"/thong-bao/ > /thong-bao/{UID}/", "/ho-so/",
        f"/ho-so/ > /ho-so/{UID}/", "/hoi-dong/", f"/hoi-dong/ > /hoi-dong/{UID}/", "/tra-cuu/", "/kinh-phi/",
        "/kinh-phi/so/", "/kinh-phi/tam-ung/", "/kinh-phi/doi-ung/", "/kinh-phi/vuot-dinh-muc/", "/san-pham/",
        "/noi-ung-dung/",
        "/vuong-mac/", "/vuong-mac/moi/", f"/vuong-mac/ > /vuong-mac/{UID}/", "/quy-tac/",
        f"/quy-tac/ > /quy-tac/{UID}/", "/lich/", "/truy-xuat/lo/", f"/truy-xuat/lo/ > /truy-xuat/lo/{UID}/",
        f"/truy-xuat/lo/ > /truy-xuat/lo/{UID}/ > .*/truy-vet/",
        f"/truy-xuat/lo/ > /truy-xuat/lo/{UID}/ > /hang/{UID}/",
        "/truy-xuat/canh-bao/", f"/truy-xuat/thu-hoi/ > /truy-xuat/thu-hoi/{UID}/", "/truy-xuat/co-so/",
        "/truy-xuat/dia-diem/", "/truy-xuat/san-pham/", "/truy-xuat/nhat-ky/", "/truy-xuat/mau/",
        "/truy-xuat/phan-anh/",
    ),
    "ketoan": (
        "/kinh-phi/ho-so/", f"/kinh-phi/ho-so/?state=drafting > /kinh-phi/ho-so/{UID}/",
        f"/kinh-phi/ho-so/?state=sent > /kinh-phi/ho-so/{UID}/",
        f"/kinh-phi/ho-so/?state=drafting > /kinh-phi/ho-so/{UID}/ > .*/sua/",
    ),
    "truongphong": (
        "/ban-do/", "/ban-do/lop/ba-loai-rung/", "/ban-do/lop/ba-loai-rung/doi-tuong/TK-001/",
        "/ban-do/lop/ba-loai-rung/so-sanh/", "/ban-do/lop/ba-loai-rung/thiet-lap/", "/ban-do/bien-dong/",
        f"/ban-do/bien-dong/ > /ban-do/bien-dong/{UID}/", "/ban-do/lop/ba-loai-rung/bien-dong/add/",
        "/ban-do/lop/ba-loai-rung/nhap-tep/", "/ban-do/lop-moi/", "/ban-do/khoa/",
    ),
    "chutri": ("/", "/de-xuat/moi/", "/thong-bao/"),
    "donvi": (
        "/", "/nhiem-vu/", "/truy-xuat/ghi/", "/truy-xuat/ghi/MH1/", "/truy-xuat/ghi/MH1-1/dieu-thu-hoach/",
        "/truy-xuat/ghi/MH1/dieu-giao/", "/truy-xuat/ghi/MH1/bang/", "/truy-xuat/co-so/MH1/", "/truy-xuat/lo/",
    ),
    "phanbien": ("/", "/hoi-dong/", "/nhiem-vu/"),
    "quantri": (
        "/he-thong/tai-khoan/", "/he-thong/tai-khoan/moi/", f"/he-thong/tai-khoan/ > /he-thong/tai-khoan/{UID}/",
        "/he-thong/ra-soat/", "/he-thong/giao-dien/",
    ),
}  # fmt: skip
TASK_TABS = ("", "tien-do", "san-pham", "kinh-phi", "dieu-chinh", "ho-so", "lich-su")
COUNCIL_TABS = ("", "tai-lieu", "phien-hop", "kiem-phieu", "bien-ban", "lich-su")


def _look(tab):
    found = []
    for size in (WIDE, NARROW):
        tab.resize(size)
        found += [f"{size[0]} px: {finding}" for finding in tab.axe()]
        found += [f"{size[0]} px, too wide: {element}" for element in tab.wider_than_screen()]
    assert not found, tab.page.url + "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("account", "page"),
    [(who, page) for every in (PAGES, OFFICE_PAGES) for who, pages in every.items() for page in pages],
)
def test_page_is_whole_accessible_and_fits_both_screens(tab_of, account, page):
    tab = tab_of(account)

    tab.go(page)

    _look(tab)


@pytest.mark.parametrize("tab_name", TASK_TABS)
def test_task_tab_is_whole_accessible_and_fits_both_screens(tab_of, tab_name):
    tab = tab_of("chuyenvien")
    tab.go(f"/nhiem-vu/?state=accepted > /nhiem-vu/{UID}/")
    address = tab.page.url

    tab.open(f"{address}xem/{tab_name}/" if tab_name else address)

    _look(tab)


@pytest.mark.parametrize("tab_name", COUNCIL_TABS)
def test_council_tab_is_whole_accessible_and_fits_both_screens(tab_of, tab_name):
    tab = tab_of("thuky")
    tab.go(f"/hoi-dong/ > /hoi-dong/{UID}/")
    address = tab.page.url

    tab.open(f"{address}xem/{tab_name}/" if tab_name else address)

    _look(tab)


@pytest.mark.parametrize(
    ("path", "status", "account"),
    [
        ("/khong-co-trang-nay/", 404, "chuyenvien"),
        ("/khong-co-trang-nay/", 404, ""),
        ("/he-thong/tai-khoan/", 403, "chutri"),
    ],
)
def test_error_page_says_what_to_do_and_fits_both_screens(tab_of, path, status, account):
    tab = tab_of(account)

    with tab.expecting(status):
        tab.open(path)

    assert tab.page.locator("main h1").inner_text().strip()
    assert tab.page.locator("main a[href]").count(), "an error page leads on"
    _look(tab)
