"""Imports a plan's annex: rows checked first, then written all or nothing; the same code again updates its row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from khcn.domains.programme.models import ColumnMapping, Plan, PlanField, PlanItem
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.digest import digest
from khcn.lib.failure import Refused
from khcn.lib.roles import Role
from khcn.lib.text import fold

PURPOSE = "annex"
SOURCE_KEYS = ("S1", "S2", "S3", "S4")


@dataclass(frozen=True, slots=True)
class AnnexOutcome:
    """What an import did: rows added, changed, left as they were."""

    added: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One checked row of an annex. values: as the columns' parsers gave them; group: the heading above it."""

    number: int
    values: Mapping[str, Any]
    group: str = ""


def import_annex(*, by: Actor, plan: Plan, rows: Sequence[AnnexRow], filename: str) -> AnnexOutcome:
    """Write the rows; all of them or none.

    A row without a code is the plan's row of the same title, else it is given the next free code; sources' columns are
    spread evenly over the row's years. Raises Refused with every fault of every row (see `faults_of_row`).
    """
    require_role(by, Role.SPECIALIST, Role.HEAD, Role.FINANCE)
    if not rows:
        raise Refused("Bảng không có dòng nào để nhập.")
    faults = [f"Dòng {row.number}: {sentence}" for row in rows for _, sentence in faults_of_row(row.values)]
    if faults:
        raise Refused(" ".join(faults))
    fields = list(plan.fields.all())
    counts = {"added": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        known = {item.code: item for item in PlanItem.objects.select_for_update().filter(plan=plan)}
        codes = _codes(plan, rows, known)
        for code, row in zip(codes, rows, strict=True):
            wanted = {"code": code, **_wanted(plan, row, fields)}
            item = known.get(code)
            if item is None:
                known[code] = PlanItem.objects.create(plan=plan, **wanted)
                counts["added"] += 1
            elif any(getattr(item, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(item, name, value)
                item.version += 1
                item.save()
                counts["changed"] += 1
            else:
                counts["same"] += 1
        record(by=by, verb="plan.import_annex", subject=plan, after={"file": filename, **counts})
    return AnnexOutcome(**counts)


def faults_of_row(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong between the cells of a row: (column key, sentence); empty when it may be imported."""
    faults = []
    first, last = _years(values)
    if first and last and first > last:
        faults.append(("year_to", "Năm bắt đầu sau năm kết thúc. Vui lòng kiểm tra lại hai năm."))
    total = values.get("total_vnd")
    named = sum(values.get(key) or 0 for key in SOURCE_KEYS)
    if total is not None and named > total:
        faults.append(
            ("total_vnd", "Tổng các nguồn lớn hơn tổng kinh phí của dòng. Vui lòng sửa số tiền của một trong các cột.")
        )
    return faults


def _codes(plan: Plan, rows: Sequence[AnnexRow], known: Mapping[str, PlanItem]) -> list[str]:
    """Return the code of each row: its own, that of the plan's row with the same title, or the next free one."""
    own = [str(row.values.get("code") or "")[:40] for row in rows]
    by_title = {fold(item.title): item.code for item in known.values()}
    taken = {*known, *own}
    codes: list[str] = []
    number = 0
    for code, row in zip(own, rows, strict=True):
        same = by_title.get(fold(str(row.values["title"])[:500]))
        if not code and same is not None and same not in own and same not in codes:
            code = same
        while not code:
            number += 1
            free = f"{plan.code}-PL{number:03d}"[:40]
            code = "" if free in taken else free
        taken.add(code)
        codes.append(code)
    return codes


def remember_mapping(*, by: Actor, headers: Sequence[str], mapping: Mapping[str, int]) -> ColumnMapping:
    """Keep how columns were mapped, for the next file with the same headings."""
    if by.user_id is None:
        raise Refused("Chỉ tài khoản của người dùng mới lưu được nội dung đã chọn cho các cột.")
    kept, _ = ColumnMapping.objects.update_or_create(
        purpose=PURPOSE, headers_sha256=_key(headers), defaults={"mapping": dict(mapping), "saved_by_id": by.user_id}
    )
    return kept


def remembered_mapping(headers: Sequence[str]) -> dict[str, int]:
    """The mapping kept for these headings, empty when there is none."""
    kept = ColumnMapping.objects.filter(purpose=PURPOSE, headers_sha256=_key(headers)).first()
    return dict(kept.mapping) if kept else {}


def _key(headers: Iterable[str]) -> str:
    return digest([fold(header) for header in headers])


def _wanted(plan: Plan, row: AnnexRow, fields: list[PlanField]) -> dict[str, Any]:
    values = row.values
    by_source = {key: values.get(key) or 0 for key in SOURCE_KEYS}
    total = values.get("total_vnd")
    named = sum(by_source.values())
    if total is None:
        total = named
    first, last = _years(values)
    if named < total:
        by_source["undetermined"] = total - named
    return {
        "title": values["title"][:500],
        "field": _field(values.get("field") or row.group, fields),
        "lead_text": (values.get("lead") or "")[:300],
        "partners_text": (values.get("partners") or "")[:500],
        "year_from": first,
        "year_to": last or first,
        "amounts": _spread(by_source, first or plan.period_from, last or first or plan.period_from),
        "total_vnd": total,
        "note": (values.get("note") or "")[:500],
    }


def _years(values: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The first and last year of a row: from their own columns, else from the column of the whole time."""
    first, last = values.get("years") or (None, None)
    return values.get("year_from") or first, values.get("year_to") or last


def _spread(by_source: Mapping[str, int], first: int, last: int) -> dict[str, dict[str, int]]:
    years = list(range(first, last + 1))
    spread: dict[str, dict[str, int]] = {}
    for source, amount in by_source.items():
        if amount <= 0:
            continue
        share, rest = divmod(amount, len(years))
        spread[source] = {str(year): share + (rest if index == 0 else 0) for index, year in enumerate(years)}
    return spread


def _field(text: str, fields: list[PlanField]) -> PlanField | None:
    wanted = fold(text or "").removeprefix("linh vuc ").strip()
    if not wanted:
        return None
    for field in fields:
        title = fold(field.title).removeprefix("linh vuc ").strip()
        if title == wanted or title in wanted or wanted in title:
            return field
    return None
