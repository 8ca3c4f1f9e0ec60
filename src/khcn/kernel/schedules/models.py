"""What ran by itself, when, and what came of it."""

from django.db import models

from khcn.kernel.schedules.choices import JobRunState
from khcn.web.fields import EnumField, Identified


class ScheduledRun(Identified):
    """One run of one job for one slot of the schedule; a repeated attempt updates the same row."""

    job = models.CharField("việc", max_length=80)
    slot_at = models.DateTimeField("theo lịch lúc")
    state = EnumField("trạng thái", enum=JobRunState, default=JobRunState.QUEUED)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    queued_at = models.DateTimeField("xếp hàng lúc")
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    result = models.CharField("kết quả", max_length=300, blank=True)
    error = models.TextField("lỗi", blank=True)
    missed_days = models.PositiveIntegerField("số ngày bù", default=0)
    asked_by = models.CharField("người yêu cầu", max_length=200, blank=True)

    class Meta:
        verbose_name = "lần chạy theo lịch"
        verbose_name_plural = "các lần chạy theo lịch"
        ordering = ["-slot_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["job", "slot_at"], name="scheduled_run_once")]
        indexes = [models.Index(fields=["job", "-slot_at"], name="scheduled_run_newest")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot_at:%d/%m/%Y %H:%M}"
