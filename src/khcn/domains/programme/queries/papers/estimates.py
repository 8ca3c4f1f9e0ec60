"""The estimate of each dossier before a budget appraisal team, held against the norms line by line."""

from collections.abc import Mapping
from typing import Any

from khcn.domains.programme.choices import BudgetLineKind, NormVerdict
from khcn.domains.programme.models import Application
from khcn.domains.programme.queries.councils.subjects import records_of
from khcn.domains.programme.queries.norms import findings_of_application, norm_sheet, reckoning_words
from khcn.domains.programme.queries.papers.letterhead import issuer_of, mark_of
from khcn.kernel.procedures.models import Council
from khcn.lib.money import format_number
from khcn.standards.nd30.document import (
    Align,
    Block,
    Heading,
    HeadingLevel,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.forms import SIGN_NOTE, form_document

_COLUMNS = (
    TableColumn("TT", 0.5, Align.CENTRE),
    TableColumn("Mục chi, cách tính", 3),
    TableColumn("Năm, nguồn", 1.1),
    TableColumn("Đề nghị (đồng)", 1.4, Align.RIGHT),
    TableColumn("Đối chiếu định mức", 3.2),
)


def norm_check(council: Council) -> OfficialDocument:
    """The table that the team works from: every line of every dossier with what it exceeds and what explains it."""
    body: list[Block] = []
    for number, (line, record) in enumerate(records_of(council), start=1):
        body.append(Heading(HeadingLevel.CLAUSE, str(number), line.label))
        body += estimate_blocks(record)
    return form_document(
        title="Bảng đối chiếu dự toán với định mức", subject=council.title, issuer=issuer_of(council.organisation),
        facts=(), body=body, signers=(Signature("Thư ký", note=SIGN_NOTE),), mark=mark_of(council.is_illustration),
    )  # fmt: skip


def estimate_blocks(application: Application) -> list[Block]:
    """One dossier's lines as a table, then what is found of the estimate as a whole."""
    sheet = norm_sheet(findings_of_application(application))
    rows = []
    for place, row in enumerate(application.dossier.get("budget", ())):
        how = reckoning_words(row)
        label = BudgetLineKind(row["kind"]).label
        found = " ".join(_sentence(item) for item in sheet.lines.get(place, ()))
        rows.append(
            (
                str(place + 1), f"{label} ({how})" if how else label, f"{row['year']}, {row['source']}",
                format_number(int(row["amount_vnd"])), found or "Không vượt định mức",
            )
        )  # fmt: skip
    blocks: list[Block] = [Table(_COLUMNS, rows)]
    blocks += [Paragraph(_sentence(item)) for item in sheet.whole]
    return blocks


def breach_blocks(council: Council) -> list[Block]:
    """For the minutes: what each estimate exceeds and how it was explained; one sentence where nothing is exceeded."""
    blocks: list[Block] = []
    for line, record in records_of(council):
        sheet = norm_sheet(findings_of_application(record))
        found = [item for item in sheet.all if item["verdict"] is not NormVerdict.NOTE]
        told = " ".join(_sentence(item) for item in found) or "Không có khoản nào vượt định mức."
        blocks.append(Paragraph(f"{line.label}: {told}"))
    return blocks


def _sentence(item: Mapping[str, Any]) -> str:
    parts = [f"[{item['verdict'].label}]", item["text"]]
    if item["citation"]:
        parts.append(f"({item['citation']}).")
    if item["justification"]:
        parts.append(f"Giải trình: {item['justification']}.")
    return " ".join(parts)
