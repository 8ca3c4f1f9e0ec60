"""Reads the query options of a request: $filter, $expand with options of its own, $select, $orderby, $top, $skip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from khcn.standards.sensorthings.filters import Node, read_filter
from khcn.standards.sensorthings.model import ENTITIES, ID, Misread, lead

USUAL_TOP, MOST_TOP, MOST_SKIP = 100, 1_000, 100_000
DEEPEST_EXPAND = 4


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks of a set. top: None where nothing was asked; order: (path, descending)."""

    filter: Node | None = None
    expand: tuple[Expand, ...] = ()
    select: tuple[str, ...] = ()
    order: tuple[tuple[tuple[str, ...], bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    result_format: str = ""

    @property
    def page_size(self) -> int:
        """How many entities one answer holds."""
        return USUAL_TOP if self.top is None else min(self.top, MOST_TOP)


@dataclass(frozen=True, slots=True)
class Expand:
    """A link whose entities stand inside the answer, with what is asked of them."""

    link: str
    options: Options


def read_options(pairs: Iterable[tuple[str, str]], set_name: str, *, depth: int = 0) -> Options:
    """Return the options of a request on a set. Raises Misread for what is unknown, repeated or not well formed."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Misread(f"Tham số {name} được ghi hai lần.")
        found[name] = value
    known = {"$filter", "$expand", "$select", "$orderby", "$top", "$skip", "$count", "$resultFormat"}
    strange = next((name for name in found if name not in known), "")
    if strange:
        raise Misread(f"Không có tham số {strange}.")
    return Options(
        filter=read_filter(found["$filter"]) if "$filter" in found else None,
        expand=_expand(found.get("$expand", ""), set_name, depth),
        select=_select(found.get("$select", ""), set_name),
        order=_order(found.get("$orderby", "")),
        top=_number(found, "$top"),
        skip=_skip(found),
        count=_count(found.get("$count", "")),
        result_format=_format(found.get("$resultFormat", "")),
    )


def split_outside(text: str, mark: str) -> list[str]:
    """Return the parts of a text between the marks that stand outside brackets and quotes. Raises Misread."""
    parts, start, level, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter == "(":
            level += 1
        elif not quoted and letter == ")":
            level -= 1
            if level < 0:
                raise Misread("Thừa dấu đóng ngoặc.")
        elif not quoted and letter == mark and level == 0:
            parts.append(text[start:place])
            start = place + 1
    if level or quoted:
        raise Misread("Thiếu dấu đóng ngoặc hoặc dấu nháy.")
    return [*parts, text[start:]]


def _expand(text: str, set_name: str, depth: int) -> tuple[Expand, ...]:
    if not text:
        return ()
    if depth >= DEEPEST_EXPAND:
        raise Misread("Tham số $expand lồng nhau quá sâu.")
    found: dict[str, Expand] = {}
    for item in split_outside(text, ","):
        head, _bracket, rest = item.strip().partition("(")
        if rest and not rest.endswith(")"):
            raise Misread(f"Không hiểu $expand “{item.strip()}”.")
        first, *further = head.strip().split("/")
        target, _many = lead(set_name, first)
        inner = rest[:-1] if rest else ""
        if further:
            inner = f"$expand={'/'.join(further)}" + (f"({inner})" if inner else "")
        pairs = [_pair(part) for part in split_outside(inner, ";")] if inner else []
        if first in found:
            raise Misread(f"Liên kết {first} được mở rộng hai lần.")
        found[first] = Expand(first, read_options(pairs, target, depth=depth + 1))
    return tuple(found.values())


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.strip().partition("=")
    if not sign:
        raise Misread(f"Không hiểu “{text.strip()}” trong $expand.")
    return name.strip(), value.strip()


def _select(text: str, set_name: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    entity = ENTITIES[set_name]
    for name in names:
        if name not in (*entity.properties, *entity.links, ID, "id"):
            raise Misread(f"{entity.singular} không có thuộc tính {name}.")
    return names


def _order(text: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    found = []
    for part in (one.strip() for one in text.split(",")):
        if not part:
            continue
        path, _space, direction = part.partition(" ")
        if direction.strip() not in ("", "asc", "desc"):
            raise Misread(f"Thứ tự trong $orderby phải là asc hoặc desc, không phải “{direction.strip()}”.")
        found.append((tuple(path.split("/")), direction.strip() == "desc"))
    return tuple(found)


def _number(found: dict[str, str], name: str) -> int | None:
    if name not in found:
        return None
    text = found[name]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Misread(f"Tham số {name} phải là số nguyên không âm.")
    return int(text)


def _skip(found: dict[str, str]) -> int:
    number = _number(found, "$skip") or 0
    if number > MOST_SKIP:
        raise Misread(f"Tham số $skip lớn nhất là {MOST_SKIP}; lọc theo thời gian thay vì bỏ qua nhiều dòng.")
    return number


def _count(text: str) -> bool:
    if text not in ("", "true", "false"):
        raise Misread("Tham số $count phải là true hoặc false.")
    return text == "true"


def _format(text: str) -> str:
    if text not in ("", "dataArray"):
        raise Misread("Tham số $resultFormat chỉ nhận dataArray.")
    return text
