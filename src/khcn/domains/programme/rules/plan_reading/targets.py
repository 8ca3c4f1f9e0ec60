"""Walk the objective sections of a plan: general objectives as they stand, countable targets sentence by sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from khcn.domains.programme.rules.plan_reading.deadlines import deadline_for, is_recurring, read_deadlines
from khcn.domains.programme.rules.plan_reading.masking import hide_remarks
from khcn.domains.programme.rules.plan_reading.model import Passage, ReadTarget, Unplaced
from khcn.domains.programme.rules.plan_reading.quantities import Quantity, read_quantities
from khcn.domains.programme.rules.plan_reading.sections import Section, heading_of, is_heading, section_of
from khcn.domains.programme.rules.plan_reading.target_tables import read_target_table
from khcn.standards.officialdoc import Block, Node, fold
from khcn.standards.officialdoc.letters import compile_letters

_SENTENCE_END = compile_letters(r"(?<!\s[A-ZĐ])(?<!\bTP)(?<!\bTS)(?<!\bTh)[.!?]\s+(?=[\p{Lu}\d“\"])")
_MAX_SENTENCE = 1500


@dataclass(slots=True)
class Found:
    """What the walk has gathered."""

    objectives: list[Passage] = field(default_factory=list)
    targets: list[ReadTarget] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def read_targets_of(
    block: Block, *, inherited: date | None, default: date | None, theme: str | None, trust: float = 1.0
) -> list[ReadTarget]:
    """Return the targets in the sentences of one block; `inherited` is the deadline a heading above has set."""
    targets: list[ReadTarget] = []
    for begin, end in sentences(block.text):
        sentence = block.text[begin:end]
        if len(sentence) > _MAX_SENTENCE:
            continue
        quantities = read_quantities(sentence)
        deadlines = read_deadlines(hide_remarks(sentence))
        positions = [q.start for q in quantities]
        for quantity in quantities:
            due_on = deadline_for(sentence, quantity.start, quantity.end, positions, deadlines)
            targets.append(
                ReadTarget(
                    sentence=sentence,
                    operator=quantity.operator,
                    quantity=quantity.value,
                    unit=quantity.unit,
                    due_on=due_on or inherited or default,
                    subject=quantity.subject,
                    confidence=round(quantity.confidence * trust, 2),
                    span=block.span_of(begin, end),
                    upper=quantity.upper,
                    recurring=is_recurring(_clause(sentence, quantity)) or quantity.unit.endswith("/năm"),
                    growth=quantity.growth,
                    approximate=quantity.approximate,
                    theme=theme,
                )
            )
    return targets


def _clause(sentence: str, quantity: Quantity) -> str:
    """Return the part of the sentence between semicolons in which the number stands."""
    begin = sentence.rfind(";", 0, quantity.start) + 1
    end = sentence.find(";", quantity.end)
    return sentence[begin : end if end >= 0 else len(sentence)]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each sentence of `text`."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.start() + 1
        if text[start:end].strip():
            yield start, end
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def walk_objectives(
    node: Node,
    section: Section,
    found: Found,
    *,
    inherited: date | None,
    default: date | None,
    theme: str | None = None,
) -> None:
    """Read `node`, a block of an objective section, and what is under it into `found`."""
    section = section_of(node, section) or section
    if section is Section.TARGETS and _is_general_beside_targets(node):
        section = Section.GENERAL
    if node.is_table:
        rows = read_target_table(node.block, inherited=inherited, default=default, theme=theme)
        if rows and section is not Section.GENERAL:
            found.targets.extend(rows)
        else:
            found.unplaced.append(Unplaced(node.text, "table", node.block.span))
        return
    heading = is_heading(node) and bool(node.children)
    deadlines = read_deadlines(node.text) if heading else ()
    if heading and deadlines and not read_quantities(node.text):
        inherited = deadlines[-1].due_on if len(deadlines) == 1 else deadlines[0].due_on
    _read_own(node, section, found, inherited=inherited, default=default, theme=theme)
    if node.children:
        own_theme = heading_of(node).strip(" :.") if heading else None
        deeper = theme if own_theme is None or section_of(node, None) is not None else own_theme
        for child in node.children:
            walk_objectives(child, section, found, inherited=inherited, default=default, theme=deeper)


def _is_general_beside_targets(node: Node) -> bool:
    """Whether "1. Mục tiêu: …" under "MỤC TIÊU, CHỈ TIÊU" counts nothing, so that it is the general objective."""
    if fold(heading_of(node)).strip(" :.") != "muc tieu":
        return False
    return not any(read_quantities(inner.text) for inner in node.walk() if not inner.is_table)


def _read_own(
    node: Node, section: Section, found: Found, *, inherited: date | None, default: date | None, theme: str | None
) -> None:
    block = node.block
    if section is Section.REQUIREMENTS:
        if not _is_bare_heading(node):
            found.unplaced.append(Unplaced(block.full_text, "requirement", block.span))
        return
    if section is Section.GENERAL:
        text = _after_label(block)
        if text and not _is_bare_heading(node):
            found.objectives.append(Passage(text, block.span, 0.9))
        return
    targets = read_targets_of(block, inherited=inherited, default=default, theme=theme)
    if targets and not (_is_bare_heading(node) and not _states_target(block.text)):
        found.targets.extend(targets)
        return
    if _is_bare_heading(node):
        return
    if section is Section.OBJECTIVES:
        found.objectives.append(Passage(_after_label(block) or block.text, block.span, 0.7))
    else:
        found.unplaced.append(Unplaced(block.full_text, "no quantity", block.span))


def _states_target(text: str) -> bool:
    return bool(re.search(r"%|ít nhất|tối thiểu|không dưới|đạt|không quá", text, re.IGNORECASE))


def _is_bare_heading(node: Node) -> bool:
    """Whether `node` only announces what is under it."""
    if not is_heading(node):
        return False
    text = node.text.rstrip()
    if node.style is None or node.style.is_bullet:
        caption = (
            node.style is None or text.endswith((":", "là")) or (len(text) < 60 and not text.endswith((".", ";", ",")))
        )
        return bool(node.children) and caption
    # A plain paragraph under an item goes on with it; only items or tables make it a heading.
    headed = any(child.style is not None or child.is_table for child in node.children)
    return not text.endswith((".", ";")) or (headed and len(text) < 60)


def _after_label(block: Block) -> str:
    """Return the text after a leading label ("Mục tiêu chung: …"), all of it when there is none, "" when it is only
    a label.
    """
    label = re.match(
        r"^(?:Mục tiêu(?: (?:chung|tổng quát|tổng thể))?|Mục đích|Tổng quát)\s*[:.]\s*", block.text, re.IGNORECASE
    )
    return block.text[label.end() :] if label else block.text
