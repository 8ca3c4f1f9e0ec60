"""Filters in both notations, and what is refused: grammar, names, kinds, depth."""

from datetime import date

import pytest
from shapely.geometry import Point, Polygon, box

from khcn.standards.ogcapi.cql2 import Call, Property, read_filter
from khcn.standards.ogcapi.parameters import ParameterRefused

ASKED = {
    "ten": "string", "dien_tich": "number", "so": "integer", "ngay": "date", "la_rung": "boolean", "hinh": "geometry",
}  # fmt: skip
TEN, AREA, DAY = Property("ten", "string"), Property("dien_tich", "number"), Property("ngay", "date")
SHAPE = Property("hinh", "geometry")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("dien_tich > 1.5", Call(">", (AREA, 1.5))),
        ("ten = 'Rừng' AND dien_tich BETWEEN 1 AND 2",
         Call("and", (Call("=", (TEN, "Rừng")), Call("between", (AREA, 1.0, 2.0))))),
        ("ten LIKE 'a%' OR NOT ten IN ('x','y')",
         Call("or", (Call("like", (TEN, "a%")), Call("not", (Call("in", (TEN, ("x", "y"))),))))),
        ("ten IS NULL", Call("isnull", (TEN,))),
        ("CASEI(ten) = CASEI('A')", Call("=", (Call("casei", (TEN,)), Call("casei", ("A",))))),
        ("ngay >= DATE('2024-02-03')", Call(">=", (DAY, date(2024, 2, 3)))),
        ("T_AFTER(ngay, TIMESTAMP('2024-02-03T00:00:00Z'))", Call("t_after", (DAY, date(2024, 2, 3)))),
        ("S_INTERSECTS(hinh, POINT(106 11))", Call("s_intersects", (SHAPE, Point(106, 11)))),
        ("S_WITHIN(hinh, BBOX(1,2,3,4))", Call("s_within", (SHAPE, box(1, 2, 3, 4)))),
        ("dien_tich = so * 2 + 1",
         Call("=", (AREA, Call("+", (Call("*", (Property("so", "integer"), 2.0)), 1.0))))),
        ("la_rung", Call("=", (Property("la_rung", "boolean"), True))),
        ("TRUE", Call("constant", (True,))),
    ],
)  # fmt: skip
def test_text_is_read_into_a_tree(text, tree) -> None:
    assert read_filter(text, ASKED) == tree


def test_json_says_the_same_as_text() -> None:
    json = '{"op":"and","args":[{"op":"=","args":[{"property":"ten"},"Rừng"]},{"op":"<","args":[{"property":"so"},3]}]}'

    assert read_filter(json, ASKED, language="cql2-json") == read_filter("ten = 'Rừng' AND so < 3", ASKED)


def test_polygon_and_interval_are_read() -> None:
    found = read_filter("S_CONTAINS(hinh, POLYGON((0 0, 1 0, 1 1, 0 0)))", ASKED)
    during = read_filter("T_DURING(ngay, INTERVAL('2024-01-01','..'))", ASKED)

    assert isinstance(found.args[1], Polygon)
    assert during.args[1] == ("interval", date(2024, 1, 1), None)


@pytest.mark.parametrize(
    "text",
    [
        "", "ten =", "la = 1", "ten = 1", "ten > TRUE", "S_INTERSECTS(ten, POINT(1 2))", "hinh = 'x'",
        "foo(ten) = 'x'", "A_CONTAINS(ten, ('a','b'))", "ten", "dien_tich + 1", "T_AFTER(ten, 'x')",
        "ngay = DATE('2024-02-30')", "S_INTERSECTS(hinh, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "ten LIKE 5",
        "S_INTERSECTS(POINT(1 2), POINT(1 2))", "CASEI(dien_tich) = 'x'", "1 = 1; DROP TABLE x",
        "(" * 60 + "so = 1" + ")" * 60 + " AND x", "NOT " * 60 + "so = 1", "x" * 30_000,
    ],
)  # fmt: skip
def test_filter_that_means_nothing_here_is_refused(text) -> None:
    with pytest.raises(ParameterRefused):
        read_filter(text, ASKED)


def test_other_languages_are_refused() -> None:
    with pytest.raises(ParameterRefused) as refused:
        read_filter("so = 1", ASKED, language="cql-text")
    assert refused.value.field == "filter-lang"
    with pytest.raises(ParameterRefused):
        read_filter("{", ASKED, language="cql2-json")
