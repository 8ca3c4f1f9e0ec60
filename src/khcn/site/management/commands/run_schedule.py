"""Queues the jobs of site/schedule.py that are due; once, or again every so many seconds until it is stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from khcn.kernel.events.services import requeue_abandoned
from khcn.kernel.schedules.services import queue_due_jobs
from khcn.site.schedule import JOBS


class Command(BaseCommand):
    """The worker runs what is queued; this one looks at the time, and for deliveries whose worker died."""

    help = "Xếp hàng các việc chạy tự động đã đến giờ (site/schedule.py); việc đã chạy cho giờ ấy không chạy lại."

    def add_arguments(self, parser: CommandParser) -> None:
        """--every SECONDS goes on looking."""
        parser.add_argument("--every", type=int, default=0, help="số giây giữa hai lần xem giờ; 0: xem một lần")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at the time; with --every until a TERM."""
        self._look(options["verbosity"])
        if not options["every"]:
            return
        asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: asked.set())
        while not asked.wait(options["every"]):
            close_old_connections()
            self._look(options["verbosity"])

    def _look(self, verbosity: int) -> None:
        requeue_abandoned()
        for run in queue_due_jobs(jobs=JOBS, now=timezone.now()):
            if verbosity:
                self.stdout.write(
                    f"Đã xếp hàng {run.job}, giờ theo lịch {timezone.localtime(run.slot_at):%H:%M %d/%m}."
                )
                self.stdout.flush()
