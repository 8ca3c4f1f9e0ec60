"""Loads an edition of boundaries from a GeoJSON file or address whose SHA-256 the user knows."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from khcn.kernel.places.services import load_edition
from khcn.kernel.places.services.editions import TOLERANCE_DEG
from khcn.lib.failure import Refused
from khcn.site.management.commands.load_boundaries import LIMIT_BYTES, features_of, read_file
from khcn.site.management.commands.load_reference import system_actor

TIMEOUT_SECONDS = 120


class Command(BaseCommand):
    """Nothing is read before the digest fits; exits 1 when no unit got a boundary."""

    help = "Nạp bộ ranh giới đơn vị hành chính (GeoJSON, WGS 84) đã biết SHA-256; đơn giản hóa không hở, tính kế thừa."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE|URL --sha256 …"""
        parser.add_argument("source", help="tệp GeoJSON hoặc địa chỉ https")
        parser.add_argument("--sha256", required=True, help="tổng SHA-256 phải khớp")
        parser.add_argument("--code", default="code", help="thuộc tính chứa mã đơn vị (mặc định: code)")
        parser.add_argument("--on", type=date.fromisoformat, help="ngày của danh mục (mặc định: hôm nay)")
        parser.add_argument("--name", default="", help="tên bộ ranh giới")
        parser.add_argument("--licence", default="", help="giấy phép của nguồn")
        parser.add_argument("--tolerance", type=float, default=TOLERANCE_DEG, help="sai số đơn giản hóa, độ")
        parser.add_argument("--repair", action="store_true", help="sửa đường biên tự cắt thay vì từ chối")
        parser.add_argument("--dry-run", action="store_true", help="chỉ báo cáo, không ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, load, report."""
        source: str = options["source"]
        content = _fetch(source) if source.startswith("https://") else read_file(Path(source))
        found = hashlib.sha256(content).hexdigest()
        if found != options["sha256"].lower():
            raise CommandError(f"Tệp không khớp SHA-256: {found}.")
        name = source if source.startswith("https://") else Path(source).name
        try:
            with transaction.atomic():
                report = load_edition(
                    by=system_actor(), name=options["name"] or name, features=features_of(content, options["code"]),
                    on=options["on"] or timezone.localdate(), source=name, sha256=found, licence=options["licence"],
                    tolerance_deg=options["tolerance"], repair=options["repair"],
                )  # fmt: skip
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        for code, reason in report.boundaries.refused:
            self.stderr.write(f"{code}: {reason}")
        if report.edition is None:
            raise CommandError("Không đặt được ranh giới nào; kiểm tra --code và --on.")
        if not report.is_coverage:
            self.stderr.write("Cảnh báo: ranh giới trong tệp chồng hoặc hở nhau, bản đơn giản hóa cũng vậy.")
        done = len(report.boundaries.changed), len(report.boundaries.unchanged), len(report.boundaries.refused)
        self.stdout.write(
            f"Ranh giới: đặt {done[0]}, giữ nguyên {done[1]}, bỏ {done[2]}; {report.vertices} điểm, đơn giản hóa còn "
            f"{report.simplified_vertices}; tính phần diện tích của {report.shares} kế thừa."
            + (" Chạy thử, không ghi gì." if options["dry_run"] else "")
        )


def _fetch(address: str) -> bytes:
    try:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 – https only, checked by the caller
            content = response.read(LIMIT_BYTES + 1)
    except (URLError, OSError) as error:
        raise CommandError(f"Không tải được {address}: {error}") from error
    if len(content) > LIMIT_BYTES:
        raise CommandError("Tệp lớn hơn 200 MB.")
    return bytes(content)
