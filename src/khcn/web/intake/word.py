"""Take the text of a .docx in document order: paragraphs with their automatic numbers, tables, page breaks.

The archive has been checked before (`reading`). No macro, field, link or external entity is followed.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from lxml import etree

from khcn.lib.encodings import detect_encoding, to_unicode
from khcn.lib.text import fold
from khcn.web.intake.content import IntakeText, Table, table_row
from khcn.web.intake.numbering import Numbering
from khcn.web.intake.refusals import FileBroken, FileTooLarge

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText", "pPr", "rPr", "delText", "pict", "object")
}
_SKIPPED |= {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_MAX_DOCUMENT_XML = 60 * 1024 * 1024
_LAYOUT_WORDS = ("cong hoa xa hoi", "noi nhan", "doc lap - tu do", "dang cong san")


def read_docx(content: bytes) -> IntakeText:
    """Return the text and tables of a .docx. Raises FileBroken or FileTooLarge."""
    _refuse_unsafe_xml(content)
    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        numbering = Numbering.of(_numbering_root(document))
        styles = _style_numbering(document.styles.element)
    except (OpcError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise FileBroken from error
    walk = _Walk(numbering, styles)
    walk.block(body)
    text = "\n".join(walk.lines)
    warnings: tuple[str, ...] = ()
    if (encoding := detect_encoding(text[:200_000])) != "unicode":
        text = to_unicode(text, encoding)
        warnings = ("Tệp dùng phông chữ bảng mã cũ (TCVN3 hoặc VNI), đã được chuyển sang Unicode. Vui lòng soát lại.",)
    return IntakeText(text, tuple(text.split("\f")), "docx", warnings, tuple(walk.tables))


def _refuse_unsafe_xml(content: bytes) -> None:
    """Refuse parts that declare a document type: Word never writes one, and entities are how XML bombs are built."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            if entry.file_size > _MAX_DOCUMENT_XML:
                raise FileTooLarge
            with archive.open(entry) as part:
                if b"<!" in part.read(4096).replace(b"<!--", b""):
                    raise FileBroken(
                        "Tệp Word có khai báo XML không an toàn nên không được mở. Vui lòng lưu lại bằng Word."
                    )


def _numbering_root(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            part = relation.target_part
            return getattr(part, "element", None)
    return None


def _style_numbering(styles: Any) -> dict[str, tuple[str, int]]:
    """Return the list and level that each paragraph style brings, also from the style it is based on."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in styles.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        parent = style.find(f"{_W}basedOn")
        if parent is not None:
            based[name] = parent.get(f"{_W}val", "")
        properties = style.find(f"{_W}pPr")
        if properties is not None and (found := _list_of(properties)) is not None:
            own[name] = found
    for name in based:
        ancestor, steps = name, 0
        while ancestor not in own and ancestor in based and steps < 20:
            ancestor, steps = based[ancestor], steps + 1
        if ancestor in own:
            own.setdefault(name, own[ancestor])
    return own


def _list_of(properties: Any) -> tuple[str, int] | None:
    """Return (list id, level) of paragraph properties; list "0" takes the numbering off; None when they say nothing."""
    numbered = properties.find(f"{_W}numPr")
    if numbered is None:
        return None
    list_id, level = numbered.find(f"{_W}numId"), numbered.find(f"{_W}ilvl")
    if list_id is None:
        return None
    return list_id.get(f"{_W}val", "0"), int(level.get(f"{_W}val", "0")) if level is not None else 0


class _Walk:
    """Gathers lines and tables in document order."""

    def __init__(self, numbering: Numbering, styles: dict[str, tuple[str, int]]) -> None:
        self.numbering, self.styles = numbering, styles
        self.lines: list[str] = []
        self.tables: list[Table] = []

    def block(self, parent: Any) -> None:
        """Gather the paragraphs and tables directly under `parent`, seeing through content controls."""
        for element in parent:
            if element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
                self.block(element)

    def _paragraph(self, element: Any) -> None:
        text = self.text_of(element)
        if _breaks_page(element):
            self.lines.append("\f")
        self.lines.extend(text.split("\n") if text.strip() else [""])

    def text_of(self, paragraph: Any) -> str:
        """Return the text of a paragraph with its automatic number before it."""
        text = "".join(_pieces(paragraph)).strip("\n")
        if not text.strip():
            return ""
        label = self._label(paragraph)
        return f"{label} {text.lstrip()}" if label else text

    def _label(self, paragraph: Any) -> str:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        found = _list_of(properties)
        if found is None:
            style = properties.find(f"{_W}pStyle")
            found = self.styles.get(style.get(f"{_W}val", "")) if style is not None else None
        return self.numbering.label(*found) if found is not None and found[0] != "0" else ""

    def _table(self, table: Any) -> None:
        rows = [list(self._cells(row)) for row in table.iter(f"{_W}tr") if _table_of(row) is table]
        flat = fold(" ".join(text for row in rows for text, _ in row))
        if any(word in flat for word in _LAYOUT_WORDS) or max((len(row) for row in rows), default=0) <= 1:
            # A table that only places the letterhead, the signature or a frame: its cells are running text.
            for row in rows:
                for text, _ in row:
                    self.lines.extend(text.split("\n"))
            return
        cells: list[tuple[str, ...]] = []
        for row in rows:
            flat_row = [cell for text, width in row for cell in (" ".join(text.split()), *[""] * (width - 1))]
            cells.append(tuple(flat_row))
            self.lines.append(table_row(flat_row))
        self.lines.append("")
        self.tables.append(tuple(cells))

    def _cells(self, row: Any) -> Iterator[tuple[str, int]]:
        for cell in row.iter(f"{_W}tc"):
            if _row_of(cell) is not row:
                continue
            properties = cell.find(f"{_W}tcPr")
            width, continues = 1, False
            if properties is not None:
                span, merged = properties.find(f"{_W}gridSpan"), properties.find(f"{_W}vMerge")
                width = max(1, min(60, int(span.get(f"{_W}val", "1")))) if span is not None else 1
                continues = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            paragraphs = (self.text_of(p) for p in cell.iter(f"{_W}p"))
            yield "" if continues else "\n".join(paragraphs), width


def _ancestor(element: Any, tag: str) -> Any:
    parent = element.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent


def _table_of(row: Any) -> Any:
    return _ancestor(row, f"{_W}tbl")


def _row_of(cell: Any) -> Any:
    return _ancestor(cell, f"{_W}tr")


def _pieces(element: Any) -> Iterator[str]:
    """Yield the visible text under an element: no deletions, field codes or shapes."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n" if child.get(f"{_W}type", "textWrapping") == "textWrapping" else ""
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{_W}sym":
            yield "• " if child.get(f"{_W}font", "").lower() in ("symbol", "wingdings") else ""
        elif isinstance(child.tag, str):
            yield from _pieces(child)


def _breaks_page(paragraph: Any) -> bool:
    """Whether Word last showed a page break in or before this paragraph."""
    if any(br.get(f"{_W}type") == "page" for br in paragraph.iter(f"{_W}br")):
        return True
    return next(paragraph.iter(f"{_W}lastRenderedPageBreak", f"{_W}pageBreakBefore"), None) is not None
