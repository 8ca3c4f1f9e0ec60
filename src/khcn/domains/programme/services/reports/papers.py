"""A report as a Word document in the layout of NĐ 30/2020 and as a workbook; equal runs give equal bytes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from khcn.domains.programme.choices import PeriodKind, ReportCode
from khcn.domains.programme.models import ReportRun
from khcn.domains.programme.queries.reports.periods import name_of
from khcn.domains.programme.rules.reports import SECTIONS, cell_text
from khcn.kernel.orgs.models import Organisation
from khcn.lib.dates import format_long
from khcn.lib.money import format_number
from khcn.standards.nd30.document import (
    REPORT,
    Align,
    Annex,
    Authority,
    Block,
    DocumentNumber,
    Heading,
    HeadingLevel,
    Issuer,
    Mark,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
    TableRow,
)
from khcn.standards.nd30.docx_writer import render_docx
from khcn.web.spreadsheets.writing import CellKind, Column, Sheet, write_xlsx

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of a table printed in Word; the workbook always holds all of them.
MOST_PRINTED_ROWS: Final = 400
BASIS: Final = (
    "Căn cứ Nghị định số 09/2019/NĐ-CP ngày 24 tháng 01 năm 2019 của Chính phủ quy định về chế độ báo cáo của cơ quan "
    "hành chính nhà nước"
)
NUMERALS: Final = ("I", "II", "III", "IV", "V")
KINDS: Final = {
    "text": CellKind.TEXT,
    "count": CellKind.INTEGER,
    "vnd": CellKind.DONG,
    "percent": CellKind.PERCENT,
    "date": CellKind.DATE,
    "figure": CellKind.DECIMAL,
}
TO_FINANCE: Final = frozenset({ReportCode.R3, ReportCode.R9})
TO_MINISTRY: Final = frozenset({ReportCode.R7, ReportCode.R9, ReportCode.R10})


def report_title(run: ReportRun) -> str:
    """What follows "BÁO CÁO": the report's name and its period."""
    kind = PeriodKind(run.period)
    name = name_of(kind, run.period_from, run.period_to)
    return f"{ReportCode(run.report).label} {name[0].lower()}{name[1:]}"


def report_document(run: ReportRun) -> OfficialDocument:
    """The report as an administrative document: sections of words, tables as an annex on landscape pages."""
    snapshot: Mapping[str, Any] = run.snapshot or {}
    owner = run.plan.standing_body
    issuer = Issuer(owner.name if owner else run.plan.issuer, _parent_name(run) if owner else "")
    return OfficialDocument(
        issuer=issuer,
        kind=REPORT,
        subject=report_title(run),
        number=DocumentNumber(f"BC-{abbreviation(owner)}", _number(run)),
        place=_place(run),
        issued_on=run.issued_on,
        grounds=_grounds(run),
        addressees=tuple(run.narrative.get("addressees") or default_addressees(run)),
        body=(*_opening(run, issuer), *_sections(run)),
        signatures=(_signature(run),),
        recipients=tuple(run.narrative.get("recipients") or default_recipients(run)),
        archive="VT, QLKH",
        annexes=(Annex(f"Số liệu {ReportCode(run.report).label.lower()}", _tables(run, snapshot), landscape=True),),
        mark=_mark(run),
    )


def word_of(run: ReportRun) -> bytes:
    """The report as .docx."""
    return render_docx(report_document(run))


def workbook_of(run: ReportRun) -> bytes:
    """The report as .xlsx: the table with where its figures come from, the rows behind every figure, the notes."""
    snapshot: Mapping[str, Any] = run.snapshot or {"columns": [], "rows": [], "notes": [], "parameters": {}}
    columns = [Column(_heading(item), KINDS[item["kind"]]) for item in snapshot["columns"]]
    rows = [_typed_row(row, snapshot["columns"]) for row in printed_rows(run)]
    provenance = [
        f"Kế hoạch: {run.plan.title}",
        f"Kỳ: {name_of(PeriodKind(run.period), run.period_from, run.period_to)} "
        f"(từ {run.period_from:%d/%m/%Y} đến {run.period_to:%d/%m/%Y}); số liệu đến ngày {run.as_of:%d/%m/%Y}",
        f"Mã báo cáo: {run.code}, lần {run.number}; SHA-256 của số liệu: {run.sha256 or 'chưa chốt'}",
    ]
    if run.plan.is_illustration:
        provenance.append("SỐ LIỆU MINH HỌA")
    notes = [*snapshot["notes"], *_missing_note(run)]
    behind = [
        (row_title(row), title, entry["subject"], part, uid)
        for row in snapshot["rows"]
        for key, entry in row["refs"].items()
        for title in [_title_of(snapshot["columns"], key)]
        for part, uid in _behind(entry)
    ]
    sheets = [
        Sheet(run.report, columns, rows, title=report_title(run), provenance=[*provenance, *notes]),
        Sheet(
            "Minh chứng",
            [Column("Dòng"), Column("Cột"), Column("Loại hồ sơ"), Column("Phần"), Column("Mã định danh")],
            behind,
            title="Hồ sơ làm căn cứ của từng số",
            provenance=provenance,
        ),
        Sheet(
            "Tham số",
            [Column("Tham số"), Column("Giá trị")],
            sorted((key, str(value)) for key, value in snapshot["parameters"].items()),
            title="Tham số dùng để tính",
        ),
    ]
    return write_xlsx(sheets)


