"""Read who does what: groups of units with their clauses, under "Tổ chức thực hiện" or "Phân công"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from khcn.domains.programme.rules.plan_reading.fields import joined_text
from khcn.domains.programme.rules.plan_reading.model import Passage, ReadDuty, Unplaced
from khcn.domains.programme.rules.plan_reading.sections import is_heading
from khcn.domains.programme.rules.plan_reading.task_tables import read_task_table
from khcn.domains.programme.rules.plan_reading.units import cut_heading, split_units, starts_with_unit
from khcn.standards.officialdoc import Node, fold, is_capitals

_CLOSING = re.compile(
    r"^(?:\(?\s*(?:co |kem theo|dinh kem)|trong qua trinh|tren day la|yeu cau (?:thu truong|giam doc|cac so|"
    r"cac co quan)|(?:nghi quyet|quyet dinh|chuong trinh|de an) nay (?:da duoc|co hieu luc|thay the)|ke hoach nay|"
    r"can cu (?:noi dung )?ke hoach nay"
    r"|neu co (?:kho khan|vuong mac|phat sinh)|de nghi cac (?:so|co quan|don vi)[^:]*?nghiem tuc)"
)
_CLOSING_SENTENCE = re.compile(
    r"(?<=[.;])\s+(?=(?:Trong quá trình (?:tổ chức |triển khai )*(?:thực hiện|triển khai)|Trên đây là|"
    r"Yêu cầu (?:các|thủ))\b)"
)
_ORDER = re.compile(r"^(?:Giao|Đề nghị|Phân công)\s")
_LABEL = re.compile(r"^[^.;:]{3,90}:")
_ANNOUNCES = re.compile(
    r"(?:(?:có|chịu) trách nhiệm|(?:có )?nhiệm vụ|chủ trì(?:\s+(?:thực hiện|triển khai))?)\s*[:.]?", re.IGNORECASE
)
_MAX_UNITS = 330


def read_duties(nodes: Sequence[Node]) -> tuple[list[ReadDuty], list[Unplaced]]:
    """Return the duty groups under the nodes of a duty section, and what names no unit."""
    duties: list[ReadDuty] = []
    left: list[Unplaced] = []
    among = _names_mostly_units(nodes)
    for node in nodes:
        _read(node, duties, left, among=among)
    return duties, left


def _names_mostly_units(nodes: Sequence[Node]) -> bool:
    """Whether the items beside each other name units, so that one that names an unknown kind of body does too."""
    items = [node for node in nodes if node.style is not None and not node.is_table]
    return len(items) >= 3 and sum(starts_with_unit(node.text) for node in items) * 3 >= len(items) * 2


def _read(node: Node, duties: list[ReadDuty], left: list[Unplaced], *, among: bool = False) -> None:
    if node.is_table:
        read = duties_in_table(node)
        duties.extend(read)
        if not read:
            left.append(Unplaced(node.text, "table", node.block.span))
        return
    text = node.text
    if node.style is None and _is_closing(text):
        left.append(Unplaced(text, "closing", node.block.span))
        return
    named = starts_with_unit(text) or (among and node.style is not None and bool(_LABEL.match(text)))
    heading, clause = cut_heading(text) if named else ("", "")
    if named and not starts_with_unit(text):
        heading, clause = (part.strip() for part in text.split(":", 1))
    if clause and node.children and (_ANNOUNCES.fullmatch(clause) or not text.rstrip().endswith((".", ";", ":"))):
        # The text only names units, perhaps with "có trách nhiệm:"; what they do stands under it.
        heading, clause = (heading if _ANNOUNCES.fullmatch(clause) else text), ""
    if heading and len(heading) <= _MAX_UNITS and _names_units(heading):
        duties.append(_duty(node, heading, clause, left))
        for child in node.children:
            if _is_order(child):
                _read(child, duties, left)
        return
    if node.children and _contains_units(node):
        among = _names_mostly_units(node.children)
        for child in node.children:
            _read(child, duties, left, among=among)
        return
    reason = "closing" if _is_closing(text) else "duty"
    if not (is_heading(node) and not node.children and len(text) < 60):
        left.append(Unplaced(" ".join(n.block.full_text for n in node.walk()), reason, node.span))


def duties_in_table(node: Node) -> list[ReadDuty]:
    """Return the duty groups of a table of tasks, one for each unit that leads, in order of first mention."""
    groups: dict[str, list[Passage]] = {}
    for row in read_task_table(node.block):
        if row.lead:
            groups.setdefault(" ".join(row.lead.split()), []).append(Passage(row.text, row.span, 0.85))
    return [ReadDuty(split_units(lead), tuple(found), node.block.span, 0.8) for lead, found in groups.items()]


def _names_units(heading: str) -> bool:
    return (
        len(heading.split()) >= 2
        and not is_capitals(heading)
        and not re.match(r"^(?:to chuc (?:thuc|trien|tuyen|cac hoi|kiem)|co quan nao)", fold(heading))
    )


def _contains_units(node: Node) -> bool:
    return any(not child.is_table and starts_with_unit(child.text) for child in node.children)


def _is_order(node: Node) -> bool:
    """Whether a plain paragraph after the items gives one more unit its duty ("Giao Sở Công Thương theo dõi, …")."""
    if node.style is not None or node.is_table or not _ORDER.match(node.text) or not starts_with_unit(node.text):
        return False
    return bool(cut_heading(node.text)[1])


def _is_closing(text: str) -> bool:
    return bool(_CLOSING.match(fold(text[:200])))


def _duty(node: Node, heading: str, clause: str, left: list[Unplaced]) -> ReadDuty:
    clauses: list[Passage] = []
    if clause:
        begin = max(0, node.text.rfind(clause))
        clauses.append(Passage(clause, node.block.span_of(begin, len(node.text)), 0.85))
    for child in node.children:
        if child.style is None and not child.is_table and _is_closing(child.text) and not child.children:
            left.append(Unplaced(child.text, "closing", child.block.span))
            continue
        if _is_order(child):
            continue
        left.extend(Unplaced(n.text, "table", n.block.span) for n in child.walk() if n.is_table)
        wraps = child.style is None and child.text.endswith(":") and child.children
        inner = child.children if wraps else (child,)
        clauses.extend(Passage(joined_text(n), n.span, 0.9) for n in inner if not n.is_table)
    if clauses:
        # A closing sentence in the paragraph of the last clause is no duty.
        kept, *closing = _CLOSING_SENTENCE.split(clauses[-1].text, maxsplit=1)
        left.extend(Unplaced(text, "closing", clauses[-1].span) for text in closing)
        clauses[-1] = replace(clauses[-1], text=kept)
    confidence = 0.9 if clauses else 0.5
    return ReadDuty(split_units(heading), tuple(clauses), node.span, confidence)
