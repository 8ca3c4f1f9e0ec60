"""The profile that this system issues by: Vietnamese text, risk level, dated units, times in order.

These are the system's own conventions over CAP 1.2 (names VN-…), not law; the level's meaning is in the rule tables.
"""

from __future__ import annotations

from datetime import timedelta

from lxml import etree

from khcn.standards.cap.places import crosses_itself
from khcn.standards.cap.reading import children, text_of
from khcn.standards.cap.semantics.rule import Broken, Rule, below_infos, first, infos, moment, rings

SOURCE = "Hồ sơ CAP của hệ thống"
RISK_LEVEL = "VN-QD18:riskLevel"
SEVERITY_OF_LEVEL = {"1": "Minor", "2": "Moderate", "3": "Severe", "4": "Extreme", "5": "Extreme"}
GEOCODE_PREFIX = "VN-DVHC-"
LONGEST_RING = 250
EARLIEST_EFFECTIVE = timedelta(minutes=5)
#: South, north, west, east in degrees: land, islands and waters of Vietnam, generously.
EXTENT = (6.0, 24.0, 101.5, 118.0)


def _without_vietnamese(alert: etree._Element) -> Broken:
    if infos(alert) and not any(text_of(each, "language").lower().split("-")[0] == "vi" for each in infos(alert)):
        yield infos(alert)[0], "Bản tin chưa có info tiếng Việt (language vi-VN)."


def _without_expiry(alert: etree._Element) -> Broken:
    for info in infos(alert):
        if not text_of(info, "expires"):
            yield info, "info chưa có expires; hãy ghi thời điểm hết hiệu lực."


def _times_out_of_order(alert: etree._Element) -> Broken:
    sent = moment(alert, "sent")
    for info in infos(alert):
        effective, onset, expires = (moment(info, name) for name in ("effective", "onset", "expires"))
        if sent and effective and effective < sent - EARLIEST_EFFECTIVE:
            yield first(info, "effective"), "effective sớm hơn giờ gửi quá 5 phút."
        if effective and onset and onset < effective:
            yield first(info, "onset"), "onset phải từ effective trở đi."
        if onset and expires and expires <= onset:
            yield first(info, "expires"), "expires phải sau onset."


def _without_words(alert: etree._Element) -> Broken:
    for info in infos(alert):
        for name in ("headline", "description", "instruction"):
            if not text_of(info, name):
                yield info, f"info chưa có {name}."


def _level(info: etree._Element) -> tuple[etree._Element | None, str]:
    for element in children(info, "parameter"):
        if text_of(element, "valueName") == RISK_LEVEL:
            return element, text_of(element, "value")
    return None, ""


def _wrong_level(alert: etree._Element) -> Broken:
    for info in infos(alert):
        element, level = _level(info)
        if element is not None and level not in SEVERITY_OF_LEVEL:
            yield element, f"Cấp độ rủi ro “{level}” phải là số từ 1 đến 5."


def _level_against_severity(alert: etree._Element) -> Broken:
    for info in infos(alert):
        _element, level = _level(info)
        expected = SEVERITY_OF_LEVEL.get(level)
        if expected and text_of(info, "severity") != expected:
            yield first(info, "severity"), f"Cấp độ rủi ro {level} ứng với severity {expected}."


def _without_unit(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        names = [text_of(each, "valueName") for each in children(area, "geocode")]
        if not any(name.startswith(GEOCODE_PREFIX) for name in names):
            yield area, f"area chưa có geocode {GEOCODE_PREFIX}<năm> ghi mã đơn vị hành chính."


def _long_or_crossing_ring(alert: etree._Element) -> Broken:
    for element, ring in rings(alert):
        if len(ring) > LONGEST_RING:
            yield element, f"polygon có {len(ring)} điểm; hãy đơn giản hóa còn tối đa {LONGEST_RING}."
        elif crosses_itself(ring):
            yield element, "polygon tự cắt; hãy vẽ lại."


def _abroad(alert: etree._Element) -> Broken:
    south, north, west, east = EXTENT
    for element, ring in rings(alert):
        if not all(south <= y <= north and west <= x <= east for y, x in ring):
            yield element, "polygon nằm ngoài lãnh thổ Việt Nam; kiểm tra thứ tự vĩ độ, kinh độ."


def _public_exercise(alert: etree._Element) -> Broken:
    status = text_of(alert, "status")
    if status in {"Exercise", "Test", "Draft"} and text_of(alert, "scope") == "Public":
        yield first(alert, "scope"), f"Bản tin {status} không được phát công khai; hãy đổi scope."


RULES = (
    Rule("VN-01", "có info tiếng Việt", SOURCE, _without_vietnamese),
    Rule("VN-02", "có thời điểm hết hiệu lực", SOURCE, _without_expiry),
    Rule("VN-03", "sent − 5 phút ≤ effective ≤ onset < expires", SOURCE, _times_out_of_order),
    Rule("VN-04", "có tiêu đề, mô tả và hướng dẫn", SOURCE, _without_words),
    Rule("VN-05", "cấp độ rủi ro từ 1 đến 5", SOURCE, _wrong_level),
    Rule("VN-06", "severity khớp cấp độ rủi ro", SOURCE, _level_against_severity),
    Rule("VN-07", "area có mã đơn vị hành chính", SOURCE, _without_unit),
    Rule("VN-08", "đường ranh không quá 250 điểm và không tự cắt", SOURCE, _long_or_crossing_ring),
    Rule("VN-09", "khu vực nằm trong Việt Nam", SOURCE, _abroad),
    Rule("VN-10", "diễn tập, thử và nháp không phát công khai", SOURCE, _public_exercise),
)