def printed_rows(run: ReportRun) -> list[dict[str, Any]]:
    """The snapshot's rows with the words that a person wrote into R1's causes and measures."""
    snapshot = run.snapshot or {"columns": [], "rows": []}
    words = run.narrative.get("rows") or {}
    places = {item["key"]: index for index, item in enumerate(snapshot["columns"])}
    rows = []
    for row in snapshot["rows"]:
        own = words.get(row["key"])
        if own:
            cells = list(row["cells"])
            for name, text in own.items():
                if name in places:
                    cells[places[name]] = text
            row = {**row, "cells": cells}
        rows.append(row)
    return rows


def abbreviation(owner: Organisation | None) -> str:
    """The letters of a body in a document's number: "SKHCN" of "Sở Khoa học và Công nghệ"."""
    if owner is None:
        return "UBND"
    if owner.short_name and " " not in owner.short_name:
        return owner.short_name.replace("&", "")
    words = [word for word in re.findall(r"\w+", owner.name) if word.lower() != "và"]
    return "".join(word[0].upper() for word in words if not word.isdigit())


def default_addressees(run: ReportRun) -> list[str]:
    """To whom a report of this kind goes."""
    report = ReportCode(run.report)
    found = [run.plan.issuer or "Ủy ban nhân dân tỉnh"]
    if report in TO_FINANCE:
        found.append("Sở Tài chính")
    if report in TO_MINISTRY or (report is ReportCode.R1 and run.period == PeriodKind.YEAR):
        found.append("Bộ Khoa học và Công nghệ")
    return found


def default_recipients(run: ReportRun) -> list[str]:
    """Who else gets the report."""
    return ["Như trên", "Lãnh đạo cơ quan", "Các phòng, đơn vị thuộc cơ quan"]


def row_title(row: Mapping[str, Any]) -> str:
    """A row's heading: its first texts."""
    return " – ".join([str(value) for value in row["cells"] if isinstance(value, str) and value][:2])


def _opening(run: ReportRun, issuer: Issuer) -> list[Block]:
    plan = run.plan
    paper = f"Kế hoạch số {plan.number}" if plan.number else "Kế hoạch"
    if plan.issued_on:
        paper += f" ngày {plan.issued_on:%d/%m/%Y}"
    name = name_of(PeriodKind(run.period), run.period_from, run.period_to)
    return [
        Paragraph(
            f"Thực hiện {paper} của {plan.issuer}, {issuer.name} báo cáo {ReportCode(run.report).label.lower()} "
            f"{name[0].lower()}{name[1:]} (số liệu tính đến hết ngày {run.as_of:%d/%m/%Y}) như sau:"
        )
    ]


def _sections(run: ReportRun) -> list[Block]:
    blocks: list[Block] = []
    written = run.narrative.get("sections") or {}
    for numeral, (key, title) in zip(NUMERALS, SECTIONS, strict=True):
        blocks.append(Heading(HeadingLevel.SECTION, numeral, title))
        lines = [line.strip() for line in (written.get(key) or "").splitlines() if line.strip()]
        blocks += [Paragraph(_closed(line)) for line in lines or ["Không có"]]
        if key == "results":
            blocks.append(Paragraph("Số liệu chi tiết tại Phụ lục kèm theo."))
    return blocks


def _tables(run: ReportRun, snapshot: Mapping[str, Any]) -> list[Block]:
    if not snapshot:
        return [Paragraph("Chưa có số liệu.")]
    columns = [
        TableColumn(item["title"], item["weight"], _align(item["kind"]), item["group"]) for item in snapshot["columns"]
    ]
    rows = printed_rows(run)
    kept = _kept(rows)
    has_money = any(item["kind"] == "vnd" for item in snapshot["columns"])
    note = "\n".join([*snapshot["notes"], *_missing_note(run)])
    blocks: list[Block] = [
        Table(
            columns,
            [_printed(row, snapshot["columns"]) for row in kept],
            unit_note="Đơn vị tính: đồng" if has_money else "",
        )
    ]
    if len(kept) < len(rows):
        blocks.append(
            Paragraph(
                f"Bảng in {len(kept)} trên {format_number(len(rows))} dòng; danh sách đầy đủ ở tệp Excel kèm theo."
            )
        )
    blocks += [Paragraph(f"Ghi chú: {_closed(line)}") for line in note.splitlines() if line]
    if run.sha256:
        blocks.append(Paragraph(f"Mã báo cáo {run.code}, lần {run.number}. SHA-256 của số liệu: {run.sha256}."))
    return blocks


