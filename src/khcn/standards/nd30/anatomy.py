"""Recognises the parts of an administrative document in the lines of a Word file, whoever made it; judges nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from khcn.lib.text import fold
from khcn.standards.nd30 import layout
from khcn.standards.nd30.docx_reader import Line, WordContent
from khcn.standards.nd30.text_width import width_pt

_HEAD_LINES = 40  # the letterhead and the title stand among the first lines
_LONGEST_TITLE = 120
_NATIONAL_NAME = fold(layout.NATIONAL_NAME)
_MOTTO = re.compile(r"^doc lap\b.*\bhanh phuc")
_TITLES = (
    "nghi quyet", "quyet dinh", "chi thi", "quy che", "quy dinh", "thong cao", "thong bao", "huong dan", "chuong trinh",
    "ke hoach", "phuong an", "de an", "du an", "bao cao", "bien ban", "to trinh", "hop dong", "cong dien",
    "ban ghi nho", "ban thoa thuan", "giay uy quyen", "giay moi", "giay gioi thieu", "giay nghi phep", "phieu",
    "giay chung nhan", "giay xac nhan", "danh muc", "ban nhan xet", "don",
)  # fmt: skip
_FORMS = ("phieu", "giay chung nhan", "giay xac nhan", "bien ban kiem phieu", "ban nhan xet", "don", "danh muc")
_DATE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")
_NUMBER = re.compile(r"so\s*(?::|[.:]?\s*[\d.…_ ]*\s*/)")
_GROUND = re.compile(r"(can cu|theo de nghi|xet de nghi|xet to trinh)\b")
_ORGANISATION = re.compile(
    r"(uy ban nhan dan|ubnd|hoi dong|bo|so|cuc|tong cuc|chi cuc|vu|ban|phong|trung tam|truong|vien|van phong|cong ty|"
    r"thanh tra|lien hiep|benh vien|tinh uy|chinh phu|dang uy|dai hoc|hoc vien)\b"
)
_RECIPIENTS = re.compile(r"noi nhan\b")
_ADDRESSEE = re.compile(r"kinh gui\b")
_ANNEX = re.compile(r"phu luc(?:\s+([ivxlc]+|\d+|[a-z]))?\s*[.:]?$")
_SECTION_HEADING = re.compile(r"[IVXL]+\.\s+\S")
_ARTICLE_HEADING = re.compile(r"Điều\s+\d+\s*[.:]")
_PART_HEADING = re.compile(r"(phan|chuong)\s+[ivxl\d]+\.?$|(phan|chuong) thu \w+$")


@dataclass
class Anatomy:
    """The parts that were found; None or empty when a part is absent. Lines keep the order of the file."""

    content: WordContent
    is_letter: bool = False
    is_form: bool = False
    is_minutes: bool = False
    national_name: Line | None = None
    motto: Line | None = None
    parents: list[Line] = field(default_factory=list)
    issuers: list[Line] = field(default_factory=list)
    number: Line | None = None
    place_date: Line | None = None
    letter_subject: list[Line] = field(default_factory=list)
    title: Line | None = None
    subject: list[Line] = field(default_factory=list)
    addressees: list[Line] = field(default_factory=list)
    grounds: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)
    recipients_label: Line | None = None
    recipients: list[Line] = field(default_factory=list)
    annex_labels: list[Line] = field(default_factory=list)
    annex_titles: list[Line] = field(default_factory=list)
    annex_references: list[Line] = field(default_factory=list)
    left_column: list[Line] = field(default_factory=list)
    right_column: list[Line] = field(default_factory=list)


def dissect(content: WordContent) -> Anatomy:
    """Find the parts of the document."""
    found = Anatomy(content)
    lines = content.lines
    annex_start = _annex_start(found, lines)
    main = [line for line in lines if line.number < annex_start]
    head = main[:_HEAD_LINES]
    _find_letterhead(found, head)
    _find_title(found, head)
    _find_issuer(found)
    start = _find_preamble(found, main)
    end = _find_signature(found, main, start)
    found.body = [line for line in main if start <= line.number < end and not line.is_ruled and not line.is_blank]
    return found


def heading_kind(line: Line) -> str:
    """ "part", "section", "article" or "" – for the headings whose look the decree fixes."""
    text = line.text.strip()
    if _PART_HEADING.fullmatch(fold(text)):
        return "part"
    if _SECTION_HEADING.match(text) and len(text) < _LONGEST_TITLE:
        return "section"
    return "article" if _ARTICLE_HEADING.match(text) else ""


def takes_several_lines(line: Line) -> bool:
    """True when the paragraph is too long for one line, so that alignment and indent can be seen."""
    size = max(line.sizes, default=layout.BODY_PT)
    room = (line.width_mm - max(line.shape.left_mm, 0) - max(line.shape.first_line_mm, 0)) * layout.POINTS_PER_MM
    return width_pt(line.text.strip(), size) > room


def _annex_start(found: Anatomy, lines: Sequence[Line]) -> int:
    """Number of the line where the first annex begins; annex labels, titles and references are noted on the way."""
    first = len(lines) + 1
    for index, line in enumerate(lines):
        if line.place or line.number < 5 or not _ANNEX.match(fold(line.text)):
            continue
        if not (line.section > 0 or line.shape.align == "center" or line.is_bold):
            continue
        found.annex_labels.append(line)
        first = min(first, line.number)
        for following in lines[index + 1 : index + 5]:
            if following.is_blank:
                continue
            if fold(following.text).lstrip("( ").startswith("kem theo"):
                found.annex_references.append(following)
                break
            if following.place or following.shape.align != "center":
                break
            found.annex_titles.append(following)
    return first


def _find_letterhead(found: Anatomy, head: Sequence[Line]) -> None:
    for line in head:
        text = fold(line.text)
        if found.national_name is None and _NATIONAL_NAME in text:
            found.national_name = line
        if found.motto is None and _MOTTO.search(text):
            found.motto = line
    anchor = found.national_name or found.motto
    if anchor is not None and anchor.place is not None:
        table, column = anchor.place.table, anchor.place.column
        for line in head:
            if line.place and line.place.table == table:
                (found.right_column if line.place.column >= column else found.left_column).append(line)


def _find_title(found: Anatomy, head: Sequence[Line]) -> None:
    for line in head:
        text = fold(line.text)
        if found.number is None and _NUMBER.match(text):
            found.number = line
        if found.place_date is None and _is_place_date(line, text, found):
            found.place_date = line
        if re.match(r"v\s*/\s*v\b", text):
            found.is_letter = True
            found.letter_subject = [line]
        if found.title is None and _is_title(line, text, found):
            found.title = line
    if found.title is not None:
        found.is_letter = False
        title = fold(found.title.text)
        found.is_form = title.startswith(_FORMS)
        found.is_minutes = title.startswith("bien ban")
        following = [line for line in head if line.number > found.title.number]
        for line in following:
            if line.is_blank or line.place or line.shape.align != "center" or _ADDRESSEE.match(fold(line.text)):
                break
            if heading_kind(line) or len(found.subject) == 5:
                break
            found.subject.append(line)


def _is_place_date(line: Line, text: str, found: Anatomy) -> bool:
    if not _DATE.search(text) or _GROUND.match(text):
        return False
    if found.right_column:
        return line in found.right_column
    # Without a letterhead table the date stands alone above the title.
    return found.title is None and len(text) < 80 and line.shape.align != "both"


def _is_title(line: Line, text: str, found: Anatomy) -> bool:
    if line.place and (line in found.left_column or line in found.right_column or line.is_ruled):
        return False
    if not text.startswith(_TITLES) or len(text) > _LONGEST_TITLE:
        return False
    exact = text.strip(" .:") in _TITLES
    return exact or (line.text.strip() == line.text.strip().upper() and line.shape.align in ("center", "left"))


def _find_issuer(found: Anatomy) -> None:
    """The left column holds the parent body, the issuer, and then number and subject of a letter."""
    anchor = found.national_name or found.motto
    if anchor is None or anchor.place is None:
        return
    stop = found.number.number if found.number in found.left_column and found.number else 10**9
    names = [line for line in found.left_column if not line.is_blank and line.number < stop]
    names = [line for line in names if line not in found.letter_subject]
    starts = [index for index, line in enumerate(names) if _ORGANISATION.match(fold(line.text))]
    own = starts[-1] if len(starts) > 1 else 0
    if not own:
        # One body only, or an unusual name: the bold lines at the end are the issuer.
        own = next((index for index, line in enumerate(names) if line.is_bold), 0)
    found.parents, found.issuers = names[:own], names[own:]


def _find_preamble(found: Anatomy, main: Sequence[Line]) -> int:
    """Addressees and legal grounds; returns the number of the first line of the body."""
    head_parts = [found.national_name, found.motto, found.number, found.place_date, found.title, *found.subject]
    head_parts += [*found.letter_subject, *found.left_column, *found.right_column]
    start = max((line.number for line in head_parts if line is not None), default=0) + 1
    for line in main:
        if line.number < start or line.is_blank or line.is_ruled:
            continue
        text = fold(line.text)
        continues = bool(found.addressees) and text.startswith("-")
        if not found.grounds and (_ADDRESSEE.match(text) or continues):
            found.addressees.append(line)
        elif _GROUND.match(text):
            found.grounds.append(line)
        else:
            break
        start = line.number + 1
    return start


def _find_signature(found: Anatomy, main: Sequence[Line], start: int) -> int:
    """Recipients and signatures; returns the number of the first line behind the body."""
    for line in main:
        if line.number >= start and _RECIPIENTS.match(fold(line.text)):
            found.recipients_label = line
    label = found.recipients_label
    tables: dict[int, list[Line]] = {}
    for line in main:
        if line.place and not line.is_ruled and line.number >= start and not line.is_blank:
            tables.setdefault(line.place.table, []).append(line)
    end = label.number if label else len(main) + 1
    if label and label.place:
        same = tables.pop(label.place.table)
        found.recipients = [line for line in same if _same_column(line, label) and line.number > label.number]
        found.signature = [line for line in same if not _same_column(line, label)]
        end = min(line.number for line in same)
    elif label:
        found.recipients = [line for line in main if line.number > label.number and line.text.lstrip().startswith("-")]
    if not found.signature and tables:
        last = tables[max(tables)]
        if any(line.text.strip() == line.text.strip().upper() for line in last):
            found.signature = last
            end = min(end, last[0].number)
    if not found.signature and label:
        found.signature = [
            line
            for line in main
            if line.number >= start and not line.place and line.is_bold and line.shape.align in ("center", "right")
            and abs(line.number - label.number) < 15 and not heading_kind(line) and not line.is_blank
        ]  # fmt: skip
        end = min([end, *(line.number for line in found.signature)])
    return end


def _same_column(line: Line, other: Line) -> bool:
    return bool(line.place and other.place and line.place.column == other.place.column)
