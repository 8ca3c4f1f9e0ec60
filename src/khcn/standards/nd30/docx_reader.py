"""Reads a Word file as a list of lines with their effective look, and its page set-up; for checking only."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.exceptions import InvalidXmlError
from docx.oxml.ns import qn
from docx.section import Section
from lxml import etree

from khcn.standards.nd30.word_properties import ParagraphShape, StyleSheet, TextRun

_EMU_PER_MM = 36_000
_MM_PER_POINT = 25.4 / 72
_RULE_SLENDERNESS = 4  # a drawing this much wider than high is a rule, not a picture
_VML_POINT = re.compile(r"([-\d.]+)(pt|mm|cm|in)?\s*,")
_VML_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*([\d.]+)(pt|mm|cm|in)")
_TO_MM = {"pt": _MM_PER_POINT, "mm": 1.0, "cm": 10.0, "in": 25.4, None: _MM_PER_POINT}


# What the libraries raise on damaged packages: wrong relations give parts of another class, hence AttributeError.
_DAMAGE = (
    PackageNotFoundError, InvalidXmlError, zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, EOFError,
    AttributeError, TypeError,
)  # fmt: skip


class UnreadableWordFile(ValueError):
    """The bytes are no Word document that can be opened."""


@dataclass(frozen=True)
class Place:
    """Where a line stands in a table: numbers of table, row and column, from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Line:
    """One paragraph, or one line of it in an unruled table. number counts from 1; width_mm is the room it has.

    place is None outside tables; is_ruled tells whether its table draws lines. rule_mm: lengths of the rules drawn by
    shapes or a border on an empty paragraph.
    """

    number: int
    text: str
    runs: tuple[TextRun, ...]
    shape: ParagraphShape
    section: int
    width_mm: float
    place: Place | None = None
    is_ruled: bool = False
    rules_mm: tuple[float, ...] = ()

    @property
    def where(self) -> str:
        """The line as a person finds it."""
        short = " ".join(self.text.split())
        return f"đoạn {self.number}: “{short[:60]}{'…' if len(short) > 60 else ''}”" if short else f"đoạn {self.number}"

    @property
    def sizes(self) -> set[float]:
        return {run.size for run in self.runs if run.text.strip()}

    @property
    def is_bold(self) -> bool:
        return all(run.bold for run in self.runs if run.text.strip())

    @property
    def is_italic(self) -> bool:
        return all(run.italic for run in self.runs if run.text.strip())

    @property
    def is_plain(self) -> bool:
        """Neither bold nor italic anywhere."""
        return not any(run.bold or run.italic for run in self.runs if run.text.strip())

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Frame:
    """The lines of one header or footer, and which of them hold the page number."""

    lines: tuple[Line, ...]
    number_lines: tuple[Line, ...]


