"""The geographical area of a right as it was decided, version after version."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.marks.models.rights import Right
from khcn.kernel.orgs.models import Dated, User
from khcn.kernel.places.models import AdministrativeUnit
from khcn.web.fields import Versioned
from khcn.web.geometry import GeometryField


class AreaVersion(Versioned, Dated):
    """One description of the area: a shape, a list of communes of the day of the decision, or both.

    The shape counts where there is one. Without `issued_at` it is a draft. Communes that were merged later stay those
    of the decision; who lies in a successor is worked out from the successions.
    """

    right = models.ForeignKey(Right, models.CASCADE, related_name="areas", verbose_name="quyền")
    number = models.PositiveSmallIntegerField("lần")
    decision = models.CharField("quyết định", max_length=200, blank=True)
    note = models.TextField("mô tả", blank=True)
    units_on = models.DateField("danh sách xã của ngày")
    geometry = GeometryField("ranh giới", null=True, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    issued_at = models.DateTimeField("ban hành lúc", null=True, blank=True)

    class Meta:
        verbose_name = "khu vực địa lý"
        verbose_name_plural = "khu vực địa lý"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["right", "number"], name="marks_area_once"),
            models.CheckConstraint(
                name="marks_area_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} – {self.number}"


class AreaUnit(models.Model):
    """A commune that lies in an area as a whole, as it stood on the day of the decision."""

    area = models.ForeignKey(AreaVersion, models.CASCADE, related_name="units", verbose_name="khu vực")
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="xã, phường")

    class Meta:
        verbose_name = "xã, phường trong khu vực"
        verbose_name_plural = "xã, phường trong khu vực"
        constraints = [models.UniqueConstraint(fields=["area", "unit"], name="marks_area_unit_once")]

    def __str__(self) -> str:
        return str(self.unit)
