"""Cases that run on procedures: the tokens as step runs, the clock as segments, the log as a chain."""

from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.kernel.procedures.choices import CaseState, ClockReason, NormUnit, RunState, StepKind
from khcn.kernel.procedures.models.procedures import ProcedureVersion
from khcn.web.fields import EnumField, Identified, Versioned

OPEN_RUNS = (RunState.PENDING, RunState.READY, RunState.CLAIMED)
WORKABLE_RUNS = (RunState.READY, RunState.CLAIMED)


class Case(Versioned):
    """One matter going through a procedure. Identity: `code`.

    version_pinned: the version it runs on until it is migrated. subject_*: the domain's record it serves (label_lower,
    uid, text and address). facts: what conditions see, packed by `engine.values`. limit/due: copied at the start; due
    moves with pauses and the calendar. head: digest of the last log entry. parent_run: the call step it answers.
    """

    code = models.CharField("mã hồ sơ", max_length=80, unique=True)
    title = models.CharField("trích yếu", max_length=500)
    version_pinned = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="cases", verbose_name="phiên bản quy trình"
    )
    subject_type = models.CharField(max_length=80, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    url = models.CharField("đường dẫn", max_length=300, blank=True)
    parent_run = models.ForeignKey(
        "procedures.StepRun", models.PROTECT, null=True, blank=True, related_name="called", verbose_name="bước gọi"
    )
    applicant_name = models.CharField("người nộp", max_length=300, blank=True)
    applicant = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cá nhân nộp"
    )
    applicant_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ chức nộp"
    )
    support = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nơi hỗ trợ"
    )
    receiving = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nơi tiếp nhận"
    )
    deciding = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan giải quyết"
    )
    state = EnumField("trạng thái", enum=CaseState, default=CaseState.RUNNING)
    outcome = models.CharField("kết quả", max_length=120, blank=True)
    facts = models.JSONField("dữ liệu", default=dict)
    limit_amount = models.DecimalField("thời hạn", max_digits=7, decimal_places=2, null=True, blank=True)
    limit_unit = EnumField("đơn vị", enum=NormUnit, default=NormUnit.WORKING_DAY)
    received_at = models.DateTimeField("nhận lúc")
    due_at = models.DateTimeField("hạn trả", null=True, blank=True)
    due_fixed = models.BooleanField("hạn ấn định", default=False)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người mở")
    head = models.CharField("băm cuối", max_length=64, blank=True)
    events_count = models.PositiveIntegerField("số dòng nhật ký", default=0)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=900, editable=False, default="")

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_uid"]),
            models.Index(fields=["version_pinned", "state"]),
            models.Index(fields=["deciding", "state", "due_at"], name="case_deciding_due"),
            models.Index(
                fields=["due_at"], condition=Q(state__in=[CaseState.RUNNING, CaseState.PAUSED]), name="case_open_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_end_iff_closed",
                condition=Q(state__in=[CaseState.RUNNING, CaseState.PAUSED], ended_at=None)
                | Q(state__in=[CaseState.ENDED, CaseState.CANCELLED], ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_open(self) -> bool:
        """True until the case has ended or was cancelled."""
        return self.state in (CaseState.RUNNING, CaseState.PAUSED)


class StepRun(Identified):
    """One token: a step that was reached in a case, and what became of it.

    via: the flow on which a token waits at a join. scope: the sub-process run that contains it. host: the run whose
    boundary it watches. race: runs with one race number in a case wait for whichever happens first.
    role + organisation: whose work it is; assignee: who took it. fire_at: when a timer rings.
    paused_due: the due moment is shifted when the clock resumes. overdue_told: the event was published once.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="runs", verbose_name="hồ sơ")
    step_key = models.CharField("bước", max_length=120)
    name = models.CharField("tên bước", max_length=500)
    kind = EnumField("loại", enum=StepKind)
    state = EnumField("trạng thái", enum=RunState)
    via = models.CharField(max_length=120, blank=True)
    scope = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="inner", verbose_name="trong quy trình con"
    )
    host = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="boundary", verbose_name="gắn vào bước"
    )
    race = models.PositiveIntegerField(null=True, blank=True)
    role = models.CharField("vai trò", max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị làm"
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người làm"
    )
    ready_at = models.DateTimeField("đến lúc")
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    claimed_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người hoàn thành"
    )
    outcome = models.CharField("kết quả", max_length=120, blank=True)
    note = models.TextField("ghi chú", blank=True)
    message = models.CharField("thông điệp chờ", max_length=120, blank=True)
    fire_at = models.DateTimeField("đổ chuông lúc", null=True, blank=True)
    overdue_told = models.BooleanField(default=False)

    class Meta:
        verbose_name = "lượt bước"
        verbose_name_plural = "lượt bước"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["organisation", "role", "due_at", "id"],
                condition=Q(state__in=WORKABLE_RUNS, kind__in=[StepKind.HUMAN, StepKind.COUNCIL, StepKind.MESSAGE]),
                name="run_worklist",
            ),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(state=RunState.CLAIMED), name="run_mine"),
            models.Index(
                fields=["fire_at"], condition=Q(state=RunState.READY, fire_at__isnull=False), name="run_timers"
            ),
            models.Index(
                fields=["due_at"], condition=Q(state__in=WORKABLE_RUNS, overdue_told=False), name="run_untold_due"
            ),
            models.Index(fields=["message"], condition=Q(state=RunState.READY) & ~Q(message=""), name="run_messages"),
            models.Index(fields=["case", "state"], name="run_case_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="run_done_after_ready", condition=Q(done_at=None) | Q(done_at__gte=F("ready_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.step_key})"


class ClockSegment(models.Model):
    """A stretch of a case's clock, running or standing; the last one is open. Half-open in time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clock", verbose_name="hồ sơ")
    started_at = models.DateTimeField("từ")
    stopped_at = models.DateTimeField("đến", null=True, blank=True)
    running = models.BooleanField("đang tính")
    reason = EnumField("lý do", enum=ClockReason)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "đoạn thời gian"
        verbose_name_plural = "đoạn thời gian"
        ordering = ["case", "started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(stopped_at=None), name="clock_one_open_segment"),
            models.CheckConstraint(
                name="segment_in_order", condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y %H:%M} {self.reason}"


class CaseEvent(models.Model):
    """One line of a case's log; rows are only ever added (the database refuses anything else).

    place: from 1 without gaps within the case. digest: SHA-256 over `previous` and the row.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name="hồ sơ")
    place = models.PositiveIntegerField("thứ tự")
    at = models.DateTimeField("lúc")
    actor_uid = models.UUIDField("tài khoản")
    actor_name = models.CharField("người thực hiện", max_length=200)
    verb = models.CharField("việc", max_length=60)
    step_key = models.CharField("bước", max_length=120, blank=True)
    run_uid = models.UUIDField("lượt bước", null=True)
    facts = models.JSONField("nội dung", default=dict)
    previous = models.CharField("băm trước", max_length=64)
    digest = models.CharField("băm", max_length=64)

    class Meta:
        verbose_name = "nhật ký hồ sơ"
        verbose_name_plural = "nhật ký hồ sơ"
        ordering = ["case", "place"]
        constraints = [models.UniqueConstraint(fields=["case", "place"], name="case_event_place_once")]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name} {self.verb}"

    def row(self) -> list[Any]:
        """The values that are digested, as JSON-able text."""
        return [
            self.place,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(self.actor_uid),
            self.actor_name,
            self.verb,
            self.step_key,
            str(self.run_uid) if self.run_uid else None,
            self.facts,
        ]


class CaseAttachment(Identified):
    """A file put to a case. component: the piece of the dossier it is; digitised/reused feed the service index."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments", verbose_name="hồ sơ")
    run = models.ForeignKey(
        StepRun, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="lượt bước"
    )
    component = models.CharField("thành phần hồ sơ", max_length=200, blank=True)
    title = models.CharField("tên", max_length=300)
    filename = models.CharField("tên tệp", max_length=255)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    is_digitised = models.BooleanField("bản số hóa", default=False)
    is_reused = models.BooleanField("dùng lại", default=False)
    added_at = models.DateTimeField("thêm lúc")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thêm")

    class Meta:
        verbose_name = "tệp của hồ sơ"
        verbose_name_plural = "tệp của hồ sơ"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class FormDraft(models.Model):
    """What a person has typed into a step's form and not sent yet; one per person and run, gone when sent."""

    run = models.ForeignKey(StepRun, models.CASCADE, related_name="drafts", verbose_name="lượt bước")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="người nhập")
    contents = models.JSONField("nội dung", default=dict)
    saved_at = models.DateTimeField("lưu lúc", auto_now=True)

    class Meta:
        verbose_name = "bản nhập dở"
        verbose_name_plural = "bản nhập dở"
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="form_draft_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.run}"