def _kept(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) <= MOST_PRINTED_ROWS:
        return rows
    plain = [row for row in rows if row["kind"] == "row"][:MOST_PRINTED_ROWS]
    chosen = {row["key"] for row in plain}
    return [row for row in rows if row["kind"] != "row" or row["key"] in chosen]


def _printed(row: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> TableRow:
    if row["kind"] == "group":
        return TableRow((row["cells"][0],), bold=True, is_group=True)
    is_total = row["kind"] == "total"
    texts = tuple(
        "" if value is None and (is_total or item["key"] == "number") else cell_text(value, item["kind"])
        for value, item in zip(row["cells"], columns, strict=True)
    )
    return TableRow(texts, bold=is_total)


def _typed_row(row: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> list[Any]:
    if row["kind"] == "group":
        return [row["cells"][0], *[None] * (len(columns) - 1)]
    return [
        _typed(value, item["kind"], is_total=row["kind"] == "total")
        for value, item in zip(row["cells"], columns, strict=True)
    ]


def _typed(value: Any, kind: str, *, is_total: bool) -> Any:
    if value is None:
        return None if is_total or kind not in ("percent", "figure") else "chưa có"
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "percent":
        return Decimal(value) / 100
    if kind == "figure" and isinstance(value, str):
        return Decimal(value)
    return value


def _behind(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [("được tính", uid) for uid in entry["counted"]]
    found += [("mẫu số", uid) for uid in entry.get("of", [])]
    if "query" in entry:
        found.append(("điều kiện", "; ".join(f"{key}={value}" for key, value in sorted(entry["query"].items()))))
    return found


def _heading(item: Mapping[str, Any]) -> str:
    return f"{item['group']}: {item['title']}" if item["group"] else str(item["title"])


def _title_of(columns: Sequence[Mapping[str, Any]], key: str) -> str:
    return next((_heading(item) for item in columns if item["key"] == key), key)


def _align(kind: str) -> Align:
    if kind in ("vnd", "percent", "figure"):
        return Align.RIGHT
    return Align.CENTRE if kind in ("count", "date") else Align.LEFT


def _missing_note(run: ReportRun) -> list[str]:
    missing = run.narrative.get("missing") or {}
    if not missing.get("items"):
        return []
    return [f"Chốt số liệu khi còn thiếu: {'; '.join(missing['items'])}. Lý do: {missing['reason']}"]


def _grounds(run: ReportRun) -> tuple[str, ...]:
    plan = run.plan
    dated = f" {format_long(plan.issued_on)}" if plan.issued_on else ""
    number = f" số {plan.number}" if plan.number else ""
    return (BASIS, f"Căn cứ Kế hoạch{number}{dated} của {plan.issuer} về {_lowered(plan.title)}")


def _lowered(title: str) -> str:
    text = re.sub(r"^kế hoạch\s+", "", title.strip(), flags=re.IGNORECASE)
    return f"{text[0].lower()}{text[1:]}" if text and not text.isupper() else text.lower()


def _closed(text: str) -> str:
    return text if text.endswith((".", ":", ";", "!", "?")) else f"{text}."


def _number(run: ReportRun) -> int | None:
    head = run.document_number.partition("/")[0]
    return int(head) if head.isdigit() else None


def _parent_name(run: ReportRun) -> str:
    owner = run.plan.standing_body
    if owner is not None and owner.parent is not None:
        return owner.parent.name
    return run.plan.issuer


def _place(run: ReportRun) -> str:
    for name in (_parent_name(run), run.plan.issuer):
        found = re.search(r"(?:tỉnh|thành phố)\s+(.+)$", name, flags=re.IGNORECASE)
        if found:
            return found.group(1).strip()
    return ""


def _signature(run: ReportRun) -> Signature:
    signed = run.narrative.get("signature") or {}
    title = signed.get("title") or "Giám đốc"
    authority = Authority(signed["authority"]) if signed.get("authority") in set(Authority) else None
    on_behalf = ""
    if authority in (Authority.DEPUTY, Authority.BY_ORDER, Authority.BY_DELEGATION):
        head = re.sub(r"^phó\s+", "", title, flags=re.IGNORECASE)
        on_behalf = f"{head[0].upper()}{head[1:]}" if head != title else "Giám đốc"
    elif authority is Authority.COLLECTIVE:
        on_behalf = _parent_name(run)
    return Signature(title, signed.get("name", ""), authority, on_behalf)


def _mark(run: ReportRun) -> Mark:
    if run.plan.is_illustration:
        return Mark.ILLUSTRATION
    return Mark.NONE if run.issued_on is not None else Mark.DRAFT
