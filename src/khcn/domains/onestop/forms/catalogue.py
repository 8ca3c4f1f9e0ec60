"""Forms of the catalogue: one procedure, and a whole list from a spreadsheet."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khcn.domains.onestop.choices import OnlineLevel, SupplementClock
from khcn.domains.onestop.rules.codes import CodeNotRead, read_agency_code
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import FieldKind, NormUnit
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MoneyField
from khcn.web.pickers import PickerField
from khcn.web.spreadsheets.parsers import CodeParser, DateParser, DongParser, IntegerParser, TextParser
from khcn.web.spreadsheets.validation import ColumnSpec

COLUMNS = (
    ColumnSpec("code", "Mã thủ tục", CodeParser(), required=True, unique=True),
    ColumnSpec("title", "Tên thủ tục", TextParser(), required=True),
    ColumnSpec("field", "Lĩnh vực", TextParser(), required=True),
    ColumnSpec("agency", "Mã cơ quan giải quyết", CodeParser(), required=True),
    ColumnSpec("limit_amount", "Thời hạn (ngày làm việc)", IntegerParser(), required=True),
    ColumnSpec("fee_vnd", "Phí, lệ phí (đồng)", DongParser()),
    ColumnSpec("result_title", "Kết quả", TextParser(), required=True),
    ColumnSpec("publication_decision", "Quyết định công bố", TextParser()),
    ColumnSpec("valid_from", "Hiệu lực từ", DateParser(), required=True),
    ColumnSpec("components", "Thành phần hồ sơ", TextParser(), help_vi="Mỗi giấy tờ cách nhau bằng dấu chấm phẩy."),
)


def _workflow_field(bodies: Any, kept: int | None = None) -> forms.ModelChoiceField:
    """The engine's procedures in effect of the bodies, those that all share, and the one with the key `kept`."""
    usable = Q(owner=None) | Q(owner__in=bodies) | Q(pk=kept)
    return forms.ModelChoiceField(
        Procedure.objects.filter(usable, versions__state="effective").distinct(), to_field_name="code",
        label=_("Quy trình xử lý nội bộ"), required=False,
    )  # fmt: skip


class ProcedureForm(KhcnForm):
    """All that is published of a procedure."""

    code = forms.CharField(label=_("Mã thủ tục"), max_length=60, help_text=_("Ví dụ: 1.010708"))
    title = forms.CharField(label=_("Tên thủ tục"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    field = forms.CharField(label=_("Lĩnh vực"), max_length=200)
    valid_from = DayField(label=_("Có hiệu lực từ"))
    limit_amount = forms.IntegerField(label=_("Thời hạn giải quyết"), min_value=0, max_value=999)
    limit_unit = EnumChoiceField(NormUnit, label=_("Đơn vị"), initial=NormUnit.WORKING_DAY)
    fee_vnd = MoneyField(label=_("Phí, lệ phí"), required=False)
    result_title = forms.CharField(label=_("Kết quả"), max_length=300)
    online_level = EnumChoiceField(OnlineLevel, label=_("Mức trực tuyến"), initial=OnlineLevel.PARTIAL)
    supplement_clock = EnumChoiceField(SupplementClock, label=_("Khi bổ sung hồ sơ"), initial=SupplementClock.RESTART)
    publication_decision = forms.CharField(label=_("Quyết định công bố"), max_length=120, required=False)
    conditions = forms.CharField(
        label=_("Yêu cầu, điều kiện"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    components = forms.CharField(
        label=_("Thành phần hồ sơ"), widget=forms.Textarea(attrs={"rows": 5}), required=False,
        help_text=_("Mỗi dòng một giấy tờ; thêm “(không bắt buộc)” phía sau nếu tùy chọn."),
    )  # fmt: skip
    article = forms.CharField(label=_("Điều, khoản"), max_length=120, required=False)

    def __init__(self, *args: Any, bodies: Any, kept_workflow: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deciding"] = forms.ModelChoiceField(bodies, to_field_name="code", label=_("Cơ quan giải quyết"))
        self.fields["receiving"] = forms.ModelChoiceField(
            Organisation.objects.filter(kind="state"), to_field_name="code", label=_("Nơi tiếp nhận"), required=False,
            help_text=_("Để trống khi cơ quan giải quyết tự tiếp nhận."),
        )  # fmt: skip
        self.fields["workflow"] = _workflow_field(bodies, kept_workflow)
        self.fields["basis"] = forms.ModelChoiceField(
            LegalInstrument.objects.all(), to_field_name="number", label=_("Căn cứ pháp lý"), required=False
        )
        self.order_fields(
            ["code", "title", "field", "deciding", "receiving", "workflow", "valid_from", "limit_amount", "limit_unit",
             "fee_vnd", "result_title", "online_level", "supplement_clock", "publication_decision", "basis", "article",
             "components", "conditions"]
        )  # fmt: skip


class ImportForm(KhcnForm):
    """The list, and the workflow that its dossiers will run on."""

    file = DropFileField(label=_("Tệp danh mục"), endings=(".xlsx", ".csv"), max_mb=10)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workflow"] = _workflow_field(bodies)


class EndForm(KhcnForm):
    """From when a procedure no longer holds, and by which paper."""

    on = DayField(label=_("Bãi bỏ từ ngày"))
    reason = forms.CharField(label=_("Căn cứ bãi bỏ"), max_length=300)


class IdentifierForm(KhcnForm):
    """The code of an agency from a day on."""

    organisation = PickerField(SOURCES[FieldKind.ORGANISATION], label=_("Cơ quan"))
    code = forms.CharField(
        label=_("Mã định danh"), max_length=30, help_text=_("Ví dụ: H10.16, hoặc 000.00.16.H10 theo cách ghi cũ.")
    )
    valid_from = DayField(label=_("Có hiệu lực từ"))
    basis = forms.CharField(label=_("Quyết định ban hành mã"), max_length=200)

    def clean_code(self) -> str:
        """Only codes from which the codes of dossiers can be made."""
        try:
            read_agency_code(self.cleaned_data["code"])
        except CodeNotRead as error:
            raise forms.ValidationError(str(error)) from error
        return str(self.cleaned_data["code"])

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = dict(self.cleaned_data)
        return data | {"organisation": Organisation.objects.get(uid=data["organisation"])}


class PortalListForm(KhcnForm):
    """The portal's own list of dossiers and statuses."""

    file = DropFileField(
        label=_("Danh sách của Cổng (cột: mã hồ sơ, trạng thái)"), endings=(".xlsx", ".csv"), max_mb=20
    )
