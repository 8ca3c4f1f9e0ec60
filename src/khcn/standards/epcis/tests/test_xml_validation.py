"""The same verdict as the official XSD of 2.0 and 1.2, run by lxml, on every document and on thousands of damages."""

import random

import pytest
from lxml import etree

from khcn.standards.epcis.tests.mutations import damage_xml
from khcn.standards.epcis.xml_reading import read_xml
from khcn.standards.epcis.xml_validation import validate_xml

DAMAGED = 1_500


def schema(folder, edition, version):
    parts = {"epcis": "epcis", "epcis-query": "epcis-query", "epcis-masterdata": "epcis-masterdata"}
    imports = "".join(
        f'<x:import namespace="urn:epcglobal:{name}:xsd:{version}" '
        f'schemaLocation="{(folder / f"EPCglobal-{part}-{edition}.xsd").as_uri()}"/>'
        for name, part in parts.items()
    )
    return etree.XMLSchema(
        etree.fromstring(f'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema">{imports}</x:schema>')
    )


@pytest.fixture(scope="module")
def oracle(reference):
    schemas = {
        "2": schema(reference / "gs1-EPCIS/XSD", "2_0", 2),
        "1": schema(reference / "gs1-EPCIS/XSL/1.2/XSD", "1_2", 1),
    }
    return lambda tree: schemas["1" if ":xsd:1}" in tree.getroot().tag else "2"].validate(tree)


@pytest.fixture(scope="module")
def documents(xml_paths):
    return [raw for path in xml_paths if b"urn:epcglobal:epcis" in (raw := path.read_bytes())]


def test_every_document_at_hand_has_the_schema_verdict(oracle, xml_paths):
    trees = {path: read_xml(path.read_bytes())[0] for path in xml_paths}
    verdicts = {path: oracle(tree) for path, tree in trees.items()}

    ours = {path: not validate_xml(tree) for path, tree in trees.items()}

    assert ours == verdicts
    assert sum(verdicts.values()) >= 100
    assert list(verdicts.values()).count(False) >= 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_damaged_documents_have_the_schema_verdict(oracle, documents, seed):
    hand = random.Random(seed)
    refused = 0

    for _ in range(DAMAGED):
        tree = damage_xml(hand.choice(documents), hand)
        verdict = oracle(tree)
        refused += not verdict
        assert (not validate_xml(tree)) == verdict, etree.tostring(tree)[:3000]

    assert DAMAGED * 0.5 < refused < DAMAGED * 0.95


def test_all_errors_are_collected_with_their_places(reference):
    raw = (reference / "gs1-EPCIS/XML/Example_9.6.1-ObjectEvent-2020_06_18a.xml").read_bytes()
    spoilt = raw.replace(b"<action>OBSERVE</action>", b"<action>MOVE</action>", 1).replace(b'schemaVersion="2.0"', b"")

    pointers = [problem.pointer for problem in validate_xml(read_xml(spoilt)[0])]

    assert "/epcis:EPCISDocument" in pointers
    assert any(pointer.endswith("/ObjectEvent[1]/action") for pointer in pointers)
