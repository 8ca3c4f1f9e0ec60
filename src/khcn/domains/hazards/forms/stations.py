"""Forms and filters of stations, instruments, series, values and files."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khcn.domains.hazards.choices import StationAccess, StationNetwork
from khcn.domains.hazards.forms.fields import NumberField
from khcn.domains.hazards.models import Datastream, ObservedProperty, RefusedMessage, Station
from khcn.domains.hazards.queries.files import ENDINGS
from khcn.domains.hazards.rules.station_tables import LONG, WIDE, Mapping
from khcn.kernel.orgs.models import Organisation
from khcn.web.filters import ALL, Folded, choices_of
from khcn.web.forms import DayField, DropFileField, EnumChoiceField, KhcnForm, MomentField

SECOND = "-2"
INTERVALS = ((60, _("1 phút")), (300, _("5 phút")), (600, _("10 phút")), (900, _("15 phút")), (1800, _("30 phút")),
             (3600, _("1 giờ")), (21600, _("6 giờ")), (86400, _("1 ngày")), (0, _("không đều")))  # fmt: skip
CLASSES = [("", _("– chưa rõ –")), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]


class StationFilter(Folded):
    """Words, network, property and whether a station still works."""

    q = df.CharFilter(label=_("Tìm theo mã, tên, sông"), method="search")
    network = df.ChoiceFilter(label=_("Mạng lưới"), choices=choices_of(StationNetwork), empty_label=ALL)
    property = df.ModelChoiceFilter(
        label=_("Yếu tố"), queryset=ObservedProperty.objects.all(), to_field_name="code", method="measures",
        empty_label=ALL,
    )  # fmt: skip
    open = df.ChoiceFilter(
        label=_("Hoạt động"), choices=[("co", _("đang hoạt động")), ("khong", _("đã ngừng"))], method="works",
        empty_label=ALL,
    )  # fmt: skip

    class Meta:
        model = Station
        fields: list[str] = []

    def measures(self, rows: QuerySet[Any], _name: str, value: ObservedProperty) -> QuerySet[Any]:
        """Stations with an open series of the property."""
        return rows.filter(datastreams__property=value, datastreams__is_open=True)

    def works(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Stations that have not ended, or have."""
        return rows.filter(closed_on__isnull=value == "co")


class RefusedMessageFilter(Folded):
    """Words of the topic, reason or payload, and the station."""

    q = df.CharFilter(label=_("Tìm theo chủ đề, lý do, nội dung"), method="search")
    station = df.CharFilter(label=_("Mã trạm"), field_name="station__code", lookup_expr="iexact")

    class Meta:
        model = RefusedMessage
        fields: list[str] = []


class StationForm(KhcnForm):
    """What is known of a station."""

    name = forms.CharField(label=_("Tên trạm"), max_length=160)
    network = EnumChoiceField(StationNetwork, label=_("Mạng lưới"), initial=StationNetwork.DEDICATED)
    access = EnumChoiceField(StationAccess, label=_("Mức truy cập"), initial=StationAccess.OPEN)
    address = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    elevation_m = NumberField(label=_("Độ cao (m)"), required=False, low=-10, high=3200)
    gauge_height_m = NumberField(
        label=_("Độ cao miệng thùng đo mưa (m)"), required=False, low=0, high=20,
        help_text=_("Thông tư 30/2018/TT-BTNMT: từ 1,5 m."),
    )  # fmt: skip
    thermometer_height_m = NumberField(
        label=_("Độ cao nhiệt kế (m)"), required=False, low=0, high=20, help_text=_("Thông tư 30/2018/TT-BTNMT: 1,5 m.")
    )
    wind_height_m = NumberField(
        label=_("Độ cao máy đo gió (m)"), required=False, low=0, high=50,
        help_text=_("Thông tư 30/2018/TT-BTNMT: 10 đến 12 m."),
    )  # fmt: skip
    river = forms.CharField(label=_("Sông, hồ"), max_length=120, required=False)
    station_class = forms.ChoiceField(
        label=_("Loại trạm thủy văn"), choices=CLASSES, required=False,
        help_text=_("Theo Quyết định 18/2021/QĐ-TTg; để trống khi chưa có văn bản xếp loại."),
    )  # fmt: skip
    alarm_1_m = NumberField(label=_("Báo động 1 (m)"), required=False)
    alarm_2_m = NumberField(label=_("Báo động 2 (m)"), required=False)
    alarm_3_m = NumberField(label=_("Báo động 3 (m)"), required=False)
    historic_m = NumberField(label=_("Mực nước lịch sử (m)"), required=False)
    historic_year = forms.IntegerField(label=_("Năm lịch sử"), required=False, min_value=1800, max_value=2100)
    fire_zone = forms.ChoiceField(label=_("Vùng cháy rừng"), choices=CLASSES, required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=400, required=False)


