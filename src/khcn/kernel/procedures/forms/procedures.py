"""Forms about procedures and their versions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.procedures.choices import NormUnit, ProcedureKind
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm


class NewProcedureForm(KhcnForm):
    """A procedure to begin."""

    code = forms.CharField(label=_("Mã quy trình"), max_length=60, help_text=_("Như trên bìa, ví dụ QT 01/VP."))
    title = forms.CharField(label=_("Tên quy trình"), max_length=500)
    kind = EnumChoiceField(ProcedureKind, label=_("Loại"))
    field = forms.CharField(label=_("Lĩnh vực"), max_length=200, required=False)


class ImportForm(KhcnForm):
    """A drawing to bring in."""

    file = DropFileField(label=_("Bản vẽ BPMN 2.0"), endings=(".bpmn", ".xml"), max_mb=10)
    code = forms.CharField(label=_("Mã quy trình"), max_length=60)
    kind = EnumChoiceField(ProcedureKind, label=_("Loại"))


class CoverForm(KhcnForm):
    """What stands on a version's cover."""

    purpose = forms.CharField(label=_("Mục đích"), widget=forms.Textarea, required=False)
    scope = forms.CharField(label=_("Phạm vi"), widget=forms.Textarea, required=False)
    legal_basis = forms.CharField(label=_("Căn cứ pháp lý"), widget=forms.Textarea, required=False)
    terms = forms.CharField(label=_("Định nghĩa, viết tắt"), widget=forms.Textarea, required=False)
    conditions = forms.CharField(label=_("Yêu cầu, điều kiện"), widget=forms.Textarea, required=False)
    records_kept = forms.CharField(label=_("Hồ sơ lưu"), widget=forms.Textarea, required=False)
    limit_amount = forms.DecimalField(label=_("Thời hạn giải quyết"), min_value=0, required=False)
    limit_unit = EnumChoiceField(NormUnit, label=_("Đơn vị thời hạn"))
    cut_off = forms.TimeField(
        label=_("Giờ chốt nhận trong ngày"), required=False, help_text=_("Nhận sau giờ này tính từ ngày làm việc sau.")
    )
    change_note = forms.CharField(label=_("Nội dung sửa đổi"), max_length=500, required=False)


class TableFileForm(KhcnForm):
    """A step table as a spreadsheet."""

    file = DropFileField(label=_("Bảng các bước (Excel, CSV)"), endings=(".xlsx", ".csv"), max_mb=10)


class ReasonForm(KhcnForm):
    """Why something is sent back or withdrawn."""

    reason = forms.CharField(label=_("Lý do"), max_length=500, widget=forms.Textarea)


class ApproveForm(KhcnForm):
    """An approval."""

    decision_number = forms.CharField(label=_("Quyết định số"), max_length=80, required=False)


class DeployForm(KhcnForm):
    """From when a version holds."""

    effective_from = DayField(label=_("Hiệu lực từ ngày"))


class TemplateForm(KhcnForm):
    """A Word template for printing a form."""

    file = DropFileField(label=_("Mẫu Word (.docx)"), endings=(".docx",), max_mb=10)
    form_key = forms.CharField(label=_("Biểu mẫu"), max_length=60)
    title = forms.CharField(label=_("Tên mẫu"), max_length=300)
