"""Forms of application dossiers: the dossier with its lists of work, products, people and money; the later acts."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import (
    CancelGround,
    LumpMode,
    ProductForm,
    ProductType,
    Purpose,
    Sector,
    WorkTitle,
)
from khcn.domains.programme.forms.estimates import EstimateLineForm
from khcn.domains.programme.models import Application, Call
from khcn.domains.programme.queries.applications import PAPERS
from khcn.domains.programme.queries.norms import fee_choices
from khcn.kernel.orgs.models import Organisation, Person
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, MoneyField


class ContentForm(KhcnForm):
    """One content of work."""

    title = forms.CharField(label=_("Nội dung công việc"), max_length=500)
    month_from = forms.IntegerField(label=_("Từ tháng"), min_value=1, initial=1)
    month_to = forms.IntegerField(label=_("Đến tháng"), min_value=1)


class ProductLineForm(KhcnForm):
    """One product that the task would owe; type, purpose and sector are what the plan's targets count."""

    name = forms.CharField(label=_("Tên sản phẩm"), max_length=300)
    type = EnumChoiceField(ProductType, label=_("Loại"))
    form = EnumChoiceField(ProductForm, label=_("Dạng"), initial=ProductForm.FORM_1)
    purpose = EnumChoiceField(Purpose, label=_("Phục vụ"))
    sector = EnumChoiceField(Sector, label=_("Ngành"))
    quantity = forms.DecimalField(label=_("Số lượng"), min_value=0, max_digits=14, decimal_places=3, initial=1)
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=60, required=False)
    quality = forms.CharField(label=_("Yêu cầu chất lượng"), required=False)
    place = forms.CharField(label=_("Địa chỉ ứng dụng"), max_length=300, required=False)


class MemberForm(KhcnForm):
    """One person of the team."""

    person = forms.ModelChoiceField(label=_("Người tham gia"), queryset=Person.objects.all(), to_field_name="uid")
    title = EnumChoiceField(WorkTitle, label=_("Chức danh"))
    months = forms.DecimalField(label=_("Tháng công"), min_value=0, max_digits=6, decimal_places=2)


class LinesFormSet(forms.BaseFormSet):
    """Lines of a dossier; emptied ones are left out."""

    def rows(self) -> list[dict[str, Any]]:
        """The filled lines as the dossier keeps them."""
        found = []
        for form in self.forms:
            values = getattr(form, "cleaned_data", None)
            if values and not values.get("DELETE"):
                found.append({name: _kept(value) for name, value in values.items() if name != "DELETE"})
        return found


def _kept(value: Any) -> Any:
    if isinstance(value, Person):
        return str(value.uid)
    return value if value is None or isinstance(value, bool | int) else str(value)


_PARTS = {"contents": ContentForm, "products": ProductLineForm, "team": MemberForm, "budget": EstimateLineForm}
LINES: dict[str, type[LinesFormSet]] = {
    part: forms.formset_factory(form, formset=LinesFormSet, extra=1, max_num=100, can_delete=True)  # type: ignore[misc]
    for part, form in _PARTS.items()
}


