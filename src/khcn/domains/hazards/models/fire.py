"""Fire danger day by day at stations, so that a day is reckoned from the one before it."""

from django.db import models

from khcn.domains.hazards.models.stations import Station


class FireWeatherDay(models.Model):
    """The weather of a station's day, which ends at 13 h, and the codes that it leaves; None: not known.

    Derived from observations, and removed from the earliest day on that a value touches; `rules.fire_days` says what
    each mark means. Identity: (`station`, `ends_on`); the days of a station follow each other without a hole.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="fire_days", verbose_name="trạm")
    ends_on = models.DateField("ngày (đến 13 giờ)")
    temperature_c = models.FloatField("nhiệt độ lúc 13 giờ (°C)", null=True)
    humidity_pct = models.FloatField("độ ẩm lúc 13 giờ (%)", null=True)
    wind_ms = models.FloatField("gió lúc 13 giờ (m/s)", null=True)
    rain_mm = models.FloatField("mưa 24 giờ (mm)", null=True)
    ffmc = models.FloatField("FFMC", null=True)
    dmc = models.FloatField("DMC", null=True)
    dc = models.FloatField("DC", null=True)
    whole_on = models.DateField("ngày đủ số liệu gần nhất", null=True)
    fwi_doubt_on = models.DateField("ngày đủ số liệu trước khi ngắt", null=True)
    p_index = models.FloatField("chỉ số P", null=True)
    dry_days = models.PositiveIntegerField("số ngày khô", default=0)
    rain_on = models.DateField("ngày biết mưa gần nhất", null=True)
    p_doubt_on = models.DateField("ngày làm P chưa biết", null=True)

    class Meta:
        verbose_name = "ngày thời tiết cháy rừng"
        verbose_name_plural = "ngày thời tiết cháy rừng"
        ordering = ["station", "ends_on"]
        constraints = [models.UniqueConstraint(fields=["station", "ends_on"], name="hazards_fire_day_once")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.ends_on:%Y-%m-%d}"
