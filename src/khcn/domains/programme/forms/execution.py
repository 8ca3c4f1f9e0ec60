"""Forms of a running task: contract, reports, inspections, changes, termination."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import ChangeKind, InspectionKind, LateReason, PiChangeCause
from khcn.domains.programme.models import ReportObligation
from khcn.kernel.orgs.models import Organisation, Person
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, MoneyField

Area = forms.Textarea(attrs={"rows": 4})


class ActForm(KhcnForm):
    """A form of one act on a record; `subject` is the record, `actor` who acts."""

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        self.subject, self.actor = subject, actor
        super().__init__(*args, **kwargs)


class DatedForm(ActForm):
    """An act with the day on which it was done."""

    on = DayField(label=_("Ngày"), initial=timezone.localdate)


class ReasonForm(ActForm):
    """An act that needs a reason."""

    reason = forms.CharField(label=_("Lý do"), widget=Area)


class ContractForm(ActForm):
    """Signing a contract."""

    number = forms.CharField(label=_("Số hợp đồng"), max_length=80)
    signed_on = DayField(label=_("Ngày ký"), initial=timezone.localdate)
    start_on = DayField(label=_("Thực hiện từ"), initial=timezone.localdate)
    end_on = DayField(label=_("Đến ngày"))
    manager = forms.ModelChoiceField(Organisation.objects.none(), label=_("Đơn vị quản lý kinh phí"), required=False)
    signed_by_both = forms.BooleanField(label=_("Hợp đồng đã có chữ ký của hai bên"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = state_bodies()  # type: ignore[attr-defined]


class ProgressForm(ActForm):
    """A host's progress report."""

    obligation = forms.ModelChoiceField(
        ReportObligation.objects.none(),
        label=_("Kỳ báo cáo"),
        required=False,
        empty_label=_("– kỳ sớm nhất chưa nộp –"),
    )
    content = forms.CharField(label=_("Nội dung đã thực hiện"), widget=forms.Textarea(attrs={"rows": 6}))
    percent_done = forms.IntegerField(label=_("Khối lượng đã hoàn thành (%)"), min_value=0, max_value=100)
    spent_vnd = MoneyField(label=_("Kinh phí đã sử dụng"))
    difficulties = forms.CharField(label=_("Khó khăn, vướng mắc"), widget=Area, required=False)
    proposals = forms.CharField(label=_("Kiến nghị"), widget=Area, required=False)
    on = DayField(label=_("Ngày nộp"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject is not None:
            owed = self.subject.obligations.filter(report=None, waived=False).order_by("due_on")
            self.fields["obligation"].queryset = owed  # type: ignore[attr-defined]


class ProgressCheckForm(ActForm):
    """The specialist's verdict on a report."""

    is_accepted = forms.TypedChoiceField(
        label=_("Kết luận"), choices=[("1", _("Đạt yêu cầu")), ("0", _("Trả lại để bổ sung"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    remark = forms.CharField(label=_("Ý kiến"), widget=Area, required=False)


class InspectionPlanForm(ActForm):
    """A visit to come."""

    kind = EnumChoiceField(InspectionKind, label=_("Loại kiểm tra"))
    notified_on = DayField(label=_("Ngày thông báo"), initial=timezone.localdate)
    held_on = DayField(label=_("Ngày kiểm tra"))


class InspectionForm(ActForm):
    """The minutes of a visit."""

    findings = forms.CharField(label=_("Kết quả kiểm tra"), widget=Area)
    conclusion = forms.CharField(label=_("Kết luận"), widget=Area)
    recommendations = forms.CharField(label=_("Kiến nghị"), widget=Area, required=False)


class VolumeForm(DatedForm):
    """Confirmation of volume, B-1."""

    percent = forms.IntegerField(label=_("Khối lượng xác nhận (%)"), min_value=0, max_value=100)


class FundsForm(DatedForm):
    """Confirmation of funds, B-2."""

    amount_vnd = MoneyField(label=_("Kinh phí xác nhận"))


class ComplianceForm(ActForm):
    """How recommendations were followed."""

    text = forms.CharField(label=_("Tình hình chấp hành"), widget=Area)
    is_complied = forms.BooleanField(label=_("Đã chấp hành đầy đủ"), required=False)


class ChangeForm(ActForm):
    """A wished change; the fields that its kind needs are required by `clean`."""

    kind = EnumChoiceField(ChangeKind, label=_("Nội dung điều chỉnh"))
    title = forms.CharField(label=_("Tên mới"), required=False, max_length=500)
    objective = forms.CharField(label=_("Mục tiêu mới"), widget=Area, required=False)
    end_on = DayField(label=_("Ngày kết thúc mới"), required=False)
    pi = forms.ModelChoiceField(Person.objects.all(), label=_("Chủ nhiệm mới"), required=False)
    cause = EnumChoiceField(PiChangeCause, label=_("Trường hợp thay chủ nhiệm"), required=False)
    absent_months = forms.IntegerField(label=_("Số tháng vắng mặt"), required=False, min_value=0)
    host = forms.ModelChoiceField(Organisation.objects.all(), label=_("Tổ chức chủ trì mới"), required=False)
    restructuring = forms.BooleanField(label=_("Có quyết định sáp nhập, chia tách, giải thể"), required=False)
    text = forms.CharField(label=_("Nội dung thay đổi"), widget=Area, required=False)
    before_vnd = MoneyField(label=_("Kinh phí mục chi trước điều chỉnh"), required=False)
    after_vnd = MoneyField(label=_("Kinh phí mục chi sau điều chỉnh"), required=False)
    reason = forms.CharField(label=_("Lý do"), widget=Area)
    on = DayField(label=_("Ngày gửi"), initial=timezone.localdate)

    NEEDED = {
        ChangeKind.NAME: "title",
        ChangeKind.OBJECTIVE: "objective",
        ChangeKind.DURATION: "end_on",
        ChangeKind.PI: "pi",
        ChangeKind.HOST: "host",
    }

    def clean(self) -> dict[str, Any] | None:
        """Ask for the new value that the kind of change needs."""
        data = super().clean() or {}
        kind = data.get("kind")
        name = self.NEEDED.get(kind, "text") if kind else ""
        if name and not data.get(name):
            self.add_error(name, _("Ghi nội dung mới cho mục cần điều chỉnh."))
        return data

    def new_values(self) -> dict[str, Any]:
        """The wished values as the service takes them."""
        data = self.cleaned_data
        name = self.NEEDED.get(data["kind"], "text")
        value = data[name]
        return {name: str(value.uid) if hasattr(value, "uid") else value.isoformat() if name == "end_on" else value}

    def details(self) -> dict[str, Any]:
        """The rule's further inputs."""
        data = self.cleaned_data
        cause = data.get("cause")
        return {
            "cause": cause.value if cause else None,
            "absent_months": data.get("absent_months"),
            "restructuring": bool(data.get("restructuring")),
            "before_vnd": data.get("before_vnd") or 0,
            "after_vnd": data.get("after_vnd") or 0,
        }


class DecisionForm(DatedForm):
    """A decision with its number."""

    decision_number = forms.CharField(label=_("Quyết định số"), max_length=80)


class ConsentForm(DatedForm):
    """The orderer's written consent."""

    document = forms.CharField(label=_("Văn bản đồng ý số"), max_length=200)


class DatedReasonForm(DatedForm):
    """An act with a reason and a day."""

    reason = forms.CharField(label=_("Lý do"), widget=Area)


class AnnexForm(ActForm):
    """A contract annex."""

    number = forms.CharField(label=_("Số phụ lục"), max_length=80)
    signed_on = DayField(label=_("Ngày ký"), initial=timezone.localdate)
    summary = forms.CharField(label=_("Nội dung thay đổi"), widget=Area)


class TerminationForm(DatedForm):
    """Asking for the early end of a task."""

    ground = forms.CharField(label=_("Căn cứ, lý do chấm dứt"), widget=Area)
    is_objective = forms.TypedChoiceField(
        label=_("Nguyên nhân"), choices=[("1", _("Khách quan")), ("0", _("Chủ quan"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect, required=False, empty_value=None,
    )  # fmt: skip


class SiteForm(DatedForm):
    """The check before a termination."""

    findings = forms.CharField(label=_("Kết quả kiểm tra hồ sơ và hiện trường"), widget=Area)


class TerminateForm(DecisionForm):
    """The decision that ends a task early."""

    refund_vnd = MoneyField(label=_("Kinh phí phải hoàn trả"))
    assets_note = forms.CharField(label=_("Xử lý sản phẩm, tài sản"), widget=Area)


class LatenessForm(ActForm):
    """Why a clock ran over."""

    reason = EnumChoiceField(LateReason, label=_("Nguyên nhân trễ hạn"))
    note = forms.CharField(label=_("Giải trình"), widget=Area)


def state_bodies() -> Any:
    """State bodies and public units, for choosing who manages or receives."""
    return Organisation.objects.filter(kind__in=["state", "public_service"], valid_to=None)
