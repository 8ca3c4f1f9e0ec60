"""What follows a warning: duties with their clocks, and the damage that people report."""

from django.db import models

from khcn.domains.warnings.choices import DamageState
from khcn.domains.warnings.models.cases import WarningCase
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Dated, User
from khcn.web.fields import EnumField, Identified


class DutyRule(Dated):
    """What a post has to do at a level, within how long, and where that stands written. Reference data."""

    code = models.SlugField("mã", max_length=40)
    level_from = models.PositiveSmallIntegerField("từ cấp")
    level_to = models.PositiveSmallIntegerField("đến cấp")
    post = models.CharField("chức vụ", max_length=160)
    act = models.CharField("việc", max_length=300)
    within_minutes = models.PositiveIntegerField("trong (phút)")
    repeats_minutes = models.PositiveIntegerField("lặp lại mỗi (phút)", default=0)
    basis = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "trách nhiệm theo cấp"
        verbose_name_plural = "trách nhiệm theo cấp"
        ordering = ["level_from", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="warnings_duty_from")]

    def __str__(self) -> str:
        return self.act


class DutyClock(Identified):
    """One duty of one case, due at a moment."""

    case = models.ForeignKey(WarningCase, models.PROTECT, related_name="duties", verbose_name="cảnh báo")
    rule = models.ForeignKey(DutyRule, models.PROTECT, related_name="+", verbose_name="trách nhiệm")
    due_at = models.DateTimeField("hạn")
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "việc phải làm"
        verbose_name_plural = "việc phải làm"
        ordering = ["due_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "rule", "due_at"], name="warnings_duty_once")]

    def __str__(self) -> str:
        return str(self.rule)


class DamageReport(Identified):
    """Damage that somebody reported, with a photograph; the public copy has no trace of where the telephone was.

    original: as it came, for officials; shown: drawn anew without its metadata.
    """

    code = models.CharField("mã", max_length=24, unique=True)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    unit_code = models.CharField("mã đơn vị hành chính", max_length=10)
    happened_at = models.DateTimeField("xảy ra lúc")
    told = models.TextField("mô tả")
    houses = models.PositiveIntegerField("nhà hư hại", default=0)
    area_ha = models.FloatField("diện tích thiệt hại (ha)", default=0)
    original = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="ảnh gốc")
    shown = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="ảnh công khai")
    reporter = models.CharField("người báo", max_length=160, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    received_at = models.DateTimeField("nhận lúc")
    state = EnumField("trạng thái", enum=DamageState, default=DamageState.RECEIVED)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người xác nhận")
    decided_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        verbose_name = "báo cáo thiệt hại"
        verbose_name_plural = "báo cáo thiệt hại"
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return self.code
