"""`./khcn backup [FILE]`: database and uploads into one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from khcn.site.backup import keeping
from khcn.site.backup.errors import BackupError
from khcn.site.launcher import house
from khcn.site.launcher.messages import tell


class Command(BaseCommand):
    """Writes the backup and prints where it is, what it holds and the head of the audit chain."""

    help = "Sao lưu cơ sở dữ liệu và tệp tải lên vào một tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, and how many of the usual folder to keep."""
        parser.add_argument("file", nargs="?", type=Path, help="tệp đích; mặc định trong var/backups")
        parser.add_argument("--keep", type=int, help="chỉ giữ bấy nhiêu bản mới nhất trong var/backups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        now = timezone.localtime()
        place = keeping.Place(
            keeping.store_for(settings.DATABASES["default"], now), Path(settings.MEDIA_ROOT), house.VAR
        )
        try:
            path, manifest = keeping.back_up(place=place, target=options["file"], keep=options["keep"], now=now)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows, size = sum(manifest.facts.tables.values()), path.stat().st_size / 1e6
        self.stdout.write(tell(f"Đã sao lưu vào {path} ({size:.1f} MB).", f"Backed up to {path} ({size:.1f} MB)."))
        tables, files = len(manifest.facts.tables), len(manifest.files)
        self.stdout.write(
            tell(f"  {rows} dòng trong {tables} bảng, {files} tệp", f"  {rows} rows in {tables} tables, {files} files")
        )
        head = manifest.facts.audit_head or "–"
        self.stdout.write(tell(f"  đầu chuỗi nhật ký: {head}", f"  head of the audit chain: {head}"))
