"""Reads an official plan from a file: shows what was found, or keeps it for a person to correct and adopt."""

import errno
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from khcn.domains.programme.rules.plan_reading import read_plan, to_json
from khcn.domains.programme.services.plans import start_reading
from khcn.kernel.orgs.models import User
from khcn.kernel.orgs.queries import actor_for
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure, Refused
from khcn.web.intake import read_file, refuse_size

OS_REASONS = {
    errno.ENOENT: "không có tệp này, vui lòng kiểm tra lại đường dẫn",
    errno.EACCES: "không có quyền đọc",
    errno.EISDIR: "đây là thư mục, vui lòng chỉ rõ tệp",
}


class Command(BaseCommand):
    """`import_plan FILE`: .docx, .pdf (scans too) or .txt. With --dry-run nothing is written."""

    help = "Đọc một kế hoạch từ tệp; không đưa vào theo dõi khi chưa có người xem."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and how to answer."""
        parser.add_argument("file", help="tệp kế hoạch (.docx, .pdf, .txt)")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc, không ghi gì")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--user", default="", help="tài khoản đứng tên bản đọc (bỏ trống: dòng lệnh)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and answer."""
        path = Path(options["file"])
        try:
            refuse_size(path.stat().st_size)
            content = path.read_bytes()
            taken = read_file(content, path.name)
        except OSError as error:
            reason = OS_REASONS.get(error.errno or 0, error.strerror or "")
            raise self._refused("file_unreadable", f"Không mở được tệp {path}: {reason}.", options) from error
        except Failure as failure:
            raise self._refused(failure.code, failure.message, options) from failure
        found = to_json(read_plan(taken.text, tables=taken.tables))
        kept = "" if options["dry_run"] else self._keep(path, content, taken, options)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            for note in (*taken.warnings, kept):
                if note:
                    self.stderr.write(note)
        else:
            self._summary(found, taken.warnings)
            if kept:
                self.stdout.write(kept)

    def _refused(self, code: str, message: str, options: dict[str, Any]) -> CommandError:
        """The error that ends the command; with --json it is also one JSON object on standard output."""
        if options["json"]:
            self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False, indent=2))
        return CommandError(message)

    def _summary(self, found: dict[str, Any], warnings: tuple[str, ...]) -> None:
        lines = sum(len(item["lines"]) for item in found["fields"])
        clauses = sum(len(item["clauses"]) for item in found["duties"])
        self.stdout.write(f"Cơ quan ban hành: {found['issuer'] or '(không rõ)'}; số: {found['number'] or '(không có)'}")
        self.stdout.write(f"Chỉ tiêu: {len(found['targets'])}; lĩnh vực: {len(found['fields'])} ({lines} nội dung)")
        self.stdout.write(f"Nguồn kinh phí: {len(found['sources'])}; tổng: {found['total_vnd'] or '(không rõ)'} đồng")
        self.stdout.write(
            f"Phân công: {len(found['duties'])} nhóm ({clauses} việc); nơi nhận: {len(found['recipients'])}"
        )
        self.stdout.write(f"Căn cứ: {len(found['legal_bases'])}; chưa xếp được: {len(found['unplaced'])} đoạn")
        for warning in warnings:
            self.stdout.write(self.style.WARNING(warning))

    def _actor(self, username: str) -> Actor:
        today = timezone.localdate()
        if not username:
            return Actor(uid=UUID(int=0), name="Dòng lệnh", on=today, is_system=True)
        user = User.objects.filter(username=username).first()
        if user is None:
            raise Refused(f"Không có tài khoản {username}. Vui lòng kiểm tra lại tên sau --user.")
        return actor_for(user, on=today)

    def _keep(self, path: Path, content: bytes, taken: Any, options: dict[str, Any]) -> str:
        try:
            reading = start_reading(
                by=self._actor(options["user"]), text=taken.text, content=content, filename=path.name,
                media_type="application/octet-stream", warnings=list(taken.warnings), tables=taken.tables,
            )  # fmt: skip
        except Failure as failure:
            raise self._refused(failure.code, failure.message, options) from failure
        return f"Đã lưu bản đọc {reading.uid}; mở mục Kế hoạch trên trình duyệt để đối chiếu và đưa vào theo dõi."
