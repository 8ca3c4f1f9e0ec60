"""Which papers go with a payment to the Treasury: by kind, line, source, amount and condition; from the law's rows."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn.domains.programme.choices import (
    FundingSourceKind,
    LedgerEntryKind,
    PaperCondition,
    PaperNeed,
    TreasuryPayment,
)
from khcn.domains.programme.rules.money import (
    PaperRule,
    TreasuryRequest,
    checklist,
    papers_due,
    treasury_payment,
)
from khcn.domains.programme.rules.rule_trace import recompute, run

S1, P = FundingSourceKind.S1_RECURRENT, TreasuryPayment
M = 10**6


def row(code="A", payment=P.PAYMENT, need=PaperNeed.BLOCK, **values):
    return PaperRule(payment=payment, code=code, title=f"Giấy {code}", need=need, **values)


def request(payment=P.PAYMENT, source=S1, amount=10 * M, **values):
    return TreasuryRequest(payment=payment, source=source, amount_vnd=amount, **values)


def codes(rows):
    return [item.code for item in rows]


@pytest.mark.parametrize(
    ("kind", "has_advances", "is_last", "asked"),
    [
        (LedgerEntryKind.ADVANCE, False, False, P.FIRST_ADVANCE),
        (LedgerEntryKind.ADVANCE, True, False, P.NEXT_ADVANCE),
        (LedgerEntryKind.CLEARANCE, True, False, P.CLEARANCE),
        (LedgerEntryKind.CLEARANCE, True, True, P.LAST_PAYMENT),
        (LedgerEntryKind.PAYMENT, False, False, P.PAYMENT),
        (LedgerEntryKind.PAYMENT, False, True, P.LAST_PAYMENT),
    ],
)
def test_treasury_payment_follows_kind_and_history(kind, has_advances, is_last, asked):
    assert treasury_payment(kind, has_advances=has_advances, is_last=is_last) is asked


def test_treasury_payment_of_an_allocation_is_no_payment():
    with pytest.raises(KeyError):
        treasury_payment(LedgerEntryKind.ALLOCATION, has_advances=False, is_last=True)


@pytest.mark.parametrize(("amount", "due"), [(50 * M, ["SMALL"]), (50 * M + 1, ["LARGE"])])
def test_papers_bounds_meet_without_gap_or_overlap(amount, due):
    rules = [row("LARGE", over_vnd=50 * M), row("SMALL", up_to_vnd=50 * M)]

    assert codes(papers_due(request(amount=amount), rules)) == due


def test_papers_of_a_line_and_a_source_are_due_for_these_alone():
    rules = [row("ANY"), row("ASSET", line="assets"), row("CAPITAL", source="S2")]

    assert codes(papers_due(request(), rules)) == ["ANY"]
    assert codes(papers_due(request(line="assets"), rules)) == ["ANY", "ASSET"]
    assert codes(papers_due(request(source=FundingSourceKind.S2_CAPITAL), rules)) == ["ANY", "CAPITAL"]


def test_papers_under_a_condition_are_due_when_it_holds():
    rules = [row("T", condition=PaperCondition.TENDER), row("E", condition=PaperCondition.EQUIPMENT)]

    assert codes(papers_due(request(), rules)) == []
    assert codes(papers_due(request(has_tender=True, has_equipment_note=True), rules)) == ["T", "E"]


def test_paper_named_by_two_rows_is_due_once_with_the_stronger_need():
    rules = [row(need=PaperNeed.WARN), row(need=PaperNeed.BLOCK, line="assets")]

    assert [item.need for item in papers_due(request(line="assets"), rules)] == [PaperNeed.BLOCK]
    assert [item.need for item in papers_due(request(), rules)] == [PaperNeed.WARN]


def test_paper_taken_away_by_a_rule_set_is_not_due():
    assert papers_due(request(), [row(need=PaperNeed.NONE)]) == ()


def test_counterpart_money_needs_no_papers_of_the_treasury():
    assert papers_due(request(source=FundingSourceKind.S4_COUNTERPART), [row()]) == ()


def test_checklist_tells_what_blocks_and_what_only_warns():
    lines = checklist(request(), [row("A"), row("B", need=PaperNeed.WARN), row("C")], there={"C", "OTHER"})

    assert [(line.rule.code, line.is_there, line.blocks, line.warns) for line in lines] == [
        ("A", False, True, False),
        ("B", False, False, True),
        ("C", True, False, False),
    ]


MANY = [
    row(code, need=need, line=line, source=source, over_vnd=over, condition=condition)
    for code, need, line, source, over, condition in itertools.product(
        "ABCD", PaperNeed, ("", "assets"), ("", "S1", "S2"), (None, 20 * M), PaperCondition
    )
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    places=st.lists(st.integers(0, len(MANY) - 1), max_size=6), there=st.sets(st.sampled_from("ABCD")),
    line=st.sampled_from(["", "assets"]), tender=st.booleans(),
)  # fmt: skip
def test_checklist_never_blocks_on_what_is_there_and_a_further_paper_never_blocks_more(places, there, line, tender):
    rules = [MANY[place] for place in places]
    asked = request(line=line, has_tender=tender)
    lines = checklist(asked, rules, there=there)

    assert len({item.rule.code for item in lines}) == len(lines)
    assert not {item.rule.code for item in lines if item.blocks} & there
    for code in "ABCD":
        more = checklist(asked, rules, there=there | {code})
        assert {item.rule.code for item in more if item.blocks} <= {item.rule.code for item in lines if item.blocks}


def test_checklist_trace_is_computed_again_alike():
    trace = run(
        "treasury.checklist",
        parameters={},
        inputs={"request": request(line="assets"), "rules": [row("A"), row("B", need=PaperNeed.WARN)], "there": ["B"]},
        rule_set="A",
    )

    assert trace.outcome == {"due": ["A", "B"], "blocking": ["A"], "warning": []}
    assert recompute(trace).agrees


@pytest.mark.parametrize(
    ("payment", "due"),
    [
        (P.FIRST_ADVANCE, {"QD-PD", "HD", "DT-NAM", "GRDT-TU"}),
        (P.NEXT_ADVANCE, {"GDN-TTTU", "GRDT-TU", "BK-KL", "XN-KL"}),
        (P.CLEARANCE, {"GDN-TTTU", "BK-KL", "XN-KL"}),
        (P.LAST_PAYMENT, {"GDN-TTTU", "BK-KL", "BB-NT"}),
    ],
)
def test_verified_rows_demand_the_papers_of_the_joint_circular(reference, payment, due):
    """TTLT 27/2015/TTLT-BKHCN-BTC, Điều 13 khoản 1 điểm c, khoản 2 điểm b, c, d, written out by hand."""
    rows = [
        item
        for item in reference("treasury_papers")
        if item["payment"] == payment and item["need"] == "block" and item["status"] == "verified"
    ]

    assert {item["code"] for item in rows if item["condition"] == "always" and not item["line"]} == due


def test_unverified_rows_say_so_and_rest_on_no_quote(reference):
    rows = [item for item in reference("treasury_papers") if item["status"] == "unverified"]

    assert rows
    assert all(not item["evidence"] and "trí nhớ" in item["note"] for item in rows)
