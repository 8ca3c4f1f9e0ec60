"""The report of a year as Word, in the layout of administrative documents, and as a workbook."""

from decimal import Decimal
from typing import Any

from khcn.domains.marks.models import YearReport
from khcn.domains.marks.queries.register import right_on
from khcn.domains.marks.rules.year_report import COUNT, DONG, KG, PERCENT, TEXT
from khcn.lib.money import format_number
from khcn.standards.nd30.document import (
    REPORT,
    Align,
    Annex,
    Block,
    DocumentNumber,
    Heading,
    HeadingLevel,
    Issuer,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.docx_writer import render_docx
from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, write_xlsx

_KINDS = {
    TEXT: CellKind.TEXT, COUNT: CellKind.INTEGER, DONG: CellKind.DONG, KG: CellKind.DECIMAL, PERCENT: CellKind.DECIMAL,
}  # fmt: skip


def document_of(report: YearReport) -> OfficialDocument:
    """The report as a paper: words, the year's numbers, and its tables as an annex."""
    manager = right_on(report.right, report.as_of).manager
    number = int(report.document_number.split("/")[0]) if report.document_number else None
    words = (
        ("I", "Đánh giá", report.assessment), ("II", "Khó khăn, vướng mắc", report.difficulties),
        ("III", "Kiến nghị, phương hướng", report.proposals),
    )  # fmt: skip
    opening = f"Số liệu tính đến hết ngày {report.as_of:%d/%m/%Y}, chốt với mã SHA-256 {report.sha256}."
    if report.corrects is not None:
        opening += f" Báo cáo này đính chính báo cáo {report.corrects.document_number}."
    blocks: list[Block] = [Paragraph(opening)]
    for label, title, text in words:
        blocks.append(Heading(HeadingLevel.SECTION, label, title))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        blocks += [Paragraph(line) for line in lines or ["Không có."]]
    blocks.append(Heading(HeadingLevel.SECTION, "IV", "Số liệu trong năm"))
    blocks.append(
        Table(
            (TableColumn("Chỉ tiêu", 3.0), TableColumn("Số liệu", 1.5, Align.RIGHT)),
            [(one["label"], said(one["value"], one["kind"])) for one in report.snapshot["figures"]],
        )
    )  # fmt: skip
    if report.right.is_illustration:
        blocks.append(Paragraph("SỐ LIỆU MINH HỌA."))
    return OfficialDocument(
        Issuer(manager.name if manager else "Cơ quan quản lý"), REPORT,
        f"Quản lý, sử dụng {report.right.name} năm {report.year}", blocks,
        number=DocumentNumber("BC-SHTT", number), issued_on=report.issued_on,
        addressees=("Ủy ban nhân dân tỉnh",), recipients=("Như trên",), archive="VT",
        signatures=(Signature("NGƯỜI CÓ THẨM QUYỀN"),), annexes=(Annex("Số liệu chi tiết", _grids(report), True),),
    )  # fmt: skip


def word_of(report: YearReport) -> bytes:
    """The report as .docx."""
    return render_docx(document_of(report))


def workbook_of(report: YearReport) -> bytes:
    """The report as .xlsx: the numbers, then every table, each with where it comes from."""
    provenance = [
        f"Quyền: {report.right.name} ({report.right.code}), năm {report.year}, lần {report.number}",
        f"Số liệu đến ngày {report.as_of:%d/%m/%Y}; SHA-256: {report.sha256}",
        *(["SỐ LIỆU MINH HỌA"] if report.right.is_illustration else []),
    ]
    figures = [(one["label"], _typed(one["value"], one["kind"])) for one in report.snapshot["figures"]]
    sheets = [
        Sheet(
            "Số liệu", [Column("Chỉ tiêu", width=48), Column("Số liệu", CellKind.DECIMAL, width=24)], figures,
            title=f"Quản lý, sử dụng {report.right.name} năm {report.year}", provenance=provenance,
        )
    ]  # fmt: skip
    for grid in report.snapshot["grids"]:
        kinds = [kind for _title, kind in grid["columns"]]
        columns = [Column(title, _KINDS[kind]) for title, kind in grid["columns"]]
        rows = [[_typed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in grid["rows"]]
        sheets.append(Sheet(grid["title"], columns, rows, title=grid["title"], provenance=provenance))
    return write_xlsx(sheets)


def said(value: str | int | None, kind: str) -> str:
    """A frozen value as people read it."""
    if value is None or value == "":
        return "–"
    return str(value) if kind == TEXT else format_number(Decimal(value))


def _typed(value: str | int | None, kind: str) -> Any:
    if value is None or kind == TEXT:
        return value
    return Decimal(value) if kind in (KG, PERCENT) else int(value)


def _grids(report: YearReport) -> list[Block]:
    blocks: list[Block] = []
    for grid in report.snapshot["grids"]:
        columns = [
            TableColumn(title, 2.0 if kind == TEXT else 1.0, Align.LEFT if kind == TEXT else Align.RIGHT)
            for title, kind in grid["columns"]
        ]
        kinds = [kind for _title, kind in grid["columns"]]
        rows = [[said(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in grid["rows"]]
        blocks.append(Table(columns, rows, caption=grid["title"]))
        if not rows:
            blocks.append(Paragraph("Không có dòng nào."))
    return blocks
