"""From plots and goods to a due diligence statement: limits of dated data, producers, findings as sentences. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal

from khcn.lib.labelled import gettext_noop as _
from khcn.standards.eudr.limits import Finding, Limits
from khcn.standards.eudr.statements import Producer

_KEY = "eudr."
_SENTENCES = {
    "too_large": _("Tọa độ của các lô đất nặng {detail} byte, vượt mức của một tờ khai; hãy tách lô hàng."),
    "not_json": _("Tệp không phải GeoJSON đọc được."),
    "not_feature": _("Tệp có phần không phải đối tượng GeoJSON."),
    "empty": _("Chưa có lô đất nào."),
    "geometry_missing": _("Có đối tượng không có hình."),
    "type_refused": _("Loại hình {detail} không được nhận; chỉ nhận điểm và vùng."),
    "coordinates_shape": _("Tọa độ không đúng cấu trúc của loại hình."),
    "out_of_range": _("Tọa độ {detail} ngoài miền kinh độ, vĩ độ."),
    "swapped": _("Tọa độ {detail} có vẻ viết vĩ độ trước; GeoJSON viết kinh độ trước."),
    "few_decimals": _("Có {detail} tọa độ ít hơn sáu chữ số thập phân."),
    "hole": _("Vùng có {detail} lỗ; hệ thống EU chỉ đọc đường bao ngoài."),
    "open_ring": _("Đường bao chưa khép kín."),
    "repeated_point": _("Hai điểm liền nhau trùng nhau sau khi làm tròn."),
    "few_points": _("Đường bao cần ít nhất ba góc."),
    "self_crossing": _("Các cạnh của đường bao cắt nhau hoặc trùng nhau."),
    "zero_area": _("Vùng không có diện tích."),
    "property_case": _("Tên thuộc tính phải viết là {detail}."),
    "country_missing": _("Thiếu nước sản xuất."),
    "country_unknown": _("Mã nước {detail} không có trong ISO 3166."),
    "producer_long": _("Tên người sản xuất dài {detail} chữ, quá mức cho phép."),
    "area_assumed": _("Điểm không ghi diện tích; hệ thống EU coi là {detail} ha."),
    "area_no_number": _("Diện tích của điểm phải là số."),
    "point_too_large": _("Điểm ghi {detail} ha, quá mức cho lô đất không có ranh giới."),
    "point_too_small": _("Điểm ghi {detail} ha, dưới mức nhỏ nhất."),
    "polygon_needed": _("Lô đất rộng {detail} ha chưa có ranh giới; hãy đo hoặc vẽ ranh giới."),
    "area_unknown": _("Lô đất chỉ có một điểm và chưa ghi diện tích."),
    "no_shape": _("Lô đất chưa có ranh giới và chưa có vị trí."),
    "no_proof": _("Chưa có bằng chứng không phá rừng cho ngày thu hoạch."),
    "no_title": _("Chưa có giấy tờ đất."),
    "other_day": _("Ranh giới không phải của ngày thu hoạch mà của lần đo gần nhất."),
    "uncertain": _("Lô đất này chỉ có thể, chưa chắc, thuộc lô hàng."),
    "role_unknown": _("Vai trò {detail} không có trong quy định."),
    "activity_unknown": _("Hoạt động {detail} không có trong quy định."),
    "reference_long": _("Số tham chiếu nội bộ dài {detail} chữ, quá mức cho phép."),
    "border_missing": _("Chưa ghi nước EU cửa khẩu."),
    "commodity_missing": _("Tờ khai chưa có mặt hàng nào."),
    "commodities_many": _("Tờ khai có {detail} mặt hàng, quá mức cho phép."),
    "grouped_many": _("Tờ khai gộp {detail} tờ khai khác, quá mức cho phép."),
    "grouped_number": _("Số tham chiếu {detail} không đúng dạng."),
    "producers_many": _("Có {detail} người sản xuất, quá mức cho phép; hãy tách tờ khai."),
    "producers_missing": _("Mặt hàng chưa có người sản xuất."),
    "description_missing": _("Cần ghi mô tả hàng."),
    "description_long": _("Mô tả hàng dài {detail} chữ, quá mức cho phép."),
    "hs_heading": _("Mã HS {detail} phải gồm 2 đến 6 chữ số."),
    "net_missing": _("Cần ghi khối lượng tịnh."),
    "net_wrong": _("Khối lượng tịnh {detail} phải lớn hơn 0 và có nhiều nhất sáu chữ số thập phân."),
    "deviation_wrong": _("Tỷ lệ sai lệch {detail} phải từ 0 đến 100."),
    "species_missing": _("Hàng gỗ cần ghi tên khoa học và tên thường gọi."),
    "species_many": _("Có {detail} tên loài, quá mức cho phép."),
}


def limits_of(parameters: Mapping[str, Decimal]) -> Limits:
    """The limits in force. Raises KeyError where the dated data lack one."""
    wanted = {field.name: field.type for field in fields(Limits)}
    values = {name: parameters[_KEY + name] for name in wanted}
    return Limits(**{name: float(value) if name.endswith("_ha") else int(value) for name, value in values.items()})  # type: ignore[arg-type]


def sentence_of(finding: Finding) -> str:
    """What a finding says to a person."""
    return _SENTENCES[finding.code].format(detail=finding.detail)


def known_codes() -> frozenset[str]:
    """Codes that have a sentence."""
    return frozenset(_SENTENCES)


def producers_of(packages: Iterable[bytes], country: str) -> list[Producer]:
    """One producer for each name in plot packages, with the features of its plots as they stand there."""
    grouped: dict[str, list[object]] = defaultdict(list)
    for package in packages:
        for feature in json.loads(package, parse_float=_Kept)["features"]:
            grouped[feature["properties"].get("ProducerName", "")].append(feature)
    return [Producer(country, name, _collection(found)) for name, found in sorted(grouped.items())]


class _Kept(float):
    """A coordinate that is written with the decimals that it was read with."""

    def __new__(cls, text: str) -> "_Kept":
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        return self.text


def _collection(features: Sequence[object]) -> bytes:
    return _written({"type": "FeatureCollection", "features": list(features)}).encode()


def _written(value: object) -> str:
    if isinstance(value, _Kept):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
