"""Money of tasks: budgets by line, source and year; an immutable ledger; counterpart pledged, proven, spent."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import (
    BudgetLineKind,
    CounterpartState,
    EstimateBasis,
    FailureCause,
    FundingSourceKind,
    LedgerEntryKind,
    LumpMode,
    PaymentFileState,
    TreasuryPayment,
)
from khcn.domains.programme.models.task import Task
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, User
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class BudgetVersion(Identified):
    """A task's estimate as approved at one time; the last approved one holds. Approved lines are never edited."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="budgets", verbose_name="nhiệm vụ")
    number = models.PositiveSmallIntegerField("lần")
    reason = models.CharField("lý do", max_length=300, blank=True)
    approved_on = models.DateField("duyệt ngày", null=True, blank=True)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    norm_breaches = models.JSONField("vượt định mức", default=list)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")

    class Meta:
        verbose_name = "dự toán"
        verbose_name_plural = "dự toán"
        ordering = ["task", "-number"]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="budget_version_once")]

    def __str__(self) -> str:
        return f"Dự toán {self.task.code} lần {self.number}"


class BudgetLine(Identified):
    """An amount of one kind of spending from one source in one year; lump or not.

    reckoning: title, person, content, job, quantity, coefficient, unit_vnd and fee, as far as the basis asks for them;
    numbers as exact text; is_abroad for a delegation abroad.
    """

    budget = models.ForeignKey(BudgetVersion, models.CASCADE, related_name="lines", verbose_name="dự toán")
    kind = EnumField("mục chi", enum=BudgetLineKind)
    source = EnumField("nguồn", enum=FundingSourceKind)
    year = models.PositiveSmallIntegerField("năm")
    amount_vnd = VndField("số tiền")
    is_lump = models.BooleanField("khoán", default=False)
    basis = EnumField("cách tính", enum=EstimateBasis, default=EstimateBasis.OTHER)
    reckoning = models.JSONField("số liệu tính", default=dict)
    note = models.CharField("diễn giải", max_length=300, blank=True)
    justification = models.CharField("giải trình vượt định mức", max_length=500, blank=True)

    class Meta:
        verbose_name = "dòng dự toán"
        verbose_name_plural = "dòng dự toán"
        ordering = ["budget", "source", "year", "kind", "id"]
        constraints = [models.CheckConstraint(name="budget_line_positive", condition=Q(amount_vnd__gt=0))]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.amount_vnd}"


