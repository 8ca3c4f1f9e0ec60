"""Controlled documents, their revisions and readers, requests to change them, and the records they produce."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.qms.choices import ChangePolicy, ChangeState, Disposal, DocumentType, Medium, RevisionState
from khcn.domains.qms.models.system import Owned, Unit
from khcn.kernel.documents.models import Document, LegalInstrument, Revision
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified


class ControlledDocument(Owned):
    """A document under control, by its code in the agency; what it says stands in its revisions.

    stored: the kernel's document that keeps the files. procedure_code: the procedure of the engine that this document
    describes, or the code under which the agency published it. An external document has an issuer and, where known, a
    validity.
    """

    code = models.CharField("mã", max_length=60)
    type = EnumField("loại", enum=DocumentType)
    title = models.CharField("tên", max_length=300)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bộ phận chủ trì"
    )
    clauses = models.CharField("điều khoản", max_length=120, blank=True)
    procedure_code = models.CharField("mã quy trình trên hệ thống", max_length=80, blank=True)
    review_on = models.DateField("soát xét trước ngày", null=True, blank=True)
    issuer = models.CharField("nơi ban hành", max_length=200, blank=True)
    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("hết hiệu lực từ", null=True, blank=True)
    template_code = models.CharField("lập từ mẫu", max_length=40, blank=True)
    stored = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản lưu"
    )
    folded = models.CharField(max_length=400, editable=False, default="", db_index=True)

    class Meta:
        verbose_name = "tài liệu kiểm soát"
        verbose_name_plural = "tài liệu kiểm soát"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="controlled_document_once"),
            models.CheckConstraint(
                name="controlled_document_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def effective(self) -> "DocumentRevision | None":
        """The revision in effect, if any."""
        return next((one for one in self.revisions.all() if one.state == RevisionState.EFFECTIVE), None)


class DocumentRevision(Owned):
    """One issue/revision of a controlled document, from draft to withdrawal.

    sections: [{"title", "body"}]; steps: [{"who", "what", "time", "form", "output"}]; contents: the kernel's revision
    with the very bytes (uploaded file, or the PDF made at approval). At most one is effective per document.
    """

    document = models.ForeignKey(ControlledDocument, models.PROTECT, related_name="revisions", verbose_name="tài liệu")
    issue_no = models.PositiveSmallIntegerField("lần ban hành", default=1)
    revision_no = models.PositiveSmallIntegerField("lần sửa đổi", default=0)
    state = EnumField("trạng thái", enum=RevisionState, default=RevisionState.DRAFT)
    sections = models.JSONField("nội dung", default=list)
    steps = models.JSONField("bảng bước", default=list)
    amended_part = models.CharField("trang, phần sửa đổi", max_length=200, blank=True)
    reason = models.CharField("lý do, yêu cầu sửa đổi", max_length=500)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xem xét"
    )
    approver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người phê duyệt"
    )
    approved_on = models.DateField("phê duyệt ngày", null=True, blank=True)
    effective_from = models.DateField("hiệu lực từ", null=True, blank=True)
    effective_to = models.DateField("hết hiệu lực từ", null=True, blank=True)
    forms = models.ManyToManyField(
        ControlledDocument, blank=True, related_name="used_by", verbose_name="biểu mẫu sử dụng"
    )
    legal_bases = models.ManyToManyField(LegalInstrument, blank=True, related_name="+", verbose_name="căn cứ pháp lý")
    contents = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp")
    needs_reading = models.BooleanField("phải đọc và xác nhận", default=True)

    class Meta:
        verbose_name = "lần ban hành, sửa đổi"
        verbose_name_plural = "lần ban hành, sửa đổi"
        ordering = ["document", "-issue_no", "-revision_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="effective"), name="one_effective_revision_per_document"
            ),
            models.UniqueConstraint(fields=["document", "issue_no", "revision_no"], name="revision_numbers_once"),
            models.CheckConstraint(
                name="revision_effect_dates",
                condition=Q(effective_from=None) | Q(effective_to=None) | Q(effective_from__lte=F("effective_to")),
            ),
            models.CheckConstraint(
                name="revision_effective_is_dated", condition=~Q(state="effective") | Q(effective_from__isnull=False)
            ),
            models.CheckConstraint(
                name="revision_approver_is_not_author", condition=Q(approver=None) | ~Q(approver=F("author"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.code} – lần ban hành {self.issue_no}, sửa đổi {self.revision_no}"

    @property
    def number(self) -> str:
        """Issue and revision as printed: "2.1"."""
        return f"{self.issue_no}.{self.revision_no}"

    @property
    def code(self) -> str:
        """Code with issue and revision."""
        return f"{self.document.code} {self.number}"


class Distribution(Identified):
    """A copy handed to a unit or a place outside, withdrawn when the revision ends."""

    revision = models.ForeignKey(
        DocumentRevision, models.PROTECT, related_name="distributions", verbose_name="lần ban hành"
    )
    copy_number = models.PositiveSmallIntegerField("bản số")
    receiver = models.CharField("nơi nhận", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bộ phận")
    handed_on = models.DateField("giao ngày")
    recalled_on = models.DateField("thu hồi ngày", null=True, blank=True)

    class Meta:
        verbose_name = "phân phối"
        verbose_name_plural = "phân phối"
        ordering = ["copy_number"]
        constraints = [models.UniqueConstraint(fields=["revision", "copy_number"], name="distribution_copy_once")]

    def __str__(self) -> str:
        return f"Bản số {self.copy_number}: {self.receiver}"


class ReadAck(Identified):
    """A person's duty to read a revision in effect, and when it was fulfilled; due in working days."""

    revision = models.ForeignKey(DocumentRevision, models.PROTECT, related_name="acks", verbose_name="lần ban hành")
    reader = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đọc")
    asked_on = models.DateField("yêu cầu ngày")
    due_on = models.DateField("hạn đọc")
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True)
    acknowledged_on = models.DateField("xác nhận ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đọc và xác nhận"
        verbose_name_plural = "đọc và xác nhận"
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["revision", "reader"], name="read_ack_once")]
        indexes = [models.Index(fields=["reader"], condition=Q(acknowledged_on=None), name="read_ack_open")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.revision}"


