"""The checking commands: what they print, and how they end."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

VALID = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-03-12T08:00:00+07:00",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "eventTime": "2026-03-12T07:30:00+07:00",
                "eventTimeZoneOffset": "+07:00",
                "action": "ADD",
                "epcList": ["urn:epc:id:sgtin:8931234.012345.1"],
                "sensorElementList": [
                    {
                        "sensorMetadata": {"deviceID": "urn:x:y"},
                        "sensorReport": [{"type": "Temperature", "deviceID": "urn:x:y"}],
                    }
                ],
            }
        ]
    },
}


@pytest.fixture
def written(tmp_path: Path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


def run(capsys, *arguments):
    code = 0
    try:
        call_command(*arguments)
    except SystemExit as end:
        code = end.code
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_epcis_check_valid_document_gives_kind_events_and_hashes(capsys, written):
    code, (report,) = run(capsys, "epcis_check", written("a.json", VALID), "--json")

    assert code == 0
    assert (report["kind"], report["binding"], report["events"]) == ("EPCISDocument", "json", 1)
    assert report["valid"]
    assert report["errors"] == []
    assert report["hashes"][0].startswith("ni:///sha-256;")
    assert not report["conformant"]
    assert report["breaches"][0]["pointer"].endswith("/sensorReport/0/deviceID")


def test_epcis_check_strict_counts_breaches_as_errors(capsys, written):
    code, (report,) = run(capsys, "epcis_check", written("a.json", VALID), "--json", "--strict")

    assert code == 1
    assert [error["rule"] for error in report["errors"]] == ["standard"]


def test_epcis_check_several_files_reports_each_and_ends_with_the_worst(capsys, written, tmp_path):
    paths = [written("a.json", VALID), written("b.xml", b"<a/>"), written("c.json", b"{\0"), str(tmp_path / "absent")]

    code, reports = run(capsys, "epcis_check", *paths, "--json")

    assert code == 2
    assert [report["file"] for report in reports] == paths
    assert [report["valid"] for report in reports] == [True, False, False, False]
    assert all(report["errors"][0]["message"] for report in reports[1:])


def test_epcis_check_without_json_prints_sentences(capsys, written):
    with pytest.raises(SystemExit):
        call_command("epcis_check", written("b.xml", b"<a/>"))

    assert "1 lỗi" in capsys.readouterr().out


def test_gs1_check_reports_every_text(capsys):
    texts = [
        "09521234543213",
        "https://id.gs1.org/01/09521234543213/10/A",
        "urn:epc:id:sgtin:0614141.112345.400",
        "(01)1",
    ]

    code, reports = run(capsys, "gs1_check", *texts, "--json", "--prefix-length", "7")

    assert code == 1
    assert [report["text"] for report in reports] == texts
    assert [report["valid"] for report in reports] == [True, True, True, False]
    assert reports[1]["elements"] == {"01": "09521234543213", "10": "A"}
    assert reports[1]["epc"] == "urn:epc:class:lgtin:9521234.054321.A"
    assert reports[2]["digital_link"] == "https://id.gs1.org/01/10614141123459/21/400"
    assert reports[3]["errors"][0]["ai"] == "01"


def test_gs1_check_strict_refuses_what_is_deprecated(capsys):
    link = "https://a/gtin/09521234543213"

    assert run(capsys, "gs1_check", link, "--json")[0] == 0
    assert run(capsys, "gs1_check", link, "--json", "--strict")[0] == 1
