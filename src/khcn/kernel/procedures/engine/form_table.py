"""A form as a table that people edit – one row per field – and back.

Options are written "một; hai". The columns of a table field are written one per line as `Nhãn: loại`, with options or a
unit in brackets: `Vai trò: Chọn một [chính; phụ]`, `Số tháng: Số [tháng]`. Keys are made from labels where none is
given; a column that still reads as before keeps everything that its line does not say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Definition, Field, Form
from khcn.kernel.procedures.engine.expressions import BadExpression, read
from khcn.lib.labelled import gettext_noop as _
from khcn.lib.money import format_number
from khcn.lib.text import fold, nfc

#: key → heading, in the order of the table.
COLUMNS: dict[str, str] = {
    "label": _("Tên trường"),
    "kind": _("Loại"),
    "required": _("Bắt buộc"),
    "options": _("Lựa chọn, cột của bảng"),
    "unit": _("Đơn vị"),
    "minimum": _("Nhỏ nhất"),
    "maximum": _("Lớn nhất"),
    "help": _("Hướng dẫn"),
    "shown_if": _("Hiện khi"),
    "reuse": _("Dùng lại"),
    "key": _("Mã"),
}
YES, NO = _("Có"), _("Không")
FIELDS_LIMIT = 200
_NAME = re.compile(r"[^\W\d]\w*")
_LINE = re.compile(r"(?P<label>[^:\[\]]+?)\s*(?::\s*(?P<kind>[^\[\]]+?)\s*)?(?:\[(?P<more>[^\]]*)\]\s*)?")
_IN_TABLES = tuple(kind for kind in FieldKind if kind not in (FieldKind.TABLE, FieldKind.FILE, FieldKind.CHOICES))


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A cell that does not read. row: from 1; column: key of COLUMNS; row 0: the form's own title or key."""

    row: int
    column: str
    sentence: str


def rows_of_form(form: Form) -> list[dict[str, str]]:
    """The fields as rows of texts by column key."""
    return [
        {
            "label": field.label, "kind": field.kind.label, "required": YES if field.required else NO,
            "options": "\n".join(_line(column) for column in field.columns) or "; ".join(field.options),
            "unit": field.unit, "minimum": _number_text(field.minimum), "maximum": _number_text(field.maximum),
            "help": field.help, "shown_if": field.shown_if, "reuse": field.reuse, "key": field.key,
        }
        for field in form.fields
    ]  # fmt: skip


def form_from(
    key: str, title: str, rows: Sequence[Mapping[str, str]], base: Form | None = None
) -> tuple[Form, list[FieldFault]]:
    """The form that rows say, and the cells that do not read. Rows without a label are passed over.

    base: the form as it was, whose columns of tables are kept where their lines stay.
    """
    faults: list[FieldFault] = []
    if not title.strip():
        faults.append(FieldFault(0, "title", "Ghi tên biểu mẫu."))
    fields: list[Field] = []
    taken: set[str] = set()
    before = {field.key: field for field in base.fields} if base else {}
    for number, raw in enumerate(rows[:FIELDS_LIMIT], 1):
        row = {name: nfc(str(raw.get(name) or "")).strip() for name in COLUMNS}
        if not row["label"]:
            if row["key"]:
                faults.append(FieldFault(number, "label", "Ghi tên trường, hoặc xóa cả mã để bỏ dòng."))
            continue
        fields.append(_field(number, row, before, taken, faults))
    if not fields and not faults:
        faults.append(FieldFault(0, "title", "Biểu mẫu cần ít nhất một trường."))
    return Form(key or key_of(title), title.strip(), tuple(fields)), faults


def key_of(text: str, taken: set[str] | None = None) -> str:
    """A name for conditions made from a label: "Số tháng" gives `so_thang`; a digit is put behind one that is taken."""
    plain = "_".join(re.findall(r"[a-z0-9]+", fold(text)))[:60] or "truong"
    plain = plain if _NAME.fullmatch(plain) else f"t_{plain}"
    found, number = plain, 1
    while taken is not None and found in taken:
        number += 1
        found = f"{plain}_{number}"
    return found


