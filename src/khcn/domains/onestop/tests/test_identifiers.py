"""Codes of agencies: only readable codes, one holder a day, and the page of the administrator."""

from datetime import date

import pytest
from django.urls import reverse

from khcn.kernel.documents.models import AgencyIdentifier
from khcn.kernel.documents.queries import identifier_of
from khcn.kernel.documents.services import set_identifier
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

PAGE = reverse("identifier_list")


def test_administrator_gives_an_agency_its_code(client_for, make_member, counter):
    desk = client_for(make_member(Role.SYSADMIN))
    sent = {
        "organisation": str(counter.other.uid), "organisation__chu": "so tai chinh", "code": "H10.05",
        "valid_from": "01/06/2023", "basis": "QĐ 12/QĐ-UBND",
    }  # fmt: skip

    answer = desk.post(PAGE, sent, follow=True)

    assert "Đã đặt mã H10.05 cho" in answer.content.decode()
    assert identifier_of(counter.other, on=date(2023, 6, 1)) == "H10.05"
    assert not identifier_of(counter.other, on=date(2023, 5, 31))
    assert "H10.05" in desk.get(PAGE, {"q": "tai chinh"}).content.decode()
    assert "H10.05" not in desk.get(PAGE, {"q": "khoa học"}).content.decode()


@pytest.mark.parametrize(("code", "why"), [("Sở", "không phải mã định danh"), ("H10.16", "đang là của")])
def test_code_that_does_not_read_or_is_taken_is_refused(client_for, make_member, counter, code, why):
    sent = {
        "organisation": str(counter.other.uid), "organisation__chu": "Sở Tài chính", "code": code,
        "valid_from": "01/06/2023", "basis": "QĐ",
    }  # fmt: skip

    answer = client_for(make_member(Role.SYSADMIN)).post(PAGE, sent)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not AgencyIdentifier.objects.filter(organisation=counter.other).exists()


def test_code_may_pass_to_another_agency_once_it_has_ended(counter):
    set_identifier(by=counter.system, organisation=counter.body, code="H10.99", valid_from=date(2023, 6, 1))

    with pytest.raises(Refused, match="đang là của"):
        set_identifier(by=counter.system, organisation=counter.other, code="H10.16", valid_from=date(2023, 5, 20))
    set_identifier(by=counter.system, organisation=counter.other, code="H10.16", valid_from=date(2023, 6, 1))

    assert identifier_of(counter.other, on=date(2023, 6, 2)) == "H10.16"


def test_page_is_closed_to_others(client_for, make_member):
    assert client_for(make_member(Role.ONE_STOP)).get(PAGE).status_code == 403
