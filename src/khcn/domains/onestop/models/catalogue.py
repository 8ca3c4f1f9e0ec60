"""The catalogue of administrative procedures, dated, and the dated numbers of the law that dossiers rest on."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from khcn.domains.onestop.choices import OnlineLevel, PaperKind, SupplementClock
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.orgs.choices import OrganisationLevel
from khcn.kernel.orgs.models import Dated, Organisation
from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.models import Procedure
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Identified, Versioned, VndField


class AdministrativeProcedure(Versioned, Dated):
    """One administrative procedure as an agency publishes it for a while: papers, time, fee, result.

    Identity: `code` (TTHC code, with the agency behind it for a local copy) and the first day. workflow: the engine's
    procedure that dossiers run on. form_fields: list of {key, label, kind, required, options} that the applicant fills.
    """

    code = models.CharField("mã thủ tục", max_length=60)
    title = models.CharField("tên thủ tục", max_length=500)
    field = models.CharField("lĩnh vực", max_length=200)
    level = EnumField("cấp thực hiện", enum=OrganisationLevel, default=OrganisationLevel.PROVINCE)
    deciding = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="cơ quan giải quyết")
    receiving = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nơi tiếp nhận"
    )
    workflow = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quy trình nội bộ"
    )
    limit_amount = models.PositiveIntegerField("thời hạn giải quyết")
    limit_unit = EnumField("đơn vị", enum=NormUnit, default=NormUnit.WORKING_DAY)
    cut_off = models.TimeField("giờ chốt trong ngày", null=True, blank=True)
    fee_vnd = VndField("phí, lệ phí", default=0)
    fee_note = models.CharField("ghi chú về phí", max_length=300, blank=True)
    result_title = models.CharField("kết quả", max_length=300)
    conditions = models.TextField("yêu cầu, điều kiện", blank=True)
    publication_decision = models.CharField("quyết định công bố", max_length=120, blank=True)
    online_level = EnumField("mức trực tuyến", enum=OnlineLevel, default=OnlineLevel.PARTIAL)
    supplement_clock = EnumField("khi bổ sung", enum=SupplementClock, default=SupplementClock.RESTART)
    sector_basis = models.CharField("căn cứ cho bổ sung nhiều lần", max_length=300, blank=True)
    form_fields = models.JSONField("tờ khai", default=list, blank=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=800, editable=False, default="", db_index=True)

    class Meta:
        verbose_name = "thủ tục hành chính"
        verbose_name_plural = "thủ tục hành chính"
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "deciding", "valid_from"], name="procedure_once_per_day"),
            models.CheckConstraint(name="procedure_fee_not_negative", condition=Q(fee_vnd__gte=0)),
            models.CheckConstraint(
                name="onestop_procedure_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text beside code, title and field."""
        self.folded = fold(f"{self.code} {self.title} {self.field}")[:800]
        super().save(*args, **kwargs)

    @property
    def office(self) -> Organisation:
        """Where dossiers are received: the receiving point, or the deciding agency itself."""
        return self.receiving or self.deciding


class ProcedureComponent(Identified):
    """One paper that belongs to a dossier of the procedure, with how many originals and copies."""

    procedure = models.ForeignKey(
        AdministrativeProcedure, models.CASCADE, related_name="components", verbose_name="thủ tục"
    )
    place = models.PositiveSmallIntegerField("thứ tự", default=1)
    name = models.CharField("tên giấy tờ", max_length=300)
    originals = models.PositiveSmallIntegerField("bản chính", default=1)
    copies = models.PositiveSmallIntegerField("bản sao", default=0)
    is_required = models.BooleanField("bắt buộc", default=True)
    form_name = models.CharField("mẫu đơn, tờ khai", max_length=120, blank=True)

    class Meta:
        verbose_name = "thành phần hồ sơ"
        verbose_name_plural = "thành phần hồ sơ"
        ordering = ["procedure", "place", "id"]
        constraints = [models.UniqueConstraint(fields=["procedure", "name"], name="component_once")]

    def __str__(self) -> str:
        return self.name


class ProcedureBasis(models.Model):
    """A legal instrument on which a procedure rests."""

    procedure = models.ForeignKey(AdministrativeProcedure, models.CASCADE, related_name="bases", verbose_name="thủ tục")
    instrument = models.ForeignKey(LegalInstrument, models.PROTECT, related_name="+", verbose_name="văn bản")
    article = models.CharField("điều, khoản", max_length=120, blank=True)

    class Meta:
        verbose_name = "căn cứ pháp lý"
        verbose_name_plural = "căn cứ pháp lý"
        constraints = [models.UniqueConstraint(fields=["procedure", "instrument", "article"], name="basis_once")]

    def __str__(self) -> str:
        return f"{self.instrument.number} {self.article}".strip()


class ServiceParameter(Dated):
    """A number of the one-stop rules for a while, with where it comes from and whether the text was compared."""

    key = models.CharField("khóa", max_length=60)
    value = models.DecimalField("giá trị", max_digits=8, decimal_places=2)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "tham số một cửa"
        verbose_name_plural = "tham số một cửa"
        ordering = ["key", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="service_parameter_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class IndexWeight(Dated):
    """One item of the service index for a while: highest points and the share from which they are full."""

    group = models.CharField("nhóm", max_length=30)
    key = models.CharField("mục", max_length=40)
    title = models.CharField("tên", max_length=200)
    maximum = models.DecimalField("điểm tối đa", max_digits=5, decimal_places=2)
    threshold = models.DecimalField("ngưỡng điểm tối đa", max_digits=4, decimal_places=3)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "trọng số bộ chỉ số"
        verbose_name_plural = "trọng số bộ chỉ số"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="index_weight_once"),
            models.CheckConstraint(
                name="index_weight_in_range", condition=Q(maximum__gte=0, threshold__gt=0, threshold__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.maximum}"


class PaperFormRow(Dated):
    """The number and title that a circular gives to a paper, for a while."""

    kind = EnumField("giấy tờ", enum=PaperKind)
    basis = models.CharField("căn cứ", max_length=80)
    number = models.CharField("mẫu số", max_length=10, blank=True)
    title = models.CharField("tên mẫu", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "mẫu giấy tờ"
        verbose_name_plural = "mẫu giấy tờ"
        ordering = ["valid_from", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="paper_form_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.basis})"
