"""Warnings are judged by gauges and damage: hits, false alarms, misses, what cannot be verified, Finley on the page."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from khcn.domains.hazards.models import GivenWarning
from khcn.domains.hazards.queries.verifying import skills
from khcn.domains.hazards.services.verifying import hear_harm, hear_warning
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = date(2023, 5, 14)
START = datetime(2023, 5, 13, 17, tzinfo=UTC)
"""Midnight in Vietnam."""


def warn(units, message="m.1", kind="Alert", hours=(1, 20), issued=START, hazard="heavy_rain", exercise=False, **more):
    hear_warning(json.dumps({
        "case": "CB-1", "hazard": hazard, "message": message, "message_type": kind, "level": 1, "units": units,
        "issued_at": issued.isoformat(), "onset_at": (START + timedelta(hours=hours[0])).isoformat(),
        "expires_at": (START + timedelta(hours=hours[1])).isoformat(), "is_exercise": exercise,
        **more,
    }))  # fmt: skip


def harm(unit, report="TH-1", hours=5, hazard="heavy_rain", **more):
    hear_harm(json.dumps({"report": report, "hazard": hazard, "unit": unit, **more,
                          "happened_at": (START + timedelta(hours=hours)).isoformat()}))  # fmt: skip


@pytest.fixture
def gauged(world):
    """A gauge in three of the four communes: heavy rain in the first, little in the second, a hole in the third."""
    communes = sorted(cells_on(DAY, level=UnitLevel.COMMUNE), key=lambda cell: cell.code)
    for number, values in enumerate(([3.0] * 24, [0.5] * 24, [0.5] * 10)):
        middle = communes[number].shape.representative_point()
        made = world.station(f"v-{number}", latitude=middle.y, longitude=middle.x)
        stream = world.stream(made, "rain_mm", interval_s=3600)
        world.put(stream, values, start=START + timedelta(hours=1))
    return world


def only(found):
    assert len(found) == 1
    return found[0]


def test_gauges_tell_hits_false_alarms_and_what_nobody_can_verify(gauged):
    warn(["25000", "25001"])

    found = only(skills(DAY, DAY))

    assert (found.counts.hits, found.counts.false_alarms, found.counts.misses) == (1, 1, 0)
    assert found.unverifiable == 2
    assert found.by_gauges


def test_rain_and_damage_without_a_warning_are_misses(gauged):
    warn(["25001"])
    harm("25003")

    found = only(skills(DAY, DAY))

    assert (found.counts.hits, found.counts.false_alarms, found.counts.misses) == (0, 1, 2)


def test_cancellation_ends_what_was_warned_of(gauged):
    warn(["25000"], hours=(30, 40))
    warn(["25000"], "m.2", "Cancel", issued=START + timedelta(hours=26))

    assert GivenWarning.objects.get().ends_at == START + timedelta(hours=26)


def test_lead_time_is_from_issue_to_damage(gauged):
    warn(["25000"])
    harm("25000", hours=5)

    assert only(skills(DAY, DAY)).lead_minutes == 300.0


def test_exercise_and_repeat_count_for_nothing(gauged):
    warn(["25000"], exercise=True)
    warn(["25000"], "m.2")
    warn(["25000"], "m.2")

    assert only(skills(DAY, DAY)).warnings == 1


def test_what_was_invented_is_judged_apart_and_judges_nothing_real(gauged):
    warn(["25000", "25001"])
    warn(["25000", "25001", "25002"], "m.9", issued=START - timedelta(hours=1), is_illustration=True, case="CB-9")
    harm("25002", is_illustration=True)

    real, invented = only(skills(DAY, DAY)), only(skills(DAY, DAY, illustrations=True))

    assert (real.warnings, real.counts.hits, real.counts.false_alarms, real.unverifiable) == (1, 1, 1, 2)
    assert (invented.warnings, invented.counts.hits, invented.counts.false_alarms) == (1, 1, 0)
    assert invented.unverifiable == 3  # the gauges are real and say nothing about what was invented
    page = Client().get(reverse("warning_verification"), {"tu": "14/05/2023", "den": "14/05/2023"})
    words = page.content.decode()
    assert words.index("Cảnh báo minh họa") > words.index("Đánh giá chất lượng cảnh báo")
    assert [len(page.context[name]) for name in ("real", "invented")] == [1, 1]


def test_page_is_open_to_everyone_and_reckons_finley(gauged):
    warn(["25000"])

    response = Client().get(reverse("warning_verification"), {"tu": "14/05/2023", "den": "14/05/2023"})

    words = response.content.decode()
    assert response.status_code == 200
    for figure in ("0,549", "0,720", "0,228", "0,355"):
        assert figure in words
    assert Client().get(reverse("warning_verification")).status_code == 200