def with_form(definition: Definition, form: Form, *, before: str = "") -> Definition:
    """The definition with the form in place of the one with its key (or of `before`), else as one more.

    Steps that used `before` use the form's key.
    """
    old = before or form.key
    forms = [form if one.key == old else one for one in definition.forms]
    if not any(one.key == old for one in definition.forms):
        forms.append(form)
    steps = tuple(replace(step, form=form.key) if before and step.form == before else step for step in definition.steps)
    return replace(definition, forms=tuple(forms), steps=steps)


def without_form(definition: Definition, key: str) -> Definition:
    """The definition without the form; steps that used it ask for none."""
    steps = tuple(replace(step, form="") if step.form == key else step for step in definition.steps)
    return replace(definition, forms=tuple(form for form in definition.forms if form.key != key), steps=steps)


def _field(
    number: int, row: dict[str, str], before: Mapping[str, Field], taken: set[str], faults: list[FieldFault]
) -> Field:
    kind = _kind(number, "kind", row["kind"], faults)
    key = row["key"] or key_of(row["label"], taken)
    if not _NAME.fullmatch(key):
        faults.append(FieldFault(number, "key", "Mã viết liền bằng chữ, số và dấu gạch dưới, bắt đầu bằng chữ."))
    elif key in taken:
        faults.append(FieldFault(number, "key", f"Mã “{key}” dùng cho hai trường."))
    taken.add(key)
    options: tuple[str, ...] = ()
    columns: tuple[Field, ...] = ()
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        options = _options(row["options"])
        if len(options) < 2:
            faults.append(FieldFault(number, "options", "Ghi ít nhất hai lựa chọn, cách nhau bằng dấu chấm phẩy."))
    elif kind is FieldKind.TABLE:
        was = {_line(column): column for column in before[key].columns} if key in before else {}
        columns = _columns(number, row["options"], was, faults)
    if row["shown_if"]:
        try:
            read(row["shown_if"])
        except BadExpression as fault:
            faults.append(FieldFault(number, "shown_if", fault.message))
    return Field(
        key, row["label"], kind, required=fold(row["required"]) in {"co", "x", "true", "1", "yes"}, help=row["help"],
        unit=row["unit"], options=options, minimum=_number(number, "minimum", row["minimum"], faults),
        maximum=_number(number, "maximum", row["maximum"], faults), shown_if=row["shown_if"], reuse=row["reuse"],
        columns=columns,
    )  # fmt: skip


def _columns(number: int, text: str, was: Mapping[str, Field], faults: list[FieldFault]) -> tuple[Field, ...]:
    found: list[Field] = []
    taken = {column.key for column in was.values()}
    for line in filter(None, map(str.strip, text.splitlines())):
        if line in was:
            found.append(was[line])
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append(FieldFault(number, "options", f"Không hiểu cột “{line}”; viết “Nhãn: loại [lựa chọn]”."))
            continue
        kind = _kind(number, "options", match["kind"] or "", faults)
        if kind not in _IN_TABLES:
            faults.append(FieldFault(number, "options", f"Cột của bảng không thể là “{kind.label}”."))
        more = match["more"] or ""
        key = key_of(match["label"], taken)
        taken.add(key)
        found.append(
            Field(
                key, match["label"].strip(), kind, options=_options(more) if kind is FieldKind.CHOICE else (),
                unit=more.strip() if kind is FieldKind.NUMBER else "",
            )
        )  # fmt: skip
    if not found:
        faults.append(FieldFault(number, "options", "Ghi các cột của bảng, mỗi dòng một cột."))
    return tuple(found)


def _line(column: Field) -> str:
    more = "; ".join(column.options) or column.unit
    return f"{column.label}: {column.kind.label}" + (f" [{more}]" if more else "")


def _kind(number: int, place: str, text: str, faults: list[FieldFault]) -> FieldKind:
    if not text:
        return FieldKind.TEXT
    for kind in FieldKind:
        if fold(text) in (fold(kind.value), fold(kind.label)):
            return kind
    faults.append(FieldFault(number, place, f"Không có loại “{text}”."))
    return FieldKind.TEXT


def _options(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;\n]", text) if part.strip()))


def _number(number: int, column: str, text: str, faults: list[FieldFault]) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(".", "").replace(",", "."))
    except InvalidOperation:
        faults.append(FieldFault(number, column, f"“{text}” không phải là số."))
        return None


def _number_text(value: Decimal | None) -> str:
    return "" if value is None else format_number(value)
