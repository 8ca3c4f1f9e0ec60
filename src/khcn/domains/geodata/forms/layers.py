"""Forms of layers: set up, describe, share, rules, look, keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.geodata.choices import Access, GeometryType, LayerKind, TopologyKind, UpdateCycle
from khcn.domains.geodata.models import Layer, LayerTemplate
from khcn.kernel.orgs.models import Organisation
from khcn.standards.coordinate_systems import SYSTEMS
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm

SYSTEM_CHOICES = [(code, f"{system.name} (EPSG:{code})") for code, system in SYSTEMS.items()]


def _number(**more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=SYSTEM_CHOICES, coerce=int, **more)


class LayerNewForm(KhcnForm):
    """A new layer from a template; one without a template has a name only."""

    template = forms.ModelChoiceField(
        LayerTemplate.objects.all(), to_field_name="key", label=_("Theo mẫu sổ"), required=False,
        help_text=_("Mẫu cho sẵn các trường, quy tắc hình và màu; để trống nếu lớp chỉ có tên."),
    )  # fmt: skip
    geometry_type = EnumChoiceField(GeometryType, label=_("Loại hình"), required=False)
    title = forms.CharField(label=_("Tên lớp"), max_length=200)
    key = forms.SlugField(
        label=_("Khóa"), max_length=60, help_text=_("Chữ thường không dấu, nối bằng gạch ngang; đứng trong địa chỉ.")
    )
    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan quản lý"))
    kind = EnumChoiceField(LayerKind, label=_("Dùng làm"), initial=LayerKind.REGISTER)
    access = EnumChoiceField(Access, label=_("Mức truy cập"), initial=Access.INTERNAL)
    entry_epsg = _number(label=_("Hệ tọa độ nhập"), initial=9212)
    needs_approval = forms.BooleanField(label=_("Biến động phải được duyệt"), required=False, initial=True)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class LayerEditForm(KhcnForm):
    """How a layer is described and who reads it."""

    title = forms.CharField(label=_("Tên lớp"), max_length=200)
    summary = forms.CharField(label=_("Mô tả"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    access = EnumChoiceField(Access, label=_("Mức truy cập"))
    licence = forms.CharField(label=_("Điều kiện sử dụng"), max_length=200, required=False)
    update_cycle = EnumChoiceField(UpdateCycle, label=_("Chu kỳ cập nhật"))
    legal_basis = forms.CharField(label=_("Căn cứ"), max_length=300, required=False)
    entry_epsg = _number(label=_("Hệ tọa độ nhập"))
    needs_approval = forms.BooleanField(label=_("Biến động phải được duyệt"), required=False)


class ShareForm(KhcnForm):
    """Another office that reads all of the layer."""

    organisation = forms.ModelChoiceField(Organisation.objects.all(), to_field_name="code", label=_("Chia sẻ với"))
    may_edit = forms.BooleanField(label=_("Được đề nghị biến động"), required=False)


class RuleForm(KhcnForm):
    """A rule of topology."""

    kind = EnumChoiceField(TopologyKind, label=_("Quy tắc"))
    other = forms.ModelChoiceField(
        Layer.objects.none(), to_field_name="key", label=_("Lớp kia"), required=False,
        help_text=_("Chỉ cho quy tắc nằm trong hoặc phủ kín."),
    )  # fmt: skip
    amount = forms.FloatField(label=_("Diện tích tối thiểu (m²)"), required=False)
    is_blocking = forms.BooleanField(label=_("Chặn duyệt khi vi phạm"), required=False, initial=True)

    def __init__(self, *args: Any, layers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = layers  # type: ignore[attr-defined]


class StyleForm(KhcnForm):
    """The look of a layer: one colour, or colours by the values of a field."""

    colour = forms.CharField(label=_("Màu"), widget=forms.TextInput(attrs={"type": "color"}))
    opacity = forms.FloatField(label=_("Độ đậm (0–1)"), min_value=0, max_value=1)
    width = forms.FloatField(label=_("Nét (điểm ảnh)"), min_value=0.1, max_value=20)
    by = forms.ChoiceField(label=_("Tô màu theo trường"), required=False)
    colours = forms.CharField(
        label=_("Màu từng giá trị"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Mỗi dòng: giá trị = #rrggbb. Để trống để tự chọn màu."),
    )  # fmt: skip

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", _("– một màu –")), *names]  # type: ignore[attr-defined]


class KeyForm(KhcnForm):
    """A new key for a desktop program."""

    name = forms.CharField(label=_("Dùng cho"), max_length=120, help_text=_("Ví dụ: QGIS trên máy phòng kỹ thuật."))
    ends_on = DayField(label=_("Hết hạn"))
