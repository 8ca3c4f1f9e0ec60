"""Reports about a right: infringements that an office or a member saw, and what consumers say; with their evidence."""

from typing import Any

from django.db import models
from django.db.models import Q

from khcn.domains.marks.choices import IncidentAct, IncidentKind, IncidentState
from khcn.domains.marks.models.rights import Right
from khcn.domains.marks.models.uses import UseRight
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation, User
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class Incident(Versioned):
    """One report, followed to its conclusion; never deleted. Who reported is shown to the office and inspectors only.

    use: the member that it is about, where it is one. penalty_vnd: as the inspector decided.
    """

    code = models.CharField("mã", max_length=30, unique=True)
    right = models.ForeignKey(Right, models.PROTECT, related_name="incidents", verbose_name="quyền")
    kind = EnumField("loại", enum=IncidentKind)
    state = EnumField("trạng thái", enum=IncidentState, default=IncidentState.RECEIVED)
    text = models.TextField("nội dung")
    happened_on = models.DateField("ngày thấy", null=True, blank=True)
    place = models.CharField("nơi thấy", max_length=300, blank=True)
    suspect = models.CharField("bên bị phản ánh", max_length=300, blank=True)
    use = models.ForeignKey(
        UseRight, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="thành viên liên quan"
    )
    stamp_code = models.CharField("mã tem", max_length=60, blank=True)
    lot_code = models.CharField("số lô", max_length=60, blank=True)
    reporter = models.CharField("người phản ánh", max_length=200, blank=True)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    received_at = models.DateTimeField("nhận lúc")
    handed_to = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan thanh tra"
    )
    handed_on = models.DateField("ngày chuyển", null=True, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    decision = models.CharField("quyết định xử lý", max_length=200, blank=True)
    penalty_vnd = VndField("mức phạt, đồng", default=0)
    closed_on = models.DateField("ngày kết luận", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        verbose_name = "tin báo, phản ánh về quyền"
        verbose_name_plural = "tin báo, phản ánh về quyền"
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(name="marks_incident_penalty", condition=Q(penalty_vnd__gte=0)),
            models.CheckConstraint(
                name="marks_incident_handed_to_somebody",
                condition=~Q(state=IncidentState.HANDED) | Q(handed_to__isnull=False, handed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.suspect} {self.place} {self.stamp_code} {self.lot_code} {self.text}")[
            :500
        ]
        super().save(*args, **kwargs)


class IncidentStep(Identified):
    """One act on a report."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="steps", verbose_name="tin báo")
    act = EnumField("việc", enum=IncidentAct)
    on = models.DateField("ngày")
    note = models.CharField("nội dung", max_length=500, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    done_at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "việc với tin báo"
        verbose_name_plural = "việc với tin báo"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.incident}: {self.get_act_display()}"  # type: ignore[attr-defined]


class IncidentEvidence(Identified):
    """A picture or paper of a report; `file` carries its SHA-256."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="evidence", verbose_name="tin báo")
    title = models.CharField("tên", max_length=200)
    filename = models.CharField("tên tệp", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    added_at = models.DateTimeField("lúc thêm", auto_now_add=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thêm")

    class Meta:
        verbose_name = "chứng cứ"
        verbose_name_plural = "chứng cứ"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
