"""Forms of reports about a right: what a buyer says, what the office enters, and what is done with it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import IncidentKind, UseState
from khcn.domains.marks.models import Right
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MoneyField
from khcn.web.pickers import PickerField


class ConsumerForm(KhcnForm):
    """What a buyer saw, with a picture."""

    text = forms.CharField(
        label=_("Bạn thấy điều gì không đúng"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    place = forms.CharField(label=_("Nơi mua"), max_length=300, required=False)
    suspect = forms.CharField(label=_("Bên bán, bên sản xuất"), max_length=300, required=False)
    happened_on = DayField(label=_("Ngày mua"), required=False)
    stamp_code = forms.CharField(label=_("Mã tem"), max_length=60, required=False)
    photo = DropFileField(label=_("Ảnh"), endings=(".jpg", ".jpeg", ".png"), max_mb=10, required=False)
    reporter = forms.CharField(label=_("Họ tên"), max_length=200, required=False)
    contact = forms.CharField(
        label=_("Điện thoại hoặc thư điện tử"), max_length=200, required=False,
        help_text=_("Không bắt buộc; chỉ công chức xử lý đọc được."),
    )  # fmt: skip


class IncidentForm(KhcnForm):
    """A report as the office enters it."""

    kind = EnumChoiceField(IncidentKind, label=_("Loại"), initial=IncidentKind.INFRINGEMENT)
    text = forms.CharField(label=_("Nội dung"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    happened_on = DayField(label=_("Ngày thấy"), required=False)
    place = forms.CharField(label=_("Nơi thấy"), max_length=300, required=False)
    suspect = forms.CharField(label=_("Bên bị phản ánh"), max_length=300, required=False)
    stamp_code = forms.CharField(label=_("Mã tem"), max_length=60, required=False)
    lot_code = forms.CharField(label=_("Số lô"), max_length=60, required=False)
    reporter = forms.CharField(label=_("Người phản ánh"), max_length=200, required=False)
    contact = forms.CharField(label=_("Liên hệ"), max_length=200, required=False)

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = right.uses.exclude(state__in=[UseState.APPLIED, UseState.REFUSED])
        self.fields["use"] = forms.ModelChoiceField(
            members, to_field_name="uid", label=_("Thành viên liên quan"), required=False
        )
        self.order_fields(["kind", "text", "happened_on", "place", "suspect", "use"])


class EvidenceForm(KhcnForm):
    """A picture or paper."""

    file = DropFileField(label=_("Tệp"), max_mb=20)
    title = forms.CharField(label=_("Tên tài liệu"), max_length=200, required=False)


class StepForm(KhcnForm):
    """A step with its day and a few words."""

    on = DayField(label=_("Ngày"))
    note = forms.CharField(label=_("Nội dung"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class HandOverForm(StepForm):
    """To whom a report is handed."""

    to = PickerField(SOURCES[FieldKind.ORGANISATION], label=_("Cơ quan thanh tra"))

    field_order = ("to",)

    def clean_to(self) -> Organisation:
        """The body."""
        return Organisation.objects.get(uid=self.cleaned_data["to"])


class ConcludeForm(KhcnForm):
    """What came of a report."""

    founded = forms.BooleanField(label=_("Có vi phạm"), required=False)
    conclusion = forms.CharField(label=_("Kết luận"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    decision = forms.CharField(label=_("Quyết định xử lý"), max_length=200, required=False)
    penalty_vnd = MoneyField(label=_("Mức phạt (đồng)"), required=False)
    on = DayField(label=_("Ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def clean_penalty_vnd(self) -> int:
        """The penalty; nothing is zero."""
        return self.cleaned_data["penalty_vnd"] or 0
