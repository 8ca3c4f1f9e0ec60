"""Values kept once, judged, corrected with what was there, whatever door they came by."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django_tasks_db.models import DBTaskResult

from khcn.domains.hazards.choices import ObservationDoor, Quality
from khcn.domains.hazards.errors import ObservationRefused
from khcn.domains.hazards.models import LatestObservation, Observation, ObservationRevision
from khcn.domains.hazards.services.entry import correct_observation, enter_observations
from khcn.domains.hazards.services.observations import Reading, record_observations
from khcn.domains.hazards.tests.conftest import NOW
from khcn.kernel.audit.models import AuditEntry
from khcn.lib.failure import Forbidden, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TEN = timedelta(minutes=10)


def counts(done):
    return done.new, done.same, done.corrected, done.kept


def test_batch_sent_twice_is_kept_once(world) -> None:
    rain = world.stream(world.station())

    first, second = world.put(rain, [0.0, 1.5, 2.0]), world.put(rain, [0.0, 1.5, 2.0])

    assert counts(first) == (3, 0, 0, 0)
    assert counts(second) == (0, 3, 0, 0)
    assert Observation.objects.count() == 3
    latest = LatestObservation.objects.get(datastream=rain)
    assert (latest.result, latest.phenomenon_time) == (2.0, NOW - timedelta(hours=1) + 2 * TEN)


def test_other_value_at_the_same_time_is_a_correction_that_keeps_what_was_there(world) -> None:
    rain = world.stream(world.station())
    world.put(rain, [1.0, 2.0])

    done = world.put(rain, [1.0, 7.5], door=ObservationDoor.FILE, reason="Tệp trạm")

    assert counts(done) == (0, 1, 1, 0)
    kept = Observation.objects.get(result=7.5)
    assert (kept.quality, kept.revision) == (Quality.CORRECTED, 2)
    before = ObservationRevision.objects.get()
    assert (before.result, before.revision, before.reason) == (2.0, 1, "Tệp trạm")
    assert LatestObservation.objects.get(datastream=rain).result == 7.5


def test_machine_never_writes_over_what_a_person_corrected(world) -> None:
    rain = world.stream(world.station())
    world.put(rain, [1.0], door=ObservationDoor.MQTT)
    value = Observation.objects.get()
    correct_observation(by=world.observer, observation=value, value=3.0, reason="Đọc lại sổ đo", now=NOW)

    again = world.put(rain, [1.0], door=ObservationDoor.MQTT)

    assert counts(again) == (0, 0, 0, 1)
    assert Observation.objects.get().result == 3.0


def test_revisions_and_observations_cannot_be_removed_or_rewritten(world) -> None:
    rain = world.stream(world.station())
    world.put(rain, [1.0])
    world.put(rain, [2.0])

    for act in (
        lambda: Observation.objects.all().delete(),
        lambda: ObservationRevision.objects.all().delete(),
        lambda: ObservationRevision.objects.update(result=9.0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("values", "marks", "qualities"),
    [
        ([20.0, 21.0, 60.0, 21.5], [0, 0, 1, 0], [1, 1, 3, 1]),
        ([20.0, 28.0, 28.5], [0, 2, 2], [1, 2, 2]),
        ([20.0, None, 20.5], [0, 0, 0], [1, 9, 1]),
    ],
)
def test_temperature_is_judged_by_range_and_step(world, values, marks, qualities) -> None:
    air = world.stream(world.station(), "air_temp_c", interval_s=600)

    world.put(air, values)

    rows = list(Observation.objects.order_by("phenomenon_time"))
    assert [row.checks for row in rows] == marks
    assert [row.quality for row in rows] == qualities


def test_value_that_does_not_move_for_hours_is_suspect_also_across_batches(world) -> None:
    station = world.station()
    air, rain = world.stream(station, "air_temp_c", interval_s=3600), world.stream(station, interval_s=3600)
    start = NOW - timedelta(hours=40)

    for stream, value in ((air, 25.0), (rain, 0.0)):
        world.put(stream, [value] * 10, start=start)
        world.put(stream, [value] * 10, start=start + timedelta(hours=10))

    marks = list(
        Observation.objects.filter(datastream=air).order_by("phenomenon_time").values_list("checks", flat=True)
    )
    assert marks == [0] * 13 + [4] * 7
    assert not Observation.objects.filter(datastream=rain, checks__gt=0).exists()


@pytest.mark.parametrize(
    ("at", "value", "sentence"),
    [
        (NOW + timedelta(hours=2), 1.0, "ở tương lai"),
        (NOW.replace(year=2014), 1.0, "hoạt động từ"),
        (NOW, float("nan"), "số hữu hạn"),
        (NOW, float("inf"), "số hữu hạn"),
        (NOW, 1e300, "số hữu hạn"),
    ],
)
def test_batch_with_a_fault_is_refused_whole_and_by_machines_taken_without_it(world, at, value, sentence) -> None:
    rain = world.stream(world.station())
    batch = [Reading(rain.pk, NOW - TEN, 1.0), Reading(rain.pk, at, value)]

    with pytest.raises(ObservationRefused, match=sentence) as refused:
        record_observations(by=world.system, readings=batch, door=ObservationDoor.FILE, now=NOW)
    assert not Observation.objects.exists()
    done = record_observations(by=world.system, readings=batch, door=ObservationDoor.MQTT, now=NOW, drop_faulty=True)

    assert refused.value.faults[0][0] == 1
    assert (done.new, len(done.faults)) == (1, 1)


def test_value_of_an_unknown_or_closed_station_is_refused(world) -> None:
    rain = world.stream(world.station(closed_on=None))
    rain.station.closed_on = date(2023, 5, 1)
    rain.station.save()

    with pytest.raises(ObservationRefused, match="đã ngừng"):
        world.put(rain, [1.0])
    with pytest.raises(ObservationRefused, match="Không có chuỗi"):
        record_observations(by=world.system, readings=[Reading(10**9, NOW, 1.0)], door=ObservationDoor.MQTT, now=NOW)


def test_late_and_corrected_values_tell_from_when_things_are_to_be_seen_anew(world) -> None:
    rain = world.stream(world.station())
    world.put(rain, [0.0, 0.0, 0.0])

    def told():
        return [json.loads(row.args_kwargs["args"][1])["since"] for row in DBTaskResult.objects.order_by("enqueued_at")]

    in_time = told()
    world.put(rain, [5.0], start=NOW - timedelta(hours=5))

    assert in_time == []
    assert len(told()) <= 1  # nobody listens yet, or the engine does


def test_each_batch_leaves_one_entry_and_an_idle_one_none(world) -> None:
    rain = world.stream(world.station())

    world.put(rain, [1.0, 2.0])
    world.put(rain, [1.0, 2.0])

    entries = AuditEntry.objects.filter(verb="observation.record")
    assert entries.count() == 1
    assert entries.get().after == {"door": "story", "new": 2, "corrected": 0, "series": 1}


def test_hand_entry_takes_two_readings_and_refuses_those_that_differ(world) -> None:
    station = world.station()
    rain, level = world.stream(station), world.stream(station, "water_level_m")

    with pytest.raises(ObservationRefused, match="Hai lần đọc khác nhau"):
        enter_observations(by=world.observer, station=station, at=NOW, values=[(rain.code, 1.0, 1.1)], now=NOW)
    done = enter_observations(
        by=world.observer, station=station, at=NOW, values=[(rain.code, 1.0, 1.0), (level.code, 4.25, None)], now=NOW
    )

    assert done.new == 2
    with pytest.raises(Forbidden):
        enter_observations(by=world.stranger, station=station, at=NOW, values=[(rain.code, 1.0, None)], now=NOW)


def test_correction_needs_a_reason_and_the_revision_it_saw(world) -> None:
    rain = world.stream(world.station())
    world.put(rain, [1.0])
    value = Observation.objects.get()

    with pytest.raises(ObservationRefused, match="lý do"):
        correct_observation(by=world.observer, observation=value, value=2.0, reason=" ")
    correct_observation(
        by=world.observer, observation=value, value=None, reason="Máy hỏng", expected_revision=1, now=NOW
    )
    with pytest.raises(Stale):
        correct_observation(by=world.observer, observation=value, value=2.0, reason="x", expected_revision=1)

    value.refresh_from_db()
    assert (value.result, value.quality) == (None, Quality.MISSING)


def test_batch_costs_few_statements_however_large(world, sql_count) -> None:
    station = world.station()
    streams = [world.stream(station, code) for code in ("rain_mm", "air_temp_c", "humidity_pct")]

    def cost(count, start):
        readings = [
            Reading(stream.pk, start + TEN * place, 20.0 + place / 100) for stream in streams for place in range(count)
        ]
        with sql_count() as queries:
            record_observations(by=world.system, readings=readings, door=ObservationDoor.MQTT, now=NOW)
        return len(queries)

    few, many = cost(2, NOW - timedelta(days=3)), cost(200, NOW - timedelta(days=2))

    assert few <= 9
    assert many <= few + 6  # SQLite takes a thousand values at a time