class ApplicationForm(KhcnForm):
    """The head of a dossier: leader, partners, time, money, and the words of the explanation."""

    pi = forms.ModelChoiceField(label=_("Chủ nhiệm nhiệm vụ"), queryset=Person.objects.all(), to_field_name="uid")
    partners = forms.ModelMultipleChoiceField(
        label=_("Đơn vị phối hợp"), required=False, to_field_name="uid",
        queryset=Organisation.objects.filter(valid_to=None), widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=_("Giữ Ctrl để chọn nhiều đơn vị."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("Thời gian thực hiện (tháng)"), min_value=1, max_value=120, initial=24)
    lump_mode = EnumChoiceField(LumpMode, label=_("Phương thức khoán chi"), initial=LumpMode.PARTIAL)
    state_vnd = MoneyField(label=_("Kinh phí ngân sách nhà nước"))
    counterpart_vnd = MoneyField(label=_("Kinh phí ngoài ngân sách"), required=False)
    summary = forms.CharField(label=_("Tóm tắt thuyết minh"), widget=forms.Textarea(attrs={"rows": 6}), required=False)
    objective = forms.CharField(label=_("Mục tiêu"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    place = forms.CharField(label=_("Địa bàn thực hiện"), max_length=300, required=False)
    papers = forms.MultipleChoiceField(
        label=_("Tài liệu đã gửi bằng bản giấy"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, name) for code, name, _when in PAPERS],
        help_text=_("Tài liệu đính kèm tệp thì không cần đánh dấu ở đây."),
    )  # fmt: skip

    def __init__(self, *args: Any, host: Organisation | None, application: Application | None = None, **kwargs: Any):
        if application is not None:
            dossier = application.dossier
            kwargs.setdefault(
                "initial",
                {
                    "pi": application.pi.uid, "partners": [one.uid for one in application.partners.all()],
                    "months": application.months, "lump_mode": application.lump_mode,
                    "state_vnd": application.state_vnd, "counterpart_vnd": application.counterpart_vnd,
                    "summary": application.summary, "objective": dossier.get("objective", ""),
                    "place": dossier.get("place", ""),
                    "papers": [code for code, sent in dossier.get("papers", {}).items() if sent],
                },
            )  # fmt: skip
        super().__init__(*args, **kwargs)
        known = Q(employer=host) if host is not None else Q()
        if application is not None:
            known |= Q(pk=application.pi_id)
        self.fields["pi"].queryset = Person.objects.filter(known)  # type: ignore[attr-defined]

    def changes(self, parts: dict[str, LinesFormSet]) -> dict[str, Any]:
        """What the service takes: the head's values and the dossier of the lines."""
        values = dict(self.cleaned_data)
        papers = dict.fromkeys(values.pop("papers", ()), True)
        dossier = {
            "objective": values.pop("objective", ""), "place": values.pop("place", ""), "papers": papers,
            **{part: lines.rows() for part, lines in parts.items()},
        }  # fmt: skip
        values.pop("partners", None)
        return {**values, "counterpart_vnd": values.get("counterpart_vnd") or 0, "dossier": dossier}


def line_sets(data: Any, application: Application | None, host: Organisation | None) -> dict[str, LinesFormSet]:
    """The four lists of a dossier, bound to what was sent or filled from the record."""
    # sent lines are read as they are: compared with stored ones, an unchanged line would count as left empty
    stored = application.dossier if application is not None and data is None else {}
    asked: dict[str, dict[str, Any]] = {"budget": {"fees": fee_choices(on=timezone.localdate())}}
    sets = {
        part: kind(data, prefix=part, initial=stored.get(part, ()), form_kwargs=asked.get(part, {}))
        for part, kind in LINES.items()
    }
    people = Person.objects.select_related("employer").filter(Q(employer=host) | Q(employer__isnull=False))
    for form in [*sets["team"].forms, sets["team"].empty_form]:
        form.fields["person"].queryset = people
    return sets


class HostForm(KhcnForm):
    """Which of the actor's units applies."""

    host = forms.ModelChoiceField(
        label=_("Tổ chức đăng ký chủ trì"), queryset=Organisation.objects.none(), to_field_name="uid"
    )

    def __init__(self, *args: Any, actor: Actor, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Organisation.objects.filter(pk__in=actor.offices_as(Role.HOST))
        if call.invited_id is not None:
            units = units.filter(pk=call.invited_id)
        self.fields["host"].queryset = units  # type: ignore[attr-defined]
        first = units.first()
        if first is not None:
            self.fields["host"].initial = first.uid


class RevisionForm(KhcnForm):
    """What was done about each remark of the council or the appraisal team."""

    explanation = forms.CharField(label=_("Giải trình việc tiếp thu ý kiến"), widget=forms.Textarea(attrs={"rows": 5}))


class AppraisalForm(KhcnForm):
    """What the appraisal team concluded."""

    amount_vnd = MoneyField(label=_("Kinh phí ngân sách nhà nước kiến nghị"))
    months = forms.IntegerField(label=_("Thời gian thực hiện (tháng)"), min_value=1, max_value=120)
    lump_mode = EnumChoiceField(LumpMode, label=_("Phương thức khoán chi"))
    members_total = forms.IntegerField(label=_("Số thành viên tổ thẩm định"), min_value=1, max_value=15, initial=5)
    members_present = forms.IntegerField(label=_("Số thành viên có mặt"), min_value=1, max_value=15, initial=5)
    council_member_present = forms.BooleanField(
        label=_("Có chủ tịch, phó chủ tịch hoặc ủy viên phản biện của hội đồng tham dự"), required=False
    )
    conclusion = forms.CharField(label=_("Kết luận"), widget=forms.Textarea(attrs={"rows": 4}))


class ApprovalForm(KhcnForm):
    """The decision that approves host, leader and money."""

    decision_number = forms.CharField(label=_("Số quyết định"), max_length=80)
    on = DayField(label=_("Ngày quyết định"))


class CancelForm(KhcnForm):
    """The lawful ground and the reason of a cancellation."""

    ground = EnumChoiceField(CancelGround, label=_("Căn cứ hủy"))
    reason = forms.CharField(label=_("Lý do cụ thể"), widget=forms.Textarea(attrs={"rows": 3}))
