"""The keyboard alone: the skip link, focus that can be seen, menus, the search and the list shortcuts."""

import pytest

pytestmark = pytest.mark.browser

_FOCUS = """() => {
  const e = document.activeElement;
  const s = getComputedStyle(e);
  return { text: e.textContent.trim(), ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
           box: e.getBoundingClientRect().top >= 0, id: e.id, tag: e.tagName };
}"""


def test_first_tab_stop_leads_past_the_menu_to_the_content(tab_of):
    tab = tab_of("chuyenvien").open("/nhiem-vu/")

    tab.page.keyboard.press("Tab")
    tab.page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    first = tab.page.evaluate(_FOCUS)
    tab.page.keyboard.press("Enter")

    assert first["text"] == "Đến nội dung chính"
    assert first["box"], "the skip link comes into view with focus"
    assert tab.page.evaluate("document.activeElement.id") == "noi-dung"


def test_every_tab_stop_of_a_page_shows_where_it_is(tab_of):
    tab = tab_of("chuyenvien").open("/nhiem-vu/")
    hidden = []

    for _stop in range(60):
        tab.page.keyboard.press("Tab")
        focus = tab.page.evaluate(_FOCUS)
        if focus["tag"] == "BODY":
            break
        ring = focus["ring"] or tab.page.evaluate("getComputedStyle(document.activeElement).boxShadow !== 'none'")
        if not ring:
            hidden.append(focus)

    assert hidden == []


def test_account_menu_opens_moves_and_closes_by_keys(tab_of):
    tab = tab_of("chuyenvien").open("/")

    tab.page.focus(".k-account")
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("ArrowDown")
    chosen = tab.page.evaluate("document.activeElement.textContent.trim()")
    tab.page.keyboard.press("Escape")

    assert chosen == "Hồ sơ của tôi"
    assert tab.page.get_attribute(".k-account", "aria-expanded") == "false"
    assert tab.page.evaluate("document.activeElement.className") == "k-account"


def test_search_shortcut_finds_without_diacritics_and_enter_opens(tab_of):
    tab = tab_of("chuyenvien").open("/")

    tab.page.keyboard.press("Control+k")
    tab.page.wait_for_function("document.activeElement.closest('#k-palette') !== null")
    tab.page.keyboard.type("hoi dong", delay=10)
    tab.page.wait_for_selector("#k-palette-results [role=option][aria-selected=true]:has-text('Hội đồng')")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowUp")
    chosen = tab.page.get_attribute("#k-palette-results [aria-selected=true]", "href")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**{chosen}")

    tab.check()


def test_search_shortcut_closes_by_escape_and_gives_focus_back(tab_of):
    tab = tab_of("chuyenvien").open("/")
    tab.page.focus(".k-search-opener")

    tab.page.keyboard.press("Enter")
    opened = tab.page.evaluate("document.querySelector('#k-palette').open")
    tab.page.keyboard.press("Escape")

    assert opened
    assert not tab.page.evaluate("document.querySelector('#k-palette').open")
    assert "k-search-opener" in tab.page.evaluate("document.activeElement.className")


def test_list_shortcuts_move_open_and_filter(tab_of):
    tab = tab_of("chuyenvien").open("/nhiem-vu/")

    tab.page.keyboard.press("/")
    in_box = tab.page.evaluate("document.activeElement.matches('[data-list-search]')")
    tab.page.keyboard.press("Escape")
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("j")
    wanted = tab.page.get_attribute(".k-row-picked", "data-href") or tab.page.get_attribute(".k-row-picked a", "href")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**{wanted}")
    tab.page.keyboard.press("?")

    assert in_box
    assert tab.page.evaluate("document.querySelector('#k-keyboard-help').open")
    tab.page.keyboard.press("Escape")
    tab.check()