class StationNewForm(StationForm):
    """A new station: also its code, owner, place and first day."""

    code = forms.SlugField(
        label=_("Mã trạm"), max_length=40, help_text=_("Chữ không dấu, số, gạch ngang; đứng trong địa chỉ.")
    )
    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan quản lý"))
    latitude = NumberField(label=_("Vĩ độ"), low=6, high=24, help_text=_("WGS 84, ví dụ 11,7512."))
    longitude = NumberField(label=_("Kinh độ"), low=101, high=118)
    opened_on = DayField(label=_("Hoạt động từ"), initial=timezone.localdate)
    field_order = ("code", "name", "owner", "latitude", "longitude", "opened_on")

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()


class CloseForm(KhcnForm):
    """The day from which a station no longer works."""

    on = DayField(label=_("Ngừng từ ngày"), initial=timezone.localdate)


class SensorForm(KhcnForm):
    """An instrument."""

    name = forms.CharField(label=_("Thiết bị"), max_length=120)
    model = forms.CharField(label=_("Kiểu máy"), max_length=120, required=False)
    serial = forms.CharField(label=_("Số máy"), max_length=80, required=False)
    installed_on = DayField(label=_("Lắp đặt ngày"), required=False)
    removed_on = DayField(label=_("Tháo ngày"), required=False)
    calibrated_on = DayField(label=_("Kiểm định ngày"), required=False)
    calibration_due_on = DayField(label=_("Kiểm định lại trước ngày"), required=False)


class StreamForm(KhcnForm):
    """How a series comes and what is plausible."""

    interval_s = forms.TypedChoiceField(label=_("Khoảng đo"), choices=INTERVALS, coerce=int, initial=600)
    expected_latency_s = forms.IntegerField(
        label=_("Số liệu về chậm nhất (giây)"), min_value=0, max_value=7 * 86400, initial=900
    )
    plausible_min = NumberField(label=_("Nhỏ nhất hợp lý"), required=False)
    plausible_max = NumberField(label=_("Lớn nhất hợp lý"), required=False)
    most_per_hour = NumberField(label=_("Thay đổi nhiều nhất mỗi giờ"), required=False, low=0)
    persistence_h = NumberField(label=_("Đứng yên nhiều nhất (giờ)"), required=False, low=0)


class StreamEditForm(StreamForm):
    """As before, and whether the series still runs."""

    is_open = forms.BooleanField(label=_("Đang đo"), required=False)


class StreamNewForm(StreamForm):
    """A new series; bounds left empty are those of the property."""

    property = forms.ModelChoiceField(ObservedProperty.objects.none(), to_field_name="code", label=_("Yếu tố"))
    sensor = forms.ModelChoiceField(
        Station.objects.none(), to_field_name="uid", label=_("Thiết bị"), required=False
    )  # fmt: skip
    field_order = ("property", "sensor")

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = station.datastreams.values("property")
        self.fields["property"].queryset = ObservedProperty.objects.exclude(pk__in=taken)  # type: ignore[attr-defined]
        self.fields["sensor"].queryset = station.sensors.filter(removed_on=None)  # type: ignore[attr-defined]


