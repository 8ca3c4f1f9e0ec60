"""The balance of mass of each member of a right: certified, stamped, left; for all time or a month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from khcn.domains.marks.models import CertifiedLot, Right, StampIssue, StampVoid


@dataclass(frozen=True, slots=True)
class Balance:
    """One member's mass, in kilograms, and its stamps."""

    use_id: int
    code: str
    holder: str
    lots: int
    certified_kg: Decimal
    stamped_kg: Decimal
    issued: int
    used: int
    voided: int

    @property
    def left_kg(self) -> Decimal:
        """What may still be stamped."""
        return self.certified_kg - self.stamped_kg


def balances_of(right: Right, since: date | None = None, until: date | None = None) -> list[Balance]:
    """Every member with certified lots, by name; only of lots certified from `since` until before `until`."""
    lots = CertifiedLot.objects.filter(use__right=right)
    if since is not None:
        lots = lots.filter(certified_on__gte=since)
    if until is not None:
        lots = lots.filter(certified_on__lt=until)
    count = F("last") - F("first") + 1
    issues = StampIssue.objects.filter(lot__in=lots).annotate(n=count)
    voids = StampVoid.objects.filter(issue__lot__in=lots).annotate(n=count)
    issued: dict[int, dict[str, Any]] = {
        row["lot__use"]: dict(row)
        for row in issues.values("lot__use").annotate(stamps=Sum("n"), used_sum=Sum("used"), mass=Sum(F("n") * F("kg")))
    }
    voided: dict[int, dict[str, Any]] = {
        row["issue__lot__use"]: dict(row)
        for row in voids.values("issue__lot__use").annotate(stamps=Sum("n"), mass=Sum(F("n") * F("issue__kg")))
    }
    rows = lots.values("use_id", "use__code", "use__holder").annotate(number=Count("id"), mass=Sum("kg"))
    found = []
    for row in rows.order_by("use__holder", "use_id"):
        given, taken = issued.get(row["use_id"], {}), voided.get(row["use_id"], {})
        stamped = Decimal(given.get("mass") or 0) - Decimal(taken.get("mass") or 0)
        found.append(
            Balance(
                row["use_id"], row["use__code"], row["use__holder"], row["number"], row["mass"], stamped,
                given.get("stamps") or 0, given.get("used_sum") or 0, taken.get("stamps") or 0,
            )
        )  # fmt: skip
    return found
