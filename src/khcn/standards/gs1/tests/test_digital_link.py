"""Digital Links against the vectors of gs1-syntax-engine, and both ways against each other."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.standards.gs1.application_identifiers import BY_AI
from khcn.standards.gs1.check_digits import SET_82, check_digit
from khcn.standards.gs1.digital_link import (
    LENIENT,
    Leniency,
    build_digital_link,
    parse_digital_link,
)
from khcn.standards.gs1.element_strings import format_scanned
from khcn.standards.gs1.errors import Gs1Refusal
from khcn.standards.gs1.identification import identify
from khcn.standards.gs1.link_compression import compress, decompress, is_compressed

# The engine's tests switch these options on and off without saying so in the extracted vectors.
MODES = [Leniency(*flags) for flags in product((False, True), repeat=3)]

gtins = st.text("0123456789", min_size=13, max_size=13).map(lambda digits: digits + check_digit(digits))
texts = st.text(SET_82, min_size=1, max_size=20)


def read(uri: str, mode: Leniency) -> str | None:
    try:
        return format_scanned(parse_digital_link(uri, mode).elements)
    except Gs1Refusal:
        return None


def test_every_engine_vector_has_its_verdict_in_some_mode(link_vectors):
    wrong = []

    for vector in link_vectors:
        answers = {read(vector["in"], mode) for mode in MODES}
        if (vector["out"] if vector["ok"] else None) not in answers:
            wrong.append(vector)

    assert not wrong
    assert len(link_vectors) >= 80


def test_engine_vectors_without_options_have_one_verdict_in_every_mode(link_vectors):
    """Only links that the options are about may change their verdict with them."""
    about_options = (
        "gtin",
        "sscc",
        "/01/2112345678900",
        "/01/02345673",
        "/01/416000336108",
        "89=",
        "01=0234",
        "01=2112",
    )
    both = {
        vector["in"] for vector in link_vectors if len({v["ok"] for v in link_vectors if v["in"] == vector["in"]}) > 1
    }

    changing = {
        vector["in"] for vector in link_vectors if len({read(vector["in"], mode) is not None for mode in MODES}) > 1
    }

    assert both <= changing
    assert all(any(word in uri for word in about_options) or "/01/9520123456788" in uri for uri in changing)


@given(gtins, texts, texts, texts)
def test_link_built_and_read_is_the_same(gtin, lot, serial, internal):
    elements = {"01": gtin, "10": lot, "21": serial, "91": internal}

    link = parse_digital_link(build_digital_link(elements, "https://truyxuat.example.vn/a"))

    assert link.elements == elements
    assert link.stem == "https://truyxuat.example.vn/a"


@given(gtins, texts, st.text("0123456789", min_size=1, max_size=8), st.booleans(), st.booleans())
def test_link_compressed_and_decompressed_is_the_same(gtin, lot, count, keep_key, optimise):
    plain = build_digital_link({"01": gtin, "10": lot, "30": count}, other_parameters=("lang=vi", "x"))
    link = parse_digital_link(plain)

    packed = compress(link, keep_key=keep_key, optimise=optimise)

    back = decompress(packed)
    assert back.elements == link.elements
    assert set(back.other_parameters) == {"lang=vi", "x"}
    assert is_compressed(packed)
    assert not is_compressed(plain)


@given(st.sampled_from(sorted(BY_AI)), st.data())
def test_compression_keeps_every_attribute_of_free_digits(ai, data):
    entry = BY_AI[ai]
    if not entry.is_attribute or any(part.checks for part in entry.components):
        return
    value = data.draw(st.text("0123456789", min_size=entry.shortest, max_size=entry.shortest))
    link = parse_digital_link(build_digital_link({"01": "09521234543213", ai: value}))

    assert decompress(compress(link)).elements == link.elements


def test_compressed_link_of_gs1_toolkit_is_read():
    """The example that GS1's own toolkit carries in its comments."""
    link = decompress("http://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TQ")

    assert link.elements == {"01": "05412345000013", "10": "ABC&+123", "7003": "1903061658"}


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("https://id.gs1.org/01/09521234543214", "value"),
        ("https://id.gs1.org/01/09521234543213/21/A/10/B", "qualifiers"),
        ("https://id.gs1.org/01/09521234543213?10=B", "attribute"),
        ("https://id.gs1.org/01/09521234543213?17=250230", "value"),
        ("https://id.gs1.org/01/09521234543213?4330=000010X", "value"),
        ("https://id.gs1.org/01/09521234543213?422=999", "value"),
        ("https://id.gs1.org/01/09521234543213/10/%C3%A1", "value"),
        ("ftp://id.gs1.org/01/09521234543213", "scheme"),
        ("https://id.gs1.org/product", "key"),
        ("https://id.gs1.org/01/09521234543213?3103=000195&3103=000195", "repeated"),
    ],
)
def test_link_that_breaks_a_rule_is_refused_by_its_name(uri, code):
    with pytest.raises(Gs1Refusal) as refused:
        parse_digital_link(uri, LENIENT)

    assert refused.value.code == code


@given(st.text())
def test_any_text_gets_a_report_and_never_an_exception(text):
    for prefix in ("", "https://a/", "https://a/01/", "urn:epc:id:", "urn:epc:tag:sgtin-96:", "(01)", "]C1", "gtin:"):
        json.dumps(identify(prefix + text).errors)


@given(st.binary(min_size=1, max_size=60))
def test_any_compressed_segment_is_read_or_refused(raw):
    import base64

    segment = base64.urlsafe_b64encode(raw).decode().rstrip("=")

    try:
        link = decompress(f"https://a/{segment}")
    except Gs1Refusal:
        return
    assert parse_digital_link(build_digital_link(link.elements)).elements == link.elements
