"""Loads all reference data: units, calendar, organisations, posts, legal rules; repeatable."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from khcn.domains.geodata.services.reference import load_templates
from khcn.domains.hazards.services.reference import load_hazards
from khcn.domains.marks.services.reference import load_marks
from khcn.domains.onestop.services.reference import load_onestop
from khcn.domains.programme.services.reference import load_rules
from khcn.domains.programme.services.reference_indicators import load_indicators
from khcn.domains.programme.services.reference_procedures import load_procedures
from khcn.domains.qms.services.reference import load_standards
from khcn.domains.traceability.services.reference import load_traceability
from khcn.domains.warnings.services.reference import load_warnings
from khcn.kernel.orgs.services.reference import load_organisations, load_posts
from khcn.kernel.places.drivers import read_package
from khcn.kernel.places.services import load_units
from khcn.kernel.procedures.services import seed_calendar
from khcn.lib.actor import Actor
from khcn.lib.holidays_vn import merge_exceptions, read_exceptions, seed_exceptions
from khcn.web.reference import Tally, altered_files, read_rows

REFERENCE = Path(settings.ROOT) / "data" / "reference"
FOLDERS = (
    "places", "calendar", "orgs", "rules", "indicators", "procedures", "qms", "onestop", "geodata", "traceability",
    "marks", "hazards", "warnings",
)  # fmt: skip
YEARS = range(2020, 2028)
HOME_PROVINCES = frozenset({"70", "75"})
"""Bình Phước before the merger, Đồng Nai on both sides of it: whose communes are loaded unless all are asked for."""


class Command(BaseCommand):
    """Prints one line per table: added, changed, ended, as it was."""

    help = "Nạp dữ liệu tham chiếu: đơn vị hành chính, lịch, cơ quan, chức vụ, quy tắc; chạy lại không tạo trùng."

    def add_arguments(self, parser: CommandParser) -> None:
        """--dry-run writes nothing; --all-communes loads the whole country."""
        parser.add_argument("--dry-run", action="store_true", help="chỉ báo cáo, không ghi")
        parser.add_argument("--all-communes", action="store_true", help="nạp cấp huyện, cấp xã của mọi tỉnh")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load table by table; all or nothing."""
        for folder in FOLDERS:
            if altered := altered_files(REFERENCE / folder):
                self.stderr.write(f"Cảnh báo: {folder}: {', '.join(altered)} khác tổng SHA-256 trong SOURCE.toml.")
        try:
            with transaction.atomic():
                tallies = load_all(by=system_actor(), everywhere=options["all_communes"])
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except (KeyError, ValueError) as error:
            raise CommandError(f"Dữ liệu tham chiếu có lỗi, chưa ghi gì: {error}") from error
        if options["verbosity"] > 0:
            for tally in tallies:
                self.stdout.write(
                    f"{tally.name}: thêm {tally.added}, đổi {tally.changed}, kết thúc {tally.ended}, "
                    f"giữ nguyên {tally.same}"
                )
            self.stdout.write("Chạy thử, không ghi gì." if options["dry_run"] else "Đã nạp dữ liệu tham chiếu.")


def system_actor(on: date | None = None) -> Actor:
    """The system itself, on today's date."""
    return Actor(uid=UUID(int=0), name="Hệ thống", on=on or timezone.localdate(), is_system=True)


def load_all(*, by: Actor, everywhere: bool = False) -> list[Tally]:
    """Load every table of data/reference and the units of the package. Raises KeyError or ValueError for bad rows."""
    names = read_rows(REFERENCE / "places" / "names.csv")
    listed = read_package(communes_of=None if everywhere else HOME_PROVINCES, names=names)
    tallies = list(load_units(by=by, units=listed.units, successions=listed.successions))
    tallies.append(_calendar(by))
    tallies += load_organisations(
        by=by,
        organisations=read_rows(REFERENCE / "orgs" / "organisations.csv"),
        successions=read_rows(REFERENCE / "orgs" / "successions.csv"),
    )
    tallies.append(load_posts(by=by, posts=read_rows(REFERENCE / "orgs" / "posts.csv")))
    for loaded in load_rules(by=by, folder=REFERENCE / "rules"):
        tallies.append(Tally(loaded.name, loaded.added, loaded.changed, 0, loaded.same))
    tallies += load_standards(by=by, folder=REFERENCE / "qms")
    tallies += load_onestop(by=by, folder=REFERENCE / "onestop")
    tallies += load_templates(by=by, folder=REFERENCE / "geodata")
    tallies += load_traceability(by=by, folder=REFERENCE / "traceability")
    tallies += load_marks(by=by, folder=REFERENCE / "marks")
    tallies += load_hazards(by=by, folder=REFERENCE / "hazards")
    tallies += load_warnings(by=by, folder=REFERENCE / "warnings")
    report = load_indicators(by)
    tallies.append(Tally("chỉ tiêu", len(report.added), len(report.changed), 0, len(report.unchanged)))
    tallies.append(load_procedures(by=by))
    return tallies


def _calendar(by: Actor) -> Tally:
    official = read_exceptions((REFERENCE / "calendar" / "exceptions.csv").read_text("utf-8"))
    days = merge_exceptions(seed_exceptions(YEARS), official)
    rows = {day.on: (day.on, day.kind.value, day.name[:120], day.basis[:200]) for day in days}
    added, changed = seed_calendar(by=by, days=rows.values())
    return Tally("lịch làm việc", added, changed, 0, len(rows) - added - changed)
