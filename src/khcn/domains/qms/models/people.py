"""People of a system: where they work, what they can do, how they are trained."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.qms.choices import CertificateKind
from khcn.domains.qms.models.system import Owned, QualitySystem, Unit
from khcn.kernel.orgs.models import Dated, Person
from khcn.web.fields import EnumField, Identified


class Membership(Identified, Dated):
    """A person working in a unit of the system for a while."""

    system = models.ForeignKey(QualitySystem, models.PROTECT, related_name="memberships", verbose_name="hệ thống")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="phòng, bộ phận")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="người")
    position = models.CharField("vị trí việc làm", max_length=120)

    class Meta:
        verbose_name = "cán bộ trong hệ thống"
        verbose_name_plural = "cán bộ trong hệ thống"
        ordering = ["unit__code", "person__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["system", "person"], condition=Q(valid_to=None), name="qms_member_once"),
            models.CheckConstraint(
                name="qms_member_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.position}"


class Skill(Owned):
    """Something people of the system must be able to do."""

    name = models.CharField("năng lực", max_length=200)
    clause = models.CharField("điều", max_length=12, blank=True, default="7.2")

    class Meta:
        verbose_name = "năng lực"
        verbose_name_plural = "năng lực"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["system", "name"], name="skill_once")]

    def __str__(self) -> str:
        return self.name


class SkillRequirement(Identified):
    """The level (1–5) of a skill that a position needs."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="requirements", verbose_name="năng lực")
    position = models.CharField("vị trí việc làm", max_length=120)
    level = models.PositiveSmallIntegerField("mức cần")

    class Meta:
        verbose_name = "yêu cầu năng lực"
        verbose_name_plural = "yêu cầu năng lực"
        constraints = [
            models.UniqueConstraint(fields=["skill", "position"], name="skill_requirement_once"),
            models.CheckConstraint(name="skill_requirement_level", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.skill} ≥ {self.level}"


class HeldSkill(Identified):
    """The level of a skill that a person was found to have, with the evidence; the newest row counts."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="held", verbose_name="năng lực")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="người")
    level = models.PositiveSmallIntegerField("mức hiện có")
    found_on = models.DateField("đánh giá ngày")
    evidence = models.CharField("minh chứng", max_length=300)

    class Meta:
        verbose_name = "năng lực hiện có"
        verbose_name_plural = "năng lực hiện có"
        ordering = ["-found_on", "-id"]
        constraints = [models.CheckConstraint(name="held_skill_level", condition=Q(level__gte=0, level__lte=5))]

    def __str__(self) -> str:
        return f"{self.person}: {self.skill} = {self.level}"


class Training(Owned):
    """A training: planned, held, and judged for its effect."""

    title = models.CharField("nội dung đào tạo", max_length=300)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="năng lực")
    planned_on = models.DateField("dự kiến")
    held_on = models.DateField("đã tổ chức", null=True, blank=True)
    trainer = models.CharField("người giảng", max_length=200, blank=True)
    evaluate_on = models.DateField("đánh giá hiệu quả trước ngày", null=True, blank=True)
    evaluated_on = models.DateField("đã đánh giá", null=True, blank=True)
    is_effective = models.BooleanField("có hiệu quả", null=True, blank=True)
    evaluation = models.TextField("kết quả đánh giá", blank=True)

    class Meta:
        verbose_name = "đào tạo"
        verbose_name_plural = "đào tạo"
        ordering = ["-planned_on"]

    def __str__(self) -> str:
        return self.title


class TrainingAttendance(Identified):
    """A person at a training, with the result."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="attendances", verbose_name="đào tạo")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="người")
    has_passed = models.BooleanField("đạt", null=True, blank=True)
    score = models.CharField("kết quả", max_length=80, blank=True)

    class Meta:
        verbose_name = "người dự đào tạo"
        verbose_name_plural = "người dự đào tạo"
        constraints = [models.UniqueConstraint(fields=["training", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.person} – {self.training}"


class Certificate(Owned):
    """A certificate of a person, with the day it runs out; an internal auditor needs one in force."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="người")
    kind = EnumField("loại", enum=CertificateKind, default=CertificateKind.INTERNAL_AUDITOR)
    number = models.CharField("số", max_length=80)
    issuer = models.CharField("nơi cấp", max_length=200)
    issued_on = models.DateField("cấp ngày")
    valid_until = models.DateField("có giá trị đến", null=True, blank=True)

    class Meta:
        verbose_name = "chứng chỉ"
        verbose_name_plural = "chứng chỉ"
        ordering = ["person__sort_key", "-issued_on"]

    def __str__(self) -> str:
        return f"{self.number} – {self.person}"
