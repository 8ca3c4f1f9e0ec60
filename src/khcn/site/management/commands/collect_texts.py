"""Lists the texts that the English catalogues lack or no longer need, or puts the catalogues in order.

Translates nothing; see `khcn.site.texts`.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from khcn.site.texts import catalogues


class Command(BaseCommand):
    """`collect_texts` tells; with `--write` adds missing texts (empty where new), removes unused ones, sorts."""

    help = "Đối chiếu câu chữ trong mã nguồn với các bản tiếng Anh; --write thêm câu còn thiếu và bỏ câu thừa."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--write puts the catalogues in order; --all lists every text of the source instead."""
        parser.add_argument("--write", action="store_true", help="ghi vào các tệp django.po")
        parser.add_argument("--all", action="store_true", help="liệt kê mọi câu, theo từng tệp django.po")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what differs, and after --write what was done."""
        if options["all"]:
            for catalogue, texts in catalogues.collect().items():
                self.stdout.write(f"{catalogue}: {len(texts)}")
                self.stdout.writelines(f"  {text.words}" for text in sorted(texts))
            return
        found = catalogues.put_in_order() if options["write"] else catalogues.departures()
        self.stdout.writelines(str(one) for one in found)
        if not found:
            self.stdout.write("Các bản tiếng Anh đủ câu.")
