"""Forms of the control of members: plans, visits on a phone, nonconformities and what follows them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import FaultGrade, Sanction, Tier
from khcn.domains.marks.models import ControlVisit
from khcn.domains.marks.templatetags.marks import limits
from khcn.web.forms import DayField, EnumChoiceField, FileDropInput, KhcnForm
from khcn.web.wording import said

MOST_PHOTO_BYTES = 10 * 1024 * 1024
PASSED = (("", "–"), ("true", _("Đạt")), ("false", _("Không đạt")))


class PhotosInput(FileDropInput):
    """Several pictures at once, from the camera of a phone."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Pictures; cleans to a list. What each really is, the service checks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=PhotosInput(attrs={"accept": "image/jpeg,image/png", "data-photos": ""}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The pictures. Raises ValidationError for one that is too large."""
        found = [one for one in data or () if one]
        if any((one.size or 0) > MOST_PHOTO_BYTES for one in found):
            raise ValidationError(_("Mỗi ảnh không quá 10 MB."))
        return found


class PlanControlForm(KhcnForm):
    """Which tier is planned, and from when."""

    tier = EnumChoiceField(Tier, label=_("Cấp kiểm soát"))
    start = DayField(label=_("Từ ngày"))
    days = forms.IntegerField(label=_("Rải trong (ngày)"), min_value=1, max_value=366, initial=90)


class VisitForm(KhcnForm):
    """A checklist as it is filled in on the spot: a number for limits, met or not for words, a picture, the place."""

    done_on = DayField(label=_("Ngày kiểm tra"))
    controller = forms.CharField(label=_("Người kiểm tra"), max_length=200)
    conclusion = forms.CharField(label=_("Kết luận"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photos = PhotosField(label=_("Ảnh"), required=False)
    latitude = forms.FloatField(label=_("Vĩ độ"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Kinh độ"), min_value=-180, max_value=180, required=False)

    def __init__(self, *args: Any, visit: ControlVisit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("done_on", timezone.localdate())
        self.items = list(visit.items.select_related("parameter"))
        for item in self.items:
            limit = item.parameter
            label = said(item.question) if limit is None else item.question
            if limit is not None and (limit.minimum is not None or limit.maximum is not None):
                self.fields[f"m{item.pk}"] = forms.DecimalField(
                    label=label, max_digits=14, decimal_places=4, help_text=limits(limit)
                )
            else:
                self.fields[f"m{item.pk}"] = forms.NullBooleanField(
                    label=label, widget=forms.Select(choices=PASSED), help_text=limits(limit) if limit else "",
                    required=False,
                )  # fmt: skip
        self.order_fields(["done_on", "controller", *(f"m{item.pk}" for item in self.items)])

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        data = self.cleaned_data
        position = (data["latitude"], data["longitude"])
        return {
            "done_on": data["done_on"], "controller": data["controller"], "answers": self.answers(),
            "conclusion": data["conclusion"], "photos": [(one.read(), one.name) for one in data["photos"]],
            "position": None if None in position else position,
        }  # fmt: skip

    def answers(self) -> dict[int, dict[str, Any]]:
        """What was found, by the key of the item."""
        found: dict[int, dict[str, Any]] = {}
        for item in self.items:
            given = self.cleaned_data[f"m{item.pk}"]
            found[item.pk] = {"value": given} if isinstance(given, Decimal) else {"passed": given}
        return found


class FaultForm(KhcnForm):
    """A nonconformity."""

    grade = EnumChoiceField(FaultGrade, label=_("Mức độ"))
    text = forms.CharField(label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    found_on = DayField(label=_("Ngày phát hiện"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("found_on", timezone.localdate())


class SanctionForm(KhcnForm):
    """What follows a nonconformity."""

    sanction = EnumChoiceField(Sanction, label=_("Xử lý"))
    decision = forms.CharField(label=_("Số quyết định"), max_length=200)
    on = DayField(label=_("Có hiệu lực từ"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class TextForm(KhcnForm):
    """A few words: an appeal, or what was mended."""

    text = forms.CharField(label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(TextForm):
    """The answer to an appeal, and from when what was taken is given back."""

    upheld = forms.BooleanField(label=_("Giữ nguyên điểm không phù hợp"), required=False)
    decision = forms.CharField(
        label=_("Số quyết định"), max_length=200, required=False,
        help_text=_("Khi khiếu nại đúng và quyền đã bị tạm dừng, thu hồi: số quyết định cho dùng lại."),
    )  # fmt: skip
    on = DayField(label=_("Có hiệu lực từ"), help_text=_("Có thể từ ngày quyền bị tạm dừng, thu hồi."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())
