"""Builds the papers of councils – ballots, vote counts, minutes – as documents; it counts no votes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn.standards.nd30.document import (
    FORM,
    Align,
    BlankLines,
    Block,
    CheckBoxes,
    DocumentKind,
    DocumentNumber,
    Issuer,
    KeyValues,
    Mark,
    OfficialDocument,
    Paragraph,
    Run,
    Signature,
    Table,
    TableColumn,
    TableRow,
)

SIGN_NOTE = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True)
class Criterion:
    """One line of a scoring table: label ("1", "1.1"), text, highest score, and the score given ("" = to fill in).

    is_group: a heading with the sum of the lines below it; shown bold.
    """

    label: str
    text: str
    maximum: str
    score: str = ""
    is_group: bool = False


def form_document(
    *,
    title: str,
    issuer: Issuer,
    facts: Sequence[tuple[str, str]],
    body: Sequence[Block] = (),
    subject: str = "",
    kind: DocumentKind = FORM,
    number: DocumentNumber | None = None,
    place: str = "",
    issued_on: date | None = None,
    signers: Sequence[Signature] = (),
    recipients: Sequence[str] = (),
    archive: str = "",
    mark: Mark = Mark.NONE,
) -> OfficialDocument:
    """A form: title in capitals ("Phiếu đánh giá hồ sơ"), lines of facts (empty values are dotted), then the body.

    kind MINUTES gives minutes: signers side by side, secretary first, and recipients below.
    """
    blocks: list[Block] = [KeyValues(tuple(facts)), *body] if facts else list(body)
    return OfficialDocument(
        issuer=issuer,
        kind=kind,
        kind_title=title,
        subject=subject,
        number=number,
        place=place,
        issued_on=issued_on,
        body=tuple(blocks),
        signatures=tuple(signers),
        recipients=tuple(recipients),
        archive=archive,
        mark=mark,
    )


def scoring_table(criteria: Sequence[Criterion], *, total_maximum: str, total: str = "", caption: str = "") -> Table:
    """Criteria with the highest score and the score given, and a row of totals."""
    columns = (
        TableColumn("TT", 0.6, Align.CENTRE),
        TableColumn("Tiêu chí đánh giá", 4.5),
        TableColumn("Điểm tối đa", 1, Align.CENTRE),
        TableColumn("Điểm đánh giá", 1, Align.CENTRE),
    )
    rows = [TableRow((c.label, c.text, c.maximum, c.score), bold=c.is_group) for c in criteria]
    rows.append(TableRow(("", "Tổng cộng", total_maximum, total), bold=True))
    return Table(columns, tuple(rows), caption=caption)


def tally_table(
    choices: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], *, first_heading: str = "Nội dung bỏ phiếu"
) -> Table:
    """A count of votes: one row per subject, one column per choice; values are texts, "" where nothing is counted."""
    columns = (
        TableColumn("TT", 0.5, Align.CENTRE),
        TableColumn(first_heading, 3.5),
        *(TableColumn(choice, 1, Align.CENTRE, group="Số phiếu") for choice in choices),
    )
    return Table(columns, tuple((str(index), label, *votes) for index, (label, votes) in enumerate(rows, start=1)))


def question(text: str, choices: Sequence[str], *, ticked: int | None = None) -> tuple[Block, ...]:
    """A question in bold with boxes to tick."""
    return (Paragraph((Run(text, bold=True),)), CheckBoxes(tuple(choices), ticked))


def remarks(label: str, *, text: str = "", lines: int = 3) -> tuple[Block, ...]:
    """A label and the remark given, or dotted lines for it."""
    if text:
        return (Paragraph((Run(f"{label}: ", bold=True), Run(text))),)
    return (Paragraph((Run(f"{label}:", bold=True),)), BlankLines(lines))
