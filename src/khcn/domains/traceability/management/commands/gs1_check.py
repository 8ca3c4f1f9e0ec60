"""Says what GS1 keys, element strings, EPC names, tags and Digital Links identify, and what is wrong with them."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from khcn.domains.traceability.rules.check_wording import in_vietnamese
from khcn.standards.gs1.digital_link import LENIENT, STRICT
from khcn.standards.gs1.identification import KEY_NAMES, Identification, identify


class Command(BaseCommand):
    """`gs1_check TEXT…`: one report a text, no database; `-` reads texts from standard input, one a line.

    With --json each text is one JSON object on its own line: text, kind, valid, errors, warnings, elements (identifier
    to value), epc, digital_link, element_string (with brackets), barcode_text (^ for FNC1), tag, tag_hex. Messages are
    Vietnamese, `message_en` is the codec's own sentence. A key is given bare or as name:value. Links with spelled keys
    and short GTINs are read with a warning; --strict refuses them.
    The exit code is 0 when all texts are valid and 1 when one is not.
    """

    help = "Kiểm tra khóa GS1, chuỗi phần tử, EPC và Digital Link; cho biết các cách viết khác của cùng một mã."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The texts and how to answer."""
        named = ", ".join(KEY_NAMES)
        parser.add_argument(
            "texts", nargs="+", metavar="TEXT", help=f"văn bản cần kiểm tra, hoặc tên:giá trị ({named})"
        )
        parser.add_argument("--json", action="store_true", help="in mỗi văn bản một đối tượng JSON trên một dòng")
        parser.add_argument("--strict", action="store_true", help="từ chối cách viết liên kết đã bỏ")
        parser.add_argument("--prefix-length", type=int, default=None, help="số chữ số của mã doanh nghiệp (6 đến 12)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report on every text, whatever the others hold."""
        texts: list[str] = []
        for text in options["texts"]:
            texts += [line.rstrip("\r\n") for line in sys.stdin] if text == "-" else [text]
        leniency = STRICT if options["strict"] else LENIENT
        valid = True
        for text in texts:
            found = identify(text, leniency=leniency, prefix_length=options["prefix_length"])
            valid = valid and found.valid
            self.stdout.write(json.dumps(_report(found)) if options["json"] else _sentence(found))
        if not valid:
            raise SystemExit(1)


def _report(found: Identification) -> dict[str, Any]:
    errors = [{**one, "message": in_vietnamese(one["message"]), "message_en": one["message"]} for one in found.errors]
    return {**asdict(found), "errors": errors, "warnings": [in_vietnamese(one) for one in found.warnings]}


def _sentence(found: Identification) -> str:
    lines = [f"{found.text}: {found.kind}, {'hợp lệ' if found.valid else 'không hợp lệ'}"]
    lines += [f"  {in_vietnamese(error['message'])}" for error in found.errors]
    lines += [f"  ({in_vietnamese(warning)})" for warning in found.warnings]
    forms = (found.element_string, found.digital_link, found.epc, found.tag, found.tag_hex)
    return "\n".join([*lines, *(f"  {form}" for form in forms if form)])
