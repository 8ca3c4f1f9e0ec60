"""Files kept by content, documents with revisions, number registers and the instruments they rest on."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.kernel.documents.choices import (
    DispatchKind,
    DispatchState,
    DocumentKind,
    IncomingState,
    LegalStatus,
    PaperState,
    SignatureKind,
    Urgency,
)
from khcn.kernel.documents.rules import PAPER_STEPS
from khcn.kernel.orgs.models import Dated, Organisation, Person, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class StoredFile(Identified):
    """The bytes of a file, kept once under their SHA-256. Never changed; removed only by retention."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("số byte")
    media_type = models.CharField("loại nội dung", max_length=120)
    stored_at = models.DateTimeField("lưu lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tệp"
        verbose_name_plural = "tệp"

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Path below the file store."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Document(Identified):
    """A document of an organisation; what it says is in its revisions, the last one counts.

    subject_type/subject_uid: the governed record it belongs to (label_lower and uid), empty when it stands alone.
    """

    kind = EnumField("loại", enum=DocumentKind)
    title = models.CharField("trích yếu", max_length=500)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    role = models.CharField("vai trò trong hồ sơ", max_length=60, blank=True)
    is_public = models.BooleanField("công khai", default=False)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_uid"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Revision(Identified):
    """One state of a document's contents; revisions are numbered from 1 without gaps."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions", verbose_name="văn bản")
    number = models.PositiveIntegerField("lần")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    filename = models.CharField("tên tệp", max_length=255)
    reason = models.CharField("lý do", max_length=300, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người tạo")

    class Meta:
        verbose_name = "lần sửa đổi"
        verbose_name_plural = "lần sửa đổi"
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.document} – lần {self.number}"


class NumberRegister(models.Model):
    """The book in which an organisation numbers one kind of document (or code) in one year, without gaps."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    series = models.CharField("sổ", max_length=60)
    year = models.PositiveSmallIntegerField("năm")
    last_number = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "sổ đăng ký số"
        verbose_name_plural = "sổ đăng ký số"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "series", "year"], name="register_once"),
            models.UniqueConstraint(  # SQLite has no "nulls not distinct"
                fields=["series", "year"], condition=Q(organisation=None), name="register_of_nobody_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}/{self.year}: {self.last_number}"


class LegalInstrument(Identified, Dated):
    """A law, decree, circular or decision on which rules rest, with the time it is in force."""

    number = models.CharField("số, ký hiệu", max_length=80, unique=True)
    title = models.CharField("tên", max_length=500)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="thay bằng"
    )
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "văn bản pháp luật"
        verbose_name_plural = "văn bản pháp luật"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="instrument_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class AgencyIdentifier(Identified, Dated):
    """The code under which an organisation is known on the national axis and portal, for a while."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="identifiers", verbose_name="cơ quan")
    code = models.CharField("mã định danh", max_length=30)
    basis = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "mã định danh"
        verbose_name_plural = "mã định danh"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="identifier_once")]

    def __str__(self) -> str:
        return self.code


class OfficialPaper(Versioned):
    """An official paper of an organisation, from draft to receiver (NĐ 30/2020/NĐ-CP).

    What it says is kept as plain lines (`rules.paper_contents` reads them) until the person signs; from then on the
    signed PDF in `document` is the paper. number + year + kind: unique within the organisation, given after the
    person's signature and before the organisation's. subject_type/uid: the record it serves.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan ban hành")
    kind = EnumField("loại văn bản", enum=DocumentKind, default=DocumentKind.LETTER)
    title = models.CharField("trích yếu", max_length=500)
    notation = models.CharField("ký hiệu", max_length=60)
    place = models.CharField("địa danh", max_length=80)
    addressees = models.TextField("kính gửi", blank=True)
    grounds = models.TextField("căn cứ", blank=True)
    body = models.TextField("nội dung")
    recipients = models.TextField("nơi nhận", blank=True)
    archive = models.CharField("lưu", max_length=60, default="VT")
    urgency = EnumField("độ khẩn", enum=Urgency, default=Urgency.ORDINARY)
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="người ký")
    signer_title = models.CharField("chức vụ người ký", max_length=120)
    signer_authority = models.CharField("thẩm quyền ký", max_length=5, blank=True)
    signer_for = models.CharField("ký thay, thừa lệnh", max_length=120, blank=True)
    state = EnumField("trạng thái", enum=PaperState, default=PaperState.DRAFT)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người soạn")
    initialled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người ký nháy"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp đã ký"
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="thay thế"
    )
    subject_type = models.CharField(max_length=80, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=700, editable=False, default="", db_index=True)

    class Meta:
        verbose_name = "văn bản phát hành"
        verbose_name_plural = "văn bản phát hành"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_uid"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "year", "number"], condition=Q(number__isnull=False),
                name="paper_number_once",
            ),
            models.CheckConstraint(
                name="paper_number_with_its_day",
                condition=Q(number=None, issued_on=None) | Q(number__isnull=False, issued_on__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text beside the title."""
        self.folded = fold(f"{self.code} {self.title}")[:700]
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """ "05/SKHCN-QLKH"; before a number is given only the notation after a gap."""
        return f"{self.number:02d}/{self.notation}" if self.number else f"…/{self.notation}"


class PaperSignature(Identified):
    """One signature made in a paper's PDF. certificate_sha256: of the signer's certificate."""

    paper = models.ForeignKey(OfficialPaper, models.PROTECT, related_name="signatures", verbose_name="văn bản")
    kind = EnumField("loại chữ ký", enum=SignatureKind)
    signer_name = models.CharField("người ký", max_length=200)
    certificate_sha256 = models.CharField("chứng thư", max_length=64)
    is_test = models.BooleanField("chứng thư thử nghiệm", default=False)
    signed_at = models.DateTimeField("ký lúc")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="tài khoản")

    class Meta:
        verbose_name = "chữ ký"
        verbose_name_plural = "chữ ký"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["paper", "kind"], name="paper_signature_once")]

    def __str__(self) -> str:
        return f"{self.signer_name} – {self.paper}"


class SigningSession(Identified):
    """A signature begun here and to be finished by a token or a remote service; used once, soon or never."""

    paper = models.ForeignKey(OfficialPaper, models.CASCADE, related_name="+", verbose_name="văn bản")
    paper_version = models.PositiveIntegerField()
    kind = EnumField("loại chữ ký", enum=SignatureKind)
    chain = models.JSONField(default=list)
    prepared = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    attributes = models.BinaryField()
    document_digest = models.BinaryField()
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "phiên ký"
        verbose_name_plural = "phiên ký"

    def __str__(self) -> str:
        return f"{self.paper} – {self.kind}"


class PaperEvent(models.Model):
    """One step of a paper; rows are only added."""

    paper = models.ForeignKey(OfficialPaper, models.PROTECT, related_name="events", verbose_name="văn bản")
    event = models.CharField("việc", max_length=40)
    from_state = models.CharField("từ", max_length=20)
    to_state = models.CharField("đến", max_length=20)
    note = models.TextField("ghi chú", blank=True)
    at = models.DateTimeField("lúc")
    by_name = models.CharField("người thực hiện", max_length=200)

    class Meta:
        verbose_name = "bước của văn bản"
        verbose_name_plural = "bước của văn bản"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.event}: {self.from_state} → {self.to_state}"

    @property
    def label(self) -> str:
        """The name of the step."""
        return PAPER_STEPS[self.event].label if self.event in PAPER_STEPS else self.event


class Dispatch(Identified):
    """One message with a paper to one receiver: `uid` is its idempotent message id, the file the bytes sent."""

    paper = models.ForeignKey(OfficialPaper, models.PROTECT, related_name="dispatches", verbose_name="văn bản")
    kind = EnumField("nghiệp vụ", enum=DispatchKind, default=DispatchKind.NEW)
    receiver_code = models.CharField("mã nơi nhận", max_length=30)
    receiver_name = models.CharField("nơi nhận", max_length=300)
    state = EnumField("trạng thái", enum=DispatchState, default=DispatchState.WAITING)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="gói tin")
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    next_try_at = models.DateTimeField("gửi lại lúc", null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answer = models.CharField("trả lời", max_length=500, blank=True)

    class Meta:
        verbose_name = "lượt gửi"
        verbose_name_plural = "lượt gửi"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind", "receiver_code"], name="dispatch_once_per_receiver")
        ]

    def __str__(self) -> str:
        return f"{self.paper.code} → {self.receiver_name}"


class IncomingPaper(Identified):
    """A paper that came in over the axis, with its number in the book of arrivals."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="nơi nhận")
    reference = models.CharField("định danh", max_length=200)
    sender_code = models.CharField("mã nơi gửi", max_length=30)
    sender_name = models.CharField("nơi gửi", max_length=300, blank=True)
    code = models.CharField("số, ký hiệu", max_length=80)
    title = models.CharField("trích yếu", max_length=500)
    type_name = models.CharField("loại văn bản", max_length=100, blank=True)
    promulgated_on = models.DateField("ngày văn bản")
    urgency = EnumField("độ khẩn", enum=Urgency, default=Urgency.ORDINARY)
    state = EnumField("trạng thái", enum=IncomingState, default=IncomingState.ARRIVED)
    arrival_number = models.PositiveIntegerField("số đến")
    arrived_at = models.DateTimeField("đến lúc")
    message = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="gói tin")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp chính"
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "văn bản đến"
        verbose_name_plural = "văn bản đến"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "reference"], name="incoming_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
