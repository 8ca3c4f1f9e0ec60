"""A passkey: added once from the page of one's account, then used in place of name and password."""

from collections.abc import Iterator

import pytest

from browser.watching import PATIENCE_MS, Tab
from khcn.site.demo.accounts import PASSWORD

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def tab(chromium, site) -> Iterator[Tab]:
    """A signed-out tab on a machine that reads fingerprints; a passkey belongs to a name, so the site has one here."""
    context = chromium.new_context(locale="vi-VN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    machine = context.new_cdp_session(page)
    machine.send("WebAuthn.enable")
    machine.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield Tab(page, site.address.replace("127.0.0.1", "localhost"))
    context.close()


def _add_passkey(tab: Tab, name: str) -> None:
    tab.open("/tai-khoan/login/")
    tab.page.fill("input[name=login]", name)
    tab.page.fill("input[name=password]", PASSWORD)
    tab.page.click("main form button[type=submit]")
    tab.page.wait_for_url(tab.address + "/")
    tab.open("/tai-khoan/2fa/webauthn/add/")
    tab.page.fill("main input[name=password]", PASSWORD)  # who changes how an account is opened says so once more
    tab.page.click("main form button[type=submit]")
    tab.page.wait_for_url("**/webauthn/add/")
    tab.page.check("input[name=passwordless]")
    tab.page.click("#mfa_webauthn_add")
    tab.page.wait_for_url(lambda url: not url.endswith("/add/"))
    tab.check()


def test_passkey_added_once_signs_in_without_name_and_password(tab):
    _add_passkey(tab, "chunhiem")  # an account that no other test signs in by its form
    tab.page.context.clear_cookies()
    tab.open("/tai-khoan/login/")

    tab.page.click("#passkey_login")
    tab.page.wait_for_url(tab.address + "/")

    tab.check()
    tab.page.click(".k-account")
    assert tab.page.locator(".k-account-who").inner_text().strip()


def test_machine_without_a_passkey_stays_at_the_form(tab):
    tab.open("/tai-khoan/login/")

    tab.page.click("#passkey_login")
    tab.page.wait_for_timeout(500)

    assert "/tai-khoan/login/" in tab.page.url
