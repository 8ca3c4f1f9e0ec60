"""Fields of a layer: how they are described, and how raw values of files and forms become values that are kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from khcn.domains.geodata.choices import Access, FieldType
from khcn.domains.geodata.rules.clearance import opens
from khcn.lib.dates import parse_date_vi
from khcn.lib.failure import Refused
from khcn.lib.text import fold, nfc
from khcn.lib.unreadable import Unreadable

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
#: Names that every object has beside its own fields, as interfaces and files carry them.
RESERVED = ("ma", "hieu_luc_tu", "hieu_luc_den", "dien_tich_m2", "geometry", "id")
LONGEST_TEXT = 4_000
_TRUE, _FALSE = {"1", "true", "co", "x", "yes", "dung"}, {"0", "false", "khong", "no", "sai"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: name in files and interfaces, title for people, type, whether it must be filled, who may read it."""

    name: str
    title: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    access: Access = Access.OPEN
    choices: tuple[str, ...] = ()
    unit: str = ""

    @property
    def heading(self) -> str:
        """Title with the unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


class ValueUnfit(Refused):
    """A value that a field cannot hold; `field` names it."""

    code = "value_unfit"


def read_fields(described: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields from their stored description. Raises Refused for names that are none or come twice."""
    fields = tuple(
        Field(
            name=str(item["name"]), title=str(item["title"]), type=FieldType(item.get("type", "text")),
            required=bool(item.get("required")), access=Access(item.get("access", "open")),
            choices=tuple(str(one) for one in item.get("choices", ())), unit=str(item.get("unit", "")),
        )
        for item in described
    )  # fmt: skip
    names = [field.name for field in fields]
    for name in names:
        if not NAME.fullmatch(name) or name in RESERVED or names.count(name) > 1:
            raise Refused(f"Tên trường “{name}” không dùng được hoặc bị trùng.", field="fields")
    for field in fields:
        if not field.title.strip():
            raise Refused(f"Trường “{field.name}” chưa có nhãn.", field="fields")
        if field.type is FieldType.CHOICE and not field.choices:
            raise Refused(f"Trường “{field.name}” chưa có danh sách chọn.", field="fields")
    return fields


def describe_fields(fields: Iterable[Field]) -> list[dict[str, Any]]:
    """The description as stored; `read_fields` reads it back."""
    return [
        {
            "name": one.name, "title": one.title, "type": str(one.type), "required": one.required,
            "access": str(one.access), "choices": list(one.choices), "unit": one.unit,
        }
        for one in fields
    ]  # fmt: skip


def seen_fields(fields: Sequence[Field], clearance: Access) -> tuple[Field, ...]:
    """The fields that a clearance opens."""
    return tuple(field for field in fields if opens(clearance, field.access))


def read_values(fields: Sequence[Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Kept values and (field name, sentence) for every value that does not fit.

    What no field names is left out, and so is what is empty: databases then agree on what is missing.
    """
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for field in fields:
        try:
            value = read_value(field, raw.get(field.name))
        except ValueUnfit as unfit:
            faults.append((field.name, unfit.message))
            continue
        if value is None and field.required:
            faults.append((field.name, f"Thiếu “{field.title}”."))
        if value is not None:
            values[field.name] = value
    return values, faults


def read_value(field: Field, raw: Any) -> Any:
    """One value as it is kept: text, number, boolean, ISO date text, or None. Raises ValueUnfit."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)) or (isinstance(raw, str) and not raw.strip()):
        return None
    text = nfc(str(raw)).strip()
    match field.type:
        case FieldType.TEXT:
            if len(text) > LONGEST_TEXT:
                raise ValueUnfit(f"“{field.title}” dài quá {LONGEST_TEXT} ký tự.", field=field.name)
            return _without_tail(raw) if isinstance(raw, float) else text
        case FieldType.INTEGER | FieldType.NUMBER:
            return _number(field, raw, text)
        case FieldType.DATE:
            return _date(field, raw, text)
        case FieldType.BOOLEAN:
            return _boolean(field, raw, text)
        case FieldType.CHOICE:
            for choice in field.choices:
                if fold(choice) == fold(text):
                    return choice
            raise ValueUnfit(f"“{text[:60]}” không có trong danh sách của “{field.title}”.", field=field.name)
    raise ValueError(field.type)


def _without_tail(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _number(field: Field, raw: Any, text: str) -> int | float:
    if isinstance(raw, bool):
        raise ValueUnfit(f"“{field.title}” phải là số.", field=field.name)
    try:
        value = float(raw) if isinstance(raw, int | float) else float(_plain_number(text))
    except (ValueError, OverflowError) as error:
        raise ValueUnfit(f"“{text[:60]}” không phải số cho “{field.title}”.", field=field.name) from error
    if not math.isfinite(value):
        raise ValueUnfit(f"“{field.title}” phải là số hữu hạn.", field=field.name)
    if field.type is FieldType.INTEGER:
        if value != int(value):
            raise ValueUnfit(f"“{field.title}” phải là số nguyên.", field=field.name)
        return int(value)
    return value


def _plain_number(text: str) -> str:
    """1.234,5 and 1 234,5 as people here write them; 1234.5 as programs do."""
    text = text.replace("\u00a0", "").replace(" ", "")
    if "," in text:
        return text.replace(".", "").replace(",", ".")
    return text


def _date(field: Field, raw: Any, text: str) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    try:
        return date.fromisoformat(text[:10]).isoformat() if re.match(r"\d{4}-", text) else _written_date(text)
    except (ValueError, Unreadable) as error:
        raise ValueUnfit(f"“{text[:60]}” không phải ngày cho “{field.title}”.", field=field.name) from error


def _written_date(text: str) -> str:
    return parse_date_vi(text).isoformat()


def _boolean(field: Field, raw: Any, text: str) -> bool:
    if isinstance(raw, bool):
        return raw
    folded = fold(text.removesuffix(".0"))
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise ValueUnfit(f"“{text[:60]}” không phải có hoặc không cho “{field.title}”.", field=field.name)


def json_schema_of(field: Field) -> dict[str, Any]:
    """The JSON Schema of a field, as queryables and schemas of the OGC API carry it."""
    kinds: dict[FieldType, dict[str, Any]] = {
        FieldType.TEXT: {"type": "string"}, FieldType.INTEGER: {"type": "integer"},
        FieldType.NUMBER: {"type": "number"}, FieldType.DATE: {"type": "string", "format": "date"},
        FieldType.BOOLEAN: {"type": "boolean"}, FieldType.CHOICE: {"type": "string", "enum": list(field.choices)},
    }  # fmt: skip
    unit = {"x-ogc-unit": field.unit} if field.unit else {}
    return {"title": field.title, **kinds[field.type], **unit}