class EntryForm(KhcnForm):
    """What was read at a station at a time, each twice where it matters."""

    at = MomentField(label=_("Thời điểm quan trắc"))

    def __init__(self, *args: Any, streams: list[Datastream], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.streams = streams
        for place, stream in enumerate(streams):
            unit = f"{stream.property.title} ({stream.property.unit})"
            self.fields[f"v{place}"] = NumberField(label=unit, required=False)
            self.fields[f"v{place}{SECOND}"] = NumberField(
                label=_now("%(what)s – đọc lần hai") % {"what": unit}, required=False
            )

    @property
    def values(self) -> list[tuple[str, float | None, float | None]]:
        """(code of the series, first reading, second reading)."""
        data = self.cleaned_data
        return [
            (stream.code, data.get(f"v{place}"), data.get(f"v{place}{SECOND}"))
            for place, stream in enumerate(self.streams)
        ]

    def field_of(self, code: str) -> str:
        """The name of the field of a series' first reading."""
        return next((f"v{place}" for place, stream in enumerate(self.streams) if stream.code == code), "")


class CorrectionForm(KhcnForm):
    """Another value in the place of one."""

    value = NumberField(label=_("Trị số đúng"), required=False, help_text=_("Để trống nếu thật ra không đo được."))
    reason = forms.CharField(label=_("Lý do đính chính"), max_length=300)


class StationFileForm(KhcnForm):
    """A file of observations."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), to_field_name="code", label=_("Cơ quan"))
    station = forms.ModelChoiceField(
        Station.objects.none(), to_field_name="code", label=_("Trạm"), required=False,
        help_text=_("Để trống nếu tệp có số liệu của nhiều trạm."),
    )  # fmt: skip
    file = DropFileField(
        label=_("Tệp"), endings=ENDINGS, max_mb=20,
        help_text=_("CSV, TXT, Excel; hoặc tệp .txt của trạm quan trắc môi trường tự động."),
    )  # fmt: skip

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["station"].queryset = Station.objects.filter(owner__in=owners)  # type: ignore[attr-defined]
        if owners.count() == 1:
            self.fields["owner"].initial = owners.first()


class TableMappingForm(KhcnForm):
    """How the columns of a file are meant."""

    TIMES = (("time", _("Cột thời gian")), ("day", _("Cột ngày")), ("hour", _("Cột giờ")))
    PARTS = (("station", _("Cột trạm")), ("property", _("Cột yếu tố")), ("value", _("Cột trị số")),
             ("state", _("Cột trạng thái")))  # fmt: skip

    def __init__(self, *args: Any, mapping: Mapping, columns: list[str], codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping_before, self.columns = mapping, columns
        choices = [("", _("– không có –")), *((one, one) for one in columns)]
        self.fields["shape"] = forms.ChoiceField(
            label=_("Dạng bảng"), initial=mapping.shape,
            choices=[(WIDE, _("mỗi cột một chuỗi")), (LONG, _("mỗi dòng một trị số"))],
        )  # fmt: skip
        for key, label in (*self.TIMES, *self.PARTS):
            self.fields[f"c-{key}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=mapping.columns.get(key, "")
            )
        self.fields["offset_h"] = NumberField(
            label=_("Múi giờ của tệp (giờ)"), low=-12, high=14, initial=mapping.offset_h
        )
        series = [("", _("– không nhập –")), *((code, code) for code in codes)]
        taken = set(mapping.columns.values())
        self.series_fields = {}
        for place, column in enumerate(columns):
            if column in taken:
                continue
            self.fields[f"s-{place}"] = forms.ChoiceField(
                label=_now("Chuỗi của cột “%(column)s”") % {"column": column}, choices=series, required=False,
                initial=mapping.series.get(column, "") if mapping.shape == WIDE else "",
            )  # fmt: skip
            self.series_fields[f"s-{place}"] = column

    @property
    def mapping(self) -> Mapping:
        """What was asked; the words of a long table stay as they were found."""
        data = self.cleaned_data
        columns = {key: data[f"c-{key}"] for key, _label in (*self.TIMES, *self.PARTS) if data.get(f"c-{key}")}
        if data["shape"] == LONG:
            return Mapping(LONG, columns, dict(self.mapping_before.series), data["offset_h"])
        series = {column: data[name] for name, column in self.series_fields.items() if data.get(name)}
        return Mapping(WIDE, columns, series, data["offset_h"])
