"""The yearly verdict: computed from records, frozen with its digest, confirmed by the standing body, published."""

import calendar as month_lengths
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from khcn.domains.qms.choices import Duty, YearState
from khcn.domains.qms.errors import DutiesConflict, NotYetProven
from khcn.domains.qms.models import AgencyYear, QualitySystem
from khcn.domains.qms.permissions import OVERSEERS, reads_all, require_duty
from khcn.domains.qms.queries.parameters import number_on, scoring_on
from khcn.domains.qms.queries.scores import Recheck, content_digest, verdicts_of
from khcn.domains.qms.queries.year_facts import Counted
from khcn.domains.qms.rules.effectiveness import Parameters, Verdict
from khcn.domains.qms.services import steps
from khcn.kernel.audit.services import record
from khcn.kernel.events.services import publish
from khcn.kernel.indicators.services import AgencyFoundEffective
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.dates import add_months

MACHINE = "agency_year"


def compute_year(*, by: Actor, system: QualitySystem, year: int, as_of: date | None = None) -> AgencyYear:
    """Compute and keep one agency's year as it stands; anybody who keeps the system or oversees it may."""
    if not reads_all(by):
        require_duty(by, system, Duty.SECRETARY, Duty.HEAD, Duty.OVERSEER)
    return _keep(by, [system], year, as_of or by.on)[0]


def compute_all(*, by: Actor, year: int, as_of: date | None = None) -> list[AgencyYear]:
    """Compute and keep every agency's year in one transaction; the records are read once for all."""
    require_role(by, *OVERSEERS)
    return _keep(by, list(QualitySystem.objects.select_related("organisation")), year, as_of or by.on)


def confirm_year(
    *, by: Actor, agency_year: AgencyYear, decision_number: str, expected_version: int | None = None
) -> AgencyYear:
    """The standing body confirms a verdict by a paper; the plan's target hears of an agency found effective.

    Refused when the stored evidence no longer has its digest or the records no longer give it, and to people of the
    agency itself.
    """
    system = agency_year.system
    with transaction.atomic():
        step = steps.begin(
            by=by, record=agency_year, machine=MACHINE, event="confirm", expected_version=expected_version
        )
        if by.holds_at(system.organisation_id, *OVERSEERS) and not by.is_system:
            raise DutiesConflict("Người của cơ quan được đánh giá không được xác nhận kết quả của chính mình.")
        check = recheck(agency_year)
        if not check.is_intact or not check.reproduces:
            raise NotYetProven("Minh chứng tính lại không khớp. Tính lại kết quả của năm rồi xác nhận.")
        number = steps.require_text(decision_number, "Ghi số văn bản xác nhận.", "decision_number")
        for earlier in AgencyYear.objects.filter(system=system, year=agency_year.year, state=YearState.CONFIRMED):
            earlier.version += 1
            revoke = steps.MACHINES[MACHINE].step("revoke")
            steps.finish(by=by, record=earlier, machine=MACHINE, step=revoke, note="Thay bằng kết quả mới")
        steps.finish(
            by=by, record=agency_year, machine=MACHINE, step=step, confirmed_by_id=by.user_id, confirmed_on=by.on,
            decision_number=number,
        )  # fmt: skip
        _tell_the_plan(agency_year, is_effective=agency_year.is_effective)
    return agency_year


def revoke_year(*, by: Actor, agency_year: AgencyYear, reason: str, expected_version: int | None = None) -> AgencyYear:
    """Take a confirmation back; the plan's target hears of it."""
    with transaction.atomic():
        step = steps.begin(
            by=by, record=agency_year, machine=MACHINE, event="revoke", expected_version=expected_version, note=reason
        )
        steps.finish(by=by, record=agency_year, machine=MACHINE, step=step, note=reason)
        _tell_the_plan(agency_year, is_effective=False)
    return agency_year


def recheck(agency_year: AgencyYear) -> Recheck:
    """Whether the stored evidence still has its digest, and whether the records give it again."""
    intact = content_digest(agency_year) == agency_year.sha256
    system = agency_year.system
    again = _contents([system], agency_year.year, agency_year.as_of)[system.pk]
    same = AgencyYear(**again, system=system, year=agency_year.year, as_of=agency_year.as_of)
    return Recheck(intact, content_digest(same) == agency_year.sha256)


def _keep(by: Actor, systems: Sequence[QualitySystem], year: int, as_of: date) -> list[AgencyYear]:
    contents = _contents(systems, year, as_of)
    kept = []
    with transaction.atomic():
        for system in systems:
            found = AgencyYear(**contents[system.pk], system=system, year=year, as_of=as_of)
            found.sha256 = content_digest(found)
            found.computed_by_id = by.user_id
            found.save()
            record(
                by=by, verb="qms.compute_year", subject=found,
                after={"total": found.total, "is_effective": found.is_effective, "sha256": found.sha256},
            )  # fmt: skip
            kept.append(found)
    return kept


def _contents(systems: Sequence[QualitySystem], year: int, as_of: date) -> dict[int, dict[str, Any]]:
    parameters = scoring_on(min(as_of, date(year, 12, 31)))
    verdicts = verdicts_of(systems, year=year, as_of=as_of, parameters=parameters)
    return {key: _content(verdict, counted, parameters) for key, (verdict, counted) in verdicts.items()}


def _content(verdict: Verdict, counted: Counted, parameters: Parameters) -> dict[str, Any]:
    facts = {name: _plain(value) for name, value in asdict(counted.facts).items()}
    return {
        "gates": {gate.code: {"holds": gate.holds, "sentence": gate.sentence} for gate in verdict.gates},
        "scores": {
            score.code: {"weight": score.weight, "value": _plain(score.value), "sentence": score.sentence}
            for score in verdict.scores
        },
        "total": verdict.total,
        "is_announced": verdict.is_announced,
        "is_electronic": verdict.is_electronic,
        "is_effective": verdict.is_effective,
        "evidence": {
            "parameters": {
                "weights": dict(parameters.weights), "threshold": parameters.threshold, "decision": parameters.decision
            },
            "facts": facts,
            "ids": counted.ids,
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value


def _tell_the_plan(agency_year: AgencyYear, *, is_effective: bool) -> None:
    """Publish what the programme's target needs: from the day of confirmation to so many months after the year."""
    year = agency_year.year
    months = number_on("validity_months", date(year, 12, 31))
    end = add_months(date(year, 12, 1), months)
    last = end.replace(day=month_lengths.monthrange(end.year, end.month)[1])
    publish(
        AgencyFoundEffective(
            organisation_uid=agency_year.system.organisation.uid,
            is_effective=is_effective,
            effective_from=agency_year.confirmed_on or agency_year.as_of,
            effective_until=last,
            decision_number=agency_year.decision_number,
        )
    )
