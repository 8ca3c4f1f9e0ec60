"""The same rows through other programs: GDAL's own client reads our API, pygeoapi answers as we do."""

import json
import subprocess
import sys
import warnings

import pytest
import shapely
from django.test import RequestFactory
from shapely.geometry import shape

from khcn.domains.geodata.services.versions import NewObject
from khcn.domains.geodata.tests.conftest import square

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_gdal_client_pages_filters_and_reads_every_object(world, live_server) -> None:
    world.fill()
    world.add(world.layer, *[_garden(number) for number in range(30)])
    source = f"OAPIF:{live_server.url}/ogc/collections/rung"
    expected = {f"N-{number:02d}": _garden(number).geometry for number in range(30)}
    expected |= {"R-01": square(106.8, 11.8), "R-02": square(106.9, 11.8)}

    everything, near = _by_gdal(source), _by_gdal(source, bbox=(106.79, 11.79, 106.81, 11.81))

    assert set(everything["ma"]) == set(expected)
    for code, wkb in zip(everything["ma"], everything["shapes"], strict=True):
        assert shapely.from_wkb(wkb).symmetric_difference(expected[code]).area < 1e-12
    assert {"ten", "loai", "dien_tich"} <= set(everything["names"])
    assert not {"so_ho", "ghi_chu_mat"} & set(everything["names"])
    assert near["ma"] == ["R-01"]


def test_pygeoapi_gives_the_same_objects_for_limits_boxes_and_pages(world, client, tmp_path) -> None:
    world.fill()
    world.add(world.layer, *[_garden(number) for number in range(30)])
    exported = client.get("/ogc/collections/rung/items", {"limit": "1000", "f": "json"}).content
    (tmp_path / "rung.geojson").write_bytes(exported)
    theirs = _pygeoapi(tmp_path / "rung.geojson")

    for query in ("limit=5", "limit=7&offset=14", "limit=1000", "bbox=106.49,11.49,106.58,11.6&limit=1000"):
        ours = client.get(f"/ogc/collections/rung/items?f=json&{query}").json()
        other = theirs(query)
        if "bbox" not in query:
            assert [one["id"] for one in ours["features"]] == [one["id"] for one in other["features"]]
            assert ours["numberMatched"] == other["numberMatched"]
        assert ours["numberReturned"] == len(ours["features"])
        if "bbox" in query:  # the file provider of pygeoapi knows no boxes
            assert {one["id"] for one in ours["features"]} == {"N-00", "N-01", "N-02", "N-06", "N-07", "N-08", "N-12",
                                                               "N-13", "N-14", "N-18", "N-19", "N-20"}  # fmt: skip
            continue
        for one, two in zip(ours["features"], other["features"], strict=True):
            assert shape(one["geometry"]).equals(shape(two["geometry"]))
            assert one["properties"] == two["properties"]


def _by_gdal(source: str, **options):
    """Fields and shapes as GDAL's client reads them, in a process of its own: it would hold up the server's thread."""
    program = (
        "import json, sys, pyogrio\n"
        "more = {name: tuple(value) for name, value in json.loads(sys.argv[2]).items()}\n"
        "meta, _f, shapes, values = pyogrio.raw.read(sys.argv[1], **more)\n"
        "names = [str(name) for name in meta['fields']]\n"
        "print(json.dumps({'names': names, 'ma': values[names.index('ma')].tolist(),"
        " 'shapes': [bytes(one).hex() for one in shapes]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, source, json.dumps(options)], capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _garden(number: int):
    x, y = 106.5 + number % 6 * 0.03, 11.5 + number // 6 * 0.03
    return NewObject(f"N-{number:02d}", square(x, y), {"ten": f"Vườn {number}", "dien_tich": number + 0.5})


def _pygeoapi(path):
    """Items of a GeoJSON file through pygeoapi, as it stands."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pygeoapi.api import API, APIRequest
        from pygeoapi.api.itemtypes import get_collection_items
    config = {
        "server": {"url": "http://testserver/", "mimetype": "application/json", "encoding": "utf-8",
                   "language": "en-US", "limits": {"default_items": 10, "max_items": 10_000}, "gzip": False,
                   "pretty_print": False, "map": {"url": "", "attribution": ""}},
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "x", "description": "x", "keywords": ["x"], "keywords_type": "theme",
                               "terms_of_service": "", "url": ""},
            "license": {"name": "x", "url": ""}, "provider": {"name": "x", "url": ""}, "contact": {"name": "x"},
        },
        "resources": {"rung": {
            "type": "collection", "title": "x", "description": "x", "keywords": ["x"], "links": [],
            "extents": {"spatial": {"bbox": [106, 11, 108, 13], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [{"type": "feature", "name": "GeoJSON", "data": str(path), "id_field": "ma"}],
        }},
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = API(config, {})
    factory = RequestFactory()

    def ask(query: str):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            request = APIRequest.from_django(factory.get(f"/collections/rung/items?f=json&{query}"), api.locales)
            _headers, status, body = get_collection_items(api, request, "rung")
        assert status == 200, body
        return json.loads(body)

    return ask
