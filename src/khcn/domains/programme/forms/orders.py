"""Forms of order lists, orders and calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import CriteriaKind, DirectGround, ProposalState
from khcn.domains.programme.models import Order, OrderList, Plan, Proposal
from khcn.domains.programme.services.orders import EDITABLE
from khcn.kernel.orgs.models import Organisation
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, KhcnModelForm, MoneyField


class OrderListForm(KhcnForm):
    """A new list of a year."""

    title = forms.CharField(label=_("Tên danh mục"), max_length=300)
    year = forms.IntegerField(label=_("Năm"), min_value=2015, max_value=2100)
    plan = forms.ModelChoiceField(label=_("Kế hoạch"), queryset=Plan.objects.all(), required=False, to_field_name="uid")


class OrderForm(KhcnModelForm):
    """What is ordered, how its host is found and who will use the result."""

    direct_ground = EnumChoiceField(DirectGround, label=_("Căn cứ giao trực tiếp"), required=False)
    budget_vnd = MoneyField(label=_("Kinh phí dự kiến"), required=False)

    class Meta:
        model = Order
        fields = EDITABLE
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("objective", "products", "direct_reason")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["orderer"].queryset = Organisation.objects.filter(valid_to=None)  # type: ignore[attr-defined]
        self.fields["direct_reason"].required = False

    def _post_clean(self) -> None:
        """Leave the record alone: the service writes."""

    def clean(self) -> dict[str, Any]:
        """An empty ground is an empty text, as the record keeps it."""
        cleaned = super().clean() or {}
        if "direct_ground" in cleaned:
            cleaned["direct_ground"] = str(cleaned["direct_ground"] or "")
        return cleaned


class AddOrderForm(KhcnForm):
    """A recommended proposal to be put on the list; the rest is edited afterwards."""

    proposal = forms.ModelChoiceField(
        label=_("Đề xuất được hội đồng đề nghị thực hiện"), queryset=Proposal.objects.none(), to_field_name="uid"
    )
    criteria = EnumChoiceField(CriteriaKind, label=_("Thang điểm tuyển chọn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposal"].queryset = Proposal.objects.filter(  # type: ignore[attr-defined]
            state=ProposalState.RECOMMENDED, order=None
        )


class DecisionForm(KhcnForm):
    """The number and day of a decision."""

    decision_number = forms.CharField(label=_("Số quyết định"), max_length=80, help_text=_("Ví dụ: 45/QĐ-UBND."))
    on = DayField(label=_("Ngày quyết định"))


class ReplacementForm(KhcnForm):
    """The list that replaces this one."""

    replacement = forms.ModelChoiceField(
        label=_("Danh mục thay thế"), queryset=OrderList.objects.none(), to_field_name="uid"
    )

    def __init__(self, *args: Any, order_list: OrderList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement"].queryset = OrderList.objects.exclude(pk=order_list.pk)  # type: ignore[attr-defined]


class CallForm(KhcnForm):
    """A new notice for one ordered task."""

    opens_on = DayField(label=_("Dự kiến thông báo ngày"))
    closes_on = DayField(
        label=_("Hạn nhận hồ sơ"), required=False, help_text=_("Để trống thì lấy thời gian ngắn nhất theo quy định.")
    )
    invited = forms.ModelChoiceField(
        label=_("Tổ chức được giao trực tiếp"), required=False, to_field_name="uid",
        queryset=Organisation.objects.filter(valid_to=None),
    )  # fmt: skip

    def __init__(self, *args: Any, is_direct: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_direct:
            del self.fields["invited"]


class ClosingDayForm(KhcnForm):
    """The last day on which dossiers are received."""

    closes_on = DayField(
        label=_("Hạn nhận hồ sơ"), required=False, help_text=_("Để trống thì giữ hạn ngắn nhất theo quy định.")
    )
