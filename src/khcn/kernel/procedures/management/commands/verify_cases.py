"""Checks the chained logs of cases from their first lines to their last."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.queries import verify_logs


class Command(BaseCommand):
    """Prints how many cases and lines were read; exits 1 and names the cases whose log does not hold."""

    help = "Kiểm tra chuỗi băm của nhật ký hồ sơ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One case, or all."""
        parser.add_argument("--code", default="", help="mã hồ sơ (mặc định: mọi hồ sơ)")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Run the check."""
        report = verify_logs(Case.objects.filter(code=code) if code else None)
        if not report.holds:
            named = "; ".join(f"{name}: {sentence}" for name, sentence in report.faults[:10])
            raise CommandError(f"Nhật ký không nguyên vẹn ở {len(report.faults)} chỗ. {named}")
        self.stdout.write(f"Nhật ký nguyên vẹn: {report.cases} hồ sơ, {report.events} dòng.")
