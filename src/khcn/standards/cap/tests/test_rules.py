"""Every rule finds its breach in an otherwise sound message, and finds nothing in the sound one."""

import dataclasses
from datetime import UTC, timedelta

import pytest

from khcn.standards.cap.checking import check_alert
from khcn.standards.cap.findings import ADVICE
from khcn.standards.cap.semantics import GENERAL, VIETNAM
from khcn.standards.cap.tests.examples import SENT, example
from khcn.standards.cap.writing import write_alert


def _sound() -> bytes:
    return write_alert(example())


def _changed(old: str, new: str, count: int = 1):
    def change() -> bytes:
        text = _sound().decode()
        assert old in text, old
        return text.replace(old, new, count).encode()

    return change


def _alert(**changes):
    return lambda: write_alert(example(**changes))


def _info(**changes):
    return lambda: write_alert(example(infos=(dataclasses.replace(example().infos[0], **changes),)))


SENT_TEXT = "2026-10-03T14:05:00+07:00"
REFERENCE = "pcttbp@example.vn,VN-BP-2026-0001.1,2026-10-03T12:05:00+07:00"
BREACHES = {
    "CAP-M01": [_changed(">VN-BP-2026-0001.2<", ">VN BP<"), _changed(">VN-BP-2026-0001.2<", "> <")],
    "CAP-M02": [
        _changed("<sender>pcttbp@example.vn<", "<sender>a,b<"),
        _changed("<sender>pcttbp@", "<sender>p &amp; "),
    ],
    "CAP-M03": [_changed(f"<sent>{SENT_TEXT}<", "<sent>2026-10-03T07:05:00+00:00<")],
    "CAP-M04": [_alert(restriction="")],
    "CAP-M05": [_alert(scope="Public")],
    "CAP-M06": [_alert(scope="Private", restriction="", addresses=())],
    "CAP-M07": [_alert(references=()), _alert(references=(), message_type="Cancel")],
    "CAP-M08": [
        _changed(REFERENCE, "VN-BP-2026-0001.1"),
        _changed(REFERENCE, ""),
        _changed(REFERENCE, REFERENCE + ",x"),
    ],
    "CAP-M09": [_changed("VN-BP-2026-0001.1,", "VN-BP-2026-0001.2,")],
    "CAP-M10": [_changed("2026-10-03T12:05:00+07:00", "2026-10-03T15:05:00+07:00")],
    "CAP-M11": [_changed(REFERENCE, f"{REFERENCE} {REFERENCE}")],
    "CAP-M12": [_changed("<code>VN-1.0<", "<code><")],
    "CAP-M13": [_alert(message_type="Error", note="")],
    "CAP-M14": [_alert(status="Exercise", note="")],
    "CAP-M15": [_alert(infos=())],
    "CAP-I01": [_changed("<event>Mưa lớn<", "<event> <")],
    "CAP-I02": [
        _info(effective=None, onset=None, expires=SENT - timedelta(seconds=1)),
        _info(expires=SENT, onset=None),
    ],
    "CAP-I03": [_info(effective=SENT + timedelta(hours=13), onset=None)],
    "CAP-I04": [_info(onset=SENT + timedelta(hours=13))],
    "CAP-I05": [_info(response_types=("None", "Monitor"))],
    "CAP-I06": [_info(categories=("Met", "Met"))],
    "CAP-I07": [_info(headline="m" * 161)],
    "CAP-I08": [_info(web="canhbao/1"), _info(web="www.example.vn/x"), _info(web="https://example.vn/a b")],
    "CAP-I09": [_info(urgency="Unknown"), _info(certainty="Unknown")],
    "CAP-I10": [_changed("<value>44<", "<value><")],
    "CAP-I11": [_alert(scope="Public", restriction="", infos=(dataclasses.replace(example().infos[0], areas=()),))],
    "CAP-R01": [_changed("text/plain", "text"), _changed("text/plain", "")],
    "CAP-R02": [_changed("<size>4<", "<size>-4<")],
    "CAP-R03": [_changed("<derefUri>TcawYQ==</derefUri>", "<uri>map.png</uri>")],
    "CAP-R04": [_changed("<derefUri>TcawYQ==</derefUri>", "")],
    "CAP-R05": [_changed("TcawYQ==", "Tcaw*Q==")],
    "CAP-R06": [_changed("<size>4<", "<size>5<")],
    "CAP-R07": [_changed("<digest>", "<digest>z")],
    "CAP-R08": [_changed("TcawYQ==", "TcawYg==")],
    "CAP-A01": [_changed("<areaDesc>Xã Bù Gia Mập<", "<areaDesc><")],
    "CAP-A02": [
        _changed("12.25,107 12.05,107<", "12.25,107<"),
        _changed("12.05,107.2", "12.05,207.2"),
        _changed("12.05,107 ", "97,107 "),
        _changed("12.05,107.2", "12.05;107.2"),
        _changed("12.05,107.2 12.25,107.2 ", ""),
    ],
    "CAP-A03": [
        _changed("12.1,107.1 3.5", "12.1,107.1"),
        _changed("12.1,107.1 3.5", "12.1,107.1 -3"),
        _changed(" 3.5<", " km<"),
    ],
    "CAP-A04": [_changed("<circle>12.1,107.1 3.5<", "<circle><")],
    "CAP-A05": [_changed("12.05,107.2 12.25,107.2 12.25,107 ", "12.25,107.2 12.05,107.2 12.25,107 ")],
    "CAP-A06": [_changed("<value>25222<", "<value><")],
    "CAP-A07": [_changed("<altitude>0</altitude>", "")],
    "CAP-A08": [_changed("<altitude>0<", "<altitude>4000<")],
    "CAP-A09": [_changed("<altitude>0<", "<altitude>-5<")],
    "CAP-A10": [_info(areas=(dataclasses.replace(example().infos[0].areas[0], polygons=(), circles=(), geocodes=()),))],
    "VN-01": [_info(language="en-US")],
    "VN-02": [_info(expires=None)],
    "VN-03": [
        _info(effective=SENT - timedelta(minutes=6)),
        _info(onset=SENT - timedelta(minutes=1)),
        _info(onset=SENT + timedelta(hours=13)),
    ],
    "VN-04": [_info(instruction="")],
    "VN-05": [_changed("<value>1<", "<value>6<")],
    "VN-06": [_info(severity="Severe")],
    "VN-07": [_changed("VN-DVHC-2025", "FIPS6")],
    "VN-08": [
        _changed("12.05,107.2 12.25,107.2 12.25,107 ", "12.25,107.2 12.05,107.2 12.25,107 "),
        _changed("12.05,107.2 ", " ".join(f"12.05,107.{step:03}" for step in range(1, 250)) + " 12.05,107.3 "),
    ],
    "VN-09": [_changed("12.05,107.2 ", "12.05,120 ")],
    "VN-10": [_alert(status="Exercise", scope="Public", restriction="")],
}
#: what the schema fixes: id → demand, breaches
STRUCTURE = {
    "CAP-X01": ("tệp là XML đọc được an toàn", [lambda: b"<alert>", lambda: b"<!DOCTYPE alert><alert/>"]),
    "CAP-S01": ("phần tử gốc là alert của CAP 1.2", [lambda: b"<rss/>", _changed("cap:1.2", "cap:1.1")]),
    "CAP-S02": ("phần tử có phần tử con thì không chứa chữ tự do", [_changed("</sender>", "</sender>chữ")]),
    "CAP-S03": (
        "chỉ có các phần tử của CAP 1.2, đúng chỗ",
        [_changed("</sender>", "</sender><lạ/>"), _changed("<event>Mưa lớn<", "<event><b/><")],
    ),
    "CAP-S04": (
        "các phần tử đứng đúng thứ tự",
        [_changed("<scope>", "<note>a</note><scope>")],
    ),
    "CAP-S05": ("không lặp phần tử quá số lần", [_changed("</sender>", "</sender><sender>b</sender>")]),
    "CAP-S06": ("có đủ phần tử bắt buộc", [_changed("<sender>pcttbp@example.vn</sender>", "")]),
    "CAP-S07": ("không có thuộc tính lạ", [_changed("<sender>", '<sender a="b">')]),
    "CAP-S08": (
        "giá trị đúng dạng và trong danh mục",
        [_changed(">Actual<", ">Real<"), _changed(SENT_TEXT, "2026-10-03T07:05:00Z")],
    ),
}


