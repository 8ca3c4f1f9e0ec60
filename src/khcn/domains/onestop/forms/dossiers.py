"""Forms of dossiers: handing in, and one form for each step that asks for something."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.onestop.choices import ApplicantKind, Channel, PaymentMethod, ReturnMethod, Satisfaction
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier
from khcn.domains.onestop.services.intake import MAX_FILE_BYTES, Applicant, SentFile
from khcn.kernel.documents.models import OfficialPaper
from khcn.kernel.orgs.models import User
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MoneyField

ENDINGS = (".pdf", ".docx", ".xlsx", ".csv", ".txt", ".png", ".jpg", ".jpeg", ".webp")
MAX_MB = MAX_FILE_BYTES // (1024 * 1024)
FILES_HELP = _("Nhận PDF, Word, Excel, ảnh; mỗi tệp tối đa 20 MB.")


class SubmissionForm(KhcnForm):
    """A dossier as handed in for one procedure: applicant, declaration, a file for each component, way of return."""

    name = forms.CharField(label=_("Họ tên người nộp hoặc tên tổ chức"), max_length=200)
    kind = EnumChoiceField(ApplicantKind, label=_("Đối tượng"), initial=ApplicantKind.CITIZEN)
    identity = forms.CharField(label=_("Số định danh cá nhân hoặc mã số thuế"), max_length=30, required=False)
    phone = forms.CharField(label=_("Số điện thoại"), max_length=20)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    represented_by = forms.CharField(label=_("Người nộp thay (nếu có)"), max_length=200, required=False)
    return_method = EnumChoiceField(ReturnMethod, label=_("Cách nhận kết quả"), initial=ReturnMethod.COUNTER)
    return_address = forms.CharField(label=_("Địa chỉ nhận qua bưu chính"), max_length=300, required=False)

    def __init__(self, *args: Any, procedure: AdministrativeProcedure, at_counter: bool, **kwargs: Any) -> None:
        self.procedure, self.at_counter = procedure, at_counter
        super().__init__(*args, **kwargs)
        if at_counter:
            offered = (Channel.COUNTER, Channel.POST)
            self.fields["channel"] = EnumChoiceField(
                Channel, members=offered, label=_("Cách nộp"), initial=Channel.COUNTER, blank=_("– chọn –")
            )
        for item in procedure.form_fields:
            key = f"f_{item['key']}"
            required = bool(item.get("required"))
            if item.get("options"):
                choices = [("", _("– chọn –")), *((option, option) for option in item["options"])]
                self.fields[key] = forms.ChoiceField(label=item["label"], choices=choices, required=required)
            else:
                self.fields[key] = forms.CharField(label=item["label"], max_length=2000, required=required)
        for component in procedure.components.all():
            help_text = (
                _("Bắt buộc. PDF, Word, Excel hoặc ảnh, tối đa 20 MB.") if component.is_required
                else _("Không bắt buộc. PDF, Word, Excel hoặc ảnh, tối đa 20 MB.")
            )  # fmt: skip
            self.fields[f"c_{component.pk}"] = DropFileField(
                label=component.name, endings=ENDINGS, max_mb=MAX_MB, required=False, help_text=help_text
            )
            if at_counter:
                self.fields[f"p_{component.pk}"] = forms.BooleanField(
                    label=_("Đã nhận bản giấy: %(name)s") % {"name": component.name}, required=False
                )

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """(heading, bound fields) in the order in which people fill them in; empty groups are left out."""
        who = ["name", "kind", "identity", "phone", "email", "address", "represented_by"]
        papers = [name for name in self.fields if name.startswith(("c_", "p_"))]
        found = [
            (_("Người nộp"), who),
            (_("Nội dung khai"), [name for name in self.fields if name.startswith("f_")]),
            (_("Thành phần hồ sơ"), papers),
            (_("Nộp và nhận kết quả"), ["channel", "return_method", "return_address"]),
        ]
        drawn = [(title, [self[name] for name in names if name in self.fields]) for title, names in found]
        return [(title, fields) for title, fields in drawn if fields]

    def values(self) -> dict[str, Any]:
        """Arguments of the service, without who and for what."""
        data = self.cleaned_data
        return {
            "channel": data.get("channel") or (Channel.COUNTER if self.at_counter else Channel.ONLINE),
            "applicant": Applicant(
                data["name"], data["kind"] or ApplicantKind.CITIZEN, data["identity"], data["phone"], data["email"],
                data["address"], data["represented_by"],
            ),
            "form_values": {item["key"]: data.get(f"f_{item['key']}", "") for item in self.procedure.form_fields},
            "files": [
                SentFile(sent.name, sent.read(), component.pk)
                for component in self.procedure.components.all()
                if (sent := data.get(f"c_{component.pk}"))
            ],
            "return_method": data["return_method"] or ReturnMethod.COUNTER, "return_address": data["return_address"],
        }  # fmt: skip

    def received_papers(self) -> list[int]:
        """Components ticked as handed over on paper."""
        return [
            component.pk for component in self.procedure.components.all() if self.cleaned_data.get(f"p_{component.pk}")
        ]


class AcceptForm(KhcnForm):
    """Which papers were handed over on paper; those with a file are here already."""

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here = set(dossier.files.values_list("component_id", flat=True))
        self.components = list(dossier.procedure.components.all())
        for component in self.components:
            has_file = component.pk in self.here
            self.fields[f"p_{component.pk}"] = forms.BooleanField(
                label=component.name, required=False, initial=has_file, disabled=has_file,
                help_text=_("Đã có tệp.") if has_file else _("Đánh dấu khi đã nhận bản giấy."),
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return {
            "received_papers": [
                item.pk
                for item in self.components
                if item.pk not in self.here and self.cleaned_data.get(f"p_{item.pk}")
            ]
        }


class ReasonForm(KhcnForm):
    """One reason, told to the applicant."""

    reason = forms.CharField(label=_("Lý do, nội dung"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        self.dossier = dossier
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return dict(self.cleaned_data)


class ContentsForm(ReasonForm):
    """What is to be supplemented."""

    reason = forms.CharField(label=_("Nội dung cần bổ sung"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return {"contents": self.cleaned_data["reason"]}


class SupplementForm(ContentsForm):
    """What is to be supplemented, and the law that allows a second time."""

    sector_basis = forms.CharField(
        label=_("Căn cứ chuyên ngành (khi yêu cầu quá số lần)"), max_length=300, required=False
    )

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return {"contents": self.cleaned_data["reason"], "sector_basis": self.cleaned_data["sector_basis"]}


class SuppliedForm(KhcnForm):
    """A file that supplements the dossier."""

    file = DropFileField(label=_("Tệp bổ sung"), endings=ENDINGS, max_mb=MAX_MB, required=False, help_text=FILES_HELP)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"] = forms.ModelChoiceField(
            dossier.procedure.components.all(), label=_("Là giấy tờ"), required=False
        )

    def sent_files(self) -> list[SentFile]:
        """The files sent, for the service."""
        sent, component = self.cleaned_data.get("file"), self.cleaned_data.get("component")
        return [SentFile(sent.name, sent.read(), component.pk if component else None)] if sent else []

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return {"files": self.sent_files()}


class FeeForm(KhcnForm):
    """How much, and for what."""

    amount_vnd = MoneyField(label=_("Số tiền"))
    reason = forms.CharField(label=_("Nội dung thu"), max_length=300, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_vnd"].initial = dossier.procedure.fee_vnd

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return dict(self.cleaned_data)


class PaymentForm(KhcnForm):
    """How the fee was paid."""

    method = EnumChoiceField(PaymentMethod, label=_("Cách nộp"))
    receipt_number = forms.CharField(label=_("Số biên lai hoặc mã giao dịch"), max_length=60)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return dict(self.cleaned_data)


class ExtendForm(ReasonForm):
    """A new day, and why."""

    until = DayField(label=_("Ngày hẹn trả mới"))

    def values(self) -> dict[str, Any]:
        """Arguments of the service: the close of business of the chosen day."""
        closing = datetime.combine(self.cleaned_data["until"], time(17, 30), timezone.get_current_timezone())
        return {"until": closing, "reason": self.cleaned_data["reason"]}


class DecideForm(KhcnForm):
    """The result: an official paper of the dossier, or a signed PDF."""

    file = DropFileField(label=_("Hoặc tệp PDF đã ký số"), endings=(".pdf",), max_mb=MAX_MB, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = OfficialPaper.objects.filter(number__isnull=False).order_by("-id")
        self.fields["paper"] = forms.ModelChoiceField(
            papers.filter(subject_uid=dossier.uid), label=_("Văn bản kết quả đã lấy số"), required=False
        )
        self.order_fields(["paper", "file"])

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        sent = self.cleaned_data.get("file")
        return {
            "paper": self.cleaned_data.get("paper"), "content": sent.read() if sent else b"",
            "filename": sent.name if sent else "",
        }  # fmt: skip


class HandOverForm(KhcnForm):
    """Who received the result, or under which number it was posted."""

    identity_or_proof = forms.CharField(label=_("Giấy tờ của người nhận hoặc số bưu gửi"), max_length=200)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        return dict(self.cleaned_data)


class WorkForm(KhcnForm):
    """What was done at a step."""

    note = forms.CharField(label=_("Ý kiến xử lý"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class AssignForm(KhcnForm):
    """To whom a step goes."""

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ModelChoiceField(
            User.objects.filter(pk__in=[person.pk for person in people]), to_field_name="uid", label=_("Giao cho")
        )


class AbsenceForm(KhcnForm):
    """Who is away, when, and who stands in."""

    date_from = DayField(label=_("Từ ngày"))
    date_to = DayField(label=_("Đến hết ngày"))
    reason = forms.CharField(label=_("Lý do"), max_length=300, required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = User.objects.filter(pk__in=[person.pk for person in people]).select_related("person")
        self.fields["person"] = forms.ModelChoiceField(users, to_field_name="uid", label=_("Người vắng"))
        self.fields["substitute"] = forms.ModelChoiceField(users, to_field_name="uid", label=_("Người làm thay"))
        self.order_fields(["person", "substitute", "date_from", "date_to", "reason"])


class TrackForm(KhcnForm):
    """The code that the applicant was given."""

    code = forms.CharField(label=_("Mã tra cứu"), max_length=60, help_text=_("10 ký tự in trên giấy tiếp nhận."))


class SurveyForm(KhcnForm):
    """Three questions on five levels, and a free word."""

    overall = EnumChoiceField(Satisfaction, label=_("Mức độ hài lòng chung"))
    attitude = EnumChoiceField(Satisfaction, label=_("Thái độ phục vụ"))
    time = EnumChoiceField(Satisfaction, label=_("Thời gian giải quyết"))
    comment = forms.CharField(label=_("Góp ý thêm"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ComplaintForm(KhcnForm):
    """A complaint or suggestion."""

    sender_name = forms.CharField(label=_("Họ tên"), max_length=200)
    sender_contact = forms.CharField(label=_("Điện thoại hoặc thư điện tử"), max_length=200, required=False)
    contents = forms.CharField(label=_("Nội dung phản ánh, kiến nghị"), widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(KhcnForm):
    """What the sender is told."""

    text = forms.CharField(
        label=_("Nội dung gửi người phản ánh"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class WithdrawForm(KhcnForm):
    """Why the applicant wants the dossier back."""

    reason = forms.CharField(label=_("Lý do rút hồ sơ"), max_length=500)
