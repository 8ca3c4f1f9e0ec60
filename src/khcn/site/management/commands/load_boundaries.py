"""Loads boundaries of administrative units from a GeoJSON file that the user gives."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from khcn.kernel.places.services import load_boundaries
from khcn.site.management.commands.load_reference import system_actor

LIMIT_BYTES = 200 * 1024 * 1024


class Command(BaseCommand):
    """Matches features to units by code on a date; names what it could not place, and exits 1 when it placed none."""

    help = "Nạp ranh giới đơn vị hành chính từ tệp GeoJSON (kinh độ, vĩ độ WGS 84)."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE and how to read it."""
        parser.add_argument("file", type=Path, help="tệp GeoJSON")
        parser.add_argument("--code", default="code", help="thuộc tính chứa mã đơn vị (mặc định: code)")
        parser.add_argument("--on", type=date.fromisoformat, help="ngày mà danh mục có hiệu lực (mặc định: hôm nay)")
        parser.add_argument("--sha256", default="", help="tổng SHA-256 phải khớp")
        parser.add_argument("--repair", action="store_true", help="sửa đường biên tự cắt thay vì từ chối")
        parser.add_argument("--dry-run", action="store_true", help="chỉ báo cáo, không ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check the sum, load, report."""
        content = read_file(options["file"])
        found = hashlib.sha256(content).hexdigest()
        if options["sha256"] and options["sha256"].lower() != found:
            raise CommandError(f"Tệp không khớp SHA-256: {found}.")
        with transaction.atomic():
            report = load_boundaries(
                by=system_actor(), features=features_of(content, options["code"]), repair=options["repair"],
                on=options["on"] or timezone.localdate(), source=options["file"].name, sha256=found,
            )  # fmt: skip
            if options["dry_run"]:
                transaction.set_rollback(True)
        for code, reason in report.refused:
            self.stderr.write(f"{code}: {reason}")
        if not report.changed and not report.unchanged:
            raise CommandError("Không đặt được ranh giới nào; kiểm tra --code và --on.")
        self.stdout.write(
            f"Ranh giới: đặt {len(report.changed)}, giữ nguyên {len(report.unchanged)}, bỏ {len(report.refused)}."
            + (" Chạy thử, không ghi gì." if options["dry_run"] else "")
        )


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises CommandError where there is none or it is too large."""
    if not path.is_file():
        raise CommandError(f"Không có tệp {path}.")
    if path.stat().st_size > LIMIT_BYTES:
        raise CommandError("Tệp lớn hơn 200 MB; đề nghị đơn giản hóa ranh giới trước khi nạp.")
    return path.read_bytes()


def features_of(content: bytes, code: str) -> list[tuple[str, BaseGeometry]]:
    """(code, shape) of every feature with a geometry. Raises CommandError for what is no such GeoJSON."""
    try:
        collection = json.loads(content)
        return [
            (str(item["properties"][code]), shape(item["geometry"]))
            for item in collection["features"]
            if item.get("geometry")
        ]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise CommandError(f"Tệp không phải GeoJSON có thuộc tính “{code}”: {error}") from error
