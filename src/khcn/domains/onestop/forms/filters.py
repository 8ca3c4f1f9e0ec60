"""Filters of the one-stop lists, as the addresses carry them."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khcn.domains.onestop.choices import Channel, ComplaintState, FinanceState, NationalStatus, OnlineLevel, SyncState
from khcn.domains.onestop.models import AdministrativeProcedure, Complaint, Dossier, SurveyCampaign
from khcn.domains.onestop.queries.dossiers import due_soon, overdue
from khcn.kernel.documents.models import AgencyIdentifier
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold_words
from khcn.web.filters import ALL, Folded, choices_of

TIMES = [("qua-han", _("Quá hạn")), ("sap-den", _("Sắp đến hạn"))]


class DossierFilter(Folded):
    """Status, time, channel, agency, field, procedure, officer, and the two side states."""

    status = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(NationalStatus), empty_label=ALL)
    time = df.ChoiceFilter(label=_("Thời hạn"), choices=TIMES, empty_label=ALL, method="in_time")
    channel = df.ChoiceFilter(label=_("Cách nộp"), choices=choices_of(Channel), empty_label=ALL)
    deciding = df.ModelChoiceFilter(
        label=_("Cơ quan giải quyết"), to_field_name="code", empty_label=ALL,
        queryset=Organisation.objects.filter(pk__in=AdministrativeProcedure.objects.values("deciding_id")),
    )  # fmt: skip
    field = df.CharFilter(label=_("Lĩnh vực"), field_name="procedure__field")
    procedure = df.CharFilter(label=_("Mã thủ tục"), field_name="procedure__code")
    officer = df.ModelChoiceFilter(
        label=_("Người tiếp nhận"), field_name="received_by", to_field_name="uid", empty_label=ALL,
        queryset=User.objects.filter(pk__in=Dossier.objects.values("received_by_id")),
    )  # fmt: skip
    finance = df.ChoiceFilter(label=_("Phí, lệ phí"), choices=choices_of(FinanceState), empty_label=ALL)
    sync = df.ChoiceFilter(label=_("Đồng bộ"), choices=choices_of(SyncState), empty_label=ALL)

    class Meta:
        model = Dossier
        fields: list[str] = []

    def in_time(self, rows: QuerySet[Any], _name: str, key: str) -> QuerySet[Any]:
        """Overdue, or due within two days."""
        return overdue(rows, timezone.now()) if key == "qua-han" else due_soon(rows, timezone.now())


class ProcedureFilter(Folded):
    """Agency, field and how much can be done on line."""

    deciding = df.ModelChoiceFilter(
        label=_("Cơ quan giải quyết"), to_field_name="code", empty_label=ALL,
        queryset=Organisation.objects.filter(pk__in=AdministrativeProcedure.objects.values("deciding_id")),
    )  # fmt: skip
    field = df.CharFilter(label=_("Lĩnh vực"), lookup_expr="icontains")
    online_level = df.ChoiceFilter(label=_("Mức trực tuyến"), choices=choices_of(OnlineLevel), empty_label=ALL)

    class Meta:
        model = AdministrativeProcedure
        fields: list[str] = []


class IdentifierFilter(df.FilterSet):
    """Words of the agency's name, or a part of its code."""

    q = df.CharFilter(label=_("Tìm theo cơ quan, mã"), method="search")

    class Meta:
        model = AgencyIdentifier
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows that hold every word."""
        for word in fold_words(text):
            rows = rows.filter(Q(organisation__folded__contains=word) | Q(code__icontains=word))
        return rows


class ComplaintFilter(df.FilterSet):
    """State, and words of the contents."""

    q = df.CharFilter(label=_("Tìm trong nội dung"), field_name="contents", lookup_expr="icontains")
    state = df.ChoiceFilter(label=_("Trạng thái"), choices=choices_of(ComplaintState), empty_label=ALL)

    class Meta:
        model = Complaint
        fields: list[str] = []


class CampaignFilter(Folded):
    """Words of the title; those open today."""

    mo = df.ChoiceFilter(label=_("Nhận phiếu"), choices=[("1", _("Đang mở"))], empty_label=ALL, method="by_open")

    class Meta:
        model = SurveyCampaign
        fields: list[str] = []

    def by_open(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Rows that take answers today."""
        today = timezone.localdate()
        return rows.filter(opens_on__lte=today, closes_on__gte=today)
