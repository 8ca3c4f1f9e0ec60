"""Signing in by the province's OpenID Connect: offered by setting alone, to people who have an account here."""

import json
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from requests.adapters import BaseAdapter

from khcn.kernel.orgs.accounts import ProvinceAccountAdapter
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.tests.cast import make_member
from khcn.lib.roles import Role

SERVER = "https://sso.tinh.example"
START = "/tai-khoan/oidc/province/login/"
KEY = "khóa chỉ dùng trong kiểm thử, đủ dài cho HS256"
CONFIG = {
    "issuer": SERVER,
    "authorization_endpoint": f"{SERVER}/authorize",
    "token_endpoint": f"{SERVER}/token",
    "userinfo_endpoint": f"{SERVER}/userinfo",
    "jwks_uri": f"{SERVER}/jwks",
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
}


class Province(BaseAdapter):
    """Answers as the province's server would, and keeps what it was asked."""

    def __init__(self, **person):
        super().__init__()
        self.person = person
        self.asked = {}

    def send(self, request, **kwargs):
        path = urlsplit(request.url).path
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        self.asked[path] = parse_qs(body or "")
        answers = {
            "/.well-known/openid-configuration": CONFIG,
            "/token": {"access_token": "ve", "token_type": "Bearer", "id_token": self._id_token()},
            "/userinfo": {"sub": "42", **self.person},
        }
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.headers["Content-Type"] = "application/json"
        response.raw = BytesIO(json.dumps(answers[path]).encode())
        return response

    def close(self):
        """Nothing is open."""

    def _id_token(self):
        claims = {"iss": SERVER, "aud": "khcn", "sub": "42", "iat": 1_700_000_000, "exp": 4_000_000_000}
        return jwt.encode(claims | self.person, KEY, algorithm="HS256")


@pytest.fixture
def province(settings, monkeypatch):
    """`province(email=…)`: the setting is on, and the server knows this person."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "province", "name": "Tài khoản của tỉnh", "client_id": "khcn", "secret": "bí mật",
                    "settings": {"server_url": SERVER},
                }
            ],
        }
    }  # fmt: skip

    def start(**person):
        server = Province(**person)
        session = requests.Session()
        session.mount("https://", server)
        monkeypatch.setattr(ProvinceAccountAdapter, "get_requests_session", lambda self: session)
        return server

    return start


def come_back(client):
    """Leave for the province and come back with a code; the answer of the last step."""
    leave = client.post(START)
    asked = parse_qs(urlsplit(leave["Location"]).query)
    return asked, client.get(f"{START}callback/", {"code": "ma", "state": asked["state"][0]})


@pytest.mark.django_db
def test_person_with_an_account_is_signed_in_to_it(province):
    member = make_member(Role.HEAD, email="binh@sokhcn.tinh.example")
    server = province(email="binh@sokhcn.tinh.example", email_verified=True, name="Bình")
    client = Client()

    asked, answer = come_back(client)

    assert asked["client_id"] == ["khcn"]
    assert asked["code_challenge_method"] == ["S256"]
    assert server.asked["/token"]["code_verifier"]
    assert answer["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == member.user.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "person",
    [
        {"email": "nguoi-la@tinh.example", "email_verified": True},
        {"email": "binh@sokhcn.tinh.example", "email_verified": False},
    ],
)
def test_unknown_person_and_unproven_address_get_no_account_and_no_session(province, person):
    make_member(Role.HEAD, email="binh@sokhcn.tinh.example")
    province(**person)
    client, before = Client(), User.objects.count()

    _asked, answer = come_back(client)
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer

    assert page.status_code in {200, 302, 403}
    assert User.objects.count() == before
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_locked_account_stays_locked(province):
    member = make_member(Role.HEAD, email="binh@sokhcn.tinh.example")
    member.user.is_active = False
    member.user.save()
    province(email="binh@sokhcn.tinh.example", email_verified=True)
    client = Client()

    come_back(client)

    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_button_is_shown_only_where_the_setting_names_a_server(province):
    shown = Client().get("/tai-khoan/login/").content.decode()

    assert "Tài khoản của tỉnh" in shown
    assert START in shown


@pytest.mark.django_db
def test_without_the_setting_there_is_no_button_and_no_way(db):
    shown = Client().get("/tai-khoan/login/").content.decode()

    assert "oidc" not in shown
    assert Client().post(START).status_code == 404
