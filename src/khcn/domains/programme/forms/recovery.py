"""Forms of recovering money: the explanation, the cause with its amounts, the demand, a repayment."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import FailureCause, FundingSourceKind
from khcn.domains.programme.forms.execution import ActForm, Area, DatedForm, DatedReasonForm
from khcn.web.forms import DayField, EnumChoiceField, MoneyField

__all__ = ["CauseForm", "DatedForm", "DatedReasonForm", "DemandForm", "ExplanationForm", "RepaymentForm"]


class ExplanationForm(DatedForm):
    """Why the task was not completed, in the host's words."""

    text = forms.CharField(label=_("Nội dung giải trình"), widget=Area)


class CauseForm(DatedForm):
    """The cause, and how the money received splits."""

    cause = EnumChoiceField(FailureCause, label=_("Nguyên nhân"))
    unspent_vnd = MoneyField(label=_("Đã nhận, chưa sử dụng"))
    proper_vnd = MoneyField(label=_("Đã sử dụng đúng quy định"))
    unproven_vnd = MoneyField(label=_("Chưa chứng minh được sử dụng đúng"))
    conclusion = forms.CharField(label=_("Kết luận và căn cứ"), widget=Area)


class DemandForm(DatedForm):
    """The decision that names the sum."""

    decision_number = forms.CharField(label=_("Quyết định thu hồi số"), max_length=80)
    demanded_vnd = MoneyField(label=_("Số phải hoàn trả"))


class RepaymentForm(ActForm):
    """Money that came back."""

    source = EnumChoiceField(FundingSourceKind, label=_("Nguồn"), initial=FundingSourceKind.S1_RECURRENT)
    year = forms.IntegerField(label=_("Năm ngân sách"), min_value=2000, max_value=2100)
    amount_vnd = MoneyField(label=_("Số tiền nộp"))
    on = DayField(label=_("Ngày nộp"), initial=timezone.localdate)
    document_number = forms.CharField(label=_("Chứng từ số"), max_length=80)
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year
