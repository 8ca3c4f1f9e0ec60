"""After the work: acceptance dossier, registration, recognition, handover, assets, application."""

from django.db import models
from django.db.models import F, Q

from khcn.domains.programme.choices import IpKind
from khcn.domains.programme.models.task import Product, Task
from khcn.kernel.documents.models import Document
from khcn.kernel.orgs.models import Organisation, Person, User
from khcn.kernel.places.models import Place
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class AcceptanceDossier(Versioned):
    """The file a host submits for acceptance, item by item; late by more than the limit means failure.

    items: {"code": true/false} for the ten papers of the circular.
    """

    task = models.OneToOneField(Task, models.PROTECT, related_name="dossier", verbose_name="nhiệm vụ")
    self_grade = models.CharField("tự đánh giá", max_length=40, blank=True)
    self_evaluated_on = models.DateField("tự đánh giá ngày", null=True, blank=True)
    items = models.JSONField("thành phần hồ sơ", default=dict)
    submitted_on = models.DateField("nộp ngày", null=True, blank=True)
    checked_on = models.DateField("kiểm tra ngày", null=True, blank=True)
    is_valid = models.BooleanField("hợp lệ", null=True)
    remark = models.TextField("yêu cầu bổ sung", blank=True)
    finalised_on = models.DateField("hoàn thiện sau nghiệm thu ngày", null=True, blank=True)
    chair_confirmed_on = models.DateField("chủ tịch hội đồng xác nhận ngày", null=True, blank=True)

    class Meta:
        verbose_name = "hồ sơ nghiệm thu"
        verbose_name_plural = "hồ sơ nghiệm thu"

    def __str__(self) -> str:
        return f"Hồ sơ nghiệm thu {self.task.code}"


class Registration(Versioned):
    """A result entered in the register of S&T results, with its certificate."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="registration", verbose_name="nhiệm vụ")
    submitted_on = models.DateField("nộp đăng ký ngày")
    certificate_number = models.CharField("giấy chứng nhận số", max_length=80, blank=True)
    certified_on = models.DateField("cấp ngày", null=True, blank=True)
    certified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người cấp"
    )
    published_on = models.DateField("công bố ngày", null=True, blank=True)
    has_source_code = models.BooleanField("đã nộp mã nguồn", null=True)
    abstract = models.TextField("tóm tắt kết quả", blank=True)

    class Meta:
        verbose_name = "đăng ký kết quả"
        verbose_name_plural = "đăng ký kết quả"

    def __str__(self) -> str:
        return f"Đăng ký kết quả {self.task.code}"


class Recognition(Versioned):
    """The decision that recognises a task's result; needs the registration certificate first."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="recognition", verbose_name="nhiệm vụ")
    decision_number = models.CharField("quyết định số", max_length=80)
    decided_on = models.DateField("ngày")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ký")

    class Meta:
        verbose_name = "công nhận kết quả"
        verbose_name_plural = "công nhận kết quả"

    def __str__(self) -> str:
        return f"Quyết định {self.decision_number}"


