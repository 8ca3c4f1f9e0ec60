"""EPC names against the vectors of retail-epcpy, and every form against the others."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khcn.standards.gs1.epc_binary import decode_tag, encode_tag, fits, parse_tag_uri
from khcn.standards.gs1.epc_conversion import (
    digital_link_of,
    element_string_of,
    elements_of,
    epc_of,
    gtin_of,
    key_of,
)
from khcn.standards.gs1.epc_schemes import SCHEMES, parse_epc
from khcn.standards.gs1.errors import Gs1Refusal


def size_of(vector):
    kind = vector.get("kwargs", {}).get("gtin_type")
    return int(kind.removeprefix("GTIN_TYPE.GTIN")) if kind else None


def accepted(vector) -> bool:
    try:
        epc = parse_epc(vector["uri"])
        if size_of(vector):
            gtin_of(epc, size_of(vector))
    except Gs1Refusal:
        return False
    return epc.scheme == vector["scheme"].lower() and str(epc) == vector["uri"]


def test_every_name_vector_has_its_verdict(epc_vectors):
    names = [vector for vector in epc_vectors if "TagEncodable" not in vector["case"]]

    wrong = [vector for vector in names if accepted(vector) != (vector["set"] == "valid_data")]

    assert not wrong
    assert len(names) >= 220
    assert {vector["scheme"].lower() for vector in names} == set(SCHEMES)


def test_every_key_vector_gives_its_element_string_and_key_and_comes_back(epc_vectors):
    keyed = [vector for vector in epc_vectors if "gs1_element_string" in vector]

    for vector in keyed:
        epc = parse_epc(vector["uri"])

        assert element_string_of(epc) == vector["gs1_element_string"]
        assert str(epc_of(elements_of(epc), vector["company_prefix_length"])) == vector["uri"]
        if "gs1_key" in vector:
            assert (gtin_of(epc, size_of(vector)) if size_of(vector) else key_of(epc)) == vector["gs1_key"]
    assert len(keyed) >= 50


def test_every_tag_vector_is_written_and_read_bit_by_bit(epc_vectors):
    tagged = [vector for vector in epc_vectors if "hex" in vector]

    for vector in tagged:
        tag = parse_tag_uri(vector["tag_uri"])

        assert str(tag) == vector["tag_uri"]
        assert str(tag.epc) == vector["uri"]
        assert encode_tag(tag) == vector["hex"]
        assert decode_tag(vector["hex"]) == tag
    assert len(tagged) >= 50


def test_names_that_do_not_fit_the_asked_encoding_are_refused(epc_vectors):
    refused = [v for v in epc_vectors if v["set"] == "invalid_data" and "binary_coding_scheme" in v.get("kwargs", {})]

    for vector in refused:
        encoding = vector["kwargs"]["binary_coding_scheme"].split(".")[-1].lower().replace("_", "-")
        assert not fits(parse_epc(vector["uri"]), encoding)
    assert refused


def test_pattern_that_leaves_the_serial_open_names_the_class():
    assert digital_link_of(parse_epc("urn:epc:idpat:sgtin:4012345.099887.*")) == "https://id.gs1.org/01/04012345998870"
    assert digital_link_of(parse_epc("urn:epc:id:sgln:4012345.00001.0")) == "https://id.gs1.org/414/4012345000016"


@pytest.mark.parametrize("scheme", ["sgtin", "grai", "gdti", "lgtin", "upui", "sgln"])
def test_serial_of_a_lone_star_is_a_serial(scheme):
    name = f"urn:epc:{SCHEMES[scheme].space}:{scheme}:0614141.{'1' * (SCHEMES[scheme].parts[0].size - 7)}.*"

    assert "*" in "".join(elements_of(parse_epc(name)).values())
    assert str(epc_of(elements_of(parse_epc(name)), 7)) == name


@given(st.sampled_from(["sgtin", "sgln", "grai", "gdti", "lgtin", "upui"]), st.integers(6, 12), st.data())
def test_name_to_elements_and_back_is_the_same(scheme, length, data):
    prefix = data.draw(st.text("0123456789", min_size=length, max_size=length))
    size = SCHEMES[scheme].parts[0].size - length
    reference = data.draw(st.text("0123456789", min_size=size, max_size=size))
    serial = data.draw(st.text("ABCxyz019-_.:'()*+,;=!", min_size=1, max_size=SCHEMES[scheme].parts[1].size))
    name = f"urn:epc:{SCHEMES[scheme].space}:{scheme}:{prefix}.{reference}.{serial}"

    assert str(epc_of(elements_of(parse_epc(name)), length)) == name


@given(st.text("0123456789ABCDEFabcdef", min_size=4, max_size=104))
@example("3003B000000000")  # twelve digits cannot hold the prefix
def test_any_hexadecimal_is_read_or_refused(text):
    try:
        tag = decode_tag(text)
    except Gs1Refusal:
        return
    assert decode_tag(encode_tag(tag)) == tag