class ChangeRequest(Owned):
    """A wish to change a document or procedure, with what it touches, judged before anything is changed (6.3)."""

    code = models.CharField("mã", max_length=40)
    title = models.CharField("nội dung thay đổi", max_length=300)
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="tài liệu"
    )
    reason = models.TextField("lý do")
    state = EnumField("trạng thái", enum=ChangeState, default=ChangeState.DRAFT)
    impact_documents = models.TextField("tài liệu bị tác động", blank=True)
    impact_training = models.TextField("đào tạo cần làm", blank=True)
    running_cases = models.PositiveIntegerField("hồ sơ đang xử lý khi đánh giá", null=True, blank=True)
    case_policy = EnumField("hồ sơ đang xử lý", enum=ChangePolicy, default=ChangePolicy.FINISH_OLD)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đề nghị")
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người quyết định"
    )
    asked_on = models.DateField("đề nghị ngày")
    decided_on = models.DateField("quyết định ngày", null=True, blank=True)

    class Meta:
        verbose_name = "yêu cầu thay đổi"
        verbose_name_plural = "yêu cầu thay đổi"
        ordering = ["-asked_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="change_request_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class RecordSeries(Owned):
    """A line of the records matrix: what is kept, by whom, how long, and what then; a hold stops disposal."""

    code = models.CharField("mã", max_length=40)
    name = models.CharField("loại hồ sơ", max_length=300)
    document = models.ForeignKey(
        ControlledDocument, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="theo tài liệu"
    )
    keeper = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="nơi giữ")
    medium = EnumField("vật mang", enum=Medium, default=Medium.ELECTRONIC)
    retention_months = models.PositiveIntegerField("thời gian lưu (tháng)", null=True, blank=True)
    disposal = EnumField("sau thời hạn", enum=Disposal, default=Disposal.DESTROY)
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    is_held = models.BooleanField("đang tạm giữ, không được hủy", default=False)
    hold_reason = models.CharField("lý do tạm giữ", max_length=300, blank=True)

    class Meta:
        verbose_name = "loại hồ sơ"
        verbose_name_plural = "bảng quản lý hồ sơ"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="record_series_once"),
            models.CheckConstraint(
                name="record_series_kept_or_timed", condition=Q(disposal="keep") | Q(retention_months__isnull=False)
            ),
            models.CheckConstraint(
                name="record_series_hold_has_reason", condition=Q(is_held=False) | ~Q(hold_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RecordFolder(Identified):
    """Records of a series closed together (usually of a year), until they are disposed of."""

    series = models.ForeignKey(RecordSeries, models.PROTECT, related_name="folders", verbose_name="loại hồ sơ")
    title = models.CharField("tập hồ sơ", max_length=200)
    closed_on = models.DateField("kết thúc ngày")
    dispose_from = models.DateField("hết thời hạn lưu từ", null=True, blank=True)
    disposed_on = models.DateField("đã xử lý ngày", null=True, blank=True)
    disposal_record = models.CharField("biên bản", max_length=200, blank=True)

    class Meta:
        verbose_name = "tập hồ sơ"
        verbose_name_plural = "tập hồ sơ"
        ordering = ["series", "-closed_on"]

    def __str__(self) -> str:
        return self.title
