"""The register of plots: borders as they held for a while, papers of the land; goods and statements of the EUDR."""

from django.db import models
from django.db.models import Q

from khcn.domains.traceability.choices import Activity, PlotPaperKind, Sector, ShapeSource, StatementState
from khcn.domains.traceability.models.fieldwork import Lot
from khcn.domains.traceability.models.parties import Site
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Dated, User
from khcn.web.fields import EnumField, Identified, Versioned
from khcn.web.geometry import GeometryField


class PlotShape(Identified, Dated):
    """The border of a plot from a day on. Never changed: a new measurement ends it, on the same day with no day left.

    `uid` is made by the phone before anything is sent, so that sending twice is the same as once.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="shapes", verbose_name="lô đất")
    geometry = GeometryField("ranh giới")
    area_ha = models.DecimalField("diện tích đo được, ha", max_digits=10, decimal_places=4)
    source = EnumField("cách đo", enum=ShapeSource)
    accuracy_m = models.FloatField("sai số của máy, m", null=True)
    findings = models.JSONField("điều cần xem lại", default=list)
    measured_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đo")
    recorded_at = models.DateTimeField("lúc ghi")

    class Meta:
        verbose_name = "ranh giới lô đất"
        verbose_name_plural = "ranh giới lô đất"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(valid_to=None), name="traceability_one_border")
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.area_ha} ha"


class PlotPaper(Identified):
    """A paper about a plot, of land or against deforestation: a dated file with its digest and who put it here.

    signers: names in the signatures of a PDF, as far as they are unbroken.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="papers", verbose_name="lô đất")
    kind = EnumField("loại giấy", enum=PlotPaperKind)
    title = models.CharField("tên giấy", max_length=200)
    number = models.CharField("số", max_length=80, blank=True)
    issuer = models.CharField("nơi cấp", max_length=200)
    issued_on = models.DateField("ngày cấp")
    shows_from = models.DateField("cho thấy từ ngày", null=True, blank=True)
    shows_to = models.DateField("cho thấy đến ngày", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    signers = models.JSONField("người ký số", default=list)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người đưa vào")
    added_at = models.DateTimeField("lúc đưa vào")

    class Meta:
        verbose_name = "giấy tờ của lô đất"
        verbose_name_plural = "giấy tờ của lô đất"
        ordering = ["-issued_on", "-id"]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class EudrGoods(Dated):
    """Which trade is under the EUDR from when on, with the customs heading of its first product. Dated data."""

    sector = EnumField("ngành hàng", enum=Sector)
    commodity = models.CharField("hàng hóa theo quy định", max_length=40)
    hs_heading = models.CharField("mã HS", max_length=6)
    description = models.CharField("mô tả hàng", max_length=150)
    citation = models.CharField("căn cứ", max_length=200)
    status = EnumField("đối chiếu", enum=LegalStatus, default=LegalStatus.UNVERIFIED)

    class Meta:
        verbose_name = "ngành hàng thuộc EUDR"
        verbose_name_plural = "ngành hàng thuộc EUDR"
        ordering = ["sector"]
        constraints = [models.UniqueConstraint(fields=["sector", "valid_from"], name="traceability_eudr_goods_once")]

    def __str__(self) -> str:
        return self.commodity


class Statement(Versioned):
    """A due diligence statement about a lot: drafted here with the plot package as it was, sent by who is operator.

    `plots` are {site, shape, certain, findings}; the package is kept whole, so that what was said can be shown again.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="statements", verbose_name="lô hàng")
    state = EnumField("trạng thái", enum=StatementState, default=StatementState.DRAFT)
    activity = EnumField("hoạt động", enum=Activity, default=Activity.IMPORT)
    country_of_activity = models.CharField("nước EU nơi hoạt động", max_length=2, blank=True)
    border_country = models.CharField("nước EU cửa khẩu", max_length=2, blank=True)
    description = models.CharField("mô tả hàng", max_length=150)
    hs_heading = models.CharField("mã HS", max_length=6)
    net_kg = models.DecimalField("khối lượng tịnh, kg", max_digits=16, decimal_places=6)
    is_confidential = models.BooleanField("giữ kín vị trí lô đất", default=True)
    comment = models.CharField("ghi chú cho cơ quan EU", max_length=2000, blank=True)
    package = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp lô đất")
    plots = models.JSONField("các lô đất", default=list)
    system_uid = models.CharField("mã trong hệ thống EU", max_length=36, blank=True)
    reference = models.CharField("số tham chiếu", max_length=14, blank=True)
    verification = models.CharField("số xác thực", max_length=35, blank=True)
    refusals = models.JSONField("điều hệ thống EU không nhận", default=list)
    sent_at = models.DateTimeField("lúc gửi", null=True)
    asked_at = models.DateTimeField("lúc hỏi trạng thái", null=True)

    class Meta:
        verbose_name = "tờ khai EUDR"
        verbose_name_plural = "tờ khai EUDR"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reference or f"EUDR {self.lot.code}"

    @property
    def internal_reference(self) -> str:
        """Its number in this house, at most 35 letters."""
        return f"{self.lot.code}-{self.uid.hex[:8]}".upper()
