"""Forms of proposals and of the look-up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import PlanState
from khcn.domains.programme.models import ContentLine, Plan, PlanField, PlanItem, Proposal
from khcn.domains.programme.services.proposals import CONTENTS, EDITABLE
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.forms import DropFileField, EnumChoiceField, KhcnForm, KhcnModelForm, MoneyField

PAPER_ENDINGS = (".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg", ".txt")


class ParentSelect(forms.Select):
    """A select whose options say to which option of another select they belong (`data-parent`)."""

    look = "select"

    def __init__(self, parent: str, **kwargs: Any) -> None:
        self.parent = parent
        super().__init__(**kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the key of the parent record."""
        option = super().create_option(name, value, *args, **kwargs)
        row = getattr(value, "instance", None)
        if row is not None:
            option["attrs"]["data-parent"] = str(getattr(row, f"{self.parent}_id"))
        return option


def proposing_units(actor: Actor) -> Any:
    """The units for which the actor may propose."""
    return Organisation.objects.filter(pk__in=actor.offices_as(Role.PROPOSER))


class ProposalForm(KhcnModelForm):
    """Everything a proposal says; a draft may be kept incomplete, only the name is needed."""

    budget_vnd = MoneyField(label=_("Kinh phí dự kiến"), required=False)
    is_secret = forms.TypedChoiceField(
        label=_("Nội dung thuộc phạm vi bí mật nhà nước?"), required=False, empty_value=None,
        choices=[("no", _("Không")), ("yes", _("Có – lập và gửi hồ sơ bằng bản giấy"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip

    class Meta:
        model = Proposal
        fields = EDITABLE
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in CONTENTS} | {
            "field": ParentSelect("plan", attrs={"data-child-of": "plan"}),
            "line": ParentSelect("field", attrs={"data-child-of": "field"}),
            "plan_item": ParentSelect("plan", attrs={"data-child-of": "plan"}),
        }
        help_texts = {
            "grounds": _("Ví dụ: kế hoạch 5 năm, chỉ đạo của lãnh đạo, yêu cầu của ngành."),
            "contents": _("Mỗi nội dung một dòng."),
            "expected_products": _("Tên, số lượng, yêu cầu chất lượng chủ yếu của từng sản phẩm."),
            "application_address": _("Ghi đơn vị tiếp nhận, nơi sử dụng và cam kết."),
            "orderer": _("Cơ quan sẽ tiếp nhận và sử dụng kết quả."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.is_secret
        self.initial["is_secret"] = None if stored is None else "yes" if stored else "no"
        adopted = Plan.objects.filter(state=PlanState.ADOPTED)
        choices = {
            "plan": adopted,
            "field": PlanField.objects.filter(plan__in=adopted),
            "line": ContentLine.objects.filter(field__plan__in=adopted),
            "plan_item": PlanItem.objects.filter(plan__in=adopted),
            "orderer": Organisation.objects.filter(valid_to=None),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].required = False

    def _post_clean(self) -> None:
        """Leave the record alone: the service writes, and tells of refusals with their field."""

    def readable(self) -> dict[str, Any]:
        """The values that could be read, for a draft kept while somebody still types."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE and self._is_kept(name)}

    def _is_kept(self, name: str) -> bool:
        return name != "title" or bool(self.cleaned_data.get("title", "").strip())


class NewProposalForm(ProposalForm):
    """A new proposal, and for which unit."""

    proposer = forms.ModelChoiceField(
        label=_("Đơn vị đề xuất"), queryset=Organisation.objects.none(), to_field_name="uid"
    )

    class Meta(ProposalForm.Meta):
        pass

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = proposing_units(actor)
        self.fields["proposer"].queryset = units  # type: ignore[attr-defined]
        first = units.first()
        if first is not None:
            self.fields["proposer"].initial = first.uid


class ReasonForm(KhcnForm):
    """A reason, for steps that need one."""

    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class VerdictForm(KhcnForm):
    """What the person who looked the topic up says of it, and signs."""

    is_duplicate = forms.TypedChoiceField(
        label=_("Kết luận"), choices=[("no", _("Không trùng lặp")), ("yes", _("Trùng lặp"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    verdict = forms.CharField(
        label=_("Nhận định của người tra cứu"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ghi đã đọc hồ sơ nào, giống và khác ở điểm nào. Hội đồng sẽ đọc phần này."),
    )  # fmt: skip


class LookUpForm(KhcnForm):
    """A topic to look up freely; nothing is kept."""

    title = forms.CharField(label=_("Tên nhiệm vụ"), max_length=500, help_text=_("Gõ có dấu hoặc không dấu đều được."))
    extra = forms.CharField(
        label=_("Mục tiêu, nội dung"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    place = forms.CharField(label=_("Địa bàn"), required=False, max_length=300)
    year = forms.IntegerField(label=_("Năm bắt đầu"), required=False, min_value=1990, max_value=2100)


class AttachForm(KhcnForm):
    """A file attached to a record."""

    file = DropFileField(label=_("Tệp"), endings=PAPER_ENDINGS)
    title = forms.CharField(label=_("Tên tài liệu"), max_length=500)
    kind = EnumChoiceField(DocumentKind, label=_("Loại tài liệu"), initial=DocumentKind.OTHER)
    number = forms.CharField(label=_("Số, ký hiệu"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Thành phần hồ sơ"), required=False)

    def __init__(self, *args: Any, papers: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if papers:
            self.fields["role"].choices = [("", _("Tài liệu khác")), *papers]  # type: ignore[attr-defined]
        else:
            del self.fields["role"]
