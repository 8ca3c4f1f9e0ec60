"""The office's calendar, statutory clocks on records, and the log of transitions."""

from django.db import models
from django.db.models import F, Q

from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.procedures.choices import ClockUnit, DayKind, LateReason
from khcn.web.fields import EnumField, Identified


class CalendarDay(Identified):
    """A date that differs from the ordinary working week, with the paper that says so.

    Seeded from a library, then edited by the office; only unfinished clocks are recomputed.
    """

    on = models.DateField("ngày", unique=True)
    kind = EnumField("loại", enum=DayKind)
    name = models.CharField("tên", max_length=120, blank=True)
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    is_edited = models.BooleanField("đã sửa tay", default=False)
    changed_at = models.DateTimeField("sửa lúc", auto_now=True)

    class Meta:
        verbose_name = "ngày đặc biệt"
        verbose_name_plural = "lịch làm việc"
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.name}"


class CalendarRecount(Identified):
    """Unfinished clocks and cases following one edit of the calendar: how far the worker is, and what came of it.

    total, done, last_case: open cases, how many were looked at, and the key of the last of them. moved: clocks and
    cases whose due moment changed. touched_at: the last sign of life. failure: why the last attempt ended.
    """

    why = models.CharField("vì sao", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người yêu cầu")
    asked_at = models.DateTimeField("yêu cầu lúc")
    total = models.PositiveIntegerField("số hồ sơ", default=0)
    done = models.PositiveIntegerField("đã xem", default=0)
    moved = models.PositiveIntegerField("đã đổi hạn", default=0)
    last_case = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    touched_at = models.DateTimeField("ghi lúc")
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    failure = models.CharField("lỗi", max_length=500, blank=True)

    class Meta:
        verbose_name = "lần tính lại theo lịch"
        verbose_name_plural = "các lần tính lại theo lịch"
        ordering = ["-id"]
        indexes = [models.Index(fields=["touched_at"], condition=Q(ended_at=None), name="recount_unfinished")]

    def __str__(self) -> str:
        return self.why


class Clock(Identified):
    """A statutory time running on one record: started by an event, stopped by another.

    rule_set/rule_key/amount/unit/citation are copied at the start, so that the due date can be recomputed
    whatever the rules say later. Overdue is computed, never stored.
    """

    subject_type = models.CharField(max_length=80)
    subject_uid = models.UUIDField()
    subject_label = models.CharField("về", max_length=300, blank=True)
    url = models.CharField("đường dẫn", max_length=300, blank=True)
    rule_set = models.CharField("bộ quy tắc", max_length=20)
    rule_key = models.CharField("thời hạn", max_length=80)
    title = models.CharField("việc phải làm", max_length=300)
    amount = models.PositiveIntegerField("thời gian")
    unit = EnumField("đơn vị", enum=ClockUnit)
    citation = models.CharField("căn cứ", max_length=300, blank=True)
    started_on = models.DateField("bắt đầu")
    due_on = models.DateField("hạn", db_index=True)
    stopped_on = models.DateField("xong ngày", null=True, blank=True)
    cancelled = models.BooleanField("không còn áp dụng", default=False)
    responsible = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị chịu trách nhiệm"
    )
    responsible_role = models.CharField("vai trò chịu trách nhiệm", max_length=40, blank=True)
    late_reason = EnumField("vì sao trễ", enum=LateReason, blank=True, default="")
    late_note = models.CharField("giải trình", max_length=500, blank=True)
    late_noted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người giải trình"
    )

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_uid", "cancelled", "due_on", "stopped_on"], name="clock_subject_days"
            ),
            models.Index(fields=["due_on"], condition=Q(stopped_on=None, cancelled=False), name="clock_open_due"),
        ]
        constraints = [
            models.CheckConstraint(name="clock_due_after_start", condition=Q(due_on__gte=F("started_on"))),
            models.CheckConstraint(
                name="clock_stop_after_start", condition=Q(stopped_on=None) | Q(stopped_on__gte=F("started_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.due_on:%d/%m/%Y}"


class TransitionRecord(Identified):
    """One step of a state machine, with the rules that allowed it, so that an auditor can recompute it."""

    subject_type = models.CharField(max_length=80)
    subject_uid = models.UUIDField()
    machine = models.CharField("máy trạng thái", max_length=40)
    event = models.CharField("việc", max_length=60)
    from_state = models.CharField("từ", max_length=40)
    to_state = models.CharField("đến", max_length=40)
    rule_set = models.CharField("bộ quy tắc", max_length=20, blank=True)
    trace = models.JSONField("vết quy tắc", default=list)
    note = models.TextField("ghi chú", blank=True)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thực hiện")
    by_name = models.CharField("người thực hiện", max_length=200)

    class Meta:
        verbose_name = "bước chuyển"
        verbose_name_plural = "bước chuyển"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_uid"])]

    def __str__(self) -> str:
        return f"{self.machine}: {self.from_state} → {self.to_state}"
