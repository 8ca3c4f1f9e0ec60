"""OGC API Features: the assertions of the OGC suites for core, GeoJSON, HTML, OpenAPI and CRS, against our own API."""

import json
import re
from datetime import datetime

import pytest
import shapely
from django.utils import timezone
from shapely.geometry import box, shape

from khcn.domains.geodata.tests.conftest import plot, square
from khcn.standards.coordinate_systems import CRS84, SYSTEMS, from_wgs84
from khcn.standards.ogcapi.conformance import CLASSES
from khcn.standards.ogcapi.tests.ledger import holds

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CORE, GEOJSON = "Features Part 1 core", "Features Part 1 geojson"
HTML, OAS, CRS = "Features Part 1 html", "Features Part 1 oas30", "Features Part 2 crs"
BOXES = [
    "106.79,11.79,106.85,11.85", "-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90",
    "-180,-90,180,-85", "-180,-90,180,90",
]  # fmt: skip


def rels(value):
    return {link["rel"] for link in value["links"]}


def check_links(value):
    found = {link["rel"]: link for link in value["links"]}
    assert {"self", "alternate"} <= set(found)
    assert all(link["rel"] and link["type"] and link["href"].startswith("http") for link in value["links"])
    assert found["alternate"]["type"] != found["self"]["type"]


@holds(CORE, "landingPageRetrieval", "landingPageValidation")
def test_landing_page_leads_to_everything(served) -> None:
    value = served()

    check_links(value)
    assert {"service-desc", "service-doc", "conformance", "data"} <= rels(value)
    for link in value["links"]:
        assert served.client.get(link["href"]).status_code == 200, link


