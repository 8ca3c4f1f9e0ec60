"""Checks the audit chain from the first row to the last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khcn.kernel.audit.queries import verify_chain


class Command(BaseCommand):
    """Prints the number of rows and the head; exits 1 and names the rows where the chain is broken."""

    help = "Kiểm tra chuỗi băm của nhật ký."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the check."""
        report = verify_chain()
        if not report.holds:
            raise CommandError(f"Chuỗi nhật ký bị đứt ở {len(report.broken)} dòng, đầu tiên: {report.broken[:10]}")
        self.stdout.write(f"Chuỗi nhật ký nguyên vẹn: {report.rows} dòng, đầu chuỗi {report.head}")
