"""The diary without signal: what is written in the orchard is kept on the phone and reaches the server once."""

import pytest

from browser.conftest import sign_in
from browser.watching import NARROW, PATIENCE_MS, Tab
from khcn.site.demo.accounts import PASSWORD

pytestmark = pytest.mark.browser
HOME, FORM = "/truy-xuat/ghi/MH1-1/", "/truy-xuat/ghi/MH1-1/dieu-thu-hoach/"


def test_diary_written_without_signal_is_sent_once_when_it_is_back(tab_of):
    tab = tab_of("donvi")
    page = tab.page
    tab.resize(NARROW)
    tab.open(HOME)
    tab.wait_kept(HOME, FORM)
    before = page.locator(".f-records li", has_text="777 kg").count()

    page.context.set_offline(True)
    try:
        for kg in ("777", "777"):
            page.goto(tab.address + FORM)
            page.fill("[name=kg]", kg)
            page.click("button[type=submit]")
            page.wait_for_url(f"**{HOME}")
            page.wait_for_selector("[data-queue]:not([hidden])")
        waiting = page.locator("[data-queue] li").count()
    finally:  # the tab is the account's, and others go on with it
        page.context.set_offline(False)
    for _ in range(10):  # opening the page again may cut off what is being sent; it goes on from what is still kept
        page.reload(wait_until="networkidle")
        if page.locator(".f-records li", has_text="777 kg").count() - before >= waiting:
            break
    page.reload(wait_until="networkidle")
    tab.faults = []

    assert waiting == 2
    assert page.locator(".f-records li", has_text="777 kg").count() - before == 2
    assert page.locator("[data-queue]").is_hidden()


def test_sign_out_forgets_the_pages_on_the_phone(chromium, site):
    context = chromium.new_context(locale="vi-VN")  # the shared tab of the account stays signed in
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    tab = Tab(page, site.address)
    sign_in(tab, "donvi", PASSWORD)
    tab.open(HOME)
    tab.wait_kept(HOME, FORM)

    tab.open("/tai-khoan/logout/")
    page.click("main form[data-sign-out] button[type=submit]")
    page.wait_for_url("**/tai-khoan/login/**")

    assert page.evaluate("() => caches.keys()") == []
    context.close()