@dataclass(frozen=True)
class PageSetup:
    """One section: sizes in millimetres, and the frames of its ordinary and of its first page."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    has_own_first_page: bool
    header: Frame
    first_header: Frame
    footer: Frame

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm


# What Word assumes for a file without any page set-up: letter paper, an inch of margin.
_WORDS_OWN_PAGE = PageSetup(
    215.9, 279.4, 25.4, 25.4, 25.4, 25.4, False, Frame((), ()), Frame((), ()), Frame((), ())
)  # fmt: skip


@dataclass(frozen=True)
class TableFacts:
    """A table of the body: number of rows, whether it draws lines and repeats its first row."""

    first_line: int
    rows: int
    is_ruled: bool
    repeats_header: bool


@dataclass(frozen=True)
class WordContent:
    """A whole document."""

    lines: tuple[Line, ...]
    pages: tuple[PageSetup, ...]
    tables: tuple[TableFacts, ...]


def read_docx(content: bytes) -> WordContent:
    """Read a Word file. Raises UnreadableWordFile.

    The caller has checked the archive's size before: nothing here protects against decompression bombs.
    """
    try:
        document = docx.Document(io.BytesIO(content))
        return _Reader(document).read()
    except _DAMAGE as error:
        raise UnreadableWordFile("not a Word document") from error


class _Reader:
    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self.styles = StyleSheet(document)
        self.lines: list[Line] = []
        self.tables: list[TableFacts] = []
        self.pages = tuple(self._page(section) for section in document.sections) or (_WORDS_OWN_PAGE,)
        self.section = 0

    def read(self) -> WordContent:
        self._walk(self.document.element.body)
        return WordContent(tuple(self.lines), self.pages, tuple(self.tables))

    def _walk(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == qn("w:p"):
                self.lines.append(self._line(element, len(self.lines) + 1, self._text_width()))
                if element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
                    self.section = min(self.section + 1, len(self.pages) - 1)
            elif element.tag == qn("w:tbl"):
                self._walk_table(element)
            elif element.tag == qn("w:sdt"):
                for inner in element.findall(qn("w:sdtContent")):
                    self._walk(inner)

    def _walk_table(self, table: etree._Element) -> None:
        index, ruled = len(self.tables), self.styles.table_is_ruled(table)
        rows = table.findall(qn("w:tr"))
        repeats = bool(rows) and rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        self.tables.append(TableFacts(len(self.lines) + 1, len(rows), ruled, repeats))
        for row_index, row in enumerate(rows):
            for column, cell in enumerate(row.findall(qn("w:tc"))):
                place = Place(index, row_index, column)
                width = _cell_width_mm(cell) or self._text_width()
                for paragraph in cell.iter(qn("w:p")):
                    line = self._line(paragraph, len(self.lines) + 1, width, place, ruled)
                    self.lines.extend([line] if ruled else _split_at_breaks(line))

    def _line(
        self,
        paragraph: etree._Element,
        number: int,
        width_mm: float,
        place: Place | None = None,
        ruled: bool = False,
    ) -> Line:
        runs, shape = self.styles.runs(paragraph), self.styles.paragraph_shape(paragraph)
        text = "".join(run.text for run in runs)
        rules = list(_drawn_rules_mm(paragraph))
        if shape.has_bottom_border and not text.strip():
            rules.append(width_mm - shape.left_mm - shape.right_mm)
        return Line(number, text, runs, shape, self.section, width_mm, place, ruled, tuple(rules))

    def _text_width(self) -> float:
        return self.pages[self.section].text_width_mm

    def _page(self, section: Section) -> PageSetup:
        self.section = 0
        return PageSetup(
            width_mm=_in_mm(section.page_width),
            height_mm=_in_mm(section.page_height),
            top_mm=_in_mm(section.top_margin),
            bottom_mm=_in_mm(section.bottom_margin),
            left_mm=_in_mm(section.left_margin),
            right_mm=_in_mm(section.right_margin),
            has_own_first_page=section.different_first_page_header_footer,
            header=self._frame(section.header._element),
            first_header=self._frame(section.first_page_header._element),
            footer=self._frame(section.footer._element),
        )

    def _frame(self, element: etree._Element) -> Frame:
        lines, numbered = [], []
        self.section = 0
        for index, paragraph in enumerate(element.iter(qn("w:p")), start=1):
            runs = self.styles.runs(paragraph)
            line = Line(index, "".join(run.text for run in runs), runs, self.styles.paragraph_shape(paragraph), 0, 0.0)
            lines.append(line)
            if _holds_page_field(paragraph):
                numbered.append(line)
        return Frame(tuple(lines), tuple(numbered))


def _split_at_breaks(line: Line) -> list[Line]:
    """The line cut at its line breaks: many offices write parent body and issuer in one paragraph of the letterhead."""
    if "\n" not in line.text.strip():
        return [line]
    pieces: list[list[TextRun]] = [[]]
    for run in line.runs:
        first, *rest = run.text.split("\n")
        pieces[-1].append(replace(run, text=first))
        pieces += [[replace(run, text=part)] for part in rest]
    return [
        replace(
            line,
            number=line.number + index,
            text="".join(run.text for run in runs),
            runs=tuple(runs),
            rules_mm=line.rules_mm if index == len(pieces) - 1 else (),
        )
        for index, runs in enumerate(pieces)
    ]


def _in_mm(length: int | None) -> float:
    return (length or 0) / _EMU_PER_MM


def _holds_page_field(paragraph: etree._Element) -> bool:
    codes = [node.text or "" for node in paragraph.iter(qn("w:instrText"))]
    codes += [node.get(qn("w:instr"), "") for node in paragraph.iter(qn("w:fldSimple"))]
    return any(re.search(r"\bPAGE\b", code) for code in codes)


def _cell_width_mm(cell: etree._Element) -> float | None:
    node = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    if node is None or node.get(qn("w:type"), "dxa") != "dxa":
        return None
    width = node.get(qn("w:w"), "")
    return float(width) / 1440 * 25.4 if re.fullmatch(r"\d+(\.\d+)?", width) else None


def _drawn_rules_mm(paragraph: etree._Element) -> Iterator[float]:
    """Lengths of the straight lines drawn in the paragraph, as DrawingML shapes or in the older VML."""
    has_modern = False
    for extent in paragraph.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"):
        has_modern = True
        length, height = int(extent.get("cx", "0")), int(extent.get("cy", "0"))
        if length > _RULE_SLENDERNESS * height:
            yield length / _EMU_PER_MM
    if has_modern:
        return  # the VML beside it is the same shape for older programs
    for shape in paragraph.iter("{urn:schemas-microsoft-com:vml}line", "{urn:schemas-microsoft-com:vml}shape"):
        if shape.get("from") and shape.get("to"):
            start, end = (_VML_POINT.match(shape.get(name, "") + ",") for name in ("from", "to"))
            if start and end:
                yield abs(float(end[1]) * _TO_MM[end[2]] - float(start[1]) * _TO_MM[start[2]])
        elif width := _VML_WIDTH.search(shape.get("style", "")):
            yield float(width[1]) * _TO_MM[width[2]]
