"""Forms of money: entries, reversals, counterpart, envelopes, estimates."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    BudgetLineKind,
    Certainty,
    CounterpartState,
    FundingSourceKind,
    LedgerEntryKind,
)
from khcn.domains.programme.forms.estimates import EstimateLineForm
from khcn.domains.programme.forms.execution import ActForm, Area, DatedForm
from khcn.kernel.orgs.models import Organisation
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, MoneyField

TYPED_KINDS = [kind for kind in LedgerEntryKind if kind not in {LedgerEntryKind.PLAN, LedgerEntryKind.CARRY_OVER_IN}]


class EntryForm(ActForm):
    """One movement of money."""

    kind = EnumChoiceField(LedgerEntryKind, members=TYPED_KINDS, label=_("Nghiệp vụ"))
    source = EnumChoiceField(FundingSourceKind, label=_("Nguồn"))
    year = forms.IntegerField(label=_("Năm ngân sách"), min_value=2000, max_value=2100)
    amount_vnd = MoneyField(label=_("Số tiền"))
    on = DayField(label=_("Ngày"), initial=timezone.localdate)
    document_number = forms.CharField(label=_("Chứng từ số"), max_length=80)
    line = EnumChoiceField(BudgetLineKind, label=_("Mục chi"), required=False)
    note = forms.CharField(label=_("Diễn giải"), max_length=300, required=False)
    equipment_note = forms.CharField(
        label=_("Xác nhận chưa thanh toán được thiết bị (nếu có)"), max_length=300, required=False
    )
    is_last = forms.BooleanField(label=_("Là lần thanh toán cuối"), required=False)
    without_file = forms.CharField(
        label=_("Lý do không có hồ sơ thanh toán"), max_length=200, required=False,
        help_text=_("Chỉ ghi khi nhập khoản Kho bạc đã chi trước khi lập hồ sơ trên hệ thống."),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year


class ReverseForm(DatedForm):
    """Undoing an entry."""

    reason = forms.CharField(label=_("Lý do đảo bút toán"), widget=Area)


class CounterpartForm(ActForm):
    """Non-state money."""

    state = EnumChoiceField(CounterpartState, label=_("Mức"))
    giver = forms.ModelChoiceField(Organisation.objects.all(), label=_("Đơn vị góp vốn"))
    amount_vnd = MoneyField(label=_("Số tiền"))
    on = DayField(label=_("Ngày"), initial=timezone.localdate)
    document_number = forms.CharField(label=_("Văn bản, chứng từ số"), max_length=80)


class EnvelopeForm(KhcnForm):
    """What one source gives in one year."""

    source = EnumChoiceField(FundingSourceKind, label=_("Nguồn"))
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    planned_vnd = MoneyField(label=_("Kế hoạch"))
    granted_vnd = MoneyField(label=_("Dự toán giao"))
    certainty = EnumChoiceField(Certainty, label=_("Mức chắc chắn"))
    basis = forms.CharField(label=_("Văn bản giao"), max_length=200, required=False)


BudgetLines = forms.formset_factory(EstimateLineForm, extra=1, max_num=120, can_delete=True)


class BudgetHeadForm(KhcnForm):
    """What stands over the lines of an estimate."""

    reason = forms.CharField(label=_("Lý do lập dự toán"), max_length=300, required=False)
    drawn_from = forms.IntegerField(widget=forms.HiddenInput, required=False)


class BudgetApprovalForm(DatedForm):
    """Approval of an estimate."""

    decision_number = forms.CharField(label=_("Quyết định phê duyệt số"), max_length=80)
