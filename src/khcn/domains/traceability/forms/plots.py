"""Forms of plots and statements: borders drawn, typed or walked; papers; files; what a statement says."""

import json
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import shapely
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from khcn.domains.traceability.choices import Activity, PlotPaperKind
from khcn.domains.traceability.models import Statement
from khcn.standards.coordinate_systems import SYSTEMS, USUAL, to_wgs84
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm
from khcn.web.wording import said

PAPERS = (".pdf", ".jpg", ".jpeg", ".png", ".webp")
MAP_FILES = (
    ".zip", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".fgb", ".dxf", ".dgn", ".tab", ".mif", ".xlsx", ".csv",
)  # fmt: skip
_SYSTEMS = [(code, SYSTEMS[code].name) for code in USUAL]
_LEAST = 3


def read_border(text: str, epsg: int) -> BaseGeometry:
    """A border from GeoJSON, or from corners one a line: north and east, or latitude and longitude.

    epsg: the system of the corners; GeoJSON is WGS 84. Raises ValidationError.
    """
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
            return shape(found.get("geometry", found))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, ShapelyError, RecursionError) as error:
            raise forms.ValidationError(_now("Không đọc được hình đã vẽ; hãy vẽ lại.")) from error
    corners = [_corner(line) for line in text.splitlines() if line.strip()]
    if len(set(corners)) < _LEAST:
        raise forms.ValidationError(_now("Cần ít nhất %(count)d góc khác nhau.") % {"count": _LEAST})
    moved: BaseGeometry = to_wgs84(Polygon(corners), epsg)
    return moved


def _corner(line: str) -> tuple[float, float]:
    parts = [part.replace(",", ".") for part in line.replace(";", " ").replace("\t", " ").split()]
    try:
        north, east = (float(part) for part in parts[-2:])
    except ValueError as error:
        raise forms.ValidationError(_now("Không đọc được tọa độ “%(line)s”.") % {"line": line[:60]}) from error
    return east, north


class BorderForm(KhcnForm):
    """A border drawn on the map or typed corner by corner."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    measured_on = DayField(label=_("Ngày đo"))
    epsg = forms.TypedChoiceField(choices=_SYSTEMS, coerce=int, label=_("Hệ tọa độ của các góc"), initial=4326)
    geometry = forms.CharField(
        label=_("Ranh giới"), widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "data-border": ""}),
        help_text=_("Bấm từng góc trên bản đồ, hoặc gõ mỗi dòng một góc: X (Bắc); Y (Đông), hoặc vĩ độ; kinh độ."),
    )  # fmt: skip

    is_looked_at = forms.BooleanField(
        label=_("Đã xem lại các điểm trên, vẫn ghi ranh giới này"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial = {"uid": uuid4(), "measured_on": on, "epsg": 4326, **(self.initial or {})}

    def ask_to_look(self, doubts: list[str]) -> None:
        """Show what is worth a second look beside the border, and a box to write it nevertheless."""
        for doubt in doubts:
            self.add_error("geometry", said(doubt))
        self.fields["is_looked_at"].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        """The border in WGS 84."""
        data = super().clean() or {}
        if data.get("geometry") and data.get("epsg"):
            try:
                data["geometry"] = read_border(data["geometry"], data["epsg"])
            except forms.ValidationError as error:
                self.add_error("geometry", error)
        return data


class WalkForm(forms.Form):
    """A border walked with a phone: its points as (longitude, latitude, accuracy in metres)."""

    record = forms.UUIDField()
    site = forms.UUIDField()
    day = DayField()
    points = forms.CharField()

    def clean_points(self) -> tuple[BaseGeometry, float]:
        """The border and the worst accuracy. Raises ValidationError."""
        try:
            rows = [(float(x), float(y), float(accuracy)) for x, y, accuracy in json.loads(self.cleaned_data["points"])]
        except (ValueError, TypeError, RecursionError) as error:
            raise forms.ValidationError(_now("Không đọc được các điểm đã đo.")) from error
        if len({row[:2] for row in rows}) < _LEAST:
            raise forms.ValidationError(_now("Cần ít nhất %(count)d góc khác nhau.") % {"count": _LEAST})
        if not all(map(shapely.is_valid, [shapely.Point(row[:2]) for row in rows])):
            raise forms.ValidationError(_now("Không đọc được các điểm đã đo."))
        return Polygon([row[:2] for row in rows]), max(row[2] for row in rows)


class ImportForm(KhcnForm):
    """A file of borders, and the system of its coordinates where the file does not say."""

    file = DropFileField(
        label=_("Tệp bản đồ"), endings=MAP_FILES, max_mb=50, required=False,
        help_text=_("Cột mã là số, ký hiệu của lô đất. Nhận Shapefile nén, GeoPackage, GeoJSON, KML, DXF, Excel."),
    )  # fmt: skip
    epsg = forms.TypedChoiceField(
        choices=[(0, _("Theo tệp")), *_SYSTEMS], coerce=int, label=_("Hệ tọa độ"), initial=0, required=False
    )
    measured_on = DayField(label=_("Ngày đo"))
    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)


class PlotPaperForm(KhcnForm):
    """A paper about a plot."""

    kind = EnumChoiceField(PlotPaperKind, label=_("Loại giấy"))
    title = forms.CharField(label=_("Tên giấy"), max_length=200)
    number = forms.CharField(label=_("Số"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Nơi cấp"), max_length=200)
    issued_on = DayField(label=_("Ngày cấp"))
    shows_from = DayField(
        label=_("Cho thấy từ ngày"), required=False,
        help_text=_("Bằng chứng không phá rừng cần cả hai ngày, ví dụ từ 31/12/2020 đến ngày chụp ảnh."),
    )  # fmt: skip
    shows_to = DayField(label=_("Cho thấy đến ngày"), required=False)
    file = DropFileField(label=_("Tệp"), endings=PAPERS, max_mb=20)

    def values(self) -> dict[str, Any]:
        """Values for the service."""
        data = dict(self.cleaned_data)
        sent = data.pop("file")
        return {**data, "content": sent.read(), "filename": sent.name}


class StatementForm(KhcnForm):
    """What a statement says beside its plots."""

    activity = EnumChoiceField(Activity, label=_("Hoạt động"))
    country_of_activity = forms.CharField(
        label=_("Nước EU nơi hoạt động"), max_length=2, required=False, help_text=_("Mã hai chữ, ví dụ DE.")
    )
    border_country = forms.CharField(label=_("Nước EU cửa khẩu"), max_length=2, required=False)
    description = forms.CharField(label=_("Mô tả hàng"), max_length=150)
    hs_heading = forms.RegexField(r"^[0-9]{2,6}$", label=_("Mã HS"), max_length=6)
    net_kg = forms.DecimalField(label=_("Khối lượng tịnh, kg"), min_value=0, max_digits=16, decimal_places=6)
    is_confidential = forms.BooleanField(
        label=_("Giữ kín vị trí lô đất"), required=False,
        help_text=_("Bên mua sau không xem được tọa độ; cơ quan EU vẫn xem được."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Ghi chú cho cơ quan EU"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, statement: Statement | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if statement is not None:
            self.initial = {name: getattr(statement, name) for name in self.fields}


def row_uid(party_uid: UUID, digest: str, code: str) -> UUID:
    """The same plot of the same file gives the same border, however often the file comes."""
    return uuid5(NAMESPACE_URL, f"urn:x-khcn:border:{party_uid}:{digest}:{code}")
