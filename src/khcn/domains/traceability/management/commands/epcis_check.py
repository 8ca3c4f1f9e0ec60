"""Checks EPCIS documents in files: kind, events, everything that is wrong, and the hash of every event."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from khcn.domains.traceability.rules.check_wording import in_vietnamese
from khcn.standards.epcis.documents import Document, read_document
from khcn.standards.epcis.problems import Problem

UNREADABLE, INVALID = 2, 1


class Command(BaseCommand):
    """`epcis_check FILE…`: one report a file, no database.

    With --json each file is one JSON object on its own line: file, kind, binding, events, valid, errors, conformant,
    breaches, hashes. `valid` is the verdict of the official schema; `breaches` are what the standard demands beyond its
    schemas, and `conformant` is valid without breaches. `message` is Vietnamese, `message_en` the codec's own sentence.
    --strict counts breaches as errors. The exit code is 0 when all
    files are valid, 1 when one is not, 2 when one cannot be opened.
    """

    help = "Kiểm tra tệp EPCIS (JSON-LD, XML 2.0, XML 1.2): loại, số sự kiện, mọi lỗi và mã băm từng sự kiện."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files and how to answer."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="tệp EPCIS")
        parser.add_argument("--json", action="store_true", help="in mỗi tệp một đối tượng JSON trên một dòng")
        parser.add_argument("--strict", action="store_true", help="coi điều tiêu chuẩn đòi thêm ngoài lược đồ là lỗi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report on every file, whatever the others hold."""
        code = 0
        for name in options["files"]:
            report, found = self._report(name, strict=options["strict"])
            code = max(code, found)
            self.stdout.write(json.dumps(report) if options["json"] else _sentence(report))
        if code:
            raise SystemExit(code)

    def _report(self, name: str, *, strict: bool) -> tuple[dict[str, Any], int]:
        try:
            raw = Path(name).read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            unread = Problem("", f"The file cannot be opened: {reason}.", "file", "text")
            return _object(name, Document("unreadable", "none", problems=[unread]), strict=strict), UNREADABLE
        report = _object(name, read_document(raw), strict=strict)
        return report, 0 if report["valid"] else INVALID


def _object(name: str, document: Document, *, strict: bool) -> dict[str, Any]:
    errors = document.problems + (document.breaches if strict else [])
    hashes = document.hashes()
    return {
        "file": name,
        "kind": document.kind,
        "binding": document.binding,
        "events": len(hashes),
        "valid": not errors,
        "errors": [_told(problem) for problem in errors],
        "conformant": not document.problems and not document.breaches,
        "breaches": [_told(breach) for breach in document.breaches],
        "hashes": hashes,
    }


def _told(problem: Problem) -> dict[str, str]:
    return {**asdict(problem), "message": in_vietnamese(problem.message), "message_en": problem.message}


def _sentence(report: dict[str, Any]) -> str:
    head = f"{report['file']}: {report['kind']} ({report['binding']}), {report['events']} sự kiện, "
    head += "hợp lệ" if report["valid"] else f"{len(report['errors'])} lỗi"
    lines = [f"  {error['pointer'] or '/'}: {error['message']}" for error in report["errors"]]
    lines += [f"  (tiêu chuẩn) {breach['pointer']}: {breach['message']}" for breach in report["breaches"]]
    return "\n".join([head, *lines, *(f"  {found}" for found in report["hashes"] if found)])
