"""Forms of official papers and arrivals."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.kernel.documents.choices import DocumentKind, IncomingState, PaperState, Urgency
from khcn.kernel.documents.models import IncomingPaper, OfficialPaper
from khcn.kernel.documents.permissions import STEP_ROLES
from khcn.kernel.documents.rules import KIND_OF
from khcn.kernel.orgs.models import Appointment, Organisation, Person
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm
from khcn.web.search import matching

AUTHORITIES = (("", "–"), ("TM.", "TM."), ("KT.", "KT."), ("TL.", "TL."), ("TUQ.", "TUQ."), ("Q.", "Q."))
PLAIN_LINES = _("Mỗi dòng một mục.")


class PaperFilter(df.FilterSet):
    """Words, state, kind and year."""

    q = df.CharFilter(label=_("Tìm theo số, trích yếu"), method="search")
    state = df.ChoiceFilter(
        label=_("Trạng thái"), choices=[(v, _(label)) for v, label in PaperState.choices()], empty_label=_("Tất cả")
    )
    kind = df.ChoiceFilter(
        label=_("Loại"), choices=[(kind.value, _(kind.label)) for kind in KIND_OF], empty_label=_("Tất cả")
    )
    year = df.NumberFilter(label=_("Năm"))

    class Meta:
        model = OfficialPaper
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows that hold every word."""
        return matching(rows, "folded", text)


class ArrivalFilter(df.FilterSet):
    """State, and words of the title."""

    q = df.CharFilter(label=_("Tìm trong trích yếu"), field_name="title", lookup_expr="icontains")
    state = df.ChoiceFilter(
        label=_("Trạng thái"), choices=[(v, _(label)) for v, label in IncomingState.choices()], empty_label=_("Tất cả")
    )

    class Meta:
        model = IncomingPaper
        fields: list[str] = []


class PaperForm(KhcnForm):
    """All that a paper says; bodies: for which organisations the person drafts."""

    kind = EnumChoiceField(DocumentKind, members=list(KIND_OF), label=_("Loại văn bản"), initial=DocumentKind.LETTER)
    title = forms.CharField(label=_("Trích yếu"), max_length=500, help_text=_("Công văn: không ghi “V/v”."))
    notation = forms.CharField(label=_("Ký hiệu"), max_length=60, help_text=_("Ví dụ: SKHCN-QLKH hoặc QĐ-SKHCN"))
    place = forms.CharField(label=_("Địa danh"), max_length=80)
    addressees = forms.CharField(
        label=_("Kính gửi"), widget=forms.Textarea(attrs={"rows": 2}), required=False, help_text=PLAIN_LINES
    )
    grounds = forms.CharField(
        label=_("Căn cứ"), widget=forms.Textarea(attrs={"rows": 2}), required=False, help_text=PLAIN_LINES
    )
    body = forms.CharField(
        label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Mỗi dòng một đoạn; “- ” mở đầu một gạch đầu dòng; “Điều 1. ”, “I. ”, “1. ” mở đầu một đề mục."),
    )  # fmt: skip
    recipients = forms.CharField(
        label=_("Nơi nhận"), widget=forms.Textarea(attrs={"rows": 2}), required=False, help_text=PLAIN_LINES
    )
    archive = forms.CharField(label=_("Lưu"), max_length=60, initial="VT")
    urgency = EnumChoiceField(Urgency, label=_("Độ khẩn"), initial=Urgency.ORDINARY)
    signer_title = forms.CharField(label=_("Chức vụ người ký"), max_length=120, initial="Giám đốc")
    signer_authority = forms.ChoiceField(label=_("Thẩm quyền ký"), choices=AUTHORITIES, required=False)
    signer_for = forms.CharField(label=_("Ký thay, thừa lệnh"), max_length=120, required=False)

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            bodies, to_field_name="code", label=_("Cơ quan ban hành"), initial=bodies.first()
        )
        held = Appointment.objects.valid_on(timezone.localdate()).filter(organisation__in=bodies)
        may_sign = {str(role) for role in STEP_ROLES["sign"]}
        signers = {item.person_id for item in held.select_related("post") if may_sign & set(item.post.roles)}
        self.fields["signer"] = forms.ModelChoiceField(
            Person.objects.filter(pk__in=signers), to_field_name="uid", label=_("Người ký")
        )
        self.order_fields(
            [
                "organisation",
                "kind",
                "title",
                "notation",
                "place",
                "addressees",
                "grounds",
                "body",
                "recipients",
                "archive",
                "urgency",
                "signer",
                "signer_title",
                "signer_authority",
                "signer_for",
            ]
        )


class PaperReasonForm(KhcnForm):
    """Why."""

    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class NumberForm(KhcnForm):
    """On which day."""

    on = DayField(label=_("Ngày ban hành"))


class SendForm(KhcnForm):
    """To whom: one line each, code and name."""

    receivers = forms.CharField(
        label=_("Nơi nhận trên trục liên thông"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng: mã định danh, dấu phẩy, tên cơ quan. Ví dụ: H10.05, Sở Tài chính"),
    )  # fmt: skip

    def pairs(self) -> list[tuple[str, str]]:
        """(code, name) of each line."""
        lines = [line.strip() for line in self.cleaned_data["receivers"].splitlines() if line.strip()]
        return [
            (code.strip(), name.strip() or code.strip()) for code, _sep, name in (line.partition(",") for line in lines)
        ]


class VerifyForm(KhcnForm):
    """A signed PDF."""

    file = DropFileField(label=_("Tệp PDF đã ký số"), endings=(".pdf",), max_mb=30)


class MessageForm(KhcnForm):
    """An edXML message from the axis."""

    file = DropFileField(label=_("Gói tin edXML"), endings=(".edxml", ".xml"), max_mb=60)


class ArrivalForm(KhcnForm):
    """A word to the sender."""

    note = forms.CharField(label=_("Ghi chú"), max_length=500, required=False)


class TokenForm(KhcnForm):
    """The certificate of the token, in PEM or DER."""

    certificate = DropFileField(label=_("Chứng thư số"), endings=(".pem", ".cer", ".crt", ".der"), max_mb=1)


class TokenSignatureForm(KhcnForm):
    """The signature that the token gave, as base64."""

    signature = forms.CharField(label=_("Chữ ký (base64)"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
