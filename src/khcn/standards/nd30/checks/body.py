"""Checks of addressees, legal grounds, body text and annexes (Mục II.6, II.9.d, III.1)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from khcn.lib.text import fold
from khcn.standards.nd30 import layout
from khcn.standards.nd30.anatomy import Anatomy, heading_kind, takes_several_lines
from khcn.standards.nd30.checks.finding import (
    Finding,
    Severity,
    about,
    is_capitals,
    is_upright_bold,
    unlike,
    wrong_size,
)
from khcn.standards.nd30.docx_reader import Line

_INDENT_TOLERANCE_MM = 0.6
_GAP_TOLERANCE_PT = 0.1
_LINE_TOLERANCE = 0.02
_SINGLE_LINE = 1.15  # height of a single line of Times New Roman, in sizes
_LETTERED = ("center", "right")


def check_body(found: Anatomy) -> Iterator[Finding]:
    yield from _addressees(found.addressees)
    yield from _grounds(found.grounds)
    yield from _text(found)
    yield from _headings(found.body)
    yield from _closing(found)
    yield from _annexes(found)


def _addressees(lines: Sequence[Line]) -> Iterator[Finding]:
    if not lines:
        return
    yield from wrong_size("addressee.size", lines, layout.SIZE_BODY, "Phần “Kính gửi”")
    yield from unlike("addressee.style", lines, lambda line: line.is_plain, "Phần “Kính gửi” để chữ đứng, không đậm.")
    first = lines[0]
    if not re.match(r"Kính gửi\s*:", first.text.strip()):
        yield from about("addressee.colon", [first], "Sau từ “Kính gửi” phải có dấu hai chấm.")
    yield from _listed("addressee.punctuation", lines[1:], "Mỗi nơi nhận ở “Kính gửi”")


def _grounds(lines: Sequence[Line]) -> Iterator[Finding]:
    if not lines:
        return
    yield from wrong_size("grounds.size", lines, layout.SIZE_BODY, "Căn cứ ban hành")
    yield from unlike("grounds.style", lines, lambda line: line.is_italic, "Căn cứ ban hành phải in nghiêng.")
    wrong = [line for line in lines[:-1] if not line.text.rstrip().endswith(";")]
    yield from about("grounds.semicolon", wrong, "Mỗi căn cứ phải kết thúc bằng dấu chấm phẩy (;).")
    if not lines[-1].text.rstrip().endswith("."):
        yield from about("grounds.full_stop", lines[-1:], "Căn cứ cuối cùng phải kết thúc bằng dấu chấm (.).")


def _text(found: Anatomy) -> Iterator[Finding]:
    lines = found.body
    yield from wrong_size("body.size", lines, layout.SIZE_BODY, "Nội dung văn bản")
    long = [line for line in lines if takes_several_lines(line) and line.shape.align not in _LETTERED]
    ragged = [line for line in long if line.shape.align != "both"]
    yield from about("body.alignment", ragged, "Nội dung phải canh đều cả hai lề.")
    unindented = [line for line in long if not line.text.startswith("\t") and not _is_indented(line)]
    yield from about("body.indent", unindented, "Chữ đầu đoạn phải lùi vào 1 cm hoặc 1,27 cm.")
    yield from about("body.line_spacing", [line for line in lines if not _has_right_lines(line)], _LINES_MESSAGE)
    yield from about("body.paragraph_spacing", _crowded(lines), "Khoảng cách giữa các đoạn phải từ 6 pt trở lên.")


_LINES_MESSAGE = "Khoảng cách dòng phải từ dòng đơn đến 1,5 dòng."


def _headings(lines: Sequence[Line]) -> Iterator[Finding]:
    sections = [line for line in lines if heading_kind(line) == "section"]
    wrong = [line for line in sections if not (is_upright_bold(line) and is_capitals(line))]
    yield from about("heading.section", wrong, "Tiêu đề mục (I, II, …) phải in hoa, đậm, đứng.")
    articles = [line for line in lines if heading_kind(line) == "article"]
    plain = [line for line in articles if not any(run.bold for run in line.runs)]
    yield from about("heading.article", plain, "“Điều …” và tiêu đề của điều phải in đậm.")
    parts = [line for line in lines if heading_kind(line) == "part"]
    wrong = [line for line in parts if not (is_upright_bold(line) and line.shape.align == "center")]
    yield from about("heading.part", wrong, "“Phần …”, “Chương …” phải in đậm, canh giữa trên một dòng riêng.")


def _closing(found: Anatomy) -> Iterator[Finding]:
    if found.is_form or not found.body:
        return
    last = found.body[-1]
    end = found.recipients_label.number if found.recipients_label else len(found.content.lines) + 1
    ends_with_table = any(line.is_ruled and last.number < line.number < end for line in found.content.lines)
    if not last.text.rstrip().endswith("./.") and not ends_with_table:
        message = "Kết thúc nội dung văn bản nên có dấu “./.”."
        yield from about("body.closing", [last], message, Severity.WARNING)


def _annexes(found: Anatomy) -> Iterator[Finding]:
    labels = found.annex_labels
    yield from wrong_size("annex.label_size", labels, layout.SIZE_ANNEX_LABEL, "Từ “Phụ lục”")
    yield from unlike(
        "annex.label_style",
        labels,
        lambda line: is_upright_bold(line) and line.shape.align == "center",
        "Từ “Phụ lục” và số thứ tự phải in đậm, canh giữa.",
    )
    if len(labels) > 1:
        unnumbered = [line for line in labels if not re.fullmatch(r"phu luc [ivxlc]+", fold(line.text))]
        yield from about("annex.numbering", unnumbered, "Văn bản có từ hai phụ lục thì đánh số bằng chữ số La Mã.")
    titles = found.annex_titles
    yield from wrong_size("annex.title_size", titles, layout.SIZE_TITLE, "Tên phụ lục")
    yield from unlike(
        "annex.title_style",
        titles,
        lambda line: is_upright_bold(line) and is_capitals(line),
        "Tên phụ lục phải in hoa, đậm, đứng.",
    )
    references = found.annex_references
    yield from wrong_size("annex.reference_size", references, layout.SIZE_BODY, "Dòng “Kèm theo …” của phụ lục")
    yield from unlike("annex.reference_style", references, lambda line: line.is_italic, "Dòng “Kèm theo …” in nghiêng.")
    texts = [fold(line.text) for line in [*found.body, *found.recipients]]
    if labels and not any("phu luc" in text or "kem theo" in text for text in texts):
        message = "Văn bản có phụ lục thì trong nội dung phải có chỉ dẫn về phụ lục đó."
        yield from about("annex.not_mentioned", labels[:1], message, Severity.WARNING)


def _listed(code: str, lines: Sequence[Line], name: str) -> Iterator[Finding]:
    """Dashes first, semicolons between, a full stop at the end."""
    wrong = [line for line in lines if not line.text.lstrip().startswith("-")]
    wrong += [line for line in lines[:-1] if not line.text.rstrip().endswith(";")]
    wrong += [line for line in lines[-1:] if not line.text.rstrip().endswith(".")]
    message = f"{name} bắt đầu bằng gạch đầu dòng (-), cuối dòng có dấu chấm phẩy (;), dòng cuối có dấu chấm (.)."
    yield from about(code, wrong, message)


def _is_indented(line: Line) -> bool:
    return any(
        abs(line.shape.first_line_mm - wanted) <= _INDENT_TOLERANCE_MM for wanted in layout.FIRST_LINE_INDENTS_MM
    )


def _has_right_lines(line: Line) -> bool:
    lines = line.shape.line_multiple
    if lines is None:
        size = max(line.sizes, default=layout.BODY_PT)
        lines = (line.shape.line_pt or 0) / (size * _SINGLE_LINE)
        return layout.LINE_SPACING.least - 0.15 <= lines <= layout.LINE_SPACING.most + _LINE_TOLERANCE
    return layout.LINE_SPACING.holds(lines, _LINE_TOLERANCE)


def _crowded(lines: Sequence[Line]) -> list[Line]:
    """Paragraphs with too little room before the next one; only neighbours count, without a table between."""
    return [
        line
        for line, following in pairwise(lines)
        if following.number == line.number + 1
        and line.shape.after_pt + following.shape.before_pt < layout.PARAGRAPH_GAP_PT - _GAP_TOLERANCE_PT
        and line.shape.align not in _LETTERED
        and following.shape.align not in _LETTERED
    ]
