"""A browser tab of one person that fails on what a person would call broken.

Faults are: errors of scripts, messages of the content policy, answers of 400 and above that were not expected, names of
states and fields that were never put into words, and template marks that reached the page.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = (1280, 800), (360, 740)
GRAVE = {"serious", "critical"}
#: snake_case of two words or more, outside code, and marks of templates
_RAW = re.compile(r"(?<![\w./@#-])[a-z]{2,}(?:_[a-z0-9]+)+(?![\w./@=-])|\{\{|\}\}|\{%|%\}|%\([a-z_]+\)[sd]")
_VISIBLE_TEXT = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("script,style,code,pre,kbd,template,svg,input,textarea,[data-as-is]").forEach(e => e.remove());
  return copy.textContent;
}"""
_WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const held = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== "visible") return true;
    return false;
  };
  const right = e => Math.round(e.getBoundingClientRect().right);
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter(e => e.getBoundingClientRect().width && right(e) > wide + 1 && !held(e))
    .slice(0, 5).map(e => `${e.tagName.toLowerCase()}.${e.className} ends at ${right(e)} px`);
}"""


class Tab:
    """One person's tab: goes to addresses, clicks, fills, and remembers every fault."""

    def __init__(self, page: Page, address: str, *, account: str = "") -> None:
        """page: of Playwright. address: of the site, without a slash at the end."""
        self.page = page
        self.address = address
        self.account = account
        self.faults: list[str] = []
        self._expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("response", self._response)

    def open(self, path: str) -> "Tab":
        """Go to a path of the site (or a whole address of it) and look it over."""
        self.page.goto(path if path.startswith("http") else self.address + path, wait_until="load")
        self.check()
        return self

    def check(self) -> None:
        """Raise AssertionError with every fault so far, and with raw names on the page as it is now."""
        raw = sorted(set(_RAW.findall(self.page.evaluate(_VISIBLE_TEXT))))
        found = [*self.faults, *(f"not put into words: {word!r}" for word in raw)]
        self.faults = []
        assert not found, f"{self.page.url} ({self.account or 'signed out'}):\n" + "\n".join(found)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside the block, answers with these statuses are no fault."""
        self._expected |= set(statuses)
        yield
        self._expected -= set(statuses)

    def click(self, name: str, *, role: str = "link", within: Locator | None = None) -> None:
        """Click the first visible link (or other role) with exactly this name and wait for the page that follows."""
        place = within or self.page.locator("main")
        place.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("load")
        self.check()

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Click a button by its name, say yes where the page asks, and wait for the page that follows."""
        self.click(name, role="button", within=within)

    def axe(self) -> list[str]:
        """Serious and critical findings of axe-core on the page as it stands, one sentence each."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        result: dict[str, Any] = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{item['id']} ({item['impact']}): {item['help']} – {node['target']} {node['html'][:160]}"
            for item in result["violations"]
            if item["impact"] in GRAVE
            for node in item["nodes"][:3]
        ]

    def wider_than_screen(self) -> list[str]:
        """Elements that make the page scroll sideways; empty where it does not."""
        return list(self.page.evaluate(_WIDER))

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another width and height in CSS pixels."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def first_link(self, pattern: str) -> str:
        """The first address of a link in the page's main part that matches the regular expression whole; '' if none."""
        links: Iterable[str] = self.page.eval_on_selector_all("main a[href]", "all => all.map(a => a.pathname)")
        return next((link for link in links if re.fullmatch(pattern, link)), "")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        status = re.search(r"status of (\d{3})", message.text)
        if status and int(status.group(1)) in self._expected:
            return
        self._note(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self._note(f"HTTP {response.status} {response.url}")

    def _note(self, text: str) -> None:
        self.faults.append(text)
