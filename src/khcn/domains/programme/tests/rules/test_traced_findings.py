"""Rules that answer with findings give the same answer from their stored trace."""

import json
from datetime import date

import pytest

from khcn.domains.programme.choices import CouncilKind, Grade, RelationKind, SeatRole, TaskLevel, WorkTitle
from khcn.domains.programme.rules.conflicts import Candidate, Kinship, Participant, Party
from khcn.domains.programme.rules.eligibility import Leader, PastTask
from khcn.domains.programme.rules.money import AdvanceRequest, PaymentRequest
from khcn.domains.programme.rules.plain_values import restore
from khcn.domains.programme.rules.recomputation import check_traces
from khcn.domains.programme.rules.rule_trace import as_plain, run

PAST = PastTask("t1", "KHCN-2021-01", TaskLevel.PROVINCIAL, date(2023, 1, 31), date(2023, 2, 1), recovery_owed_vnd=5)
FRAME = {"level": TaskLevel.PROVINCIAL, "closing_on": date(2024, 6, 30)}
PARTY = Party("host", "Viện A", (("partner", "Công ty B"),), (Participant("pi", "An", WorkTitle.PI),))
KIN = Candidate("x", frozenset({"partner", "other"}), (Kinship("pi", RelationKind.SPOUSE),))

CASES = {
    "eligibility.host_bars": ({"tasks": [PAST], **FRAME}, ["host_recovery"]),
    "eligibility.leader_bars": (
        {"leader": Leader(False, date(2010, 1, 1), True), "led": [], "unpaid_by_hosts": [PAST], **FRAME},
        ["degree", "leader_recovery"],
    ),
    "council.conflicts": (
        {"kind": CouncilKind.SELECTION, "role": SeatRole.MEMBER, "candidate": KIN, "parties": [PARTY]},
        ["employee", "kinship"],
    ),
    "adjustment.extension": (
        {
            "term_months": 24,
            "extra_months": 7,
            "earlier_extensions": 1,
            "ends_on": date(2024, 7, 31),
            "asked_on": date(2024, 6, 30),
        },
        ["times", "length"],
    ),
    "money.advance": (as_plain(AdvanceRequest(501, 1000, 600, 0, 0, True)), ["first_advance"]),
    "money.payment": (as_plain(PaymentRequest(1, 10, 0, True, True, Grade.FAIL)), ["last_payment"]),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_finding_rule_answers_and_is_recomputed_after_json(name, regime_a):
    inputs, expected = CASES[name]

    kept = run(name, parameters=regime_a(""), inputs=inputs, rule_set="A").as_json()
    (verdict,) = check_traces([json.loads(json.dumps(kept))])

    assert [item.get("code", item.get("kind")) for item in kept["outcome"]] == expected
    assert verdict.agrees


def test_restore_is_the_inverse_of_as_plain_and_refuses_gaps():
    assert restore(PastTask, as_plain(PAST)) == PAST
    assert restore(PaymentRequest, as_plain(PaymentRequest(1, 2, 3, False))) == PaymentRequest(1, 2, 3, False)
    with pytest.raises(KeyError):
        restore(Leader, {"has_degree": True})
    with pytest.raises(ValueError, match="galactic"):
        restore(PastTask, {**as_plain(PAST), "level": "galactic"})
