"""The look-ups, the index and the figures of the reference boundaries, the same on SQLite and PostGIS."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, models
from django.db.models import OuterRef, Subquery
from shapely.geometry import LineString, Point, box, shape

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.places import queries, services
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeSuccession, AdministrativeUnit, Place
from khcn.lib.failure import Refused
from khcn.web.geometry.indexes import ensure_spatial_indexes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
GEO = Path(__file__).parents[6] / "shared/reference/geo"
MERGER = date(2025, 7, 1)
BEFORE, AFTER = date(2023, 1, 1), date(2026, 1, 1)


def unit(code, level=UnitLevel.COMMUNE, valid_from=None, valid_to=None, **fields):
    return AdministrativeUnit.objects.create(
        code=code, name=f"Đơn vị {code}", level=level, valid_from=valid_from, valid_to=valid_to, **fields
    )


def read(path: Path):
    if not path.is_file():
        pytest.skip(f"{path.name} of the shared reference is absent")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def districts(db):
    """The province and its eleven districts before 01/07/2025, with boundaries."""
    data = read(GEO / "dvhcvn/70.json")
    province = unit("70", UnitLevel.PROVINCE, valid_to=MERGER, geometry=boundary(data))
    for item in data["level2s"]:
        unit(item["level2_id"], UnitLevel.DISTRICT, valid_to=MERGER, parent=province, geometry=boundary(item))
    return province


@pytest.fixture
def communes(db):
    """The forty units of 2026 in the former province, with boundaries."""
    data = read(GEO / "vietnamese-provinces-database/former_binh_phuoc_40_units_2026.geojson")
    for feature in data["features"]:
        code = next(str(value) for key, value in feature["properties"].items() if key.lower().endswith("code"))
        unit(code, valid_from=MERGER, geometry=shape(feature["geometry"]))
    return AdministrativeUnit.objects.filter(level=UnitLevel.COMMUNE)


def boundary(item):
    import shapely

    found = shape({"type": item["type"], "coordinates": item["coordinates"]})
    return found if found.is_valid else shapely.make_valid(found)


def test_geometry_comes_back_as_it_was_saved():
    for geometry in (Point(106.9, 11.5), LineString([(106, 11), (107, 12)]), box(106, 11, 107, 12)):
        stored = Place.objects.create(name="Thửa", geometry=geometry)
        assert Place.objects.get(pk=stored.pk).geometry.equals_exact(geometry, 0)
    assert Place.objects.create(name="Chưa rõ").geometry is None
    assert Place.objects.filter(geometry__isnull=True).count() == 1


def test_place_takes_and_gives_degrees():
    place = Place.objects.create(name="Trạm", latitude=11.5, longitude=106.9)
    place = Place.objects.get(pk=place.pk)
    assert (place.latitude, place.longitude) == (11.5, 106.9)

    place.latitude = 11.6
    place.save()

    assert Place.objects.get(pk=place.pk).geometry.equals(Point(106.9, 11.6))
    assert Place(name="Nửa tọa độ", latitude=11.5).geometry is None


def test_bulk_writes_keep_the_index_right():
    places = Place.objects.bulk_create(Place(name=f"Điểm {n}", geometry=Point(106 + n / 100, 11.5)) for n in range(50))
    for place in places:
        place.geometry = Point(place.longitude, 12.5)
    Place.objects.bulk_update(places, ["geometry"])
    Place.objects.filter(name="Điểm 7").delete()
    Place.objects.filter(name="Điểm 8").update(geometry=None)

    assert Place.objects.filter(geometry__intersects=box(105, 11, 108, 12)).count() == 0
    assert Place.objects.filter(geometry__intersects=box(105, 12, 108, 13)).count() == 48


def test_lookups_tell_touching_overlapping_and_containing_apart():
    diamond = Place.objects.create(name="Hình thoi", geometry=box(0, 0, 1, 1).buffer(0.01).simplify(0.1))
    square = Place.objects.create(name="Vuông", geometry=box(10, 10, 11, 11))
    line = Place.objects.create(name="Chéo", geometry=LineString([(20, 20), (21, 21)]))

    def names(**condition):
        return set(Place.objects.filter(**condition).values_list("pk", flat=True))

    assert names(geometry__bbox_overlaps=box(20.6, 20.1, 20.9, 20.4)) == {line.pk}
    assert names(geometry__intersects=box(20.6, 20.1, 20.9, 20.4)) == set()
    assert names(geometry__intersects=Point(11, 10.5)) == {square.pk}
    assert names(geometry__contains=Point(11, 10.5)) == set()
    assert names(geometry__contains=Point(10.5, 10.5)) == {square.pk}
    assert names(geometry__contains=box(9, 9, 12, 12)) == set()
    assert diamond.pk in names(geometry__intersects=Point(0.5, 0.5))


@pytest.mark.parametrize(("metres", "found"), [(99, 0), (112, 1), (5_000, 2), (20_000, 3)])
def test_dwithin_measures_metres_on_the_ellipsoid(metres, found):
    for offset in (0.001, 0.04, 0.15):
        Place.objects.create(name="Điểm", latitude=11.5 + offset, longitude=106.9)

    assert Place.objects.filter(geometry__dwithin=(Point(106.9, 11.5), metres)).count() == found


def test_dwithin_of_a_shape_is_zero_inside_and_refuses_a_bare_shape():
    Place.objects.create(name="Vùng", geometry=box(106.8, 11.4, 106.95, 11.6))

    assert Place.objects.filter(geometry__dwithin=(Point(106.9, 11.5), 0)).exists()
    with pytest.raises(TypeError):
        Place.objects.filter(geometry__dwithin=Point(106.9, 11.5)).exists()


def test_lookup_against_a_column_joins_by_shape():
    unit("1", geometry=box(106, 11, 107, 12))
    unit("2", geometry=box(107.5, 11, 108, 12))
    Place.objects.create(name="Trong 2", latitude=11.5, longitude=107.7)

    holding = AdministrativeUnit.objects.filter(geometry__contains=OuterRef("geometry")).values("code")[:1]

    assert Place.objects.annotate(code=Subquery(holding, output_field=models.CharField())).get().code == "2"


def test_index_is_used_and_made_again_when_a_table_was_rebuilt():
    Place.objects.create(name="Điểm", latitude=11.5, longitude=106.9)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            plan = Place.objects.filter(geometry__intersects=box(106, 11, 107, 12)).explain()
            assert "VIRTUAL TABLE" in plan
            cursor.execute("DROP TRIGGER places_place_geometry_rtree_insert")
            cursor.execute("DELETE FROM places_place_geometry_rtree")
        else:
            connection.check_constraints()  # nothing deferred may wait when an index is made
            cursor.execute("DROP INDEX places_place_geometry_gist")

    ensure_spatial_indexes(Place._meta.app_config, using="default")

    assert Place.objects.filter(geometry__intersects=box(106, 11, 107, 12)).count() == 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM places_place_geometry_rtree")
        else:
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'places_place_geometry_gist'")
        assert cursor.fetchone()[0] == 1


def test_eleven_districts_cover_their_province_exactly(districts):
    inside = AdministrativeUnit.objects.filter(level=UnitLevel.DISTRICT)
    areas = [queries.area_km2_of(item) for item in inside]

    assert len(areas) == 11
    assert sum(areas) == pytest.approx(6877.5, abs=0.1)
    assert queries.area_km2_of(districts) == pytest.approx(sum(areas), abs=0.05)


def test_point_in_a_district_finds_district_and_province(districts):
    found = queries.units_at(11.535, 106.89, on=BEFORE)

    assert [item.level for item in found] == ["province", "district"]
    assert queries.units_at(11.535, 106.89, on=AFTER) == []
    assert queries.units_at(21.03, 105.85, on=BEFORE) == []


def test_forty_units_of_2026_lie_in_the_former_province(districts, communes):
    overlapping = AdministrativeUnit.objects.filter(level=UnitLevel.COMMUNE, geometry__intersects=districts.geometry)
    shares = [item.geometry.intersection(districts.geometry).area / item.geometry.area for item in overlapping]

    assert len(shares) == 40
    assert min(shares) > 0.98
    assert sum(queries.area_km2_of(item) for item in communes) == pytest.approx(6870.5, abs=0.1)


def test_every_centre_of_a_commune_is_held_by_one_commune_and_one_district(districts, communes):
    for commune in communes:
        point = commune.geometry.representative_point()
        holders = AdministrativeUnit.objects.filter(geometry__contains=point)
        levels = sorted(holders.values_list("level", flat=True))
        assert levels == ["commune", "district", "province"], commune.code


def test_places_within_falls_back_to_the_registered_unit():
    plain, drawn = unit("1"), unit("2", geometry=box(106, 11, 107, 12))
    Place.objects.create(name="Ghi theo đơn vị", unit=plain)
    Place.objects.create(name="Theo tọa độ", latitude=11.5, longitude=106.5)

    assert [place.name for place in queries.places_within(plain)] == ["Ghi theo đơn vị"]
    assert [place.name for place in queries.places_within(drawn)] == ["Theo tọa độ"]


def test_register_place_reads_vn2000_metres(cast):
    place = services.register_place(
        by=cast.actor(), name="Cột mốc", northing_m=1_275_708.641, easting_m=569_613.688, meridian=106.25
    )

    assert (place.latitude, place.longitude) == pytest.approx((11.5350, 106.8900), abs=1e-7)
    assert AuditEntry.objects.filter(verb="place.register", subject_uid=place.uid).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "Đảo lộn", "latitude": 106.89, "longitude": 11.535},
        {"name": "Thiếu một nửa", "latitude": 11.5},
        {"name": "Thiếu kinh tuyến trục", "northing_m": 1_275_708.6, "easting_m": 569_613.7},
    ],
)
def test_register_place_refuses_what_cannot_be_right(cast, wrong):
    with pytest.raises(Refused):
        services.register_place(by=cast.actor(), **wrong)
    assert not Place.objects.exists()


def test_load_boundaries_is_idempotent_and_names_what_it_refused(cast):
    unit("01", valid_to=MERGER)
    unit("01", valid_from=MERGER)
    bow_tie = shape({"type": "Polygon", "coordinates": [[[106, 11], [107, 12], [107, 11], [106, 12], [106, 11]]]})
    features = [("01", box(106, 11, 107, 12)), ("99", box(106, 11, 107, 12)), ("01", Point(106, 11)), ("01", bow_tie)]
    load = {"by": cast.actor(), "on": AFTER, "source": "thử.geojson", "sha256": "0" * 64}

    first = services.load_boundaries(features=features, **load)
    again = services.load_boundaries(features=features[:1], **load)
    mended = services.load_boundaries(features=[("01", bow_tie)], repair=True, **load)

    assert first.changed == ("01",)
    assert [code for code, _ in first.refused] == ["99", "01", "01"]
    assert (again.changed, again.unchanged) == ((), ("01",))
    assert mended.changed == ("01",)
    assert AdministrativeUnit.objects.get(code="01", valid_to=MERGER).geometry is None


def test_successors_follow_chains_through_to_the_units_of_the_day():
    old, middle = unit("1", valid_to=date(2019, 1, 1)), unit("2", valid_from=date(2019, 1, 1), valid_to=MERGER)
    new, other = unit("3", valid_from=MERGER), unit("4", valid_from=MERGER)
    links = [(old, middle, date(2019, 1, 1)), (middle, new, MERGER), (middle, other, MERGER)]
    for before, after, on in links:
        AdministrativeSuccession.objects.create(predecessor=before, successor=after, on=on)

    assert queries.successor_units_of(old, on=AFTER) == [new, other]
    assert queries.successor_units_of(old, on=BEFORE) == [middle]
    assert queries.successor_units_of(new, on=AFTER) == [new]
