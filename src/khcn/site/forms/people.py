"""Forms about accounts, posts and delegations."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.kernel.orgs.choices import DelegationForm
from khcn.kernel.orgs.models import Organisation, Person, Post
from khcn.kernel.orgs.queries import organisations_on, posts_held_by
from khcn.lib.roles import Role
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm


class AccountForm(KhcnForm):
    """A new account, of a person on record or of a new one."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Người đã có trong hệ thống"),
        required=False,
        help_text=_("Bỏ trống nếu là người mới."),
    )
    full_name = forms.CharField(label=_("Họ và tên người mới"), max_length=120, required=False)
    degree = forms.CharField(label=_("Học vị, học hàm"), max_length=60, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    username = forms.CharField(
        label=_("Tên đăng nhập"), max_length=40, help_text=_("Chữ thường không dấu, ví dụ nguyen.thi.anh.")
    )
    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.filter(user=None)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Exactly one of the two ways to name the person."""
        data = super().clean() or {}
        if bool(data.get("person")) == bool(data.get("full_name")):
            self.add_error("full_name", _("Chọn người đã có, hoặc ghi họ và tên người mới."))
        return data


class AppointmentForm(KhcnForm):
    """A post for a person."""

    post = forms.ModelChoiceField(Post.objects.all(), label=_("Chức vụ"))
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Cơ quan"))
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(label=_("Đến trước ngày"), required=False)
    decision = forms.CharField(label=_("Quyết định"), max_length=200, help_text=_("Số, ngày của quyết định bổ nhiệm."))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_on(on)  # type: ignore[attr-defined]


class EndAppointmentForm(KhcnForm):
    """The day from which a post is no longer held."""

    valid_to = DayField(label=_("Thôi giữ chức vụ từ ngày"))
    decision = forms.CharField(label=_("Quyết định"), max_length=200, required=False)


class ReasonForm(KhcnForm):
    """Why an account is closed or opened again."""

    reason = forms.CharField(label=_("Lý do"), max_length=200)


class AddressForm(KhcnForm):
    """The address of an account's mail."""

    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False)


class DelegationGivingForm(KhcnForm):
    """Power handed to another person: which, at which organisation, to whom, how they sign, how long."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Tại cơ quan"))
    receiver = forms.ModelChoiceField(
        Person.objects.none(), label=_("Người nhận"), help_text=_("Chỉ những người có tài khoản đang hoạt động.")
    )
    roles = forms.MultipleChoiceField(label=_("Vai trò được giao"), widget=forms.CheckboxSelectMultiple)
    form = EnumChoiceField(DelegationForm, label=_("Hình thức ký"))
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(label=_("Đến trước ngày"))
    basis = forms.CharField(label=_("Văn bản ủy quyền"), max_length=200, help_text=_("Số, ngày của văn bản."))

    def __init__(self, *args: Any, giver: Person, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(posts_held_by(giver, on=on))
        codes = sorted({code for one in held for code in one.post.roles})
        self.fields["roles"].choices = [(code, _(Role(code).label)) for code in codes]  # type: ignore[attr-defined]
        units = Organisation.objects.filter(pk__in=[one.organisation_id for one in held])
        self.fields["organisation"].queryset = units  # type: ignore[attr-defined]
        if len({one.organisation_id for one in held}) == 1:
            self.fields["organisation"].initial = held[0].organisation_id
        others = Person.objects.filter(user__is_active=True).exclude(pk=giver.pk)
        self.fields["receiver"].queryset = others  # type: ignore[attr-defined]
