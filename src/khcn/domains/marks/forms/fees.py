"""Forms of fees: the dated rates of a right, a demand, a payment."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import FeeCause
from khcn.domains.marks.models import UseRight
from khcn.domains.marks.services.fees import ASKED_IN
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, MoneyField


class RateForm(KhcnForm):
    """What is asked from a day on."""

    cause = EnumChoiceField(FeeCause, label=_("Nội dung thu"))
    amount_vnd = MoneyField(label=_("Mức thu (đồng)"))
    valid_from = DayField(label=_("Từ ngày"))
    basis = forms.CharField(label=_("Căn cứ"), max_length=200)


class DemandForm(KhcnForm):
    """What a member is asked to pay for; the amount is the rate of the day."""

    on = DayField(label=_("Ngày yêu cầu"))

    field_order = ("cause",)

    def __init__(self, *args: Any, use: UseRight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = [cause for cause, state in ASKED_IN.items() if state == use.state]
        self.fields["cause"] = EnumChoiceField(FeeCause, label=_("Nội dung thu"), members=causes)
        self.initial.setdefault("on", timezone.localdate())
        self.order_fields(self.field_order)


class PaymentForm(KhcnForm):
    """A payment with its receipt."""

    on = DayField(label=_("Ngày nộp"))
    receipt_number = forms.CharField(label=_("Biên lai số"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
