"""The main pages of the demonstration, and a visit to each the way a browser would pay it.

The visit uses only the standard library: it judges the running server from outside.
"""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

LOGIN = "/tai-khoan/login/"
# The doors of every system in the menu of the first demonstration account, and every list of the programme.
MAIN_PAGES = (
    "/", "/hop-thu/", "/ho-so-cua-toi/", "/ke-hoach/", "/ke-hoach/doc/", "/de-xuat/", "/danh-muc/", "/thong-bao/",
    "/ho-so/", "/tra-cuu/", "/nhiem-vu/", "/nhiem-vu/tien-do/", "/kinh-phi/", "/vuong-mac/", "/quy-tac/", "/lich/",
    "/cong-bo/", "/mot-cua/", "/mot-cua/thu-tuc/", "/iso/", "/truy-xuat/lo/", "/so-huu-tri-tue/", "/ban-do/",
    "/thien-tai/", "/tram/", "/tim/?q=ho+tieu",
)  # fmt: skip
# Lists that must lead to at least one record, whose page is visited too.
LISTS_WITH_RECORDS = ("/ke-hoach/", "/de-xuat/", "/nhiem-vu/")
_ASSET = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")
_NOT_RECORDS = ("/moi/", "/mau/", "/bo-loc/", "/doc/", "/tien-do/")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Visit:
    """Outcome for one page: `fault` is empty where it is as it should be."""

    page: str
    milliseconds: int
    fault: str = ""


class Visitor:
    """A person with cookies at one address."""

    def __init__(self, address: str) -> None:
        """address: scheme, host and port without a slash at the end."""
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar, urllib.request.ProxyHandler({}))
        self._assets: set[str] = set()

    def fetch(self, page: str, form: dict[str, str] | None = None) -> tuple[int, str, str, bytes]:
        """Status, final address, content type and body; an error status is returned, not raised."""
        body = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Referer": self.address + page, "Accept-Language": "vi"}
        request = urllib.request.Request(self.address + page, body, headers)  # noqa: S310 - our own server
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.url, answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url or "", error.headers.get_content_type(), error.read()

    def sign_in(self, name: str, password: str) -> Visit:
        """Signs in through the form."""
        started = time.monotonic()
        _, _, _, body = self.fetch(LOGIN)
        token = _TOKEN.search(body.decode("utf-8", "replace"))
        if token is None:
            return Visit(LOGIN, _since(started), "không có biểu mẫu đăng nhập / no sign-in form")
        form = {"csrfmiddlewaretoken": token.group(1), "login": name, "password": password}
        status, final, _, _ = self.fetch(LOGIN, form)
        fault = f"HTTP {status}" if status != 200 else ""
        if not fault and urllib.parse.urlsplit(final).path == LOGIN:
            fault = f"không đăng nhập được bằng {name} / could not sign in as {name}"
        return Visit(LOGIN, _since(started), fault)

    def visit(self, page: str) -> Iterator[Visit]:
        """The page, then each style, script and picture of this site that no earlier page has brought."""
        started = time.monotonic()
        status, final, kind, body = self.fetch(page)
        spent = _since(started)
        text = body.decode("utf-8", "replace")
        if status != 200:
            yield Visit(page, spent, f"HTTP {status}")
        elif urllib.parse.urlsplit(final).path == LOGIN and page != LOGIN:
            yield Visit(page, spent, "bị đưa về trang đăng nhập / sent back to signing in")
        elif kind == "text/html" and "</html>" not in text:
            yield Visit(page, spent, "trang bị cụt / the page is cut off")
        else:
            yield Visit(page, spent)
            if page in LISTS_WITH_RECORDS:
                yield from self._first_record(page, text)
        for asset in sorted(set(_ASSET.findall(text)) - self._assets):
            self._assets.add(asset)
            began = time.monotonic()
            status, _, _, content = self.fetch(asset.replace("&amp;", "&"))
            if status != 200 or not content:
                yield Visit(asset, _since(began), f"HTTP {status}")

    def _first_record(self, page: str, text: str) -> Iterator[Visit]:
        """The page of the first record that the list links to."""
        links = re.findall(rf'href="({re.escape(page)}[^"?#]+/)"', text)
        records = [link for link in links if link not in MAIN_PAGES and not link.endswith(_NOT_RECORDS)]
        if records:
            yield from self.visit(records[0])
        else:
            yield Visit(page, 0, "danh sách trống / an empty list")


def visit_all(address: str, name: str, password: str) -> Iterator[Visit]:
    """Signs in and pays every main page a visit."""
    visitor = Visitor(address)
    yield visitor.sign_in(name, password)
    for page in MAIN_PAGES:
        yield from visitor.visit(page)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
