"""Forms of changes and imports: objects with their fields, shapes drawn or typed as coordinates, files."""

from __future__ import annotations

import json
from typing import Any

import shapely
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from khcn.domains.geodata.choices import FieldType, GeometryType, LayerChangeKind
from khcn.domains.geodata.forms.layers import SYSTEM_CHOICES
from khcn.domains.geodata.queries.features import View
from khcn.domains.geodata.queries.source_files import ENDINGS
from khcn.domains.geodata.rules.fields import Field
from khcn.standards.coordinate_systems import SYSTEMS, to_wgs84
from khcn.web.forms import DayField, DropFileField, KhcnForm

PREFIX = "f-"


class ShapeField(forms.CharField):
    """A shape drawn on the map (GeoJSON) or typed as corner points, one per line: X (north) and Y (east)."""

    widget = forms.Textarea

    def __init__(self, *, kind: GeometryType, epsg: int, **kwargs: Any) -> None:
        self.kind, self.epsg = kind, epsg
        system = SYSTEMS[epsg]
        kwargs.setdefault("help_text", _(
            "Vẽ trên bản đồ, hoặc mỗi dòng một điểm theo hệ tọa độ nhập của lớp: X (Bắc); Y (Đông), "
            "hoặc vĩ độ; kinh độ."
        ))  # fmt: skip
        kwargs.setdefault("widget", forms.Textarea(
            attrs={"rows": 4, "data-shape": str(kind), "spellcheck": "false", "data-system": system.name}
        ))  # fmt: skip
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> BaseGeometry | None:
        """The shape in WGS 84; raises ValidationError for what is none."""
        text = super().to_python(value)
        if not text:
            return None
        if text.lstrip().startswith("{"):
            return self._drawn(text)
        points = [self._point(line) for line in text.splitlines() if line.strip()]
        least = {GeometryType.POINT: 1, GeometryType.LINE: 2, GeometryType.POLYGON: 3}[self.kind]
        if len(points) < least:
            raise forms.ValidationError(_now("Cần ít nhất %(count)d điểm.") % {"count": least})
        made: Any = {
            GeometryType.POINT: lambda: shapely.MultiPoint(points) if len(points) > 1 else shapely.Point(points[0]),
            GeometryType.LINE: lambda: shapely.LineString(points),
            GeometryType.POLYGON: lambda: shapely.Polygon(points),
        }[self.kind]()
        moved: BaseGeometry = to_wgs84(made, self.epsg)
        return moved

    def _drawn(self, text: str) -> BaseGeometry:
        try:
            found = json.loads(text)
            return shape(found.get("geometry", found))
        except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
            raise forms.ValidationError(_now("Không đọc được hình đã vẽ; vẽ lại.")) from error

    def _point(self, line: str) -> tuple[float, float]:
        parts = line.replace(";", " ").replace("\t", " ").split()
        numbers = [part.replace(",", ".") for part in parts[-2:]]
        try:
            north, east = (float(part) for part in numbers)
        except ValueError as error:
            raise forms.ValidationError(_now("Không đọc được tọa độ “%(line)s”.") % {"line": line[:60]}) from error
        return east, north


def field_for(field: Field) -> forms.Field:
    """The form's field for a layer's field; values are judged by the service."""
    more: dict[str, Any] = {"label": field.heading, "required": field.required}
    match field.type:
        case FieldType.CHOICE:
            return forms.ChoiceField(choices=[("", _("– chọn –")), *((one, one) for one in field.choices)], **more)
        case FieldType.DATE:
            return DayField(**more)
        case FieldType.BOOLEAN:
            return forms.ChoiceField(
                choices=[("", _("– chưa rõ –")), ("true", _("Có")), ("false", _("Không"))], **more
            )  # fmt: skip
        case FieldType.INTEGER | FieldType.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)
    return forms.CharField(max_length=4000, **more)


