"""Canonical bytes."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.digest import UnsuitableContent, canonical_json, digest, sha256_hex

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet="abcxyzđê", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Pair:
    left: int
    right: tuple[int, ...]


def test_canonical_json_sorted_compact_utf8():
    assert canonical_json({"b": 1, "a": ["đ", None, True]}) == '{"a":["đ",null,true],"b":1}'.encode()


def test_canonical_json_value_kinds():
    moment = datetime(2025, 7, 1, 7, tzinfo=timezone(timedelta(hours=7)))
    value = {
        "amount": Decimal("45000.50"), "zero": Decimal("-0.00"), "big": Decimal("1E+3"), "at": moment,
        "on": date(2025, 7, 1), "clock": time(7, 30), "uid": UUID(int=1), "enum": Colour.RED, "pair": Pair(1, (2, 3)),
        "set": {"b", "a"}, "real": -0.0,
    }  # fmt: skip

    assert json.loads(canonical_json(value)) == {
        "amount": "45000.5",
        "zero": "0",
        "big": "1000",
        "at": "2025-07-01T00:00:00.000000Z",
        "on": "2025-07-01",
        "clock": "07:30:00",
        "uid": "00000000-0000-0000-0000-000000000001",
        "enum": "red",
        "pair": {"left": 1, "right": [2, 3]},
        "set": ["a", "b"],
        "real": 0.0,
    }


def test_digest_same_moment_other_zone_is_equal():
    utc = datetime(2025, 7, 1, tzinfo=UTC)

    assert digest(utc) == digest(utc.astimezone(timezone(timedelta(hours=7))))


@given(values)
def test_digest_survives_storage_as_json(value):
    assert digest(json.loads(canonical_json(value))) == digest(value)


@given(st.dictionaries(st.text(alphabet="aêđ", max_size=3), st.integers(), min_size=2))
def test_digest_ignores_key_order_and_form(value):
    reordered = dict(reversed(list(value.items())))
    decomposed = {unicodedata.normalize("NFD", key): item for key, item in value.items()}

    assert digest(reordered) == digest(value) == digest(decomposed)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"a": [1, float("nan")]}, "/a/1"),
        ({"a": Decimal("NaN")}, "/a"),
        ({"a": {"b/c": datetime(2025, 1, 1)}}, "/a/b~1c"),  # noqa: DTZ001 - a naive moment is the subject
        ([b"x"], "/0"),
        ({"x": {1: 2}}, "/x"),
        ({"x": {"ê": 1, "e\u0302": 2}}, "/x"),
        (object(), ""),
    ],
)
def test_canonical_json_unsuitable_value_names_its_place(value, pointer):
    with pytest.raises(UnsuitableContent) as refusal:
        canonical_json(value)

    assert refusal.value.field == pointer


def test_sha256_known_vector():
    # FIPS 180-4 example "abc".
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
