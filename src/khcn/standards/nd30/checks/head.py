"""Checks of everything above the body: national name, issuer, number, date, title (Mục II.1 to II.5)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
from khcn.standards.nd30.text_width import width_pt

_NUMBER = re.compile(r"Số:\s*(?P<number>\d*|[.…_]+)\s*/(?P<notation>\S+)")
_NOTATION = re.compile(r"[A-ZĐƯƠÂÊÔĂ0-9]+(?:-[A-ZĐƯƠÂÊÔĂ0-9&.]+)*")
_MIXED_ABBREVIATIONS = ("TTr", "CTr", "QyĐ", "KHh")  # NĐ 30/2020/NĐ-CP, Phụ lục III, mục I
_PLACE_DATE = re.compile(
    r"(?P<place>[^,]+), ngày\s+(?P<day>\d{1,2}|[\s.…_]*)\s*tháng\s+(?P<month>\d{1,2}|[\s.…_]*)\s*"
    r"năm\s+(?P<year>\d{4}|[\d\s.…_]*)"
)
_LENGTH_TOLERANCE = 0.15  # of the line's length: fonts and programs differ a little


def check_head(found: Anatomy) -> Iterator[Finding]:
    yield from _national_name(found)
    yield from _motto(found)
    yield from _issuer(found)
    yield from _number(found)
    yield from _place_date(found)
    if found.is_letter:
        yield from _letter_subject(found)
    else:
        yield from _title(found)
    yield from _order(found)


def _national_name(found: Anatomy) -> Iterator[Finding]:
    if found.national_name is None:
        yield from missing("national_name.missing", f"Thiếu Quốc hiệu “{layout.NATIONAL_NAME}”.")
        return
    lines = [found.national_name]
    yield from wrong_size("national_name.size", lines, layout.SIZE_NATIONAL_NAME, "Quốc hiệu")
    yield from unlike("national_name.style", lines, is_upright_bold, "Quốc hiệu phải in đậm, kiểu chữ đứng.")
    yield from unlike("national_name.caps", lines, is_capitals, "Quốc hiệu phải viết bằng chữ in hoa.")


def _motto(found: Anatomy) -> Iterator[Finding]:
    if found.motto is None:
        yield from missing("motto.missing", f"Thiếu Tiêu ngữ “{layout.MOTTO}”.")
        return
    lines = [found.motto]
    if " ".join(found.motto.text.split()) != layout.MOTTO:
        message = f"Tiêu ngữ phải viết đúng là “{layout.MOTTO}”, có gạch nối và cách chữ."
        yield from about("motto.text", lines, message)
    yield from wrong_size("motto.size", lines, layout.SIZE_MOTTO, "Tiêu ngữ")
    yield from unlike("motto.style", lines, is_upright_bold, "Tiêu ngữ phải in đậm, kiểu chữ đứng.")
    rules = _rules(found, found.right_column, lines)
    if rules is None:
        yield from about("motto.rule_missing", lines, "Dưới Tiêu ngữ phải có đường kẻ ngang dài bằng dòng chữ.")
    elif rules and not _is_part(rules, lines, 1.0, 1.0):
        yield from about("motto.rule_length", lines, "Đường kẻ dưới Tiêu ngữ phải dài bằng dòng chữ.")


def _issuer(found: Anatomy) -> Iterator[Finding]:
    if not found.issuers:
        if not found.is_form:
            yield from missing("issuer.missing", "Thiếu tên cơ quan, tổ chức ban hành ở bên trái Quốc hiệu.")
        return
    both = [*found.parents, *found.issuers]
    yield from wrong_size("issuer.size", both, layout.SIZE_ISSUER, "Tên cơ quan")
    yield from unlike("issuer.caps", both, is_capitals, "Tên cơ quan phải viết bằng chữ in hoa.")
    yield from unlike("issuer.style", found.issuers, is_upright_bold, "Tên cơ quan ban hành phải in đậm, chữ đứng.")
    yield from unlike(
        "issuer.parent_style",
        found.parents,
        lambda line: line.is_plain,
        "Tên cơ quan chủ quản phải in thường nét, đứng.",
    )
    rules = _rules(found, found.left_column, found.issuers)
    if rules is None:
        message = "Dưới tên cơ quan ban hành phải có đường kẻ ngang dài từ 1/3 đến 1/2 dòng chữ."
        yield from about("issuer.rule_missing", found.issuers[-1:], message)
    elif rules and not _is_part(rules, found.issuers, layout.SHORT_RULE.least, layout.SHORT_RULE.most):
        message = "Đường kẻ dưới tên cơ quan ban hành phải dài từ 1/3 đến 1/2 dòng chữ."
        yield from about("issuer.rule_length", found.issuers[-1:], message)


def _number(found: Anatomy) -> Iterator[Finding]:
    if found.number is None:
        if not found.is_form:
            yield from missing("number.missing", "Thiếu số, ký hiệu văn bản (“Số: …/…”).")
        return
    lines = [found.number]
    yield from wrong_size("number.size", lines, layout.SIZE_NUMBER, "Số, ký hiệu")
    yield from unlike("number.style", lines, lambda line: line.is_plain, "Số, ký hiệu phải in thường nét, chữ đứng.")
    text = found.number.text.strip()
    match = _NUMBER.fullmatch(text)
    notation = match["notation"] if match else ""
    for abbreviation in _MIXED_ABBREVIATIONS:
        notation = notation.replace(abbreviation, abbreviation.upper())
    if not match or not all(_NOTATION.fullmatch(part) for part in notation.split("/")):
        message = "Số, ký hiệu phải viết dạng “Số: 05/BC-SKHCN”: có dấu hai chấm, gạch nối không cách chữ, in hoa."
        yield from about("number.format", lines, message)
    elif match["number"].isdigit() and int(match["number"]) < 10 and len(match["number"]) < 2:
        yield from about("number.leading_zero", lines, "Số nhỏ hơn 10 phải ghi thêm số 0 phía trước.")


def _place_date(found: Anatomy) -> Iterator[Finding]:
    if found.place_date is None:
        if not found.is_form and not found.is_minutes:
            yield from missing("date.missing", "Thiếu địa danh và thời gian ban hành văn bản.")
        return
    lines = [found.place_date]
    yield from wrong_size("date.size", lines, layout.SIZE_PLACE_DATE, "Địa danh và thời gian")
    is_right = found.place_date.is_italic and not any(run.bold for run in found.place_date.runs if run.text.strip())
    if not is_right:
        yield from about("date.style", lines, "Địa danh và thời gian phải in nghiêng, không đậm.")
    match = _PLACE_DATE.fullmatch(found.place_date.text.strip())
    if match is None or not match["place"][0].isupper():
        yield from about("date.format", lines, "Phải viết dạng “Đồng Nai, ngày 05 tháng 01 năm 2026”.")
        return
    if len(match["day"].strip()) == 1 or match["month"].strip() in ("1", "2"):
        yield from about("date.leading_zero", lines, "Ngày nhỏ hơn 10 và tháng 1, 2 phải ghi thêm số 0 phía trước.")


def _letter_subject(found: Anatomy) -> Iterator[Finding]:
    lines = found.letter_subject
    yield from wrong_size("letter_subject.size", lines, layout.SIZE_LETTER_SUBJECT, "Trích yếu công văn")
    yield from unlike(
        "letter_subject.style", lines, lambda line: line.is_plain, "Trích yếu công văn phải in thường nét, chữ đứng."
    )


def _title(found: Anatomy) -> Iterator[Finding]:
    if found.title is None:
        yield from missing("title.missing", "Thiếu tên loại văn bản (hoặc trích yếu “V/v …” nếu là công văn).")
        return
    lines = [found.title]
    yield from wrong_size("title.size", lines, layout.SIZE_TITLE, "Tên loại văn bản")
    yield from unlike("title.style", lines, is_upright_bold, "Tên loại văn bản phải in đậm, chữ đứng.")
    yield from unlike("title.caps", lines, is_capitals, "Tên loại văn bản phải viết bằng chữ in hoa.")
    yield from unlike(
        "title.alignment", lines, lambda line: line.shape.align == "center", "Tên loại văn bản phải canh giữa."
    )
    if not found.subject:
        if not found.is_form:
            yield from about("subject.missing", lines, "Dưới tên loại phải có trích yếu nội dung văn bản.")
        return
    yield from wrong_size("subject.size", found.subject, layout.SIZE_TITLE, "Trích yếu nội dung")
    yield from unlike("subject.style", found.subject, is_upright_bold, "Trích yếu nội dung phải in đậm, chữ đứng.")
    after = [line for line in found.content.lines if found.title.number <= line.number <= found.subject[-1].number + 2]
    rules = [length for line in after for length in line.rules_mm if not line.place]
    if not rules:
        message = "Dưới trích yếu phải có đường kẻ ngang dài từ 1/3 đến 1/2 dòng chữ."
        yield from about("subject.rule_missing", found.subject[-1:], message)
    elif not _is_part(rules, found.subject, layout.SHORT_RULE.least, layout.SHORT_RULE.most):
        message = "Đường kẻ dưới trích yếu phải dài từ 1/3 đến 1/2 dòng chữ."
        yield from about("subject.rule_length", found.subject[-1:], message)


def _order(found: Anatomy) -> Iterator[Finding]:
    """Number, title, grounds and recipients follow each other, and nothing stands above the national name."""
    parts = [found.national_name, found.number, found.title, *found.subject[:1], *found.grounds[:1]]
    parts += [*found.body[:1], found.recipients_label]
    numbers = [line.number for line in parts if line is not None]
    if numbers != sorted(numbers):
        wrong = next(line for line, rest in _pairs(parts) if line.number > rest.number)
        message = "Các phần của văn bản chưa đúng thứ tự: Quốc hiệu, số, tên loại, căn cứ, nội dung, nơi nhận."
        yield Finding("order.wrong", Severity.ERROR, wrong.where, message)


def _pairs(parts: Sequence[Line | None]) -> list[tuple[Line, Line]]:
    lines = [line for line in parts if line is not None]
    return list(pairwise(lines))


def _rules(found: Anatomy, column: Sequence[Line], above: Sequence[Line]) -> list[float] | None:
    """Lengths of the rules that stand below the given lines; None when there is none, empty when unclear whose."""
    drawn = [length for line in column for length in line.rules_mm]
    if not column:  # no letterhead table: look a few lines further
        first = above[0].number
        drawn = [
            length for line in found.content.lines if first <= line.number <= first + 4 for length in line.rules_mm
        ]
    if drawn:
        return drawn
    head_end = found.title.number if found.title else 20
    shapes = [length for line in found.content.lines if line.number < head_end for length in line.rules_mm]
    # Shapes may hang on any paragraph: two of them in the head are the two rules, wherever they are anchored.
    return [] if len(shapes) >= 2 else None


def _is_part(rules: Sequence[float], lines: Sequence[Line], least: float, most: float) -> bool:
    """True when one of the rules is between least and most of the length of one of the lines."""
    for line in lines:
        size = max(line.sizes, default=layout.BODY_PT)
        for text in line.text.split("\n"):
            length = min(width_pt(text.strip(), size, bold=line.is_bold) / layout.POINTS_PER_MM, line.width_mm)
            span = layout.Span(length * (least - _LENGTH_TOLERANCE * least), length * (most + _LENGTH_TOLERANCE * most))
            if any(span.holds(rule) for rule in rules):
                return True
    return False
