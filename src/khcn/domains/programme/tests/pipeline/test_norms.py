"""Norms where estimates are drawn up: a dossier is not handed in, a task's estimate not approved, above a ceiling."""

import pytest
from django.urls import reverse

from khcn.domains.programme.choices import BudgetLineKind, EstimateBasis, FundingSourceKind, LumpMode
from khcn.domains.programme.errors import MoneyRefused
from khcn.domains.programme.queries.papers import councils as papers
from khcn.domains.programme.services import applications, approvals, estimates
from khcn.domains.programme.tests.pipeline import journey
from khcn.domains.programme.tests.pipeline.test_papers import words
from khcn.lib.failure import Refused, Stale
from khcn.standards.nd30.docx_writer import render_docx

pytestmark = pytest.mark.django_db

PAY = {
    "kind": "remuneration", "source": "S1", "year": 2024, "amount_vnd": 240_000_000, "basis": "pay", "title": "pi",
    "content": "Phân lập", "job": "Chủ trì", "quantity": "6", "coefficient": "1", "unit_vnd": 40_000_000,
}  # fmt: skip
EXPERT = {
    "kind": "remuneration", "source": "S1", "year": 2024, "amount_vnd": 100_000_000, "basis": "domestic_expert",
    "job": "Tư vấn di truyền",
}  # fmt: skip
REST = {"kind": "materials", "source": "S1", "year": 2025, "amount_vnd": 660_000_000}


def _dossier(cast, *budget):
    return {**journey.dossier(cast.users.owner.person.uid), "budget": list(budget)}


@pytest.fixture
def call(cast, full_proposal, today):
    return journey.opened_call(cast, full_proposal, today)


def test_dossier_above_the_expert_share_is_handed_in_only_with_an_explanation(cast, call, today, moment):
    draft = journey.application_draft(cast, call, today, dossier=_dossier(cast, PAY, EXPERT, REST))
    with pytest.raises(Refused, match="Dòng 2: Chi thuê chuyên gia trong nước"):
        applications.submit_application(by=cast.owner, application=draft, at=moment(today))

    told = {**EXPERT, "justification": "Trong nước chỉ có một chuyên gia về chủng nấm này."}
    applications.edit_application(
        by=cast.owner, application=draft, changes={"dossier": _dossier(cast, PAY, told, REST)}, expected_version=None
    )
    applications.submit_application(by=cast.owner, application=draft, at=moment(today))

    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert draft.dossier["budget"][0]["unit_vnd"] == 40_000_000


def test_dossier_above_the_leaders_rate_is_never_handed_in(cast, call, today, moment):
    costly = {**PAY, "unit_vnd": 45_000_000, "justification": "Chủ nhiệm giỏi."}
    draft = journey.application_draft(
        cast, call, today, dossier=_dossier(cast, costly, {**REST, "amount_vnd": 760_000_000})
    )

    with pytest.raises(Refused, match="TT 03/2023/TT-BTC"):
        applications.submit_application(by=cast.owner, application=draft, at=moment(today))


def test_page_of_a_draft_shows_the_breach_on_its_line(cast, call, client, today):
    draft = journey.application_draft(cast, call, today, dossier=_dossier(cast, PAY, EXPERT, REST))
    client.force_login(cast.users.owner)

    shown = client.get(reverse("application_page", args=[draft.uid])).content.decode()
    form = client.get(reverse("application_edit", args=[draft.uid])).content.decode()

    for body in (shown, form):
        assert "Phải giải trình" in body
        assert "vượt 30% tiền thù lao" in body


def test_appraisal_team_works_from_the_table_of_norms(cast, full_proposal, today, moment):
    _call, mine, _other, later = journey.selected(cast, full_proposal, today, moment)
    told = {**EXPERT, "justification": "Trong nước chỉ có một chuyên gia."}
    applications.edit_application(
        by=cast.owner, application=mine, changes={"dossier": _dossier(cast, PAY, told, REST)}, expected_version=None
    )
    applications.submit_revision(by=cast.owner, application=mine, explanation="Đã tiếp thu.", on=later)
    council = journey.council_for(mine, cast, later, "budget_appraisal")

    assert ("doi-chieu-dinh-muc", "Bảng đối chiếu dự toán với định mức") in papers.available(council)
    table = words(render_docx(papers.PAPERS["doi-chieu-dinh-muc"](council, later)))
    minutes = words(render_docx(papers.PAPERS["bien-ban-hop"](council, later)))
    approvals.record_appraisal(
        by=cast.inspector, application=mine, amount_vnd=1_000_000_000, months=24, lump_mode=LumpMode.PARTIAL,
        conclusion="Thống nhất.", members_total=5, members_present=4, council_member_present=True, on=later,
    )  # fmt: skip

    for text in (table, minutes):
        assert "[Đã giải trình]" in text
        assert "Trong nước chỉ có một chuyên gia." in text
    assert "6 tháng × 1 × 40.000.000 đồng" in table
    assert [item["verdict"] for item in mine.appraisal["norm_findings"]] == ["explained"]


def _line(row):
    basis = EstimateBasis(row.get("basis", "other"))
    reckoning = {
        name: row[name] for name in ("title", "content", "job", "quantity", "coefficient", "unit_vnd") if name in row
    }
    return estimates.LineDraft(
        BudgetLineKind(row["kind"]), FundingSourceKind(row["source"]), row["year"], row["amount_vnd"], basis=basis,
        reckoning=reckoning, justification=row.get("justification", ""),
    )  # fmt: skip


def test_task_estimate_above_a_norm_is_kept_but_not_approved_until_explained(cast, full_proposal, today, moment):
    _call, mine, _other, later = journey.ready_to_approve(cast, full_proposal, today, moment)
    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="9/QĐ-UBND", on=later)
    dear = estimates.draft_budget(
        by=cast.specialist, task=task, on=later, lines=[_line(PAY), _line(EXPERT), _line(REST)]
    )

    (kept,) = dear.norm_breaches
    assert (kept["line"], kept["verdict"], kept["by"]) == (1, "explain", cast.specialist.name)
    with pytest.raises(MoneyRefused, match="chuyên gia trong nước"):
        estimates.approve_budget(by=cast.leader, budget=dear, decision_number="10/QĐ", on=later)

    told = {**EXPERT, "justification": "Trong nước chỉ có một chuyên gia."}
    mended = estimates.draft_budget(
        by=cast.specialist, task=task, on=later, lines=[_line(PAY), _line(told), _line(REST)]
    )
    estimates.approve_budget(by=cast.leader, budget=mended, decision_number="11/QĐ", on=later)
    assert mended.norm_breaches[0]["verdict"] == "explained"


def test_task_estimate_drawn_from_an_older_version_is_stale_with_the_difference(cast, full_proposal, today, moment):
    _call, mine, _other, later = journey.ready_to_approve(cast, full_proposal, today, moment)
    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="9/QĐ-UBND", on=later)
    estimates.draft_budget(by=cast.specialist, task=task, on=later, lines=[_line(REST)], expected_number=1)

    mine_now = _line({**REST, "amount_vnd": 1})
    with pytest.raises(Stale) as told:
        estimates.draft_budget(by=cast.head, task=task, on=later, lines=[mine_now], expected_number=1)

    assert [(theirs, yours) for _label, theirs, yours in told.value.difference] == [("660.000.000 đồng", "1 đồng")]
