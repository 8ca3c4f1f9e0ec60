"""The plan as a document says it: objectives, fields, duties, envelopes and the annex."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    AssignmentRole,
    AssignmentState,
    Certainty,
    ContentArea,
    FundingSourceKind,
    PlanState,
)
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class PlanReading(Versioned):
    """What was read from a plan's file, side by side with its passages, until a person corrects and adopts it.

    extracted: as the reader found it (never changed). corrected: as the person left it. Nothing is adopted unseen.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="tệp kế hoạch")
    text = models.TextField("văn bản đọc được")
    extracted = models.JSONField("kết quả đọc")
    corrected = models.JSONField("kết quả đã sửa")
    warnings = models.JSONField("cảnh báo", default=list)
    plan = models.OneToOneField(
        "Plan", models.SET_NULL, null=True, blank=True, related_name="reading", verbose_name="kế hoạch"
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nhập")
    discarded_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    class Meta:
        verbose_name = "bản đọc kế hoạch"
        verbose_name_plural = "bản đọc kế hoạch"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Bản đọc {self.document}"


class Plan(Versioned):
    """A plan of the province for some years, adopted from a document; ends superseded or closed with a final report."""

    code = models.CharField("mã", max_length=40, unique=True)
    title = models.CharField("tên", max_length=500)
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    period_from = models.PositiveSmallIntegerField("từ năm")
    period_to = models.PositiveSmallIntegerField("đến năm")
    total_vnd = VndField("kinh phí dự kiến", null=True, blank=True)
    total_is_approximate = models.BooleanField("ước khoảng", default=False)
    state = EnumField("trạng thái", enum=PlanState, default=PlanState.DRAFT)
    standing_body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan thường trực"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản"
    )
    recipients = models.JSONField("nơi nhận", default=list)
    adopted_at = models.DateTimeField("đưa vào theo dõi lúc", null=True, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-period_from", "code"]
        constraints = [
            models.CheckConstraint(name="plan_years_in_order", condition=Q(period_from__lte=F("period_to"))),
            models.CheckConstraint(name="plan_total_not_negative", condition=Q(total_vnd=None) | Q(total_vnd__gte=0)),
        ]

    def __str__(self) -> str:
        return self.title


class PlanBasis(Identified):
    """One paper on which the plan rests, as its preamble cites it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="bases", verbose_name="kế hoạch")
    ordinal = models.PositiveIntegerField("thứ tự")
    text = models.TextField("căn cứ")
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày", null=True, blank=True)

    class Meta:
        verbose_name = "căn cứ của kế hoạch"
        verbose_name_plural = "căn cứ của kế hoạch"
        ordering = ["plan", "ordinal", "id"]

    def __str__(self) -> str:
        return self.number or self.text[:60]


class Objective(Identified):
    """A sentence saying what the plan is for; counted promises are targets of the indicators room."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objectives", verbose_name="kế hoạch")
    ordinal = models.PositiveIntegerField("thứ tự")
    text = models.TextField("mục tiêu")
    is_general = models.BooleanField("mục tiêu chung", default=True)

    class Meta:
        verbose_name = "mục tiêu"
        verbose_name_plural = "mục tiêu"
        ordering = ["plan", "ordinal", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class PlanField(Identified):
    """A field of content of the plan (information technology, biotechnology, …)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="fields", verbose_name="kế hoạch")
    ordinal = models.PositiveIntegerField("thứ tự")
    title = models.CharField("lĩnh vực", max_length=300)
    area = EnumField("nhóm lĩnh vực", enum=ContentArea, default=ContentArea.OTHER)

    class Meta:
        verbose_name = "lĩnh vực của kế hoạch"
        verbose_name_plural = "lĩnh vực của kế hoạch"
        ordering = ["plan", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["plan", "ordinal"], name="plan_field_ordinal_once")]

    def __str__(self) -> str:
        return self.title


class ContentLine(Identified):
    """One line of work under a field; tasks answer it."""

    field = models.ForeignKey(PlanField, models.CASCADE, related_name="lines", verbose_name="lĩnh vực")
    ordinal = models.PositiveIntegerField("thứ tự")
    text = models.TextField("nội dung")

    class Meta:
        verbose_name = "nội dung"
        verbose_name_plural = "nội dung"
        ordering = ["field", "ordinal", "id"]

    def __str__(self) -> str:
        return self.text[:100]


class PlanSource(Identified):
    """A source of money that the plan names."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sources", verbose_name="kế hoạch")
    ordinal = models.PositiveIntegerField("thứ tự")
    kind = EnumField("nguồn", enum=FundingSourceKind, default=FundingSourceKind.UNDETERMINED)
    text = models.TextField("nguyên văn")

    class Meta:
        verbose_name = "nguồn kinh phí"
        verbose_name_plural = "nguồn kinh phí"
        ordering = ["plan", "ordinal", "id"]

    def __str__(self) -> str:
        return self.text[:100]


