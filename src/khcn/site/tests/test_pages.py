"""The site's own pages as the cast meets them."""

import pytest

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.models import Notice

PAGES = ["/", "/viec/", "/viec/?han=qua&q=bao", "/viec/?tai=xlsx", "/hop-thu/", "/ho-so-cua-toi/", "/tim/?q=nhiem vu"]


@pytest.mark.parametrize("address", PAGES)
def test_page_signed_out_leads_to_sign_in(client_for, address):
    response = client_for().get(address)

    assert response.status_code == 302
    assert response["Location"].startswith("/tai-khoan/login/?next=")


@pytest.mark.parametrize("address", PAGES)
def test_page_for_everyone_signed_in_opens(client_for, people, address):
    for member in (people.specialist, people.host, people.leader, people.sysadmin, people.stranger):
        response = client_for(member).get(address)

        assert response.status_code == 200
        if "tai=" not in address:
            assert "style=" not in response.content.decode()


def test_healthz_signed_out_says_ok(client_for):
    assert client_for().get("/healthz").content == b"ok"


def test_unknown_page_is_told_in_vietnamese(client_for, people):
    response = client_for(people.host).get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert "Không tìm thấy trang này" in response.content.decode()


def test_notice_of_another_person_is_not_found(client_for, people):
    notice = Notice.objects.create(recipient=people.host.user, kind=NoticeKind.DO, title="Nộp báo cáo", url="/hop-thu/")

    assert client_for(people.other_host).get(f"/hop-thu/{notice.uid}/").status_code == 404
    assert client_for(people.host).get(f"/hop-thu/{notice.uid}/")["Location"] == "/hop-thu/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_notice_pointing_outside_leads_to_the_inbox(client_for, people):
    notice = Notice.objects.create(recipient=people.host.user, title="Lạ", url="https://example.org/")

    assert client_for(people.host).get(f"/hop-thu/{notice.uid}/")["Location"] == "/hop-thu/"


def test_amount_as_typed_is_told_in_words(client_for, people):
    client = client_for(people.host)

    assert client.get("/so-tien-bang-chu/?q=45 tỷ").json()["words"] == "Bốn mươi lăm tỷ đồng"
    assert "hai cách" in client.get("/so-tien-bang-chu/?q=45,000").json()["problem"]
