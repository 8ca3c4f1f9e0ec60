"""The table of identifiers against the syntax dictionary, and values against the General Specifications."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.gs1.application_identifiers import BY_AI, PATH_ORDERS
from khcn.standards.gs1.check_digits import SET_82, check_digit, check_pair
from khcn.standards.gs1.code_lists import COUNTRY_CODES, COUNTRY_NUMBERS, CURRENCY_NUMBERS
from khcn.standards.gs1.component_checks import CHECKS
from khcn.standards.gs1.element_strings import format_bracketed, format_scanned, parse_element_string
from khcn.standards.gs1.element_values import check_value, companion_problems
from khcn.standards.gs1.errors import ElementRefused


def test_table_holds_what_the_dictionary_holds(dictionary_lines):
    """Row by row: identifiers, components, checks, flags, companions; the notations differ, the facts must not."""
    seen = set()

    for line in dictionary_lines:
        span, rest = line.split(maxsplit=1)
        flags = match[0] if (match := re.match(r"[*?]+", rest)) else ""
        words = rest[len(flags) :].split(" # ")[0].split()
        formats = [word for word in words if re.match(r"\[?[NXYZ](\.\.)?\d", word)]
        first, _, last = span.partition("-")
        for number in range(int(first), int(last or first) + 1):
            entry = BY_AI[f"{number:0{len(first)}d}"]
            seen.add(entry.ai)
            assert entry.is_predefined_length == ("*" in flags)
            assert entry.is_attribute == ("?" in flags)
            assert entry.is_key == any(word.startswith("dlpkey") for word in words)
            assert len(entry.components) == len(formats)
            for component, written in zip(entry.components, formats, strict=True):
                body, *checks = written.replace("[", "").replace("]", "").split(",")
                kind = body[0] + ("<=" if ".." in body else "") + body.lstrip("NXYZ.")
                assert kind == f"{component.kind}{'<=' if component.variable else ''}{component.length}"
                assert tuple(checks) == component.checks
                assert component.optional == written.startswith("[")
            asked = [word[4:] for word in words if word.startswith("req=")]
            assert [",".join("+".join(group) for group in groups) for groups in entry.needs] == asked
            assert list(entry.excludes) == [
                ai for word in words if word.startswith("ex=") for ai in word[3:].split(",")
            ]
    assert seen == set(BY_AI)
    assert len(BY_AI) > 500


def test_every_check_of_the_table_exists():
    used = {name for entry in BY_AI.values() for component in entry.components for name in component.checks}

    assert used <= set(CHECKS)


def test_code_lists_have_the_sizes_of_their_standards():
    assert len(COUNTRY_NUMBERS) == len(COUNTRY_CODES) == 249
    assert {"704", "840", "156"} <= COUNTRY_NUMBERS
    assert "VN" in COUNTRY_CODES
    assert {"704", "840", "978"} <= CURRENCY_NUMBERS


@pytest.mark.parametrize(
    ("ai", "value", "fits"),
    [
        ("01", "09521234543213", True), ("01", "09521234543214", False), ("00", "006141411234567890", True),
        ("17", "250200", True), ("17", "250229", False), ("17", "240229", True), ("17", "251301", False),
        ("4326", "250200", False), ("4324", "2502280000", True), ("4324", "2502282460", False),
        ("422", "704", True), ("422", "999", False), ("7030", "999X", True), ("423", "704116", True),
        ("423", "70411", False), ("4307", "VN", True), ("4307", "ZZ", False), ("3910", "704100", True),
        ("3910", "000100", False), ("4309", "02790858483015297971", True), ("4309", "18000000013015297971", False),
        ("8013", "1987654Ad4X4bL5ttr2310c2K", True), ("8013", "1987654Ad4X4bL5ttr2310cXK", False),
        ("8006", "095212345432130102", True), ("8006", "095212345432130201", False),
        ("8006", "095212345432130000", False), ("8011", "0", True), ("8011", "01", False),
        ("8007", "GB98MIDL07009312345678", True), ("8007", "GB99MIDL07009312345678", False),
        ("7258", "1/2", True), ("7258", "2/1", False), ("8003", "00614141123452ABC", True),
        ("8003", "10614141123452ABC", False), ("4330", "000123-", True), ("4330", "000123", True),
        ("4330", "000123+", False), ("7241", "01", True), ("7241", "11", False), ("7040", "1AB-", True),
        ("7040", "1AB!", False), ("7041", "PX", True), ("7041", "Q1", False), ("7252", "9", True), ("7252", "3", False),
        ("4321", "1", True), ("4321", "2", False), ("8001", "00010000100001", False), ("8001", "00010000100101", True),
        ("8110", "012345612345611110123", True), ("8110", "0123456123456111101238", False),
        ("8110", "01234561234561111012331512314251201", False), ("8112", "001234561234560123456", True),
        ("8112", "201234561234560123456", False), ("4300", "A%20B", True), ("4300", "A%2", False),
        ("8004", "AB12", False), ("8010", "0614141#/-A", True), ("8010", "0614141a", False), ("10", "A" * 21, False),
        ("8030", "AAECAw", True), ("8030", "AA+C", False),
    ],
)  # fmt: skip
def test_value_by_the_rule_of_its_identifier(ai, value, fits):
    if fits:
        check_value(ai, value)
    else:
        with pytest.raises(ElementRefused):
            check_value(ai, value)


@pytest.mark.parametrize(
    ("elements", "codes"),
    [
        ({"01": "09521234543213", "10": "A"}, []),
        ({"10": "A"}, ["companion"]),
        ({"02": "09521234543213"}, ["companion"]),
        ({"00": "006141411234567890", "02": "09521234543213", "37": "12"}, []),
        ({"01": "09521234543213", "37": "12"}, ["excluded", "companion"]),
        ({"01": "09521234543213", "3100": "000001", "3101": "000010"}, ["excluded", "excluded"]),
        ({"415": "9521234543213"}, ["companion"]),
        ({"01": "09521234543213", "3922": "0299"}, ["companion"]),
        ({"01": "09521234543213", "3922": "0299", "3103": "000195"}, []),
        ({"01": "09521234543213", "250": "X"}, ["companion"]),
    ],
)
def test_companions_that_lack_or_clash_are_named(elements, codes):
    assert [problem.code for problem in companion_problems(elements)] == codes


@given(st.text("0123456789", min_size=13, max_size=13), st.text(SET_82, min_size=1, max_size=20))
def test_element_string_in_both_forms_comes_back(digits, lot):
    elements = {"01": digits + check_digit(digits), "10": lot, "17": "271231"}

    assert parse_element_string(format_scanned(elements)) == elements
    assert parse_element_string(format_scanned(elements, fnc1="\x1d")) == elements
    assert parse_element_string("]C1" + format_scanned(elements)[1:]) == elements
    assert parse_element_string(format_bracketed(elements)) == elements


@given(st.text(SET_82, max_size=90))
def test_check_pair_notices_every_swapped_neighbour(text):
    pair = check_pair(text)

    for at in range(len(text) - 1):
        swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        assert swapped == text or check_pair(swapped) != pair


def test_path_orders_follow_the_key():
    assert ("01", "22", "10", "21") in PATH_ORDERS["01"]
    assert ("01", "235") in PATH_ORDERS["01"]
    assert ("01", "22", "235") not in PATH_ORDERS["01"]
    assert ("414", "254", "7040") not in PATH_ORDERS["414"]
