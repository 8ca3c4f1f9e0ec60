"""Lets due timers ring and tells of overdue steps; for a scheduler that calls commands."""

from typing import Any

from django.core.management.base import BaseCommand

from khcn.kernel.procedures.queries import system_actor
from khcn.kernel.procedures.services import fire_timers, tell_overdue


class Command(BaseCommand):
    """Prints what was done. May run as often as one likes, and several at once."""

    help = "Đánh thức các bước hẹn giờ đã đến hạn và báo các bước quá hạn."

    def handle(self, *args: Any, **options: Any) -> None:
        """One sweep."""
        sweep = fire_timers(by=system_actor())
        told = tell_overdue()
        self.stdout.write(f"Hẹn giờ: {sweep.fired} đã chạy, {sweep.refused} chưa đi tiếp được. Quá hạn: báo {told}.")
