"""The report of a year on a right: figures frozen with their digest, words, then issued for good."""

from django.db import models

from khcn.domains.marks.choices import YearReportState
from khcn.domains.marks.models.rights import Right
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Versioned


class YearReport(Versioned):
    """One report of one year. A correction is the next number and names the one it corrects; an issued one stays."""

    code = models.SlugField("mã", max_length=90, unique=True)
    right = models.ForeignKey(Right, models.PROTECT, related_name="year_reports", verbose_name="quyền")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("lần", default=1)
    state = EnumField("trạng thái", enum=YearReportState, default=YearReportState.DRAFT)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="đính chính cho"
    )
    as_of = models.DateField("số liệu đến ngày")
    snapshot = models.JSONField("số liệu chốt")
    sha256 = models.CharField("SHA-256", max_length=64)
    assessment = models.TextField("đánh giá", blank=True)
    difficulties = models.TextField("khó khăn, vướng mắc", blank=True)
    proposals = models.TextField("kiến nghị, phương hướng", blank=True)
    document_number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ban hành ngày", null=True, blank=True)
    word = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản Word")
    workbook = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bảng Excel"
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")

    class Meta:
        verbose_name = "báo cáo năm về quyền"
        verbose_name_plural = "báo cáo năm về quyền"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["right", "year", "number"], name="marks_year_report_once")]

    def __str__(self) -> str:
        return f"{self.right} {self.year}"
