"""Dated reference data of the rules: rule sets, parameters, clocks, norms and forms; editable, never code."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    BudgetLineKind,
    ClockUnit,
    FundingSourceKind,
    PaperCondition,
    PaperKeeper,
    PaperNeed,
    PinningPolicy,
    Regime,
    RuleStatus,
    TreasuryPayment,
)
from khcn.kernel.orgs.models import Dated
from khcn.web.fields import EnumField, Identified, VndField


class RuleSet(Identified, Dated):
    """One body of rules (regime A, B, C or a province's own) with its time and how it binds tasks in progress.

    Identity: `code`. `follows`: the set whose parameters hold where this one is silent.
    """

    code = models.CharField("mã", max_length=20, unique=True)
    title = models.CharField("tên", max_length=300)
    regime = EnumField("chế độ", enum=Regime)
    pinning = EnumField("cách áp dụng khi chuyển tiếp", enum=PinningPolicy)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bổ sung cho"
    )
    levels = models.JSONField("áp dụng cho cấp", default=list)
    citation = models.CharField("căn cứ", max_length=500, blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "bộ quy tắc"
        verbose_name_plural = "bộ quy tắc"
        ordering = ["valid_from", "code"]

    def __str__(self) -> str:
        return f"{self.code} – {self.title}"


class RuleParameter(Identified, Dated):
    """One figure of a rule set with its citation and how sure it is; a new figure is a new dated row."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="parameters", verbose_name="bộ quy tắc")
    key = models.CharField("khóa", max_length=80)
    value = models.CharField("giá trị", max_length=200)
    unit = models.CharField("đơn vị", max_length=40, blank=True)
    instrument = models.CharField("văn bản", max_length=80, blank=True)
    article = models.CharField("điều khoản", max_length=120, blank=True)
    evidence = models.TextField("trích văn bản", blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "tham số quy tắc"
        verbose_name_plural = "tham số quy tắc"
        ordering = ["rule_set", "key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "key", "valid_from"], name="parameter_once"),
            models.UniqueConstraint(
                fields=["rule_set", "key"], condition=Q(valid_from=None), name="parameter_once_undated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set.code}: {self.key} = {self.value} {self.unit}".strip()

    @property
    def citation(self) -> str:
        """The instrument and article, as printed."""
        return ", ".join(part for part in (self.instrument, self.article) if part)


class ClockRule(Identified, Dated):
    """A statutory time of one step in a rule set: how long, from which event, and what follows when it is missed."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="clocks", verbose_name="bộ quy tắc")
    key = models.CharField("khóa", max_length=80)
    title = models.CharField("việc phải làm", max_length=300)
    amount = models.PositiveIntegerField("thời gian")
    unit = EnumField("đơn vị", enum=ClockUnit)
    step = models.PositiveSmallIntegerField("bước", default=0)
    bound = models.CharField("kiểu thời hạn", max_length=10, default="within", help_text="within, before hoặc keep")
    starts_with = models.CharField("tính từ", max_length=120, blank=True)
    responsible_role = models.CharField("vai trò phải làm", max_length=40, blank=True)
    consequence = models.CharField("hậu quả khi quá hạn", max_length=300, blank=True)
    instrument = models.CharField("văn bản", max_length=80, blank=True)
    article = models.CharField("điều khoản", max_length=120, blank=True)
    evidence = models.TextField("trích văn bản", blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "thời hạn theo quy định"
        verbose_name_plural = "thời hạn theo quy định"
        ordering = ["rule_set", "key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "key", "valid_from"], name="clock_rule_once"),
            models.UniqueConstraint(
                fields=["rule_set", "key"], condition=Q(valid_from=None), name="clock_rule_once_undated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set.code}: {self.title} – {self.amount} {self.unit}"

    @property
    def citation(self) -> str:
        """The instrument and article, as printed."""
        return ", ".join(part for part in (self.instrument, self.article) if part)


class CostNorm(Identified, Dated):
    """One ceiling of spending with its citation; a province's resolution overrides it from its own date."""

    key = models.CharField("khóa", max_length=120)
    title = models.CharField("nội dung chi", max_length=300)
    amount_vnd = VndField("mức trần (đồng)", null=True, blank=True)
    ratio = models.DecimalField("tỷ lệ", max_digits=7, decimal_places=4, null=True, blank=True)
    unit = models.CharField("đơn vị", max_length=60, blank=True)
    activity = models.CharField("hoạt động", max_length=60, blank=True)
    role = models.CharField("chức danh", max_length=60, blank=True)
    instrument = models.CharField("văn bản", max_length=80, blank=True)
    article = models.CharField("điều khoản", max_length=120, blank=True)
    evidence = models.TextField("trích văn bản", blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "định mức chi"
        verbose_name_plural = "định mức chi"
        ordering = ["key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="norm_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(valid_from=None), name="norm_once_undated"),
            models.CheckConstraint(
                name="norm_amount_or_ratio",
                condition=(Q(amount_vnd__isnull=False) | Q(ratio__isnull=False))
                & (Q(amount_vnd=None) | Q(amount_vnd__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.amount_vnd if self.amount_vnd is not None else self.ratio} {self.unit}"

    @property
    def citation(self) -> str:
        """The instrument and article, as printed."""
        return ", ".join(part for part in (self.instrument, self.article) if part)


class FormTemplate(Identified, Dated):
    """A form of the law by its code, for the list of forms and the heading of generated papers."""

    code = models.CharField("ký hiệu mẫu", max_length=40)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="forms", verbose_name="bộ quy tắc")
    title = models.CharField("tên", max_length=300)
    official_code = models.CharField("ký hiệu chính thức", max_length=60, blank=True)
    step = models.PositiveSmallIntegerField("bước", default=0)
    instrument = models.CharField("văn bản", max_length=80, blank=True)
    article = models.CharField("điều khoản", max_length=120, blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)

    class Meta:
        verbose_name = "biểu mẫu"
        verbose_name_plural = "biểu mẫu"
        ordering = ["rule_set", "code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "code", "valid_from"], name="form_once"),
            models.UniqueConstraint(
                fields=["rule_set", "code"], condition=Q(valid_from=None), name="form_once_undated"
            ),
            models.CheckConstraint(
                name="form_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def citation(self) -> str:
        """The instrument and article, as printed."""
        return ", ".join(part for part in (self.instrument, self.article) if part)


class TreasuryPaper(Identified, Dated):
    """One paper that goes with a kind of payment to the State Treasury, with its citation and how sure it is.

    line, source: empty for any. over_vnd: only above this amount, up_to_vnd: only up to it.
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="treasury_papers", verbose_name="bộ quy tắc")
    payment = EnumField("khoản chi", enum=TreasuryPayment)
    code = models.CharField("ký hiệu", max_length=40)
    title = models.CharField("giấy tờ", max_length=300)
    line = EnumField("mục chi", enum=BudgetLineKind, blank=True, default="")
    source = EnumField("nguồn", enum=FundingSourceKind, blank=True, default="")
    over_vnd = VndField("trên (đồng)", null=True, blank=True)
    up_to_vnd = VndField("đến (đồng)", null=True, blank=True)
    condition = EnumField("trường hợp", enum=PaperCondition, default=PaperCondition.ALWAYS)
    need = EnumField("mức yêu cầu", enum=PaperNeed, default=PaperNeed.WARN)
    keeper = EnumField("nơi giữ", enum=PaperKeeper, default=PaperKeeper.TREASURY)
    copy = models.CharField("bản", max_length=40, blank=True)
    instrument = models.CharField("văn bản", max_length=80, blank=True)
    article = models.CharField("điều khoản", max_length=120, blank=True)
    evidence = models.TextField("trích văn bản", blank=True)
    status = EnumField("đối chiếu", enum=RuleStatus, default=RuleStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "giấy tờ của hồ sơ thanh toán"
        verbose_name_plural = "giấy tờ của hồ sơ thanh toán"
        ordering = ["rule_set", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "payment", "code", "line", "source", "condition", "valid_from"],
                name="treasury_paper_once",
            ),
            models.UniqueConstraint(
                fields=["rule_set", "payment", "code", "line", "source", "condition"], condition=Q(valid_from=None),
                name="treasury_paper_once_undated",
            ),
            models.CheckConstraint(
                name="treasury_paper_bounds_in_order",
                condition=Q(over_vnd=None) | Q(up_to_vnd=None) | Q(over_vnd__lt=F("up_to_vnd")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def citation(self) -> str:
        """The instrument and article, as printed."""
        return ", ".join(part for part in (self.instrument, self.article) if part)
