"""Files kept by content, documents with revisions, number registers and the instruments they rest on."""

from django.db import models
from django.db.models import F, Q

from khcn.kernel.documents.choices import DocumentKind, LegalStatus
from khcn.kernel.orgs.models import Dated, Organisation, User
from khcn.web.fields import EnumField, Identified


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
