"""Lumping money to the final product: told while the dossier is written, refused where somebody relies on it."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from khcn.domains.programme.choices import ApplicationState, BudgetLineKind, FundingSourceKind, LumpMode
from khcn.domains.programme.errors import MoneyRefused, NotNow
from khcn.domains.programme.models import Application, RuleParameter
from khcn.domains.programme.queries.lump_mode import final_product_trace, lump_mode_findings, mode_of_council
from khcn.domains.programme.rules.recomputation import check_traces
from khcn.domains.programme.services import applications, approvals, calls, contracts, estimates
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


def approved(cast, full_proposal, today, moment, **money):
    application, later = chosen(cast, full_proposal, today, moment, **money)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã sửa.", on=later)
    appraised(cast, application, later)
    applications.submit_revision(by=cast.owner, application=application, explanation="Đã hoàn thiện.", on=later)
    task = approvals.approve_application(by=cast.leader, application=application, decision_number="12/QĐ", on=later)
    return task, later


def redrawn(cast, task, on, *, assets, is_lump=True):
    """The next estimate of the task: its lines as they are, with money moved from the others to assets."""
    lines, left = [], assets
    for line in task.budgets.order_by("-number").first().lines.order_by("id"):
        taken = min(left, line.amount_vnd - 1) if line.source != FundingSourceKind.S4_COUNTERPART else 0
        left -= taken
        lines.append(
            estimates.LineDraft(
                kind=line.kind, source=line.source, year=line.year, amount_vnd=line.amount_vnd - taken,
                is_lump=is_lump, note=line.note,
            )
        )  # fmt: skip
    assert left == 0
    lines.append(
        estimates.LineDraft(
            kind=BudgetLineKind.ASSETS, source=lines[0].source, year=lines[0].year, amount_vnd=assets, is_lump=is_lump
        )
    )
    return estimates.draft_budget(by=cast.specialist, task=task, lines=lines, on=on, reason="Mua thêm máy sấy.")


def test_later_estimate_over_the_share_is_shown_and_cannot_be_approved(cast, client, full_proposal, today, moment):
    task, later = approved(cast, full_proposal, today, moment)
    budget = redrawn(cast, task, later, assets=200_000_000)

    with pytest.raises(MoneyRefused, match=r"Chi tài sản và đoàn ra 200\.000\.000 đồng vượt 15%"):
        estimates.approve_budget(by=cast.leader, budget=budget, decision_number="13/QĐ", on=later)

    client.force_login(cast.users.specialist, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("task_tab", args=[task.uid, "kinh-phi"])).content.decode()
    assert "vượt 15% ngân sách nhà nước của nhiệm vụ, tức" in shown
    assert "phương thức khoán chi không thay đổi được" in shown


def test_lump_total_of_a_later_estimate_stays_that_of_the_decision(cast, full_proposal, today, moment):
    task, later = approved(cast, full_proposal, today, moment)
    decided = sum(line.amount_vnd for line in task.budgets.get().lines.all() if line.is_lump)
    budget = redrawn(cast, task, later, assets=100_000_000, is_lump=not decided)

    with pytest.raises(MoneyRefused, match="Không được điều chỉnh tổng kinh phí giao khoán"):
        estimates.approve_budget(by=cast.leader, budget=budget, decision_number="13/QĐ", on=later)


def test_contract_is_held_to_the_share_in_force_on_the_day_of_signing(cast, full_proposal, today, moment):
    task, later = approved(cast, full_proposal, today, moment, assets=100_000_000)
    was = RuleParameter.objects.get(rule_set__code="A", key="lump.final.asset_share_max")
    RuleParameter.objects.create(
        rule_set=was.rule_set, key=was.key, value="1/20", unit=was.unit, valid_from=later, status=was.status
    )

    with pytest.raises(Refused, match=r"Dự toán chưa đúng điều kiện khoán chi .* vượt 5% ngân sách nhà nước"):
        contracts.sign_contract(
            by=cast.director, task=task, number="7", signed_on=later, start_on=later,
            end_on=later + timedelta(days=600), signed_by_both=True,
        )  # fmt: skip
