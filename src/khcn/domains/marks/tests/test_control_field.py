"""Visits on a phone: who sees which, what the queue of the phone is told, photographs, and no visit twice."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.marks.choices import Tier
from khcn.domains.marks.models import VisitPhoto
from khcn.domains.marks.services import control
from khcn.domains.marks.tests.test_uses import drawn, granted, member  # noqa: F401 (fixtures)
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JSON = {"HTTP_ACCEPT": "application/json"}
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 64


@pytest.fixture
def visit(member, office):  # noqa: F811 (the fixture)
    """A planned internal control."""
    granted(member, office)
    return control.plan_controls(
        by=office.specialist.actor, right=member.right, tier=Tier.INTERNAL, start=date(2026, 2, 1)
    )[0]


def filled(visit, **more):
    answers = {f"m{item.pk}": "16" if item.parameter and item.parameter.maximum else "31" for item in visit.items.all()}
    answers |= {f"m{item.pk}": "true" for item in visit.items.filter(parameter=None)}
    return {"done_on": "05/02/2026", "controller": "Nguyễn Văn A", "conclusion": "Đạt", **answers, **more}


def test_phone_sends_a_visit_with_photographs_and_it_is_kept_once(visit, office, client_for) -> None:
    keeper, address = client_for(office.specialist), reverse("control_field_visit", args=[visit.uid])
    record = str(uuid4())

    def sent(**more):
        photos = [SimpleUploadedFile(f"{n}.jpg", JPEG, content_type="image/jpeg") for n in range(2)]
        return keeper.post(address, filled(visit, record=record, photos=photos, **more), **JSON)

    first, again = sent(latitude="11.85", longitude="106.95"), sent()
    other = keeper.post(address, filled(visit, record=str(uuid4())), **JSON)

    assert [first.json()["state"], again.json()["state"]] == ["stored", "known"]
    assert (other.status_code, other.json()["state"]) == (422, "refused")
    visit.refresh_from_db()
    assert (visit.done_on, visit.latitude, VisitPhoto.objects.count()) == (date(2026, 2, 5), 11.85, 2)
    shown = keeper.get(reverse("mark_visit", args=[visit.uid])).content.decode()
    photo = VisitPhoto.objects.first()
    assert reverse("mark_visit_photo", args=[photo.uid]) in shown
    assert keeper.get(reverse("mark_visit_photo", args=[photo.uid])).getvalue() == JPEG
    stranger = make_member(Role.PRODUCER, organisation=make_organisation("Khác", code="KHAC"))
    assert client_for(stranger).get(reverse("mark_visit_photo", args=[photo.uid])).status_code == 404


def test_phone_is_told_what_is_missing_and_nothing_is_kept(visit, office, client_for) -> None:
    answer = client_for(office.specialist).post(
        reverse("control_field_visit", args=[visit.uid]), {"record": str(uuid4()), "controller": "A"}, **JSON
    )

    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert "Ngày kiểm tra" in answer.json()["message"]
    visit.refresh_from_db()
    assert visit.done_on is None


def test_file_that_is_no_picture_is_refused(visit, office, client_for) -> None:
    sent = SimpleUploadedFile("a.jpg", b"MZ" + b"x" * 90, content_type="image/jpeg")

    answer = client_for(office.specialist).post(
        reverse("control_field_visit", args=[visit.uid]), filled(visit, photos=[sent]), **JSON
    )

    assert answer.status_code == 422
    visit.refresh_from_db()
    assert visit.done_on is None


def test_room_lists_what_one_may_fill_and_is_installable(visit, office, client_for) -> None:
    keeper = client_for(office.specialist)
    stranger = client_for(make_member(Role.PRODUCER, organisation=make_organisation("Khác", code="KHAC")))

    assert visit.use.holder in keeper.get(reverse("control_field")).content.decode()
    assert visit.use.holder not in stranger.get(reverse("control_field")).content.decode()
    assert stranger.get(reverse("control_field_visit", args=[visit.uid])).status_code == 404
    assert "field.js" in keeper.get(reverse("control_worker")).content.decode()
    assert keeper.get(reverse("control_manifest")).json()["scope"] == reverse("control_field")
