"""Reports about a right: from a buyer's page or the office, with evidence, to the inspector and the conclusion."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.marks.choices import IncidentKind, IncidentState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Incident, IncidentEvidence
from khcn.domains.marks.services import incidents, rights
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 64
NOW, DAY = datetime(2026, 3, 2, 2, tzinfo=UTC), date(2026, 3, 2)


@pytest.fixture
def inspectors():
    """The inspecting body with one inspector."""
    body = make_organisation("Thanh tra Sở", code="TT-S")
    return body, make_member(Role.INSPECTOR, organisation=body)


@pytest.fixture
def seen(cashew, office):
    """An infringement that the office entered."""
    return incidents.receive_incident(
        by=office.specialist.actor, right=cashew, kind=IncidentKind.INFRINGEMENT, text="Bao bì in tên hạt điều",
        now=NOW, place="Chợ Đồng Xoài", suspect="Cửa hàng A",
    )  # fmt: skip


def test_infringement_goes_from_the_office_to_the_inspector_who_concludes(seen, office, inspectors) -> None:
    body, inspector = inspectors
    incidents.add_evidence(by=office.specialist.actor, incident=seen, content=JPEG, filename="bao-bi.jpg")
    incidents.check_incident(by=office.specialist.actor, incident=seen, on=DAY, note="Đã đến nơi")
    incidents.hand_over(by=office.head.actor, incident=seen, to=body, on=DAY, note="Có dấu hiệu vi phạm")

    with pytest.raises(Refused):
        incidents.conclude_incident(
            by=inspector.actor, incident=seen, founded=True, on=DAY, conclusion="Vi phạm", penalty_vnd=5_000_000
        )
    incidents.conclude_incident(
        by=inspector.actor, incident=seen, founded=True, on=DAY, conclusion="Vi phạm", decision="QĐ 12/QĐ-XPHC",
        penalty_vnd=5_000_000,
    )  # fmt: skip

    seen.refresh_from_db()
    assert (seen.state, seen.penalty_vnd, seen.closed_on) == (IncidentState.CONCLUDED, 5_000_000, DAY)
    assert [one.act for one in seen.steps.all()] == ["receive", "check", "hand_over", "conclude"]
    assert Notice.objects.filter(recipient=inspector.user).exists()
    with pytest.raises(MarkStepRefused):
        incidents.add_evidence(by=office.specialist.actor, incident=seen, content=JPEG, filename="muon.jpg")


def test_strangers_neither_enter_nor_hand_over_and_an_inspector_of_another_body_does_not_conclude(
    seen, cashew, office, inspectors
) -> None:
    body, _inspector = inspectors
    stranger = make_member(Role.INSPECTOR, organisation=make_organisation("Thanh tra khác", code="TT-K"))

    with pytest.raises(Forbidden):
        incidents.hand_over(by=office.specialist.actor, incident=seen, to=body, on=DAY, note="x")
    incidents.hand_over(by=office.head.actor, incident=seen, to=body, on=DAY, note="Có dấu hiệu")
    with pytest.raises(Forbidden):
        incidents.conclude_incident(by=stranger.actor, incident=seen, founded=False, on=DAY, conclusion="Không")
    with pytest.raises(Forbidden):
        incidents.receive_incident(by=stranger.actor, right=cashew, kind=IncidentKind.INFRINGEMENT, text="x", now=NOW)


def test_buyer_reports_with_a_picture_and_only_so_often(client_for, cashew, office) -> None:
    cache.clear()
    address, client = reverse("public_report", args=[cashew.code]), client_for()
    photo = SimpleUploadedFile("hop.jpg", JPEG, content_type="image/jpeg")

    answer = client.post(address, {"text": "Hộp không có tem", "place": "Chợ", "photo": photo, "contact": "09"})

    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert (incident.kind, incident.state, incident.contact) == (IncidentKind.CONSUMER, IncidentState.RECEIVED, "09")
    evidence = IncidentEvidence.objects.get()
    assert client_for().get(reverse("mark_evidence", args=[evidence.uid])).status_code == 302
    assert client_for(office.specialist).get(reverse("mark_evidence", args=[evidence.uid])).status_code == 200
    for _number in range(4):
        client.post(address, {"text": "Lại nữa"})
    assert client.post(address, {"text": "Quá nhiều"}).status_code == 422
    assert Incident.objects.count() == 5


def test_report_about_a_closed_right_is_not_found(client_for, cashew, office) -> None:
    rights.open_right(by=office.head.actor, right=cashew, is_public=False)

    assert client_for().get(reverse("public_report", args=[cashew.code])).status_code == 404


def test_screens_lead_from_the_report_to_the_paper_of_the_hand_over(client_for, seen, office, inspectors) -> None:
    body, inspector = inspectors
    head, keeper = client_for(office.head), client_for(office.specialist)
    act = lambda name: reverse("mark_incident_act", args=[seen.code, name])  # noqa: E731

    assert seen.code in keeper.get(reverse("mark_incidents"), {"q": "dong xoai"}).content.decode()
    assert keeper.get(act("chuyen")).status_code == 404
    checked = keeper.post(act("xac-minh"), {"on": "02/03/2026", "note": "Đã xem", "version": seen.version})
    seen.refresh_from_db()
    handed = head.post(
        act("chuyen"), {"to": str(body.uid), "on": "03/03/2026", "note": "Chuyển", "version": seen.version}
    )

    assert (checked.status_code, handed.status_code) == (302, 302)
    shown = client_for(inspector).get(reverse("mark_incident", args=[seen.code])).content.decode()
    assert "Ghi kết luận" in shown
    for ending in ("docx", "pdf"):
        paper = keeper.get(reverse("mark_incident_paper", args=[seen.code, ending]))
        assert paper.status_code == 200
        assert len(paper.getvalue()) > 5_000
    assert keeper.get(reverse("mark_incidents"), {"tai": "xlsx"}).status_code == 200
    producer = make_member(Role.PRODUCER, organisation=make_organisation("HTX", code="HTX-1"))
    assert client_for(producer).get(reverse("mark_incident", args=[seen.code])).status_code == 404
