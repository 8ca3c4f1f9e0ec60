"""Forms of survey campaigns, and of originals taken in and given back."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.onestop.models import Dossier
from khcn.kernel.orgs.models import Organisation
from khcn.web.forms import DayField, KhcnForm


class CampaignForm(KhcnForm):
    """A campaign of one of the person's agencies."""

    agency = forms.ModelChoiceField(Organisation.objects.none(), label=_("Cơ quan"), empty_label=None)
    title = forms.CharField(label=_("Tên đợt khảo sát"), max_length=200)
    introduction = forms.CharField(
        label=_("Lời mời"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Hiện trên trang khảo sát, trước các câu hỏi."),
    )  # fmt: skip
    opens_on = DayField(label=_("Từ ngày"), initial=timezone.localdate)
    closes_on = DayField(label=_("Đến hết ngày"))

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = bodies  # type: ignore[attr-defined]


class OriginalForm(KhcnForm):
    """An original paper taken in."""

    name = forms.CharField(label=_("Giấy tờ"), max_length=300)
    copies = forms.IntegerField(label=_("Số bản"), min_value=1, max_value=99, initial=1)
    state_note = forms.CharField(label=_("Tình trạng khi nhận"), max_length=300, required=False)


class ReturnForm(KhcnForm):
    """To whom an original goes back."""

    returned_to = forms.CharField(label=_("Họ tên và giấy tờ của người nhận lại"), max_length=200)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["returned_to"].initial = dossier.applicant_name
