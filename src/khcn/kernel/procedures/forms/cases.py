"""Forms about cases; a step's own form is built from its definition (`forms.steps`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.orgs.models import User
from khcn.web.forms import DropFileField, KhcnForm


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


class CommentForm(KhcnForm):
    """A remark."""

    text = forms.CharField(label=_("Ý kiến"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(KhcnForm):
    """A file for the case."""

    file = DropFileField(label=_("Tệp"), max_mb=50, help_text=_("PDF, Word, Excel, ảnh hoặc văn bản, tối đa 50 MB."))
    title = forms.CharField(label=_("Tên tệp"), max_length=300, required=False)