@holds(OAS, "openapiDocumentRetrieval", "apiDefinitionValidation")
def test_description_is_openapi_3_and_names_every_address(served) -> None:
    response = served.raw("api", f="json")
    value = response.json()

    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert re.fullmatch(r"3\.0\.\d", value["openapi"])
    references = re.findall(r'"\$ref": "#/components/parameters/([^"]+)"', json.dumps(value))
    assert set(references) <= set(value["components"]["parameters"])
    for path, methods in value["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert operation["responses"]
    ids = [operation["operationId"] for methods in value["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


@holds(CORE, "validateConformanceOperationAndResponse")
def test_conformance_lists_the_classes_that_tests_hold(served) -> None:
    value = served("conformance")

    assert value["conformsTo"] == list(CLASSES)
    for part in ("1/1.0/conf/core", "1/1.0/conf/geojson", "1/1.0/conf/html", "1/1.0/conf/oas30", "2/1.0/conf/crs"):
        assert f"http://www.opengis.net/spec/ogcapi-features-{part}" in value["conformsTo"]


@holds(
    CORE, "validateFeatureCollectionsMetadataOperation", "validateFeatureCollectionsMetadataOperationResponse_Links",
    "validateFeatureCollectionsMetadataOperationResponse_Items",
    "validateFeatureCollectionsMetadataOperationResponse_CrsProperty",
    "validateFeatureCollectionsMetadataOperationResponse_Content",
)  # fmt: skip
def test_collections_describe_each_layer_with_its_links(served) -> None:
    value = served("collections")

    check_links(value)
    assert value["crs"][0] == CRS84
    (layer,) = (one for one in value["collections"] if one["id"] == "rung")
    assert layer["extent"]["spatial"]["bbox"] == [pytest.approx([106.8, 11.8, 107.02, 11.92])]
    items = [link for link in layer["links"] if link["rel"] == "items"]
    assert {link["type"] for link in items} == {"application/geo+json", "text/html"}


@holds(CORE, "validateFeatureCollectionMetadataOperation", "validateFeatureCollectionMetadataResponse")
def test_collection_alone_says_the_same_as_in_the_list(served) -> None:
    (listed,) = (one for one in served("collections")["collections"] if one["id"] == "rung")

    alone = served("collections/rung")

    check_links(alone)
    for name in ("id", "title", "description", "extent", "crs", "storageCrs"):
        assert alone[name] == listed[name]


@holds(
    CORE, "validateFeaturesOperation", "validateFeaturesResponse_TypeProperty",
    "validateFeaturesResponse_FeaturesProperty", "validateFeaturesResponse_Links",
    "validateFeaturesResponse_TimeStamp", "validateFeaturesResponse_NumberMatched",
    "validateFeaturesResponse_NumberReturned", "validateFeaturesResponse_GeometryInCRS84",
)  # fmt: skip
def test_items_are_a_feature_collection(served) -> None:
    before = timezone.now().replace(microsecond=0)
    value = served("collections/rung/items")

    check_links(value)
    assert value["type"] == "FeatureCollection"
    assert before <= datetime.fromisoformat(value["timeStamp"]) <= timezone.now()
    assert value["numberMatched"] == value["numberReturned"] == len(value["features"]) == 2
    for one in value["features"]:
        assert box(-180, -90, 180, 90).contains(shape(one["geometry"]))


@holds(GEOJSON, "/req/geojson/definition", "/req/geojson/content")
def test_features_are_geojson_with_the_stored_shape_and_fields(served) -> None:
    response = served.raw("collections/rung/items", f="json")
    first = response.json()["features"][0]

    assert response["Content-Type"] == "application/geo+json"
    assert (first["type"], first["id"], first["properties"]["ma"]) == ("Feature", "R-01", "R-01")
    assert shape(first["geometry"]).equals(square(106.8, 11.8))
    assert first["properties"]["ten"] == "Rừng Bù Gia Mập"
    assert first["properties"]["hieu_luc_tu"] == "2022-01-01"
    assert first["properties"]["hieu_luc_den"] is None


@holds(CORE, "validateFeaturesOperation_QueryParamInvalid", "validateFeaturesOperation_QueryParamUnknown")
@pytest.mark.parametrize(
    "query",
    [
        {"limit": "unlimited"}, {"limit": "0"}, {"unknownQueryParameter17": "1"}, {"bbox": "1,2,3"},
        {"datetime": "yesterday"}, {"offset": "-1"}, {"cursor": "R-01"}, {"cursor": "x:y"}, {"f": "xml"},
        {"bbox": "106,11,107,12", "bbox-crs": "EPSG:9212"}, {"crs": "urn:x"}, {"filter": "("}, {"geometry": "x"},
        {"filter": "ten='x'", "filter-lang": "sql"}, {"so_ho": "3"}, {"ghi_chu_mat": "x"},
    ],
)  # fmt: skip
def test_bad_and_unknown_parameters_are_refused_by_name(served, query) -> None:
    value = served("collections/rung/items", status=400, **query)

    assert value["parameter"] in {*query, "filter"}
    assert value["detail"].endswith(".")


@holds(CORE, "/req/core/query-param-unknown")
@pytest.mark.parametrize(
    "path", ["", "conformance", "api", "collections", "collections/rung", "collections/rung/items/R-01",
             "collections/rung/queryables", "collections/rung/tiles", "collections/danh-muc/items"],
)  # fmt: skip
def test_unknown_parameters_are_refused_everywhere(served, path) -> None:
    served(path, status=400, la="1")


@holds(
    CORE, "limitParameterDefinition", "boundingBoxParameterDefinition", "timeParameterDefinition",
)  # fmt: skip
def test_parameters_are_defined_as_the_standard_asks(served) -> None:
    found = served("api", f="json")["components"]["parameters"]

    for name, kind in (("limit", "integer"), ("bbox", "array"), ("datetime", "string")):
        one = found[name]
        assert (one["in"], one["required"], one["style"], one["explode"]) == ("query", False, "form", False)
        assert one["schema"]["type"] == kind
    assert found["limit"]["schema"] | {"x": 1} == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 10,
                                                   "x": 1}  # fmt: skip
    assert [one["minItems"] for one in found["bbox"]["schema"]["oneOf"]] == [4, 6]
    assert found["bbox"]["schema"]["items"] == {"type": "number"}


@holds(
    CORE, "validateFeaturesWithLimitOperation", "validateFeaturesWithLimitResponse",
    "validateFeaturesWithLimitResponse_TypeProperty", "validateFeaturesWithLimitResponse_FeaturesProperty",
    "validateFeaturesWithLimitResponse_Links", "validateFeaturesWithLimitResponse_TimeStamp",
    "validateFeaturesWithLimitResponse_NumberMatched", "validateFeaturesWithLimitResponse_NumberReturned",
    "validateFeaturesWithLimitResponse_GeometryInCRS84", "/req/core/fc-links next",
)  # fmt: skip
def test_pages_by_next_links_hold_each_object_once(served) -> None:
    seen, address, pages = [], "/ogc/collections/rung/items?limit=1&f=json", 0
    while address:
        value = served.client.get(address).json()
        assert value["numberReturned"] == len(value["features"]) == 1
        assert value["numberMatched"] == 2
        check_links(value)
        seen += [one["id"] for one in value["features"]]
        address = next((link["href"] for link in value["links"] if link["rel"] == "next"), None)
        pages += 1

    assert (seen, pages) == (["R-01", "R-02"], 2)
    assert [one["id"] for one in served("collections/rung/items", limit=1, offset=1)["features"]] == ["R-02"]


@holds(
    CORE, "validateFeaturesWithBoundingBoxOperation", "validateFeaturesWithBoundingBoxResponse",
    "validateFeaturesWithBoundingBoxResponse_TypeProperty", "validateFeaturesWithBoundingBoxResponse_FeaturesProperty",
    "validateFeaturesWithBoundingBoxResponse_Links", "validateFeaturesWithBoundingBoxResponse_NumberMatched",
    "validateFeaturesWithBoundingBoxResponse_NumberReturned",
)  # fmt: skip
@pytest.mark.parametrize("bbox", BOXES)
def test_box_gives_what_meets_it_and_nothing_else(served, bbox) -> None:
    value = served("collections/rung/items", bbox=bbox)

    west, south, east, north = map(float, bbox.split(","))
    area = box(west, south, east, north) if west <= east else shapely.union(
        box(west, south, 180, north), box(-180, south, east, north))  # fmt: skip
    everything = served("collections/rung/items")["features"]
    assert {one["id"] for one in value["features"]} == {
        one["id"] for one in everything if shape(one["geometry"]).intersects(area)
    }
    assert value["numberMatched"] == len(value["features"])
    check_links(value)


@holds(
    CORE, "validateFeaturesWithDateTimeOperation", "validateFeaturesWithDateTimeResponse_TypeProperty",
    "validateFeaturesWithDateTimeResponse_FeaturesProperty", "validateFeaturesWithDateTimeResponse_NumberReturned",
    "validateFeaturesWithDateTimeResponse",
)  # fmt: skip
@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("2021-12-31", []), ("2022-01-01", ["Rừng Bù Gia Mập", "Rừng Đắk Ơ"]),
        ("2023-02-28T23:59:59Z", ["Rừng Bù Gia Mập", "Rừng Đắk Ơ"]), ("2023-03-01", ["Mới", "Rừng Đắk Ơ"]),
        ("2022-01-01/2023-02-01", ["Rừng Bù Gia Mập", "Rừng Đắk Ơ"]), ("2022-06-01/..", ["Mới", "Rừng Đắk Ơ"]),
        ("../2021-12-31", []), ("/2022-01-01", ["Rừng Bù Gia Mập", "Rừng Đắk Ơ"]),
    ],
)  # fmt: skip
def test_time_gives_the_states_of_then(served, when, names) -> None:
    from khcn.domains.geodata.tests.test_changes import decide, propose

    decide(served.world, propose(served.world, objects=[plot("R-01", ten="Mới")]))

    value = served("collections/rung/items", datetime=when)

    assert [one["properties"]["ten"] for one in value["features"]] == names
    assert value["numberMatched"] == len(names)


