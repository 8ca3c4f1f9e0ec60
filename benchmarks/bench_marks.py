"""Marks at size: the verdict on lots over a large trace, the monthly balance of members, the register's pages.

Prints one JSON line per measurement, each with commit and machine. `./khcn bench marks [--events N] [--lots N] …`.
The aims: a verdict within 10 ms at the 95th percentile over 500,000 events, the balance of 500 members within 10 s, a
page of the register within 150 ms. Requests are answered in this process, without a socket.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
FOLDER = tempfile.TemporaryDirectory(prefix="khcn-bench-")
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
os.environ.setdefault("KHCN_HOSTS", "testserver")

from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.urls import reverse  # noqa: E402
from shapely.geometry import box  # noqa: E402

import traceability_store as store  # noqa: E402 - after the path and the database; sets Django up
from khcn.domains.marks.choices import RightKind, RightState, UseAct, UseState  # noqa: E402
from khcn.domains.marks.models import (  # noqa: E402
    AreaVersion,
    CertifiedLot,
    StampDesign,
    StampIssue,
    StampOrder,
    UsePlot,
    UseRight,
    UseStep,
)
from khcn.domains.marks.queries.balances import balances_of  # noqa: E402
from khcn.domains.marks.queries.verdicts import verdict_of  # noqa: E402
from khcn.domains.marks.rules.lines import ParameterLine, ProductLine  # noqa: E402
from khcn.domains.marks.services import areas, rights, specifications  # noqa: E402
from khcn.domains.traceability.choices import PartyKind, Sector, SiteKind  # noqa: E402
from khcn.domains.traceability.models import Client, Lot, Party, Product, Site  # noqa: E402
from khcn.domains.traceability.services.clients import key_digest  # noqa: E402
from khcn.kernel.orgs.models import Organisation  # noqa: E402
from khcn.lib.actor import Actor  # noqa: E402
from khcn.standards.epcis.event_identifiers import decompressed_identifier  # noqa: E402
from measuring import percentiles  # noqa: E402 - found beside this file

SINCE, DAY = date(2018, 8, 29), date(2026, 3, 1)
SYSTEM = Actor(uid=UUID(int=0), name="Hệ thống", on=DAY, is_system=True)
SITES = 400


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    here = {"commit": done.stdout.strip(), "python": platform.python_version(), "cores": os.cpu_count()}
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"bench": f"marks.{name}", **values, **here, "load": load}, ensure_ascii=False), flush=True)


def timed(action: Callable[[], Any]) -> tuple[float, float, Any]:
    """(wall seconds, processor seconds of this process, answer)."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = action()
    return time.perf_counter() - wall, time.process_time() - processor, answer


def make_right() -> Any:
    """A right with a specification and a drawn area."""
    office = Organisation.objects.create(code="SKHCN-B", name="Sở Khoa học và Công nghệ", kind="agency")
    right = rights.register_right(
        by=SYSTEM, kind=RightKind.GEOGRAPHICAL_INDICATION, name="Hạt điều", code="dieu", manager=office,
        state=RightState.REGISTERED, registered_on=SINCE,
    )  # fmt: skip
    rights.set_goods(by=SYSTEM, right=right, classes=(), products=(ProductLine("Nhân điều"),))
    rights.open_right(by=SYSTEM, right=right, is_public=True)
    draft = specifications.draft_specification(
        by=SYSTEM, right=right, title="Bản mô tả", parameters=(ParameterLine("Mùi", wording="thơm"),),
        least_share=Decimal("0.96"),
    )  # fmt: skip
    specifications.issue_specification(by=SYSTEM, specification=draft, valid_from=SINCE, decision="QĐ 1")
    area = areas.draft_area(by=SYSTEM, right=right, units=(), units_on=SINCE, geometry=box(106.4, 11.3, 107.4, 12.3))
    areas.issue_area(by=SYSTEM, area=area, valid_from=SINCE, decision="QĐ 1")
    return right


