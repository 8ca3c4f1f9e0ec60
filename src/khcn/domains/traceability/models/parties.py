"""Master data that people keep: parties, their places and their products."""

from typing import Any

from django.db import models

from khcn.domains.traceability.choices import GROWING, PartyKind, Sector, SiteKind
from khcn.domains.traceability.models.access import Client
from khcn.domains.traceability.rules.local_codes import party_uri, product_uri, site_uri
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.text import fold
from khcn.web.fields import EnumField, Versioned


class Party(Versioned):
    """A household, cooperative or enterprise of a chain.

    Identity: `code`, short and for ever, stands in the codes of its goods where it has no company prefix of GS1. `head`
    is the cooperative that keeps records for a household; `client` the program under whose name its events are stored.
    """

    code = models.CharField("mã cơ sở", max_length=16, unique=True)
    name = models.CharField("tên cơ sở", max_length=200)
    kind = EnumField("loại cơ sở", enum=PartyKind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tổ chức trong hệ thống"
    )
    head = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="members", verbose_name="thuộc hợp tác xã"
    )
    tax_code = models.CharField("mã số thuế", max_length=20, blank=True)
    gln = models.CharField("mã địa điểm toàn cầu (GLN)", max_length=13, blank=True)
    prefix = models.CharField("mã doanh nghiệp GS1", max_length=12, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    commune = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xã, phường"
    )
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    client = models.OneToOneField(Client, models.PROTECT, null=True, related_name="+", verbose_name="tài khoản ghi")
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=300, editable=False, db_index=True)

    class Meta:
        verbose_name = "cơ sở"
        verbose_name_plural = "cơ sở"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.name} {self.tax_code} {self.gln}")[:300]
        super().save(*args, **kwargs)

    @property
    def uri(self) -> str:
        """The party as events name it."""
        return party_uri(self.gln, self.code)


class Site(Versioned):
    """A plot, barn, store or plant of a party, as a simple record; exact borders are kept elsewhere.

    Identity: `code` within the party, as people say it ("7"). Never removed: events name it.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="sites", verbose_name="cơ sở")
    kind = EnumField("loại địa điểm", enum=SiteKind)
    code = models.CharField("số, ký hiệu", max_length=12)
    name = models.CharField("tên gọi", max_length=120)
    sector = EnumField("ngành hàng", enum=Sector, blank=True)
    gln = models.CharField("mã địa điểm toàn cầu (GLN)", max_length=13, blank=True)
    commune = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xã, phường"
    )
    area_ha = models.DecimalField("diện tích, ha", max_digits=9, decimal_places=4, null=True, blank=True)
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    planted_year = models.PositiveSmallIntegerField("năm trồng", null=True, blank=True)
    is_active = models.BooleanField("đang dùng", default=True)
    folded = models.CharField(max_length=300, editable=False, db_index=True)

    class Meta:
        verbose_name = "địa điểm của cơ sở"
        verbose_name_plural = "địa điểm của cơ sở"
        ordering = ["party", "code"]
        constraints = [models.UniqueConstraint(fields=["party", "code"], name="traceability_site_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.name} {self.gln} {self.party.name}")[:300]
        super().save(*args, **kwargs)

    @property
    def is_growing(self) -> bool:
        """Whether something grows or lives there, so that it has a border."""
        return SiteKind(self.kind) in GROWING

    @property
    def uri(self) -> str:
        """The place as events name it: with a GLN where it or its party has one."""
        return site_uri(own_gln=self.gln, party_gln=self.party.gln, party_code=self.party.code, code=self.code)


class Product(Versioned):
    """What a party sells or hands on, with a GTIN or, where it has none, a code of its own.

    A code of its own traces inside the province but does not leave it: `is_local` says so everywhere.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="products", verbose_name="cơ sở")
    sector = EnumField("ngành hàng", enum=Sector)
    name = models.CharField("tên sản phẩm", max_length=200)
    gtin = models.CharField("mã vạch (GTIN)", max_length=14, blank=True, db_index=True)
    code = models.CharField("mã riêng", max_length=20)
    packing = models.CharField("quy cách", max_length=120, blank=True)
    net_kg = models.DecimalField("khối lượng tịnh, kg", max_digits=10, decimal_places=3, null=True, blank=True)
    brand = models.CharField("nhãn hiệu, ký mã hiệu", max_length=120, blank=True)
    shelf_life_days = models.PositiveIntegerField("hạn dùng, ngày", null=True, blank=True)
    standards = models.CharField("tiêu chuẩn, quy chuẩn áp dụng", max_length=300, blank=True)
    story = models.TextField("giới thiệu", blank=True)
    image = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hình ảnh"
    )
    is_active = models.BooleanField("đang dùng", default=True)
    is_illustration = models.BooleanField("minh họa", default=False)
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["party", "code"], name="traceability_product_code_once"),
            models.UniqueConstraint(
                fields=["gtin"], condition=~models.Q(gtin=""), name="traceability_product_gtin_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text for search."""
        self.folded = fold(f"{self.code} {self.gtin} {self.name} {self.brand} {self.party.name}")[:400]
        super().save(*args, **kwargs)

    @property
    def is_local(self) -> bool:
        """True where the product has no GTIN."""
        return not self.gtin

    def uri(self, lot: str = "") -> str:
        """The product, or one lot of it, as events name it."""
        return product_uri(gtin=self.gtin, party_code=self.party.code, code=self.code, lot=lot)