@holds(CORE, "getFeatureOperation", "validateTheGetFeatureResponse", "validateTheGetFeatureResponse_Links")
def test_object_alone_is_the_one_of_the_list(served) -> None:
    (listed, _other) = served("collections/rung/items")["features"]

    alone = served("collections/rung/items/R-01")

    check_links(alone)
    assert "collection" in rels(alone)
    assert {name: alone[name] for name in ("id", "type", "geometry", "properties")} == listed
    served("collections/rung/items/R-99", status=404)
    served("collections/khong-co/items", status=404)


@holds(CORE, "/req/core/http methods and forms")
def test_other_methods_and_forms_are_refused(served) -> None:
    assert served.client.post("/ogc/collections").status_code == 405
    assert served.client.put("/ogc/collections/rung/items").status_code == 405
    refused = served.client.get("/ogc/", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert refused["Content-Type"] == "application/problem+json"
    assert "GET" in served.client.options("/ogc/collections/rung/items")["Allow"]
    assert served.client.head("/ogc/collections/rung/items?f=json").status_code == 200


@holds(HTML, "/req/html/definition", "/req/html/content")
@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("", "conformance"), ("conformance", "ogcapi-features-1/1.0/conf/core"), ("collections", "Lớp rung"),
        ("collections/rung", "Lớp rung"), ("collections/rung/items", "Rừng Đắk Ơ"),
        ("collections/rung/items/R-01", "Rừng Bù Gia Mập"), ("collections/rung/queryables", "dien_tich"),
        ("api", "/collections/{collectionId}/items"), ("collections/rung/tiles", "Lớp rung"),
        ("tileMatrixSets", "WebMercatorQuad"), ("collections/danh-muc/items", "Lớp rung"),
    ],
)  # fmt: skip
def test_every_document_has_a_page_that_says_the_same(served, path, word) -> None:
    for response in (served.raw(path, f="html"), served.client.get(f"/ogc/{path}", headers={"Accept": "text/html"})):
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert word in response.content.decode()


