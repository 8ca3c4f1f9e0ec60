"""Stations and what stands at them: sensors, the series they give, and the keys with which they send."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from khcn.domains.hazards.choices import Aggregation, StationAccess, StationNetwork
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Organisation
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned
from khcn.web.geometry import GeometryField


class ObservedProperty(models.Model):
    """What can be measured, with the unit and the bounds that new series begin with. Reference data.

    plausible_min, plausible_max, most_per_hour: in the unit; persistence_h: hours after which an unmoved value is
    suspect; zero_may_last: a zero (no rain) may stand for ever.
    """

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=120)
    unit = models.CharField("đơn vị", max_length=20)
    definition = models.CharField("định nghĩa", max_length=300, blank=True)
    aggregation = EnumField("kiểu trị số", enum=Aggregation)
    plausible_min = models.FloatField("nhỏ nhất hợp lý", null=True, blank=True)
    plausible_max = models.FloatField("lớn nhất hợp lý", null=True, blank=True)
    most_per_hour = models.FloatField("thay đổi nhiều nhất mỗi giờ", null=True, blank=True)
    persistence_h = models.FloatField("đứng yên nhiều nhất (giờ)", null=True, blank=True)
    zero_may_last = models.BooleanField("số không được kéo dài", default=False)
    decimals = models.PositiveSmallIntegerField("số chữ số lẻ", default=1)
    order = models.PositiveSmallIntegerField("thứ tự", default=100)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "yếu tố quan trắc"
        verbose_name_plural = "yếu tố quan trắc"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)


class Station(Versioned):
    """A place where something is measured (Thing in SensorThings). Never deleted, only closed.

    Identity: `code` in addresses and interfaces. unit_code: the commune on the day of setting up; *_height_m: siting
    above the ground; alarm_1_m … historic_m: water levels.
    """

    code = models.SlugField("mã trạm", max_length=40, unique=True)
    name = models.CharField("tên trạm", max_length=160)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan quản lý")
    network = EnumField("mạng lưới", enum=StationNetwork, default=StationNetwork.DEDICATED)
    access = EnumField("mức truy cập", enum=StationAccess, default=StationAccess.OPEN)
    geometry = GeometryField("vị trí")
    elevation_m = models.FloatField("độ cao (m)", null=True, blank=True)
    unit_code = models.CharField("mã đơn vị hành chính", max_length=10, blank=True)
    address = models.CharField("địa điểm", max_length=200, blank=True)
    opened_on = models.DateField("hoạt động từ")
    closed_on = models.DateField("ngừng từ", null=True, blank=True)
    gauge_height_m = models.FloatField("độ cao miệng thùng đo mưa (m)", null=True, blank=True)
    thermometer_height_m = models.FloatField("độ cao nhiệt kế (m)", null=True, blank=True)
    wind_height_m = models.FloatField("độ cao máy đo gió (m)", null=True, blank=True)
    river = models.CharField("sông, hồ", max_length=120, blank=True)
    alarm_1_m = models.FloatField("báo động 1 (m)", null=True, blank=True)
    alarm_2_m = models.FloatField("báo động 2 (m)", null=True, blank=True)
    alarm_3_m = models.FloatField("báo động 3 (m)", null=True, blank=True)
    historic_m = models.FloatField("mực nước lịch sử (m)", null=True, blank=True)
    historic_year = models.PositiveSmallIntegerField("năm của mực nước lịch sử", null=True, blank=True)
    station_class = models.CharField("loại trạm thủy văn", max_length=2, blank=True)
    fire_zone = models.CharField("vùng cháy rừng", max_length=2, blank=True)
    note = models.CharField("ghi chú", max_length=400, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta:
        verbose_name = "trạm quan trắc"
        verbose_name_plural = "trạm quan trắc"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="hazards_station_days",
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
            ),
            models.CheckConstraint(
                name="hazards_station_alarms",
                condition=(Q(alarm_1_m=None) | Q(alarm_2_m=None) | Q(alarm_1_m__lt=F("alarm_2_m")))
                & (Q(alarm_2_m=None) | Q(alarm_3_m=None) | Q(alarm_2_m__lt=F("alarm_3_m"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.name} {self.address} {self.river}")[:400]
        super().save(*args, **kwargs)

    @property
    def latitude(self) -> float:
        """Degrees north."""
        return float(self.geometry.y)

    @property
    def longitude(self) -> float:
        """Degrees east."""
        return float(self.geometry.x)


class Sensor(Versioned):
    """An instrument at a station; its calibration falls due on a day."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="sensors", verbose_name="trạm")
    name = models.CharField("thiết bị", max_length=120)
    model = models.CharField("kiểu", max_length=120, blank=True)
    serial = models.CharField("số máy", max_length=80, blank=True)
    installed_on = models.DateField("lắp đặt ngày", null=True, blank=True)
    removed_on = models.DateField("tháo ngày", null=True, blank=True)
    calibrated_on = models.DateField("kiểm định ngày", null=True, blank=True)
    calibration_due_on = models.DateField("kiểm định lại trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "thiết bị đo"
        verbose_name_plural = "thiết bị đo"
        ordering = ["station", "name", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.serial}".strip()


class Datastream(Versioned):
    """A series of one property at one station. Identity: `code`, the station's and the property's, joined by a dot.

    interval_s: from one value to the next; 0 where values come irregularly. expected_latency_s: after the end of the
    interval a value should be here. Bounds in the property's unit; most_per_hour limits the step between two values.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="datastreams", verbose_name="trạm")
    property = models.ForeignKey(ObservedProperty, models.PROTECT, related_name="+", verbose_name="yếu tố")
    sensor = models.ForeignKey(
        Sensor, models.PROTECT, null=True, blank=True, related_name="datastreams", verbose_name="thiết bị"
    )
    code = models.CharField("mã chuỗi", max_length=90, unique=True)
    aggregation = EnumField("kiểu trị số", enum=Aggregation)
    interval_s = models.PositiveIntegerField("khoảng đo (giây)", default=600)
    expected_latency_s = models.PositiveIntegerField("chậm nhất (giây)", default=900)
    plausible_min = models.FloatField("nhỏ nhất hợp lý", null=True, blank=True)
    plausible_max = models.FloatField("lớn nhất hợp lý", null=True, blank=True)
    most_per_hour = models.FloatField("thay đổi nhiều nhất mỗi giờ", null=True, blank=True)
    persistence_h = models.FloatField("đứng yên nhiều nhất (giờ)", null=True, blank=True)
    zero_may_last = models.BooleanField("số không được kéo dài", default=False)
    is_open = models.BooleanField("đang đo", default=True)

    class Meta:
        verbose_name = "chuỗi quan trắc"
        verbose_name_plural = "chuỗi quan trắc"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["station", "property"], name="hazards_stream_once")]

    def __str__(self) -> str:
        return self.code


class StationKey(Identified):
    """A machine's key to send for one station; only its digest is kept.

    account: its name at the MQTT broker; broker_hash: the line of the broker's password file (PBKDF2, salted).
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="keys", verbose_name="trạm")
    account = models.CharField("tài khoản", max_length=60, unique=True)
    digest = models.CharField("dấu của khóa", max_length=64, unique=True)
    broker_hash = models.CharField(max_length=200)
    created_at = models.DateTimeField("cấp lúc", auto_now_add=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    last_used_at = models.DateTimeField("dùng lần cuối", null=True, blank=True)

    class Meta:
        verbose_name = "khóa gửi số liệu"
        verbose_name_plural = "khóa gửi số liệu"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.account
