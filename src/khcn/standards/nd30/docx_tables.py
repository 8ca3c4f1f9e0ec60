"""Tables of a Word document: the borderless ones that place blocks side by side, and the ruled ones of the body."""

from collections.abc import Iterator, Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell, _Row

from khcn.standards.nd30.document import Align, Table, TableColumn, TableRow
from khcn.standards.nd30.docx_styles import CENTRE, LEFT, RIGHT

_ALIGNMENTS = {Align.LEFT: LEFT, Align.CENTRE: CENTRE, Align.RIGHT: RIGHT}
_CELL_PADDING_MM = 1.2


def place_table(document: WordDocument, widths_mm: Sequence[float], rows: int = 1) -> WordTable:
    """An unruled table without padding, its rows never split over pages."""
    table = document.add_table(rows, len(widths_mm))
    _fix_layout(table, widths_mm, padding_mm=0)
    for row in table.rows:
        _set_row_flag(row, "w:cantSplit")
    return table


def body_table(document: WordDocument, table: Table, width_mm: float) -> WordTable:
    """A ruled table as wide as the text; its header rows repeat on every page."""
    columns = table.columns
    grouped = any(column.group for column in columns)
    header_count = 2 if grouped else 1
    word_table = document.add_table(header_count + len(table.rows), len(columns))
    word_table.style = document.styles["Table Grid"]
    total = sum(column.weight for column in columns)
    _fix_layout(word_table, [width_mm * column.weight / total for column in columns], padding_mm=_CELL_PADDING_MM)
    rows = list(word_table.rows)
    for row in rows[:header_count]:
        _set_row_flag(row, "w:cantSplit")
        _set_row_flag(row, "w:tblHeader")
    _fill_header(word_table, columns, grouped)
    for row, content in zip(rows[header_count:], table.rows, strict=True):
        _set_row_flag(row, "w:cantSplit")
        _fill_row(word_table, row, content if isinstance(content, TableRow) else TableRow(content), columns)
    return word_table


def column_groups(columns: Sequence[TableColumn]) -> Iterator[tuple[str, int, int]]:
    """(group, first index, last index) of neighbouring columns with the same group; ungrouped ones stand alone."""
    start = 0
    for index in range(1, len(columns) + 1):
        same = index < len(columns) and columns[index].group and columns[index].group == columns[start].group
        if not same:
            yield columns[start].group, start, index - 1
            start = index


def write_cell(cell: _Cell, text: str, style: str, *, bold: bool | None = None, align: Align | None = None) -> None:
    """Put the text into the cell's first paragraph, one paragraph for each further line."""
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.style = style
        run = paragraph.add_run(line)
        if bold:
            run.bold = True
        if align is not None:
            paragraph.alignment = _ALIGNMENTS[align]


def _fill_header(word_table: WordTable, columns: Sequence[TableColumn], grouped: bool) -> None:
    if not grouped:
        for index, column in enumerate(columns):
            _write_heading(word_table.cell(0, index), column.title)
        return
    for group, first, last in column_groups(columns):
        if not group:
            _write_heading(word_table.cell(0, first).merge(word_table.cell(1, first)), columns[first].title)
            continue
        _write_heading(word_table.cell(0, first).merge(word_table.cell(0, last)), group)
        for index in range(first, last + 1):
            _write_heading(word_table.cell(1, index), columns[index].title)


def _write_heading(cell: _Cell, text: str) -> None:
    write_cell(cell, text, "Ô bảng", bold=True, align=Align.CENTRE)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _fill_row(word_table: WordTable, row: _Row, content: TableRow, columns: Sequence[TableColumn]) -> None:
    cells = row.cells
    if content.is_group:
        merged = cells[0].merge(cells[-1])
        write_cell(merged, content.cells[0], "Ô bảng", bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True  # a group's name stays with its rows
        return
    for cell, text, column in zip(cells, content.cells, columns, strict=True):
        write_cell(cell, text, "Ô bảng", bold=content.bold, align=column.align)


def _fix_layout(table: WordTable, widths_mm: Sequence[float], *, padding_mm: float) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(padding_mm * 56.7)))
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
