"""Tables of levels: a province drafts its own, tries it on what was measured, and another person approves it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.hazards.choices import LevelTableState, TableScope
from khcn.domains.hazards.errors import RuleSetRefused
from khcn.domains.hazards.models import DeclaredFact, LevelTable
from khcn.domains.hazards.permissions import APPROVERS, KEEPERS, require
from khcn.domains.hazards.queries.assessing import Assessment, assess, grounds_on
from khcn.domains.hazards.queries.tables import read_line_texts, read_table, tables_on
from khcn.domains.hazards.queries.windows import first_moment
from khcn.domains.hazards.rules.risk_tables import UnreadableTest
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor

_KEEPERS = "Việc này dành cho người soạn bảng cấp độ của cơ quan."
#: The back-test looks at so many days, four times a day.
REHEARSED_DAYS = 30
REHEARSED_STEP = timedelta(hours=6)
_MOST_SHOWN = 60


def draft_table(*, by: Actor, base: LevelTable, owner: Organisation, decision: str, valid_from: date) -> LevelTable:
    """Begin a province's table from one that stands; it says the same until it is changed."""
    require(by.holds_at(owner.pk, *KEEPERS), _KEEPERS)
    if not decision.strip():
        raise RuleSetRefused("Ghi số quyết định (hoặc số dự thảo) của tỉnh.", field="decision")
    with transaction.atomic():
        count = LevelTable.objects.filter(hazard=base.hazard).count()
        table = LevelTable.objects.create(
            code=f"{base.hazard.replace('_', '-')}-tinh-{valid_from:%Y%m%d}-{count}", hazard=base.hazard,
            name=base.name,
            article=base.article, scope=TableScope.PROVINCE, decision=decision.strip()[:120], policy=base.policy,
            lines=base.lines, valid_from=valid_from, owner=owner, drafted_by_id=by.user_id, note=f"Từ {base.decision}",
        )  # fmt: skip
        record(by=by, verb="level_table.draft", subject=table, after={"from": base.code, "decision": table.decision})
    return table


def change_table(
    *, by: Actor, table: LevelTable, lines_text: str, decision: str, valid_from: date, policy: str,
    expected_version: int | None = None,
) -> LevelTable:  # fmt: skip
    """Write a draft anew. Raises RuleSetRefused with the sentence for what does not hold together."""
    _may_draft(by, table)
    try:
        lines = read_line_texts(lines_text)
    except ValueError as fault:
        raise RuleSetRefused(str(fault), field="lines_text") from fault
    with transaction.atomic():
        table.claim(expected_version, {"decision": decision, "policy": policy})
        if table.state not in (LevelTableState.DRAFT, LevelTableState.REJECTED):
            raise RuleSetRefused("Chỉ sửa được bảng đang soạn.")
        before = len(table.lines)
        table.lines, table.decision, table.valid_from, table.policy = lines, decision.strip(), valid_from, policy
        table.state, table.rehearsal = LevelTableState.DRAFT, {}
        _check(table)
        table.save()
        record(by=by, verb="level_table.change", subject=table, before={"lines": before}, after={"lines": len(lines)})
    return table


def rehearse_table(*, by: Actor, table: LevelTable, now: datetime | None = None) -> dict[str, Any]:
    """Ask the draft and the table in force about the last days, and keep where they differ."""
    _may_draft(by, table)
    now = (now or timezone.now()).replace(second=0, microsecond=0)
    _check(table)
    current = tables_on(timezone.localdate(now)).get(table.hazard)
    start = max(now - timedelta(days=REHEARSED_DAYS), first_moment() or now)
    looked = 0
    differences: list[list[str]] = []
    counts: dict[str, dict[str, int]] = {"old": {}, "new": {}}
    count = max(int((now - start) / REHEARSED_STEP), 0)
    for at in (now - REHEARSED_STEP * place for place in range(count, -1, -1)):
        old = {one.place: one for one in _ask(current, at)}
        for one in _ask(table, at):
            looked += 1
            before = old.get(one.place)
            was, now_is = _word(before), _word(one)
            counts["old"][was] = counts["old"].get(was, 0) + 1
            counts["new"][now_is] = counts["new"].get(now_is, 0) + 1
            if was != now_is and len(differences) < _MOST_SHOWN:
                differences.append([at.isoformat(), one.place_name, was, now_is])
    with transaction.atomic():
        table.claim(None)
        table.rehearsal = {
            "from": start.isoformat(), "to": now.isoformat(), "looked": looked, "differences": differences,
            "counts": counts, "made_at": timezone.now().isoformat(),
        }  # fmt: skip
        table.save()
        record(
            by=by, verb="level_table.rehearse", subject=table, after={"looked": looked, "different": len(differences)}
        )
    return table.rehearsal


def _ask(table: LevelTable | None, at: datetime) -> list[Assessment]:
    return [] if table is None else assess(at, grounds_on(at, {table.hazard: table}))


