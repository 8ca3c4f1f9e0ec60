"""Forms of single acts: reasons, dates, plans of action, findings, minutes."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.qms.choices import ChangePolicy, FindingKind, Severity, TemplateKind
from khcn.domains.qms.models import Membership, Objective, ProgrammeLine, QualitySystem, Risk, Unit
from khcn.domains.qms.queries.people import members_on, possible_auditors
from khcn.domains.qms.rules.periods import periods_of
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.queries import calendar
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm

Area = forms.Textarea(attrs={"rows": 4})
SCALE = [("", "–"), *((str(value), str(value)) for value in range(1, 6))]


def next_working_day() -> date:
    """Today when it is worked, else the next day that is."""
    return calendar().next_working_day(timezone.localdate())


class ActForm(KhcnForm):
    """A form of one act on a record of an agency."""

    def __init__(self, *args: Any, record: Any = None, system: QualitySystem | None = None, **kwargs: Any) -> None:
        self.record = record
        self.system = system if system is not None else getattr(record, "system", None)
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and self.system is not None:
                if field.queryset.model is Membership:
                    field.queryset = members_on(self.system, today)
                elif any(part.name == "system" for part in field.queryset.model._meta.fields):
                    field.queryset = field.queryset.model._default_manager.filter(system=self.system)


class ReasonForm(ActForm):
    """A reason."""

    reason = forms.CharField(label=_("Lý do"), widget=Area)


class NoteForm(ActForm):
    """A remark, which may be left out."""

    note = forms.CharField(label=_("Nhận xét"), widget=Area, required=False)


class ApproveRevisionForm(ActForm):
    """The day from which the document holds."""

    effective_from = DayField(label=_("Hiệu lực từ ngày"), initial=timezone.localdate)


class OpenForm(ActForm):
    """Who answers for a nonconformity, until when."""

    owner = forms.ModelChoiceField(Membership.objects.none(), label=_("Người chịu trách nhiệm"))
    due_on = DayField(label=_("Hạn khắc phục"))
    severity = EnumChoiceField(Severity, label=_("Mức"))


class ActionsMixin:
    """Up to five lines of (what, who, when)."""

    LINES = 5

    def add_lines(self, what_label: Any) -> None:
        """Put the fields in."""
        for index in range(1, self.LINES + 1):
            self.fields[f"what_{index}"] = forms.CharField(  # type: ignore[attr-defined]
                label=f"{what_label} {index}", required=index == 1, max_length=500
            )
            self.fields[f"owner_{index}"] = forms.ModelChoiceField(  # type: ignore[attr-defined]
                members_on(self.system, timezone.localdate()),  # type: ignore[attr-defined]
                label=_("Người làm"), required=index == 1, empty_label=_("– chọn –"),
            )  # fmt: skip
            self.fields[f"due_{index}"] = DayField(label=_("Hạn"), required=index == 1)  # type: ignore[attr-defined]

    def lines(self) -> list[tuple[str, Membership, Any]]:
        """The lines filled in."""
        found = []
        data = self.cleaned_data  # type: ignore[attr-defined]
        for index in range(1, self.LINES + 1):
            if data.get(f"what_{index}"):
                found.append((data[f"what_{index}"], data[f"owner_{index}"], data[f"due_{index}"]))
        return found

    def check_lines(self) -> None:
        """A line with a text needs somebody and a day."""
        data = self.cleaned_data  # type: ignore[attr-defined]
        for index in range(2, self.LINES + 1):
            if data.get(f"what_{index}"):
                for name in (f"owner_{index}", f"due_{index}"):
                    if not data.get(name):
                        self.add_error(name, _("Ghi người làm và thời hạn cho việc này."))  # type: ignore[attr-defined]


class PlanForm(ActionsMixin, ActForm):
    """What was corrected, the whys, the root cause, the actions."""

    correction = forms.CharField(label=_("Xử lý ngay"), widget=Area, required=False)
    why_1 = forms.CharField(label=_("Vì sao (1)"), help_text=_("Vì sao sự việc xảy ra?"))
    why_2 = forms.CharField(label=_("Vì sao (2)"), help_text=_("Vì sao có nguyên nhân ở dòng trên?"))
    why_3 = forms.CharField(label=_("Vì sao (3)"), required=False)
    why_4 = forms.CharField(label=_("Vì sao (4)"), required=False)
    why_5 = forms.CharField(label=_("Vì sao (5)"), required=False)
    root_cause = forms.CharField(label=_("Nguyên nhân gốc"), widget=Area)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_lines(_("Hành động"))

    def clean(self) -> dict[str, Any] | None:
        """Whole lines only."""
        data = super().clean()
        self.check_lines()
        return data

    def whys(self) -> list[str]:
        """The answers in order."""
        return [self.cleaned_data.get(f"why_{index}", "") for index in range(1, 6)]


class CloseForm(ActForm):
    """The effectiveness check, and the risk looked at again."""

    evidence = forms.CharField(label=_("Bằng chứng nguyên nhân đã hết"), widget=Area)
    risk = forms.ModelChoiceField(
        Risk.objects.none(), label=_("Cập nhật rủi ro"), required=False, empty_label=_("– không –")
    )
    likelihood = forms.TypedChoiceField(
        label=_("Khả năng sau xử lý"), choices=SCALE, coerce=int, required=False, empty_value=None
    )
    impact = forms.TypedChoiceField(
        label=_("Tác động sau xử lý"), choices=SCALE, coerce=int, required=False, empty_value=None
    )


class ExtendForm(ActForm):
    """A later deadline."""

    until = DayField(label=_("Gia hạn đến"))
    reason = forms.CharField(label=_("Lý do"), widget=Area)


class EvidenceForm(ActForm):
    """Evidence that something is done."""

    evidence = forms.CharField(label=_("Minh chứng"), widget=Area)


class NonconformityForm(ActForm):
    """A new nonconformity."""

    title = forms.CharField(label=_("Sự không phù hợp"), max_length=300)
    severity = EnumChoiceField(Severity, label=_("Mức"), initial=Severity.MINOR)
    description = forms.CharField(label=_("Mô tả, bằng chứng"), widget=Area)
    clause = forms.CharField(label=_("Điều khoản"), max_length=12, required=False)
    detected_on = DayField(label=_("Phát hiện ngày"), initial=timezone.localdate)


class AssessForm(ActForm):
    """What a change touches."""

    impact_documents = forms.CharField(label=_("Tài liệu bị tác động"), widget=Area)
    impact_training = forms.CharField(label=_("Đào tạo cần làm"), widget=Area)
    case_policy = EnumChoiceField(ChangePolicy, label=_("Hồ sơ đang xử lý"))


class ConclusionForm(ActForm):
    """A conclusion."""

    conclusion = forms.CharField(label=_("Kết luận"), widget=Area)


class FindingForm(ActForm):
    """What was found on a point."""

    finding = EnumChoiceField(FindingKind, label=_("Kết luận"), widget=forms.RadioSelect, blank=None)
    evidence = forms.CharField(label=_("Bằng chứng đã xem"), widget=forms.Textarea(attrs={"rows": 3}))
    statement = forms.CharField(
        label=_("Phát hiện"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Bắt buộc khi không phù hợp: yêu cầu nào không được đáp ứng, ở đâu."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].choices = [  # type: ignore[attr-defined]
            (member.value, _(member.label)) for member in FindingKind
        ]


class QuestionForm(ActForm):
    """A point that came up on the spot."""

    clause = forms.CharField(label=_("Điều"), max_length=12)
    question = forms.CharField(label=_("Câu hỏi"), widget=Area)


class AuditPlanForm(ActForm):
    """The plan of an audit of lines of the programme."""

    auditee = forms.ModelChoiceField(Unit.objects.none(), label=_("Bộ phận được đánh giá"))
    lines = forms.ModelMultipleChoiceField(
        ProgrammeLine.objects.none(), label=_("Nội dung của chương trình"), widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("Từ ngày"))
    ends_on = DayField(label=_("Đến ngày"))
    scope = forms.CharField(label=_("Phạm vi"), widget=Area)
    criteria = forms.CharField(label=_("Chuẩn mực"), widget=Area)
    timetable = forms.CharField(
        label=_("Lịch đánh giá"), widget=forms.Textarea(attrs={"rows": 6}), required=False,
        help_text=_("Mỗi dòng một mục: giờ | nội dung, quy trình | ai đánh giá | ai tiếp."),
    )  # fmt: skip
    team = forms.ModelMultipleChoiceField(
        Membership.objects.none(), label=_("Đoàn đánh giá"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Chỉ nêu người có chứng chỉ còn giá trị; người cùng bộ phận được đánh giá sẽ bị từ chối."),
    )  # fmt: skip
    lead = forms.ModelChoiceField(Membership.objects.none(), label=_("Trưởng đoàn"))
    sample_size = forms.IntegerField(label=_("Số hồ sơ lấy mẫu mỗi quy trình"), min_value=0, max_value=50, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system, programme = self.system, self.record
        auditors = possible_auditors(system, on=timezone.localdate())  # type: ignore[arg-type]
        self.fields["auditee"].queryset = Unit.objects.filter(system=system, valid_to=None)  # type: ignore[attr-defined,misc]
        self.fields["lines"].queryset = programme.lines.select_related("document", "unit")  # type: ignore[attr-defined]
        self.fields["team"].queryset = auditors  # type: ignore[attr-defined]
        self.fields["lead"].queryset = auditors  # type: ignore[attr-defined]
        self.fields["criteria"].initial = f"{system.standard}; quy trình nội bộ; văn bản pháp luật."  # type: ignore[union-attr]


class ReviewPlanForm(ActForm):
    """The day of a review."""

    planned_on = DayField(label=_("Dự kiến họp ngày"), initial=next_working_day)


class MinutesForm(ActionsMixin, ActForm):
    """Minutes and decisions of a review."""

    held_on = DayField(label=_("Họp ngày"), initial=timezone.localdate)
    attendees = forms.CharField(label=_("Thành phần"), widget=Area)
    minutes = forms.CharField(label=_("Diễn biến, ý kiến"), widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_lines(_("Kết luận"))

    def clean(self) -> dict[str, Any] | None:
        """Whole lines only."""
        data = super().clean()
        self.check_lines()
        return data


class ResultForm(ActForm):
    """What came of a decision."""

    result = forms.CharField(label=_("Kết quả thực hiện"), widget=Area)


class PublishForm(ActForm):
    """Number and first day of an announcement."""

    number = forms.CharField(label=_("Số của bản công bố"), max_length=80)
    effective_from = DayField(label=_("Hiệu lực từ ngày"), initial=timezone.localdate)
    file = DropFileField(
        label=_("Bản công bố đã ký số"), endings=(".pdf",), max_mb=20, required=False,
        help_text=_("Tải bản in về, người đứng đầu ký số rồi tải lên. Ở hệ thống dùng thử có thể để trống."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        values = dict(self.cleaned_data)
        sent = values.pop("file", None)
        return values | {"content": sent.read() if sent else b"", "filename": sent.name if sent else ""}


class ConfirmYearForm(ActForm):
    """The paper that confirms a verdict."""

    decision_number = forms.CharField(label=_("Văn bản xác nhận số"), max_length=120)


class AnswerForm(KhcnForm):
    """The answer to a complaint."""

    answer = forms.CharField(label=_("Nội dung trả lời"), widget=Area)
    is_justified = forms.TypedChoiceField(
        label=_("Phản ánh"), choices=[("1", _("Đúng")), ("0", _("Không đúng"))], coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip


class MeasureForm(KhcnForm):
    """A value measured by hand for one period."""

    period = forms.ChoiceField(label=_("Kỳ"))
    value = forms.DecimalField(label=_("Giá trị"), max_digits=12, decimal_places=2)
    evidence = forms.CharField(label=_("Minh chứng"), max_length=300)

    def __init__(self, *args: Any, objective: Objective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._periods = {
            f"{first:%Y%m%d}": (first, last) for first, last in periods_of(objective.year, objective.frequency)
        }
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (key, f"{first:%d/%m/%Y} – {last:%d/%m/%Y}") for key, (first, last) in self._periods.items()
        ]

    def clean_period(self) -> tuple[Any, Any]:
        """First and last day."""
        return self._periods[self.cleaned_data["period"]]


class HoldForm(KhcnForm):
    """The reason of a hold; empty lifts it."""

    reason = forms.CharField(
        label=_("Lý do tạm giữ"), required=False, max_length=300, help_text=_("Để trống để bỏ tạm giữ.")
    )


class FolderForm(KhcnForm):
    """A folder of records closed."""

    title = forms.CharField(label=_("Tập hồ sơ"), max_length=200)
    closed_on = DayField(label=_("Kết thúc ngày"), initial=timezone.localdate)


class DisposeForm(ActForm):
    """The paper of a disposal."""

    paper = forms.CharField(label=_("Biên bản số"), max_length=200)


class ScopeForm(KhcnForm):
    """The scope statement and the frame of the system."""

    scope = forms.CharField(label=_("Phạm vi áp dụng"), widget=forms.Textarea(attrs={"rows": 5}))
    standard = forms.CharField(label=_("Tiêu chuẩn"), max_length=60)
    steering_decision = forms.CharField(label=_("Quyết định Ban chỉ đạo ISO"), max_length=200, required=False)
    has_laboratory = forms.BooleanField(label=_("Có phòng thử nghiệm"), required=False)


class TemplateForm(KhcnForm):
    """Which set to begin from."""

    kind = EnumChoiceField(TemplateKind, label=_("Loại cơ quan"))
    year = forms.IntegerField(label=_("Mục tiêu của năm"), min_value=2015, max_value=2100)


class UnitForm(KhcnForm):
    """A division."""

    code = forms.CharField(label=_("Mã"), max_length=20)
    name = forms.CharField(label=_("Phòng, bộ phận"), max_length=200)


class MemberForm(ActForm):
    """A person's place."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Phòng, bộ phận"))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Người"))
    position = forms.CharField(label=_("Vị trí việc làm"), max_length=120)
    since = DayField(label=_("Từ ngày"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency_system: Any = self.system
        agency = agency_system.organisation
        people = Person.objects.filter(employer=agency) | Person.objects.filter(appointments__organisation=agency)
        self.fields["unit"].queryset = Unit.objects.filter(  # type: ignore[attr-defined]
            system=agency_system, valid_to=None
        )
        self.fields["person"].queryset = people.distinct()  # type: ignore[attr-defined]


class EnrolForm(KhcnForm):
    """An agency that begins a system."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Cơ quan"))
    started_on = DayField(label=_("Bắt đầu xây dựng"), initial=timezone.localdate)
    scope = forms.CharField(label=_("Phạm vi áp dụng"), widget=Area, required=False)
    steering_decision = forms.CharField(label=_("Quyết định Ban chỉ đạo ISO"), max_length=200, required=False)
    has_laboratory = forms.BooleanField(label=_("Có phòng thử nghiệm"), required=False)

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = agencies  # type: ignore[attr-defined]
