"""A department that keeps layers, another that shares one, and a register with fields of every level."""

import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyogrio
import pytest
import shapely

from khcn.domains.geodata.choices import Access, FieldType, GeometryType, LayerChangeKind
from khcn.domains.geodata.rules.fields import Field
from khcn.domains.geodata.services import changes, layers
from khcn.domains.geodata.services.versions import NewObject
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.standards.coordinate_systems import from_wgs84

DAY = date(2023, 5, 15)
FIELDS = (
    Field("ten", "Tên khu", required=True),
    Field("loai", "Loại rừng", FieldType.CHOICE, choices=("Đặc dụng", "Phòng hộ", "Sản xuất")),
    Field("dien_tich", "Diện tích hồ sơ", FieldType.NUMBER, unit="ha"),
    Field("ngay_giao", "Ngày giao", FieldType.DATE),
    Field("so_ho", "Số hộ", FieldType.INTEGER, access=Access.INTERNAL),
    Field("ghi_chu_mat", "Ghi chú riêng", access=Access.RESTRICTED),
)
PLOTS = {
    "R-01": (106.80, 11.80, "Rừng Bù Gia Mập", "Đặc dụng", 120.5, "2020-01-02", 3, "tọa độ loài quý"),
    "R-02": (106.90, 11.80, "Rừng Đắk Ơ", "Phòng hộ", 80.0, "2021-06-30", 0, None),
    "R-03": (107.00, 11.90, "Rừng Lộc Ninh", "Sản xuất", 15.25, None, None, None),
}


def square(x: float, y: float, side: float = 0.02):
    return shapely.box(x, y, x + side, y + side)


def plot(code: str, access: Access = Access.OPEN, **more) -> NewObject:
    x, y, *values = PLOTS[code]
    properties = dict(zip([field.name for field in FIELDS], values, strict=True)) | more
    return NewObject(code, square(x, y), properties, access)


@pytest.fixture
def world(cast):
    """`world.register(…)` sets up layers; the usual one is `world.layer` with three plots once `world.fill()` ran."""
    for number, (x, y) in enumerate([(106.5, 11.4), (107.3, 11.4), (107.2, 12.2), (106.7, 12.2)]):
        AdministrativeUnit.objects.create(
            code=f"2500{number}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=y, longitude=x
        )
    owner, other, far = cast.organisation("Sở Nông nghiệp"), cast.organisation("Sở Khoa học"), cast.organisation("Xa")
    made = SimpleNamespace(
        owner=owner, other=other, cast=cast,
        system=Actor(uid=owner.uid, name="Hệ thống", on=DAY, is_system=True),
        editor=cast.actor(Role.SPECIALIST, organisation=owner), second=cast.actor(Role.SPECIALIST, organisation=owner),
        head=cast.actor(Role.HEAD, organisation=owner), partner=cast.actor(Role.SPECIALIST, organisation=other),
        stranger=cast.actor(Role.SPECIALIST, organisation=far), leader=cast.actor(Role.LEADER, organisation=far),
        host=cast.actor(Role.HOST, organisation=far),
    )  # fmt: skip

    def register(key="rung", **more):
        values = {
            "by": made.head, "key": key, "title": f"Lớp {key}", "owner": owner, "geometry_type": GeometryType.POLYGON,
            "fields": FIELDS, "title_field": "ten", "access": Access.OPEN,
        }  # fmt: skip
        return layers.create_layer(**(values | more))

    def add(layer, *objects, on=date(2022, 1, 1)):
        proposal = changes.propose_change(
            by=made.editor, layer=layer, kind=LayerChangeKind.ADD, objects=objects, effective_on=on, reason="Lập sổ"
        )
        changes.check_change(by=made.second, proposal=proposal)
        return changes.approve_change(by=made.head, proposal=proposal)

    def fill(layer=None):
        add(layer or made.layer, plot("R-01"), plot("R-02"), plot("R-03", Access.RESTRICTED))
        return layer or made.layer

    made.register, made.add, made.fill = register, add, fill
    made.layer = register()
    return made


@pytest.fixture
def served(world, client):
    """The filled layer, asked without an account: `served("collections")` gives the JSON."""
    world.fill()

    def ask(path="", status=200, **query):
        response = client.get(f"/ogc/{path}", query, headers={"Accept": "application/json"})
        assert response.status_code == status, response.content[:500]
        return response.json()

    ask.client, ask.world = client, world
    ask.raw = lambda path="", **query: client.get(f"/ogc/{path}", query)
    return ask


def written(
    driver: str, ending: str, shapes, columns: dict[str, list], *, epsg: int | None = 9212, crs: str | None = None,
    zipped: bool = False, encoding: str | None = None, **options,
) -> bytes:  # fmt: skip
    """A file of map data in a format, as other programs would write it."""
    moved = from_wgs84(np.array(shapes, dtype=object), epsg) if epsg else np.array(shapes, dtype=object)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"rung{ending}"
        pyogrio.raw.write(
            str(target), geometry=shapely.to_wkb(moved), geometry_type=options.pop("geometry_type", "Polygon"),
            fields=list(columns), field_data=[_typed(values) for values in columns.values()],
            crs=crs or (f"EPSG:{epsg}" if epsg else None), driver=driver, encoding=encoding, **options,
        )  # fmt: skip
        if not zipped:
            return target.read_bytes()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as opened:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    opened.write(path, path.relative_to(folder))
        return archive.getvalue()


def _typed(values: list):
    """Numbers as numbers, so that the file has real columns of them; everything else as text or nothing."""
    numbers = all(isinstance(value, int | float) for value in values)
    return np.array(values, dtype=None if numbers else object)
