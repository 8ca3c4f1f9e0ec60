"""The traceability part of the demonstration: invented households, plants and shops of six trades.

Nothing here is a real party, product, code or result; the company prefix and numbers are made up.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from PIL import Image, ImageDraw

from khcn.domains.traceability.choices import EvidenceKind, FieldSource, PartyKind, Sector, SiteKind
from khcn.domains.traceability.models import FieldRecord, FormTemplate, Lot, Party, Product, Site
from khcn.domains.traceability.queries.parameters import templates_on
from khcn.domains.traceability.services import goods, parties, recalls
from khcn.domains.traceability.services.fieldwork import Answers, write_record
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.standards.gs1.check_digits import check_digit

PREFIX = "8939990"


@dataclass(frozen=True)
class Trade:
    """One chain: who grows, what comes off the plot, what the plant makes of it and the share that is left."""

    sector: Sector
    body: str
    key: str
    fruit: str
    making: str
    made: str
    share: str
    households: tuple[str, ...]
    kilograms: int
    packing: str
    standards: str
    colour: str
    harvest_extra: Mapping[str, str] = field(default_factory=dict)


TRADES = (
    Trade(Sector.CASHEW, "HTX-DIEU", "dieu", "Hạt điều tươi", "dieu-che-bien-2", "Nhân điều rang muối", "0.25",
          ("Hộ ông Điểu Khuê", "Hộ bà Thị Nghên", "Hộ ông Lê Đình Ước", "Hộ bà Nông Thị Ấm", "Hộ ông Điểu Brưng"),
          420, "hộp 500 g", "TCCS 01 (minh họa)", "#c98b3c", {"do_am": "11,5"}),
    Trade(Sector.PEPPER, "HTX-TIEU", "tieu", "Tiêu tươi", "tieu-che-bien-1", "Tiêu đen", "0.34",
          ("Hộ ông Hoàng Văn Út", "Hộ bà Lâm Thị Xuyến", "Hộ ông Điểu Nhơn"), 600, "gói 200 g",
          "TCCS 02 (minh họa)", "#3d3a35"),
    Trade(Sector.RUBBER, "DN-CAOSU", "caosu", "Mủ nước", "caosu-che-bien-2", "Mủ khối", "0.31",
          ("Hộ ông Trần Quốc Ân", "Hộ bà Đỗ Thị Ước"), 900, "bành 33,3 kg", "TCCS 03 (minh họa)", "#d8d2c4",
          {"drc": "31"}),
    Trade(Sector.COFFEE, "TT-UD", "caphe", "Quả cà phê tươi", "caphe-che-bien-1", "Cà phê nhân", "0.23",
          ("Hộ ông Vi Văn Ổn", "Hộ bà Triệu Thị Ý"), 800, "bao 60 kg", "TCCS 04 (minh họa)", "#6b4a2f"),
    Trade(Sector.DURIAN, "HTX-RAU", "saurieng", "Sầu riêng quả", "saurieng-che-bien-1", "Sầu riêng đóng thùng", "0.95",
          ("Hộ ông Phùng Đức Ơn", "Hộ bà Mạc Thị Ảnh"), 1200, "thùng 18 kg", "TCCS 05 (minh họa)", "#a3a637",
          {"so_qua": "400", "do_kho": "33"}),
    Trade(Sector.PORK, "HTX-HEO", "heo", "Heo hơi", "heo-giet-mo", "Thịt heo mảnh", "0.72",
          ("Trại ông Tô Hữu Ích", "Trại bà Kiều Thị Ưng"), 1500, "nửa con", "TCCS 06 (minh họa)", "#d98c8c",
          {"so_con": "14", "kiem_dich": "KD-MH-01"}),
)  # fmt: skip


def tell_traceability(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Tell every trade's chain; returns how many records were written."""
    found = AdministrativeUnit.objects.valid_on(today).filter(level=UnitLevel.COMMUNE, latitude__isnull=False)
    communes = list(found.order_by("code")[:90])
    templates = {one.code: one for one in templates_on(today)}
    shop = parties.register_party(
        by=office, name="Cửa hàng nông sản Đồng Xoài (minh họa)", kind=PartyKind.SHOP, code="CH-MH",
        address="Phường Đồng Xoài", is_illustration=True,
    )  # fmt: skip
    for number, trade in enumerate(TRADES, start=1):
        _Teller(today, bodies, office, communes, templates, shop, number, trade).tell()
    return FieldRecord.objects.count()


