"""Forms of controlled documents: starting one, its next revision, its contents, copies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.choices import DocumentType
from khcn.domains.qms.models import ControlledDocument, Unit
from khcn.domains.qms.queries.documents import next_codes
from khcn.domains.qms.rules.document_text import parse_sections, parse_steps
from khcn.kernel.documents.models import LegalInstrument
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm


class StartForm(KhcnForm):
    """A document put under control."""

    code = forms.CharField(label=_("Mã tài liệu"), max_length=60)
    title = forms.CharField(label=_("Tên"), max_length=300)
    type = EnumChoiceField(DocumentType, label=_("Loại"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Bộ phận chủ trì"), required=False)
    clauses = forms.CharField(label=_("Điều khoản"), max_length=120, required=False)
    procedure_code = forms.CharField(
        label=_("Mã quy trình trên hệ thống"), max_length=80, required=False,
        help_text=_("Mã thủ tục hành chính hoặc quy trình xử lý hồ sơ mà tài liệu này mô tả; để trống nếu không có."),
    )  # fmt: skip
    issuer = forms.CharField(
        label=_("Nơi ban hành"), max_length=200, required=False, help_text=_("Bắt buộc với tài liệu bên ngoài.")
    )
    valid_to = DayField(label=_("Hết hiệu lực từ"), required=False, help_text=_("Chỉ với tài liệu bên ngoài."))
    review_on = DayField(label=_("Soát xét trước ngày"), required=False)
    reason = forms.CharField(label=_("Lý do ban hành"), max_length=500, initial=_("Ban hành lần đầu"))

    def __init__(self, *args: Any, system: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = system.units.filter(valid_to=None)  # type: ignore[attr-defined]
        following = "; ".join(f"{_(type.label)} {code}" for type, code in next_codes(system).items())
        self.fields["code"].help_text = _("Mã kế tiếp của từng loại: %(codes)s.") % {"codes": following}


class RevisionForm(KhcnForm):
    """The next revision."""

    reason = forms.CharField(label=_("Yêu cầu, lý do sửa đổi"), max_length=500)
    amended_part = forms.CharField(label=_("Trang, phần sửa đổi"), max_length=200, required=False)
    new_issue = forms.BooleanField(label=_("Ban hành lại toàn bộ (tăng lần ban hành)"), required=False)


class ContentsForm(KhcnForm):
    """What a draft says."""

    sections = forms.CharField(
        label=_("Các mục"), widget=forms.Textarea(attrs={"rows": 18}), required=False,
        help_text=_("Mỗi mục bắt đầu bằng dòng “# Tên mục”, nội dung ở các dòng sau."),
    )  # fmt: skip
    table = forms.CharField(
        label=_("Bảng bước"), widget=forms.Textarea(attrs={"rows": 8}), required=False,
        help_text=_("Mỗi dòng một bước: Ai | Việc | Thời gian | Biểu mẫu | Kết quả."),
    )  # fmt: skip
    forms_used = forms.ModelMultipleChoiceField(
        ControlledDocument.objects.none(), label=_("Biểu mẫu sử dụng"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    legal_bases = forms.ModelMultipleChoiceField(
        LegalInstrument.objects.all(), label=_("Căn cứ pháp lý"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    needs_reading = forms.BooleanField(label=_("Mọi người phải đọc và xác nhận"), required=False)
    reason = forms.CharField(label=_("Lý do ban hành, sửa đổi"), max_length=500)

    def __init__(self, *args: Any, document: ControlledDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forms_used"].queryset = ControlledDocument.objects.filter(  # type: ignore[attr-defined]
            system=document.system, type=DocumentType.FORM
        )

    def clean_sections(self) -> list[dict[str, str]]:
        """Sections read."""
        return parse_sections(self.cleaned_data["sections"])

    def clean_table(self) -> list[dict[str, str]]:
        """Steps read."""
        try:
            return parse_steps(self.cleaned_data["table"])
        except ValueError as error:
            raise ValidationError(
                _("Dòng %(line)s của bảng bước cần ít nhất “Ai | Việc” và nhiều nhất năm cột.") % {"line": error}
            ) from error


class FileForm(KhcnForm):
    """A file as the contents."""

    file = DropFileField(label=_("Tệp"), endings=(".pdf", ".docx", ".xlsx"), max_mb=20)


class CopyForm(KhcnForm):
    """A copy handed out."""

    receiver = forms.CharField(label=_("Nơi nhận"), max_length=200)


class ChangeForm(KhcnForm):
    """A wish to change."""

    title = forms.CharField(label=_("Nội dung thay đổi"), max_length=300)
    document = forms.ModelChoiceField(ControlledDocument.objects.none(), label=_("Tài liệu, quy trình"), required=False)
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, system: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = ControlledDocument.objects.filter(system=system)  # type: ignore[attr-defined]


class TogetherForm(KhcnForm):
    """The day from which documents approved together hold."""

    effective_from = DayField(label=_("Hiệu lực từ ngày (khi phê duyệt)"), required=False, initial=timezone.localdate)
