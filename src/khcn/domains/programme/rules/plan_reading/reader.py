"""Read a plan document into a `ParsedPlan`: the order of work; each part's reading is in its own module."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from khcn.domains.programme.rules.plan_reading.duties import duties_in_table, read_duties
from khcn.domains.programme.rules.plan_reading.fields import is_solution, read_fields
from khcn.domains.programme.rules.plan_reading.identity import period_of, read_bases, read_issuer, read_period
from khcn.domains.programme.rules.plan_reading.model import (
    ParsedPlan,
    Passage,
    ReadDuty,
    ReadField,
    ReadPeriod,
    ReadTarget,
    Table,
    Unplaced,
)
from khcn.domains.programme.rules.plan_reading.money import Total, find_total, read_amounts, read_sources, sum_of_parts
from khcn.domains.programme.rules.plan_reading.money_tables import MoneyTable, money_unit, read_money_table
from khcn.domains.programme.rules.plan_reading.sections import (
    Section,
    classify,
    heading_of,
    is_heading,
    section_of,
    top_sections,
)
from khcn.domains.programme.rules.plan_reading.target_tables import read_target_table
from khcn.domains.programme.rules.plan_reading.targets import Found, read_targets_of, walk_objectives
from khcn.standards.officialdoc import Block, Node, OfficialDocument, Span, fold, read_document

_OBJECTIVE_SECTIONS = (Section.OBJECTIVES, Section.GENERAL, Section.TARGETS, Section.REQUIREMENTS)


@dataclass(slots=True)
class _Gathered:
    found: Found = field(default_factory=Found)
    fields: list[ReadField] = field(default_factory=list)
    solutions: list[ReadField] = field(default_factory=list)
    duties: list[ReadDuty] = field(default_factory=list)
    sources: list[Passage] = field(default_factory=list)
    money_nodes: list[Node] = field(default_factory=list)
    money_tables: list[MoneyTable] = field(default_factory=list)
    bases: list[Block] = field(default_factory=list)
    task_tables: list[Node] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def read_plan(text: str, *, tables: Sequence[Table] = ()) -> ParsedPlan:
    """Return what the plan in `text` says. Never raises on odd text; linear in its length.

    text: the plan as plain text, form feeds between pages, table rows as lines of cells divided by "|".
    tables: tables that the text does not hold; a table whose first row stands in the text is not read twice.
    """
    shown = _with_tables(text, tables)
    document = read_document(shown)
    sections = top_sections(document.body)
    period = read_period(document) or _period_within(sections)
    default = date(period.to_year, 12, 31) if period else None
    gathered = _Gathered()
    for node, section in sections:
        _read_section(node, section, gathered, default)
    preambles = [*(document.decision.preamble if document.decision else ()), *document.preamble]
    bases = read_bases([*preambles, *gathered.bases])
    _read_annexes(document.annexes, gathered, default)
    if not gathered.found.targets and document.kind and (gathered.fields or gathered.duties):
        _search_everywhere(document, gathered, default)
    if not gathered.duties:
        gathered.duties = [duty for node in gathered.task_tables for duty in duties_in_table(node)]
    total = _total(document, gathered)
    if total is not None:
        gathered.unplaced = [item for item in gathered.unplaced if not (item.reason == "money" and _holds(item, total))]
    fields = gathered.fields
    if not fields:
        fields = gathered.solutions
    else:
        gathered.unplaced.extend(
            Unplaced(" ".join([item.title, *(line.text for line in item.lines)]), "solution", item.span)
            for item in gathered.solutions
        )
    recipients = tuple(Passage(r.text, r.span, 0.95) for r in document.closing.recipients)
    return ParsedPlan(
        number=document.header.number,
        issued_on=document.header.issued_on,
        issuer=read_issuer(document),
        title=document.title,
        period=period,
        legal_bases=tuple(bases),
        objectives=tuple(gathered.found.objectives),
        targets=_distinct(gathered.found.targets),
        fields=tuple(fields),
        sources=tuple(gathered.sources),
        total_vnd=total.vnd if total else None,
        total_span=total.span if total else None,
        total_in_words=total.in_words if total else None,
        total_words_agree=total.words_agree if total else None,
        duties=tuple(gathered.duties),
        recipients=recipients,
        unplaced=tuple(
            sorted([*gathered.unplaced, *gathered.found.unplaced], key=lambda item: item.span.start if item.span else 0)
        ),
        confidence=_confidence(document, total),
    )


def _with_tables(text: str, tables: Sequence[Table]) -> str:
    """Append to `text` the tables whose rows it does not hold, before reading."""
    added: list[str] = []
    flat = fold(text) if tables else ""
    for table in tables:
        first = next((row for row in table if any(cell.strip() for cell in row)), None)
        if first is None or all(fold(cell) in flat for row in table[:3] for cell in row if cell.strip()):
            continue
        added += ["", *(" | ".join(" ".join(cell.split()) for cell in row) for row in table)]
    return text + "\nPHỤ LỤC\n" + "\n".join(added) if added else text


def _read_section(node: Node, section: Section | None, gathered: _Gathered, default: date | None) -> None:
    if section in _OBJECTIVE_SECTIONS:
        walk_objectives(node, section, gathered.found, inherited=None, default=default)
    elif section in (Section.CONTENT, Section.SOLUTIONS):
        _read_content(node, section, gathered, default)
    elif section is Section.MONEY:
        _read_money(node, gathered)
    elif section is Section.DUTIES:
        _read_duty_section(node, gathered)
    elif section is Section.BASES:
        gathered.bases.extend(inner.block for inner in node.walk())
    elif section is None and node.is_table:
        rows = read_target_table(node.block, inherited=None, default=default, theme=None)
        gathered.found.targets.extend(rows)
        if not rows:
            gathered.unplaced.append(Unplaced(node.text, "table", node.block.span))
    else:
        reason = "background" if section is Section.BACKGROUND else "other"
        _set_aside(node, reason, gathered)


def _set_aside(node: Node, reason: str, gathered: _Gathered) -> None:
    """Keep `node` and all under it as unplaced, save legal bases listed there under a heading of their own."""
    gathered.unplaced.append(Unplaced(node.block.full_text, reason, node.block.span))
    for child in node.children:
        if section_of(child, None) is Section.BASES:
            gathered.bases.extend(inner.block for inner in child.walk())
        else:
            _set_aside(child, reason, gathered)


def _read_content(node: Node, section: Section, gathered: _Gathered, default: date | None) -> None:
    skipped: set[int] = set()
    for inner in _inner_sections(node, section):
        kind = section_of(inner, section)
        skipped.add(id(inner))
        if kind is Section.TARGETS:
            walk_objectives(inner, Section.TARGETS, gathered.found, inherited=None, default=default)
        elif kind is Section.MONEY:
            _read_money(inner, gathered)
        elif kind is Section.DUTIES:
            _read_duty_section(inner, gathered)
    gathered.task_tables.extend(inner for inner in node.walk() if inner.is_table)
    fields, left = read_fields(node, frozenset(skipped))
    gathered.unplaced.extend(left)
    for item in fields:
        solution = section is Section.SOLUTIONS or is_solution(item.title)
        (gathered.solutions if solution else gathered.fields).append(item)


def _inner_sections(node: Node, section: Section) -> Iterator[Node]:
    """Yield the headings within content that open targets, money or duties of their own."""
    for child in node.children:
        kind = section_of(child, section)
        if kind is not section and kind in (Section.TARGETS, Section.MONEY, Section.DUTIES):
            yield child
        else:
            yield from _inner_sections(child, section)


def _read_money(node: Node, gathered: _Gathered) -> None:
    nodes = list(node.walk())
    gathered.money_nodes.extend(nodes)
    tables, read = _money_tables(nodes)
    gathered.money_tables.extend(tables)
    sources = read_sources(nodes) or [source for table in tables for source in table.sources]
    gathered.sources.extend(sources)
    placed = {source.span for source in sources} | {inner.block.span for inner in nodes if id(inner) in read}
    for inner in nodes[1:]:
        text = inner.text
        if inner.block.span in placed or (inner.children and text.rstrip().endswith(":") and not read_amounts(text)):
            continue
        if is_heading(inner) and inner.children and not read_amounts(text):
            continue
        if any(p and p.start >= inner.block.span.start and p.end <= inner.block.span.end for p in placed):
            continue
        gathered.unplaced.append(Unplaced(inner.block.full_text, "money", inner.block.span))


def _money_tables(nodes: Sequence[Node]) -> tuple[list[MoneyTable], set[int]]:
    """Return the tables of money among `nodes`, and the identities of the nodes that hold them."""
    found: list[MoneyTable] = []
    read: set[int] = set()
    unit: int | None = None
    for node in nodes:
        if not node.is_table:
            unit = money_unit(node.text) if re.search(r"đơn vị|ĐVT", node.text, re.IGNORECASE) else unit
        elif (table := read_money_table(node.block, unit=unit)) is not None:
            found.append(table)
            read.add(id(node))
    return found, read


def _period_within(sections: Sequence[tuple[Node, Section | None]]) -> ReadPeriod | None:
    """Return the period that headings of objectives name ("Mục tiêu đến năm 2030"), where title and preamble name
    none.
    """
    for node, section in sections:
        if section in _OBJECTIVE_SECTIONS:
            for inner in node.walk():
                if is_heading(inner) and (period := period_of(heading_of(inner))) is not None:
                    return period
    return None


def _read_duty_section(node: Node, gathered: _Gathered) -> None:
    money = [child for child in node.children if section_of(child, Section.DUTIES) is Section.MONEY]
    for child in money:
        _read_money(child, gathered)
    duties, left = read_duties([child for child in node.children if child not in money])
    if not node.children:
        duties, left = read_duties([node])
    gathered.duties.extend(duties)
    gathered.unplaced.extend(left)


def _read_annexes(nodes: Sequence[Node], gathered: _Gathered, default: date | None) -> None:
    for top in nodes:
        for node in top.walk():
            rows = read_target_table(node.block, inherited=None, default=default, theme=None) if node.is_table else []
            if rows:
                gathered.found.targets.extend(rows)
            else:
                gathered.unplaced.append(Unplaced(node.block.full_text, "annex", node.block.span))


def _search_everywhere(document: OfficialDocument, gathered: _Gathered, default: date | None) -> None:
    """No objective section was recognised: take firmly worded targets from anywhere but background and general
    objectives.
    """
    words = ("phan dau", "it nhat", "toi thieu", "khong duoi", "chi tieu", "tro len")
    general = {passage.span for passage in gathered.found.objectives}
    for node, section in top_sections(document.body):
        if section in (Section.BACKGROUND, Section.MONEY, Section.DUTIES, Section.GENERAL):
            continue
        for inner in node.walk():
            folded = fold(inner.text)
            if inner.is_table or inner.block.span in general or not any(word in folded for word in words):
                continue
            if classify(inner.text) is Section.GENERAL:
                continue
            gathered.found.targets.extend(
                read_targets_of(inner.block, inherited=None, default=default, theme=None, trust=0.5)
            )


def _total(document: OfficialDocument, gathered: _Gathered) -> Total | None:
    total = find_total([n.block for n in gathered.money_nodes], trusted=True)
    if total is None or total.confidence < 0.7:
        # Nothing is called the total: a table's row of totals, or the sum of its parts.
        tabled = next((t for t in gathered.money_tables if t.total_vnd is not None), None)
        if tabled is not None and tabled.total_vnd is not None:
            return Total(tabled.total_vnd, tabled.span, None, None, 0.65 if tabled.is_summed else 0.85)
        if (summed := sum_of_parts(gathered.money_nodes)) is not None:
            return summed
    if total is None or total.confidence < 0.7:
        everything = [n.block for top in (*document.body, *document.annexes) for n in top.walk() if not n.is_table]
        outside = find_total(everything, trusted=False)
        if outside is not None and (total is None or outside.confidence > total.confidence):
            return outside
    return total


def _holds(item: Unplaced, total: Total) -> bool:
    """Whether the passage is where the total was read."""
    span = item.span
    return span is not None and span.start < total.span.end and total.span.start < span.end


def _distinct(targets: Sequence[ReadTarget]) -> tuple[ReadTarget, ...]:
    """Drop targets that another passage repeats word for word (a body and its annex); within one passage all stay."""
    first: dict[tuple[object, ...], Span | None] = {}
    kept: list[ReadTarget] = []
    for target in targets:
        key = (fold(target.sentence), target.operator, target.quantity, target.unit, target.due_on)
        if first.setdefault(key, target.span) == target.span:
            kept.append(target)
    return tuple(kept)


def _confidence(document: OfficialDocument, total: Total | None) -> dict[str, float]:
    """Return how sure the reader is of each single value, 0..1."""
    header = document.header
    return {
        "number": 0.95 if header.number else 0.0,
        "issued_on": 0.95 if header.issued_on else 0.0,
        "issuer": 0.95 if header.issuer else 0.7,
        "title": 0.9 if document.title else 0.0,
        "total_vnd": round(total.confidence, 2) if total else 0.0,
    }
