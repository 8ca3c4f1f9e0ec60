"""Reads resource paths: sets, single entities by key, links, properties, their raw value, references (clause 9.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from khcn.standards.sensorthings.model import ENTITIES, Misread, lead

LONGEST_PATH = 8
_PART = re.compile(r"(?P<name>[A-Za-z$]+)(?:\((?P<key>'(?:[^']|'')*'|[^'()]*)\))?")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the way: the set it stands in, by which link it came ("" at the start), and the key if it has one."""

    set_name: str
    link: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """What a path names: the way through the entities, then a property and whether its bare value, or references only.

    to_many: the path ends in a set.
    """

    steps: tuple[Step, ...]
    to_many: bool
    property: str = ""
    is_value: bool = False
    is_reference: bool = False


def read_path(path: str) -> Resource:
    """Return what the path (below the root of the service) names. Raises Misread."""
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    if not parts or len(parts) > LONGEST_PATH:
        raise Misread("Đường dẫn không trỏ tới tập đối tượng nào.")
    steps: list[Step] = []
    to_many = True
    for place, part in enumerate(parts):
        match = _PART.fullmatch(part)
        if match is None:
            raise Misread(f"Không hiểu “{part[:40]}” trong đường dẫn.")
        name, key = match["name"], _key(match["key"])
        if not steps:
            if name not in ENTITIES:
                raise Misread(f"Không có tập đối tượng {name}.")
            steps.append(Step(name, "", key))
            to_many = key is None
            continue
        rest = parts[place:]
        if name == "$ref" and len(rest) == 1 and key is None:
            return Resource(tuple(steps), to_many, is_reference=True)
        if to_many:
            raise Misread(f"Không thể đi tiếp tới {name} từ một tập; chỉ ra một đối tượng trước.")
        if name in ENTITIES[steps[-1].set_name].properties and key is None:
            if rest[1:] not in ([], ["$value"]):
                raise Misread(f"Không có gì phía sau thuộc tính {name}.")
            return Resource(tuple(steps), False, property=name, is_value=len(rest) == 2)
        target, many = lead(steps[-1].set_name, name)
        if key is not None and not many:
            raise Misread(f"Liên kết {name} chỉ có một đối tượng, không dùng khóa.")
        steps.append(Step(target, name, key))
        to_many = many and key is None
    return Resource(tuple(steps), to_many)


def _key(text: str | None) -> str | None:
    if text is None:
        return None
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if not text:
        raise Misread("Khóa đang để trống.")
    return text


def entity_address(set_name: str, key: str) -> str:
    """Return the path of one entity, as it stands in links."""
    escaped = key.replace("'", "''")
    return f"{set_name}('{escaped}')"
