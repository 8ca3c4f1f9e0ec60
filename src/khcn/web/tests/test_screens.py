"""What surrounds every view: refusals, stale records, one-time forms, partials, the sign-in."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.models import Session
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.web.form_tokens import FIELD, new_token, send_once
from khcn.web.screens import done, screen, toast, version_of

pytestmark = pytest.mark.django_db
SIGNED_IN = SimpleNamespace(is_authenticated=True, pk=7, get_username=lambda: "a", is_active=True)


def request_for(method="get", path="/nhiem-vu/", data=None, user=SIGNED_IN, **headers):
    request = getattr(RequestFactory(), method)(path, data or {}, headers=headers)
    request.user = user
    request.actor = None
    request.session = {}
    request._messages = FallbackStorage(request)
    request.LANGUAGE_CODE = "vi"
    return request


def raising(failure):
    @screen
    def view(request):
        raise failure

    return view


def test_screen_signed_out_leads_to_sign_in_and_back():
    response = screen(lambda request: HttpResponse("x"))(request_for(user=AnonymousUser(), path="/nhiem-vu/?q=a"))

    assert response["Location"] == "/tai-khoan/login/?next=/nhiem-vu/%3Fq%3Da"


def test_screen_signed_out_htmx_reloads_the_whole_page_at_sign_in():
    request = request_for(user=AnonymousUser(), **{"HX-Request": "true", "HX-Current-URL": "/nhiem-vu/"})

    response = screen(lambda request: HttpResponse("x"))(request)

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/tai-khoan/login/?next=/nhiem-vu/"


def test_screen_with_another_method_says_which_it_takes():
    response = screen(methods=("POST",))(lambda request: HttpResponse())(request_for())

    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize(("failure", "status"), [(Forbidden("Dành cho kế toán."), 403), (Refused("Đã khóa sổ."), 422)])
def test_screen_failure_on_reading_becomes_a_page_with_its_sentence(failure, status):
    response = raising(failure)(request_for())

    assert response.status_code == status
    assert failure.message in response.content.decode()


def test_screen_failure_after_a_form_is_told_on_the_page_one_came_from():
    request = request_for("post", Referer="http://testserver/nhiem-vu/1/")

    response = raising(Refused("Đã khóa sổ."))(request)

    assert response["Location"] == "http://testserver/nhiem-vu/1/"
    assert [str(message) for message in get_messages(request)] == ["Đã khóa sổ."]


def test_screen_failure_never_leads_to_a_foreign_page():
    response = raising(Refused("Không."))(request_for("post", Referer="https://vi-du.example/"))

    assert response.status_code == 422


def test_screen_failure_for_htmx_is_a_toast_and_swaps_nothing():
    response = raising(Refused("Đã khóa sổ."))(request_for("post", **{"HX-Request": "true"}))

    assert response.status_code == 422
    assert response["HX-Reswap"] == "none"
    assert "khcn:toast" in response["HX-Trigger"]


def test_screen_stale_shows_the_difference_and_keeps_what_was_sent():
    failure = Stale(difference=[("Kinh phí", "100 đồng", "<b>200</b>")])
    data = {"title": "Tên <mới>", "tags": ["a", "b"], "version": "3", FIELD: "cũ", "csrfmiddlewaretoken": "x"}

    response = raising(failure)(request_for("post", data=data))

    body = response.content.decode()
    assert response.status_code == 409
    assert "100 đồng" in body
    assert "&lt;b&gt;200&lt;/b&gt;" in body
    assert 'name="title" value="Tên &lt;mới&gt;"' in body
    assert body.count('name="tags"') == 2
    assert 'name="version" value=""' in body
    assert 'value="3"' not in body
    assert 'value="cũ"' not in body


@pytest.mark.parametrize(("sent", "expected"), [("", None), ("12", 12)])
def test_version_of_reads_the_form(sent, expected):
    assert version_of(request_for("post", data={"version": sent})) == expected


def test_version_of_with_something_else_is_not_found():
    with pytest.raises(Http404):
        version_of(request_for("post", data={"version": "1 or 1=1"}))


def test_done_tells_with_undo_and_leads_on():
    request = request_for("post")

    response = done(request, "Đã xóa.", "/nhiem-vu/", undo="/nhiem-vu/1/khoi-phuc/")

    (message,) = get_messages(request)
    assert response["Location"] == "/nhiem-vu/"
    assert message.extra_tags == "undo:/nhiem-vu/1/khoi-phuc/"


def test_done_for_htmx_leads_the_whole_page():
    assert done(request_for("post", **{"HX-Request": "true"}), "Xong.", "/a/")["HX-Redirect"] == "/a/"


def test_toast_header_is_plain_ascii():
    assert toast(request_for(), "Đã ghi.")["HX-Trigger"].isascii()


def test_form_sent_twice_acts_once_and_lands_on_the_same_page():
    acts = []

    def act():
        acts.append(1)
        return HttpResponseRedirect("/nhiem-vu/moi-ghi/")

    data = {FIELD: new_token()}
    first = send_once(request_for("post", data=data), act)
    second = send_once(request_for("post", data=data), act)

    assert (first["Location"], second["Location"]) == ("/nhiem-vu/moi-ghi/", "/nhiem-vu/moi-ghi/")
    assert len(acts) == 1


def test_form_with_errors_may_be_sent_again_with_the_same_token():
    data = {FIELD: new_token()}

    send_once(request_for("post", data=data), lambda: HttpResponse("lỗi", status=422))
    second = send_once(request_for("post", data=data), lambda: HttpResponseRedirect("/xong/"))

    assert second["Location"] == "/xong/"


def test_form_whose_act_failed_may_be_sent_again():
    data = {FIELD: new_token()}

    def fail():
        raise Refused("Không.")

    with pytest.raises(Refused):
        send_once(request_for("post", data=data), fail)

    assert send_once(request_for("post", data=data), lambda: HttpResponseRedirect("/xong/"))["Location"] == "/xong/"


def test_form_sent_again_while_the_first_is_at_work_waits_for_its_outcome():
    data = {FIELD: new_token()}
    waits = []

    def finish_elsewhere(seconds):
        waits.append(seconds)
        Session.objects.update(session_data=_outcome("/ket-qua/"))

    def act():
        return send_once(request_for("post", data=data), lambda: pytest.fail("twice"), sleep=finish_elsewhere)

    response = send_once(request_for("post", data=data), act)

    assert waits
    assert response["Location"] == "/ket-qua/"


def test_token_of_another_person_or_page_does_not_interfere():
    data = {FIELD: new_token()}
    other = SimpleNamespace(is_authenticated=True, pk=8)
    act = lambda: HttpResponseRedirect("/xong/")  # noqa: E731
    send_once(request_for("post", data=data), act)
    acts = []

    send_once(request_for("post", data=data, user=other), lambda: acts.append(1) or act())
    send_once(request_for("post", data=data, path="/khac/"), lambda: acts.append(1) or act())

    assert len(acts) == 2


def _outcome(address):
    from django.contrib.sessions.backends.db import SessionStore

    return SessionStore().encode({"address": address})
