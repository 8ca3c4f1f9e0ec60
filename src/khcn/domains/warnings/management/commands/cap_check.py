"""Checks CAP 1.2 messages from files, ours or anybody's, against structure and meaning; writes nothing."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from khcn.standards.cap.checking import Checked, check_alert
from khcn.standards.cap.findings import Violation
from khcn.standards.cap.semantics import PROFILES


class Command(BaseCommand):
    """`cap_check FILE…`: with --json one object per line and file, {file, valid, violations, advice}.

    A violation or piece of advice is {rule, pointer, message}. Ends with 1 where a file is not valid or not readable.
    """

    help = "Kiểm tra các tệp cảnh báo CAP 1.2; không ghi gì vào hệ thống."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files and how to answer."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="tệp CAP (.xml, .cap)")
        parser.add_argument("--json", action="store_true", help="in mỗi tệp một dòng JSON")
        parser.add_argument(
            "--profile", choices=sorted(PROFILES), default="", help="vn: kiểm tra thêm theo hồ sơ CAP của hệ thống"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every file, then answer for all of them with the exit code."""
        all_valid = True
        for name in options["files"]:
            checked = self._check(Path(name), options["profile"])
            all_valid = all_valid and checked.is_valid
            if options["json"]:
                self.stdout.write(json.dumps(self._as_json(name, checked), ensure_ascii=False))
            else:
                self._tell(name, checked)
        if not all_valid:
            sys.exit(1)

    def _check(self, path: Path, profile: str) -> Checked:
        try:
            content = path.read_bytes()
        except OSError as error:
            text = f"Không mở được tệp: {error.strerror}. Hãy xem lại đường dẫn và quyền đọc."
            return Checked((Violation("CAP-X00", "/", text),))
        return check_alert(content, profile=profile)

    def _as_json(self, name: str, checked: Checked) -> dict[str, Any]:
        def plain(found: tuple[Violation, ...]) -> list[dict[str, str]]:
            return [{key: value for key, value in asdict(each).items() if key != "severity"} for each in found]

        return {
            "file": name, "valid": checked.is_valid, "violations": plain(checked.violations),
            "advice": plain(checked.advice),
        }  # fmt: skip

    def _tell(self, name: str, checked: Checked) -> None:
        verdict = "đạt" if checked.is_valid else "KHÔNG ĐẠT"
        self.stdout.write(f"{name}: {verdict} ({len(checked.violations)} lỗi, {len(checked.advice)} lời khuyên)")
        for mark, found in (("lỗi", checked.violations), ("khuyên", checked.advice)):
            for each in found:
                self.stdout.write(f"  {mark:>6}  {each.rule}  {each.pointer}  {each.message}")
