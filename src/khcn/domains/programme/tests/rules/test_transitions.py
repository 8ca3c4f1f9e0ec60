"""The state machines: tables are sound, events apply or refuse in Vietnamese, the reference page is current."""

from datetime import date
from pathlib import Path

import pytest

from khcn.domains.programme.choices import TaskState
from khcn.domains.programme.rules.machines import MACHINES, PROPOSAL, TASK, TASK_TRACKS
from khcn.domains.programme.rules.rule_trace import RuleTrace, recompute
from khcn.domains.programme.rules.state_diagrams import reference_page
from khcn.domains.programme.rules.transitions import TransitionRefused, apply, permitted_events, required_parameters
from khcn.lib.roles import Role

ROOT = Path(__file__).parents[6]
ALL = sorted(MACHINES)


@pytest.mark.parametrize("code", ALL)
def test_machine_every_state_is_reached_from_the_first(code):
    machine = MACHINES[code]

    reached = {machine.initial}
    while True:
        further = {row.target for row in machine.transitions if row.source in reached} - reached
        if not further:
            break
        reached |= further

    assert reached == set(machine.states)


@pytest.mark.parametrize("code", ALL)
def test_machine_has_a_final_state_reachable_from_every_state(code):
    machine = MACHINES[code]
    can_end = set(machine.final_states())
    # An answered-and-applied result stays under yearly watch, so uptake has no state that nothing leaves.
    if code == "uptake":
        assert not can_end
        return

    assert can_end
    while True:
        further = {row.source for row in machine.transitions if row.target in can_end} - can_end
        if not further:
            break
        can_end |= further

    assert can_end == set(machine.states)


@pytest.mark.parametrize("code", ALL)
def test_machine_rows_have_roles_and_vietnamese_labels(code):
    for row in MACHINES[code].transitions:
        assert row.roles, row
        assert row.label[0].isupper()
        assert not row.label.endswith(".")


def test_tracks_opened_by_a_task_exist_and_open_by_schedule():
    tracks = {machine.code: machine for machine in TASK_TRACKS}
    for row in TASK.transitions:
        for code, event in row.opens:
            opening = [item for item in tracks[code].from_state(tracks[code].initial) if item.event == event]
            assert len(opening) == 1
            assert opening[0].automatic


def test_apply_permitted_event_returns_documents_clocks_and_traces():
    outcome = apply(
        PROPOSAL,
        "in_council",
        "recommend",
        facts={"ballots_total": 9, "ballots_pass": 7},
        roles={Role.SCI_SECRETARY},
        parameters={"identification.pass_share": "3/4"},
        rule_set="A",
    )

    assert outcome.to_state == "recommended"
    assert "C3-BBKP" in outcome.documents
    assert "order_list.review" in outcome.starts
    assert outcome.traces[0].as_json() == {
        "rule": "identification.pass_share",
        "rule_set": "A",
        "parameters": {"identification.pass_share": "3/4"},
        "inputs": {"ballots_total": 9, "ballots_pass": 7},
        "outcome": {"passed": True, "message": None},
    }


@pytest.mark.parametrize(("total", "needed"), [(7, 6), (8, 7), (9, 7), (11, 9)])
def test_apply_identification_needs_strictly_more_than_three_quarters(total, needed):
    arguments = {"roles": {"sci_secretary"}, "parameters": {"identification.pass_share": "3/4"}}

    apply(PROPOSAL, "in_council", "recommend", facts={"ballots_total": total, "ballots_pass": needed}, **arguments)
    with pytest.raises(TransitionRefused) as refused:
        apply(
            PROPOSAL, "in_council", "recommend", facts={"ballots_total": total, "ballots_pass": needed - 1}, **arguments
        )

    assert refused.value.guard == "identification.pass_share"
    assert f"{needed - 1}/{total}" in refused.value.message


def test_apply_wrong_state_names_label_and_state():
    with pytest.raises(TransitionRefused) as refused:
        apply(TASK, "approved", "submit_dossier", facts={}, roles={"host"})

    assert (
        refused.value.message
        == "Không thể thực hiện “Nộp hồ sơ nghiệm thu” khi nhiệm vụ đang ở trạng thái “Đã phê duyệt”."
    )
    assert refused.value.guard == "state"


