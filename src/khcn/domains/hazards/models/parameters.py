"""Numbers and words on which reckoning rests, each with its days and where it stands written."""

from django.db import models

from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField


class HazardParameter(Dated):
    """A dated number or word by name, with its basis. Reference data; `rules.parameters` reads them together."""

    key = models.SlugField("khóa", max_length=60)
    name = models.CharField("tên", max_length=200)
    value = models.CharField("giá trị", max_length=120)
    unit = models.CharField("đơn vị", max_length=20, blank=True)
    basis = models.CharField("căn cứ", max_length=300, blank=True)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "tham số thiên tai"
        verbose_name_plural = "tham số thiên tai"
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="hazards_parameter_from")]

    def __str__(self) -> str:
        return self.name
