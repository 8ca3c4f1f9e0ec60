"""Forms of councils: founding, calling, attending, reviewing, voting, concluding; and the filters of their list."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import CouncilKind, CouncilState, Grade, LumpMode, PassFail, SeatRole
from khcn.domains.programme.forms.execution import ActForm, Area
from khcn.domains.programme.models import Application, Product
from khcn.domains.programme.queries.councils.outcomes import first_place_is_tied
from khcn.domains.programme.queries.councils.seating import sitting
from khcn.domains.programme.queries.councils.sheets import PRODUCT_CRITERIA, check_ballot, sheet_of
from khcn.domains.programme.queries.councils.subjects import label_of, waiting
from khcn.kernel.documents.models import Document
from khcn.kernel.procedures.models import Council
from khcn.lib.dates import VIETNAM
from khcn.lib.failure import Refused
from khcn.web.filters import choices_of
from khcn.web.forms import DayField, EnumChoiceField, KhcnForm, MoneyField
from khcn.web.search import matching
from khcn.web.wording import said

WHOLE = 100


class CouncilFilter(django_filters.FilterSet):
    """Search, kind, state, own councils only."""

    q = django_filters.CharFilter(method="search", label=_("Tìm theo mã, tên, quyết định"))
    kind = django_filters.ChoiceFilter(choices=choices_of(CouncilKind), label=_("Loại"))
    state = django_filters.MultipleChoiceFilter(
        choices=choices_of(CouncilState), label=_("Trạng thái"), widget=forms.SelectMultiple(attrs={"size": 1})
    )
    dang = django_filters.BooleanFilter(method="running", label=_("Chưa kết thúc"), widget=forms.CheckboxInput)

    class Meta:
        model = Council
        fields: list[str] = []

    def search(self, councils: QuerySet[Council], name: str, value: str) -> QuerySet[Council]:
        """Rows of which every word stands in the code, the title or the decision, diacritics aside."""
        return matching(councils, "folded", value)

    def running(self, councils: QuerySet[Council], name: str, value: bool) -> QuerySet[Council]:
        """Those neither closed nor replaced."""
        ended = [CouncilState.CLOSED, CouncilState.REPLACED]
        return councils.exclude(state__in=ended) if value else councils


class NewCouncilForm(KhcnForm):
    """What a new council of one kind is to judge."""

    records = forms.MultipleChoiceField(label=_("Nội dung đưa ra hội đồng"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(
        label=_("Tên hội đồng"), max_length=500, required=False, help_text=_("Để trống thì lấy theo loại và nội dung.")
    )

    def __init__(self, *args: Any, kind: CouncilKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {str(record.uid): record for record in waiting(kind)[:200]}
        self.fields["records"].choices = [  # type: ignore[attr-defined]
            (uid, label_of(record)) for uid, record in self.waiting.items()
        ]

    @property
    def chosen(self) -> list[Any]:
        """The records ticked."""
        return [self.waiting[uid] for uid in self.cleaned_data["records"]]


class EstablishForm(ActForm):
    """The decision that founds the council."""

    decision_number = forms.CharField(label=_("Quyết định số"), max_length=80)
    on = DayField(label=_("Ngày quyết định"), initial=timezone.localdate)
    special_decision = forms.CharField(
        label=_("Văn bản cho phép số lượng, thành phần khác"), max_length=80, required=False,
        help_text=_("Chỉ ghi khi người có thẩm quyền quyết định khác quy định chung."),
    )  # fmt: skip


class CallForm(ActForm):
    """Papers and the time of the session."""

    sent_on = DayField(label=_("Ngày gửi tài liệu"), initial=timezone.localdate)
    meets_on = DayField(label=_("Ngày họp"))
    meets_time = forms.TimeField(label=_("Giờ họp"), initial="08:00", input_formats=["%H:%M", "%Hh%M", "%H giờ %M"])
    venue = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(), label=_("Tài liệu kèm theo"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Danh sách, phiếu nhận xét và phiếu đánh giá trống được lập và gửi kèm."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        uids = self.subject.subjects.values("subject_uid")
        self.fields["documents"].queryset = Document.objects.filter(subject_uid__in=uids)  # type: ignore[attr-defined]

    @property
    def meets_at(self) -> datetime:
        """The moment of the session in Vietnam."""
        return datetime.combine(self.cleaned_data["meets_on"], self.cleaned_data["meets_time"], VIETNAM)


class OpenForm(ActForm):
    """Who is in the room."""

    present = forms.MultipleChoiceField(label=_("Thành viên có mặt"), widget=forms.CheckboxSelectMultiple)
    chaired_by_vice = forms.BooleanField(
        label=_("Phó chủ tịch (tổ phó) chủ trì theo ủy quyền bằng văn bản"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(translated_roles())
        self.fields["present"].choices = [  # type: ignore[attr-defined]
            (str(seat.uid), f"{seat.person} – {labels.get(seat.role, seat.role)}") for seat in sitting(self.subject)
        ]

    @property
    def seats(self) -> list[UUID]:
        """Uids of the seats present."""
        return [UUID(uid) for uid in self.cleaned_data["present"]]


class ReviewForm(ActForm):
    """A written opinion on one record."""

    contents = forms.CharField(label=_("Nhận xét về nội dung"), widget=Area)
    limits = forms.CharField(label=_("Hạn chế, vấn đề cần làm rõ"), widget=Area, required=False)
    advice = forms.CharField(label=_("Kiến nghị"), widget=Area, required=False)


class BallotForm(ActForm):
    """A secret ballot on one record; its questions follow the kind of council and its pinned rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet_of(self.subject.council, self.subject, on=self.actor.on)
        self.warning = ""
        asked = {
            CouncilKind.IDENTIFICATION: self._identification,
            CouncilKind.SELECTION: self._selection,
            CouncilKind.ACCEPTANCE: self._acceptance,
            CouncilKind.CHANGE: self._change,
        }
        asked[self.sheet.kind]()
        self.fields["comment"] = forms.CharField(label=_("Ý kiến khác"), widget=Area, required=False)
        for name, field in self.fields.items():
            field.error_messages["required"] = now_("Chọn hoặc ghi mục này.")
            field.widget.attrs.setdefault("data-ballot", name)

    def clean(self) -> dict[str, Any] | None:
        """The ballot must be countable; a contradiction is shown once before it is taken."""
        data = super().clean()
        if data is None or self.errors:
            return data
        self.cleaned_data = data
        try:
            self.warning = check_ballot(self.subject.council, self.subject, self.content, on=self.actor.on)
        except Refused as refused:
            self.add_error(None, said(refused.message))
            return data
        if self.warning and not data.get("keep"):
            self.add_error("stated", self.warning)
            self.fields["keep"] = forms.BooleanField(
                label=_("Tôi đã kiểm tra và vẫn giữ mức xếp loại này"), required=False
            )
        return data

    @property
    def content(self) -> dict[str, Any]:
        """The answers as the count reads them."""
        data = self.cleaned_data
        content: dict[str, Any] = {"comment": data["comment"]}
        if self.sheet.kind is CouncilKind.IDENTIFICATION:
            content["items"] = {code: data[f"item_{code}"].value for code in self.sheet.items}
        elif self.sheet.kind is CouncilKind.SELECTION:
            content["scores"] = {code: str(data[f"score_{code}"]) for code, _text, _most in self.sheet.criteria}
        elif self.sheet.kind is CouncilKind.ACCEPTANCE:
            content |= {
                "lines": [self._line(product) for product in self.sheet.products],
                "report": data["report"].value,
                "stated": data["stated"].value,
            }
        else:
            content["opinion"] = data["opinion"].value
        return content

    def _line(self, product: Product) -> dict[str, str]:
        data = self.cleaned_data
        line = {name: data[f"{name}_{product.uid.hex}"].value for name in PRODUCT_CRITERIA}
        share = Fraction(data[f"share_{product.uid.hex}"]) / WHOLE
        return {"product": str(product.uid), "achieved_share": str(share), **line}

    def _identification(self) -> None:
        for code, text in self.sheet.items.items():
            self.fields[f"item_{code}"] = EnumChoiceField(PassFail, label=now_(text), widget=forms.RadioSelect)
            self._without_blank(f"item_{code}")

    def _selection(self) -> None:
        for code, text, most in self.sheet.criteria:
            limit = Decimal(most.numerator) / Decimal(most.denominator)
            self.fields[f"score_{code}"] = forms.DecimalField(
                label=f"{now_(text)} ({now_('tối đa')} {limit.normalize():f})", min_value=0, max_value=limit,
                decimal_places=1, localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "data-most": f"{limit:f}"}),
            )  # fmt: skip

    def _acceptance(self) -> None:
        for product in self.sheet.products:
            for name, text in PRODUCT_CRITERIA.items():
                key = f"{name}_{product.uid.hex}"
                label = f"{product.name}: {now_(text).lower()}"
                self.fields[key] = EnumChoiceField(Grade, label=label, widget=forms.RadioSelect)
                self._without_blank(key)
            self.fields[f"share_{product.uid.hex}"] = forms.IntegerField(
                label=f"{product.name}: {now_('khối lượng đạt so với đặt hàng (%)')}", min_value=0, max_value=1000,
                initial=WHOLE, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
        for name, title in (("report", _("Báo cáo tổng hợp")), ("stated", _("Xếp loại chung của nhiệm vụ"))):
            self.fields[name] = EnumChoiceField(Grade, label=title, widget=forms.RadioSelect)
            self._without_blank(name)
        self.fields["keep"] = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def _change(self) -> None:
        words = {PassFail.PASS: _("Đồng ý điều chỉnh"), PassFail.FAIL: _("Không đồng ý điều chỉnh")}
        self.fields["opinion"] = EnumChoiceField(PassFail, label=_("Ý kiến"), widget=forms.RadioSelect)
        self.fields["opinion"].choices = [  # type: ignore[attr-defined]
            (item.value, text) for item, text in words.items()
        ]

    def _without_blank(self, name: str) -> None:
        field: Any = self.fields[name]
        field.choices = [choice for choice in field.choices if choice[0]]


class AppraisalForm(ActForm):
    """What the appraisal team agreed."""

    amount_vnd = MoneyField(label=_("Kinh phí ngân sách nhà nước kiến nghị"))
    months = forms.IntegerField(label=_("Thời gian thực hiện (tháng)"), min_value=1, max_value=120)
    lump_mode = EnumChoiceField(LumpMode, label=_("Phương thức khoán chi"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        uid = self.subject.subjects.values_list("subject_uid", flat=True).first()
        application = Application.objects.get(uid=uid)
        self.rows = list(enumerate(application.dossier.get("budget", ())))
        for place, row in self.rows:
            amount = f"{row['amount_vnd']:,}".replace(",", ".")
            label = now_("Ý kiến dòng %(n)d: %(what)s, năm %(year)s, %(amount)s đồng") % {
                "n": place + 1, "what": row.get("note") or row["kind"], "year": row["year"], "amount": amount,
            }  # fmt: skip
            self.fields[f"line_{place}"] = forms.CharField(label=label, required=False, max_length=500)

    @property
    def line_comments(self) -> dict[int, str]:
        """Remarks by place in the estimate."""
        return {place: self.cleaned_data[f"line_{place}"] for place, _row in self.rows}


class SignForm(ActForm):
    """The conclusion under which the presiding member signs."""

    conclusion = forms.CharField(label=_("Kết luận của hội đồng"), widget=forms.Textarea(attrs={"rows": 6}))
    on = DayField(label=_("Ngày ký"), initial=timezone.localdate)


class CloseForm(ActForm):
    """What the minutes still have to say when results are written to the records."""

    on = DayField(label=_("Ngày ghi nhận"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products: list[Product] = []
        tied = first_place_is_tied(self.subject)
        if tied:
            self.fields["first"] = forms.ChoiceField(
                label=_("Hồ sơ mà hội đồng biểu quyết xếp thứ nhất"), widget=forms.RadioSelect,
                choices=[(str(line.uid), line.label) for line in tied],
            )  # fmt: skip
        if self.subject.kind == CouncilKind.SELECTION:
            self.fields["lump_mode"] = EnumChoiceField(
                LumpMode, label=now_("Phương thức khoán chi mà hội đồng kết luận"), initial=LumpMode.PARTIAL,
                help_text=now_("Ghi theo biên bản họp, cho hồ sơ được kiến nghị trúng tuyển."),
            )  # fmt: skip
        if self.subject.kind == CouncilKind.ACCEPTANCE:
            uids = self.subject.subjects.values("subject_uid")
            self.products = list(Product.objects.filter(task__uid__in=uids).order_by("code"))
        for product in self.products:
            self.fields[f"delivered_{product.uid.hex}"] = forms.DecimalField(
                label=now_("Số lượng đạt: %(name)s") % {"name": product.name}, min_value=0, max_digits=14,
                decimal_places=3, localize=True, initial=product.delivered_quantity or product.ordered_quantity,
            )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        """Arguments of the service beyond the day."""
        data = self.cleaned_data
        first = data.get("first")
        return {
            "first": UUID(first) if first else None,
            "delivered": {product.uid: data[f"delivered_{product.uid.hex}"] for product in self.products},
            "lump_mode": LumpMode(data["lump_mode"]) if data.get("lump_mode") else None,
        }


def translated_roles() -> list[tuple[str, Any]]:
    """Roles of seats with labels translated when shown."""
    return choices_of(SeatRole)
