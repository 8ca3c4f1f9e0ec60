"""Forms of files of software copyright."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.marks.choices import FileState
from khcn.domains.marks.models import SoftwareFile
from khcn.domains.marks.services.software import FILE_STEPS
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.queries.picking import SOURCES
from khcn.web.forms import DayField, DropFileField, KhcnForm
from khcn.web.pickers import PickerField


class SoftwareForm(KhcnForm):
    """What is known of a program."""

    name = forms.CharField(label=_("Tên chương trình"), max_length=200)
    edition = forms.CharField(label=_("Phiên bản"), max_length=40, required=False)
    owner = PickerField(SOURCES[FieldKind.ORGANISATION], label=_("Cơ quan, tổ chức trong hệ thống"), required=False)
    owner_name = forms.CharField(label=_("Chủ sở hữu"), max_length=200)
    owner_address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    authors = forms.CharField(
        label=_("Tác giả"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Mỗi dòng một người."),
    )  # fmt: skip
    summary = forms.CharField(label=_("Nội dung chính"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    finished_on = DayField(label=_("Ngày hoàn thành"), required=False)
    published_on = DayField(label=_("Ngày công bố"), required=False)
    support_vnd = forms.IntegerField(label=_("Kế hoạch hỗ trợ, đồng"), min_value=0, initial=0)
    support_basis = forms.CharField(label=_("Căn cứ hỗ trợ"), max_length=200, required=False)

    def __init__(self, *args: Any, software: SoftwareFile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if software is not None:
            del self.fields["owner"]
            self.initial = {name: getattr(software, name) for name in self.fields}

    def values(self) -> dict[str, Any]:
        """Arguments of the service."""
        picked = self.cleaned_data["owner"]
        return self.cleaned_data | {"owner": Organisation.objects.get(uid=picked) if picked else None}


class SourceForm(KhcnForm):
    """The source of the program."""

    archive = DropFileField(
        label=_("Mã nguồn"), endings=(".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".bundle"), max_mb=50,
        help_text=_(
            "Tệp zip hoặc tar, hoặc cả kho git trong một tệp (git bundle create ten.bundle --all). Có lịch sử git thì"
            " đọc được tác giả theo thời gian. Không chạy gì trong tệp."
        ),
    )  # fmt: skip


class ScreenForm(KhcnForm):
    """A picture of a screen."""

    title = forms.CharField(label=_("Tên màn hình"), max_length=200)
    file = DropFileField(label=_("Ảnh"), endings=(".png", ".jpg", ".jpeg"), max_mb=5)


class MoveForm(KhcnForm):
    """What the copyright office did."""

    number = forms.CharField(label=_("Số biên nhận, số giấy chứng nhận"), max_length=80, required=False)
    on = DayField(label=_("Ngày"))

    def __init__(self, *args: Any, software: SoftwareFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = FILE_STEPS[FileState(software.state)]
        self.fields["state"] = forms.ChoiceField(
            choices=[(one.value, _(one.label)) for one in following], label=_("Trạng thái")
        )
        self.initial.setdefault("on", timezone.localdate())
        self.order_fields(("state", "number", "on"))

    def clean_state(self) -> FileState:
        """The state."""
        return FileState(self.cleaned_data["state"])
