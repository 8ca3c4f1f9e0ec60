"""The day's work of the quality systems that needs no person; meant for a timer, harmless when run twice."""

from typing import Any

from django.core.management.base import BaseCommand

from khcn.domains.qms.services.daily import machine, run_day


class Command(BaseCommand):
    """Documents whose day has come, repeated overdue steps, computed objectives."""

    help = "Việc hằng ngày của ISO điện tử: tài liệu đến ngày hiệu lực, bước quá hạn lặp lại, mục tiêu tự động."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say what was done."""
        done = run_day(by=machine())
        self.stdout.write(
            f"Tài liệu có hiệu lực: {done['effective']}; phiếu không phù hợp mới: {done['nonconformities']}; "
            f"số đo mục tiêu mới: {done['measurements']}."
        )
