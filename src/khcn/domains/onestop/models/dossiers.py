"""A dossier and what happens to it: statuses, files, supplements, extension, fee, hand-overs, papers given out."""

from typing import Any

from django.db import models
from django.db.models import Q

from khcn.domains.onestop.choices import (
    ApplicantKind,
    Channel,
    DeliveryState,
    FinanceState,
    NationalStatus,
    PaperKind,
    PaymentMethod,
    ReturnMethod,
    SupplementStage,
    SyncState,
)
from khcn.domains.onestop.models.catalogue import AdministrativeProcedure, ProcedureComponent
from khcn.kernel.documents.models import Document, OfficialPaper, StoredFile
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.procedures.models import Case
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class Dossier(Versioned):
    """What one person hands in for one procedure, from submission to the result.

    tracking: what the applicant keeps, from submission on; code: the dossier code, from acceptance on. case: the
    engine's case, pinned to a version, from acceptance on; its clock is the dossier's. appointment_at: the promise on
    form 01 (or 04), which supplements do not move. Four states, each with its own meaning: status (business), finance,
    delivery, sync. Overdue is computed, never stored.
    """

    tracking = models.CharField("mã tra cứu", max_length=16, unique=True)
    code = models.CharField("mã hồ sơ", max_length=60, unique=True, null=True, blank=True)
    procedure = models.ForeignKey(
        AdministrativeProcedure, models.PROTECT, related_name="dossiers", verbose_name="thủ tục"
    )
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quá trình xử lý"
    )
    channel = EnumField("cách nộp", enum=Channel)
    status = EnumField("trạng thái", enum=NationalStatus, default=NationalStatus.SUBMITTED)
    finance = EnumField("phí, lệ phí", enum=FinanceState, default=FinanceState.NONE)
    delivery = EnumField("giao kết quả", enum=DeliveryState, default=DeliveryState.NOT_READY)
    sync = EnumField("đồng bộ", enum=SyncState, default=SyncState.NOT_SENT)
    applicant_kind = EnumField("đối tượng", enum=ApplicantKind, default=ApplicantKind.CITIZEN)
    applicant_name = models.CharField("người nộp", max_length=200)
    applicant_id = models.CharField("số định danh", max_length=30, blank=True)
    applicant_phone = models.CharField("điện thoại", max_length=20, blank=True)
    applicant_email = models.EmailField("thư điện tử", blank=True)
    applicant_address = models.CharField("địa chỉ", max_length=300, blank=True)
    represented_by = models.CharField("người nộp thay", max_length=200, blank=True)
    form_values = models.JSONField("nội dung tờ khai", default=dict, blank=True)
    support = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nơi hỗ trợ"
    )
    receiving = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="nơi tiếp nhận")
    deciding = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan giải quyết")
    submitted_at = models.DateTimeField("nộp lúc")
    received_at = models.DateTimeField("tiếp nhận lúc", null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người tiếp nhận"
    )
    appointment_at = models.DateTimeField("hẹn trả lúc", null=True, blank=True)
    decided_at = models.DateTimeField("có kết quả lúc", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    return_method = EnumField("nhận kết quả", enum=ReturnMethod, default=ReturnMethod.COUNTER)
    return_address = models.CharField("địa chỉ nhận", max_length=300, blank=True)
    result = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp kết quả"
    )
    result_paper = models.ForeignKey(
        OfficialPaper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản kết quả"
    )
    handed_to = models.CharField("người nhận, số bưu gửi", max_length=200, blank=True)
    intake_note = models.TextField("yêu cầu trước tiếp nhận", blank=True)
    papers_received = models.JSONField("giấy tờ đã nhận bản giấy", default=list, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=500, editable=False, default="", db_index=True)

    class Meta:
        verbose_name = "hồ sơ một cửa"
        verbose_name_plural = "hồ sơ một cửa"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["deciding", "status"]),
            models.Index(fields=["receiving", "status"]),
            models.Index(fields=["received_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="dossier_received_with_code_and_case",
                condition=Q(code=None, received_at=None, case=None)
                | Q(code__isnull=False, received_at__isnull=False, case__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.tracking

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text beside code and applicant."""
        self.folded = fold(f"{self.code or ''} {self.tracking} {self.applicant_name} {self.applicant_phone}")[:500]
        super().save(*args, **kwargs)


class StatusRecord(models.Model):
    """One step of a dossier, in order of time; rows are only added. status: after the step."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="history", verbose_name="hồ sơ")
    event = models.CharField("việc", max_length=30)
    status = EnumField("trạng thái", enum=NationalStatus)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thực hiện")
    by_name = models.CharField("người thực hiện", max_length=200)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "bước của hồ sơ"
        verbose_name_plural = "bước của hồ sơ"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.event}"


class DossierFile(Identified):
    """A file of a dossier. component: which paper it is; digitised here, or reused from an earlier dossier."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="files", verbose_name="hồ sơ")
    component = models.ForeignKey(
        ProcedureComponent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thuộc giấy tờ"
    )
    filename = models.CharField("tên tệp", max_length=255)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    is_digitised = models.BooleanField("bản số hóa", default=True)
    is_reused = models.BooleanField("dùng lại", default=False)
    added_at = models.DateTimeField("thêm lúc")
    by_applicant = models.BooleanField("người nộp gửi", default=False)

    class Meta:
        verbose_name = "tệp hồ sơ"
        verbose_name_plural = "tệp hồ sơ"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename


class HeldOriginal(Identified):
    """An original paper of the applicant that the office keeps for a while and gives back: the customer's property.

    returned_to: who took it back, with the paper that proved who it was.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="originals", verbose_name="hồ sơ")
    name = models.CharField("giấy tờ", max_length=300)
    copies = models.PositiveSmallIntegerField("số bản", default=1)
    state_note = models.CharField("tình trạng khi nhận", max_length=300, blank=True)
    taken_at = models.DateTimeField("nhận lúc")
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nhận")
    returned_at = models.DateTimeField("trả lúc", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người trả"
    )
    returned_to = models.CharField("trả cho", max_length=200, blank=True)

    class Meta:
        verbose_name = "bản chính đang giữ"
        verbose_name_plural = "bản chính đang giữ"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="original_copies_counted", condition=Q(copies__gte=1)),
            models.CheckConstraint(
                name="original_returned_to_somebody", condition=Q(returned_at=None) | ~Q(returned_to="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Supplement(Identified):
    """One request to supplement a dossier, before intake or during appraisal, and when it was met."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements", verbose_name="hồ sơ")
    stage = EnumField("giai đoạn", enum=SupplementStage)
    contents = models.TextField("nội dung yêu cầu")
    sector_basis = models.CharField("căn cứ chuyên ngành", max_length=300, blank=True)
    asked_at = models.DateTimeField("yêu cầu lúc")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người yêu cầu")
    supplied_at = models.DateTimeField("bổ sung lúc", null=True, blank=True)

    class Meta:
        verbose_name = "yêu cầu bổ sung"
        verbose_name_plural = "yêu cầu bổ sung"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(supplied_at=None), name="supplement_one_open_per_dossier"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.contents[:60]}"


class Extension(Identified):
    """The one apology with a new appointment, signed by a leader before the old one passed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="extensions", verbose_name="hồ sơ")
    reason = models.TextField("lý do")
    old_due_at = models.DateTimeField("hạn cũ")
    new_due_at = models.DateTimeField("hạn mới")
    at = models.DateTimeField("lúc")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ký")

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.dossier} → {self.new_due_at:%d/%m/%Y}"


