"""Checks of paper, margins, page numbers, fonts and characters (Mục I)."""

import unicodedata
from collections.abc import Iterator

from khcn.lib.encodings import ENCODING_NAMES, detect_encoding
from khcn.standards.nd30 import layout
from khcn.standards.nd30.anatomy import Anatomy
from khcn.standards.nd30.checks.finding import Finding, Severity, about, wrong_size
from khcn.standards.nd30.docx_reader import Line, PageSetup

_TOLERANCE_MM = 0.6  # Word stores twentieths of a point, and 0.79" is how many people write 2 cm
_BLACK = ("auto", "000000")
_SHORT_DOCUMENT = 30  # lines; so few are likely to fit on one page, which shows no number
_LONG_TABLE = 20


def check_page(found: Anatomy) -> Iterator[Finding]:
    for number, page in enumerate(found.content.pages, start=1):
        where = f"phần {number}" if len(found.content.pages) > 1 else "toàn văn bản"
        yield from _paper(page, where)
        yield from _margins(page, where)
    yield from _page_number(found)
    yield from _characters(found)
    yield from _tables(found)


def _paper(page: PageSetup, where: str) -> Iterator[Finding]:
    sides = sorted((page.width_mm, page.height_mm))
    wanted = (layout.PAGE_WIDTH_MM, layout.PAGE_HEIGHT_MM)
    if any(abs(side - right) > 1 for side, right in zip(sides, wanted, strict=True)):
        message = f"Khổ giấy phải là A4 (210 × 297 mm); đang là {page.width_mm:.0f} × {page.height_mm:.0f} mm."
        yield Finding("page.size", Severity.ERROR, where, message)


def _margins(page: PageSetup, where: str) -> Iterator[Finding]:
    sides = (
        ("top", "trên", page.top_mm, layout.MARGIN_TOP_MM),
        ("bottom", "dưới", page.bottom_mm, layout.MARGIN_BOTTOM_MM),
        ("left", "trái", page.left_mm, layout.MARGIN_LEFT_MM),
        ("right", "phải", page.right_mm, layout.MARGIN_RIGHT_MM),
    )
    for side, name, value, allowed in sides:
        if not allowed.holds(value, _TOLERANCE_MM):
            message = f"Lề {name} phải từ {allowed.least:g} đến {allowed.most:g} mm; đang là {value:.1f} mm."
            yield Finding(f"page.margin_{side}", Severity.ERROR, where, message)


def _page_number(found: Anatomy) -> Iterator[Finding]:
    page = found.content.pages[0]
    where = "đầu trang"
    numbers = page.header.number_lines
    if not numbers:
        if page.footer.number_lines:
            message = "Số trang phải đặt ở phần lề trên, không đặt ở cuối trang."
            yield Finding("page_number.in_footer", Severity.ERROR, "cuối trang", message)
            return
        is_short = len([line for line in found.content.lines if not line.is_blank]) < _SHORT_DOCUMENT
        severity = Severity.WARNING if is_short or found.is_form else Severity.ERROR
        yield Finding("page_number.missing", severity, where, "Chưa có số trang ở giữa phần lề trên.")
        return
    if any(line.shape.align != "center" for line in numbers):
        yield Finding("page_number.not_centred", Severity.ERROR, where, "Số trang phải canh giữa theo chiều ngang.")
    if not page.has_own_first_page or page.first_header.number_lines:
        message = "Trang thứ nhất không hiển thị số trang; hãy bật “trang đầu khác” (Different First Page)."
        yield Finding("page_number.on_first_page", Severity.ERROR, where, message)
    yield from wrong_size("page_number.size", numbers, layout.SIZE_PAGE_NUMBER, "Số trang")
    yield from about("page_number.style", [line for line in numbers if not line.is_plain], "Số trang để chữ đứng.")


def _characters(found: Anatomy) -> Iterator[Finding]:
    lines = [line for line in found.content.lines if not line.is_blank]
    foreign = [line for line in lines if _fonts(line) - {layout.FONT}]
    if foreign:
        names = ", ".join(sorted(set().union(*map(_fonts, foreign)) - {layout.FONT}))
        yield from about("font.name", foreign, f"Phông chữ phải là Times New Roman; đang dùng {names}.")
    coloured = [line for line in lines if any(run.colour.lower() not in _BLACK for run in line.runs)]
    yield from about("text.colour", coloured, "Chữ phải màu đen.")
    decomposed = [line for line in lines if line.text != unicodedata.normalize("NFC", line.text)]
    message = "Chữ có dấu dùng Unicode tổ hợp; hãy chuyển sang Unicode dựng sẵn (TCVN 6909:2001)."
    yield from about("text.decomposed", decomposed, message)
    encoding = detect_encoding("\n".join(line.text for line in lines))
    if encoding != "unicode":
        message = f"Văn bản dùng bảng mã {ENCODING_NAMES[encoding]}; phải dùng Unicode theo TCVN 6909:2001."
        yield Finding("text.encoding", Severity.ERROR, "toàn văn bản", message)


def _fonts(line: Line) -> set[str]:
    return set().union(*(run.fonts for run in line.runs if run.text.strip()))


def _tables(found: Anatomy) -> Iterator[Finding]:
    for number, table in enumerate(found.content.tables, start=1):
        if table.is_ruled and table.rows >= _LONG_TABLE and not table.repeats_header:
            message = "Bảng dài nên lặp lại dòng tiêu đề ở mỗi trang (Repeat Header Rows)."
            yield Finding("table.header_not_repeated", Severity.WARNING, f"bảng {number}", message)