def make_world(events: int, right: Any) -> int:
    """The chain of so many events, its lots, plots of which one in eight lies partly outside; how many units."""
    client = Client.objects.create(name="Thử", key_digest=key_digest(store.KEY), prefixes=[store.PREFIX], sees_all=True)
    documents, units = store.documents(0, events, 500)
    for raw in documents:
        store.capture(client, raw)
    plant = Party.objects.create(code="NM", name="Nhà máy", kind=PartyKind.PLANT)
    grower = Party.objects.create(code="HO", name="Hộ", kind=PartyKind.GROWER)
    raw_product = Product.objects.create(party=grower, sector=Sector.CASHEW, name="Hạt", code="H")
    made = Product.objects.create(party=plant, sector=Sector.CASHEW, name="Nhân", code="N")
    sites = [
        Site.objects.create(party=grower, kind=SiteKind.PLOT, code=str(number), name=f"Lô {number}")
        for number in range(SITES)
    ]
    use = UseRight.objects.create(
        right=right, code="dieu-0", holder="Nhà máy", party_uri=plant.uri, state=UseState.GRANTED, applied_on=SINCE,
        granted_on=SINCE, valid_to=date(2038, 1, 1), number="D-0",
    )  # fmt: skip
    for act in (UseAct.APPLY, UseAct.GRANT):
        UseStep.objects.create(use=use, act=act, on=SINCE)
    area = AreaVersion.objects.get(right=right)
    UsePlot.objects.bulk_create(
        UsePlot(
            use=use, name=one.name, site_uri=one.uri, area=area, checked_on=SINCE,
            least=0.6 if number % 8 == 0 else 1.0, most=0.6 if number % 8 == 0 else 1.0,
        )
        for number, one in enumerate(sites)
    )  # fmt: skip
    dice = random.Random(7)
    lots = []
    for unit in range(units):
        # half of the factories buy from plots inside only
        pool = [one for number, one in enumerate(sites) if number % 8 or unit % 2]
        for collector in range(store.COLLECTORS):
            for farmer in range(store.FARMERS):
                uri = decompressed_identifier(f"urn:epc:class:lgtin:{store.PREFIX}.111111.H{unit}-{collector}-{farmer}")
                code = f"H{unit}-{collector}-{farmer}"
                lots.append(Lot(product=raw_product, code=code, uri=uri, made_on=DAY, quantity_kg=Decimal("320.5"),
                                site=dice.choice(pool), folded=code))  # fmt: skip
        code = f"F{unit}"
        lots.append(Lot(product=made, code=code, uri=decompressed_identifier(store.lot_of(unit)), made_on=DAY,
                        quantity_kg=Decimal(6000), folded=code))  # fmt: skip
        if len(lots) > 20_000:
            Lot.objects.bulk_create(lots, batch_size=2_000)
            lots = []
    Lot.objects.bulk_create(lots, batch_size=2_000)
    return units


def make_members(right: Any, count: int) -> None:
    """Members with twenty certified lots of the month each, half of their mass stamped."""
    product = right.products.get()
    design = StampDesign.objects.create(right=right, name="Tem", prefix="B", kg=Decimal("0.5"))
    order = StampOrder.objects.create(
        design=design, printer="Nhà in", first=1, last=10**8, ordered_on=SINCE, received_on=SINCE, secret="s" * 32
    )
    number = 1
    for member in range(1, count + 1):
        use = UseRight.objects.create(
            right=right, code=f"dieu-{member}", holder=f"Thành viên {member:04d}", state=UseState.GRANTED,
            applied_on=SINCE, granted_on=SINCE, valid_to=date(2038, 1, 1), number=f"D-{member}",
        )  # fmt: skip
        lots = CertifiedLot.objects.bulk_create(
            CertifiedLot(use=use, product=product, lot_uri=f"urn:x:{member}:{lot}", lot_code=str(lot), made_on=DAY,
                         lot_kg=100, kg=100, outcome="certain", least=1, most=1, certified_on=DAY)
            for lot in range(20)
        )  # fmt: skip
        issues = []
        for lot in lots:
            issues.append(StampIssue(order=order, lot=lot, first=number, last=number + 99, kg=design.kg, issued_on=DAY))
            number += 100
        StampIssue.objects.bulk_create(issues)


def main() -> None:
    """Make the world, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--lots", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=500)
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    right = make_right()
    wall, processor, units = timed(lambda: make_world(options.events, right))
    emit("world", events=options.events, units=units, seconds=round(wall, 1), processor_seconds=round(processor, 1))

    dice = random.Random(11)
    seconds, spent, outcomes = [], [], dict[str, int]()
    for _number in range(options.lots):
        uri = decompressed_identifier(store.lot_of(dice.randrange(units)))
        one, processor, found = timed(lambda uri=uri: verdict_of(uri, right, DAY))  # type: ignore[misc]
        seconds.append(one)
        spent.append(processor)
        outcome = str(found.verdict.outcome.value)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    emit("verdict", events=options.events, lots=options.lots, outcomes=outcomes, **percentiles(seconds),
         processor_p95_ms=percentiles(spent)["p95_ms"], aim_p95_ms=10)  # fmt: skip

    make_members(right, options.members)
    wall, processor, rows = timed(lambda: balances_of(right, date(2026, 3, 1), date(2026, 4, 1)))
    emit("balance", members=len(rows), seconds=round(wall, 3), processor_seconds=round(processor, 3), aim_seconds=10)

    browser = Browser()
    for name, address in (("list", reverse("public_marks")), ("right", reverse("public_mark", args=["dieu"]))):
        taken, used = [], []
        for _number in range(options.pages):
            cache.clear()
            one, processor, answer = timed(lambda address=address: browser.get(address))  # type: ignore[misc]
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
            taken.append(one)
            used.append(processor)
        emit(f"register_{name}", pages=options.pages, **percentiles(taken),
             processor_p95_ms=percentiles(used)["p95_ms"], aim_p95_ms=150)  # fmt: skip


if __name__ == "__main__":
    main()
