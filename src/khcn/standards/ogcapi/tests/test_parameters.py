"""Limits, boxes and times as clients write them, good and bad."""

from datetime import date

import pytest

from khcn.standards.ogcapi.parameters import (
    Interval,
    ParameterRefused,
    boxes_of,
    read_bbox,
    read_datetime,
    read_limit,
    read_offset,
    refuse_unknown,
)


def test_limit_has_default_maximum_and_floor() -> None:
    assert read_limit(None, default=10, maximum=100) == 10
    assert read_limit("1000", default=10, maximum=100) == 100
    for bad in ("0", "-1", "x", "1.5", "", "٣", "99999999999"):
        with pytest.raises(ParameterRefused):
            read_limit(bad, default=10, maximum=100)


def test_offset_starts_at_zero() -> None:
    assert (read_offset(None), read_offset("7")) == (0, 7)
    with pytest.raises(ParameterRefused):
        read_offset("-1")


def test_bbox_of_four_and_six_numbers() -> None:
    assert read_bbox("106,11,107,12") == (106, 11, 107, 12)
    assert read_bbox("106,11,0,107,12,9") == (106, 11, 107, 12)
    assert read_bbox(None) is None
    for bad in ("1,2,3", "a,b,c,d", "1,2,3,4,5", "106,12,107,11", "nan,1,2,3", "", "1,2,3,inf"):
        with pytest.raises(ParameterRefused):
            read_bbox(bad)


def test_bbox_across_the_date_line_is_two_boxes() -> None:
    assert boxes_of((170, -5, -170, 5)) == [(170, -5, 180, 5), (-180, -5, -170, 5)]
    assert boxes_of((106, 11, 107, 12)) == [(106, 11, 107, 12)]


def test_datetime_of_instants_and_intervals() -> None:
    first, last = date(2020, 1, 2), date(2021, 3, 4)
    assert read_datetime("2020-01-02") == Interval(first, first)
    assert read_datetime("2020-01-02T10:00:00Z") == Interval(first, first)
    assert read_datetime("2020-01-02/2021-03-04") == Interval(first, last)
    assert read_datetime("../2021-03-04") == Interval(None, last)
    assert read_datetime("2020-01-02T00:00:00+07:00/") == Interval(first, None)
    assert read_datetime(None) is None
    for bad in ("2020", "2020-13-01", "2020-01-02/2020-01-01", "../..", "/", "a/b", "2020-01-01/x/y", "2020-01-01T1Z"):
        with pytest.raises(ParameterRefused):
            read_datetime(bad)


def test_unknown_parameter_is_refused_by_name() -> None:
    refuse_unknown(["limit"], ["limit", "f"])
    with pytest.raises(ParameterRefused) as refused:
        refuse_unknown(["limit", "unknown"], ["limit"])
    assert refused.value.field == "unknown"
