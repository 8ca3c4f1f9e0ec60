"""Loads the demonstration into an empty programme."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khcn.domains.programme.models import Plan
from khcn.site.demo.loading import is_loaded, load


class Command(BaseCommand):
    """Does nothing when the demonstration is there; refuses to mix it with a real plan."""

    help = "Nạp dữ liệu minh họa."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--dry-run only says what would be done."""
        parser.add_argument("--dry-run", action="store_true", help="không ghi gì")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once."""
        if is_loaded():
            self.stdout.write("Dữ liệu minh họa đã có.")
            return
        if Plan.objects.exists():
            raise CommandError("Cơ sở dữ liệu đã có kế hoạch thật; không nạp lẫn dữ liệu minh họa.")
        if options["dry_run"]:
            self.stdout.write("Sẽ nạp dữ liệu minh họa.")
            return
        told = load()
        self.stdout.write(f"Đã nạp {sum(told.values())} nhiệm vụ minh họa.")
