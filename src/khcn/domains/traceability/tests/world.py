"""A small chain of cashew: a cooperative with a household, a plant with GS1 codes, a shop; and the dated templates."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

from khcn.domains.traceability.choices import FieldSource, PartyKind, Sector, SiteKind
from khcn.domains.traceability.models import FormTemplate
from khcn.domains.traceability.services import parties
from khcn.domains.traceability.services.fieldwork import Answers, write_record
from khcn.domains.traceability.services.reference import load_traceability
from khcn.kernel.orgs.tests.cast import make_member
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.lib.roles import Role

REFERENCE = Path(__file__).parents[5] / "data" / "reference" / "traceability"
TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 15, tzinfo=VIETNAM)
SYSTEM = Actor(uid=UUID(int=1), name="Hệ thống", on=TODAY, is_system=True)
GTIN = "08931234123451"
PLANT_GLN = "8931234000004"


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


def make_world(cast) -> SimpleNamespace:
    """`world.write(template, party, …)` writes a record; `world.chain()` goes from the tree to the pack."""
    load_traceability(by=SYSTEM, folder=REFERENCE)
    cooperative_body, plant_body = (cast.organisation(name, kind="cooperative") for name in ("HTX Điều", "Nhà máy"))
    register = parties.register_party
    coop = register(by=SYSTEM, name="Hợp tác xã Điều thử", kind=PartyKind.COOPERATIVE, code="HTX1",
                    organisation=cooperative_body, address="Xã Đắk Ơ")  # fmt: skip
    grower = register(by=SYSTEM, name="Hộ ông Điểu Thử", kind=PartyKind.GROWER, code="HO1", head=coop)
    plant = register(by=SYSTEM, name="Nhà máy điều thử", kind=PartyKind.PLANT, code="NM1", organisation=plant_body,
                     prefix="8931234", gln=PLANT_GLN, address="Phường Đồng Xoài")  # fmt: skip
    shop = register(by=SYSTEM, name="Cửa hàng thử", kind=PartyKind.SHOP, code="CH1")
    plot = parties.register_site(by=SYSTEM, party=grower, code="7", name="Lô 7", kind=SiteKind.PLOT,
                                 sector=Sector.CASHEW, area_ha=Decimal("1.5"))  # fmt: skip
    hall = parties.register_site(by=SYSTEM, party=plant, code="X1", name="Xưởng 1", kind=SiteKind.PLANT,
                                 sector=Sector.CASHEW)  # fmt: skip
    raw = parties.register_product(by=SYSTEM, party=grower, name="Hạt điều tươi", sector=Sector.CASHEW)
    kernel = parties.register_product(
        by=SYSTEM, party=plant, name="Nhân điều rang muối", sector=Sector.CASHEW, gtin="8931234123451",
        shelf_life_days=360, brand="Bù Gia thử", standards="TCCS 01:2026/NM1", packing="hộp 500 g",
        net_kg=Decimal("0.5"),
    )  # fmt: skip
    world = SimpleNamespace(
        coop=coop, grower=grower, plant=plant, shop=shop, plot=plot, hall=hall, raw=raw, kernel=kernel,
        farmer=make_member(Role.PRODUCER, organisation=cooperative_body),
        maker=make_member(Role.PRODUCER, organisation=plant_body), officer=make_member(Role.SPECIALIST),
        stranger=make_member(Role.PRODUCER),
    )  # fmt: skip

    def template(code):
        return FormTemplate.objects.get(code=code, valid_to=None)

    def write(code, party, day, *, uid=None, hour=9, by=SYSTEM, now=NOW, **answers):
        record, is_new = write_record(
            by=by, uid=uid or uuid4(), template=template(code), party=party, occurred_at=at(day, hour),
            answers=Answers(**answers), source=FieldSource.WEB, now=now,
        )  # fmt: skip
        world.is_new = is_new
        return record

    def chain():
        harvest = write("dieu-thu-hoach", grower, 12, site=plot, product=raw, kg=Decimal(320))
        write("dieu-giao", grower, 13, inputs=[(harvest.lot, Decimal(320))], buyer=plant)
        write("dieu-nhan", plant, 14, site=hall, inputs=[(harvest.lot, Decimal(320))])
        made = write("dieu-che-bien-2", plant, 15, site=hall, product=kernel, kg=Decimal(80),
                     inputs=[(harvest.lot, Decimal(320))])  # fmt: skip
        write("dieu-giao", plant, 16, site=hall, inputs=[(made.lot, Decimal(50))], buyer=shop)
        return harvest.lot, made.lot

    world.template, world.write, world.chain = template, write, chain
    return world
