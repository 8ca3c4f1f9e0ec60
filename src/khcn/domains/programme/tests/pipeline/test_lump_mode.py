"""Lumping money to the final product: told while the dossier is written, refused where somebody relies on it."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from khcn.domains.programme.choices import ApplicationState, LumpMode
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Application
from khcn.domains.programme.queries.lump_mode import final_product_trace, lump_mode_findings, mode_of_council
from khcn.domains.programme.rules.recomputation import check_traces
from khcn.domains.programme.services import applications, approvals, calls
from khcn.domains.programme.tests.pipeline import journey
from khcn.kernel.procedures.models import Council
from khcn.lib.failure import Refused

pytestmark = pytest.mark.django_db
FINAL = LumpMode.FINAL_PRODUCT


def specified(dossier, *, assets=0, abroad=0, travel=0):
    """The dossier with whole products, and the money for assets and travel taken from the materials."""
    made = deepcopy(dossier)
    made["products"] = [{**row, "quality": "Độ ẩm dưới 12%", "place": "Xã Bù Đăng"} for row in made["products"]]
    left = made["budget"][1]
    for amount, kind, is_abroad in (
        (assets, "assets", False), (abroad, "conferences_travel", True), (travel, "conferences_travel", False),
    ):  # fmt: skip
        if amount:
            left["amount_vnd"] -= amount
            made["budget"].append({**left, "kind": kind, "amount_vnd": amount, "is_abroad": is_abroad})
    return made


def draft(cast, full, on, **money):
    call = journey.opened_call(cast, full, on)
    dossier = specified(journey.dossier(cast.users.owner.person.uid), **money)
    return journey.application_draft(cast, call, on, dossier=dossier, lump_mode=FINAL)


def codes(application, on):
    return [item["code"] for item in lump_mode_findings(application, on=on)]


def chosen(cast, full, on, moment, *, mode=FINAL, **money):
    """A selected dossier that asks for the final product, and the day on which the council's result was written."""
    application = draft(cast, full, on, **money)
    applications.submit_application(by=cast.owner, application=application, at=moment(on))
    later = on + timedelta(days=31)
    calls.close_call(by=cast.specialist, call=application.call, on=later)
    calls.open_dossiers(by=cast.specialist, call=application.call, reasons={}, on=later)
    application.refresh_from_db()
    found = journey.result(application, 88, 1)
    found = applications.SelectionResult(found.application, found.count, found.place, False, mode)
    applications.record_selection_result(by=cast.secretary, call=application.call, on=later, results=[found])
    calls.conclude_call(by=cast.director, call=application.call, on=later)
    return Application.objects.get(pk=application.pk), later


def appraised(cast, application, on, mode=FINAL):
    if not Council.objects.filter(kind="budget_appraisal").exists():
        journey.council_for(application, cast, on, "budget_appraisal")
    return approvals.record_appraisal(
        by=cast.inspector, application=application, amount_vnd=1_000_000_000, months=24, lump_mode=mode,
        conclusion="Thống nhất.", members_total=5, members_present=4, council_member_present=True, on=on,
    )  # fmt: skip


def test_dossier_within_the_limits_is_told_nothing(cast, full_proposal, today):
    application = draft(cast, full_proposal, today, assets=100_000_000, abroad=50_000_000, travel=90_000_000)

    assert codes(application, today) == []
    assert final_product_trace(application, on=today).inputs["asset_and_trip_vnd"] == 150_000_000


def test_assets_and_delegations_abroad_count_together_against_the_share(cast, full_proposal, today):
    application = draft(cast, full_proposal, today, assets=100_000_000, abroad=50_000_001)

    assert codes(application, today) == ["asset_share"]


@pytest.mark.parametrize("name", ["name", "quality", "unit", "place"])
def test_product_that_is_not_whole_is_told(cast, full_proposal, today, name):
    application = draft(cast, full_proposal, today)
    application.dossier["products"][0][name] = " "

    assert codes(application, today) == ["product"]


def test_dossier_that_lumps_parts_is_asked_nothing(cast, full_proposal, today):
    application = draft(cast, full_proposal, today, assets=300_000_000)
    application.lump_mode = LumpMode.PARTIAL

    assert codes(application, today) == []


def test_council_that_concluded_otherwise_is_told_and_stops_the_revised_dossier(cast, full_proposal, today, moment):
    application, later = chosen(cast, full_proposal, today, moment, mode=LumpMode.PARTIAL)

    assert mode_of_council(application) == LumpMode.PARTIAL
    assert codes(application, later) == ["council"]
    with pytest.raises(Refused, match="Hội đồng tư vấn chưa đề xuất") as refused:
        applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    assert refused.value.field == "lump_mode"


def test_appraisal_cannot_recommend_what_the_conditions_forbid(cast, full_proposal, today, moment):
    application, later = chosen(cast, full_proposal, today, moment)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    application.dossier = specified(application.dossier, assets=200_000_000)
    application.save()

    with pytest.raises(Refused, match="vượt 15% ngân sách nhà nước của nhiệm vụ, tức") as refused:
        appraised(cast, application, later)
    assert refused.value.field == "lump_mode"

    appraised(cast, application, later, mode=LumpMode.PARTIAL)
    assert application.state == ApplicationState.APPRAISED


@pytest.mark.database
def test_approval_makes_a_task_of_that_mode_and_keeps_what_was_found(cast, full_proposal, today, moment):
    application, later = chosen(cast, full_proposal, today, moment, assets=150_000_000)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    appraised(cast, application, later)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã hoàn thiện.", on=later)

    task = approvals.approve_application(by=cast.leader, application=application, decision_number="12/QĐ", on=later)

    assert task.lump_mode == FINAL
    (check,) = check_traces([application.appraisal["lump_mode_trace"]])
    assert check.agrees
    assert task.budgets.get().lines.get(kind="assets").amount_vnd == 150_000_000


def test_approval_is_refused_while_a_condition_is_not_met(cast, full_proposal, today, moment):
    application, later = chosen(cast, full_proposal, today, moment)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    appraised(cast, application, later)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã hoàn thiện.", on=later)
    application.dossier["products"][0]["place"] = ""
    application.save()

    with pytest.raises(NotNow, match="Chưa đủ điều kiện khoán chi đến sản phẩm cuối cùng: Sản phẩm chưa xác định"):
        approvals.approve_application(by=cast.leader, application=application, decision_number="12/QĐ", on=later)


def test_delegation_abroad_is_kept_with_the_line_of_the_estimate(cast, full_proposal, today, moment):
    application, later = chosen(cast, full_proposal, today, moment, abroad=80_000_000, travel=20_000_000)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    appraised(cast, application, later)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã hoàn thiện.", on=later)
    task = approvals.approve_application(by=cast.leader, application=application, decision_number="12/QĐ", on=later)

    lines = task.budgets.get().lines.filter(kind="conferences_travel")

    assert {line.amount_vnd: line.reckoning.get("is_abroad", False) for line in lines} == {
        80_000_000: True,
        20_000_000: False,
    }


def test_pages_show_what_keeps_the_dossier_from_the_mode(cast, client, full_proposal, today):
    application = draft(cast, full_proposal, today, assets=200_000_000)
    client.force_login(cast.users.owner, backend="django.contrib.auth.backends.ModelBackend")

    for name in ("application_page", "application_edit"):
        shown = client.get(reverse(name, args=[application.uid])).content.decode()
        assert "Chưa đủ điều kiện khoán chi đến sản phẩm cuối cùng" in shown
        assert "vượt 15% ngân sách nhà nước" in shown
    assert "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 6 khoản 1" in shown
