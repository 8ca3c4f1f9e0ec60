"""Forms of typed fields: which fields are asked, whether answers fit, what they are as values.

Answers come as a browser sends them (texts, lists of texts) or as values already; file, person, organisation and place
are kept as uids in text, which whoever stores them checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Field, Form
from khcn.kernel.procedures.engine.expressions import BadExpression, read
from khcn.lib.dates import format_date, parse_date_vi
from khcn.lib.failure import Failure
from khcn.lib.money import format_number, format_vnd, parse_vnd
from khcn.lib.text import nfc

TEXT_LIMIT = 1000
LONG_TEXT_LIMIT = 20_000
ROWS_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Answers:
    """A form as read: values by field key (hidden fields left out), and a whole sentence by key of each wrong field."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]


def shown(field: Field, facts: Mapping[str, Any]) -> bool:
    """Whether the field is asked, given the facts with the answers so far; a condition that does not fit hides it."""
    if not field.shown_if:
        return True
    try:
        return read(field.shown_if).holds(facts)
    except BadExpression:
        return False


def answers(form: Form, raw: Mapping[str, Any], facts: Mapping[str, Any]) -> Answers:
    """Read what a person answered. Fields are read in order, so that one may depend on those above it."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in form.fields:
        if not shown(field, {**facts, **values}):
            continue
        try:
            values[field.key] = _answer(field, raw.get(field.key))
        except Failure as fault:
            errors[field.key] = fault.message
    return Answers(values, errors)


class _Wrong(Failure):
    code = "wrong_answer"


def _answer(field: Field, raw: Any) -> Any:
    if field.kind is FieldKind.TABLE:
        return _rows(field, raw)
    if field.kind is FieldKind.CHOICES:
        return _several(field, raw)
    if field.kind is FieldKind.YES_NO:
        value = raw if isinstance(raw, bool) else str(raw or "").lower() in {"true", "on", "1", "có", "đúng"}
        if field.required and not value:
            raise _Wrong(f"Cần xác nhận “{field.label}”.")
        return value
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if field.required:
            raise _Wrong(f"Điền “{field.label}”.")
        return None
    return _READERS[field.kind](field, raw)


def _text(field: Field, raw: Any) -> str:
    text = nfc(str(raw)).strip()
    limit = TEXT_LIMIT if field.kind is FieldKind.TEXT else LONG_TEXT_LIMIT
    limit = min(limit, int(field.maximum)) if field.maximum else limit
    if len(text) > limit:
        raise _Wrong(f"“{field.label}” dài tối đa {limit} ký tự, hiện có {len(text)}.")
    if field.minimum and len(text) < field.minimum:
        raise _Wrong(f"“{field.label}” cần ít nhất {field.minimum} ký tự.")
    return text


def _bounded(field: Field, value: Decimal) -> Decimal:
    unit = f" {field.unit}" if field.unit else " đồng" if field.kind is FieldKind.MONEY else ""
    if field.minimum is not None and value < field.minimum:
        raise _Wrong(f"“{field.label}” không nhỏ hơn {format_number(field.minimum)}{unit}.")
    if field.maximum is not None and value > field.maximum:
        raise _Wrong(f"“{field.label}” không lớn hơn {format_number(field.maximum)}{unit}.")
    return value


def _number(field: Field, raw: Any) -> Decimal:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        return _bounded(field, Decimal(raw))
    text = str(raw).strip().replace(" ", "").replace("\u00a0", "")
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        value = Decimal(text)
    except InvalidOperation as fault:
        raise _Wrong(f"“{field.label}” phải là số, ví dụ 12,5.") from fault
    if not value.is_finite() or abs(value) > Decimal(10) ** 18:
        raise _Wrong(f"“{field.label}” là số quá lớn.")
    return _bounded(field, value)


def _money(field: Field, raw: Any) -> Decimal:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        return _bounded(field, Decimal(raw))
    return _bounded(field, Decimal(parse_vnd(str(raw))))


def _day(field: Field, raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        return parse_date_vi(text)


def _one(field: Field, raw: Any) -> str:
    value = nfc(str(raw)).strip()
    if value not in field.options:
        raise _Wrong(f"Chọn một giá trị có sẵn cho “{field.label}”.")
    return value


def _several(field: Field, raw: Any) -> list[str]:
    chosen = [raw] if isinstance(raw, str) and raw else list(raw or [])
    values = [_one(field, item) for item in chosen if str(item).strip()]
    if field.required and not values:
        raise _Wrong(f"Chọn ít nhất một giá trị cho “{field.label}”.")
    return values


def _uid(field: Field, raw: Any) -> str:
    try:
        return str(UUID(str(raw)))
    except ValueError as fault:
        raise _Wrong(f"Chọn “{field.label}” từ danh sách.") from fault


def _rows(field: Field, raw: Any) -> list[dict[str, Any]]:
    rows = raw if isinstance(raw, list | tuple) else []
    if len(rows) > ROWS_LIMIT:
        raise _Wrong(f"Bảng “{field.label}” có quá {ROWS_LIMIT} dòng.")
    values = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping) or not any(str(item or "").strip() for item in row.values()):
            continue
        try:
            values.append({column.key: _answer(column, row.get(column.key)) for column in field.columns})
        except Failure as fault:
            raise _Wrong(f"Dòng {number} của bảng “{field.label}”: {fault.message}") from fault
    if field.required and not values:
        raise _Wrong(f"Bảng “{field.label}” cần ít nhất một dòng.")
    return values


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _day,
    FieldKind.CHOICE: _one,
    FieldKind.FILE: _uid,
    FieldKind.PERSON: _uid,
    FieldKind.ORGANISATION: _uid,
    FieldKind.PLACE: _uid,
}


def as_text(field: Field, value: Any) -> str:
    """A value as a person reads it, for pages and printed papers."""
    match value:
        case None | "":
            return ""
        case bool():
            return "Có" if value else "Không"
        case date():
            return format_date(value)
        case Decimal():
            if field.kind is FieldKind.MONEY:
                return format_vnd(value)
            return f"{format_number(value)} {field.unit}".strip()
        case list() | tuple():
            return ", ".join(str(item) for item in value if not isinstance(item, Mapping))
    return str(value)
