"""Forms of specifications and areas: the draft, and the day from which it holds."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.forms.rights import _read
from khcn.domains.marks.models import AreaVersion, Specification
from khcn.domains.marks.rules.lines import ParameterLine, parameter_text, read_parameters
from khcn.domains.marks.services.areas import read_geojson, read_units
from khcn.lib.failure import Refused
from khcn.web.forms import DayField, DropFileField, KhcnForm
from khcn.web.spreadsheets.parsers import DecimalParser, TextParser
from khcn.web.spreadsheets.validation import ColumnSpec
from khcn.web.wording import said

PARAMETER_COLUMNS = (
    ColumnSpec("name", "Chỉ tiêu", TextParser(), required=True),
    ColumnSpec("unit", "Đơn vị", TextParser()),
    ColumnSpec("minimum", "Thấp nhất", DecimalParser()),
    ColumnSpec("maximum", "Cao nhất", DecimalParser()),
    ColumnSpec("wording", "Yêu cầu", TextParser()),
    ColumnSpec("method", "Phương pháp thử", TextParser()),
    ColumnSpec("product", "Sản phẩm", TextParser(), help_vi="Để trống khi áp dụng cho mọi sản phẩm."),
    ColumnSpec("critical", "Bắt buộc", TextParser(), help_vi="Ghi “không” khi không bắt buộc."),
)


def lines_of(specification: Specification) -> list[ParameterLine]:
    """The parameters as lines."""
    return [
        ParameterLine(
            row.name, row.unit, row.minimum, row.maximum, row.wording, row.method,
            row.product.name if row.product else "", row.is_critical,
        )
        for row in specification.parameters.select_related("product")
    ]  # fmt: skip


class SpecificationForm(KhcnForm):
    """A version of the specification, with its parameters as lines or from a spreadsheet."""

    title = forms.CharField(label=_("Tên bản mô tả"), max_length=300)
    summary = forms.CharField(label=_("Mô tả, điều kiện"), widget=forms.Textarea(attrs={"rows": 5}), required=False)
    percent = forms.DecimalField(
        label=_("Nguyên liệu từ khu vực, ít nhất (%)"), min_value=0, max_value=100, max_digits=4, decimal_places=1,
        initial=100,
    )  # fmt: skip
    parameters = forms.CharField(
        label=_("Chỉ tiêu"), widget=forms.Textarea(attrs={"rows": 8}), required=False,
        help_text=_(
            "Mỗi dòng: chỉ tiêu; đơn vị; thấp nhất; cao nhất; yêu cầu; phương pháp thử; sản phẩm; bắt buộc hay không."
        ),
    )  # fmt: skip
    sheet = DropFileField(
        label=_("Hoặc tệp chỉ tiêu"), endings=(".xlsx", ".csv"), max_mb=5, required=False,
        help_text=_("Tệp thay cho các dòng ở trên."),
    )  # fmt: skip

    def __init__(self, *args: Any, specification: Specification | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if specification is not None:
            self.initial = {
                "title": specification.title, "summary": specification.summary,
                "percent": f"{(specification.least_share * 100).normalize():f}",
                "parameters": parameter_text(lines_of(specification)),
            }  # fmt: skip

    def clean_parameters(self) -> list[ParameterLine]:
        """The parameters."""
        return _read(read_parameters, self.cleaned_data["parameters"])

    def values(self) -> dict[str, Any]:
        """Fields of the specification."""
        data = self.cleaned_data
        return {"title": data["title"], "summary": data["summary"], "least_share": data["percent"] / 100}


class AreaForm(KhcnForm):
    """A version of the area: communes of a day, and a shape where there is one."""

    units_on = DayField(
        label=_("Danh sách xã, phường của ngày"),
        help_text=_("Ngày ban hành quyết định; sau sáp nhập, hệ thống tự theo xã mới."),
    )
    units = forms.CharField(
        label=_("Xã, phường trong khu vực"), widget=forms.Textarea(attrs={"rows": 8}), required=False,
        help_text=_("Mỗi dòng một mã hoặc tên; thêm tên huyện khi trùng, ví dụ: Phú Nghĩa, Bù Gia Mập."),
    )  # fmt: skip
    file = DropFileField(
        label=_("Ranh giới (GeoJSON)"), endings=(".geojson", ".json"), max_mb=10, required=False,
        help_text=_("Kinh độ, vĩ độ WGS 84. Có ranh giới thì xét theo ranh giới."),
    )  # fmt: skip
    note = forms.CharField(label=_("Mô tả"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, area: AreaVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if area is not None:
            units = area.units.order_by("unit__code").values_list("unit__code", "unit__name")
            lines = "\n".join(f"{code} {name}" for code, name in units)
            self.initial = {"units_on": area.units_on, "units": lines, "note": area.note}
        else:
            self.initial.setdefault("units_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """The communes found and the shape read."""
        data = super().clean() or {}
        for name, read in (("units", self._units), ("file", self._shape)):
            if data.get(name) and not self.errors.get(name):
                try:
                    data[name] = read(data)
                except Refused as refusal:
                    self.add_error(name, said(refusal.message))
        return data

    def _units(self, data: dict[str, Any]) -> Any:
        return read_units(data["units"], data["units_on"]) if data.get("units_on") else []

    def _shape(self, data: dict[str, Any]) -> Any:
        return read_geojson(data["file"].read())

    def values(self) -> dict[str, Any]:
        """Arguments of the services."""
        data = self.cleaned_data
        changes = {"units_on": data["units_on"], "note": data["note"]}
        return changes | ({"geometry": data["file"]} if data.get("file") else {})


class IssueForm(KhcnForm):
    """From when a version holds, and by which decision."""

    valid_from = DayField(label=_("Có hiệu lực từ"))
    decision = forms.CharField(label=_("Số quyết định"), max_length=200)
