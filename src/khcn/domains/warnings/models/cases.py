"""Official bulletins, the cases of warning, their messages on the way out, and what went out for ever."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.warnings.choices import LevelOrigin, MessageDraftState, MessageKind, WarningKind, WarningState
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class Bulletin(Identified):
    """An official bulletin as it came: the only source of an official level. Kept as it was.

    stated: {unit code: level}; scale: "risk" (levels 1–5) or "fire" (classes I–V of forestry, no risk level).
    """

    issuer = models.CharField("cơ quan ban hành", max_length=200)
    number = models.CharField("số bản tin", max_length=80)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    scale = models.CharField("thang cấp", max_length=8, default="risk")
    issued_at = models.DateTimeField("ban hành lúc")
    received_at = models.DateTimeField("nhận lúc")
    next_due_at = models.DateTimeField("bản tin sau trước", null=True, blank=True)
    stated = models.JSONField("cấp theo địa bàn", default=dict)
    content = models.TextField("nội dung")
    sha256 = models.CharField("SHA-256", max_length=64)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    is_illustration = models.BooleanField("minh họa", default=False)

    class Meta:
        verbose_name = "bản tin chính thức"
        verbose_name_plural = "bản tin chính thức"
        ordering = ["-issued_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["issuer", "number", "issued_at"], name="warnings_bulletin_once")]

    def __str__(self) -> str:
        return f"{self.number} ({self.issuer})"

    @property
    def highest(self) -> int:
        """The highest level or class stated."""
        return max((int(level) for level in self.stated.values()), default=0)


class WarningCase(Versioned):
    """One matter of warning from its first sign to its end; its messages follow each other, one in force at a time.

    danger: what was seen by whoever watches (`DangerSeen`). observed_at … first_delivered_at: when each thing happened.
    """

    code = models.CharField("mã", max_length=24, unique=True)
    hazard = models.SlugField("loại thiên tai", max_length=40)
    hazard_name = models.CharField("tên thiên tai", max_length=160)
    kind = EnumField("loại tin", enum=WarningKind)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan phát")
    state = EnumField("trạng thái", enum=WarningState, default=WarningState.PREPARING)
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="bản tin chính thức"
    )
    danger = models.JSONField("dấu hiệu", default=dict, blank=True)
    seen_key = models.CharField(max_length=80, blank=True, db_index=True)
    is_exercise = models.BooleanField("diễn tập", default=False)
    exercise_name = models.CharField("tên cuộc diễn tập", max_length=200, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    observed_at = models.DateTimeField("đo lúc", null=True, blank=True)
    proposed_at = models.DateTimeField("đề xuất lúc", null=True, blank=True)
    approved_at = models.DateTimeField("duyệt lần đầu lúc", null=True, blank=True)
    issued_at = models.DateTimeField("phát lần đầu lúc", null=True, blank=True)
    first_delivered_at = models.DateTimeField("đến nơi nhận đầu tiên lúc", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    drop_reason = models.CharField("lý do không phát", max_length=300, blank=True)
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta:
        verbose_name = "cảnh báo"
        verbose_name_plural = "cảnh báo"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seen_key"], condition=Q(state="proposed") & ~Q(seen_key=""), name="warnings_one_proposal"
            ),
            models.CheckConstraint(
                name="warnings_relay_has_bulletin", condition=~Q(kind="relay") | Q(bulletin__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.hazard_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.hazard_name} {self.danger.get('place_name', '')}")[:400]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class MessageDraft(Versioned):
    """A message on its way out: written, submitted, approved by another, issued. Its issued form is a `CapMessage`.

    units: codes of communes. ring: a drawn ring of [latitude, longitude], closed, or empty. level: None where the law
    has none; raise_reason: why it was raised above what its origin says (article 4.4).
    """

    case = models.ForeignKey(WarningCase, models.PROTECT, related_name="drafts", verbose_name="cảnh báo")
    kind = EnumField("loại", enum=MessageKind)
    state = EnumField("trạng thái", enum=MessageDraftState, default=MessageDraftState.DRAFT)
    level = models.PositiveSmallIntegerField("cấp độ", null=True, blank=True)
    level_origin = EnumField("nguồn của cấp độ", enum=LevelOrigin)
    raise_reason = models.CharField("lý do nâng cấp", max_length=300, blank=True)
    clause = models.CharField("điều khoản", max_length=60, blank=True)
    headline = models.CharField("tiêu đề", max_length=160)
    description = models.TextField("mô tả")
    instruction = models.TextField("hướng dẫn")
    headline_en = models.CharField("tiêu đề tiếng Anh", max_length=160, blank=True)
    description_en = models.TextField("mô tả tiếng Anh", blank=True)
    instruction_en = models.TextField("hướng dẫn tiếng Anh", blank=True)
    units = models.JSONField("xã, phường", default=list)
    ring = models.JSONField("vùng vẽ", default=list, blank=True)
    area_name = models.CharField("tên khu vực", max_length=300, blank=True)
    urgency = models.CharField("mức khẩn", max_length=12, default="Expected")
    certainty = models.CharField("mức chắc chắn", max_length=12, default="Likely")
    onset_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    expires_at = models.DateTimeField("hết hiệu lực lúc")
    reason = models.CharField("lý do cập nhật hoặc hủy", max_length=300, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người soạn")
    submitted_at = models.DateTimeField("trình lúc", null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người duyệt")
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    return_reason = models.CharField("lý do trả lại", max_length=300, blank=True)
    alone_reason = models.CharField("lý do một mình phát", max_length=300, blank=True)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ký thứ hai")
    second_due_at = models.DateTimeField("chữ ký thứ hai trước", null=True, blank=True)
    second_at = models.DateTimeField("chữ ký thứ hai lúc", null=True, blank=True)

    class Meta:
        verbose_name = "tin nháp"
        verbose_name_plural = "tin nháp"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["draft", "submitted", "returned", "approved"]),
                name="warnings_one_open_draft",
            ),
            models.CheckConstraint(
                name="warnings_four_eyes",
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")) | ~Q(alone_reason=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case.code} {self.kind}"


class CapMessage(models.Model):
    """What went out: bytes made once, their digest and signature. Append-only; served for ever.

    (sender, identifier, sent) identifies it in every later reference.
    """

    case = models.ForeignKey(WarningCase, models.PROTECT, related_name="messages", verbose_name="cảnh báo")
    draft = models.OneToOneField(MessageDraft, models.PROTECT, related_name="message", verbose_name="tin nháp")
    identifier = models.CharField("mã bản tin", max_length=60, unique=True)
    sender = models.CharField("nơi gửi", max_length=120)
    sent = models.DateTimeField("gửi lúc")
    kind = EnumField("loại", enum=MessageKind)
    status = models.CharField("tính chất", max_length=12)
    scope = models.CharField("phạm vi", max_length=12)
    expires_at = models.DateTimeField("hết hiệu lực lúc")
    content = models.BinaryField("nội dung")
    sha256 = models.CharField("SHA-256", max_length=64)
    signed_by = models.CharField("chứng thư", max_length=300)

    class Meta:
        verbose_name = "bản tin CAP"
        verbose_name_plural = "bản tin CAP"
        ordering = ["-sent", "-id"]
        constraints = [models.UniqueConstraint(fields=["sender", "identifier", "sent"], name="warnings_message_once")]

    def __str__(self) -> str:
        return self.identifier