class _Teller:
    """Tells one trade's chain, day by day up to today."""

    def __init__(
        self, today: date, bodies: Mapping[str, Organisation], office: Actor, communes: list[AdministrativeUnit],
        templates: Mapping[str, FormTemplate], shop: Party, number: int, trade: Trade,
    ) -> None:  # fmt: skip
        self.today, self.bodies, self.office, self.communes = today, bodies, office, communes
        self.templates, self.shop, self.number, self.trade = templates, shop, number, trade
        self.written = 0

    def tell(self) -> None:
        """Parties and places, then seasons of care, harvest, sale, making and delivery; an oddity or two."""
        trade = self.trade
        plant = self._party(
            trade.body, f"MH{self.number}", self.bodies[trade.body].name, PartyKind.COOPERATIVE, prefix=PREFIX,
            gln=self._gln(), organisation=self.bodies[trade.body],
        )  # fmt: skip
        hall = self._site(plant, "X1", "Xưởng chế biến", SiteKind.PLANT, None)
        product = self._product(plant, trade.made, gtin=self._gtin())
        farms = [self._farm(plant, place, name) for place, name in enumerate(trade.households, start=1)]
        made: list[Lot] = []
        for season, before in enumerate((40, 9)):
            raw = [lot for farm in farms if (lot := self._harvest(farm, season, before))]
            for lot in raw:
                self._write(
                    f"{trade.key}-giao", lot.product.party, before - 1, inputs=[(lot, lot.quantity_kg)], buyer=plant
                )
            self._write(
                f"{trade.key}-nhan", plant, before - 2, site=hall, inputs=[(lot, lot.quantity_kg) for lot in raw]
            )
            total = sum((lot.quantity_kg for lot in raw), Decimal(0))
            record = self._write(trade.making, plant, before - 4, site=hall, product=product,
                                 kg=(total * Decimal(trade.share)).quantize(Decimal("0.1")),
                                 inputs=[(lot, lot.quantity_kg) for lot in raw])  # fmt: skip
            if record.lot is not None:
                made.append(record.lot)
                share = (record.lot.quantity_kg / 2).quantize(Decimal("0.1"))
                self._write(f"{trade.key}-giao", plant, before - 6, inputs=[(record.lot, share)], buyer=self.shop,
                            paper=f"HD-MH-{self.number}{season}")  # fmt: skip
        self._papers(product, made)
        if trade.sector is Sector.CASHEW:
            self._oddities(farms, made)

    def _party(self, body: str, code: str, name: str, kind: PartyKind, **more: Any) -> Party:
        commune = self.communes[(self.number * 11) % len(self.communes)]
        return parties.register_party(
            by=self.office, name=name, kind=kind, code=code, commune=commune, address=str(commune),
            phone=f"0900000{self.number:03d}", is_illustration=True, **more,
        )  # fmt: skip

    def _farm(self, head: Party, place: int, name: str) -> tuple[Party, Site, Product]:
        commune = self.communes[(self.number * 11 + place * 2) % len(self.communes)]
        party = parties.register_party(
            by=self.office, name=f"{name} (minh họa)", kind=PartyKind.GROWER, code=f"MH{self.number}-{place}",
            head=head, commune=commune, address=str(commune), is_illustration=True,
        )  # fmt: skip
        kind = SiteKind.BARN if self.trade.sector is Sector.PORK else SiteKind.PLOT
        name_of = "Chuồng" if kind is SiteKind.BARN else "Lô"
        site = self._site(party, str(place), f"{name_of} {place}", kind, Decimal(place) / 2 + 1, commune)
        return party, site, self._product(party, self.trade.fruit)

    def _site(
        self, party: Party, code: str, name: str, kind: SiteKind, area: Decimal | None,
        commune: AdministrativeUnit | None = None,
    ) -> Site:  # fmt: skip
        where = commune or party.commune
        return parties.register_site(
            by=self.office, party=party, code=code, name=name, kind=kind, sector=self.trade.sector, area_ha=area,
            commune=where, latitude=where.latitude if where else None, longitude=where.longitude if where else None,
            planted_year=2012 if kind is SiteKind.PLOT else None,
        )  # fmt: skip

    def _product(self, party: Party, name: str, gtin: str = "") -> Product:
        sold = bool(gtin)
        return parties.register_product(
            by=self.office, party=party, name=name, sector=self.trade.sector, gtin=gtin, is_illustration=True,
            packing=self.trade.packing if sold else "", brand="Miền Đông (minh họa)" if sold else "",
            standards=self.trade.standards if sold else "", shelf_life_days=365 if sold else None,
            story="Làm từ nông sản của các hộ thành viên; dữ liệu minh họa." if sold else "",
            image=_picture(self.trade.colour) if sold else b"",
        )  # fmt: skip

    def _gtin(self) -> str:
        digits = f"{PREFIX}{self.number:05d}"
        return digits + check_digit(digits)

    def _gln(self) -> str:
        digits = f"{PREFIX}9{self.number:04d}"
        return digits + check_digit(digits)

    def _harvest(self, farm: tuple[Party, Site, Product], season: int, before: int) -> Lot | None:
        party, site, product = farm
        self._write(f"{self.trade.key}-cham-soc", party, before + 8, site=site,
                    extra={"muc_dich": "Cho ăn" if self.trade.sector is Sector.PORK else "Bón phân"})  # fmt: skip
        kg = Decimal(self.trade.kilograms + 37 * (party.pk % 5) + 20 * season)
        code = "heo-xuat-chuong" if self.trade.sector is Sector.PORK else f"{self.trade.key}-thu-hoach"
        return self._write(
            code, party, before, site=site, product=product, kg=kg, extra=dict(self.trade.harvest_extra)
        ).lot

    def _write(self, code: str, party: Party, before: int, **answers: Any) -> FieldRecord:
        self.written += 1
        at = datetime.combine(self.today - timedelta(days=before), time(7 + self.written % 9), tzinfo=VIETNAM)
        uid = uuid5(NAMESPACE_URL, f"urn:x-khcn:demo:{self.number}:{self.written}")
        record, _is_new = write_record(
            by=self.office, uid=uid, template=self.templates[code], party=party, occurred_at=at,
            answers=Answers(**answers), source=FieldSource.PHONE, now=at + timedelta(hours=1),
        )  # fmt: skip
        return record

    def _papers(self, product: Product, made: list[Lot]) -> None:
        goods.add_evidence(
            by=self.office, product=product, kind=EvidenceKind.CERTIFICATE, title="Chứng nhận VietGAP (minh họa)",
            number=f"VG-MH-{self.number:02d}", issuer="Tổ chức chứng nhận (minh họa)",
            issued_on=self.today - timedelta(days=200), expires_on=self.today + timedelta(days=500),
        )  # fmt: skip
        for lot in made[-1:]:
            goods.add_evidence(
                by=self.office, product=product, lot=lot, kind=EvidenceKind.TEST, number=f"KN-MH-{self.number:02d}",
                title="Phiếu kiểm nghiệm dư lượng (minh họa)", issuer="Trung tâm Kỹ thuật (minh họa)",
                issued_on=lot.made_on,
            )  # fmt: skip

    def _oddities(self, farms: list[tuple[Party, Site, Product]], made: list[Lot]) -> None:
        """A plot that would have borne too much, labels, a drill, and a report of a fake."""
        party, site, product = farms[0]
        self._write("dieu-thu-hoach", party, 3, site=site, product=product, kg=Decimal(9_500))
        goods.make_labels(by=self.office, lot=made[-1], count=24, on=self.today)
        now = datetime.combine(self.today, time(9), tzinfo=VIETNAM)
        recalls.order_recall(
            by=self.office, lot=made[0], reason="Diễn tập: giả định phát hiện dư lượng", is_drill=True, now=now,
        )  # fmt: skip
        goods.report_fake(
            by=self.office, lot=made[-1], now=now, bought_at="Chợ (minh họa)",
            contents="Hộp mua về có màu tem khác và nắp không niêm phong. (minh họa)",
        )  # fmt: skip


def _picture(colour: str) -> bytes:
    image = Image.new("RGB", (480, 300), "#f3efe6")
    draw = ImageDraw.Draw(image)
    for place in range(9):
        x, y = 70 + (place % 3) * 150, 60 + (place // 3) * 80
        draw.ellipse((x, y, x + 90, y + 56), fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
