"""Forms of the register: a right, its goods, who holds it, and a whole list from a spreadsheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import RightKind, RightRole, RightState
from khcn.domains.marks.models import Right
from khcn.domains.marks.rules.lines import (
    ClassLine,
    ProductLine,
    class_text,
    product_text,
    read_classes,
    read_products,
)
from khcn.kernel.documents.choices import DocumentKind, LegalStatus
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.lib.failure import Refused
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm
from khcn.web.pickers import PickerField
from khcn.web.spreadsheets.parsers import ChoiceParser, CodeParser, DateParser, IntegerParser, TextParser
from khcn.web.spreadsheets.validation import ColumnSpec
from khcn.web.wording import said

COLUMNS = (
    ColumnSpec("code", "Mã", CodeParser(), unique=True, help_vi="Để trống thì lấy theo tên."),
    ColumnSpec("kind", "Loại quyền", ChoiceParser(tuple(RightKind.choices())), required=True),
    ColumnSpec("name", "Tên", TextParser(), required=True),
    ColumnSpec("sign", "Dấu hiệu được bảo hộ", TextParser()),
    ColumnSpec("goods", "Hàng hóa", TextParser()),
    ColumnSpec("state", "Trạng thái", ChoiceParser(tuple(RightState.choices())), required=True),
    ColumnSpec("application_number", "Số đơn", TextParser()),
    ColumnSpec("filed_on", "Ngày nộp đơn", DateParser()),
    ColumnSpec("registration_number", "Số giấy chứng nhận", TextParser()),
    ColumnSpec("registered_on", "Ngày cấp", DateParser()),
    ColumnSpec("decision", "Quyết định", TextParser()),
    ColumnSpec("expires_on", "Hết hiệu lực", DateParser()),
    ColumnSpec("term_years", "Thời hạn quyền sử dụng (năm)", IntegerParser()),
    ColumnSpec("owner_name", "Chủ sở hữu", TextParser()),
)


class RightForm(KhcnForm):
    """What is known of a right; a new one also says who manages it."""

    kind = EnumChoiceField(RightKind, label=_("Loại quyền"))
    name = forms.CharField(label=_("Tên"), max_length=200, help_text=_("Ví dụ: Hạt điều Bình Phước."))
    sign = forms.CharField(label=_("Dấu hiệu được bảo hộ"), max_length=200, required=False)
    goods = forms.CharField(label=_("Hàng hóa"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    state = EnumChoiceField(RightState, label=_("Trạng thái"), initial=RightState.PREPARING)
    application_number = forms.CharField(label=_("Số đơn"), max_length=60, required=False)
    filed_on = DayField(label=_("Ngày nộp đơn"), required=False)
    registration_number = forms.CharField(label=_("Số giấy chứng nhận"), max_length=60, required=False)
    registered_on = DayField(label=_("Ngày cấp"), required=False)
    decision = forms.CharField(label=_("Quyết định"), max_length=200, required=False)
    expires_on = DayField(
        label=_("Hết hiệu lực"), required=False,
        help_text=_("Nhãn hiệu có thời hạn; chỉ dẫn địa lý để trống."),
    )  # fmt: skip
    term_years = forms.IntegerField(label=_("Thời hạn quyền sử dụng, năm"), min_value=1, max_value=50, initial=5)
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, places: Any = None, right: Right | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"] = EnumChoiceField(
            LegalStatus, label=_("Đối chiếu với giấy chứng nhận"), initial=LegalStatus.UNVERIFIED
        )
        if right is not None:
            del self.fields["kind"]
            self.initial = {name: getattr(right, name) for name in self.fields}
            return
        self.fields["manager"] = forms.ModelChoiceField(
            places, to_field_name="code", label=_("Cơ quan, tổ chức quản lý")
        )
        self.fields["manager_from"] = DayField(label=_("Quản lý từ ngày"), required=False)
        self.fields["owner_name"] = forms.CharField(label=_("Chủ sở hữu"), max_length=300, required=False)
        self.order_fields(["kind", "name", "sign", "manager", "manager_from", "owner_name"])


class GoodsForm(KhcnForm):
    """Classes of goods and named products, a line each."""

    classes = forms.CharField(
        label=_("Nhóm hàng hóa, dịch vụ"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_("Mỗi dòng một nhóm, ví dụ: 29: Hạt điều đã chế biến. Chỉ dẫn địa lý có thể để trống."),
    )  # fmt: skip
    products = forms.CharField(
        label=_("Sản phẩm được mang quyền"), widget=forms.Textarea(attrs={"rows": 5}), required=False,
        help_text=_(
            "Mỗi dòng: tên; sản lượng cao nhất kg/ha/năm; số kg nguyên liệu cho 1 kg. Ví dụ: Hạt điều thô; 2500; 1."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "classes": class_text(ClassLine(row.number, row.goods) for row in right.classes.all()),
            "products": product_text(
                ProductLine(row.name, row.most_kg_per_ha, row.raw_per_kg)
                for row in right.products.filter(is_active=True)
            ),
        }

    def clean_classes(self) -> list[ClassLine]:
        """The classes."""
        return _read(read_classes, self.cleaned_data["classes"])

    def clean_products(self) -> list[ProductLine]:
        """The products."""
        return _read(read_products, self.cleaned_data["products"])


class HolderForm(KhcnForm):
    """Who owns or manages a right from a day on."""

    role = EnumChoiceField(RightRole, label=_("Vai trò"))
    organisation = PickerField(
        SOURCES[FieldKind.ORGANISATION], label=_("Cơ quan, tổ chức trong hệ thống"), required=False
    )
    name = forms.CharField(
        label=_("Tên ghi trên giấy"), max_length=300, required=False,
        help_text=_("Để trống khi trùng với tên trong hệ thống; ghi “Nhà nước” cho chủ sở hữu chỉ dẫn địa lý."),
    )  # fmt: skip
    valid_from = DayField(label=_("Từ ngày"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        picked = self.cleaned_data["organisation"]
        return self.cleaned_data | {"organisation": Organisation.objects.get(uid=picked) if picked else None}


class PaperForm(KhcnForm):
    """A document of a right."""

    file = DropFileField(label=_("Tệp"), max_mb=20)
    kind = EnumChoiceField(DocumentKind, label=_("Loại"), initial=DocumentKind.DECISION)
    title = forms.CharField(label=_("Tên tài liệu"), max_length=300)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    is_public = forms.BooleanField(label=_("Cho mọi người xem"), required=False)


class ImportForm(KhcnForm):
    """A list of rights, and the body that manages them."""

    file = DropFileField(label=_("Tệp danh mục"), endings=(".xlsx", ".csv"), max_mb=10)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"] = forms.ModelChoiceField(
            places, to_field_name="code", label=_("Cơ quan, tổ chức quản lý")
        )


def _read(read: Any, text: str) -> Any:
    try:
        return read(text)
    except Refused as refusal:
        raise forms.ValidationError(said(refusal.message)) from refusal
