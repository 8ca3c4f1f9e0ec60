"""Rules on areas: rings, circles, codes and heights. Source: CAP 1.2 section 3.2.4 and its note on polygons."""

from __future__ import annotations

from lxml import etree

from khcn.standards.cap.findings import ADVICE
from khcn.standards.cap.places import MisreadPlace, crosses_itself, read_circle, read_polygon
from khcn.standards.cap.reading import children, text_of
from khcn.standards.cap.semantics.rule import Broken, Rule, below_infos, first, rings

SECTION = "CAP 1.2, 3.2.4"


def _empty_description(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        for element in children(area, "areaDesc")[:1]:
            if not (element.text or "").strip():
                yield element, "areaDesc đang để trống; hãy ghi tên khu vực."


def _misread_polygon(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        for element in children(area, "polygon"):
            if not (element.text or "").strip():
                continue
            try:
                read_polygon(element.text or "")
            except MisreadPlace as fault:
                yield element, f"polygon chưa đúng: {fault}."


def _misread_circle(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        for element in children(area, "circle"):
            if not (element.text or "").strip():
                continue
            try:
                read_circle(element.text or "")
            except MisreadPlace as fault:
                yield element, f"circle chưa đúng: {fault}."


def _empty_place(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        for name in ("polygon", "circle"):
            for element in children(area, name):
                if not (element.text or "").strip():
                    yield element, f"{name} đang để trống; hãy ghi tọa độ hoặc bỏ phần tử này."


def _crossing(alert: etree._Element) -> Broken:
    for element, ring in rings(alert):
        if crosses_itself(ring):
            yield element, "Đường ranh của polygon tự cắt nhau nên không xác định được bên trong; hãy vẽ lại."


def _empty_geocode(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        for element in children(area, "geocode"):
            if not text_of(element, "valueName") or not text_of(element, "value"):
                yield element, "geocode thiếu valueName hoặc value; hãy ghi đủ hoặc bỏ phần tử này."


def _ceiling_alone(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        if text_of(area, "ceiling") and not text_of(area, "altitude"):
            yield first(area, "ceiling"), "ceiling chỉ dùng cùng altitude; hãy ghi độ cao dưới trong altitude."


def _heights(area: etree._Element) -> tuple[float | None, float | None]:
    found: list[float | None] = []
    for name in ("altitude", "ceiling"):
        try:
            found.append(float(text_of(area, name)))
        except ValueError:  # missing, or no number: the structure check says so
            found.append(None)
    return found[0], found[1]


def _ceiling_below(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        altitude, ceiling = _heights(area)
        if altitude is not None and ceiling is not None and ceiling < altitude:
            yield first(area, "ceiling"), "ceiling (độ cao trên) thấp hơn altitude (độ cao dưới)."


def _below_the_sea(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        if any(height is not None and height < 0 for height in _heights(area)):
            yield area, "Độ cao âm; altitude và ceiling tính bằng foot trên mực nước biển."


def _nowhere(alert: etree._Element) -> Broken:
    for area in below_infos(alert, "area"):
        if not any(children(area, name) for name in ("polygon", "circle", "geocode")):
            yield area, "area chỉ có lời mô tả; thêm polygon, circle hoặc geocode để máy biết nơi nào."


RULES = (
    Rule("CAP-A01", "areaDesc có giá trị", SECTION, _empty_description),
    Rule("CAP-A02", "polygon có từ 4 cặp tọa độ, khép kín, trong phạm vi Trái Đất", SECTION, _misread_polygon),
    Rule("CAP-A03", "circle là tâm và bán kính km không âm", SECTION, _misread_circle),
    Rule("CAP-A04", "polygon và circle không để trống", SECTION, _empty_place, ADVICE),
    Rule("CAP-A05", "polygon không tự cắt", SECTION, _crossing, ADVICE),
    Rule("CAP-A06", "geocode có đủ tên và giá trị", SECTION, _empty_geocode, ADVICE),
    Rule("CAP-A07", "ceiling đi cùng altitude", SECTION, _ceiling_alone),
    Rule("CAP-A08", "ceiling không thấp hơn altitude", SECTION, _ceiling_below),
    Rule("CAP-A09", "độ cao không âm", SECTION, _below_the_sea, ADVICE),
    Rule("CAP-A10", "area có polygon, circle hoặc geocode", SECTION, _nowhere, ADVICE),
)
