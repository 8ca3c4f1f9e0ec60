"""The style guide: each component of the pages once, for those who build screens and for screenshots."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.procedures.choices import LateReason
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.charts import Area, Marker, PlaceMap, Series, bars, lines, ring
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, EnumMultipleField, KhcnForm, MoneyField, forms
from khcn.web.gantt import Bar, Gantt, Row
from khcn.web.listing import Order
from khcn.web.screens import done, page, screen, toast


class SampleForm(KhcnForm):
    """Every kind of field once."""

    title = forms.CharField(label=gettext_lazy("Tên nhiệm vụ"), max_length=300)
    amount_vnd = MoneyField(label=gettext_lazy("Kinh phí đề nghị"))
    due_on = DayField(label=gettext_lazy("Ngày hoàn thành"), help_text=gettext_lazy("Gõ 01072025 cũng được."))
    reason = EnumChoiceField(LateReason, label=gettext_lazy("Lý do chậm"), required=False)
    reasons = EnumMultipleField(
        LateReason, members=list(LateReason)[:3], label=gettext_lazy("Các nguyên nhân"), required=False
    )
    summary = forms.CharField(label=gettext_lazy("Tóm tắt"), widget=forms.Textarea({"rows": 3}), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("Cam kết số liệu đúng thực tế"), required=False)
    paper = DropFileField(
        label=gettext_lazy("Thuyết minh"), endings=(".docx", ".pdf"), max_mb=20, required=False,
        help_text=gettext_lazy("Tệp .docx hoặc .pdf, không quá 20 MB."),
    )  # fmt: skip


@screen
def style_guide(request: HttpRequest) -> HttpResponse:
    """`/he-thong/giao-dien/`, for those who administer the system; a POST shows what a form with errors looks like."""
    require_role(actor_of(request), Role.SYSADMIN)
    if request.POST.get("viec") == "toast":
        return toast(request, _("Đã ghi. Đây là một thông báo ngắn."))
    if request.POST.get("viec") == "undo":
        return done(request, _("Đã xóa dòng 3."), request.path, undo=request.path)
    form = SampleForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return done(request, _("Biểu mẫu hợp lệ."), request.path)
    return page(request, "site/style_guide.html", _samples(form), status=form.status)


def _samples(form: SampleForm) -> dict[str, object]:
    today = timezone.localdate()
    years = ["2021", "2022", "2023", "2024", "2025"]
    return {
        "form": form,
        "today": today,
        "tones": [(name, _(text)) for name, text in _TONE_WORDS],
        "days": [today - timedelta(days=9), today, today + timedelta(days=3), today + timedelta(days=40)],
        "ordering": Order("code", False),
        "page": Paginator(range(1, 640), 50).get_page(4),
        "rows": _ROWS,
        "steps": [
            {"title": _("Đề xuất"), "state": "done", "note": "12/03/2022"},
            {"title": _("Hội đồng xác định"), "state": "done", "note": "20/04/2022"},
            {"title": _("Tuyển chọn"), "state": "current", "note": ""},
            {"title": _("Hợp đồng"), "state": "todo", "note": ""},
            {"title": _("Nghiệm thu"), "state": "todo", "note": ""},
        ],
        "bars": bars(
            _("Kinh phí theo năm và nguồn"), years,
            [
                Series(_("Ngân sách tỉnh"), [n * 10**8 for n in (32, 54, 61, 48, 25)], stack="a"),
                Series(_("Doanh nghiệp đối ứng"), [n * 10**8 for n in (8, 19, 23, 20, 9)], stack="a"),
            ],
            heading=_("Năm"), unit="đồng",
        ),
        "lines": lines(
            _("Nhiệm vụ được ứng dụng"), years,
            [
                Series(_("Kế hoạch"), [0, 2, 5, 9, 12], tone="plain"),
                Series(_("Thực tế"), [0, 1, 4, 7, None], tone="active"),
            ],
            heading=_("Năm"), unit=_("nhiệm vụ"),
        ),
        "ring": ring(
            _("Nhiệm vụ theo trạng thái"), [(_("Đang thực hiện"), 21), (_("Đã nghiệm thu"), 14), (_("Chấm dứt"), 2)],
            heading=_("Trạng thái"), unit=_("nhiệm vụ"), tones=("active", "done", "bad"),
        ),
        "gantt": _gantt(today),
        "map": _map(),
    }  # fmt: skip


_TONE_WORDS = (
    ("draft", "Đang soạn"), ("waiting", "Chờ xử lý"), ("active", "Đang làm"), ("done", "Đã xong"),
    ("warn", "Cần chú ý"), ("bad", "Không đạt"), ("closed", "Đã đóng"), ("plain", "Để biết"),
)  # fmt: skip
_ROWS = (
    ("KHCN-2022-01", "Ứng dụng chế phẩm sinh học nấm đối kháng trên cây hồ tiêu", "active", 2_450_000_000, 0.62),
    ("KHCN-2022-04", "Xây dựng quy trình kỹ thuật trồng xen ca cao dưới tán điều", "done", 1_180_000_000, 1.0),
    ("KHCN-2023-02", "Phần mềm theo dõi và cảnh báo mực nước hồ chứa", "warn", 3_900_000_000, 0.35),
)  # fmt: skip


def _gantt(today: date) -> Gantt:
    first = date(today.year - 1, 1, 1)
    rows = [
        Row(name, [Bar(first + timedelta(days=90 * n), first + timedelta(days=90 * n + 420), tone, f"{code}", share)],
            [(first + timedelta(days=90 * n + 210), _("Báo cáo giữa kỳ"))], note=code)
        for n, (code, name, tone, _amount, share) in enumerate(_ROWS)
    ]  # fmt: skip
    return Gantt(_("Tiến độ nhiệm vụ"), rows, first, date(today.year + 1, 12, 31), today)


def _map() -> PlaceMap:
    places = [
        ("Bù Đăng", 107.25, 11.81),
        ("Phước Long", 106.99, 11.84),
        ("Lộc Ninh", 106.59, 11.84),
        ("Đồng Xoài", 106.9, 11.53),
    ]
    areas = [
        Area(name, [(x - 0.14, y - 0.12), (x + 0.14, y - 0.12), (x + 0.14, y + 0.12), (x - 0.14, y + 0.12)], 0.2 * n)
        for n, (name, x, y) in enumerate(places)
    ]
    markers = [Marker(name, x, y, (n + 1,), "done") for n, (name, x, y) in enumerate(places)]
    return PlaceMap(
        _("Nơi ứng dụng kết quả"), markers, areas, [_("Số sản phẩm")], note=_("Ô sơ đồ, không phải ranh giới.")
    )
