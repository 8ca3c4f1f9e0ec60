"""Forms about cases; a step's own form is built from its definition (`forms.steps`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.web.forms import DropFileField, KhcnForm
from khcn.web.pickers import PickerField


class StepForm(KhcnForm):
    """What every step asks besides its own form. outcomes: results that the ways on from the step tell apart."""

    outcome = forms.CharField(label=_("Kết quả"), max_length=120, required=False)
    note = forms.CharField(
        label=_("Ghi chú"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, outcomes: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcomes:
            choices = [("", _("– chọn –")), *((one, one) for one in outcomes)]
            self.fields["outcome"] = forms.ChoiceField(
                label=_("Kết quả"), choices=choices, help_text=_("Kết quả quyết định bước tiếp theo.")
            )
        else:
            self.fields["outcome"].help_text = _("Ghi ngắn, ví dụ: đạt. Có thể để trống.")
        self.order_fields(["outcome", "note"])


class ReturnForm(KhcnForm):
    """Where a case is sent back to, and why."""

    to = forms.ChoiceField(label=_("Trả lại về bước"))
    reason = forms.CharField(label=_("Lý do trả lại"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = targets  # type: ignore[attr-defined]


class GiveForm(KhcnForm):
    """The colleague to whom a step goes."""

    to = forms.ChoiceField(label=_("Giao cho"))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.uid): user for user in people}
        named = [(uid, str(user)) for uid, user in self.people.items()]
        self.fields["to"].choices = [("", _("– chọn –")), *named]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User:
        """The account chosen, once the form is valid."""
        return self.people[self.cleaned_data["to"]]


class OpenForm(KhcnForm):
    """A case of internal work to open: what it is about, and for whom."""

    title = forms.CharField(label=_("Trích yếu công việc"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    applicant = PickerField(
        SOURCES[FieldKind.PERSON], label=_("Người đề nghị"), required=False,
        help_text=_("Để lần sau được gợi ý dữ liệu người này đã khai."),
    )  # fmt: skip
    applicant_organisation = PickerField(SOURCES[FieldKind.ORGANISATION], label=_("Đơn vị đề nghị"), required=False)
    applicant_name = forms.CharField(
        label=_("Tên người đề nghị, nếu không có trong danh sách"), max_length=300, required=False
    )

    def values(self) -> dict[str, Any]:
        """Arguments of the service, records in place of their uids."""
        data = dict(self.cleaned_data)
        person, body = data.pop("applicant"), data.pop("applicant_organisation")
        return data | {
            "applicant": Person.objects.filter(uid=person).first() if person else None,
            "applicant_organisation": Organisation.objects.filter(uid=body).first() if body else None,
        }


class CommentForm(KhcnForm):
    """A remark."""

    text = forms.CharField(label=_("Ý kiến"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(KhcnForm):
    """A file for the case."""

    file = DropFileField(label=_("Tệp"), max_mb=50, help_text=_("PDF, Word, Excel, ảnh hoặc văn bản, tối đa 50 MB."))
    title = forms.CharField(label=_("Tên tệp"), max_length=300, required=False)
