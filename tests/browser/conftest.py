"""What browser tests share: Chromium, the site with the demonstration, and tabs of signed-in people."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import migrated_database

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: ./khcn test installs it")

from browser import picturing, serving, watching  # noqa: E402 - only where Playwright is there
from khcn.site.demo.accounts import PASSWORD  # noqa: E402
from khcn.site.launcher import debian  # noqa: E402


@pytest.fixture(scope="session")
def chromium() -> Iterator["playwright.Browser"]:
    """Debian's Chromium without a window; skips, with the reason, where the machine has none."""
    found = debian.chromium()
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(found), args=["--no-sandbox", "--font-render-hinting=none"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Site]:
    """The site with the demonstration, on a free port, with a database of its own."""
    migrated = Path(request.config.cache.mkdir("migrated")) / migrated_database.copy_name()
    with serving.running(tmp_path_factory.mktemp("site"), migrated) as running:
        yield running


@pytest.fixture(scope="session")
def tab_of(chromium: "playwright.Browser", site: serving.Site) -> Iterator[Callable[..., watching.Tab]]:
    """`tab_of("chuyenvien")` gives that account's tab, signed in through the form once; `tab_of()` a signed-out one."""
    tabs: dict[tuple[str, str], watching.Tab] = {}

    def tab(account: str = "", *, language: str = "vi", password: str = PASSWORD) -> watching.Tab:
        key = (account, language)
        if key not in tabs:
            context = chromium.new_context(
                viewport={"width": watching.WIDE[0], "height": watching.WIDE[1]}, locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", color_scheme="light",
            )  # fmt: skip
            context.set_default_timeout(watching.PATIENCE_MS)
            if language != "vi":
                context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
            tabs[key] = watching.Tab(context.new_page(), site.address, account=account)
            if account:
                sign_in(tabs[key], account, password)
        tabs[key].resize(watching.WIDE)
        tabs[key].faults = []
        return tabs[key]

    yield tab
    for one in tabs.values():
        one.page.context.close()


@pytest.fixture(scope="session")
def shoot() -> picturing.Camera:
    """`shoot(tab, "ten-hinh")` takes a picture for the guide, where KHCN_WRITE_GUIDE=1; else it notes the name."""
    return picturing.Camera()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The test that looks for every picture comes after those that take them."""
    items.sort(key=lambda item: item.name == "test_pictures_are_those_that_the_pages_of_the_guide_name")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:  # type: ignore[misc]
    """Where a test failed, keep a picture of the tab that was used last in var/test/."""
    report = yield
    if report.when == "call" and report.failed and watching.Tab.latest is not None:
        folder = serving.HOUSE / "var" / "test"
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{item.name.split('[')[0]}.png"
        with contextlib.suppress(playwright.Error):  # a tab that hangs is no reason to lose the report
            watching.Tab.latest.page.screenshot(path=picture, full_page=True)
            report.sections.append(("picture", str(picture)))
    return report


def sign_in(tab: watching.Tab, account: str, password: str) -> None:
    """Sign in through the form, as a person does."""
    tab.open("/tai-khoan/login/")
    tab.page.fill("input[name=login]", account)
    tab.page.fill("input[name=password]", password)
    tab.page.click("main form button[type=submit]")
    tab.page.wait_for_url(lambda address: "/login/" not in address)
    tab.check()
