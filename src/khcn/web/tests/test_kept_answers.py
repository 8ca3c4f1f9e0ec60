"""Kept answers: asked for once per stamp as a stranger would, whole or packed, by tag, and only if they succeed."""

import gzip

import pytest

from khcn.web import kept_answers
from khcn.web.kept_answers import MOST_KEPT, KeptAnswers

LONG = b"Mua lon " * 200


class Pages:
    """An application that remembers what it was asked; it answers what it is told to."""

    def __init__(self) -> None:
        self.asked = []
        self.status, self.content, self.headers = "200 OK", LONG, [("Content-Type", "text/plain")]

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.content)))])
        return [self.content]


@pytest.fixture
def scene(monkeypatch):
    """`get(path)` asks the kept answers before the pages; `stamp` is what the address says of itself."""

    class Scene:
        pages = Pages()
        stamp = [1]

        def get(self, path="/canh-bao/feed.xml", method="GET", **headers):
            told = {}

            def start(status, found):
                told.update(status=int(status.split()[0]), headers=dict(found))

            environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"}
            environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
            body = b"".join(self.kept(environ, start))
            return told["status"], told["headers"], body

    made = Scene()
    made.pages, made.stamp = Pages(), [1]
    monkeypatch.setattr(kept_answers, "_registered", {})
    kept_answers.register("warning_feed", lambda: made.stamp[0])
    kept_answers.register("warning_cap", lambda: "for ever", has_key=True)
    made.kept = KeptAnswers(made.pages)
    return made


def test_answer_is_asked_for_once_per_stamp_without_what_belongs_to_one_visitor(scene):
    scene.pages.headers.append(("Set-Cookie", "a=b"))

    first = scene.get(cookie="session=x", authorization="Bearer y", if_none_match='"z"', x_forwarded_proto="https")
    again = scene.get(x_forwarded_proto="https")

    assert len(scene.pages.asked) == 1
    said = {name for name in scene.pages.asked[0] if name.startswith("HTTP_")}
    assert said == {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"}
    assert first == again
    assert (first[0], first[2], "Set-Cookie" in first[1]) == (200, LONG, False)
    assert first[1]["Content-Length"] == str(len(LONG))


def test_new_stamp_gives_the_new_answer_at_the_next_request(scene):
    scene.get()
    scene.pages.content = b"khac"
    before, scene.stamp[0] = scene.get(), 2

    after = scene.get()

    assert (before[2], after[2]) == (LONG, b"khac")
    assert before[1]["ETag"] != after[1]["ETag"]


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [("gzip, br", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.000", False), ("br", False)],
)
def test_answer_is_packed_for_whoever_takes_it(scene, accepted, is_packed):
    status, headers, body = scene.get(accept_encoding=accepted)

    assert (status, headers.get("Content-Encoding") == "gzip") == (200, is_packed)
    assert (gzip.decompress(body) if is_packed else body) == LONG
    assert headers["Vary"] == "Accept-Encoding"


def test_known_tag_in_any_form_is_answered_without_content(scene):
    tag = scene.get()[1]["ETag"]
    packed = scene.get(accept_encoding="gzip")[1]["ETag"]

    answers = [scene.get(if_none_match=one) for one in (tag, packed, f'"x", W/{tag}', "*")]
    other = scene.get(if_none_match='"x"')

    assert [(status, body) for status, _headers, body in answers] == [(304, b"")] * 4
    assert "Content-Length" not in answers[0][1]
    assert (tag != packed, other[0]) == (True, 200)


def test_head_says_the_length_and_gives_no_content(scene):
    status, headers, body = scene.get(method="HEAD")

    assert (status, headers["Content-Length"], body) == (200, str(len(LONG)), b"")


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved Permanently", "503 Service Unavailable"])
def test_what_does_not_succeed_is_not_kept(scene, status):
    scene.pages.status = status
    scene.get()
    scene.pages.status = "200 OK"

    assert scene.get()[0] == 200


def test_other_methods_addresses_and_times_without_a_stamp_go_through(scene):
    scene.get(method="POST")
    scene.get("/canh-bao/")
    scene.stamp[0] = None
    scene.get(cookie="session=x")

    assert [one.get("HTTP_COOKIE") for one in scene.pages.asked] == [None, None, "session=x"]
    assert len(scene.pages.asked) == 3


def test_keys_of_one_address_are_kept_apart_and_not_without_limit(scene):
    for number in range(MOST_KEPT + 3):
        scene.get(f"/canh-bao/cap/VN-{number}.xml")
    asked = len(scene.pages.asked)

    scene.get(f"/canh-bao/cap/VN-{MOST_KEPT}.xml")
    scene.get("/canh-bao/cap/VN-0.xml")

    assert asked == MOST_KEPT + 3
    assert len(scene.pages.asked) == asked + 1
