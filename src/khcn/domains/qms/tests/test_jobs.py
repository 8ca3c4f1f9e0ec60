"""The day's work without a person, and the engine's overdue event."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from khcn.domains.qms.jobs import hear_of_overdue_step
from khcn.domains.qms.models import Nonconformity
from khcn.domains.qms.tests.world import World, make_case, make_procedure

pytestmark = pytest.mark.django_db


def test_hear_of_overdue_step_opens_a_draft_once_the_month_has_three(world: World) -> None:
    version = make_procedure()
    told = {"due_at": "2025-03-04T01:00:00Z", "procedure_code": "TT-01", "step_key": "buoc-1"}
    payload = json.dumps(told)
    for number in range(2):
        make_case(version, world.organisation, number, received=date(2025, 3, 3), late_steps=1)

    hear_of_overdue_step(payload)
    assert not Nonconformity.objects.exists()
    make_case(version, world.organisation, 2, received=date(2025, 3, 3), late_steps=1)
    hear_of_overdue_step(json.dumps({**told, "step_key": "buoc-2"}))
    assert not Nonconformity.objects.exists()
    hear_of_overdue_step(payload)
    hear_of_overdue_step(payload)

    assert Nonconformity.objects.get().trigger == "overdue:TT-01:buoc-1:2025-03"


def test_run_quality_says_what_it_did(world: World, capsys) -> None:
    call_command("run_quality")

    assert "phiếu không phù hợp mới: 0" in capsys.readouterr().out