def test_sound_message_breaks_no_rule():
    found = check_alert(_sound(), profile="vn")

    assert (found.violations, found.advice) == ((), ())


def test_rules_each_have_an_id_of_their_own_and_a_breach():
    keys = [rule.key for rule in (*GENERAL, *VIETNAM)]

    assert len(keys) == len(set(keys)) >= 40
    assert set(BREACHES) == set(keys)


@pytest.mark.parametrize(
    ("key", "breach"),
    [
        pytest.param(key, breach, id=f"{key}-{number}")
        for key, breaches in BREACHES.items()
        for number, breach in enumerate(breaches, start=1)
    ],
)
def test_rule_broken_is_found_with_its_place(key, breach):
    found = check_alert(breach(), profile="vn")

    hits = [each for each in (*found.violations, *found.advice) if each.rule == key]
    rule = next(rule for rule in (*GENERAL, *VIETNAM) if rule.key == key)
    assert hits, [str(each) for each in (*found.violations, *found.advice)]
    assert found.is_valid == (not found.violations)
    assert {each.severity for each in hits} == {rule.severity}
    assert all(each.pointer.startswith("/alert") and each.message.endswith(".") for each in hits)


@pytest.mark.parametrize(
    ("key", "breach"),
    [
        pytest.param(key, breach, id=f"{key}-{number}")
        for key, (_demand, breaches) in STRUCTURE.items()
        for number, breach in enumerate(breaches, start=1)
    ],
)
def test_structure_broken_is_found_with_its_place(key, breach):
    found = check_alert(breach())

    assert key in {each.rule for each in found.violations}, [str(each) for each in found.violations]
    assert all(each.pointer.startswith("/") and each.message.endswith(".") for each in found.violations)


def test_advice_alone_leaves_a_message_valid():
    found = check_alert(BREACHES["CAP-I07"][0]())

    assert found.is_valid
    assert [each.severity for each in found.advice] == [ADVICE]


def test_profile_is_asked_for_by_name():
    abroad = BREACHES["VN-09"][0]()

    assert check_alert(abroad).is_valid
    assert not check_alert(abroad, profile="vn").is_valid
    with pytest.raises(KeyError):
        check_alert(abroad, profile="xx")


def test_universal_time_is_written_as_minus_zero():
    text = write_alert(example(sent=SENT.astimezone(UTC))).decode()

    assert "<sent>2026-10-03T07:05:00-00:00</sent>" in text
