"""Campaigns: opened by the agency, answered without an account while open, counted in its satisfaction; originals."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import NationalStatus, Satisfaction
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.models import CampaignAnswer, HeldOriginal, SurveyCampaign
from khcn.domains.onestop.queries.agencies import points_of_surveys
from khcn.domains.onestop.queries.campaigns import outcome_of, visible_campaigns
from khcn.domains.onestop.services import campaigns, handling, originals
from khcn.domains.onestop.tests.conftest import at
from khcn.domains.onestop.tests.test_voices_and_figures import finished
from khcn.kernel.indicators.queries import AgencyCount, AgencyQuestion
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

MAY = {"opens_on": date(2023, 5, 10), "closes_on": date(2023, 5, 20)}
BEST = {"overall": Satisfaction.VERY_SATISFIED, "attitude": Satisfaction.SATISFIED, "time": Satisfaction.NEUTRAL}


def test_campaign_takes_answers_from_its_first_to_its_last_day(counter) -> None:
    campaign = campaigns.open_campaign(by=counter.head, agency=counter.body, title="Khảo sát quý II", **MAY)

    for moment in (at(9), at(21, 0)):
        with pytest.raises(Refused, match="chưa mở hoặc đã kết thúc"):
            campaigns.answer_campaign(by=counter.nobody, campaign=campaign, now=moment, **BEST)
    for moment in (at(10, 0), at(20, 23)):
        campaigns.answer_campaign(by=counter.nobody, campaign=campaign, now=moment, **BEST)

    outcome = outcome_of(campaign)
    assert (outcome.answers, outcome.mean) == (2, 100)
    assert outcome.attitude[Satisfaction.SATISFIED] == 2


def test_campaign_is_opened_and_ended_by_its_agency_only(counter) -> None:
    with pytest.raises(Forbidden):
        campaigns.open_campaign(by=counter.stranger, agency=counter.body, title="Khảo sát", **MAY)
    with pytest.raises(Refused, match="trước ngày bắt đầu"):
        campaigns.open_campaign(
            by=counter.head,
            agency=counter.body,
            title="Khảo sát",
            opens_on=date(2023, 5, 9),
            closes_on=date(2023, 5, 8),
        )
    campaign = campaigns.open_campaign(by=counter.head, agency=counter.body, title="Khảo sát", **MAY)

    with pytest.raises(Forbidden):
        campaigns.end_campaign(by=counter.stranger, campaign=campaign)
    campaigns.end_campaign(by=counter.specialist, campaign=campaign)
    with pytest.raises(Refused, match="đã kết thúc"):
        campaigns.end_campaign(by=counter.head, campaign=campaign)

    assert campaign.closes_on == counter.specialist.on
    assert list(visible_campaigns(counter.clerk)) == [campaign]
    assert not visible_campaigns(counter.stranger).exists()


def test_campaign_answers_count_in_the_agencys_satisfaction(counter) -> None:
    campaign = campaigns.open_campaign(by=counter.head, agency=counter.body, title="Khảo sát", **MAY)
    campaigns.answer_campaign(by=counter.nobody, campaign=campaign, now=at(12), **BEST)
    question = AgencyQuestion(date(2023, 1, 1), date(2023, 12, 31), date(2023, 5, 31))

    assert points_of_surveys(question) == {counter.body.pk: AgencyCount(100, 100)}


@pytest.mark.django_db
def test_campaign_goes_from_its_form_to_an_answer_without_an_account_and_a_file(client_for) -> None:
    cache.clear()
    head = make_member(Role.HEAD, organisation=make_organisation("Sở Khoa học và Công nghệ"))
    client, citizen, today = client_for(head), client_for(), timezone.localdate()
    sent = {
        "agency": head.organisation.pk, "title": "Khảo sát tại quầy", "introduction": "Xin cho biết ý kiến",
        "opens_on": f"{today:%d/%m/%Y}", "closes_on": f"{today + timedelta(days=7):%d/%m/%Y}",
    }  # fmt: skip

    assert client.post(reverse("campaign_new"), sent).status_code == 302
    campaign = SurveyCampaign.objects.get()
    address = reverse("campaign_answer", args=[campaign.tracking])
    assert "Xin cho biết ý kiến" in citizen.get(address).content.decode()
    assert citizen.post(address, {"overall": "4", "attitude": "5", "time": "3", "comment": "Tốt"}).status_code == 302
    assert citizen.post(address, {"overall": "9"}).status_code == 422
    page = client.get(reverse("campaign_page", args=[campaign.uid])).content.decode()
    sheet = b"".join(client.get(reverse("campaign_page", args=[campaign.uid]), {"tai": "csv"}).streaming_content)
    drawn = citizen.get(reverse("campaign_qr", args=[campaign.tracking])).content.decode()

    assert CampaignAnswer.objects.get().overall == "4"
    assert "Tốt" in page
    assert "Hài lòng" in sheet.decode()
    assert drawn.startswith("<?xml")
    assert "Khảo sát tại quầy" in client.get(reverse("campaign_list"), {"q": "khao sat"}).content.decode()
    assert "Khảo sát tại quầy" not in client.get(reverse("campaign_list"), {"q": "khong co"}).content.decode()
    stranger = make_member(Role.HEAD, organisation=make_organisation("Sở Khác"))
    assert client_for(stranger).get(reverse("campaign_page", args=[campaign.uid])).status_code == 404
    assert citizen.get(reverse("campaign_answer", args=["KHONGCO123"])).status_code == 404


def test_originals_are_given_back_before_the_result(counter) -> None:
    dossier = finished(counter)
    kept = originals.take_original(by=counter.clerk, dossier=dossier, name="Bằng tốt nghiệp", state_note="Rách góc")

    with pytest.raises(Forbidden):
        originals.take_original(by=counter.specialist, dossier=dossier, name="Sổ hộ khẩu")
    with pytest.raises(DossierStepRefused, match="Bằng tốt nghiệp"):
        handling.hand_over(by=counter.clerk, dossier=dossier, identity_or_proof="CCCD 070", now=at(19))
    with pytest.raises(Refused, match="người nhận lại"):
        originals.return_original(by=counter.clerk, original=kept, returned_to=" ")
    originals.return_original(by=counter.clerk, original=kept, returned_to="Điểu Sơn, CCCD 070", now=at(19))
    with pytest.raises(Refused, match="đã được trả"):
        originals.return_original(by=counter.clerk, original=kept, returned_to="Người khác")
    handling.hand_over(by=counter.clerk, dossier=dossier, identity_or_proof="CCCD 070", now=at(19))

    assert dossier.status == NationalStatus.RETURNED
    assert HeldOriginal.objects.get().returned_to == "Điểu Sơn, CCCD 070"
    with pytest.raises(Refused, match="đã kết thúc"):
        originals.take_original(by=counter.clerk, dossier=dossier, name="Giấy khác")


@pytest.mark.django_db
def test_originals_are_taken_and_returned_on_the_dossiers_page(counter, client_for) -> None:
    clerk = make_member(Role.ONE_STOP, organisation=counter.body)
    client, dossier = client_for(clerk), counter.received()

    client.post(reverse("original_take", args=[dossier.uid]), {"name": "Bằng gốc", "copies": "1"})
    page = client.get(reverse("dossier_page", args=[dossier.uid])).content.decode()
    kept = HeldOriginal.objects.get()
    client.post(reverse("original_return", args=[dossier.uid, kept.uid]), {"returned_to": "Điểu Sơn"})

    assert "Bằng gốc" in page
    kept.refresh_from_db()
    assert kept.returned_by == clerk.user
