"""Forms of bulletins, cases, messages, recipients and damage."""

from typing import Any

import django_filters as df
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khcn.domains.warnings.choices import WarningChannel, WarningKind, WarningState
from khcn.domains.warnings.models import Bulletin, WarningCase
from khcn.kernel.orgs.models import Organisation
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.forms import DropFileField, EnumChoiceField, KhcnForm, MomentField

HAZARDS = (
    ("heavy_rain", _("Mưa lớn")), ("river_flood", _("Lũ, ngập lụt")),
    ("flash_flood_slide", _("Lũ quét, sạt lở đất, sụt lún đất")), ("heat", _("Nắng nóng")), ("drought", _("Hạn hán")),
    ("forest_fire", _("Cháy rừng do tự nhiên")), ("storm", _("Bão, áp thấp nhiệt đới")),
    ("whirlwind_hail", _("Lốc, sét, mưa đá")), ("other", _("Khác")),
)  # fmt: skip
LEVELS = (("", _("– không nêu –")), *((str(level), str(level)) for level in range(1, 6)))
URGENCIES = (("Immediate", _("Ngay bây giờ")), ("Expected", _("Sắp tới")), ("Future", _("Về sau")))
CERTAINTIES = (("Observed", _("Đã đo thấy")), ("Likely", _("Nhiều khả năng")), ("Possible", _("Có thể")))


def several(rows: int) -> forms.SelectMultiple:
    """A list as wide as the other fields, of which several may be chosen; so many rows are seen at once."""
    return forms.SelectMultiple(attrs={"size": rows, "class": "form-select"})


