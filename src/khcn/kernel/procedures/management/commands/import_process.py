"""Reads a BPMN 2.0 drawing: says what it holds and what stops it from running, and keeps it as draft procedures."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from khcn.kernel.procedures.engine.drawings import Translation, translate_all
from khcn.kernel.procedures.services import import_drawing
from khcn.lib.actor import Actor
from khcn.lib.failure import Failure
from khcn.standards.bpmn import Drawing, read
from khcn.standards.bpmn.reading import SIZE_LIMIT


class Command(BaseCommand):
    """`import_process FILE [--dry-run] [--json] [--code MÃ]`.

    JSON: one object with nodes (flow nodes, those of sub-processes included), flows (sequence flows), dangling (flows
    with a missing end), processes, executable (processes that run here as drawn) and obstacles, each an object with
    process, node, name and reason. What people decide where the drawing is silent (a gateway without conditions, when
    a loop is enough, that a message came) is asked of them and counts as run; a timer without a time is an obstacle.
    """

    help = "Nhập bản vẽ BPMN 2.0 thành quy trình nháp và nêu những điểm chưa chạy được."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc, không ghi gì")
        parser.add_argument("--json", action="store_true", help="in đúng một đối tượng JSON")
        parser.add_argument("--code", default="", help="mã của quy trình nháp (mặc định: tên tệp)")

    def handle(self, *args: Any, file: Path, dry_run: bool, code: str, **options: Any) -> None:
        """Read, answer, and keep unless it is a dry run."""
        try:
            with file.open("rb") as source:
                content = source.read(SIZE_LIMIT + 1)
        except OSError as fault:
            raise CommandError(f"Không đọc được tệp {file}: {fault.strerror}.") from fault
        try:
            drawing = read(content)
            translations = translate_all(drawing)
            if not dry_run:
                self._keep(drawing, translations, code or file.stem)
        except Failure as fault:
            raise CommandError(fault.message) from fault
        if options["json"]:
            self.stdout.write(json.dumps(summary(drawing, translations), ensure_ascii=False))
        else:
            self._tell(drawing, translations)

    def _keep(self, drawing: Drawing, translations: list[Translation], code: str) -> None:
        by = Actor(uid=UUID(int=0), name="Dòng lệnh", on=timezone.localdate(), is_system=True)
        versions = import_drawing(by=by, drawing=drawing, translations=translations, code=code)
        for version in versions:
            self.stderr.write(f"Đã lưu bản nháp {version.procedure.code}: {version.procedure.title}")

    def _tell(self, drawing: Drawing, translations: list[Translation]) -> None:
        facts = summary(drawing, translations)
        self.stdout.write(
            f"{facts['processes']} quy trình, {facts['nodes']} bước, {facts['flows']} đường nối, "
            f"{facts['dangling']} đường nối hở; {facts['executable']} quy trình chạy được."
        )
        for one in translations:
            self.stdout.write(
                f"\n{one.process.name or one.process.id}: {'chạy được' if one.is_executable else 'chưa chạy được'}"
            )
            for label, remarks in (("Vướng", one.obstacles), ("Lưu ý", one.notes)):
                for remark in remarks:
                    self.stdout.write(f"  {label}: {remark.name or remark.node or 'cả quy trình'} – {remark.reason}")


def summary(drawing: Drawing, translations: list[Translation]) -> dict[str, Any]:
    """The counts and obstacles as JSON values."""
    return {
        "nodes": len(drawing.nodes),
        "flows": len(drawing.flows),
        "dangling": len(drawing.dangling),
        "processes": len(drawing.processes),
        "executable": sum(one.is_executable for one in translations),
        "obstacles": [
            {"process": remark.process, "node": remark.node, "name": remark.name, "reason": remark.reason}
            for one in translations
            for remark in one.obstacles
        ],
    }
