"""What the quality systems are held against: editions of the standard, dated parameters, sets of templates."""

from django.db import models

from khcn.domains.qms.choices import DocumentType, TemplateKind
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField, Identified


class StandardEdition(Dated):
    """An edition of the standard, dated; only numbers and short titles in words of our own are kept."""

    code = models.CharField("ký hiệu", max_length=60, unique=True)
    title = models.CharField("tên", max_length=200)
    status = models.CharField("đối chiếu", max_length=20, default="unverified")

    class Meta:
        verbose_name = "ấn bản tiêu chuẩn"
        verbose_name_plural = "ấn bản tiêu chuẩn"
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return self.code


class Clause(models.Model):
    """A clause of an edition: its number and a short title of our own wording."""

    edition = models.ForeignKey(StandardEdition, models.CASCADE, related_name="clauses", verbose_name="ấn bản")
    number = models.CharField("điều", max_length=12)
    title = models.CharField("nội dung", max_length=200)
    question = models.CharField("câu hỏi gợi ý", max_length=400, blank=True)
    ordinal = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "điều khoản"
        verbose_name_plural = "điều khoản"
        ordering = ["edition", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="clause_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Parameter(Dated):
    """A weight, threshold or term of the quality systems, dated, with the decision it comes from."""

    key = models.CharField("tham số", max_length=80)
    value = models.CharField("giá trị", max_length=40)
    unit = models.CharField("đơn vị", max_length=20, blank=True)
    decision = models.CharField("văn bản", max_length=200)
    status = models.CharField("đối chiếu", max_length=20, default="unverified")
    note = models.CharField("ghi chú", max_length=400, blank=True)

    class Meta:
        verbose_name = "tham số đánh giá hiệu quả"
        verbose_name_plural = "tham số đánh giá hiệu quả"
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="qms_parameter_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class TemplateDocument(Identified):
    """One document of the set from which an agency of a type starts; sections: [{"title", "body"}]."""

    set_for = EnumField("bộ mẫu cho", enum=TemplateKind)
    code = models.CharField("mã", max_length=40)
    type = EnumField("loại", enum=DocumentType)
    title = models.CharField("tên", max_length=300)
    clauses = models.CharField("điều khoản", max_length=120, blank=True)
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    sections = models.JSONField("nội dung", default=list)
    steps = models.JSONField("bảng bước", default=list)
    ordinal = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "tài liệu mẫu"
        verbose_name_plural = "tài liệu mẫu"
        ordering = ["set_for", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["set_for", "code"], name="template_document_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
