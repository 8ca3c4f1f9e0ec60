"""The quality system of one agency, its units and what it leaves out of its scope."""

from django.db import models

from khcn.domains.qms.choices import Obligation
from khcn.kernel.orgs.models import Dated, Organisation
from khcn.web.fields import EnumField, Identified, Versioned


class QualitySystem(Versioned):
    """The quality system of one agency; born when the agency is enrolled, it lives as long as the agency.

    Identity: the organisation's code for people, `uid` outside.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan")
    obligation = EnumField("nghĩa vụ áp dụng", enum=Obligation, default=Obligation.MANDATORY)
    started_on = models.DateField("bắt đầu xây dựng")
    scope = models.TextField("phạm vi áp dụng", blank=True)
    standard = models.CharField("tiêu chuẩn", max_length=60, default="TCVN ISO 9001:2015")
    has_laboratory = models.BooleanField("có phòng thử nghiệm", default=False)
    steering_decision = models.CharField("quyết định Ban chỉ đạo ISO", max_length=200, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "hệ thống quản lý chất lượng"
        verbose_name_plural = "hệ thống quản lý chất lượng"
        ordering = ["organisation__sort_key"]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def code(self) -> str:
        """The agency's code."""
        return self.organisation.code


class Owned(Versioned):
    """A record of one agency's system."""

    system = models.ForeignKey(QualitySystem, models.PROTECT, related_name="+", verbose_name="hệ thống")

    class Meta:
        abstract = True


class Unit(Identified, Dated):
    """A division inside the agency: who audits must come from another one than who is audited."""

    system = models.ForeignKey(QualitySystem, models.PROTECT, related_name="units", verbose_name="hệ thống")
    code = models.CharField("mã", max_length=20)
    name = models.CharField("phòng, bộ phận", max_length=200)

    class Meta:
        verbose_name = "phòng, bộ phận"
        verbose_name_plural = "phòng, bộ phận"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="qms_unit_once")]

    def __str__(self) -> str:
        return self.name


class ScopeExclusion(Identified):
    """A clause that does not apply to the agency, with the reason."""

    system = models.ForeignKey(QualitySystem, models.PROTECT, related_name="exclusions", verbose_name="hệ thống")
    clause = models.CharField("điều", max_length=12)
    justification = models.TextField("lý do không áp dụng")

    class Meta:
        verbose_name = "điều khoản không áp dụng"
        verbose_name_plural = "điều khoản không áp dụng"
        ordering = ["clause"]
        constraints = [models.UniqueConstraint(fields=["system", "clause"], name="scope_exclusion_once")]

    def __str__(self) -> str:
        return f"{self.clause}: {self.justification}"
