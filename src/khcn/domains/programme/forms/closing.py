"""Forms after the work: dossier, grades, registration, recognition, handover, application, assets, settlement."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import Grade
from khcn.domains.programme.forms.execution import ActForm, Area, DatedForm
from khcn.domains.programme.rules.procedure_steps import MEASURE_MONTHS
from khcn.domains.programme.rules.uses import open_marks
from khcn.domains.programme.services.acceptance import DOSSIER_ITEMS
from khcn.domains.programme.services.uses import use_of
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.models import AdministrativeUnit
from khcn.web.forms import DayField, EnumChoiceField, MoneyField


class DossierForm(ActForm):
    """The acceptance dossier, paper by paper."""

    items = forms.MultipleChoiceField(
        label=_("Thành phần hồ sơ đã có"), choices=list(DOSSIER_ITEMS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    self_grade = EnumChoiceField(Grade, label=_("Tự đánh giá"), required=False)
    self_evaluated_on = DayField(label=_("Ngày tự đánh giá"), required=False)


class ProductGradeForm(DatedForm):
    """The council's verdict on one product."""

    grade = EnumChoiceField(Grade, label=_("Kết quả đánh giá"))
    delivered = forms.DecimalField(label=_("Số lượng đạt"), min_value=0, max_digits=14, decimal_places=3, localize=True)


class AcceptanceForm(DatedForm):
    """The council's grade of the whole task."""

    grade = EnumChoiceField(Grade, label=_("Xếp loại của hội đồng"))
    minutes_signed = forms.BooleanField(label=_("Biên bản họp hội đồng đã ký"), required=False)


class RegistrationForm(DatedForm):
    """Filing a result for registration."""

    abstract = forms.CharField(label=_("Tóm tắt kết quả để công bố"), widget=forms.Textarea(attrs={"rows": 6}))
    has_source_code = forms.BooleanField(label=_("Đã nộp mã nguồn (nếu có phần mềm)"), required=False)


class CertificateForm(DatedForm):
    """The registration certificate."""

    number = forms.CharField(
        label=_("Số giấy chứng nhận"),
        max_length=80,
        required=False,
        help_text=_("Để trống thì lấy số tiếp theo trong sổ."),
    )


class HandoverForm(DatedForm):
    """Handing a product over."""

    receiver = forms.ModelChoiceField(Organisation.objects.filter(valid_to=None), label=_("Đơn vị nhận"))
    minutes_number = forms.CharField(label=_("Biên bản số"), max_length=80)
    content = forms.CharField(label=_("Nội dung bàn giao"), widget=Area, required=False)


class ApplicationForm(ActForm):
    """A record of use."""

    user_organisation = forms.ModelChoiceField(Organisation.objects.filter(valid_to=None), label=_("Đơn vị ứng dụng"))
    used_from = DayField(label=_("Ứng dụng từ ngày"))
    used_to = DayField(label=_("Đến ngày"), required=False, help_text=_("Để trống nếu vẫn đang dùng."))
    scale = forms.CharField(label=_("Quy mô"), max_length=300, help_text=_("Ví dụ: 12 ha, 3 xưởng, 40 hộ."))
    benefit = forms.CharField(label=_("Hiệu quả"), widget=Area, required=False)
    benefit_vnd = MoneyField(label=_("Giá trị làm lợi"), required=False)
    place_name = forms.CharField(label=_("Địa điểm"), max_length=300, required=False)
    unit = forms.ModelChoiceField(
        AdministrativeUnit.objects.none(), label=_("Huyện, xã"), required=False, empty_label=_("– chọn –")
    )
    latitude = forms.FloatField(label=_("Vĩ độ"), required=False, min_value=8, max_value=24, localize=True)
    longitude = forms.FloatField(label=_("Kinh độ"), required=False, min_value=102, max_value=115, localize=True)
    on = DayField(label=_("Ngày lập phiếu"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = AdministrativeUnit.objects.filter(level__in=["district", "commune"]).order_by("folded")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ConfirmationForm(DatedForm):
    """The using body's confirmation."""

    number = forms.CharField(label=_("Văn bản xác nhận số"), max_length=80)


class UseMeasureForm(DatedForm):
    """What a use brings at a mark."""

    months = forms.TypedChoiceField(label=_("Mốc đo"), coerce=int)
    is_in_use = forms.BooleanField(label=_("Vẫn đang ứng dụng"), required=False, initial=True)
    stopped_on = DayField(label=_("Thôi ứng dụng từ ngày"), required=False, help_text=_("Ghi khi không còn ứng dụng."))
    scale = forms.CharField(label=_("Quy mô"), max_length=300, required=False)
    benefit = forms.CharField(label=_("Hiệu quả"), widget=Area, required=False)
    benefit_vnd = MoneyField(label=_("Giá trị làm lợi"), required=False)
    evidence = forms.CharField(
        label=_("Bằng chứng"), max_length=300, help_text=_("Biên bản, hóa đơn, ảnh, số liệu của đơn vị ứng dụng.")
    )

    def __init__(self, *args: Any, subject: Any = None, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, actor=actor, **kwargs)
        marks = open_marks(use_of(subject), marks=MEASURE_MONTHS, on=timezone.localdate())
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (str(months), _("Sau %(months)d tháng") % {"months": months}) for months in marks
        ]


class AssetForm(ActForm):
    """One asset bought or made."""

    name = forms.CharField(label=_("Tên tài sản"), max_length=300)
    quantity = forms.DecimalField(label=_("Số lượng"), min_value=0, max_digits=12, decimal_places=2, localize=True)
    cost_vnd = MoneyField(label=_("Nguyên giá"))
    is_result = forms.BooleanField(label=_("Là tài sản kết quả"), required=False)


class AssetPlanForm(DatedForm):
    """What is to become of the assets."""

    proposal = forms.CharField(label=_("Phương án xử lý"), widget=Area)


class AssetDecisionForm(DatedForm):
    """The decision on assets."""

    decision_number = forms.CharField(label=_("Quyết định số"), max_length=80)
    receiver = forms.ModelChoiceField(
        Organisation.objects.filter(valid_to=None), label=_("Đơn vị nhận tài sản"), required=False
    )


class SettlementForm(DatedForm):
    """Approval of the settlement."""

    document_number = forms.CharField(label=_("Văn bản quyết toán số"), max_length=80)


class LiquidationForm(DatedForm):
    """Liquidation of the contract."""

    handed_over = forms.BooleanField(label=_("Sản phẩm và tài sản đã kiểm kê, bàn giao"), required=False)
