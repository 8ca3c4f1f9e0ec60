"""Stored traces are computed again, and what was altered is found."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import Grade
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.recomputation import check_traces, known_rules
from khcn.domains.programme.rules.rule_trace import UnknownRule, as_plain, rule, run


def trace(**changes):
    kept = run("acceptance.grade_passes", parameters={}, inputs={"council_grade": Grade.PASS}, rule_set="A")
    return json.loads(json.dumps({**kept.as_json(), **changes}))


def test_check_honest_trace_agrees_after_a_round_through_json():
    (verdict,) = check_traces([trace()])

    assert verdict.agrees
    assert verdict.text == ""


def test_check_altered_input_outcome_or_unknown_rule_is_named():
    altered, forged, unknown = check_traces(
        [
            trace(inputs={"council_grade": "fail"}),
            trace(outcome={"passed": False, "message": "…"}),
            trace(rule="acceptance.forgotten"),
        ]
    )

    assert not altered.agrees
    assert altered.outcome["passed"] is False
    assert "kết quả khác" in forged.text
    assert unknown.text == "Phiên bản này không có quy tắc “acceptance.forgotten”."


def test_known_rules_hold_every_guard_of_every_machine_and_the_counts():
    named = {name for machine in MACHINES.values() for row in machine.transitions for name in row.guards}

    assert named < set(known_rules())
    assert {"selection.score", "acceptance.count", "identification.count", "recovery.due"} < set(known_rules())


def test_import_of_the_door_alone_registers_all_rules():
    code = "from khcn.domains.programme.rules.recomputation import known_rules; print(len(known_rules()))"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())

    assert int(fresh.stdout) == len([name for name in known_rules() if not name.startswith("test.")])


def _environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_plain_values_are_exact_and_a_float_is_refused():
    assert as_plain(
        {"a": Fraction(1, 3), "b": Decimal("1.10"), "c": date(2024, 1, 2), "d": (Grade.PASS, None, True)}
    ) == {
        "a": "1/3",
        "b": "1.10",
        "c": "2024-01-02",
        "d": ["pass", None, True],
    }
    assert as_plain(datetime(2024, 1, 2, 3, 4, tzinfo=UTC)) == "2024-01-02T03:04:00+00:00"
    assert as_plain({"y", "x"}) == ["x", "y"]
    with pytest.raises(TypeError, match="float"):
        as_plain([0.1])


def test_rule_of_the_same_name_twice_and_unknown_name_are_refused():
    @rule("test.once")
    def once(parameters, inputs):
        return inputs["x"]

    with pytest.raises(ValueError, match="registered twice"):
        rule("test.once")(once)
    with pytest.raises(UnknownRule):
        run("test.never", parameters={}, inputs={})
