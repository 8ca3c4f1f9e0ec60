"""Forms of master data and templates."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.traceability.choices import PartyKind, Sector, SiteKind
from khcn.domains.traceability.models import FormTemplate, Party, Product, Site
from khcn.domains.traceability.rules.template_fields import fields_of_lines, lines_of_fields
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def _communes(on: date) -> Any:
    return AdministrativeUnit.objects.valid_on(on).filter(level=UnitLevel.COMMUNE)


def _whole(form: KhcnForm, instance: Any) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in form.fields if hasattr(instance, name)}


class PartyForm(KhcnForm):
    """A household, cooperative or enterprise."""

    name = forms.CharField(label=_("Tên cơ sở"), max_length=200)
    kind = EnumChoiceField(PartyKind, label=_("Loại cơ sở"))
    tax_code = forms.CharField(label=_("Mã số thuế"), max_length=20, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    gln = forms.CharField(
        label=_("Mã địa điểm toàn cầu (GLN)"), max_length=20, required=False,
        help_text=_("13 chữ số, nếu đã đăng ký. Bỏ trống thì hệ thống dùng mã riêng trong tỉnh."),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, heads: Any, officer: bool, party: Party | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["commune"] = forms.ModelChoiceField(
            _communes(on), to_field_name="uid", label=_("Xã, phường"), required=False
        )
        self.fields["head"] = forms.ModelChoiceField(
            heads, to_field_name="code", label=_("Thuộc hợp tác xã"), required=not officer,
            help_text=_("Hợp tác xã được ghi nhật ký thay cho hộ thành viên."),
        )  # fmt: skip
        if officer:
            self.fields["prefix"] = forms.CharField(
                label=_("Mã doanh nghiệp GS1"), max_length=12, required=False,
                help_text=_("Cơ sở chỉ dùng được mã vạch bắt đầu bằng mã này."),
            )  # fmt: skip
            self.fields["organisation"] = forms.ModelChoiceField(
                Organisation.objects.valid_on(on).exclude(kind="state"), to_field_name="code", required=False,
                label=_("Tổ chức trong hệ thống"),
                help_text=_("Người có vai trò cơ sở sản xuất ở tổ chức này ghi nhật ký."),
            )  # fmt: skip
        elif party is not None:
            del self.fields["head"]
        if party is not None:
            self.initial = _whole(self, party) | {
                "commune": party.commune.uid if party.commune else None,
                "head": party.head.code if party.head else None,
                "organisation": party.organisation.code if party.organisation else None,
            }


class SiteForm(KhcnForm):
    """A plot, barn, store or plant."""

    kind = EnumChoiceField(SiteKind, label=_("Loại địa điểm"))
    code = forms.CharField(label=_("Số, ký hiệu"), max_length=12, help_text=_("Số mà bà con quen gọi, ví dụ 7."))
    name = forms.CharField(label=_("Tên gọi"), max_length=120, help_text=_("Ví dụ: Lô 7, rẫy sau nhà."))
    sector = EnumChoiceField(Sector, label=_("Ngành hàng"), required=False)
    area_ha = forms.DecimalField(label=_("Diện tích, ha"), min_value=0, max_digits=9, decimal_places=4, required=False)
    planted_year = forms.IntegerField(label=_("Năm trồng"), min_value=1900, max_value=2100, required=False)
    gln = forms.CharField(label=_("Mã địa điểm toàn cầu (GLN)"), max_length=20, required=False)
    latitude = forms.FloatField(label=_("Vĩ độ"), min_value=8, max_value=24, required=False)
    longitude = forms.FloatField(label=_("Kinh độ"), min_value=102, max_value=118, required=False)

    def __init__(self, *args: Any, on: date, site: Site | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["commune"] = forms.ModelChoiceField(
            _communes(on), to_field_name="uid", label=_("Xã, phường"), required=False
        )
        if site is not None:
            del self.fields["code"]
            self.initial = _whole(self, site) | {"commune": site.commune.uid if site.commune else None}

    def clean(self) -> dict[str, Any]:
        """An empty trade is an empty text."""
        data = super().clean() or {}
        return {**data, "sector": data.get("sector") or ""}


class ProductForm(KhcnForm):
    """What a party sells or hands on."""

    name = forms.CharField(label=_("Tên sản phẩm"), max_length=200)
    sector = EnumChoiceField(Sector, label=_("Ngành hàng"))
    gtin = forms.CharField(
        label=_("Mã vạch (GTIN)"), max_length=20, required=False,
        help_text=_("Bỏ trống nếu chưa đăng ký mã vạch: sản phẩm dùng mã riêng, chỉ truy xuất trong tỉnh."),
    )  # fmt: skip
    packing = forms.CharField(label=_("Quy cách"), max_length=120, required=False, help_text=_("Ví dụ: gói 500 g"))
    net_kg = forms.DecimalField(
        label=_("Khối lượng tịnh, kg"), min_value=0, max_digits=10, decimal_places=3, required=False
    )
    brand = forms.CharField(label=_("Nhãn hiệu, ký mã hiệu"), max_length=120, required=False)
    shelf_life_days = forms.IntegerField(label=_("Hạn dùng, ngày"), min_value=1, max_value=36500, required=False)
    standards = forms.CharField(label=_("Tiêu chuẩn, quy chuẩn áp dụng"), max_length=300, required=False)
    story = forms.CharField(
        label=_("Giới thiệu"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("Người mua đọc khi quét mã."),
    )  # fmt: skip
    image = DropFileField(label=_("Hình ảnh"), endings=PICTURES, max_mb=10, required=False)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if product is not None:
            self.initial = _whole(self, product) | {"image": None}


class TemplateForm(KhcnForm):
    """A template as it shall hold from a day on."""

    valid_from = DayField(label=_("Áp dụng từ ngày"))
    title = forms.CharField(label=_("Tên mẫu"), max_length=120)
    fields_text = forms.CharField(
        label=_("Các ô cần ghi"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Mỗi dòng một ô: Tên ô | loại | đơn vị | lựa chọn; lựa chọn. "
            "Loại là chữ, số, ngày hoặc chọn; thêm dấu * sau tên nếu bắt buộc."
        ),
    )  # fmt: skip
    most_kg_per_ha = forms.DecimalField(
        label=_("Sản lượng cao nhất, kg/ha/năm"), min_value=0, max_digits=10, decimal_places=1, required=False
    )
    least_share = forms.DecimalField(
        label=_("Tỷ lệ thu hồi thấp nhất"), min_value=0, max_value=2, max_digits=5, decimal_places=3, required=False
    )
    most_share = forms.DecimalField(
        label=_("Tỷ lệ thu hồi cao nhất"), min_value=0, max_value=2, max_digits=5, decimal_places=3, required=False
    )
    citation = forms.CharField(label=_("Căn cứ"), max_length=200, required=False)

    def __init__(self, *args: Any, template: FormTemplate, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.template = template
        self.initial = _whole(self, template) | {"fields_text": lines_of_fields(template.fields), "valid_from": None}

    def changes(self) -> dict[str, Any]:
        """Values for the service. Raises Refused for lines that cannot be read."""
        data = dict(self.cleaned_data)
        data.pop("valid_from")
        text = data.pop("fields_text")
        return {**data, "fields": fields_of_lines(text, self.template.fields)}


class EndForm(KhcnForm):
    """A sentence that says why."""

    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