def _word(one: Assessment | None) -> str:
    if one is None:
        return "–"
    return str(one.verdict.level) if one.verdict.level else str(one.kind)


def submit_table(*, by: Actor, table: LevelTable, expected_version: int | None = None) -> None:
    """Put a draft before whoever approves; only after it was tried on what was measured."""
    _may_draft(by, table)
    with transaction.atomic():
        table.claim(expected_version)
        if table.state not in (LevelTableState.DRAFT, LevelTableState.REJECTED):
            raise RuleSetRefused("Chỉ trình được bảng đang soạn.")
        if not table.rehearsal:
            raise RuleSetRefused("Chạy thử bảng trên số liệu cũ trước khi trình.")
        _check(table)
        table.state = LevelTableState.SUBMITTED
        table.save()
        record(by=by, verb="level_table.submit", subject=table, after={"decision": table.decision})


def decide_table(
    *, by: Actor, table: LevelTable, approve: bool, reason: str = "", expected_version: int | None = None
) -> None:  # fmt: skip
    """Approve a submitted table, or not. Never by who drafted it."""
    require(
        table.owner_id is not None and by.holds_at(table.owner_id, *APPROVERS), "Việc này dành cho người phê duyệt."
    )
    with transaction.atomic():
        table.claim(expected_version)
        if table.state != LevelTableState.SUBMITTED:
            raise RuleSetRefused("Chỉ quyết định được bảng đang chờ phê duyệt.")
        if table.drafted_by_id is not None and table.drafted_by_id == by.user_id:
            raise RuleSetRefused("Người soạn không phê duyệt bảng của mình; cần người thứ hai.")
        if not approve and not reason.strip():
            raise RuleSetRefused("Ghi lý do không phê duyệt.", field="reason")
        if approve:
            table.state, table.approved_by_id, table.approved_at = LevelTableState.APPROVED, by.user_id, timezone.now()
        else:
            table.state, table.note = LevelTableState.REJECTED, reason.strip()[:400]
        table.save()
        record(by=by, verb="level_table.approve" if approve else "level_table.reject", subject=table,
               after={"decision": table.decision, "reason": reason})  # fmt: skip


def end_table(*, by: Actor, table: LevelTable, on: date, reason: str, expected_version: int | None = None) -> None:
    """Have a province's table hold no longer from a day; the law's holds again."""
    require(
        table.owner_id is not None and by.holds_at(table.owner_id, *APPROVERS), "Việc này dành cho người phê duyệt."
    )
    with transaction.atomic():
        table.claim(expected_version)
        if table.scope != TableScope.PROVINCE or table.state != LevelTableState.APPROVED:
            raise RuleSetRefused("Chỉ thôi áp dụng được bảng của tỉnh đang áp dụng.")
        table.valid_to, table.note = on, reason.strip()[:400]
        table.state = LevelTableState.ENDED if on <= timezone.localdate() else table.state
        table.save()
        record(by=by, verb="level_table.end", subject=table, after={"on": on.isoformat(), "reason": reason})


def declare_fact(
    *, by: Actor, owner: Organisation, input: str, value: str, source: str, valid_from: date, place: str = "",
    valid_to: date | None = None,
) -> DeclaredFact:  # fmt: skip
    """Declare a fact that no station measures, with where it stands written. Earlier ones stay."""
    require(by.holds_at(owner.pk, *KEEPERS), _KEEPERS)
    if not source.strip():
        raise RuleSetRefused("Ghi căn cứ của yếu tố khai báo.", field="source")
    with transaction.atomic():
        fact = DeclaredFact.objects.create(
            input=input, place=place, value=value.strip()[:40], source=source.strip()[:300], valid_from=valid_from,
            valid_to=valid_to, declared_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="level_table.declare", subject=fact, after={"input": input, "value": value, "place": place})
    return fact


def _may_draft(by: Actor, table: LevelTable) -> None:
    if table.scope == TableScope.LAW:
        raise RuleSetRefused("Bảng của trung ương không sửa ở đây; lập bảng của tỉnh nếu pháp luật cho phép.")
    require(table.owner_id is not None and by.holds_at(table.owner_id, *KEEPERS), _KEEPERS)


def _may_approve(by: Actor, table: LevelTable) -> None:
    is_theirs = table.owner_id is not None and by.holds_at(table.owner_id, *APPROVERS)
    require(is_theirs, "Việc này dành cho người phê duyệt.")


def _check(table: LevelTable) -> None:
    try:
        read = read_table(table)
    except UnreadableTest as fault:
        raise RuleSetRefused(str(fault), field="lines_text") from fault
    except (ValueError, KeyError) as fault:
        raise RuleSetRefused(str(fault), field="lines_text") from fault
    if not read.rows:
        raise RuleSetRefused("Bảng cần ít nhất một dòng.", field="lines_text")
