"""Signing in: lock-out, idle lock, second factor, the admin's door."""

import pytest
from django.urls import reverse

from khcn.kernel.orgs.accounts import SecondFactorAdapter
from khcn.kernel.orgs.tests.cast import PASSWORD, client_for, make_member
from khcn.lib.roles import Role
from khcn.site import middleware

LOGIN = "/tai-khoan/login/"


def sign_in(client, member, password=PASSWORD):
    return client.post(LOGIN, {"login": member.user.username, "password": password})


@pytest.fixture
def now(monkeypatch):
    """The clock of the idle lock, moved by hand: `now["seconds"] += 60`."""
    moment = {"seconds": 1_790_000_000}
    monkeypatch.setattr(middleware.time, "time", lambda: moment["seconds"])
    return moment


def test_sign_in_with_the_right_password_leads_home(db):
    client = client_for()

    assert sign_in(client, make_member(Role.HEAD))["Location"] == "/"
    assert client.get("/").status_code == 200


def test_wrong_password_is_told_without_naming_what_was_wrong(db, settings):
    member = make_member(Role.HEAD)

    known = sign_in(client_for(), member, "sai").content.decode()
    unknown = client_for().post(LOGIN, {"login": "khong-co", "password": "sai"}).content.decode()

    assert "k-error-summary" in known
    assert "k-error-summary" in unknown


@pytest.mark.parametrize("typed", ["username", "email"])
def test_five_failures_lock_the_name_even_for_the_right_password(db, settings, typed):
    settings.AXES_ENABLED = True
    settings.ACCOUNT_RATE_LIMITS = False
    member = make_member(Role.HEAD, email="thu@vd.vn")
    client = client_for()
    name = getattr(member.user, typed)
    for _attempt in range(5):
        last = client.post(LOGIN, {"login": name, "password": "sai mật khẩu"})

    refused = client.post(LOGIN, {"login": name, "password": PASSWORD})

    assert last.status_code == 429
    assert refused.status_code == 429
    assert "tạm khóa" in refused.content.decode()
    assert sign_in(client_for(), make_member(Role.HEAD)).status_code == 302


def test_idle_longer_than_the_limit_locks_and_comes_back_to_the_page(db, now, settings):
    client = client_for(make_member(Role.HEAD))
    client.get("/")
    now["seconds"] += settings.IDLE_MINUTES * 60 - 1
    assert client.get("/hop-thu/").status_code == 200

    now["seconds"] += settings.IDLE_MINUTES * 60 + 61
    response = client.get("/hop-thu/?xem=chua-doc")

    assert response["Location"] == "/tai-khoan/login/?next=/hop-thu/%3Fxem%3Dchua-doc"
    assert "khóa" in client.get(response["Location"]).content.decode()


def test_idle_limit_is_shorter_for_those_who_hold_money(db, now, settings):
    client = client_for(make_member(Role.ACCOUNTANT))
    client.get("/")

    now["seconds"] += settings.IDLE_MINUTES_GUARDED * 60 + 1

    assert client.get("/").status_code == 302


def test_idle_lock_answers_htmx_with_the_sign_in_page(db, now):
    client = client_for(make_member(Role.HEAD))
    client.get("/")
    now["seconds"] += 10**6

    response = client.get("/hop-thu/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response["HX-Redirect"].startswith(LOGIN)


def test_use_is_noted_once_a_day_and_the_session_once_a_minute(db, now, sql_count):
    member = make_member(Role.HEAD)
    client = client_for(member)
    client.get("/hop-thu/")
    member.user.refresh_from_db()
    assert member.user.last_seen_on is not None

    now["seconds"] += 30
    with sql_count() as queries:
        client.get("/hop-thu/")

    assert not [query for query in queries.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_second_factor_when_required_leads_to_its_page(db, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client = client_for(make_member(Role.HEAD))

    assert client.get("/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_second_factor_secret_is_stored_encrypted_and_survives_a_new_key(settings):
    stored = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "khóa mới"

    assert SecondFactorAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_admin_has_no_sign_in_of_its_own(db):
    response = client_for().get("/quan-tri/login/?next=/quan-tri/")

    assert response["Location"].startswith(LOGIN)
    assert client_for(make_member(Role.HEAD)).get("/quan-tri/login/").status_code == 403


def test_signing_up_alone_is_closed(db):
    response = client_for().post(
        "/tai-khoan/signup/", {"username": "ke-la", "password1": "x" * 20, "password2": "x" * 20}
    )

    assert response.status_code in {200, 403, 404}
    assert sign_in(client_for(), make_member(Role.HEAD, username="ke-that")).status_code == 302
    from khcn.kernel.orgs.models import User

    assert not User.objects.filter(username="ke-la").exists()


def test_language_is_remembered_with_the_account(db):
    member = make_member(Role.HEAD)
    client = client_for(member)

    client.post("/ngon-ngu/", {"language": "en", "next": "/"})

    member.user.refresh_from_db()
    assert member.user.language == "en"
    assert '<html lang="en">' in client.get("/").content.decode()
