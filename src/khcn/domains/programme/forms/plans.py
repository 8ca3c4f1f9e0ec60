"""Forms of plans: a file to read, the corrected reading, adoption, an annex to import, a unit's report on a duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.indicators.choices import Operator
from khcn.kernel.orgs.models import Organisation
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MoneyField

Area = forms.Textarea(attrs={"rows": 3})
ANNEX_ENDINGS = (".xlsx", ".csv", ".docx")


class PlanFileForm(KhcnForm):
    """A plan's file."""

    file = DropFileField(
        label=_("Tệp kế hoạch"), endings=(".docx", ".pdf", ".txt"), max_mb=30,
        help_text=_(
            "Word (.docx), PDF (kể cả bản quét) hoặc văn bản thuần (.txt). Hệ thống chỉ ghi khi bạn đã xem và đồng ý."
        ),
    )  # fmt: skip


class ReadingForm(KhcnForm):
    """The head of a reading: what the document is."""

    title = forms.CharField(label=_("Tên kế hoạch"), max_length=500, widget=Area)
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    year_from = forms.IntegerField(label=_("Từ năm"), min_value=2000, max_value=2100)
    year_to = forms.IntegerField(label=_("Đến năm"), min_value=2000, max_value=2100)
    total_vnd = MoneyField(label=_("Tổng kinh phí"), required=False)


class TargetForm(KhcnForm):
    """One counted target."""

    sentence = forms.CharField(label=_("Nguyên văn"), widget=Area)
    operator = EnumChoiceField(Operator, label=_("So sánh"))
    quantity = forms.DecimalField(label=_("Mức"), min_value=0, max_digits=18, decimal_places=3, localize=True)
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=200, required=False)
    due_on = DayField(label=_("Hạn"), required=False)
    indicator = forms.ChoiceField(label=_("Cách đo"), required=False)

    def __init__(self, *args: Any, indicators: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [("", _("Nhập tay, có minh chứng")), *(indicators or [])]


class LinesForm(KhcnForm):
    """A heading with its lines, one per row of text."""

    title = forms.CharField(label=_("Tên"), max_length=1000)
    lines = forms.CharField(label=_("Các dòng, mỗi dòng một nội dung"), widget=forms.Textarea(attrs={"rows": 5}))


class TextLinesForm(KhcnForm):
    """Lists that are lines of text only."""

    objectives = forms.CharField(
        label=_("Mục tiêu chung, mỗi đoạn một dòng"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    sources = forms.CharField(
        label=_("Nguồn kinh phí, mỗi nguồn một dòng"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    recipients = forms.CharField(
        label=_("Nơi nhận, mỗi nơi một dòng"), widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    bases = forms.CharField(
        label=_("Căn cứ, mỗi căn cứ một dòng"), widget=forms.Textarea(attrs={"rows": 7}), required=False
    )


Targets = forms.formset_factory(TargetForm, extra=1, can_delete=True, max_num=200)
Headings = forms.formset_factory(LinesForm, extra=1, can_delete=True, max_num=100)


class AdoptForm(KhcnForm):
    """Adoption of a corrected reading."""

    code = forms.CharField(
        label=_("Mã kế hoạch"), max_length=40, help_text=_("Ngắn, dùng để tra cứu, ví dụ KH-2021-2025.")
    )
    standing_body = forms.ModelChoiceField(
        Organisation.objects.filter(kind="state"), label=_("Cơ quan thường trực"), required=False
    )
    seen = forms.BooleanField(label=_("Tôi đã xem và đối chiếu kết quả đọc với văn bản gốc"))


class AnnexFileForm(KhcnForm):
    """An annex's file."""

    file = DropFileField(
        label=_("Tệp phụ lục"), endings=ANNEX_ENDINGS, max_mb=50,
        help_text=_("Excel (.xlsx), CSV hoặc bảng trong Word (.docx). Có dòng sai thì không dòng nào được nhập."),
    )  # fmt: skip
