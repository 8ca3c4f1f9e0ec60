"""The written part of an application dossier: work, products, team, estimate; checked line by line before it is kept.

Values in, values out: people are named by uid, amounts are whole đồng, months count from the start of the task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from ..choices import (
    BudgetLineKind,
    EstimateBasis,
    FundingSourceKind,
    ProductForm,
    ProductType,
    Purpose,
    Sector,
    WorkTitle,
)
from .findings import Finding

PARTS: Final = ("objective", "place", "contents", "products", "team", "budget", "papers")
_CITATION: Final = "TT 20/2023/TT-BKHCN, Điều 5"
_PRODUCT_ENUMS: Final = {"type": ProductType, "form": ProductForm, "purpose": Purpose, "sector": Sector}


def checked_dossier(dossier: Mapping[str, Any], *, months: int) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the dossier in its kept form and what is wrong with it, one finding per line.

    dossier: any of PARTS; a missing part is empty. months: the length of the task. Finding codes are
    `<part>.<line>.<field>`, lines from 0, so that a form can show the sentence in its place.
    """
    unknown = sorted(set(dossier) - set(PARTS))
    found = [Finding(f"{part}", f"Không có phần “{part}” trong thuyết minh.", _CITATION) for part in unknown]
    kept: dict[str, Any] = {
        "objective": str(dossier.get("objective", "")).strip(),
        "place": str(dossier.get("place", "")).strip(),
        "papers": {str(code): bool(sent) for code, sent in dict(dossier.get("papers", {})).items()},
    }
    for part, read in (("contents", _content), ("products", _product), ("team", _member), ("budget", _line)):
        rows = []
        for number, raw in enumerate(dossier.get(part, ())):
            row, problems = read(raw, months)
            rows.append(row)
            found += [Finding(f"{part}.{number}.{name}", text, _CITATION) for name, text in problems]
        kept[part] = rows
    found += _team_findings(kept["team"])
    return kept, tuple(found)


_Problems = list[tuple[str, str]]


def _content(raw: Mapping[str, Any], months: int) -> tuple[dict[str, Any], _Problems]:
    first, last = _whole(raw.get("month_from", 1)), _whole(raw.get("month_to", months))
    problems: _Problems = []
    title = str(raw.get("title", "")).strip()
    if not title:
        problems.append(("title", "Ghi tên nội dung công việc."))
    if first is None or last is None or not 1 <= first <= last:
        problems.append(("month_to", "Tháng bắt đầu từ 1 và tháng kết thúc không trước tháng bắt đầu."))
    elif last > months:
        problems.append(("month_to", f"Nội dung kết thúc ở tháng {last}, sau thời gian thực hiện {months} tháng."))
    return {"title": title, "month_from": first or 1, "month_to": last or months}, problems


def _product(raw: Mapping[str, Any], _: int) -> tuple[dict[str, Any], _Problems]:
    problems: _Problems = []
    row: dict[str, Any] = {
        "name": str(raw.get("name", "")).strip(), "unit": str(raw.get("unit", "")).strip(),
        "quality": str(raw.get("quality", "")).strip(), "place": str(raw.get("place", "")).strip(),
    }  # fmt: skip
    if not row["name"]:
        problems.append(("name", "Ghi tên sản phẩm."))
    for name, enum in _PRODUCT_ENUMS.items():
        value = str(raw.get(name) or (ProductForm.FORM_1 if name == "form" else ""))
        row[name] = value
        if value not in enum.values():
            problems.append((name, "Chọn đủ loại sản phẩm, mục đích và ngành."))
    try:
        quantity = Decimal(str(raw.get("quantity", 1)))
    except InvalidOperation:
        quantity = Decimal(0)
    if not quantity.is_finite() or quantity <= 0:
        problems.append(("quantity", "Số lượng sản phẩm phải lớn hơn 0."))
        quantity = Decimal(1)
    row["quantity"] = str(quantity)
    return row, problems


def _member(raw: Mapping[str, Any], months: int) -> tuple[dict[str, Any], _Problems]:
    problems: _Problems = []
    row = {"person": str(raw.get("person", "")).strip(), "title": str(raw.get("title", ""))}
    if not row["person"]:
        problems.append(("person", "Chọn người tham gia."))
    if row["title"] not in WorkTitle.values():
        problems.append(("title", "Chọn chức danh."))
    try:
        spent = Decimal(str(raw.get("months", 0)))
    except InvalidOperation:
        spent = Decimal(-1)
    if not spent.is_finite() or not 0 <= spent <= months:
        problems.append(("months", f"Số tháng công phải từ 0 đến {months}."))
        spent = Decimal(0)
    return {**row, "months": str(spent)}, problems


