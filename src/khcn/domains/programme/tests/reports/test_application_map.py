"""The map of application places: stages as the targets count them, filters, scope; each place leads to its rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from khcn.domains.programme.models import ApplicationRecord, Plan, Product
from khcn.domains.programme.queries.application_map import STAGES, spots_of, staged_products
from khcn.domains.programme.queries.uptake import applied_products, product_stages
from khcn.domains.programme.tests.reports.test_reports import busy
from khcn.domains.programme.tests.reports.world import build_world
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.kernel.places.models import AdministrativeUnit, Place
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast, people):
    made = build_world(cast, people.specialist.actor)
    busy(made)
    return made


def shown(client, **query):
    return client.get(reverse("application_map"), query)


def test_stages_of_the_map_are_those_that_the_targets_count(world, people):
    today = timezone.localdate()
    types = Product.objects.values_list("type", flat=True)

    applied = applied_products(world.plan.uid, on=today, min_days=180, grace_months=12)
    tally = product_stages(world.plan.uid, on=today, applied=applied, types=types).values()
    stages = list(staged_products(people.specialist.actor, on=today).values_list("stage", flat=True))

    reached = {stage: sum(STAGES.index(one) >= STAGES.index(stage) for one in stages) for stage in STAGES}
    assert reached == {stage: sum(getattr(line, stage) for line in tally) for stage in STAGES}
    assert reached["applied"] > 0
    assert reached["ordered"] > reached["applied"]


def test_place_is_found_without_diacritics_and_leads_to_its_products(world, people):
    used = ApplicationRecord.objects.order_by("pk").first()
    place = Place.objects.create(name="Cánh đồng Bù Đăng", latitude=11.81, longitude=107.25)
    ApplicationRecord.objects.filter(pk=used.pk).update(place=place, used_from=timezone.localdate() - timedelta(300))
    client = client_for(people.specialist)

    found = shown(client, q="canh dong bu dang")
    at_place = shown(client, place=str(place.uid))

    assert [item.pk for item in found.context["page"]] == [used.product_id]
    assert [item.pk for item in at_place.context["page"]] == [used.product_id]
    assert [(marker.label, marker.latitude, marker.longitude) for marker in found.context["map"].markers] == [
        ("Cánh đồng Bù Đăng", pytest.approx(11.81), pytest.approx(107.25))
    ]
    assert f"place={place.uid}" in found.context["map"].markers[0].address
    assert "Không có sản phẩm nào khớp" in shown(client, q="khong co noi nay").content.decode()


def test_place_without_position_is_drawn_at_its_units_centre_or_named_below(world, people):
    unit = AdministrativeUnit.objects.create(code="00001", name="Xã Thử", level="commune", latitude=11.5, longitude=107)
    with_unit, without = Place.objects.create(name="Vườn tiêu", unit=unit), Place.objects.create(name="Xưởng xa")
    first, second = Product.objects.order_by("pk")[:2]
    Product.objects.filter(pk=first.pk).update(place=with_unit)
    Product.objects.filter(pk=second.pk).update(place=without)

    response = shown(client_for(people.specialist))

    assert "Vườn tiêu (trung tâm xã)" in [marker.label for marker in response.context["map"].markers]
    assert [spot.place.name for spot in response.context["unplaced"]] == ["Xưởng xa"]


def test_filters_narrow_by_stage_year_type_and_plan_and_the_file_holds_the_same_rows(world, people):
    client = client_for(people.specialist)
    applied = list(staged_products(people.specialist.actor, on=timezone.localdate()).filter(stage="applied"))
    other = Plan.objects.create(code="KH-X", title="Khác", issuer="UBND", period_from=2031, period_to=2035,
                                state="adopted")  # fmt: skip

    rows = shown(client, stage="applied").context["page"].paginator.count
    in_year = shown(client, stage="applied", year=applied[0].stage_on.year).context["page"]
    sheet = b"".join(client.get(reverse("application_map") + "?tai=csv&stage=applied").streaming_content).decode()

    assert rows == len(applied)
    assert {item.stage_on.year for item in in_year} == {applied[0].stage_on.year}
    assert sheet.count("Đã ứng dụng") == rows
    assert shown(client, plan=str(other.uid)).context["page"].paginator.count == 0
    assert shown(client, type=applied[0].type).context["page"].paginator.count < Product.objects.count()


def test_map_shows_only_what_the_reader_may_read_and_its_statements_do_not_grow(world, people, sql_count):
    client = client_for(people.specialist)
    assert shown(client_for(make_member(Role.HOST))).context["page"].paginator.count == 0
    first = Place.objects.create(name="Nơi đầu", latitude=11, longitude=107)
    Product.objects.filter(pk=Product.objects.order_by("pk").first().pk).update(place=first)
    shown(client)
    with sql_count() as few:
        shown(client)
    task = Product.objects.order_by("pk").first().task
    for number in range(15):
        place = Place.objects.create(name=f"Nơi {number}", latitude=11, longitude=107)
        Product.objects.create(
            task=task, code=f"THEM-{number}", name="Thêm", type="process", purpose="production", sector="agriculture",
            place=place,
        )  # fmt: skip
    with sql_count() as many:
        shown(client)

    assert len(many) == len(few)
    staged = staged_products(people.specialist.actor, on=timezone.localdate())
    spots, total, count = spots_of(staged, on=timezone.localdate())
    assert count == staged.count() > 15
    assert total >= 15
    assert len(spots) == total