@holds(
    CRS, "verifyCollectionCrsIdentifierOfCrsProperty", "verifyCollectionStorageCrs", "defaultCrsInCollections",
    "verifyCollectionsCrsIdentifierOfCrsProperty",
)  # fmt: skip
def test_each_collection_lists_its_systems_and_the_stored_one(served) -> None:
    for one in served("collections")["collections"]:
        assert one["crs"][0] == CRS84
        assert all(re.fullmatch(r"http://www\.opengis\.net/def/crs/.+", uri) for uri in one["crs"])
        if one["itemType"] == "feature":
            assert one["storageCrs"] in one["crs"]


@holds(
    CRS, "verifyFeaturesCrsParameter", "verifyFeaturesCrsParameterDefault", "verifyFeaturesCrsParameterTransform",
    "verifyFeaturesCrsParameterInvalid", "verifyFeatureCrsParameter", "verifyFeatureCrsParameterDefault",
    "verifyFeatureCrsParameterTransform", "verifyFeatureCrsParameterInvalid", "Content-Crs header",
)  # fmt: skip
@pytest.mark.parametrize("code", [None, 4326, 9212, 5899, 3405])
def test_answer_comes_in_the_system_asked_for(served, code) -> None:
    uri = SYSTEMS[code].uri if code else CRS84
    for path in ("collections/rung/items", "collections/rung/items/R-01"):
        response = served.raw(path, crs=uri, f="json")
        value = response.json()
        found = shape((value["features"][0] if "features" in value else value)["geometry"])

        assert response["Content-Crs"] == f"<{uri}>"
        expected = square(106.8, 11.8) if code is None else from_wgs84(square(106.8, 11.8), code)
        if code == 4326:
            expected = shapely.transform(expected, lambda points: points[:, ::-1])
        assert found.symmetric_difference(expected).area <= expected.area * 1e-9
        assert served.raw(path, f="json")["Content-Crs"] == f"<{CRS84}>"
        served(path, status=400, crs="http://www.opengis.net/def/crs/0/unknown/4711")


@holds(CRS, "verifyBboxCrsParameter", "verifyBboxCrsParameterDefault", "verifyBboxCrsParameterInvalid")
@pytest.mark.parametrize("code", [None, 4326, 9212, 3405])
def test_box_may_be_given_in_any_system(served, code) -> None:
    area = box(106.79, 11.79, 106.85, 11.85)
    if code is not None:
        area = from_wgs84(area, code)
    west, south, east, north = area.bounds
    bbox = f"{south},{west},{north},{east}" if code == 4326 else f"{west},{south},{east},{north}"
    more = {"bbox-crs": SYSTEMS[code].uri} if code else {}

    value = served("collections/rung/items", bbox=bbox, **more)

    assert [one["id"] for one in value["features"]] == ["R-01"]
    served("collections/rung/items", status=400, bbox=bbox, **{"bbox-crs": "http://www.opengis.net/def/crs/0/x/1"})