class FeeDemand(Identified):
    """A demand for a fee, and its payment: when, how, by which receipt."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="fees", verbose_name="hồ sơ")
    amount_vnd = VndField("số tiền")
    reason = models.CharField("nội dung", max_length=300, blank=True)
    demanded_at = models.DateTimeField("yêu cầu lúc")
    paid_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    method = EnumField("cách nộp", enum=PaymentMethod, blank=True, default="")
    receipt_number = models.CharField("biên lai số", max_length=60, blank=True)
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người thu"
    )

    class Meta:
        verbose_name = "phí, lệ phí"
        verbose_name_plural = "phí, lệ phí"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="fee_positive", condition=Q(amount_vnd__gt=0)),
            models.UniqueConstraint(fields=["dossier"], condition=Q(paid_at=None), name="fee_one_open_per_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.amount_vnd}"


class IssuedPaper(Identified):
    """A form given out for a dossier, under the number that the circular of its day gives it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers", verbose_name="hồ sơ")
    kind = EnumField("giấy tờ", enum=PaperKind)
    form_basis = models.CharField("căn cứ mẫu", max_length=80)
    form_number = models.CharField("mẫu số", max_length=10, blank=True)
    title = models.CharField("tên", max_length=200)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="tệp")
    issued_at = models.DateTimeField("cấp lúc")

    class Meta:
        verbose_name = "giấy đã cấp"
        verbose_name_plural = "giấy đã cấp"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.title} – {self.dossier}"


class Absence(Identified):
    """A person away for a while, and who takes over what is assigned to them meanwhile."""

    person = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name="người vắng")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người làm thay")
    date_from = models.DateField("từ ngày")
    date_to = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "vắng mặt"
        verbose_name_plural = "vắng mặt"
        ordering = ["-date_from"]
        constraints = [
            models.CheckConstraint(name="absence_in_order", condition=Q(date_to__gte=models.F("date_from"))),
            models.CheckConstraint(name="absence_substitute_is_other", condition=~Q(substitute=models.F("person"))),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.date_from:%d/%m/%Y} – {self.date_to:%d/%m/%Y}"
