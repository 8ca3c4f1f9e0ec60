"""Recalls and drills: what a lot reached, who has it, who was told, and how long that took."""

import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from khcn.domains.traceability.choices import FieldAct
from khcn.domains.traceability.models import FieldRecord, Holding, Lot, LotUse, Party, Recall, RecalledLot
from khcn.domains.traceability.permissions import is_officer, require_keeper
from khcn.domains.traceability.queries.lots import forward_of, lots_named
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role


@transaction.atomic
def order_recall(
    *, by: Actor, lot: Lot, reason: str, now: datetime, advice: str = "", is_drill: bool = False,
    clock: Callable[[], float] = time.perf_counter,
) -> Recall:  # fmt: skip
    """Trace a lot forward, mark every lot it reached, tell every party that has some, and keep the timed report.

    A drill does the same and warns no consumer. Officers, and the party whose lot it is. Raises Forbidden and Refused.
    """
    if not is_officer(by):
        require_keeper(by, lot.product.party)
    if not reason.strip():
        raise Refused("Cần ghi lý do thu hồi.", field="reason")
    begun = clock()
    recall = Recall.objects.create(
        lot=lot, reason=reason.strip(), advice=advice.strip(), is_drill=is_drill, started_at=now,
        started_by_id=by.user_id,
    )  # fmt: skip
    graph = forward_of(lot)
    certain = {thing.uri: thing.is_certain for thing in graph.things} if graph else {}
    certain[lot.uri] = True
    lots = lots_named(certain)
    RecalledLot.objects.bulk_create(
        [RecalledLot(recall=recall, lot=one, is_certain=certain[uri]) for uri, one in lots.items()]
    )
    traced_ms = round((clock() - begun) * 1000)
    rows = _parties(list(lots.values()), _told(recall, is_drill=is_drill))
    recall.report = {
        "lots": [{"code": one.code, "name": one.product.name, "certain": certain[uri]} for uri, one in lots.items()],
        "others": sorted(set(certain) - set(lots)), "parties": rows,
        "sold_kg": str(_sold(list(lots.values()))), "traced_ms": traced_ms, "told": sum(row["told"] for row in rows),
        "whole_ms": round((clock() - begun) * 1000),
    }  # fmt: skip
    recall.save()
    record(by=by, verb="trace.recall", subject=recall, after={"lot": lot.code, "drill": is_drill, "lots": len(lots)})
    return recall


def _told(recall: Recall, *, is_drill: bool) -> Callable[[Party], int]:
    title = "Diễn tập thu hồi lô hàng" if is_drill else "Thu hồi lô hàng: ngừng bán và cách ly"

    def tell(party: Party) -> int:
        places = {party.organisation_id, party.head.organisation_id if party.head else None} - {None}
        users = [user for place in places for user in holders_of(Role.PRODUCER, on=recall.started_at.date(),
                                                                 organisation_id=place)]  # fmt: skip
        return len(
            notify(
                recipients=users, kind=NoticeKind.DO, title=title, body=f"{recall.lot.code}: {recall.reason}",
                url=reverse("trace_recall", args=[recall.uid]), subject=recall,
            )
        )  # fmt: skip

    return tell


def _parties(lots: list[Lot], tell: Callable[[Party], int]) -> list[dict[str, Any]]:
    """Every party that has or had some of the lots: what it still has, what is on its way, how many were told."""
    held: dict[int, dict[str, Any]] = {}
    rows = Holding.objects.filter(lot__in=lots).select_related("party__head")
    for one in rows.order_by("party__name"):
        row = held.setdefault(
            one.party_id, {"party": one.party, "kg": Decimal(0), "coming_kg": Decimal(0)}
        )  # fmt: skip
        row["kg"] += max(one.kg, Decimal(0))
        row["coming_kg"] += max(one.coming_kg, Decimal(0))
    return [
        {
            "code": row["party"].code, "name": row["party"].name, "phone": row["party"].phone, "kg": str(row["kg"]),
            "coming_kg": str(row["coming_kg"]), "told": tell(row["party"]),
        }
        for row in held.values()
    ]  # fmt: skip


def _sold(lots: list[Lot]) -> Decimal:
    """Kilograms that went to buyers who are no party."""
    sales = FieldRecord.objects.filter(template__act=FieldAct.SHIP, buyer=None, withdrawn_at=None)
    uses = LotUse.objects.filter(lot__in=lots, record__in=sales).values_list("kg", flat=True)
    return sum(uses, Decimal(0))


@transaction.atomic
def close_recall(
    *, by: Actor, recall: Recall, conclusion: str, now: datetime, expected_version: int | None = None
) -> Recall:
    """End a recall; its lots no longer warn. Raises Forbidden, Stale and Refused."""
    if not is_officer(by):
        require_keeper(by, recall.lot.product.party)
    recall.claim(expected_version, {"conclusion": conclusion})
    if recall.closed_at is not None:
        raise Refused("Lệnh thu hồi này đã kết thúc.")
    if not conclusion.strip():
        raise Refused("Cần ghi kết luận.", field="conclusion")
    recall.closed_at, recall.conclusion = now, conclusion.strip()[:300]
    recall.save()
    record(by=by, verb="trace.recall_close", subject=recall, after={"conclusion": recall.conclusion})
    return recall
