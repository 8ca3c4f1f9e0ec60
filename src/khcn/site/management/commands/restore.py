"""`./khcn restore [--drill] FILE`: verifies a backup, then puts it in place, or only rehearses that."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from khcn.site.backup import keeping
from khcn.site.backup.errors import BackupError
from khcn.site.launcher import house, servers
from khcn.site.launcher.messages import Stop, tell


class Command(BaseCommand):
    """Nothing is replaced before every digest, the rows and the audit chain are proven; the old state is kept."""

    help = "Kiểm tra rồi khôi phục từ bản sao lưu; --drill chỉ diễn tập."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE or the word latest; --drill."""
        parser.add_argument("file", help="tệp sao lưu, hoặc latest cho bản mới nhất trong var/backups")
        parser.add_argument("--drill", action="store_true", help="chỉ diễn tập, ghi biên bản vào var/evidence")

        parser.add_argument(
            "--broken-chain", action="store_true", help="khôi phục cả khi chuỗi nhật ký đã đứt từ trước khi sao lưu"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        now = timezone.localtime()
        place = keeping.Place(
            keeping.store_for(settings.DATABASES["default"], now), Path(settings.MEDIA_ROOT), house.VAR
        )
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        try:
            source = place.latest() if options["file"] == "latest" else Path(options["file"])
            if options["drill"]:
                done = keeping.rehearse(place=place, source=source, known_migrations=known, now=now)
            else:
                with servers.database_in_use(alone=True):
                    done = keeping.restore(
                        place=place,
                        source=source,
                        known_migrations=known,
                        now=now,
                        broken_chain=options["broken_chain"],
                    )
                (house.VAR / "prepared.json").unlink(missing_ok=True)
        except (BackupError, Stop) as error:
            raise CommandError(str(error)) from error
        facts = done.manifest.facts
        rows, files = sum(facts.tables.values()), len(done.manifest.files)
        proven = tell(
            f"{rows} dòng, {files} tệp, chuỗi nhật ký {facts.audit_rows} dòng: khớp",
            f"{rows} rows, {files} files, {facts.audit_rows} audit rows: all equal",
        )
        if options["drill"]:
            first = tell(
                f"Diễn tập khôi phục đạt sau {done.seconds:.1f} giây.", f"Drill passed in {done.seconds:.1f} s."
            )
            self.stdout.write(f"{first}\n  {proven}")
            self.stdout.write(tell(f"  biên bản: {done.evidence}", f"  evidence: {done.evidence}"))
            return
        first = tell(f"Đã khôi phục sau {done.seconds:.1f} giây.", f"Restored in {done.seconds:.1f} s.")
        self.stdout.write(f"{first}\n  {proven}")
        for name in done.kept:
            self.stdout.write(tell(f"  bản cũ giữ ở: {name}", f"  the old one stays at: {name}"))
