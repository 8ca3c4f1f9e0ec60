"""A browser tab of one person that fails on what a person would call broken.

Faults are: errors of scripts, messages of the content policy, answers of 400 and above that were not expected, names of
states and fields that were never put into words, and template marks that reached the page.
"""

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from journey import scaled

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: How long a page may take; KHCN_BROWSER_SECONDS says so on a machine that does other work as well.
PATIENCE_MS = 1000 * int(os.environ.get("KHCN_BROWSER_SECONDS", "30"))
WIDE, NARROW = (1280, 800), (360, 740)
GRAVE = {"serious", "critical"}
#: names of fields and states, names of acts, marks of templates and printed objects; code is looked past
_RAW = re.compile(
    r"(?<![\w./@#-])[a-z]{2,}(?:_[a-z0-9]+)+(?![\w./@=-])"
    r"|\{\{|\}\}|\{%|%\}|%\([a-z_]+\)[sd]|\b[A-Z]\w+\(\w+='|<[\w.]+ object"
    r"|(?<![\w./@-])[a-z]{4,}(?:_[a-z]+)*\.[a-z]{4,}(?:_[a-z]+)*(?![\w./@-])"
)
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


#: A promise is true as soon as it is made, so `wait_for_function` cannot wait for what is kept.
_UNTIL_KEPT = """async ([wanted, patience]) => {
  const end = performance.now() + patience;
  for (const one of wanted) {
    while (!(navigator.serviceWorker.controller && await caches.match(one))) {
      if (performance.now() > end) throw new Error(`not kept: ${one}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}"""


class Tab:
    """One person's tab: goes to addresses, clicks, fills, and remembers every fault."""

    latest: "Tab | None" = None

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

    def wait_kept(self, *paths: str) -> None:
        """Wait until the page's worker is in control and the pages are kept on the phone."""
        self.page.evaluate(_UNTIL_KEPT, [[self.address + path for path in paths], PATIENCE_MS])

    def go(self, way: str) -> "Tab":
        """Open the first of the addresses joined by " > ", then follow the first link that matches each next one."""
        first, *patterns = way.split(" > ")
        self.open(first)
        for pattern in patterns:
            link = self.first_link(pattern)
            assert link, f"{self.page.url} links to nothing like {pattern}"
            self.open(link)
        return self

    def check(self) -> None:
        """Raise AssertionError with every fault so far, and with raw names on the page as it is now."""
        Tab.latest = self
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

    @property
    def path(self) -> str:
        """The address of the page, without the site."""
        return self.page.url.removeprefix(self.address)

    def text(self) -> str:
        """What the main part of the page says."""
        return self.page.locator("main").inner_text()

    def value_of(self, selector: str) -> str:
        """The value of a field."""
        return self.page.input_value(selector)

    def follow(self, name: str, *, holding: str = "") -> None:
        """Click the first link of the main part (or of the article that holds a text) whose text is the name."""
        exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
        place = self.page.locator("main article", has_text=holding) if holding else self.page.locator("main")
        self._leave(place.locator("a[href]", has_text=exact).first.click)

    def follow_to(self, pattern: str) -> None:
        """Click the first link of the main part whose address matches the regular expression whole."""
        link = self.first_link(pattern)
        assert link, f"{self.page.url} links to nothing like {pattern}"
        self._leave(self.page.locator(f'main a[href="{link}"]').first.click)

    def table(self, caption: str) -> list[list[str]]:
        """The texts of the cells of a table's body, row by row."""
        table = self.page.locator("main table", has=self.page.locator("caption", has_text=caption)).first
        script = "t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.replace(/\\s+/g, ' ').trim()))"
        return list(table.evaluate(script))

    def add_line(self, part: str) -> None:
        """Add an empty line to a list of lines."""
        self.page.click(f'[data-add-line="{part}"]')

    def submit(self, button: str, values: Mapping[str, Any] | None = None, *, holding: str = "") -> None:
        """Fill the form that has the button (and the text `holding`), press it, say yes if asked; a refusal raises."""
        exact = re.compile(rf"^\s*{re.escape(button)}\s*$")
        pressed = self.page.locator("button[type=submit]", has_text=exact)
        form = self.page.locator("main form", has=pressed)
        if holding:
            form = self.page.locator("main .card", has_text=holding).locator("form", has=pressed)
        form = form.first
        for closed in form.locator("xpath=ancestor::details[not(@open)]/summary").all():
            closed.click()
        self.fill(form, values or {})
        with self.expecting(409, 422):  # the page itself says what was refused
            self._leave(form.locator("button[type=submit]", has_text=exact).first.click)
        refused = self.page.locator("main [data-error-summary], main .k-field-bad, .k-toast.k-tone-bad")
        assert not refused.count(), f"{self.page.url}: {button}: " + " | ".join(refused.all_inner_texts())

    def fill(self, form: Locator, values: Mapping[str, Any]) -> None:
        """Fill fields by name: text, choices by value or words, ticks by True or a list, files by path."""
        for name, value in _spelled_out(values, form).items():
            found = form.locator(f'[name="{name}"]')
            for closed in found.first.locator("xpath=ancestor::details[not(@open)]/summary").all():
                closed.click()
            kind = found.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                options = found.first.evaluate("e => [...e.options].map(o => [o.value, o.text])")
                wanted = next((key for key, _words in options if key == value), None)
                wanted = wanted or next((key for key, words in options if value in words), None)
                assert wanted is not None, f"{name}: {value!r} is not among {options[:20]}"
                found.first.select_option(wanted)
            elif kind in ("checkbox", "radio"):
                asked = value if isinstance(value, (list, tuple)) else [value]
                for box in found.all():
                    if value is True or box.get_attribute("value") in asked:
                        box.check()
            elif kind == "file":
                found.first.set_input_files(value)
            else:
                found.first.fill(str(scaled(value, found.first.get_attribute("data-most"))))

    def _leave(self, act: Any) -> None:
        """Do what leads to another page, say yes where the page asks, and wait until the next one stands."""
        self.page.evaluate("() => { window.leaving = true; }")
        act()
        ask = self.page.locator("#k-confirm[open]")
        if self.page.evaluate("() => !!document.querySelector('#k-confirm[open]')"):
            ask.locator("#k-confirm-yes").click()
        self.page.wait_for_function("() => !window.leaving && document.readyState === 'complete'")
        self.check()

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
        """Give the window another width and height in CSS pixels, and wait until the page is laid out in it."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.wait_for_function("width => innerWidth === width", arg=size[0])
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

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


def _spelled_out(values: Mapping[str, Any], form: Locator) -> dict[str, Any]:
    """The values with each name that has a star replaced by the names of the form that it fits."""
    if not any("*" in name for name in values):
        return dict(values)
    names: list[str] = form.evaluate("f => [...new Set([...f.elements].map(e => e.name).filter(Boolean))]")
    return {fit: value for name, value in values.items() for fit in (fnmatch.filter(names, name) or [name])}
