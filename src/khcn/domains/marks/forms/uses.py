"""Forms of the right to use: application, plots, checks, results, decisions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import CheckKind, UseAct, UseState
from khcn.domains.marks.models import Right, UseRight
from khcn.domains.marks.queries.register import specification_on
from khcn.domains.marks.rules.standing import USE_STEPS
from khcn.domains.marks.services.areas import read_geojson, read_units
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.lib.failure import Refused
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm
from khcn.web.pickers import PickerField
from khcn.web.wording import said


class UseForm(KhcnForm):
    """An application for the right to use."""

    holder = forms.CharField(label=_("Người sử dụng"), max_length=200)
    organisation = PickerField(
        SOURCES[FieldKind.ORGANISATION], label=_("Cơ quan, tổ chức trong hệ thống"), required=False
    )
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    party_uri = forms.CharField(
        label=_("Mã cơ sở truy xuất"), max_length=300, required=False,
        help_text=_("Mã của cơ sở trong sự kiện truy xuất; có mã thì xét được từng lô hàng."),
    )  # fmt: skip
    applied_on = DayField(label=_("Ngày nộp hồ sơ"))

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("applied_on", timezone.localdate())
        self.fields["products"] = forms.ModelMultipleChoiceField(
            right.products.filter(is_active=True), to_field_name="uid", label=_("Sản phẩm"),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        picked = self.cleaned_data["organisation"]
        organisation = Organisation.objects.get(uid=picked) if picked else None
        return self.cleaned_data | {"organisation": organisation, "products": list(self.cleaned_data["products"])}


class UseEditForm(KhcnForm):
    """Who the member is and where."""

    holder = forms.CharField(label=_("Người sử dụng"), max_length=200)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    party_uri = forms.CharField(label=_("Mã cơ sở truy xuất"), max_length=300, required=False)
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, use: UseRight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(use, name) for name in self.fields}


class PlotForm(KhcnForm):
    """A plot with its shape or its commune."""

    name = forms.CharField(label=_("Tên thửa"), max_length=120)
    commune = forms.CharField(
        label=_("Xã, phường"), max_length=120, required=False, help_text=_("Mã hoặc tên; thêm tên huyện khi trùng.")
    )
    file = DropFileField(
        label=_("Ranh giới thửa (GeoJSON)"), endings=(".geojson", ".json"), max_mb=5, required=False,
        help_text=_("Có ranh giới thì tính đúng phần nằm trong khu vực."),
    )  # fmt: skip
    area_ha = forms.DecimalField(label=_("Diện tích, ha"), max_digits=9, decimal_places=4, required=False)
    site_uri = forms.CharField(label=_("Mã địa điểm truy xuất"), max_length=300, required=False)
    on = DayField(label=_("Xét theo khu vực của ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """The commune found and the shape read."""
        data = super().clean() or {}
        try:
            if data.get("file"):
                data["file"] = read_geojson(data["file"].read())
            if data.get("commune") and data.get("on"):
                data["commune"] = read_units(data["commune"], data["on"])[0]
        except Refused as refusal:
            self.add_error("file" if refusal.field == "file" else "commune", said(refusal.message))
        return data

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = dict(self.cleaned_data)
        return data | {"geometry": data.pop("file") or None, "commune": data["commune"] or None}


class CheckForm(KhcnForm):
    """What was found of one of the three things that are checked."""

    kind = EnumChoiceField(CheckKind, label=_("Nội dung"))
    passed = forms.BooleanField(label=_("Đạt"), required=False)
    note = forms.CharField(label=_("Nhận xét"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    on = DayField(label=_("Ngày kiểm tra"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class ResultForm(KhcnForm):
    """What a laboratory found for one parameter."""

    value = forms.DecimalField(label=_("Kết quả bằng số"), max_digits=14, decimal_places=4, required=False)
    meets = forms.NullBooleanField(
        label=_("Kết quả bằng lời"), required=False,
        widget=forms.Select(choices=(("", "–"), ("true", _("Đạt")), ("false", _("Không đạt")))),
    )  # fmt: skip
    laboratory = forms.CharField(label=_("Phòng thử nghiệm"), max_length=200, required=False)
    report_number = forms.CharField(label=_("Số phiếu"), max_length=80, required=False)
    lot_code = forms.CharField(label=_("Số lô"), max_length=60, required=False)
    sampled_on = DayField(label=_("Ngày lấy mẫu"))

    field_order = ("parameter",)

    def __init__(self, *args: Any, use: UseRight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        specification = specification_on(use.right, timezone.localdate())
        rows = specification.parameters.all() if specification else use.right.specifications.none()
        self.fields["parameter"] = forms.ModelChoiceField(rows, to_field_name="uid", label=_("Chỉ tiêu"))
        self.order_fields(self.field_order)


class DecisionForm(KhcnForm):
    """A decision on a right to use, among those that its state allows."""

    on = DayField(label=_("Có hiệu lực từ"))
    until = DayField(label=_("Đến ngày"), required=False, help_text=_("Chỉ cho tạm dừng có thời hạn."))
    decision = forms.CharField(label=_("Số quyết định"), max_length=200)
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    field_order = ("act",)

    def __init__(self, *args: Any, use: UseRight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = UseState(use.state)
        allowed = [act for act, (sources, _target) in USE_STEPS.items() if state in sources]
        self.fields["act"] = forms.ChoiceField(
            choices=[(act.value, _(act.label)) for act in allowed], label=_("Quyết định")
        )
        self.initial.setdefault("on", timezone.localdate())
        self.order_fields(self.field_order)

    def clean_act(self) -> UseAct:
        """The act."""
        return UseAct(self.cleaned_data["act"])
