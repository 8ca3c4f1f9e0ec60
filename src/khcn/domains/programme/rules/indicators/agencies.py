"""T6: the share of agencies that use the electronic ISO system effectively, under three policies for its denominator.

Agencies are merged and abolished; the target names levels that no longer exist. What "effective" means is not decided
here: it comes in as facts with dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ...choices import DenominatorPolicy
from .facts import Measure, by, share


@dataclass(frozen=True, slots=True)
class AgencyFact:
    """An agency that is obliged, alive in `[valid_from, valid_to)`, and who took over its work."""

    id: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Tell whether the agency exists on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class EffectivenessFact:
    """An agency applied the system effectively from one day until another (None: still)."""

    agency: str
    effective_from: date
    effective_until: date | None = None


def effective_share(
    agencies: Sequence[AgencyFact],
    effectiveness: Sequence[EffectivenessFact],
    policy: DenominatorPolicy,
    *,
    baseline_on: date,
    on: date,
) -> Measure:
    """Return the share of obliged agencies that apply the system effectively as of `on`.

    frozen: the agencies of `baseline_on`, one abolished since judged on its last day. as_of: the agencies of `on`.
    successor_mapped: the agencies of `baseline_on` replaced by who exists on `on` along the chain of successors, each
    once; one without a living successor is excluded with the reason.
    """
    known = {agency.id: agency for agency in agencies}
    effective_at = _effective_at(effectiveness)
    if policy is DenominatorPolicy.AS_OF:
        base = {agency.id for agency in agencies if agency.exists_on(on)}
        return share({item for item in base if effective_at(item, on)}, base)
    frozen = [agency for agency in agencies if agency.exists_on(baseline_on)]
    if policy is DenominatorPolicy.FROZEN:
        done = {agency.id for agency in frozen if effective_at(agency.id, _judged_on(agency, on))}
        return share(done, [agency.id for agency in frozen])
    base, orphans = set[str](), []
    for agency in frozen:
        heirs = _living_heirs(agency, known, on)
        base |= heirs
        if not heirs:
            orphans.append((agency.id, f"{agency.name} đã chấm dứt và không có đơn vị kế thừa."))
    return share({item for item in base if effective_at(item, on)}, base, orphans)


def _effective_at(effectiveness: Iterable[EffectivenessFact]) -> Callable[[str, date], bool]:
    rows: dict[str, list[EffectivenessFact]] = {}
    for row in effectiveness:
        rows.setdefault(row.agency, []).append(row)

    def is_effective(agency: str, day: date) -> bool:
        return any(
            by(row.effective_from, day) and (row.effective_until is None or day <= row.effective_until)
            for row in rows.get(agency, ())
        )

    return is_effective


def _judged_on(agency: AgencyFact, on: date) -> date:
    return on if agency.valid_to is None else min(on, agency.valid_to - timedelta(days=1))


def _living_heirs(agency: AgencyFact, known: dict[str, AgencyFact], on: date) -> set[str]:
    heirs, waiting, seen = set[str](), [agency], set[str]()
    while waiting:
        current = waiting.pop()
        if current.id in seen:
            continue
        seen.add(current.id)
        if current.exists_on(on):
            heirs.add(current.id)
        else:
            waiting += [known[item] for item in current.successors if item in known]
    return heirs
