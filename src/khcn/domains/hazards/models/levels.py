"""Tables of levels as dated data, facts that people declare, what the engine said of places, and how long it lasted."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from khcn.domains.hazards.choices import ExceedanceState, LevelTableState, TableScope, VerdictKind
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated, Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned


class LevelTable(Versioned, Dated):
    """A decision table of one hazard, in force from a day. A province's table goes before the law's.

    lines: {row, level, clause, input, test} as `rules.risk_tables.read_rows` reads them. policy: unique, first or
    highest.
    rehearsal: what the back-test before approval found.
    """

    code = models.SlugField("mã bảng", max_length=60, unique=True)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    name = models.CharField("tên", max_length=160)
    article = models.CharField("điều", max_length=20, blank=True)
    scope = EnumField("phạm vi", enum=TableScope, default=TableScope.LAW)
    decision = models.CharField("số quyết định", max_length=120)
    policy = models.CharField("cách chọn dòng", max_length=12)
    lines = models.JSONField("các dòng", default=list)
    state = EnumField("trạng thái", enum=LevelTableState, default=LevelTableState.DRAFT)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=400, blank=True)
    rehearsal = models.JSONField("chạy thử trên số liệu cũ", default=dict, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan trình"
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người phê duyệt")
    approved_at = models.DateTimeField("phê duyệt lúc", null=True, blank=True)

    class Meta:
        verbose_name = "bảng cấp độ rủi ro"
        verbose_name_plural = "bảng cấp độ rủi ro"
        ordering = ["hazard", "scope", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="hazards_table_four_eyes",
                condition=Q(approved_by=None) | Q(drafted_by=None) | ~Q(approved_by=models.F("drafted_by")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.decision})"

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.name)


class DeclaredFact(Identified, Dated):
    """A fact that no station measures, as an officer declared it with its source: zone of fire, group of provinces.

    place: a station's code, empty for the whole province.
    """

    input = models.SlugField("yếu tố", max_length=40)
    place = models.SlugField("trạm", max_length=40, blank=True)
    value = models.CharField("giá trị", max_length=40)
    source = models.CharField("căn cứ", max_length=300)
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người khai")
    declared_at = models.DateTimeField("khai lúc", auto_now_add=True)

    class Meta:
        verbose_name = "yếu tố khai báo"
        verbose_name_plural = "yếu tố khai báo"
        ordering = ["input", "place", "-valid_from"]

    def __str__(self) -> str:
        return f"{self.input} = {self.value}"


class Evaluation(Identified):
    """What a table said of a place at a moment, with the facts it was told; kept when it differs from the one before.

    place: "" for the province, else a station's code. facts, told: what was known and how. level: where `kind` is a
    level; at_least: what is proven although something is unknown.
    """

    table = models.ForeignKey(LevelTable, models.PROTECT, related_name="evaluations", verbose_name="bảng")
    hazard = models.SlugField("loại thiên tai", max_length=40)
    place = models.SlugField("nơi", max_length=40, blank=True)
    place_name = models.CharField("tên nơi", max_length=160)
    as_of = models.DateTimeField("tính đến")
    observed_at = models.DateTimeField("số liệu mới nhất", null=True, blank=True)
    made_at = models.DateTimeField("tính lúc")
    facts = models.JSONField("yếu tố", default=dict)
    told = models.JSONField("diễn giải", default=list)
    kind = EnumField("kết quả", enum=VerdictKind)
    level = models.PositiveSmallIntegerField("cấp độ", null=True)
    at_least = models.PositiveSmallIntegerField("ít nhất", null=True)
    clauses = models.JSONField("điều khoản", default=list)
    missing = models.JSONField("còn thiếu", default=list)
    is_complete = models.BooleanField("đủ trạm", default=True)
    units = models.JSONField("xã, phường", default=list)
    digest = models.CharField("dấu", max_length=64)

    class Meta:
        verbose_name = "kết quả đánh giá"
        verbose_name_plural = "kết quả đánh giá"
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["hazard", "place", "-as_of"], name="hazards_evaluation_latest")]

    def __str__(self) -> str:
        return f"{self.hazard} {self.place_name} {self.as_of:%Y-%m-%dT%H:%MZ}"


class Exceedance(Identified):
    """A stretch of time in which a place stood at a level. raised, lowered: slots in a row that say higher or lower.

    path: [moment, level] at each step. The first evaluation that raised it says why.
    """

    hazard = models.SlugField("loại thiên tai", max_length=40)
    place = models.SlugField("nơi", max_length=40, blank=True)
    place_name = models.CharField("tên nơi", max_length=160)
    state = EnumField("trạng thái", enum=ExceedanceState, default=ExceedanceState.OPEN)
    level = models.PositiveSmallIntegerField("cấp độ", default=0)
    peak = models.PositiveSmallIntegerField("cấp cao nhất", default=0)
    raised = models.PositiveSmallIntegerField(default=0)
    lowered = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField("bắt đầu")
    closed_at = models.DateTimeField("kết thúc", null=True, blank=True)
    path = models.JSONField("diễn biến", default=list)
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="+", verbose_name="đánh giá")
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "đợt vượt ngưỡng"
        verbose_name_plural = "đợt vượt ngưỡng"
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hazard", "place"], condition=Q(state="open"), name="hazards_one_open_exceedance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hazard} {self.place_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The highest level never falls."""
        self.peak = max(self.peak, self.level)
        super().save(*args, **kwargs)
