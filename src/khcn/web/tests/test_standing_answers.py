"""The door that gives kept answers: to whom, for how long, and that nobody gets another's."""

import pytest
from django.db import InterfaceError
from django.http import HttpResponse
from django.test import RequestFactory

from khcn.web.standing_answers import StandingAnswers, keep_while


class _Inside:
    """An application that counts who is led in, and says what it is told to."""

    def __init__(self):
        self.asked, self.stands, self.status, self.error, self.cookie = 0, True, "200 OK", None, False

    def _answer_stands(self):
        if self.error:
            raise self.error
        return self.stands

    def __call__(self, environ, start_response):
        self.asked += 1
        response = HttpResponse(f"{environ['PATH_INFO']} {self.asked}")
        if self.cookie:
            response.set_cookie("a", "b")
        start_response(self.status, [("ETag", f'"{self.asked}"')])
        return keep_while(response, self._answer_stands)


def _ask(door, path="/a", method="GET", **extra):
    told = []
    environ = {**RequestFactory()._base_environ(PATH_INFO=path, REQUEST_METHOD=method), **extra}
    if not environ.get("HTTP_COOKIE"):
        environ.pop("HTTP_COOKIE", None)
    body = b"".join(door(environ, lambda status, headers, *more: told.append((status, headers))))
    return (*told[-1], body)


def test_answer_is_given_again_with_its_status_and_headers_while_it_stands():
    inside = _Inside()
    door = StandingAnswers(inside)

    first, again, other = _ask(door), _ask(door), _ask(door, "/b")
    inside.stands = False
    after = _ask(door)

    assert first == again == ("200 OK", [("ETag", '"1"')], b"/a 1")
    assert (other[2], after[2], inside.asked) == (b"/b 2", b"/a 3", 3)


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "a=b"}, {"HTTP_AUTHORIZATION": "Bearer x"}, {"HTTP_HX_REQUEST": "true"},
        {"QUERY_STRING": "tem=1"}, {"REQUEST_METHOD": "POST"}, {"REQUEST_METHOD": "HEAD"}, {"CONTENT_LENGTH": "3"},
        {"HTTP_IF_MATCH": '"9"'}, {"HTTP_HOST": "other.example"}, {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"}, {"HTTP_X_FORWARDED_HOST": "other.example"},
        {"HTTP_IF_NONE_MATCH": '"1"'},
    ],
    ids=lambda extra: "-".join(extra),
)  # fmt: skip
def test_whoever_asks_in_another_way_is_led_in(extra):
    inside = _Inside()
    door = StandingAnswers(inside)
    _ask(door)

    answer = _ask(door, **extra)

    assert (answer[2], inside.asked) == (b"/a 2", 2)


def test_word_that_nothing_has_changed_is_kept_for_that_word_alone():
    inside = _Inside()
    door = StandingAnswers(inside)
    inside.status = "304 Not Modified"
    known = [_ask(door, HTTP_IF_NONE_MATCH='"1"') for _ in range(2)]
    inside.status = "200 OK"
    unknown = [_ask(door, HTTP_IF_NONE_MATCH='"0"') for _ in range(2)]

    assert known[0] == known[1]
    assert unknown[0] != unknown[1]
    assert inside.asked == 3


def test_answer_with_a_cookie_and_one_that_the_view_does_not_offer_are_not_kept():
    inside = _Inside()
    inside.cookie = True
    door = StandingAnswers(inside)
    plain = StandingAnswers(lambda environ, start: start("200 OK", []) or [b"x"])

    bodies = {_ask(door)[2] for _ in range(2)}

    assert len(bodies) == 2
    assert _ask(plain)[2] == _ask(plain)[2] == b"x"


def test_application_is_asked_where_the_database_does_not_say_whether_an_answer_stands():
    inside = _Inside()
    door = StandingAnswers(inside)
    _ask(door)
    inside.error = InterfaceError("gone")

    assert _ask(door)[2] == b"/a 2"


def test_door_keeps_a_bounded_number_and_lets_the_oldest_go(monkeypatch):
    monkeypatch.setattr("khcn.web.standing_answers._MOST", 2)
    inside = _Inside()
    door = StandingAnswers(inside)

    for path in ("/a", "/b", "/c"):
        _ask(door, path)
    kept = [_ask(door, path)[2] for path in ("/c", "/b")]

    assert kept == [b"/c 3", b"/b 2"]
    assert _ask(door, "/a")[2] == b"/a 4"
