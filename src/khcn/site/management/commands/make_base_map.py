"""Makes the base map anew from the units and the open reference layers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from khcn.domains.geodata.services.base_map import DEEPEST, base_map_path, make_base_map


class Command(BaseCommand):
    """Says how many tiles there are; exits 1 where there is nothing to draw."""

    help = "Làm lại bản đồ nền (PMTiles) từ ranh giới đơn vị hành chính và các lớp nền công khai."

    def add_arguments(self, parser: CommandParser) -> None:
        """--zoom: the deepest level."""
        parser.add_argument("--zoom", type=int, default=DEEPEST, help="mức chi tiết sâu nhất (5–14)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        if not 5 <= options["zoom"] <= 14:
            raise CommandError("--zoom phải từ 5 đến 14.")
        count = make_base_map(on=timezone.localdate(), deepest=options["zoom"])
        if not count:
            raise CommandError("Chưa có ranh giới hoặc lớp nền nào để vẽ.")
        self.stdout.write(f"Đã ghi {count} ô vào {base_map_path().name}.")