def _line(raw: Mapping[str, Any], _: int) -> tuple[dict[str, Any], _Problems]:
    problems: _Problems = []
    amount, year = _whole(raw.get("amount_vnd")), _whole(raw.get("year"))
    if amount is None or amount <= 0:
        problems.append(("amount_vnd", "Số tiền phải lớn hơn 0 đồng."))
    if year is None or not 2000 <= year <= 2100:
        problems.append(("year", "Ghi năm ngân sách, ví dụ 2025."))
    kind, source = str(raw.get("kind", "")), str(raw.get("source", ""))
    if kind not in BudgetLineKind.values():
        problems.append(("kind", "Chọn mục chi."))
    if source not in FundingSourceKind.values():
        problems.append(("source", "Chọn nguồn kinh phí."))
    row = {
        "kind": kind, "source": source, "year": year or 0, "amount_vnd": amount or 0,
        "is_lump": bool(raw.get("is_lump", False)), "note": str(raw.get("note", "")).strip(),
        "justification": str(raw.get("justification", "")).strip(),
    }  # fmt: skip
    reckoning, faults = checked_reckoning(raw)
    return {**row, **reckoning}, problems + faults


#: What each way of reckoning an amount asks for, beside the amount itself.
RECKONING: Final[Mapping[EstimateBasis, tuple[str, ...]]] = {
    EstimateBasis.OTHER: (),
    EstimateBasis.PAY: ("title", "person", "content", "job", "quantity", "coefficient", "unit_vnd"),
    EstimateBasis.LABOUR: ("job", "quantity"),
    EstimateBasis.DOMESTIC_EXPERT: ("job",),
    EstimateBasis.FOREIGN_EXPERT: ("job",),
    EstimateBasis.FEE: ("fee", "quantity", "unit_vnd"),
}
_NUMBERS: Final = {
    "quantity": "Ghi số tháng, số ngày hoặc số lượng, từ 0 trở lên.",
    "coefficient": "Ghi hệ số từ 0 trở lên.",
    "unit_vnd": "Ghi mức chi bằng số đồng, từ 0 trở lên.",
}


def checked_reckoning(raw: Mapping[str, Any]) -> tuple[dict[str, Any], _Problems]:
    """Return the basis and what it asks for in kept form, with what is wrong; what it does not ask for is left out."""
    value = str(raw.get("basis") or EstimateBasis.OTHER)
    if value not in EstimateBasis.values():
        return {"basis": str(EstimateBasis.OTHER)}, [("basis", "Chọn cách tính của dòng dự toán.")]
    basis = EstimateBasis(value)
    kept: dict[str, Any] = {"basis": str(basis)}
    problems: _Problems = []
    for name in RECKONING[basis]:
        text = str(raw.get(name) if raw.get(name) is not None else "").strip()
        if name not in _NUMBERS:
            kept[name] = text
            continue
        number = _number(text)
        if number is None:
            problems.append((name, _NUMBERS[name]))
        kept[name] = int(number or 0) if name == "unit_vnd" else str(number or 0)
    if basis is EstimateBasis.PAY and kept["title"] not in WorkTitle.values():
        problems.append(("title", "Chọn chức danh của dòng thù lao."))
    if basis is EstimateBasis.FEE and not kept["fee"]:
        problems.append(("fee", "Chọn khoản chi theo định mức."))
    if raw.get("is_abroad") and str(raw.get("kind", "")) == BudgetLineKind.CONFERENCES_TRAVEL:
        kept["is_abroad"] = True
    return kept, problems


def names_its_products(products: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every product has its name, quality with unit, quantity and place of application.

    Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 6 khoản 1 điểm b.
    """
    return bool(products) and all(
        all(str(row.get(name) or "").strip() for name in ("name", "quality", "unit", "place"))
        and (_number(str(row.get("quantity", 0))) or 0) > 0
        for row in products
    )


def asset_and_trip_vnd(budget: Sequence[Mapping[str, Any]]) -> int:
    """Return the state money of an estimate for repairing, buying and renting assets and for delegations abroad.

    Source: TTLT 27/2015/TTLT-BKHCN-BTC, Điều 7 khoản 3 điểm b, c.
    """
    return sum(
        int(row["amount_vnd"])
        for row in budget
        if row["source"] != FundingSourceKind.S4_COUNTERPART
        and (row["kind"] == BudgetLineKind.ASSETS or row.get("is_abroad"))
    )


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _team_findings(team: Sequence[Mapping[str, Any]]) -> list[Finding]:
    found = []
    people = [row["person"] for row in team if row["person"]]
    for person in sorted({uid for uid in people if people.count(uid) > 1}):
        found.append(Finding(f"team.{people.index(person)}.person", "Một người chỉ ghi một lần trong nhóm.", _CITATION))
    for title, name in ((WorkTitle.PI, "chủ nhiệm"), (WorkTitle.SECRETARY, "thư ký khoa học")):
        held = [number for number, row in enumerate(team) if row["title"] == title]
        if len(held) > 1:
            citation = "TT 02/2023/TT-BKHCN, Điều 3"
            found.append(Finding(f"team.{held[1]}.title", f"Mỗi nhiệm vụ chỉ có một {name}.", citation))
    return found


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
