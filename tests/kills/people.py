"""People at their browsers: they hand in dossiers, work on steps, number papers, and remember what they were told.

What a person was told of is done; where the answer never came, the form is sent once more, as a person would.
"""

import http.client
import re
import threading
import time
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

from khcn.lib.dates import VIETNAM
from kills.office import WORKED

SECONDS = 30
PAPER_STEPS = (
    ("specialist", "check"), ("head", "initial"), ("director", "sign"), ("registrar", "number"), ("registrar", "seal"),
)  # fmt: skip
CSRF = "x" * 32
_FORM = re.compile(r'<form(?=[^>]*method="post")(?:[^>]*action="([^"]*)")?[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class Gone(Exception):
    """The server is not there any more."""


class Browser:
    """One person's requests to the server."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        self._cookies = f"sessionid={session}; csrftoken={CSRF}"

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        status, _location, text = self._ask("GET", path, None)
        return status, text

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, str]:
        """Status and where the answer leads."""
        status, location, _text = self._ask("POST", path, {**fields, "csrfmiddlewaretoken": CSRF})
        return status, location

    def form(self, path: str, action: str = "") -> dict[str, str] | None:
        """The hidden fields of the form of a page with this action, or of its form that is sent once; None without."""
        _status, text = self.get(path)
        for target, inside in _FORM.findall(text):
            if target.startswith(action) if action else 'name="_once"' in inside:
                found = {}
                for one in _HIDDEN.findall(inside):
                    said = dict(_ATTRIBUTE.findall(one))
                    found[said.get("name", "")] = unescape(said.get("value", ""))
                return {"action": target, **found}
        return None

    def _ask(self, method: str, path: str, fields: dict[str, Any] | None) -> tuple[int, str, str]:
        headers = {"Cookie": self._cookies, "Host": "localhost"}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({name: value for name, value in fields.items() if name != "action"})
        asked = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        try:
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            return answer.status, answer.headers.get("Location") or "", answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as lost:
            raise Gone(str(lost)) from lost
        finally:
            asked.close()


class People:
    """Everybody at work until the server is gone; what they were told outlives it."""

    def __init__(self, office: dict[str, Any]) -> None:
        self.office = office
        self._applicants = 0
        self._papers: list[tuple[str, list[tuple[str, str]]]] = []
        self.dossiers: dict[str, str] = {}
        self.done: set[tuple[str, str]] = set()
        self.numbered: set[str] = set()
        self.strange: list[str] = []
        self._unanswered: dict[str, dict[str, str]] = {}
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._port = 0

    def work(self, port: int) -> list[threading.Thread]:
        """Set everybody to work on the server; the threads end when it is gone."""
        self._port = port
        acts = [self._receive, self._receive, self._handle, self._handle, self._number]
        threads = [threading.Thread(target=self._until_gone, args=(act,), daemon=True) for act in acts]
        for thread in threads:
            thread.start()
        return threads

    def finish(self, port: int) -> None:
        """Send again what was never answered, and take every dossier that was handed in to its end."""
        self._port = port
        while self._unanswered:
            self._send(self._as("clerk"), *self._unanswered.popitem())

    def handle_all(self, dossiers: list[str]) -> None:
        """Take the dossiers as far as people can."""
        for uid in dossiers:
            self._go_on(uid)

    @property
    def acts(self) -> int:
        """How many acts people were told of."""
        return len(self.dossiers) + len(self.done) + len(self.numbered)

    def _until_gone(self, act: Callable[[], None]) -> None:
        try:
            while True:
                act()
        except Gone:
            return

    def _look_again(self) -> None:
        """Nothing to do: a short while later the server is looked at again."""
        time.sleep(0.05)
        self._as("clerk").get("/healthz")

    def _as(self, who: str) -> Browser:
        return Browser(self._port, self.office["sessions"][who])

    def _receive(self) -> None:
        """A new applicant at the counter, or one whose form was sent and never answered."""
        with self._lock:
            name, fields = self._unanswered.popitem() if self._unanswered else ("", {})
            if not name:
                self._applicants += 1
                name = f"Người nộp {self._applicants}"
        clerk = self._as("clerk")
        if not fields:
            fields = {
                **(clerk.form(f"/mot-cua/tiep-nhan/{self.office['procedure']}/") or {}), "name": name,
                "kind": "citizen", "phone": "0901234567", "return_method": "counter", "channel": "1", "accept": "1",
            }  # fmt: skip
        self._send(clerk, name, fields)

    def _send(self, clerk: Browser, name: str, fields: dict[str, str]) -> None:
        try:
            status, location = clerk.post(f"/mot-cua/tiep-nhan/{self.office['procedure']}/", fields)
        except Gone:
            with self._lock:
                self._unanswered[name] = fields
            raise
        found = re.search(r"/mot-cua/ho-so/([0-9a-f-]{36})/", location)
        if found:
            with self._lock:
                self.dossiers[found.group(1)] = name
        elif status >= 500:
            self.strange.append(f"{status} at the counter for {name}")

    def _handle(self) -> None:
        """Some dossier that nobody else has in hand goes on."""
        with self._lock:
            uid = next((one for one in reversed(list(self.dossiers)) if one not in self._busy), "")
            if uid:
                self._busy.add(uid)
        if not uid:
            self._look_again()
            return
        try:
            self._go_on(uid)
        finally:
            with self._lock:
                self._busy.discard(uid)
                self.dossiers = {uid: self.dossiers.pop(uid), **self.dossiers}  # others first

    def _go_on(self, uid: str) -> None:
        page = f"/mot-cua/ho-so/{uid}/"
        clerk = self._as("clerk")
        for event in ("accept", "start"):
            form = clerk.form(page, f"{page}{event}/")
            if form is None and event == "accept" and f'href="{page}accept/"' in clerk.get(page)[1]:
                form = {**(clerk.form(f"{page}accept/") or {}), "action": f"{page}accept/"}
            if form is not None:
                self._told(clerk.post(f"{page}{event}/", form)[0], uid, event)
        for step, who in WORKED.items():
            browser = self._as(who)
            form = browser.form(page, f"{page}buoc/")
            if form is None:
                continue
            run = form["action"].rstrip("/").rsplit("/", 1)[-1]
            self._told(browser.post(form["action"], {**form, "note": step})[0], uid, run)

    def _told(self, status: int, uid: str, what: str) -> None:
        if status == 302:
            self.done.add((uid, what))
        elif status >= 500:
            self.strange.append(f"{status} for {what} of {uid}")

    def _number(self) -> None:
        """A paper from its draft to its number and seal; one that was left half-way goes on."""
        with self._lock:
            uid = next(iter(self.dossiers), "")
            paper, steps = self._papers.pop() if self._papers else ("", list(PAPER_STEPS))
        if not uid:
            self._look_again()
            return
        try:
            paper = paper or self._draft(uid)
            while paper and steps:
                self._take(paper, *steps[0])
                del steps[0]
        except Gone:
            if paper:
                with self._lock:
                    self._papers.append((paper, steps))
            raise

    def _draft(self, uid: str) -> str:
        specialist = self._as("specialist")
        address = f"/van-ban/moi/?ho_so={uid}"
        fields = {
            **(specialist.form(address) or {}), "organisation": "SKHCN", "kind": "TB", "title": "Kết quả hồ sơ",
            "notation": "TB-SKHCN", "place": "Bình Phước", "body": "Hồ sơ đủ điều kiện.\nCấp giấy chứng nhận.",
            "recipients": "Người nộp", "archive": "VT", "urgency": "0", "signer": self.office["signer"],
            "signer_title": "Giám đốc",
        }  # fmt: skip
        _status, location = specialist.post(address, fields)
        found = re.search(r"/van-ban/([0-9a-f-]{36})/", location)
        if found is None:
            self.strange.append(f"no paper for {uid}: {location}")
        return found.group(1) if found else ""

    def _take(self, paper: str, who: str, event: str) -> None:
        """One step of a paper; the page no longer offers it when it was done and the answer was lost."""
        page, browser = f"/van-ban/{paper}/", self._as(who)
        form = browser.form(page, f"{page}{event}/")
        if form is None and f'href="{page}{event}/"' in browser.get(page)[1]:
            form = browser.form(f"{page}{event}/")
        if form is None:
            return
        status, _location = browser.post(f"{page}{event}/", {**form, "on": f"{datetime.now(VIETNAM):%d/%m/%Y}"})
        if status >= 500:
            self.strange.append(f"{status} for {event} of {paper}")
        if event == "number" and status == 302:
            self.numbered.add(paper)
