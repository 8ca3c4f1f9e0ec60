"""Reading of shapes in every written form, without a database."""

import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
import shapely
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from khcn.web.geometry import checks
from khcn.web.geometry.checks import check_spatial_index
from khcn.web.geometry.fields import GeometryField, as_geometry
from khcn.web.geometry.postgis import enable_postgis
from khcn.web.geometry.sqlite import has_rtree

SQUARE = shapely.box(106.8, 11.5, 106.9, 11.6)
FORMS = {
    "shapely": SQUARE,
    "wkb": shapely.to_wkb(SQUARE),
    "ewkb in hexadecimal": shapely.to_wkb(shapely.set_srid(SQUARE, 4326), hex=True, include_srid=True),
    "wkt": SQUARE.wkt,
    "geojson": json.loads(shapely.to_geojson(SQUARE)),
}


@pytest.mark.parametrize("form", FORMS)
def test_as_geometry_reads_every_form_alike(form):
    assert as_geometry(FORMS[form]).equals(SQUARE)


@pytest.mark.parametrize(
    "value", ["POINT(", "chữ", b"\x00\x01", {"type": "Point"}, {"toa_do": 1}, 12, object(), "0102", "POINT EMPTY"]
)
def test_as_geometry_refuses_what_is_no_shape(value):
    with pytest.raises(ValidationError):
        as_geometry(value)


def test_as_geometry_refuses_metres_taken_for_degrees():
    with pytest.raises(ValidationError) as refused:
        as_geometry(shapely.Point(569_613.7, 1_275_708.6))
    assert refused.value.code == "outside"


def test_as_geometry_of_nothing_is_none_and_drops_height():
    assert as_geometry(None) is None
    assert as_geometry("") is None
    assert not as_geometry(shapely.Point(106.9, 11.5, 88.0)).has_z


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_any_point_survives_bytes_exactly_and_text_to_a_nanometre(longitude, latitude):
    point = shapely.Point(longitude, latitude)
    assert as_geometry(shapely.to_wkb(point)).equals(point)
    assert as_geometry(shapely.to_wkb(point, hex=True)).equals(point)
    assert as_geometry(shapely.to_wkt(point, rounding_precision=-1)).equals_exact(point, 1e-13)


def test_field_offers_no_form_and_keeps_its_path_in_migrations():
    field = GeometryField("ranh giới", null=True)
    assert field.formfield() is None
    assert field.deconstruct()[1] == "khcn.web.geometry.fields.GeometryField"


def test_this_sqlite_keeps_an_rtree():
    assert has_rtree()


def test_check_names_an_sqlite_without_rtree(monkeypatch):
    for vendor, has_one, found in (("sqlite", True, []), ("sqlite", False, ["khcn.E010"]), ("postgresql", False, [])):
        monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor=vendor))
        monkeypatch.setattr(checks, "has_rtree", lambda has_one=has_one: has_one)
        assert [message.id for message in check_spatial_index()] == found


class Refusing:
    """A PostgreSQL connection whose account may not create extensions."""

    vendor = "postgresql"
    alias = "default"
    settings_dict = {"NAME": "khcn_tinh"}

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def execute(self, sql):
        if sql.startswith("CREATE"):
            raise DatabaseError("permission denied to create extension")

    def fetchone(self):
        return None


def test_postgis_that_may_not_be_created_is_told_with_the_command(monkeypatch):
    monkeypatch.setattr("khcn.web.geometry.postgis.transaction.atomic", lambda **_: nullcontext())

    with pytest.raises(ImproperlyConfigured, match="psql -d khcn_tinh -c 'CREATE EXTENSION postgis'"):
        enable_postgis(None, SimpleNamespace(connection=Refusing()))


def test_postgis_is_nobodys_business_on_sqlite():
    enable_postgis(None, SimpleNamespace(connection=SimpleNamespace(vendor="sqlite")))
