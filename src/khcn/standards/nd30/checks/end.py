"""Checks of signature and recipients (Mục II.7 and II.9)."""

import re
from collections.abc import Iterator, Sequence

from khcn.lib.text import fold
from khcn.standards.nd30 import layout
from khcn.standards.nd30.anatomy import Anatomy
from khcn.standards.nd30.checks.finding import (
    Finding,
    Severity,
    about,
    is_capitals,
    is_upright_bold,
    missing,
    unlike,
    wrong_size,
)
from khcn.standards.nd30.docx_reader import Line

_AUTHORITY_SLIPS = re.compile(r"(T/M|K/T|T/L|TU/Q|T\.M|K\.T|T\.L|TUQ|TM|KT|TL|Q)(?!\.\s)[\s.:,/]", re.IGNORECASE)
_DEGREE = re.compile(r"(?:GS|PGS|TS|TSKH|Th\.?S|CN|KS|BS|CK[I12]+|NGND|NGƯT|Tiến sĩ|Thạc sĩ|Giáo sư)\b\.?")


def check_end(found: Anatomy) -> Iterator[Finding]:
    yield from _signature(found)
    yield from _recipients(found)


def _signature(found: Anatomy) -> Iterator[Finding]:
    lines = [line for line in found.signature if not line.is_blank]
    if not lines:
        if not found.is_form:
            yield from missing("signature.missing", "Thiếu chức vụ, họ tên của người ký.")
        return
    titles, names = _split(lines)
    yield from wrong_size("signature.size", [*titles, *names], layout.SIZE_SIGNATURE, "Chức vụ, họ tên người ký")
    message = "Quyền hạn, chức vụ của người ký phải in hoa, đậm, đứng."
    yield from unlike(
        "signature.title_style", titles, lambda line: is_capitals(line) and is_upright_bold(line), message
    )
    slips = [line for line in titles if _AUTHORITY_SLIPS.match(line.text.strip())]
    message = "Quyền hạn phải viết TM., Q., KT., TL. hoặc TUQ., có dấu chấm rồi cách chữ."
    yield from about("signature.authority", slips, message)
    yield from unlike("signature.name_style", names, is_upright_bold, "Họ tên người ký phải in đậm, chữ đứng.")
    yield from about("signature.name_caps", [n for n in names if is_capitals(n)], "Họ tên người ký viết chữ in thường.")
    degrees = [line for line in names if _DEGREE.match(line.text.strip())]
    message = "Trước họ tên người ký không ghi học hàm, học vị, danh hiệu (trừ nơi được phép)."
    yield from about("signature.degree", degrees, message, Severity.WARNING)
    if not names and not found.is_form:
        yield from about("signature.name_missing", titles[-1:], "Thiếu họ tên người ký.", Severity.WARNING)


def _split(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Titles and names: in each column the last line is the name when it is not in capitals, or stands far below."""
    columns: dict[int, list[Line]] = {}
    for line in lines:
        if not line.text.strip().startswith("("):  # "(Ký, ghi rõ họ tên)", "(đã ký)"
            columns.setdefault(line.place.column if line.place else 0, []).append(line)
    titles: list[Line] = []
    names: list[Line] = []
    for column in columns.values():
        last = column[-1]
        has_name = len(column) > 1 and (
            not is_capitals(last) or column[-2].shape.after_pt > layout.SIGNATURE_SPACE_PT / 2
        )
        titles += column[:-1] if has_name else column
        names += column[-1:] if has_name else []
    return titles, names


def _recipients(found: Anatomy) -> Iterator[Finding]:
    label = found.recipients_label
    if label is None:
        if not found.is_form and not found.is_minutes:
            yield from missing("recipients.missing", "Thiếu phần “Nơi nhận”.")
        return
    first_line = label.text.strip()
    if not re.fullmatch(r"Nơi nhận\s*:.*", first_line, re.DOTALL):
        yield from about("recipients.label_colon", [label], "Từ “Nơi nhận” phải có dấu hai chấm phía sau.")
    yield from wrong_size("recipients.label_size", [label], layout.SIZE_RECIPIENTS_LABEL, "Từ “Nơi nhận”")
    yield from unlike(
        "recipients.label_style",
        [label],
        lambda line: line.is_bold and line.is_italic,
        "Từ “Nơi nhận” phải in nghiêng, đậm.",
    )
    items = [line for line in found.recipients if not line.is_blank]
    if not items:
        yield from about("recipients.empty", [label], "Chưa liệt kê nơi nhận.")
        return
    yield from wrong_size("recipients.size", items, layout.SIZE_RECIPIENTS, "Danh sách nơi nhận")
    yield from unlike(
        "recipients.style", items, lambda line: line.is_plain, "Danh sách nơi nhận để chữ đứng, nét thường."
    )
    dashless = [line for line in items if not line.text.strip().startswith("-")]
    yield from about("recipients.dash", dashless, "Mỗi nơi nhận bắt đầu bằng gạch đầu dòng (-).")
    wrong = [line for line in items[:-1] if not line.text.rstrip().endswith(";")]
    wrong += [line for line in items[-1:] if not line.text.rstrip().endswith(".")]
    message = "Cuối mỗi dòng nơi nhận có dấu chấm phẩy (;), dòng cuối có dấu chấm (.)."
    yield from about("recipients.punctuation", wrong, message)
    if not re.match(r"-?\s*luu\s*:", fold(items[-1].text)):
        yield from about("recipients.archive", items[-1:], "Dòng cuối của “Nơi nhận” phải là “Lưu: VT, …”.")
