"""Words of warnings by hazard and level, and numbers on which their steps rest; dated reference data."""

from django.db import models

from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField


class WarningTemplate(Dated):
    """The words with which a warning of a hazard at a level begins; {place}, {level}, {value} are filled in."""

    hazard = models.SlugField("loại thiên tai", max_length=40)
    level = models.PositiveSmallIntegerField("cấp độ")
    event = models.CharField("sự kiện", max_length=120)
    event_en = models.CharField("sự kiện tiếng Anh", max_length=120)
    category = models.CharField("nhóm CAP", max_length=12)
    article = models.CharField("điều", max_length=12, blank=True)
    responses = models.CharField("việc cần làm (CAP)", max_length=80)
    headline = models.CharField("tiêu đề", max_length=160)
    description = models.TextField("mô tả")
    instruction = models.TextField("hướng dẫn")
    headline_en = models.CharField("tiêu đề tiếng Anh", max_length=160)
    description_en = models.TextField("mô tả tiếng Anh")
    instruction_en = models.TextField("hướng dẫn tiếng Anh")
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "mẫu tin"
        verbose_name_plural = "mẫu tin"
        ordering = ["hazard", "level"]
        constraints = [models.UniqueConstraint(fields=["hazard", "level", "valid_from"], name="warnings_template_from")]

    def __str__(self) -> str:
        return f"{self.event} {self.level}"


class WarningParameter(Dated):
    """A dated number by name with its basis: minutes between approval and issue, ranks by level."""

    key = models.SlugField("khóa", max_length=60)
    name = models.CharField("tên", max_length=200)
    value = models.CharField("giá trị", max_length=120)
    basis = models.CharField("căn cứ", max_length=300, blank=True)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "tham số cảnh báo"
        verbose_name_plural = "tham số cảnh báo"
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="warnings_parameter_from")]

    def __str__(self) -> str:
        return self.name
