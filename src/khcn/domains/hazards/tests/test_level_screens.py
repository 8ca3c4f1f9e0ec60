"""The screens of levels: who opens them, what they say of holes and of what is not known, a table's way on screen."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khcn.domains.hazards.choices import LevelTableState, StationAccess
from khcn.domains.hazards.models import DeclaredFact, Evaluation, LevelTable
from khcn.domains.hazards.services.evaluations import look_at_all
from khcn.kernel.orgs.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SHORT = "1 | 1 | 45.1 | over_alarm_3_m | [0,)\n"


def client_of(actor=None):
    client = Client()
    if actor is not None:
        client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def flooded(world):
    """A river above its third alarm, and a closed station above its first."""
    world.now = timezone.now().replace(second=0, microsecond=0)
    facts = {"alarm_1_m": 52.0, "alarm_2_m": 53.0, "alarm_3_m": 54.0, "historic_m": 55.6, "station_class": "3"}
    for code, level, more in (("tv-01", 54.2, {}), ("tv-02", 52.5, {"access": StationAccess.INTERNAL})):
        made = world.station(code, name=f"Trạm thủy văn {code}", **facts, **more)
        world.put(world.stream(made, "water_level_m"), [level], start=world.now, now=world.now)
    look_at_all(by=world.system, as_of=world.now)
    return world


def said(response):
    return response.content.decode()


def test_board_shows_the_public_what_is_open_and_staff_all(flooded):
    address = reverse("hazard_situation")

    public, staff = client_of().get(address), client_of(flooded.keeper).get(address)

    assert public.context["highest"] == 3
    assert "Trạm thủy văn tv-01" in said(public)
    assert "Trạm thủy văn tv-02" not in said(public)
    assert "Trạm thủy văn tv-02" in said(staff)
    assert "không phải bản tin dự báo chính thức" in said(public)


def test_board_names_the_class_of_fire_danger_of_a_station(world):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    made = world.station("kt-01", name="Trạm khí tượng thử")
    for kind, value in (("air_temp_c", 34.0), ("humidity_pct", 40.0), ("rain_mm", 0.0)):
        stream = world.stream(made, kind, interval_s=3600)
        world.put(stream, [value] * 120, start=now - timedelta(hours=119), now=now)

    response = client_of().get(reverse("hazard_situation"))

    assert response.context["fire"][0].danger_class > 1
    assert "cấp cháy I" in said(response)


def test_evaluation_names_its_clause_and_is_hidden_with_its_station(flooded):
    seen = Evaluation.objects.get(place="tv-01", hazard="river_flood")
    hidden = Evaluation.objects.get(place="tv-02", hazard="river_flood")

    response = client_of().get(reverse("evaluation_page", args=[seen.uid]))

    assert "45.3.b" in said(response)
    assert client_of().get(reverse("evaluation_page", args=[hidden.uid])).status_code == 404
    assert client_of(flooded.keeper).get(reverse("evaluation_page", args=[hidden.uid])).status_code == 200


def test_lists_and_tables_open_for_people_with_an_account(flooded):
    client = client_of(flooded.host)

    for name in ("exceedance_list", "level_table_list", "fact_list"):
        assert client.get(reverse(name)).status_code == 200, name
    for code in LevelTable.objects.values_list("code", flat=True):
        assert client.get(reverse("level_table", args=[code])).status_code == 200, code
        assert client.get(reverse("level_table_ask", args=[code])).status_code == 200, code


def test_table_page_shows_gaps_and_overlaps_of_the_fire_table(flooded):
    response = client_of(flooded.keeper).get(reverse("level_table", args=["forest-fire-2021"]))

    assert response.context["covered"].gaps
    assert response.context["covered"].overlaps
    assert "54.2.b" in said(response)


def test_asking_a_table_names_the_level_the_hole_and_what_is_missing(flooded):
    client, address = client_of(flooded.keeper), reverse("level_table_ask", args=["heavy-rain-2021"])

    level = client.get(address, {"rain_24h_mm": "134", "duration_days": "1", "spread": "one_province",
                                 "share_of_units": "0,02"})  # fmt: skip
    hole = client.get(address, {"rain_24h_mm": "250", "rain_12h_mm": "20", "duration_days": "1", "terrain": "hills",
                                "spread": "one_province", "share_of_units": "0,02"})  # fmt: skip
    unknown = client.get(address, {"rain_24h_mm": "134"})

    assert (level.context["verdict"].level, level.context["verdict"].clauses) == (1, ("44.1",))
    assert hole.context["verdict"].outcome.value == "outside_table"
    assert "Kéo dài" in unknown.context["missing"]


def test_province_table_is_drafted_tried_submitted_and_approved_by_a_second_person_on_screen(flooded):
    keeper, head = client_of(flooded.keeper), client_of(flooded.head)
    day = f"{timezone.localdate():%d/%m/%Y}"
    keeper.post(reverse("level_table_draft", args=["river-flood-2021"]),
                {"owner": flooded.owner.code, "decision": "9/2026/QĐ-UBND", "valid_from": day})  # fmt: skip
    table = LevelTable.objects.get(scope="province")
    keeper.post(reverse("level_table_edit", args=[table.code]),
                {"decision": table.decision, "valid_from": day, "policy": "highest", "lines_text": SHORT,
                 "version": table.version})  # fmt: skip

    keeper.post(reverse("level_table_rehearse", args=[table.code]))
    table.refresh_from_db()
    shown = said(keeper.get(reverse("level_table", args=[table.code])))
    keeper.post(reverse("level_table_submit", args=[table.code]), {"version": table.version})
    refused = keeper.post(reverse("level_table_approve", args=[table.code]), {"version": table.version + 1})
    head.post(reverse("level_table_approve", args=[table.code]), {"version": table.version + 1})
    table.refresh_from_db()

    assert "<strong>Cấp 1</strong>" in shown
    assert refused.status_code == 403
    assert table.state == LevelTableState.APPROVED
    look_at_all(by=flooded.system, as_of=flooded.now + timedelta(minutes=1))
    assert Evaluation.objects.filter(place="tv-01", hazard="river_flood").first().table_id == table.pk


def test_lines_that_cannot_be_read_come_back_beside_the_field(flooded):
    client = client_of(flooded.keeper)
    client.post(reverse("level_table_draft", args=["heat-2021"]),
                {"owner": flooded.owner.code, "decision": "x", "valid_from": "01/06/2023"})  # fmt: skip
    table = LevelTable.objects.get(scope="province")

    response = client.post(reverse("level_table_edit", args=[table.code]), {
        "decision": "x", "valid_from": "01/06/2023", "policy": "unique", "lines_text": "1 | 1",
        "version": "1",
    })  # fmt: skip

    assert response.status_code == 422
    assert "Dòng 1 cần đúng năm phần" in said(response)


def test_declared_fact_is_kept_with_its_source(flooded):
    client = client_of(flooded.keeper)

    client.post(reverse("fact_list"), {
        "owner": flooded.owner.code, "input": "province_group", "value": "2", "source": "Bảng 5",
        "valid_from": "01/01/2022",
    })  # fmt: skip

    fact = DeclaredFact.objects.get()
    assert (fact.input, fact.value, fact.valid_from) == ("province_group", "2", date(2022, 1, 1))
    assert client_of(flooded.host).post(reverse("fact_list"), {}).status_code == 404


def test_board_costs_a_fixed_number_of_statements(flooded, sql_count):
    client = client_of(flooded.keeper)
    client.get(reverse("hazard_situation"))
    with sql_count() as few:
        client.get(reverse("hazard_situation"))
    for number in range(6):
        made = flooded.station(f"x-{number}", alarm_1_m=1.0, alarm_2_m=2.0, alarm_3_m=3.0)
        flooded.put(flooded.stream(made, "water_level_m"), [1.5], start=flooded.now, now=flooded.now)
    look_at_all(by=flooded.system, as_of=flooded.now + timedelta(minutes=1))

    with sql_count() as many:
        client.get(reverse("hazard_situation"))

    assert len(many) <= len(few) <= 40