def test_apply_unknown_event_and_unknown_state_are_refused():
    with pytest.raises(TransitionRefused, match="không có thao tác"):
        apply(TASK, "approved", "fly", facts={}, roles={"host"})
    with pytest.raises(TransitionRefused, match="không có trong quy trình"):
        apply(TASK, "flying", "archive", facts={}, roles={"host"})


def test_apply_wrong_role_says_who_may():
    with pytest.raises(TransitionRefused) as refused:
        apply(TASK, "approved", "cancel", facts={}, roles={"host"})

    assert refused.value.guard == "role"
    assert "Lãnh đạo Ủy ban nhân dân tỉnh" in refused.value.message
    assert "Tổ chức chủ trì" in refused.value.message


def test_apply_missing_fact_or_parameter_fails_closed():
    with pytest.raises(TransitionRefused, match="Chưa có dữ kiện"):
        apply(TASK, "running", "end_term", facts={"today": date(2024, 1, 1)}, roles={"specialist"})
    with pytest.raises(TransitionRefused, match="chưa có tham số"):
        apply(
            TASK,
            "dossier_due",
            "declare_late_failure",
            facts={"today": date(2024, 1, 1), "ends_on": date(2023, 1, 1)},
            roles={"director"},
        )


def test_apply_automatic_event_needs_no_role_only_where_the_row_allows_it():
    facts = {"today": date(2024, 7, 2), "ends_on": date(2024, 7, 1)}

    outcome = apply(TASK, "running", "end_term", facts=facts, roles=(), automatic=True)

    assert outcome.to_state is TaskState.DOSSIER_DUE
    assert outcome.traces[0].inputs == {"today": "2024-07-02", "ends_on": "2024-07-01"}
    with pytest.raises(TransitionRefused):
        apply(TASK, "accepted", "archive", facts={"open_tracks": []}, roles=(), automatic=True)


def test_council_quorum_parameters_follow_the_kind_of_council():
    facts = {
        "council_kind": "acceptance",
        "conflicts": [],
        "members_total": 9,
        "members_present": 6,
        "chair_presides": True,
        "reviewers_absent": 0,
        "secretary_present": True,
        "reviews_missing": [],
    }
    keys = required_parameters(MACHINES["council"], "papers_sent", "open_session", facts)

    assert set(keys) == {"acceptance.quorum_share", "acceptance.quorum_reviewers", "acceptance.quorum_secretary"}
    values = {"acceptance.quorum_share": "2/3", **{key: "yes" for key in keys if not key.endswith("share")}}
    apply(MACHINES["council"], "papers_sent", "open_session", facts=facts, roles={"chair"}, parameters=values)
    with pytest.raises(TransitionRefused, match="thư ký khoa học"):
        apply(
            MACHINES["council"],
            "papers_sent",
            "open_session",
            facts={**facts, "secretary_present": False},
            roles={"chair"},
            parameters=values,
        )


def test_stored_trace_is_recomputed_and_a_forged_one_is_found():
    outcome = apply(
        PROPOSAL,
        "in_council",
        "recommend",
        facts={"ballots_total": 9, "ballots_pass": 7},
        roles={"sci_secretary"},
        parameters={"identification.pass_share": "3/4"},
    )
    stored = outcome.traces[0].as_json()

    assert recompute(RuleTrace.from_json(stored)).agrees
    forged = {**stored, "inputs": {"ballots_total": 9, "ballots_pass": 6}}
    assert not recompute(RuleTrace.from_json(forged)).agrees


def test_permitted_events_differ_by_role():
    assert {row.event for row in permitted_events(TASK, "running", {"host"})} == {"submit_dossier"}
    assert "terminate" in {row.event for row in permitted_events(TASK, "running", {"leader"})}


def test_reference_page_of_state_machines_is_current():
    page = ROOT / "docs" / "reference" / "state-machines.md"

    assert page.read_text(encoding="utf-8") == reference_page(), (
        "chạy: PYTHONPATH=src python -m khcn.domains.programme.rules.state_diagrams > docs/reference/state-machines.md"
    )
