"""The line of an estimate: what it costs, from which source and year, and how the amount was reckoned."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import BudgetLineKind, EstimateBasis, FundingSourceKind, WorkTitle
from khcn.domains.programme.rules.dossier_contents import RECKONING
from khcn.web.forms import EnumChoiceField, KhcnForm, MoneyField

HEAD = ("kind", "amount_vnd", "source", "year", "is_lump", "is_abroad", "note")
#: Fields of the reckoning → the ways of reckoning that ask for them, as the page hides and shows them.
ASKED_BY = {
    name: " ".join(str(basis) for basis, names in RECKONING.items() if name in names)
    for name in ("title", "content", "job", "fee", "quantity", "coefficient", "unit_vnd")
}


class EstimateLineForm(KhcnForm):
    """One line of an estimate."""

    kind = EnumChoiceField(BudgetLineKind, label=_("Mục chi"))
    source = EnumChoiceField(FundingSourceKind, label=_("Nguồn"), initial=FundingSourceKind.S1_RECURRENT)
    year = forms.IntegerField(label=_("Năm"), min_value=2015, max_value=2100)
    amount_vnd = MoneyField(label=_("Số tiền"), help_text="")
    is_lump = forms.BooleanField(label=_("Khoán"), required=False)
    is_abroad = forms.BooleanField(label=_("Đoàn ra nước ngoài"), required=False)
    note = forms.CharField(label=_("Diễn giải"), max_length=300, required=False)
    basis = EnumChoiceField(
        EstimateBasis,
        label=_("Cách tính"),
        required=False,
        blank=_("Theo báo giá hoặc thuyết minh riêng"),
        members=[item for item in EstimateBasis if item is not EstimateBasis.OTHER],
    )
    title = EnumChoiceField(WorkTitle, label=_("Chức danh"), required=False)
    content = forms.CharField(label=_("Thuộc nội dung"), max_length=300, required=False)
    job = forms.CharField(label=_("Công việc"), max_length=300, required=False)
    fee = forms.ChoiceField(label=_("Khoản chi theo định mức"), required=False)
    quantity = forms.DecimalField(
        label=_("Số tháng, ngày công hoặc số lượng"), min_value=0, max_digits=9, decimal_places=3, required=False
    )
    coefficient = forms.DecimalField(label=_("Hệ số"), min_value=0, max_digits=4, decimal_places=2, required=False)
    unit_vnd = MoneyField(label=_("Mức chi (của chủ nhiệm, hoặc mỗi lần)"), required=False, help_text="")
    justification = forms.CharField(
        label=_("Giải trình phần vượt định mức"), max_length=500, required=False,
        help_text=_("Chỉ khoản pháp luật cho phép giải trình mới được chấp nhận, ví dụ thuê chuyên gia vượt tỷ lệ."),
    )  # fmt: skip

    def __init__(self, *args: Any, fees: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].choices = [("", _("– chọn –")), *fees]  # type: ignore[attr-defined]

    def head(self) -> list[Any]:
        """The fields that every line has."""
        return [self[name] for name in HEAD]

    def reckoning(self) -> list[tuple[Any, str]]:
        """(field, ways of reckoning that ask for it)."""
        return [(self[name], ASKED_BY[name]) for name in ASKED_BY]

    @property
    def is_reckoned(self) -> bool:
        """True when the line says how it was reckoned, or why it exceeds a norm."""
        return bool(self["basis"].value() not in (None, "", EstimateBasis.OTHER) or self["justification"].value())
