"""Signing in and out through the form, and what a wrong password or a closed page says."""

import pytest

pytestmark = pytest.mark.browser


def test_sign_in_with_a_wrong_password_says_so_and_stays(tab_of):
    tab = tab_of().open("/tai-khoan/login/")

    tab.page.fill("input[name=login]", "chuyenvien")
    tab.page.fill("input[name=password]", "không phải mật khẩu này")
    tab.page.click("main form button[type=submit]")
    tab.page.wait_for_load_state("load")

    tab.check()
    assert "/tai-khoan/login/" in tab.page.url
    assert tab.page.locator("[data-error-summary]").inner_text().strip()


def test_sign_in_as_different_people_shows_each_their_own_name(tab_of):
    shown = {}
    for account in ("chuyenvien", "chutri", "phanbien"):
        tab = tab_of(account).open("/")
        tab.page.click(".k-account")
        shown[account] = tab.page.locator(".k-account-who strong").inner_text()
        tab.page.keyboard.press("Escape")

    assert len(set(shown.values())) == 3
    assert shown["chuyenvien"] == "Nguyễn Thị Bình An"


def test_signed_out_person_is_led_to_the_form_and_back_to_the_page(tab_of, chromium, site):
    from browser.watching import Tab

    context = chromium.new_context(locale="vi-VN")
    tab = Tab(context.new_page(), site.address).open("/nhiem-vu/")
    assert "/tai-khoan/login/" in tab.page.url

    tab.page.fill("input[name=login]", "thanhtra")
    tab.page.fill("input[name=password]", "khcn-minh-hoa")
    tab.page.click("main form button[type=submit]")
    tab.page.wait_for_url("**/nhiem-vu/")
    tab.check()
    tab.page.click(".k-account")
    tab.page.get_by_role("button", name="Đăng xuất").click()
    tab.page.wait_for_url("**/tai-khoan/login/**")
    tab.check()
    tab.open("/nhiem-vu/")

    assert "/tai-khoan/login/" in tab.page.url
    context.close()