class LedgerEntry(Identified):
    """One movement of money on a task; never edited or deleted: a mistake is reversed by an entry that names it.

    amount_vnd is positive; a reversal carries the same kind and amount and counts negative.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="ledger", verbose_name="nhiệm vụ")
    kind = EnumField("nghiệp vụ", enum=LedgerEntryKind)
    source = EnumField("nguồn", enum=FundingSourceKind)
    year = models.PositiveSmallIntegerField("năm ngân sách")
    line = EnumField("mục chi", enum=BudgetLineKind, blank=True, default="")
    amount_vnd = VndField("số tiền")
    on = models.DateField("ngày")
    document_number = models.CharField("chứng từ", max_length=80)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp chứng từ"
    )
    note = models.CharField("diễn giải", max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="đảo bút toán"
    )
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    entered_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    key = models.CharField("khóa chống ghi trùng", max_length=80, unique=True)

    class Meta:
        verbose_name = "bút toán"
        verbose_name_plural = "sổ kinh phí"
        ordering = ["on", "id"]
        indexes = [
            models.Index(fields=["task", "kind"]),
            # Holds everything that the fund report sums, so that no row of the ledger itself is read for it.
            models.Index(
                fields=["source", "year", "kind", "on", "task", "reverses", "amount_vnd"], name="ledger_fund_columns"
            ),
            # The same for sums by task of a few kinds, and the order of the list of one kind.
            models.Index(fields=["kind", "on", "task", "source", "reverses", "amount_vnd"], name="ledger_kind_sums"),
        ]
        constraints = [models.CheckConstraint(name="ledger_amount_positive", condition=Q(amount_vnd__gt=0))]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.kind} {self.amount_vnd}"


class PaymentFile(Versioned):
    """What is put before the State Treasury for one advance, clearance or payment; its papers are documents.

    A paper is a Document with this file as its subject and the paper's code as its role. payment: what the Treasury is
    asked for, fixed when the file is drawn up. checked: the checklist as it stood when the file was sent, as a rule
    trace. entry: what the ledger holds once the Treasury has paid.
    """

    code = models.CharField("mã hồ sơ", max_length=60, unique=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="payment_files", verbose_name="nhiệm vụ")
    kind = EnumField("nghiệp vụ", enum=LedgerEntryKind)
    payment = EnumField("khoản chi", enum=TreasuryPayment)
    source = EnumField("nguồn", enum=FundingSourceKind)
    year = models.PositiveSmallIntegerField("năm ngân sách")
    line = EnumField("mục chi", enum=BudgetLineKind, blank=True, default="")
    amount_vnd = VndField("số tiền")
    is_last = models.BooleanField("là lần thanh toán cuối", default=False)
    has_tender = models.BooleanField("có phần việc phải đấu thầu", default=False)
    equipment_note = models.CharField("xác nhận chưa thanh toán được thiết bị", max_length=300, blank=True)
    note = models.CharField("diễn giải", max_length=300, blank=True)
    state = EnumField("trạng thái", enum=PaymentFileState, default=PaymentFileState.DRAFTING)
    drawn_on = models.DateField("lập ngày")
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người lập")
    sent_on = models.DateField("gửi Kho bạc ngày", null=True, blank=True)
    checked = models.JSONField("kết quả kiểm tra hồ sơ", default=dict)
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, null=True, blank=True, related_name="payment_file", verbose_name="bút toán"
    )

    class Meta:
        verbose_name = "hồ sơ thanh toán"
        verbose_name_plural = "hồ sơ thanh toán"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "drawn_on"])]
        constraints = [
            models.CheckConstraint(name="payment_file_amount_positive", condition=Q(amount_vnd__gt=0)),
            models.CheckConstraint(
                name="payment_file_entered_with_its_entry",
                condition=Q(state=PaymentFileState.ENTERED.value, entry__isnull=False)
                | (~Q(state=PaymentFileState.ENTERED.value) & Q(entry=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Recovery(Versioned):
    """What the host of a failed or terminated task explains, what is concluded, demanded and paid back.

    unspent, proper, unproven: how the money received splits. due_vnd: the least that the rule computes from them, with
    its trace; demanded_vnd: what the decision names, never less. Payments are entries of the ledger.
    """

    task = models.OneToOneField(Task, models.PROTECT, related_name="recovery", verbose_name="nhiệm vụ")
    explanation = models.TextField("giải trình của tổ chức chủ trì", blank=True)
    explained_on = models.DateField("giải trình ngày", null=True, blank=True)
    cause = EnumField("nguyên nhân", enum=FailureCause, blank=True, default="")
    mode = EnumField("phương thức khoán", enum=LumpMode, blank=True, default="")
    unspent_vnd = VndField("đã nhận, chưa sử dụng", null=True, blank=True)
    proper_vnd = VndField("đã sử dụng đúng quy định", null=True, blank=True)
    unproven_vnd = VndField("chưa chứng minh được sử dụng đúng", null=True, blank=True)
    due_vnd = VndField("phải hoàn trả tối thiểu", null=True, blank=True)
    trace = models.JSONField("cách tính", default=dict)
    conclusion = models.TextField("kết luận", blank=True)
    concluded_on = models.DateField("kết luận ngày", null=True, blank=True)
    concluded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người kết luận"
    )
    decision_number = models.CharField("quyết định thu hồi số", max_length=80, blank=True)
    decided_on = models.DateField("quyết định ngày", null=True, blank=True)
    demanded_vnd = VndField("số phải hoàn trả", null=True, blank=True)

    class Meta:
        verbose_name = "thu hồi kinh phí"
        verbose_name_plural = "thu hồi kinh phí"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="recovery_amounts_not_negative",
                condition=(Q(unspent_vnd=None) | Q(unspent_vnd__gte=0))
                & (Q(proper_vnd=None) | Q(proper_vnd__gte=0))
                & (Q(unproven_vnd=None) | Q(unproven_vnd__gte=0)),
            ),
            models.CheckConstraint(
                name="recovery_demands_the_least",
                condition=Q(demanded_vnd=None) | Q(due_vnd__isnull=False, demanded_vnd__gte=F("due_vnd")),
            ),
        ]

    def __str__(self) -> str:
        return f"Thu hồi kinh phí {self.task.code}"


class Counterpart(Identified):
    """Non-state money of a task: pledged, proven by papers, or spent."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="counterparts", verbose_name="nhiệm vụ")
    state = EnumField("mức", enum=CounterpartState)
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị góp")
    amount_vnd = VndField("số tiền")
    on = models.DateField("ngày")
    document_number = models.CharField("văn bản, chứng từ", max_length=80)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")

    class Meta:
        verbose_name = "vốn đối ứng"
        verbose_name_plural = "vốn đối ứng"
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(name="counterpart_positive", condition=Q(amount_vnd__gt=0))]

    def __str__(self) -> str:
        return f"{self.giver}: {self.amount_vnd}"
