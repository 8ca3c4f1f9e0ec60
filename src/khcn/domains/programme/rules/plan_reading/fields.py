"""Read the content sections of a plan: fields (lĩnh vực, nhóm nhiệm vụ) and the lines under each."""

import re
from collections.abc import Iterator

from khcn.domains.programme.rules.plan_reading.model import Passage, ReadField, Unplaced
from khcn.domains.programme.rules.plan_reading.sections import is_generic_content, is_heading
from khcn.domains.programme.rules.plan_reading.task_tables import TaskRow, read_task_table
from khcn.standards.officialdoc import Node, Style, fold

_CALLED_FIELD = re.compile(r"(?:(?:trong|ve|doi voi) )?linh vuc\b")
_INTRODUCES = re.compile(r"(?:như sau|sau đây|gồm|bao gồm|cụ thể)\s*:?\s*$", re.IGNORECASE)


def read_fields(section: Node, skipped: frozenset[int]) -> tuple[list[ReadField], list[Unplaced]]:
    """Return the fields under a content section, and what belongs to none.

    skipped: identities of nodes already read as something else (targets or money inside the content).
    """
    fields: list[ReadField] = []
    left: list[Unplaced] = []
    _collect(section, fields, left, skipped, top=True)
    return fields, left


def _collect(node: Node, fields: list[ReadField], left: list[Unplaced], skipped: frozenset[int], *, top: bool) -> None:
    titled = [child for child in node.children if _is_field(child) and id(child) not in skipped]
    if not titled:
        loose = [child for child in node.children if id(child) not in skipped and not child.is_table]
        wrapped = [child for child in loose if child.style is None and child.children]
        if top and len(wrapped) >= 1 and any(_is_field(grand) for child in wrapped for grand in child.children):
            for child in wrapped:
                _collect(child, fields, left, skipped, top=False)
            return
        lines = [line for child in loose for line in _lines(child, skipped)]
        if lines:
            fields.append(ReadField(_title(node), tuple(lines), node.span, 0.7))
        for child in node.children:
            if child.is_table:
                _read_table(child, _title(node), fields, left)
        return
    for child in node.children:
        if id(child) in skipped:
            continue
        if child.is_table:
            _read_table(child, _title(node), fields, left)
        elif not _is_field(child):
            _keep_loose(child, fields, left, skipped)
        elif _names_fields(child) or (
            is_generic_content(child.text) and any(_is_field(grand) for grand in child.children)
        ):
            _collect(child, fields, left, skipped, top=False)
        else:
            fields.append(_field(child, skipped))
            left.extend(
                Unplaced(n.text, "table", n.block.span)
                for n in child.walk()
                if n.is_table and not read_task_table(n.block)
            )


def _read_table(node: Node, title: str, fields: list[ReadField], left: list[Unplaced]) -> None:
    """A table of tasks gives a field for each of its groups; any other table stays unplaced."""
    groups: dict[str, list[TaskRow]] = {}
    for row in read_task_table(node.block):
        groups.setdefault(row.group or title, []).append(row)
    for name, rows in groups.items():
        lines = tuple(Passage(row.text, row.span, 0.85) for row in rows)
        fields.append(ReadField(name, lines, rows[0].span.joined(rows[-1].span), 0.8))
    if not groups:
        left.append(Unplaced(node.text, "table", node.block.span))


def _keep_loose(child: Node, fields: list[ReadField], left: list[Unplaced], skipped: frozenset[int]) -> None:
    """A paragraph between fields introduces them, or wraps them when it ends in a colon."""
    if any(_is_field(grand) for grand in child.children):
        _collect(child, fields, left, skipped, top=False)
        return
    left.append(Unplaced(" ".join(n.block.full_text for n in child.walk()), "content", child.span))


def _is_field(node: Node) -> bool:
    """Whether `node` may carry a field: numbered, or a heading without a number that has lines under it."""
    if node.is_table:
        return False
    if node.style is None:
        return bool(node.children) and len(node.text) < 120 and not _INTRODUCES.search(node.text)
    return not node.style.is_bullet and (node.style < Style.LETTER or is_heading(node))


def _names_fields(node: Node) -> bool:
    """Whether the headings under `node` call themselves fields ("a) Lĩnh vực nông nghiệp", "b) Lĩnh vực y tế")."""
    called = [child for child in node.children if child.children and _CALLED_FIELD.match(fold(child.text))]
    return len(called) >= 2 and all(_is_field(child) for child in called)


def _title(node: Node) -> str:
    return node.text.strip(" :.;")


def _field(node: Node, skipped: frozenset[int]) -> ReadField:
    title, inline = _cut_title(node)
    lines: list[Passage] = []
    if inline:
        begin = node.text.rfind(inline)
        lines.append(Passage(inline, node.block.span_of(begin, len(node.text)), 0.75))
    for child in node.children:
        if id(child) not in skipped:
            lines.extend(_lines(child, skipped))
    return ReadField(title, tuple(lines), node.span, 0.9 if lines and not inline else 0.7)


def _cut_title(node: Node) -> tuple[str, str]:
    """Divide "Lĩnh vực y tế: nghiên cứu …" into title and inline line; a long sentence is its own title."""
    text = node.text
    cut = re.match(r"^(.{4,110}?)\s*(?::|\.(?=\s))\s*(?=\S)", text)
    if cut and len(text) > 60 and len(text) - cut.end() > 20:
        return cut.group(1).strip(), text[cut.end() :].strip()
    if not node.children and len(text) > 60:
        return text.strip(" :;."), text
    return _title(node), ""


def _lines(node: Node, skipped: frozenset[int]) -> Iterator[Passage]:
    """Yield the lines under a field: bare sub-headings only group them, a bullet keeps the bullets under it."""
    if id(node) in skipped:
        return
    if node.is_table:
        yield from (Passage(row.text, row.span, 0.8) for row in read_task_table(node.block))
        return
    if node.style is not None and node.style.is_bullet:
        yield Passage(joined_text(node), node.span, 0.9)
        return
    bare = bool(node.children) and (
        node.text.rstrip().endswith(":") or (len(node.text) < 120 and not node.text.rstrip().endswith((".", ";")))
    )
    introduces = node.style is None and bool(_INTRODUCES.search(node.text))
    if not bare and not introduces:
        yield Passage(node.text, node.block.span, 0.9)
    for child in node.children:
        yield from _lines(child, skipped)


def joined_text(node: Node) -> str:
    """Return the text of `node` and of all under it as one."""
    return " ".join(inner.text for inner in node.walk() if not inner.is_table)


def is_solution(title: str) -> bool:
    """Whether a field is in truth a group of solutions."""
    return fold(title).startswith(("giai phap", "cac giai phap", "nhom giai phap"))
