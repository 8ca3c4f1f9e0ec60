"""On paper: no menu, no bar, no button; the page's own head; nothing cut at the sides."""

import pytest

from browser.watching import WIDE

pytestmark = pytest.mark.browser

UID = r"[0-9a-f-]{36}"
#: CSS pixels between the margins of an A4 page, and of one laid across, which tables of many columns ask for.
UPRIGHT, ACROSS = (643, 980), (1009, 680)
_ASKS_ACROSS = "() => [...document.querySelectorAll('main table')].some(t => getComputedStyle(t).page === 'wide')"
PAGES = (
    "/nhiem-vu/", f"/nhiem-vu/?state=running > /nhiem-vu/{UID}/", f"/ke-hoach/ > /ke-hoach/{UID}/",
    f"/ke-hoach/ > /ke-hoach/{UID}/ > .*/tong-quan/", f"/de-xuat/ > /de-xuat/{UID}/ > .*/in/",
    f"/hoi-dong/ > /hoi-dong/{UID}/", "/kinh-phi/", "/bao-cao/", "/huong-dan/ > /huong-dan/hoi-dong/",
)  # fmt: skip
_SHOWN = """() => [...document.querySelectorAll(
    ".k-sidebar, .k-topbar, .k-footer, .k-page-actions, .k-acts, .k-toasts, .k-paper-tools, .btn, .k-skip"
  )].filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden').map(e => e.className)"""


@pytest.mark.parametrize("way", PAGES)
def test_printed_page_has_no_navigation_and_keeps_its_width(tab_of, way):
    tab = tab_of("chuyenvien").go(way)
    try:
        tab.page.emulate_media(media="print")
        tab.resize(ACROSS if tab.page.evaluate(_ASKS_ACROSS) else UPRIGHT)

        shown = tab.page.evaluate(_SHOWN)
        wide = tab.wider_than_screen()
        head = tab.page.locator("main h1").first.is_visible()
    finally:
        tab.page.emulate_media(media="screen")
        tab.resize(WIDE)

    assert shown == []
    assert wide == []
    assert head
