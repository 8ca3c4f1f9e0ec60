"""The spreadsheet of records: its columns, and its rows as answers or as faults that name their row."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from khcn.domains.traceability.choices import FieldAct
from khcn.domains.traceability.models import FormTemplate, Holding, Lot, Party
from khcn.domains.traceability.queries.parameters import templates_on
from khcn.domains.traceability.rules.field_forms import read_kg
from khcn.domains.traceability.services.fieldwork import Answers
from khcn.lib.dates import VIETNAM
from khcn.lib.failure import Failure, Refused
from khcn.lib.text import fold
from khcn.web.spreadsheets.parsers import DateParser, DecimalParser, TextParser
from khcn.web.spreadsheets.validation import ColumnSpec, ImportRow, RowError

SHEET = (
    ColumnSpec("day", "Ngày làm", DateParser(), required=True),
    ColumnSpec("template", "Việc", TextParser(example="Thu hoạch điều"), required=True, help_vi="Tên hoặc mã mẫu ghi."),
    ColumnSpec("site", "Lô đất, địa điểm", TextParser(example="7"), help_vi="Số của lô đất, chuồng, kho."),
    ColumnSpec("product", "Sản phẩm", TextParser(example="SP01"), help_vi="Mã riêng hoặc tên sản phẩm."),
    ColumnSpec("kg", "Số kg", DecimalParser(example="320")),
    ColumnSpec(
        "inputs", "Lô hàng dùng", TextParser(example="260312-7-1A2B: 300"),
        help_vi="Số lô và số kg, ví dụ 260312-7-1A2B: 300; nhiều lô cách nhau bằng dấu chấm phẩy.",
    ),
    ColumnSpec("buyer", "Bên mua", TextParser(), help_vi="Mã hoặc tên cơ sở."),
    ColumnSpec("paper", "Số hóa đơn", TextParser(max_length=60)),
    ColumnSpec(
        "extra", "Chi tiết", TextParser(example="Độ ẩm: 12"),
        help_vi="Các ô riêng của mẫu, ví dụ Độ ẩm: 12; nhiều ô cách nhau bằng dấu chấm phẩy.",
    ),
    ColumnSpec("note", "Ghi chú", TextParser(max_length=500)),
)  # fmt: skip
Row = tuple[int, UUID, FormTemplate, datetime, Answers]


def rows_of(
    party: Party, rows: Sequence[ImportRow], uid_of: Callable[[Party, str], UUID]
) -> tuple[list[Row], list[RowError]]:
    """Every row as answers, and the faults of those that cannot be; uid_of names a row by what it says."""
    found: list[Row] = []
    errors: list[RowError] = []
    said: dict[str, int] = {}
    for row in rows:
        text = "|".join(f"{key}={value}" for key, value in sorted(row.values.items()) if value not in (None, ""))
        # Two rows alike in one sheet are two acts, unlike the same row in a sheet sent again.
        said[text] = said.get(text, 0) + 1
        try:
            template, at, answers = _answers(party, row.values)
        except Failure as failure:
            value = str(row.values.get(failure.field) or "")
            errors.append(RowError(row.number, _title(failure.field), value, failure.message))
            continue
        found.append((row.number, uid_of(party, f"{text}#{said[text]}"), template, at, answers))
    return found, errors


def _title(key: str) -> str:
    return next((spec.title_vi for spec in SHEET if spec.key == key), "")


def _answers(party: Party, values: Any) -> tuple[FormTemplate, datetime, Answers]:
    day = values["day"]
    named = fold(values["template"])
    fitting = [one for one in templates_on(day) if named in (fold(one.code), fold(one.title))]
    product = _named(party.products.filter(is_active=True), values.get("product"), "product", "sản phẩm")
    inputs = _inputs(party, values.get("inputs") or "", values.get("kg"))
    sectors = {product.sector} if product else {lot.product.sector for lot, _kg in inputs}
    sectors = sectors or set(party.sites.values_list("sector", flat=True))
    chosen = [one for one in fitting if one.sector in sectors] if len(fitting) > 1 else fitting
    if not chosen:
        raise Refused("Không có mẫu ghi nào tên như vậy cho ngành hàng của cơ sở.", field="template")
    template = chosen[0]
    makes = template.act in (FieldAct.HARVEST, FieldAct.MAKE)
    answers = Answers(
        site=_named(party.sites.filter(is_active=True), values.get("site"), "site", "địa điểm"),
        product=product if makes else None, kg=values.get("kg") if makes else None, inputs=inputs,
        buyer=_named(Party.objects.filter(is_active=True), values.get("buyer"), "buyer", "cơ sở"),
        paper=values.get("paper") or "", note=values.get("note") or "",
        extra=_extra(template, values.get("extra") or ""),
    )  # fmt: skip
    return template, datetime.combine(day, time(12), tzinfo=VIETNAM), answers


def _named(rows: Any, text: str | None, field: str, what: str) -> Any:
    if not text:
        return None
    folded = fold(str(text))
    found = [one for one in rows if folded in (fold(one.code), fold(one.name))]
    if len(found) != 1:
        raise Refused(f"Không tìm thấy đúng một {what} mang mã hoặc tên này.", field=field)
    return found[0]


def _inputs(party: Party, text: str, whole: Decimal | None) -> list[tuple[Lot, Decimal]]:
    found = []
    parts = [part.strip() for part in text.split(";") if part.strip()]
    for part in parts:
        code, _, amount = part.partition(":")
        holding = Holding.objects.filter(party=party, lot__code=code.strip(), lot__withdrawn=False)
        held = holding.select_related("lot__product").first()
        if held is None:
            raise Refused(f"Cơ sở không có lô {code.strip()}.", field="inputs")
        if not amount.strip() and (len(parts) > 1 or whole is None):
            raise Refused(f"Ghi số kg sau số lô, ví dụ {code.strip()}: 300.", field="inputs")
        try:
            found.append((held.lot, read_kg(amount) if amount.strip() else whole or Decimal(0)))
        except Failure as failure:
            raise Refused(failure.message, field="inputs") from failure
    return found


def _extra(template: FormTemplate, text: str) -> dict[str, str]:
    boxes = {fold(one["label"]): one["key"] for one in template.fields}
    found = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        label, _, value = part.partition(":")
        key = boxes.get(fold(label))
        if key is None:
            raise Refused(f"Mẫu này không có ô “{label.strip()}”.", field="extra")
        found[key] = value.strip()
    return found
