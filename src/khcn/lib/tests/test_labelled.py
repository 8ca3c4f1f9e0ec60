"""Labelled enumerations behave as their stored values and carry their label."""

import json

from khcn.lib.labelled import Labelled, gettext_noop
from khcn.lib.roles import Role


class Colour(Labelled):
    """Two colours."""

    RED = "red", gettext_noop("Đỏ")
    BLUE = "blue", gettext_noop("Xanh")


def test_labelled_member_equals_and_prints_its_value():
    assert Colour.RED == "red"
    assert f"{Colour.RED}" == "red"
    assert json.dumps({"c": Colour.RED}) == '{"c": "red"}'
    assert Colour("blue") is Colour.BLUE


def test_labelled_choices_keep_declared_order():
    assert Colour.choices() == [("red", "Đỏ"), ("blue", "Xanh")]
    assert Colour.values() == ["red", "blue"]


def test_roles_have_distinct_ascii_values_and_labels():
    assert all(role.value.isascii() and role.label for role in Role)
    assert len({role.label for role in Role}) == len(Role)
