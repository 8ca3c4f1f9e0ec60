"""Forms and filters of payment files."""

from typing import Any

import django_filters as df
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    BudgetLineKind,
    FundingSourceKind,
    LedgerEntryKind,
    PaymentFileState,
    TreasuryPayment,
)
from khcn.domains.programme.forms.proposals import PAPER_ENDINGS
from khcn.domains.programme.models import PaymentFile, Plan
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MoneyField

STATE_SOURCES = [source for source in FundingSourceKind if source is not FundingSourceKind.S4_COUNTERPART]
KINDS = (LedgerEntryKind.ADVANCE, LedgerEntryKind.CLEARANCE, LedgerEntryKind.PAYMENT)


class FileForm(KhcnForm):
    """What is asked of the Treasury; the papers that are due follow from it."""

    kind = EnumChoiceField(LedgerEntryKind, members=KINDS, label=_("Nghiệp vụ"))
    source = EnumChoiceField(FundingSourceKind, members=STATE_SOURCES, label=_("Nguồn"))
    year = forms.IntegerField(label=_("Năm ngân sách"), min_value=2000, max_value=2100)
    amount_vnd = MoneyField(label=_("Số tiền"))
    line = EnumChoiceField(
        BudgetLineKind, label=_("Mục chi"), required=False, blank=_("Nhiều mục chi"),
        help_text=_("Mục chi và số tiền quyết định giấy tờ phải có."),
    )  # fmt: skip
    is_last = forms.BooleanField(label=_("Là lần thanh toán cuối"), required=False)
    has_tender = forms.BooleanField(label=_("Có phần việc phải đấu thầu"), required=False)
    equipment_note = forms.CharField(
        label=_("Xác nhận chưa thanh toán được thiết bị (nếu có)"), max_length=300, required=False
    )
    note = forms.CharField(label=_("Diễn giải"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year


class PaperForm(KhcnForm):
    """One paper of the checklist, or another one that goes with the file."""

    code = forms.ChoiceField(label=_("Giấy tờ"), required=False)
    title = forms.CharField(label=_("Tên giấy tờ khác"), max_length=300, required=False)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    file = DropFileField(label=_("Tệp"), endings=PAPER_ENDINGS)

    def __init__(self, *args: Any, papers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [*papers, ("", _("Giấy tờ khác"))]  # type: ignore[attr-defined]
        self.fields["code"].initial = papers[0][0] if papers else ""

    def clean(self) -> dict[str, Any] | None:
        """A paper that no rule names needs a title."""
        data = super().clean() or {}
        if not data.get("code") and not data.get("title"):
            self.add_error("title", _("Ghi tên giấy tờ."))
        return data


class EnteredForm(KhcnForm):
    """What the Treasury paid, and when."""

    document_number = forms.CharField(label=_("Chứng từ số"), max_length=80)
    on = DayField(label=_("Ngày"), initial=timezone.localdate)


class PaymentFileFilter(Folded):
    """Words of the task, state, what is asked, source, plan."""

    folded = ("task__folded",)
    q = df.CharFilter(label=_("Tìm theo mã, tên nhiệm vụ"), method="search")
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(PaymentFileState), empty_label=ALL)
    payment = df.ChoiceFilter(label=_("Khoản chi"), choices=choices_of(TreasuryPayment), empty_label=ALL)
    source = df.ChoiceFilter(label=_("Nguồn"), choices=choices_of(FundingSourceKind), empty_label=ALL)
    plan = df.ModelChoiceFilter(
        label=_("Kế hoạch"), field_name="task__plan", to_field_name="uid", queryset=Plan.objects.all(), empty_label=ALL
    )

    class Meta:
        model = PaymentFile
        fields: tuple[str, ...] = ()
