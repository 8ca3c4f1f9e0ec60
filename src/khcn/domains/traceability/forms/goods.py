"""Forms of lots: papers, labels, recalls, reports of fakes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.traceability.choices import EvidenceKind, FakeReportState
from khcn.domains.traceability.models import Lot
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm


class EvidenceForm(KhcnForm):
    """A test report or certificate."""

    kind = EnumChoiceField(EvidenceKind, label=_("Loại giấy"))
    title = forms.CharField(label=_("Tên giấy"), max_length=200)
    number = forms.CharField(label=_("Số"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Nơi cấp"), max_length=200)
    issued_on = DayField(label=_("Ngày cấp"))
    expires_on = DayField(label=_("Hết hạn"), required=False)
    whole = forms.BooleanField(label=_("Cho mọi lô của sản phẩm"), required=False)
    file = DropFileField(
        label=_("Tệp"), endings=(".pdf", ".jpg", ".jpeg", ".png", ".webp"), max_mb=10, required=False,
        help_text=_("Người mua mở được tệp này khi quét mã."),
    )  # fmt: skip

    def values(self, lot: Lot) -> dict[str, Any]:
        """Values for the service."""
        data = dict(self.cleaned_data)
        sent, whole = data.pop("file"), data.pop("whole")
        return {
            **data, "product": lot.product, "lot": None if whole else lot, "content": sent.read() if sent else b"",
            "filename": sent.name if sent else "",
        }  # fmt: skip


class LabelForm(KhcnForm):
    """How many labels, and whether each has a number of its own."""

    count = forms.IntegerField(label=_("Số tem"), min_value=1, max_value=10_000, initial=24)
    numbered = forms.BooleanField(
        label=_("Mỗi tem một số riêng"), required=False, initial=True,
        help_text=_("Tem có số riêng cho biết khi bị sao chép."),
    )  # fmt: skip


class RecallForm(KhcnForm):
    """Why a lot is called back, and what buyers should do."""

    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    advice = forms.CharField(
        label=_("Người mua cần làm gì"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_drill = forms.BooleanField(
        label=_("Chỉ diễn tập"), required=False,
        help_text=_("Diễn tập báo cho các cơ sở nhưng không cảnh báo người mua."),
    )  # fmt: skip


class ConclusionForm(KhcnForm):
    """How a recall ended."""

    conclusion = forms.CharField(label=_("Kết luận"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class FakeForm(KhcnForm):
    """What a buyer saw."""

    contents = forms.CharField(label=_("Bạn thấy điều gì không đúng"), max_length=2000,
                               widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip
    bought_at = forms.CharField(label=_("Nơi mua"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Điện thoại hoặc thư điện tử"), max_length=120, required=False,
        help_text=_("Không bắt buộc; chỉ công chức xử lý đọc được."),
    )  # fmt: skip


class AnswerForm(KhcnForm):
    """What was found."""

    state = EnumChoiceField(
        FakeReportState, label=_("Kết luận"), members=[FakeReportState.CONFIRMED, FakeReportState.DISMISSED]
    )
    answer = forms.CharField(label=_("Kết quả xem xét"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
