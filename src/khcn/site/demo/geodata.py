"""The map of the demonstration: registers with invented objects, changes under way, and a reference layer.

Every shape is made here from circles and squares round made-up centres; none is a real forest, mine, well or garden.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import shapely

from khcn.domains.geodata.choices import Access, GeometryType, LayerChangeKind, LayerKind
from khcn.domains.geodata.models import Layer, LayerTemplate
from khcn.domains.geodata.rules.fields import Field
from khcn.domains.geodata.services import changes, layers
from khcn.domains.geodata.services.base_map import make_base_map
from khcn.domains.geodata.services.versions import NewObject
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import cells_on
from khcn.lib.actor import Actor
from khcn.site.demo.onestop_office import Place, place_of

FORESTS = ("Đặc dụng", "Phòng hộ", "Sản xuất")
CROPS = ("Cao su", "Điều", "Hồ tiêu", "Cà phê", "Cây ăn quả")
BASE_MAP_DEEPEST = 9


def tell_geodata(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Set up the layers and fill them through proposals; returns how many layers there are."""
    place = place_of(bodies["BP-SKHCN"], today, {"chuyenvien", "truongphong", "giamdoc"})
    since = today - timedelta(days=900)
    communes = _communes(place, today)
    forest = _layer(place, "ba-loai-rung", "Ba loại rừng (minh họa)", Access.OPEN)
    _fill(place, forest, [_forest(number) for number in range(36)], since)
    layers.set_style(by=place.head, layer=forest, name="Thường dùng", look={
        "colour": "#009e73", "field": "loai_rung", "opacity": 0.45,
        "colours": dict(zip(FORESTS, ("#0072b2", "#e69f00", "#009e73"), strict=True)),
    })  # fmt: skip
    wells = _layer(place, "giay-phep-nuoc", "Giấy phép tài nguyên nước (minh họa)", Access.INTERNAL)
    _fill(place, wells, [_well(number) for number in range(28)], since)
    gardens = _layer(place, "vuon-cay-lau-nam", "Vườn cây lâu năm (minh họa)", Access.OPEN)
    _fill(place, gardens, [_garden(number) for number in range(60)], since + timedelta(days=200))
    mines = _layer(place, "mo-khoang-san", "Mỏ khoáng sản (minh họa)", Access.RESTRICTED)
    _fill(place, mines, [_mine(number) for number in range(9)], since)
    _changes(place, forest, today)
    make_base_map(on=today, deepest=BASE_MAP_DEEPEST)
    return 4 + bool(communes)


def _layer(place: Place, key: str, title: str, access: Access) -> Layer:
    return layers.create_layer(
        by=place.head, key=key, title=title, owner=place.body, template=LayerTemplate.objects.get(key=key),
        access=access, is_illustration=True,
    )  # fmt: skip


def _fill(place: Place, layer: Layer, objects: list[NewObject], on: date) -> None:
    proposal = changes.propose_change(
        by=place.specialist, layer=layer, kind=LayerChangeKind.ADD, objects=objects, effective_on=on,
        reason="Lập sổ ban đầu (minh họa)",
    )  # fmt: skip
    changes.check_change(by=place.head, proposal=proposal)
    changes.approve_change(by=place.director, proposal=proposal)


def _communes(place: Place, today: date) -> bool:
    """The communes as a reference layer: boundaries where they are loaded, schematic cells elsewhere."""
    cells = [
        cell for cell in cells_on(today, level=UnitLevel.COMMUNE) if cell.shape.geom_type in ("Polygon", "MultiPolygon")
    ]
    if not cells:
        return False
    layer = layers.create_layer(
        by=place.head, key="xa-phuong", title="Xã, phường (sơ đồ, minh họa)", owner=place.body,
        geometry_type=GeometryType.POLYGON, kind=LayerKind.REFERENCE, access=Access.OPEN, title_field="ten",
        fields=(Field("ten", "Tên đơn vị", required=True), Field("so_do", "Chỉ là sơ đồ")), is_illustration=True,
        summary="Ranh giới đã nạp, hoặc ô sơ đồ quanh trung tâm khi chưa có ranh giới.",
    )  # fmt: skip
    _fill(place, layer, [
        NewObject(cell.code, cell.shape, {"ten": cell.name, "so_do": "có" if cell.is_schematic else "không"})
        for cell in cells[:200]
    ], today - timedelta(days=30))  # fmt: skip
    return True


def _centre(number: int, columns: int, step: float, west: float = 106.55, south: float = 11.55) -> tuple[float, float]:
    return west + number % columns * step, south + number // columns * step


