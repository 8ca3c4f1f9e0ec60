"""The boxes of a template as an officer types them, one a line, and as they are kept. Pure.

A line is "Tên ô | loại | đơn vị | lựa chọn; lựa chọn", with a star after the name of what must be filled in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from khcn.lib.failure import Refused
from khcn.lib.text import slug

KINDS = {"chữ": "text", "số": "number", "ngày": "day", "chọn": "choice"}
_WORDS = {kind: word for word, kind in KINDS.items()}
_MOST = 12


def fields_of_lines(text: str, known: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The boxes of lines; one that keeps its name keeps its key and limits. Raises Refused naming the line."""
    before = {one["label"]: one for one in known}
    found: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        parts = [part.strip() for part in line.split("|")] + ["", "", ""]
        label, kind = parts[0].removesuffix("*").strip(), KINDS.get(parts[1].lower() or "chữ")
        if not label or kind is None:
            raise Refused(
                f"Dòng {number}: hãy ghi “Tên ô | loại”, với loại là chữ, số, ngày hoặc chọn.", field="fields_text"
            )
        options = [option.strip() for option in parts[3].split(";") if option.strip()]
        if kind == "choice" and not options:
            raise Refused(f"Dòng {number}: hãy ghi các lựa chọn, cách nhau bằng dấu chấm phẩy.", field="fields_text")
        kept = {name: before[label][name] for name in ("key", "min", "max") if name in before.get(label, {})}
        one = {"key": slug(label).replace("-", "_"), **kept, "label": label, "kind": kind}
        one |= {"required": parts[0].endswith("*")} | ({"unit": parts[2]} if parts[2] else {})
        found.append(one | ({"options": options} if options else {}))
    return checked_fields(found)


def lines_of_fields(fields: Sequence[Mapping[str, Any]]) -> str:
    """The lines of boxes."""
    lines = []
    for one in fields:
        parts = [one["label"] + (" *" if one.get("required") else ""), _WORDS[one.get("kind", "text")]]
        parts += [one.get("unit", ""), "; ".join(one.get("options", ()))]
        lines.append(" | ".join(parts).rstrip(" |"))
    return "\n".join(lines)


def checked_fields(fields: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The boxes, if each has a name of its own. Raises Refused."""
    keys = [one["key"] for one in fields]
    if len(set(keys)) != len(keys):
        raise Refused("Hai ô có cùng tên. Hãy đặt tên khác nhau.", field="fields_text")
    if len(keys) > _MOST:
        raise Refused(f"Mỗi mẫu có nhiều nhất {_MOST} ô để bà con dễ ghi.", field="fields_text")
    return [dict(one) for one in fields]
