"""Tables of a Word document: the borderless ones that place blocks side by side, and the ruled ones of the body."""

from collections.abc import Iterator, Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Row
from lxml import etree

from khcn.standards.nd30.document import Table, TableColumn, TableRow

_TWIPS_PER_MM = 1440 / 25.4
_CELL_PADDING_MM = 1.2


def place_table(document: WordDocument, widths_mm: Sequence[float], rows: int = 1) -> WordTable:
    """An unruled table without padding, its rows never split over pages."""
    table = document.add_table(rows, len(widths_mm))
    _fix_layout(table, widths_mm, padding_mm=0)
    for row in table.rows:
        _set_row_flag(row, "w:cantSplit")
    return table


def body_table(document: WordDocument, table: Table, width_mm: float) -> WordTable:
    """A ruled table as wide as the text; its header rows repeat on every page.

    Rows are made as XML: python-docx lays out the whole grid again for each cell it looks up, which takes half a minute
    for a thousand rows.
    """
    columns = table.columns
    word_table = document.add_table(1, len(columns))
    word_table.style = document.styles["Table Grid"]
    total = sum(column.weight for column in columns)
    widths = [width_mm * column.weight / total for column in columns]
    _fix_layout(word_table, widths, padding_mm=_CELL_PADDING_MM)
    element = word_table._tbl
    element.remove(element.tr_lst[0])
    style = document.styles["Ô bảng"].style_id
    for row in _header_rows(columns, widths, style):
        element.append(row)
    for content in table.rows:
        element.append(_row(content if isinstance(content, TableRow) else TableRow(content), columns, widths, style))
    return word_table


def column_groups(columns: Sequence[TableColumn]) -> Iterator[tuple[str, int, int]]:
    """(group, first index, last index) of neighbouring columns with the same group; ungrouped ones stand alone."""
    start = 0
    for index in range(1, len(columns) + 1):
        same = index < len(columns) and columns[index].group and columns[index].group == columns[start].group
        if not same:
            yield columns[start].group, start, index - 1
            start = index


def _header_rows(columns: Sequence[TableColumn], widths: Sequence[float], style: str) -> list[etree._Element]:
    """One header row, or two when columns are grouped: groups span their columns, other headings both rows."""
    grouped = any(column.group for column in columns)
    first, second = _new_row(is_header=True), _new_row(is_header=True)
    for group, start, end in column_groups(columns):
        if group:
            width = sum(widths[start : end + 1])
            first.append(_cell(group, width, style, bold=True, align="center", span=end - start + 1))
            for index in range(start, end + 1):
                second.append(_cell(columns[index].title, widths[index], style, bold=True, align="center"))
            continue
        merge = "restart" if grouped else ""
        first.append(_cell(columns[start].title, widths[start], style, bold=True, align="center", merge=merge))
        second.append(_cell("", widths[start], style, merge="continue"))
    return [first, second] if grouped else [first]


def _row(content: TableRow, columns: Sequence[TableColumn], widths: Sequence[float], style: str) -> etree._Element:
    row = _new_row()
    if content.is_group:
        # A group's name stays with its rows.
        row.append(_cell(content.cells[0], sum(widths), style, bold=True, span=len(columns), keep_next=True))
        return row
    for text, column, width in zip(content.cells, columns, widths, strict=True):
        row.append(_cell(text, width, style, bold=content.bold, align=column.align.value))
    return row


def _new_row(*, is_header: bool = False) -> etree._Element:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    return row


def _cell(
    text: str,
    width_mm: float,
    style: str,
    *,
    bold: bool = False,
    align: str = "",
    span: int = 1,
    merge: str = "",
    keep_next: bool = False,
) -> etree._Element:
    """A cell with one paragraph for each line of the text; elements in the order of the schema."""
    cell = OxmlElement("w:tc")
    properties = _child(cell, "w:tcPr")
    _child(properties, "w:tcW", w=str(round(width_mm * _TWIPS_PER_MM)), type="dxa")
    if span > 1:
        _child(properties, "w:gridSpan", val=str(span))
    if merge:
        _child(properties, "w:vMerge", val=merge)
    if align == "center" and bold:
        _child(properties, "w:vAlign", val="center")
    for line in text.split("\n"):
        paragraph = _child(cell, "w:p")
        shape = _child(paragraph, "w:pPr")
        _child(shape, "w:pStyle", val=style)
        if keep_next:
            _child(shape, "w:keepNext")
        if align:
            _child(shape, "w:jc", val=align)
        run = _child(paragraph, "w:r")
        if bold:
            _child(_child(run, "w:rPr"), "w:b")
        node = _child(run, "w:t")
        node.text = line
        node.set(qn("xml:space"), "preserve")
    return cell


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    parent.append(element)
    return element


def _fix_layout(table: WordTable, widths_mm: Sequence[float], *, padding_mm: float) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(padding_mm * _TWIPS_PER_MM)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)


def _set_row_flag(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