class Handover(Versioned):
    """A product handed to the body that will use it, signed by both."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="handovers", verbose_name="sản phẩm")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị nhận")
    handed_on = models.DateField("bàn giao ngày")
    minutes_number = models.CharField("biên bản số", max_length=80, blank=True)
    content = models.TextField("nội dung bàn giao", blank=True)
    signed_on = models.DateField("hai bên ký ngày", null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người nhận ký"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="biên bản"
    )

    class Meta:
        verbose_name = "bàn giao"
        verbose_name_plural = "bàn giao"
        ordering = ["-handed_on", "id"]

    def __str__(self) -> str:
        return f"Bàn giao {self.product} cho {self.receiver}"


class ApplicationRecord(Versioned):
    """Proof that somebody uses a product: who, where, since when, how much, confirmed by the user itself.

    Counts for a target only when the user is not the host (or an inspection verified the host's own use), the use
    is long enough and the confirmation is signed.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="applications", verbose_name="sản phẩm")
    user_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="đơn vị ứng dụng"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa điểm")
    used_from = models.DateField("từ ngày")
    used_to = models.DateField("đến ngày", null=True, blank=True)
    scale = models.CharField("quy mô", max_length=300)
    benefit = models.TextField("hiệu quả", blank=True)
    benefit_vnd = VndField("giá trị làm lợi", null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    confirmation_number = models.CharField("văn bản xác nhận", max_length=80, blank=True)
    confirmed_on = models.DateField("xác nhận ngày", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xác nhận"
    )
    host_use_verified_on = models.DateField("kiểm tra việc tự ứng dụng ngày", null=True, blank=True)
    refused_reason = models.TextField("lý do không xác nhận", blank=True)

    class Meta:
        verbose_name = "phiếu ứng dụng"
        verbose_name_plural = "phiếu ứng dụng"
        ordering = ["-used_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="application_use_in_order", condition=Q(used_to=None) | Q(used_from__lte=F("used_to"))
            ),
            models.CheckConstraint(name="application_benefit", condition=Q(benefit_vnd=None) | Q(benefit_vnd__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.user_organisation} dùng {self.product}"


class UseMeasure(Identified):
    """What a use brought so many months after it began, with its evidence; a use that ended is measured no more."""

    application = models.ForeignKey(
        ApplicationRecord, models.PROTECT, related_name="measures", verbose_name="phiếu ứng dụng"
    )
    months = models.PositiveSmallIntegerField("sau (tháng)")
    measured_on = models.DateField("đo ngày")
    is_in_use = models.BooleanField("vẫn đang ứng dụng")
    scale = models.CharField("quy mô", max_length=300, blank=True)
    benefit = models.TextField("hiệu quả", blank=True)
    benefit_vnd = VndField("giá trị làm lợi", null=True, blank=True)
    evidence = models.CharField("bằng chứng", max_length=300)
    measured_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đo")

    class Meta:
        verbose_name = "số đo ứng dụng"
        verbose_name_plural = "số đo ứng dụng"
        ordering = ["application", "months"]
        constraints = [
            models.UniqueConstraint(fields=["application", "months"], name="use_measure_once"),
            models.CheckConstraint(name="use_measure_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(name="use_measure_benefit", condition=Q(benefit_vnd=None) | Q(benefit_vnd__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.months} tháng"


class Asset(Versioned):
    """A thing bought or made with a task's money, and what becomes of it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="assets", verbose_name="nhiệm vụ")
    name = models.CharField("tài sản", max_length=300)
    is_result = models.BooleanField("tài sản là kết quả", default=False)
    quantity = models.DecimalField("số lượng", max_digits=12, decimal_places=2, default=1)
    cost_vnd = VndField("nguyên giá", default=0)
    inventoried_on = models.DateField("kiểm kê ngày", null=True, blank=True)
    proposal = models.CharField("phương án", max_length=200, blank=True)
    decision_number = models.CharField("quyết định số", max_length=80, blank=True)
    decided_on = models.DateField("quyết định ngày", null=True, blank=True)
    receiver = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị nhận"
    )
    handed_on = models.DateField("bàn giao ngày", null=True, blank=True)

    class Meta:
        verbose_name = "tài sản"
        verbose_name_plural = "tài sản"
        constraints = [models.CheckConstraint(name="asset_values", condition=Q(quantity__gt=0, cost_vnd__gte=0))]

    def __str__(self) -> str:
        return self.name


class IpRight(Identified):
    """A protected right that came out of a task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="ip_rights", verbose_name="nhiệm vụ")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="ip_rights", verbose_name="sản phẩm"
    )
    kind = EnumField("loại", enum=IpKind)
    title = models.CharField("tên", max_length=300)
    filed_on = models.DateField("nộp đơn ngày", null=True, blank=True)
    number = models.CharField("số văn bằng", max_length=80, blank=True)
    granted_on = models.DateField("cấp ngày", null=True, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chủ sở hữu"
    )
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tác giả")

    class Meta:
        verbose_name = "quyền sở hữu trí tuệ"
        verbose_name_plural = "quyền sở hữu trí tuệ"

    def __str__(self) -> str:
        return self.title