class PlanEnvelope(Versioned):
    """The amount that one source is to give, or has been given, to the plan in one year."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="envelopes", verbose_name="kế hoạch")
    source = EnumField("nguồn", enum=FundingSourceKind)
    year = models.PositiveSmallIntegerField("năm")
    planned_vnd = VndField("kế hoạch", default=0)
    granted_vnd = VndField("dự toán giao", default=0)
    certainty = EnumField("mức chắc chắn", enum=Certainty, default=Certainty.TARGETED)
    basis = models.CharField("văn bản", max_length=200, blank=True)

    class Meta:
        verbose_name = "khung kinh phí"
        verbose_name_plural = "khung kinh phí"
        ordering = ["plan", "year", "source"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "source", "year"], name="envelope_once"),
            models.CheckConstraint(name="envelope_not_negative", condition=Q(planned_vnd__gte=0, granted_vnd__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.year}"


class Assignment(Versioned):
    """A duty that the plan gives to one or more bodies, in its own words, with what they did."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="assignments", verbose_name="kế hoạch")
    group = models.PositiveIntegerField("nhóm")
    ordinal = models.PositiveIntegerField("thứ tự")
    units_text = models.TextField("đơn vị (nguyên văn)")
    duty = models.TextField("việc được giao")
    role = EnumField("vai trò", enum=AssignmentRole, default=AssignmentRole.COORDINATE)
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name="đơn vị")
    due_on = models.DateField("hạn", null=True, blank=True)

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["plan", "group", "ordinal", "id"]

    def __str__(self) -> str:
        return self.duty[:100]


class AssignmentReport(Versioned):
    """What one unit says it did of one duty in a period, and what the standing body thinks of it."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reports", verbose_name="phân công")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị")
    reported_on = models.DateField("ngày báo cáo")
    state = EnumField("tự đánh giá", enum=AssignmentState)
    result = models.TextField("kết quả")
    appraisal = EnumField("Sở đánh giá", enum=AssignmentState, blank=True, default="")
    appraisal_note = models.TextField("nhận xét của Sở", blank=True)

    class Meta:
        verbose_name = "kết quả phân công"
        verbose_name_plural = "kết quả phân công"
        ordering = ["-reported_on", "-id"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.assignment}"


class PlanItem(Versioned):
    """A row of the plan's annex: a task foreseen, with money by source and year. Imported, never invented.

    amounts: {"S1": {"2022": 500000000}, ...} in đồng. Re-import updates by `code`.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", verbose_name="kế hoạch")
    code = models.CharField("mã", max_length=40)
    title = models.CharField("tên nhiệm vụ", max_length=500)
    field = models.ForeignKey(
        PlanField, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="lĩnh vực"
    )
    lead_text = models.CharField("đơn vị chủ trì", max_length=300, blank=True)
    partners_text = models.CharField("đơn vị phối hợp", max_length=500, blank=True)
    year_from = models.PositiveSmallIntegerField("từ năm", null=True, blank=True)
    year_to = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    amounts = models.JSONField("kinh phí theo nguồn, năm", default=dict)
    total_vnd = VndField("tổng kinh phí", default=0)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "dòng phụ lục"
        verbose_name_plural = "phụ lục"
        ordering = ["plan", "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_item_once"),
            models.CheckConstraint(name="plan_item_not_negative", condition=Q(total_vnd__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ColumnMapping(Identified):
    """How a person mapped the columns of a kind of spreadsheet, remembered for the next one with the same headers."""

    purpose = models.CharField("dùng cho", max_length=40)
    headers_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField("ánh xạ cột")
    saved_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="người lưu")
    saved_at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "ánh xạ cột"
        verbose_name_plural = "ánh xạ cột"
        constraints = [models.UniqueConstraint(fields=["purpose", "headers_sha256"], name="mapping_once")]

    def __str__(self) -> str:
        return self.purpose
