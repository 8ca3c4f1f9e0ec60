"""Our structure check and the official schema give one verdict: on outside messages and on thousands of mutations."""

import random

import pytest
from lxml import etree

from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.findings import UnreadableCap
from khcn.standards.cap.safe_xml import parse
from khcn.standards.cap.structure import structure_violations
from khcn.standards.cap.tests.examples import example
from khcn.standards.cap.writing import write_alert

#: Verdicts that the collection's own file names and comments announce; the rest are alerts as agencies sent them.
ANNOUNCED_AS_WRONG = {"invalid.cap", "canada_errors.cap", "noaa_errors.cap", "xee.cap"}
MUTATIONS = 6000
WORDS = (
    "",
    " ",
    "x",
    "Actual",
    "actual",
    " Alert",
    "Met",
    "Update",
    "None",
    "vi-VN",
    "vi_VN",
    "0",
    "-1",
    "1.5",
    ".",
    "1e3",
    "+7",
    "2026-10-03T14:05:00+07:00",
    "2026-10-03T14:05:00Z",
    "2026-13-03T14:05:00+07:00",
    "2026-02-29T14:05:00+07:00",
    "2024-02-29T24:00:00+07:00",
    "2026-10-03T24:00:01+07:00",
    "2026-10-03T14:05:60+07:00",
    "2026-10-03T14:05:00+14:01",
    "2026-10-03T14:05:00+14:00",
    "2026-10-03T14:05:00,07:00",
    "0000-10-03T14:05:00+07:00",
    " 2026-10-03T14:05:00+07:00 ",
    "2026-10-03T14:05:00.5+07:00",
    "٢026-10-03T14:05:00+07:00",
    "1 2",
    "1:b",
    "x%zz",
    "x%20",
    "a#b#c",
    "http://[::1]/x",
    "a[b]",
    "//h:x/",
    "á é",
    "<>",
    "http://h:x/y",
    "a b",
    "12,107",
    "CBRNE",
)
NAMES = (
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "source",
    "scope",
    "restriction",
    "addresses",
    "code",
    "note",
    "references",
    "incidents",
    "info",
    "language",
    "category",
    "event",
    "responseType",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "eventCode",
    "valueName",
    "value",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
    "uri",
    "contact",
    "parameter",
    "resource",
    "resourceDesc",
    "mimeType",
    "size",
    "derefUri",
    "digest",
    "area",
    "areaDesc",
    "polygon",
    "circle",
    "geocode",
    "altitude",
    "ceiling",
    "stranger",
)


def test_outside_messages_the_schema_and_we_agree(samples, official_schema):
    differing = []
    for name, content in samples.items():
        try:
            root = parse(content)
        except UnreadableCap:
            continue
        if official_schema.validate(root) != (structure_violations(root) == []):
            differing.append(name)

    assert not differing
    assert len(samples) >= 16


def test_outside_messages_of_agencies_are_valid_and_announced_ones_are_not(samples):
    cap12 = {name: content for name, content in samples.items() if b"cap:1.2" in content}

    verdicts = {name: check_alert(content).is_valid for name, content in cap12.items()}

    assert verdicts == {name: name not in ANNOUNCED_AS_WRONG for name in cap12}


def _mutate(root: etree._Element, dice: random.Random) -> None:
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    place = dice.choice(elements)
    namespace = "{urn:oasis:names:tc:emergency:cap:1.2}"
    match dice.randrange(9):
        case 0 if place is not root:
            place.getparent().remove(place)
        case 1 if place is not root:
            twin = etree.fromstring(etree.tostring(place))
            place.addnext(twin)
        case 2 if place is not root:
            other = dice.choice(elements)
            if place not in other.iterancestors() and other is not root:
                other.addnext(place) if other is not place else None
        case 3 if not len(place):
            place.text = dice.choice(WORDS)
        case 4:
            place.tag = namespace + dice.choice(NAMES)
        case 5:
            new = etree.SubElement(place, namespace + dice.choice(NAMES))
            new.text = dice.choice(WORDS)
        case 6:
            place.set(dice.choice(("id", "{urn:x}y", "lang")), "1")
        case 7 if len(place):
            place.text = dice.choice(("chữ thừa", " ", "\n"))
        case 8:
            place.tag = (
                dice.choice(("{urn:oasis:names:tc:emergency:cap:1.1}", "", "{urn:x}")) + etree.QName(place).localname
            )


def _signature_among_infos(root: etree._Element) -> bool:
    """The schema puts signatures last; the library that runs it lets them stand before info blocks as well."""
    is_signature = ["xmldsig" in str(each.tag) for each in root]
    return any(is_signature) and not all(is_signature[is_signature.index(True) :])


@pytest.mark.parametrize("seed", range(6))
def test_mutated_messages_the_schema_and_we_agree(seed, samples, official_schema):
    dice = random.Random(seed)
    sources = [content for name, content in samples.items() if b"cap:1.2" in content and name != "xee.cap"]
    sources.append(write_alert(example()))
    differing = []
    outcomes = {True: 0, False: 0}

    for _round in range(MUTATIONS // 6):
        root = parse(dice.choice(sources))
        for _each in range(dice.choice((1, 1, 1, 2, 3))):
            _mutate(root, dice)
        content = etree.tostring(root)
        again = parse(content)
        if _signature_among_infos(again):
            continue
        official = official_schema.validate(again)
        outcomes[official] += 1
        if official != (structure_violations(again) == []):
            differing.append((official, content.decode(), [str(each) for each in structure_violations(again)][:3]))

    assert not differing, differing[0]
    assert min(outcomes.values()) > 50, "the mutations must give both verdicts"
