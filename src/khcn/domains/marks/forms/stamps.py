"""Forms of the ledger of stamps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.models import CertifiedLot, Right, StampOrder, UseRight
from khcn.web.forms import DayField, KhcnForm


class _Today(KhcnForm):
    on = DayField(label=_("Ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class DesignForm(KhcnForm):
    """A kind of stamp."""

    name = forms.CharField(label=_("Tên mẫu tem"), max_length=120)
    sign = forms.CharField(label=_("Ký hiệu"), max_length=8, help_text=_("In trước số tem, ví dụ: DBP."))
    kg = forms.DecimalField(label=_("Khối lượng mỗi tem, kg"), max_digits=9, decimal_places=3)


class OrderForm(_Today):
    """Stamps to be printed."""

    printer = forms.CharField(label=_("Nơi in"), max_length=200)
    count = forms.IntegerField(label=_("Số tem"), min_value=1)

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["design"] = forms.ModelChoiceField(
            right.designs.filter(is_active=True), to_field_name="uid", label=_("Mẫu tem")
        )
        self.order_fields(("design", "printer", "count", "on"))


class ReceiveForm(_Today):
    """When the printer delivered."""


class CertifyForm(_Today):
    """A lot to be judged and certified."""

    lot_uri = forms.CharField(
        label=_("Mã truy vết của lô"), max_length=300, help_text=_("Mã trong QR của lô, bắt đầu bằng https://.")
    )

    def __init__(self, *args: Any, use: UseRight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = forms.ModelChoiceField(use.products.all(), to_field_name="uid", label=_("Sản phẩm"))
        self.order_fields(("lot_uri", "product", "on"))


class IssueStampsForm(_Today):
    """Stamps for a certified lot."""

    count = forms.IntegerField(label=_("Số tem"), min_value=1)

    def __init__(self, *args: Any, lot: CertifiedLot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = StampOrder.objects.filter(design__right=lot.use.right, received_on__isnull=False)
        self.fields["order"] = forms.ModelChoiceField(
            orders.select_related("design"), to_field_name="uid", label=_("Đợt in")
        )
        self.order_fields(("order", "count", "on"))


class VoidForm(_Today):
    """Stamps that are taken out."""

    first = forms.IntegerField(label=_("Từ số"), min_value=1)
    last = forms.IntegerField(label=_("Đến số"), min_value=1)
    reason = forms.CharField(label=_("Lý do"), max_length=200)

    field_order = ("first", "last", "reason", "on")


class UsedForm(KhcnForm):
    """How many stamps are on goods so far."""

    count = forms.IntegerField(label=_("Đã dán"), min_value=0)
