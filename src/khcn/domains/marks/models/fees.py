"""What members pay: the dated rates of a right, and each demand with its payment."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.marks.choices import FeeCause
from khcn.domains.marks.models.rights import Right
from khcn.domains.marks.models.uses import UseRight
from khcn.kernel.orgs.models import Dated, User
from khcn.web.fields import EnumField, Identified, VndField


class FeeRate(Identified, Dated):
    """What a manager asks for one cause from a day on; a day without a row takes the threshold of the office."""

    right = models.ForeignKey(Right, models.CASCADE, related_name="fee_rates", verbose_name="quyền")
    cause = EnumField("nội dung thu", enum=FeeCause)
    amount_vnd = VndField("mức thu, đồng")
    basis = models.CharField("căn cứ", max_length=200)

    class Meta:
        verbose_name = "mức phí quyền sử dụng"
        verbose_name_plural = "mức phí quyền sử dụng"
        ordering = ["cause", "-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["right", "cause", "valid_from"], name="marks_fee_rate_from_once"),
            models.CheckConstraint(name="marks_fee_rate_not_negative", condition=Q(amount_vnd__gte=0)),
            models.CheckConstraint(
                name="marks_fee_rate_dates",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right}: {self.amount_vnd}"


class UseFee(Identified):
    """One demand on a member, and its payment. The case of the application stands still while it is open."""

    use = models.ForeignKey(UseRight, models.PROTECT, related_name="fees", verbose_name="quyền sử dụng")
    cause = EnumField("nội dung thu", enum=FeeCause)
    amount_vnd = VndField("số tiền")
    basis = models.CharField("căn cứ", max_length=200, blank=True)
    demanded_on = models.DateField("ngày yêu cầu")
    due_on = models.DateField("hạn nộp")
    paid_on = models.DateField("ngày nộp", null=True, blank=True)
    receipt_number = models.CharField("biên lai số", max_length=60, blank=True)
    demanded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người yêu cầu")
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người thu")

    class Meta:
        verbose_name = "phí của thành viên"
        verbose_name_plural = "phí của thành viên"
        ordering = ["-demanded_on", "-id"]
        constraints = [
            models.CheckConstraint(name="marks_use_fee_positive", condition=Q(amount_vnd__gt=0)),
            models.UniqueConstraint(fields=["use"], condition=Q(paid_on=None), name="marks_use_fee_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.use}: {self.amount_vnd}"