class ChangeForm(KhcnForm):
    """One change: the new object's code, shape and fields, the day, the reason, the papers."""

    def __init__(self, *args: Any, view: View, kind: LayerChangeKind, **kwargs: Any) -> None:
        self.view, self.kind = view, kind
        super().__init__(*args, **kwargs)
        made: dict[str, forms.Field] = {}
        layer = view.layer
        if kind in (LayerChangeKind.ADD, LayerChangeKind.MERGE):
            made["code"] = forms.CharField(label=_("Mã đối tượng mới"), max_length=60)
        if kind is LayerChangeKind.MERGE:
            made["codes"] = forms.CharField(
                label=_("Gộp với các mã"), help_text=_("Mã của các đối tượng khác, cách nhau bằng dấu phẩy.")
            )
        if kind is LayerChangeKind.SPLIT:
            made["line"] = ShapeField(kind=GeometryType.LINE, epsg=layer.entry_epsg, label=_("Đường tách"))
        if kind in (LayerChangeKind.ADD, LayerChangeKind.MODIFY):
            made["geometry"] = ShapeField(
                kind=GeometryType(layer.geometry_type), epsg=layer.entry_epsg, label=_("Hình"),
                required=kind is LayerChangeKind.ADD,
            )  # fmt: skip
        if kind in (LayerChangeKind.ADD, LayerChangeKind.MODIFY, LayerChangeKind.MERGE):
            made.update({PREFIX + field.name: field_for(field) for field in view.fields})
        made["effective_on"] = DayField(label=_("Hiệu lực từ"), initial=timezone.localdate())
        made["reason"] = forms.CharField(label=_("Lý do"), max_length=600)
        made["evidence"] = forms.CharField(label=_("Căn cứ, hồ sơ kèm theo"), max_length=400, required=False)
        for field in made.values():
            if field.required:
                field.widget.attrs.setdefault("aria-required", "true")
            what = str(field.label or "").lower()
            field.error_messages["required"] = _now("Cần ghi %(what)s.") % {"what": what}
        self.fields.update(made)

    @property
    def properties(self) -> dict[str, Any]:
        """Values by the names of the layer's fields."""
        return {
            name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items() if name.startswith(PREFIX)
        }


class NoteForm(KhcnForm):
    """A word with a decision."""

    note = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 3}), max_length=600, required=False)


class ImportForm(KhcnForm):
    """A file of map data and what it says it is."""

    file = DropFileField(
        label=_("Tệp"), endings=ENDINGS,
        help_text=_(
            "Shapefile, TAB, FileGDB nén thành .zip; GeoPackage, GeoJSON, KML, FlatGeobuf, DXF, DGN v7; "
            "Excel hoặc CSV có cột tọa độ."
        ),
    )  # fmt: skip
    declared_epsg = forms.TypedChoiceField(label=_("Hệ tọa độ của tệp"), choices=SYSTEM_CHOICES, coerce=int)
    effective_on = DayField(label=_("Dữ liệu có hiệu lực từ"), initial=timezone.localdate)
    replaces = forms.BooleanField(label=_("Thay toàn bộ dữ liệu đang có"), required=False)


class MappingForm(KhcnForm):
    """How the columns of a file become codes and fields."""

    def __init__(self, *args: Any, view: View, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– không nhập –")), *((one, one) for one in columns)]
        self.fields["declared_epsg"] = forms.TypedChoiceField(
            label=_("Hệ tọa độ của tệp"), choices=SYSTEM_CHOICES, coerce=int
        )
        self.fields["code_column"] = forms.ChoiceField(
            label=_("Cột mã đối tượng"), choices=[("", _("– đánh số theo dòng –")), *choices[1:]], required=False
        )
        for field in view.fields:
            self.fields[PREFIX + field.name] = forms.ChoiceField(
                label=field.heading, choices=choices, required=False
            )  # fmt: skip
        self.fields["effective_on"] = DayField(label=_("Dữ liệu có hiệu lực từ"))
        self.fields["replaces"] = forms.BooleanField(label=_("Thay toàn bộ dữ liệu đang có"), required=False)
        self.fields["repair"] = forms.BooleanField(label=_("Sửa đường biên tự cắt thay vì báo lỗi"), required=False)

    @property
    def mapping(self) -> dict[str, str]:
        """Field → column."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items() if name.startswith(PREFIX) and value
        }  # fmt: skip
