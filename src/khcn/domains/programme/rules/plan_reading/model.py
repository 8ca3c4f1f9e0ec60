"""What is read from a plan document: frozen values with the place each came from. Nothing here is adopted yet."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from khcn.standards.officialdoc import Span

Operator = Literal[">=", "=", "<=", ">", "<"]
Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text taken over as it stands (an objective, a source, a clause, a recipient)."""

    text: str
    span: Span | None
    confidence: float = 0.9
    amount_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class ReadPeriod:
    """The years the plan runs, and the words that say so. `from_year` is None in plans "đến năm 2030"."""

    from_year: int | None
    to_year: int
    text: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An act the preamble names. `nested`: only named within another act's subject."""

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    subject: str
    raw: str
    span: Span | None
    nested: bool = False
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class ReadTarget:
    """One countable target of a sentence.

    quantity: as printed, percent as 100 with unit "%"; "1,5 triệu lượt" is 1500000 lượt. `upper` is the end of a range.
    unit: what is counted, or "%" (also "%/năm", "tỷ đồng"). subject: for a percentage what it is a share of.
    due_on: last day of the deadline in the text, else of the plan; `recurring` for yearly targets.
    """

    sentence: str
    operator: Operator
    quantity: Decimal
    unit: str
    due_on: date | None
    subject: str
    confidence: float
    span: Span | None
    upper: Decimal | None = None
    recurring: bool = False
    growth: bool = False
    approximate: bool = False
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class ReadField:
    """A content field ("lĩnh vực") and its content lines."""

    title: str
    lines: tuple[Passage, ...]
    span: Span | None
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class ReadDuty:
    """Units that share duties, and the clauses that say what they do."""

    units: tuple[str, ...]
    clauses: tuple[Passage, ...]
    span: Span | None
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A passage that went nowhere, and why it may be so: background, requirement, solution, closing, annex, money,
    duty, other.
    """

    text: str
    reason: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A plan as the reader understood it, for a person to correct and adopt."""

    number: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None
    period: ReadPeriod | None = None
    legal_bases: tuple[LegalBasis, ...] = ()
    objectives: tuple[Passage, ...] = ()
    targets: tuple[ReadTarget, ...] = ()
    fields: tuple[ReadField, ...] = ()
    sources: tuple[Passage, ...] = ()
    total_vnd: int | None = None
    total_span: Span | None = None
    total_in_words: str | None = None
    total_words_agree: bool | None = None
    duties: tuple[ReadDuty, ...] = ()
    recipients: tuple[Passage, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)
