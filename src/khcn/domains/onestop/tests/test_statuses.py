"""The state table against the design's own rows, each condition on both sides, and no way out of an end."""

from datetime import UTC, datetime, timedelta

import pytest

from khcn.domains.onestop.choices import NationalStatus as S
from khcn.domains.onestop.rules.statuses import ENDS, STEPS, Facts, apply, possible, refusal, state_diagram

NOW = datetime(2022, 10, 13, 9, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = Facts(
    now=NOW, reason="Có lý do", fee_vnd=150_000, due_at=NOW + DAY, new_due_at=NOW + 3 * DAY, has_signed_result=True,
    identity_or_proof="CCCD 070…",
)  # fmt: skip
# Rows of the design page, written down here by hand: from, event, to as portal numbers.
DESIGN = [
    (1, "accept", 2), (1, "ask_intake", 1), (1, "refuse", 3), (2, "start", 4), (4, "ask_supplement", 5),
    (5, "supplied", 4), (4, "demand_fee", 6), (6, "paid", 4), (4, "extend", 4), (4, "ask_withdraw", 7),
    (4, "decide", 9),
    (9, "hand_over", 10),
]  # fmt: skip


def status(number: int) -> S:
    return next(item for item in S if item.number == number)


def test_statuses_are_the_ten_of_the_portal_in_order() -> None:
    assert [item.number for item in S] == list(range(1, 11))


@pytest.mark.parametrize(("source", "event", "target"), DESIGN)
def test_step_of_the_design_leads_where_it_says(source: int, event: str, target: int) -> None:
    assert apply(status(source), event, GOOD).number == target


@pytest.mark.parametrize("event", ["allow_withdraw"])
def test_withdrawal_allowed_before_the_result_stops_the_dossier(event: str) -> None:
    assert apply(S.WITHDRAWAL_ASKED, event, Facts(now=NOW)) is S.STOPPED


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("event", list(STEPS))
def test_step_from_a_status_not_in_the_table_is_refused(source: S, event: str) -> None:
    if source in STEPS[event].sources:
        assert event in possible(source)
    else:
        assert source.label in refusal(source, event, GOOD)
        with pytest.raises(ValueError, match="không thực hiện được"):
            apply(source, event, GOOD)


@pytest.mark.parametrize("end", ENDS)
def test_end_status_nothing_leaves_it(end: S) -> None:
    assert possible(end) == ()


@pytest.mark.parametrize(
    ("source", "event", "facts", "words"),
    [
        (S.SUBMITTED, "accept", Facts(now=NOW, missing=("Đơn đề nghị",)), "Đơn đề nghị"),
        (S.SUBMITTED, "refuse", Facts(now=NOW), "lý do"),
        (S.IN_PROGRESS, "ask_supplement", Facts(now=NOW, reason="x", supplements=1), "chuyên ngành"),
        (S.IN_PROGRESS, "ask_supplement", Facts(now=NOW), "lý do"),
        (S.IN_PROGRESS, "demand_fee", Facts(now=NOW), "không thu phí"),
        (S.IN_PROGRESS, "extend", Facts(now=NOW, reason="x"), "ngày hẹn trả mới"),
        (S.IN_PROGRESS, "extend", Facts(now=NOW, reason="x", due_at=NOW - DAY, new_due_at=NOW + DAY), "quá hạn"),
        (
            S.IN_PROGRESS,
            "extend",
            Facts(now=NOW, reason="x", due_at=NOW + DAY, new_due_at=NOW + 2 * DAY, extensions=1),
            "1 lần",
        ),
        (
            S.IN_PROGRESS,
            "extend",
            Facts(now=NOW, reason="x", due_at=NOW + DAY, new_due_at=NOW + DAY),
            "sau ngày hẹn cũ",
        ),
        (S.IN_PROGRESS, "extend", Facts(now=NOW, due_at=NOW + DAY, new_due_at=NOW + 2 * DAY), "lý do"),
        (S.WITHDRAWAL_ASKED, "allow_withdraw", Facts(now=NOW, has_signed_result=True), "đã được ký"),
        (S.IN_PROGRESS, "decide", Facts(now=NOW), "chưa được ký"),
        (S.DECIDED, "hand_over", Facts(now=NOW, identity_or_proof="x", fee_open=True), "chưa nộp phí"),
        (S.DECIDED, "hand_over", Facts(now=NOW), "giấy tờ của người nhận"),
    ],
)
def test_step_whose_condition_fails_is_refused_with_a_sentence(source: S, event: str, facts: Facts, words: str) -> None:
    assert words in refusal(source, event, facts)
    assert refusal(source, event, GOOD if event != "allow_withdraw" else Facts(now=NOW)) == ""


def test_second_supplement_with_a_sector_law_is_allowed() -> None:
    facts = Facts(now=NOW, reason="x", supplements=1, sector_basis="Luật Chuyên ngành, Điều 5")

    assert apply(S.IN_PROGRESS, "ask_supplement", facts) is S.AWAITING_SUPPLEMENT


def test_state_diagram_every_status_appears() -> None:
    drawn = state_diagram()

    assert all(item.value in drawn for item in S)
