"""The control of members: visits in three tiers, what was looked at, and what was found wrong."""

from django.db import models
from django.db.models import Q

from khcn.domains.marks.choices import FaultGrade, FaultState, Sanction, Tier
from khcn.domains.marks.models.rights import SpecParameter
from khcn.domains.marks.models.uses import UseRight
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import User
from khcn.web.fields import EnumField, Identified, Versioned


class ControlVisit(Versioned):
    """One control of a member: planned for a day by risk, done once with its checklist. risk: points when planned.

    record: the number that a phone gave its form, so that what it sends twice is kept once.
    """

    use = models.ForeignKey(UseRight, models.PROTECT, related_name="visits", verbose_name="quyền sử dụng")
    tier = EnumField("cấp kiểm soát", enum=Tier)
    planned_on = models.DateField("ngày dự kiến")
    risk = models.PositiveSmallIntegerField("điểm rủi ro", default=0)
    done_on = models.DateField("ngày kiểm tra", null=True, blank=True)
    controller = models.CharField("người kiểm tra", max_length=200, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    record = models.UUIDField("mã phiếu trên điện thoại", null=True, blank=True, unique=True, editable=False)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")

    class Meta:
        verbose_name = "lượt kiểm soát"
        verbose_name_plural = "lượt kiểm soát"
        ordering = ["-planned_on", "-id"]

    def __str__(self) -> str:
        return f"{self.use} {self.planned_on:%d/%m/%Y}"


class VisitItem(Identified):
    """One line of a checklist: a parameter of the specification or a question, and what was found."""

    visit = models.ForeignKey(ControlVisit, models.CASCADE, related_name="items", verbose_name="lượt kiểm soát")
    place = models.PositiveSmallIntegerField("thứ tự")
    parameter = models.ForeignKey(
        SpecParameter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chỉ tiêu"
    )
    question = models.CharField("nội dung", max_length=300)
    value = models.DecimalField("kết quả", max_digits=14, decimal_places=4, null=True, blank=True)
    passed = models.BooleanField("đạt", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "mục kiểm tra"
        verbose_name_plural = "mục kiểm tra"
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.question


class VisitPhoto(Identified):
    """A photograph of a visit, as it was taken on the spot."""

    visit = models.ForeignKey(ControlVisit, models.CASCADE, related_name="photos", verbose_name="lượt kiểm soát")
    place = models.PositiveSmallIntegerField("thứ tự")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="ảnh")

    class Meta:
        verbose_name = "ảnh kiểm soát"
        verbose_name_plural = "ảnh kiểm soát"
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return f"{self.visit} {self.place}"


class Fault(Versioned):
    """A nonconformity of a member: its grade, what must be mended until when, the sanction, and the appeal."""

    use = models.ForeignKey(UseRight, models.PROTECT, related_name="faults", verbose_name="quyền sử dụng")
    visit = models.ForeignKey(
        ControlVisit, models.PROTECT, null=True, blank=True, related_name="faults", verbose_name="lượt kiểm soát"
    )
    grade = EnumField("mức độ", enum=FaultGrade)
    text = models.CharField("nội dung", max_length=500)
    found_on = models.DateField("ngày phát hiện")
    due_on = models.DateField("hạn khắc phục")
    state = EnumField("trạng thái", enum=FaultState, default=FaultState.OPEN)
    sanction = EnumField("xử lý", enum=Sanction, default=Sanction.NONE)
    sanction_on = models.DateField("ngày xử lý", null=True, blank=True)
    sanction_decision = models.CharField("quyết định xử lý", max_length=200, blank=True)
    remedy = models.TextField("đã khắc phục", blank=True)
    appeal = models.TextField("nội dung khiếu nại", blank=True)
    appealed_on = models.DateField("ngày khiếu nại", null=True, blank=True)
    answer_due_on = models.DateField("hạn trả lời khiếu nại", null=True, blank=True)
    answer = models.TextField("trả lời khiếu nại", blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)

    class Meta:
        verbose_name = "điểm không phù hợp của thành viên"
        verbose_name_plural = "điểm không phù hợp của thành viên"
        ordering = ["-found_on", "-id"]
        constraints = [models.CheckConstraint(name="marks_fault_days", condition=Q(due_on__gte=models.F("found_on")))]

    def __str__(self) -> str:
        return self.text
