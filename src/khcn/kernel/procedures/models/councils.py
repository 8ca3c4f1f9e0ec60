"""Councils: people called by a decision, what they judge, their opinions and sealed ballots."""

from django.db import models

from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, Person
from khcn.kernel.procedures.choices import CouncilState
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned


class Council(Versioned):
    """People called by a decision to judge subjects in one session; closes with signed minutes."""

    code = models.CharField("mã", max_length=40, unique=True)
    kind = models.CharField("loại hội đồng", max_length=40)
    title = models.CharField("tên", max_length=500)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="cơ quan thành lập"
    )
    state = EnumField("trạng thái", enum=CouncilState, default=CouncilState.DRAFTED)
    rule_set = models.CharField("bộ quy tắc", max_length=20)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    established_on = models.DateField("thành lập ngày", null=True, blank=True)
    papers_sent_on = models.DateField("gửi tài liệu ngày", null=True, blank=True)
    meets_at = models.DateTimeField("họp lúc", null=True, blank=True)
    venue = models.CharField("nơi họp", max_length=200, blank=True)
    chaired_by_vice = models.BooleanField("phó chủ tịch chủ trì theo ủy quyền", default=False)
    conclusion = models.TextField("kết luận", blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=650, editable=False, blank=True, default="")

    class Meta:
        verbose_name = "hội đồng"
        verbose_name_plural = "hội đồng"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.title} {self.decision_number}")[:650]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class CouncilSubject(Identified):
    """One record that a council judges (a proposal, an application, a task's result)."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="subjects", verbose_name="hội đồng")
    subject_type = models.CharField(max_length=80)
    subject_uid = models.UUIDField()
    label = models.CharField("nội dung", max_length=500)
    facts = models.JSONField("dữ liệu cho kiểm phiếu", default=dict)
    result = models.JSONField("kết quả kiểm phiếu", null=True)

    class Meta:
        verbose_name = "nội dung họp"
        verbose_name_plural = "nội dung họp"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["council", "subject_uid"], name="council_subject_once")]
        indexes = [models.Index(fields=["subject_type", "subject_uid"])]

    def __str__(self) -> str:
        return self.label


class Seat(Identified):
    """A person's place on a council; barred seats were refused for a conflict of interest and never sit."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="seats", verbose_name="hội đồng")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="thành viên")
    role = models.CharField("tư cách", max_length=40)
    votes = models.BooleanField("có quyền bỏ phiếu", default=True)
    declared_clear_at = models.DateTimeField("cam kết không xung đột lợi ích lúc", null=True, blank=True)
    conflict = models.TextField("xung đột lợi ích", blank=True)
    is_present = models.BooleanField("có mặt", null=True)
    review_sent_at = models.DateTimeField("gửi nhận xét lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thành viên hội đồng"
        verbose_name_plural = "thành viên hội đồng"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["council", "person"], name="seat_person_once")]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"


class Review(Identified):
    """A member's written opinion on one subject, before the session."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="reviews", verbose_name="thành viên")
    subject = models.ForeignKey(CouncilSubject, models.CASCADE, related_name="reviews", verbose_name="nội dung")
    body = models.JSONField("nhận xét", default=dict)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiếu nhận xét"
        verbose_name_plural = "phiếu nhận xét"
        constraints = [models.UniqueConstraint(fields=["seat", "subject"], name="review_once")]

    def __str__(self) -> str:
        return f"{self.seat} – {self.subject}"


class Ballot(Identified):
    """A member's secret ballot on one subject: encrypted until the count, with a commitment in the audit log.

    sealed: encrypted JSON. commitment: SHA-256 over the plain JSON and a nonce kept inside it.
    opened: the plain contents, filled by the count only.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots", verbose_name="thành viên")
    subject = models.ForeignKey(CouncilSubject, models.PROTECT, related_name="ballots", verbose_name="nội dung")
    sealed = models.BinaryField("phiếu đã niêm")
    commitment = models.CharField("cam kết", max_length=64)
    cast_at = models.DateTimeField("bỏ lúc")
    opened = models.JSONField("nội dung phiếu", null=True)

    class Meta:
        verbose_name = "phiếu"
        verbose_name_plural = "phiếu"
        constraints = [models.UniqueConstraint(fields=["seat", "subject"], name="ballot_once")]

    def __str__(self) -> str:
        return f"Phiếu của {self.seat}"


class CouncilPaper(models.Model):
    """A document sent to or made by a council."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="papers", verbose_name="hội đồng")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name="văn bản")
    role = models.CharField("vai trò", max_length=60)

    class Meta:
        verbose_name = "tài liệu hội đồng"
        verbose_name_plural = "tài liệu hội đồng"

    def __str__(self) -> str:
        return f"{self.role}: {self.document}"