def _forest(number: int) -> NewObject:
    x, y = _centre(number, 6, 0.1, 106.6, 11.6)
    shape = shapely.box(x, y, x + 0.06, y + 0.05) if number % 3 else shapely.Point(x + 0.03, y + 0.03).buffer(0.03, 12)
    return NewObject(
        f"TK-{number + 1:03d}", shape,
        {
            "tieu_khu": f"TK {number + 1}", "khoanh": str(number % 5 + 1), "lo": "abc"[number % 3],
            "loai_rung": FORESTS[number % 3], "trang_thai": ("Trung bình", "Nghèo", "Rừng trồng")[number % 3],
            "ten_chu_rung": f"Ban quản lý rừng số {number % 4 + 1} (minh họa)", "dien_tich_ho_so": 3200 + number * 7,
        },
    )  # fmt: skip


def _well(number: int) -> NewObject:
    x, y = _centre(number, 7, 0.11, 106.58, 11.58)
    return NewObject(
        f"GPN-{number + 1:03d}", shapely.Point(x, y),
        {
            "ten_cong_trinh": f"Công trình {number + 1} (minh họa)", "loai": ("Nước mặt", "Nước dưới đất")[number % 2],
            "giay_phep": f"MH-{number + 1}/GP", "luu_luong": 80 + number * 15, "chu_giay_phep": "Cơ sở minh họa",
            "het_han": "2028-12-31",
        },
    )  # fmt: skip


def _garden(number: int) -> NewObject:
    x, y = _centre(number, 10, 0.075, 106.57, 11.52)
    return NewObject(
        f"VC-{number + 1:03d}", shapely.box(x, y, x + 0.012, y + 0.009),
        {"ten_vuon": f"Vườn {number + 1} (minh họa)", "cay": CROPS[number % 5], "nam_trong": 2005 + number % 18,
         "chu_vuon": "Hộ minh họa", "tuoi_nuoc": bool(number % 2)},
    )  # fmt: skip


def _mine(number: int) -> NewObject:
    x, y = _centre(number, 3, 0.22, 106.65, 11.63)
    return NewObject(
        f"M-{number + 1:02d}", shapely.Point(x, y).buffer(0.006, 2),
        {"ten_mo": f"Mỏ đá {number + 1} (minh họa)", "loai_khoang_san": "Đá xây dựng",
         "giai_doan": ("Quy hoạch", "Thăm dò", "Khai thác")[number % 3], "cong_suat": 50_000 + number * 10_000},
    )  # fmt: skip


def _changes(place: Place, forest: Layer, today: date) -> None:
    """One change applied, one that waits for approval, one just proposed and broken, one returned."""

    def forest_now(number: int, **more: object) -> NewObject:
        made = _forest(number)
        return NewObject(made.code, made.geometry, {**made.properties, **more})

    def propose(number: int, reason: str, **more: object) -> object:
        return changes.propose_change(
            by=place.specialist, layer=forest, kind=LayerChangeKind.MODIFY, codes=[_forest(number).code],
            objects=[forest_now(number, **more)], effective_on=today, reason=reason,
        )  # fmt: skip

    applied = propose(0, "Chuyển loại rừng theo quyết định minh họa", loai_rung="Phòng hộ")
    changes.check_change(by=place.head, proposal=applied)  # type: ignore[arg-type]
    changes.approve_change(by=place.director, proposal=applied)  # type: ignore[arg-type]
    waiting = propose(4, "Đổi chủ rừng (minh họa)", ten_chu_rung="Công ty lâm nghiệp minh họa")
    changes.check_change(by=place.head, proposal=waiting)  # type: ignore[arg-type]
    x, y = _centre(7, 6, 0.1, 106.6, 11.6)
    changes.propose_change(
        by=place.specialist, layer=forest, kind=LayerChangeKind.ADD, effective_on=today,
        objects=[NewObject("TK-900", shapely.box(x + 0.03, y + 0.02, x + 0.09, y + 0.04), {
            "tieu_khu": "TK 900", "khoanh": "1", "lo": "a", "loai_rung": "Sản xuất"})],
        reason="Bổ sung lô còn thiếu, chồng lên lô cũ (minh họa)",
    )  # fmt: skip
    returned = propose(9, "Sửa trạng thái rừng (minh họa)", trang_thai="Giàu")
    changes.return_change(by=place.head, proposal=returned, note="Thiếu biên bản kiểm tra thực địa.")  # type: ignore[arg-type]
