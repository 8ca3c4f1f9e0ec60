"""Steps of official papers, who may not do two of them, and what a paper's plain lines say as a document.

It renders nothing and signs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.choices import PaperState as S
from khcn.standards.nd30 import document as nd30

KIND_OF = {
    DocumentKind.PLAN: nd30.PLAN,
    DocumentKind.DECISION: nd30.DECISION,
    DocumentKind.REPORT: nd30.REPORT,
    DocumentKind.LETTER: nd30.LETTER,
    DocumentKind.NOTICE: nd30.NOTICE,
    DocumentKind.SUBMISSION: nd30.SUBMISSION,
}
"""Kinds that are drafted here, with their layout."""

_HEADINGS = (
    (re.compile(r"Điều (\d+)\.\s*(.+)"), nd30.HeadingLevel.ARTICLE, "Điều {}"),
    (re.compile(r"([IVX]+)\.\s+(.+)"), nd30.HeadingLevel.SECTION, "{}"),
    (re.compile(r"(\d+)\.\s+(.+)"), nd30.HeadingLevel.CLAUSE, "{}"),
)


@dataclass(frozen=True, slots=True)
class PaperStep:
    """One row of the machine: from which states, to which, its name."""

    sources: tuple[S, ...]
    target: S
    label: str


PAPER_STEPS: dict[str, PaperStep] = {
    "check": PaperStep((S.DRAFT,), S.CHECKED, "Kiểm tra thể thức"),
    "initial": PaperStep((S.CHECKED,), S.INITIALLED, "Ký nháy"),
    "return": PaperStep((S.CHECKED, S.INITIALLED, S.SIGNED), S.DRAFT, "Trả lại người soạn"),
    "sign": PaperStep((S.INITIALLED,), S.SIGNED, "Ký số cá nhân"),
    "number": PaperStep((S.SIGNED,), S.NUMBERED, "Lấy số"),
    "seal": PaperStep((S.NUMBERED,), S.SEALED, "Ký số cơ quan"),
    "send": PaperStep((S.SEALED,), S.SENT, "Gửi"),
    "acknowledge": PaperStep((S.SENT,), S.ACKNOWLEDGED, "Nơi nhận tiếp nhận"),
    "recall": PaperStep((S.SENT, S.ACKNOWLEDGED), S.RECALLED, "Thu hồi"),
    "replace": PaperStep((S.SENT, S.ACKNOWLEDGED), S.REPLACED, "Thay thế"),
}


def step_refusal(state: S, event: str) -> str:
    """Why a paper may not take the step from its state; empty when it may. Raises KeyError for no such step."""
    step = PAPER_STEPS[event]
    if state in step.sources:
        return ""
    return f"Văn bản đang ở trạng thái “{state.label}” nên không thực hiện được bước “{step.label}”."


def possible_steps(state: S) -> tuple[str, ...]:
    """Steps that leave the state, in order."""
    return tuple(event for event, step in PAPER_STEPS.items() if state in step.sources)


def state_diagram() -> str:
    """The machine as a Mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.DRAFT}"]
    for step in PAPER_STEPS.values():
        lines += [f"    {source} --> {step.target}: {step.label}" for source in step.sources]
    lines += [f"    {end} --> [*]" for end in (S.RECALLED, S.REPLACED)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class PaperContents:
    """A paper's plain lines; several addressees, grounds and recipients stand one per line."""

    issuer: str
    issuer_parent: str
    kind: DocumentKind
    title: str
    notation: str
    place: str
    addressees: str
    grounds: str
    body: str
    recipients: str
    archive: str
    signer_name: str
    signer_title: str
    signer_authority: str
    signer_for: str
    is_illustration: bool
    number: int | None = None
    issued_on: date | None = None


def as_document(contents: PaperContents) -> nd30.OfficialDocument:
    """The paper as a document of NĐ 30/2020. Raises KeyError for a kind that is not drafted here.

    In the body a line "- …" is an item, "Điều 1. …", "I. …" and "1. …" are headings, anything else a paragraph.
    """
    return nd30.OfficialDocument(
        issuer=nd30.Issuer(contents.issuer, contents.issuer_parent),
        kind=KIND_OF[contents.kind],
        subject=contents.title,
        body=_blocks(contents.body),
        number=nd30.DocumentNumber(contents.notation, contents.number),
        place=contents.place,
        issued_on=contents.issued_on,
        grounds=_lines(contents.grounds),
        addressees=_lines(contents.addressees),
        signatures=(
            nd30.Signature(
                contents.signer_title, contents.signer_name,
                nd30.Authority(contents.signer_authority) if contents.signer_authority else None, contents.signer_for,
            ),
        ),
        recipients=_lines(contents.recipients),
        archive=contents.archive,
        mark=nd30.Mark.ILLUSTRATION if contents.is_illustration else nd30.Mark.NONE,
    )  # fmt: skip


def retry_after_minutes(attempts: int) -> int:
    """How long to wait after so many failed attempts: 1, 2, 4 … minutes, at most six hours."""
    return min(2 ** max(attempts - 1, 0), 360)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _blocks(text: str) -> tuple[nd30.Block, ...]:
    blocks: list[nd30.Block] = []
    items: list[str] = []
    for line in (*_lines(text), ""):
        if line.startswith(("- ", "– ")):
            items.append(line[2:].strip())
            continue
        if items:
            blocks.append(nd30.ListItems(tuple(items)))
            items = []
        if line:
            blocks.append(_heading(line) or nd30.Paragraph(line))
    return tuple(blocks)


def _heading(line: str) -> nd30.Heading | None:
    for pattern, level, label in _HEADINGS:
        found = pattern.fullmatch(line)
        if found and len(line) < 120 and not line.endswith((".", ";", ":")):
            return nd30.Heading(level, label.format(found.group(1)), found.group(2))
    return None


def one_way_only(names: Sequence[int | None], actor: int | None) -> bool:
    """True when the actor is none of those who acted before: two pairs of eyes."""
    return actor is None or actor not in names
