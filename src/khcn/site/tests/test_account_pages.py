"""Accounts and posts through the pages, and who may not open them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.orgs.models import Delegation, User
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.orgs.tests.cast import PASSWORD, client_for, make_person, make_post
from khcn.lib.roles import Role

NEW_PASSWORD = "hồ tiêu Lộc Ninh 2026!"


def test_account_pages_are_for_the_administrator_only(people):
    user = people.host.user
    addresses = [
        "/he-thong/tai-khoan/",
        "/he-thong/tai-khoan/moi/",
        f"/he-thong/tai-khoan/{user.uid}/",
        f"/he-thong/tai-khoan/{user.uid}/trang-thai/",
        "/he-thong/giao-dien/",
    ]

    for address in addresses:
        assert client_for(people.sysadmin).get(address).status_code == 200, address
        for member in (people.director, people.host, people.inspector, people.stranger):
            assert client_for(member).get(address).status_code == 403, address
        assert client_for().get(address).status_code == 302, address


def test_review_is_open_to_the_inspector_and_comes_as_a_file(people):
    client = client_for(people.inspector)

    assert client.get("/he-thong/ra-soat/").status_code == 200
    response = client.get("/he-thong/ra-soat/?tai=csv")
    assert "ra-soat-tai-khoan" in response["Content-Disposition"]
    assert client_for(people.host).get("/he-thong/ra-soat/?tai=csv").status_code == 403


def test_account_from_opening_to_the_first_sign_in(people):
    admin = client_for(people.sysadmin)
    post = make_post(Role.SPECIALIST, name="Chuyên viên")

    opened = admin.post("/he-thong/tai-khoan/moi/", {"full_name": "Bùi Đình Đủ", "username": "bui.dinh.du"})
    user = User.objects.get(username="bui.dinh.du")
    assert opened["Location"] == f"/he-thong/tai-khoan/{user.uid}/"
    data = {"post": post.pk, "organisation": people.head.organisation.pk, "valid_from": "01012026", "decision": "QĐ 1"}
    assert admin.post(opened["Location"], data).status_code == 302
    assert actor_for(user, on=timezone.localdate()).holds(Role.SPECIALIST)
    shown = admin.post(f"/he-thong/tai-khoan/{user.uid}/duong-dan/").content.decode()
    link = re.search(r'value="https?://testserver([^"]+)"', shown).group(1)

    visitor = client_for()
    form_address = visitor.get(link)["Location"]
    set_it = visitor.post(form_address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert set_it.status_code == 302
    signed_in = client_for().post("/tai-khoan/login/", {"login": "bui.dinh.du", "password": NEW_PASSWORD})
    assert signed_in["Location"] == "/"
    again = client_for().get(link)
    assert "không còn dùng được" in again.content.decode() or "invalid" in again.content.decode()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"open_account", "register_person", "appoint", "issue_password_link"} <= verbs


def test_account_form_with_two_people_named_says_so(people):
    data = {"person": make_person().pk, "full_name": "Ai đó", "username": "ai.do"}

    response = client_for(people.sysadmin).post("/he-thong/tai-khoan/moi/", data)

    assert response.status_code == 422
    assert "Chọn người đã có, hoặc ghi họ và tên người mới." in response.content.decode()
    assert not User.objects.filter(username="ai.do").exists()


def test_closed_account_cannot_sign_in(people):
    address = f"/he-thong/tai-khoan/{people.host.user.uid}/trang-thai/"
    client_for(people.sysadmin).post(address, {"reason": "Chuyển công tác"})

    response = client_for().post("/tai-khoan/login/", {"login": people.host.user.username, "password": PASSWORD})

    people.host.user.refresh_from_db()
    assert not people.host.user.is_active
    assert response.status_code == 302
    assert response["Location"] == "/tai-khoan/inactive/"


def test_delegation_through_the_profile_is_given_and_withdrawn(people):
    today = timezone.localdate()
    data = {
        "organisation": people.head.organisation.pk, "receiver": people.specialist.person.pk, "roles": ["head"],
        "form": "KT.", "valid_from": f"{today:%d%m%Y}", "valid_to": f"{today + timedelta(days=9):%d/%m/%Y}",
        "basis": "GUQ 4",
    }  # fmt: skip
    client = client_for(people.head)

    assert client.post("/ho-so-cua-toi/uy-quyen/", data)["Location"] == "/ho-so-cua-toi/"
    delegation = Delegation.objects.get()
    assert actor_for(people.specialist.user, on=today).holds(Role.HEAD)
    withdraw = f"/ho-so-cua-toi/uy-quyen/{delegation.uid}/rut/"
    assert client_for(people.host).post(withdraw).status_code == 404
    assert client_for(people.specialist).post(withdraw).status_code == 403
    assert client.post(withdraw).status_code == 302
    assert not actor_for(people.specialist.user, on=today).holds(Role.HEAD)


def test_delegation_of_a_role_not_held_is_refused_in_the_form(people):
    response = client_for(people.head).post("/ho-so-cua-toi/uy-quyen/", {"roles": ["director"]})

    assert response.status_code == 422
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("address", ["/he-thong/tai-khoan/?q=nguyen", "/he-thong/tai-khoan/?xem=da-khoa&xep=-used"])
def test_account_list_filters_fold_and_stay_cheap(people, sql_count, address):
    client = client_for(people.sysadmin)
    client.get("/")

    with sql_count() as queries:
        response = client.get(address)

    assert response.status_code == 200
    assert len(queries) <= 14