class RingField(forms.Field):
    """A drawn ring: pairs of latitude and longitude, one per line. Cleans to a closed list of [latitude, longitude]."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """One pair per line."""
        return "\n".join(f"{y:g}; {x:g}" for y, x in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[list[float]]:
        """The ring; raises ValidationError for what is no pair."""
        ring = []
        for line in str(value or "").splitlines():
            parts = [part for part in line.replace(",", ".").replace(";", " ").split() if part]
            if not parts:
                continue
            try:
                y, x = (float(part) for part in parts)
            except ValueError as error:
                raise ValidationError(_now("Mỗi dòng ghi vĩ độ; kinh độ, ví dụ 12,05; 107,1.")) from error
            ring.append([y, x])
        if ring and ring[0] != ring[-1]:
            ring.append(ring[0])
        if ring and len(ring) < 4:
            raise ValidationError(_now("Vùng vẽ cần ít nhất ba điểm."))
        return ring


class CaseFilter(Folded):
    """Words, kind, state and whether it was an exercise."""

    q = df.CharFilter(label=_("Tìm theo mã, thiên tai, nơi"), method="search")
    kind = df.ChoiceFilter(label=_("Loại tin"), choices=choices_of(WarningKind), empty_label=ALL)
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(WarningState), empty_label=ALL)

    class Meta:
        model = WarningCase
        fields: list[str] = []


class _Owned(KhcnForm):
    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan"))

    def __init__(self, *args: Any, owners: Any, units: list[tuple[str, str]] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()
        if "units" in self.fields:
            self.fields["units"].choices = list(units)  # type: ignore[attr-defined]


class BulletinForm(_Owned):
    """An official bulletin as it came."""

    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    number = forms.CharField(label=_("Số bản tin"), max_length=80)
    hazard = forms.ChoiceField(label=_("Loại thiên tai"), choices=HAZARDS)
    scale = forms.ChoiceField(
        label=_("Thang cấp"), choices=(("risk", _("Cấp độ rủi ro 1–5")), ("fire", _("Cấp cháy rừng I–V")))
    )
    issued_at = MomentField(label=_("Ban hành lúc"))
    next_due_at = MomentField(label=_("Bản tin sau trước"), required=False)
    level = forms.ChoiceField(label=_("Cấp nêu trong bản tin"), choices=LEVELS, required=False)
    units = forms.MultipleChoiceField(label=_("Xã, phường"), required=False, widget=several(6))
    content = forms.CharField(label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 6}))


class CaseForm(_Owned):
    """A case begun by people."""

    kind = EnumChoiceField(WarningKind, label=_("Loại tin"), initial=WarningKind.ORDER)
    hazard = forms.ChoiceField(label=_("Loại thiên tai"), choices=HAZARDS)
    bulletin = forms.ModelChoiceField(
        Bulletin.objects.all(), to_field_name="uid", label=_("Bản tin chính thức"), required=False,
        help_text=_("Bắt buộc khi chuyển phát."),
    )  # fmt: skip
    is_exercise = forms.BooleanField(label=_("Diễn tập"), required=False)
    exercise_name = forms.CharField(label=_("Tên cuộc diễn tập"), max_length=200, required=False)


class MessageForm(KhcnForm):
    """The words, level, area and times of a message."""

    level = forms.ChoiceField(label=_("Cấp độ"), choices=LEVELS, required=False)
    raise_reason = forms.CharField(label=_("Lý do nâng cấp"), max_length=300, required=False)
    headline = forms.CharField(label=_("Tiêu đề"), max_length=140)
    description = forms.CharField(label=_("Mô tả"), widget=forms.Textarea(attrs={"rows": 4}))
    instruction = forms.CharField(label=_("Hướng dẫn"), widget=forms.Textarea(attrs={"rows": 3}))
    headline_en = forms.CharField(label=_("Tiêu đề tiếng Anh"), max_length=140, required=False)
    description_en = forms.CharField(
        label=_("Mô tả tiếng Anh"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    instruction_en = forms.CharField(
        label=_("Hướng dẫn tiếng Anh"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    units = forms.MultipleChoiceField(label=_("Xã, phường"), widget=several(8))
    ring = RingField(label=_("Vùng vẽ (vĩ độ; kinh độ mỗi dòng)"), required=False)
    urgency = forms.ChoiceField(label=_("Mức khẩn"), choices=URGENCIES)
    certainty = forms.ChoiceField(label=_("Mức chắc chắn"), choices=CERTAINTIES)
    onset_at = MomentField(label=_("Bắt đầu lúc"), required=False)
    expires_at = MomentField(label=_("Hết hiệu lực lúc"))
    reason = forms.CharField(label=_("Lý do cập nhật hoặc hủy"), max_length=300, required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = units  # type: ignore[attr-defined]

    def clean_level(self) -> int | None:
        """The level as a number, None where none is stated."""
        return int(self.cleaned_data["level"]) if self.cleaned_data["level"] else None


class ReasonForm(KhcnForm):
    """Why."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class RecipientForm(_Owned):
    """A post or machine that receives warnings."""

    name = forms.CharField(label=_("Nơi nhận"), max_length=200)
    post = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    channel = EnumChoiceField(WarningChannel, label=_("Kênh"))
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, help_text=_("Thư điện tử, https://…, hoặc số máy."))
    units = forms.MultipleChoiceField(
        label=_("Xã, phường"), required=False, help_text=_("Để trống nếu nhận tin của mọi nơi."),
        widget=several(6),
    )  # fmt: skip
    least_level = forms.TypedChoiceField(
        label=_("Từ cấp"), choices=[(0, _("mọi cấp")), *((level, str(level)) for level in range(1, 6))], coerce=int
    )


class DamageForm(KhcnForm):
    """What happened, as somebody tells it from the place."""

    hazard = forms.ChoiceField(label=_("Loại thiên tai"), choices=HAZARDS)
    unit_code = forms.ChoiceField(label=_("Xã, phường"))
    happened_at = MomentField(label=_("Xảy ra lúc"), initial=timezone.now)
    told = forms.CharField(label=_("Mô tả"), widget=forms.Textarea(attrs={"rows": 4}))
    houses = forms.IntegerField(label=_("Nhà hư hại"), min_value=0, max_value=100_000, initial=0)
    photograph = DropFileField(
        label=_("Ảnh"), required=False, endings=(".jpg", ".jpeg", ".png", ".webp"), max_mb=12,
        help_text=_("Bản công khai được bỏ tọa độ và thông tin máy ảnh."),
    )  # fmt: skip
    reporter = forms.CharField(label=_("Người báo"), max_length=160, required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_code"].choices = units  # type: ignore[attr-defined]
