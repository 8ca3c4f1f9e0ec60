"""Drafts due diligence statements from the trace of a lot, sends them through an adapter, and asks how they stand."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from shapely.geometry.base import BaseGeometry

from khcn.domains.traceability.choices import StatementState
from khcn.domains.traceability.models import EudrGoods, Lot, Statement
from khcn.domains.traceability.permissions import require_keeper
from khcn.domains.traceability.queries.parameters import parameters_on
from khcn.domains.traceability.queries.plots import TracedPlot, plots_behind
from khcn.domains.traceability.rules.eudr import limits_of, producers_of
from khcn.kernel.audit.services import record
from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.documents.services import store_file
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.eudr import statements as dds
from khcn.standards.eudr.limits import Finding, Limits
from khcn.standards.eudr.plot_packages import Plot, packages_of, plot_findings

COUNTRY = "VN"
GEOJSON = "application/geo+json"


class EudrSystem(Protocol):
    """The information system, or what stands in for it."""

    access: dds.Access

    def ask(self, message: bytes) -> dds.Answer:
        """The answer to a SOAP message. Raises OSError when none came."""


_makers: list[Callable[[], EudrSystem | None]] = []


def use_system(maker: Callable[[], EudrSystem | None]) -> None:
    """Say where the adapter comes from; wiring only."""
    _makers[:] = [maker]


def system_in_use() -> EudrSystem | None:
    """The adapter, or None where no account is set."""
    return _makers[0]() if _makers else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a statement about a lot would rest on: plots with their findings, the package, goods by the dated table."""

    plots: tuple[tuple[TracedPlot, tuple[Finding, ...]], ...]
    packages: tuple[bytes, ...]
    goods: EudrGoods | None
    limits: Limits

    @property
    def is_blocked(self) -> bool:
        """Whether something stands that the information system refuses."""
        return not self.plots or any(one.is_fatal for _plot, found in self.plots for one in found)


def draft_of(*, lot: Lot, on: date) -> Draft:
    """The draft that the trace of a lot gives; nothing is written."""
    limits = limits_of(parameters_on(on))
    traced = plots_behind(lot)
    plots = tuple((one, tuple(_findings(one, limits))) for one in traced)
    usable = [
        _plot(one, one.shape) for one, found in plots if one.shape is not None and not any(it.is_fatal for it in found)
    ]
    goods = EudrGoods.objects.filter(sector=lot.product.sector, valid_to=None).order_by("-valid_from").first()
    return Draft(plots, tuple(packages_of(usable, limits)) if usable else (), goods, limits)


def _plot(one: TracedPlot, shape: BaseGeometry) -> Plot:
    area = one.border.area_ha if one.border else one.site.area_ha
    code = f"{one.site.party.code}-{one.site.code}"
    return Plot(code, one.site.party.name, COUNTRY, one.site.name, None if area is None else float(area), shape)


def _findings(one: TracedPlot, limits: Limits) -> list[Finding]:
    code = f"{one.site.party.code}-{one.site.code}"
    found = [Finding("no_shape", code)] if one.shape is None else plot_findings([_plot(one, one.shape)], limits)
    if one.border is not None and not one.is_of_day:
        found.append(Finding("other_day", code, is_fatal=False))
    if not one.is_certain:
        found.append(Finding("uncertain", code, is_fatal=False))
    if not one.has_proof:
        found.append(Finding("no_proof", code, is_fatal=False))
    if not one.has_title:
        found.append(Finding("no_title", code, is_fatal=False))
    return found


@transaction.atomic
def draft_statement(*, by: Actor, lot: Lot, now: datetime, **values: Any) -> Statement:
    """A new draft with the package that the trace gives now. Raises Forbidden, and Refused for unready plots."""
    require_keeper(by, lot.product.party)
    draft = draft_of(lot=lot, on=now.date())
    if lot.withdrawn:
        raise Refused("Lô này đã hủy ghi nên không lập tờ khai được.")
    if draft.is_blocked:
        raise Refused("Các lô đất chưa đủ để lập tờ khai; hãy xử lý các mục được đánh dấu.")
    if len(draft.packages) > 1:
        raise Refused("Tọa độ vượt dung lượng của một tờ khai; hãy tách lô hàng.")
    file = store_file(by=by, content=draft.packages[0], media_type=GEOJSON)
    plots = [
        {
            "site": str(one.site.uid), "border": str(one.border.uid) if one.border else "",
            "certain": one.is_certain, "findings": [it.code for it in found],
        }
        for one, found in draft.plots
    ]  # fmt: skip
    made = Statement(lot=lot, package=file, plots=plots)
    _fill(made, values, draft.limits)
    made.save()
    record(by=by, verb="trace.statement", subject=made, after={"lot": lot.code, "package": file.sha256})
    return made


@transaction.atomic
def change_statement(
    *, by: Actor, statement: Statement, changes: Mapping[str, Any], now: datetime, expected_version: int | None = None
) -> Statement:
    """Correct a draft. Raises Forbidden, Stale, and Refused once it is sent."""
    require_keeper(by, statement.lot.product.party)
    statement.claim(expected_version, dict(changes))
    if statement.state != StatementState.DRAFT:
        raise Refused("Tờ khai đã gửi nên không sửa ở đây được.")
    before = {name: str(getattr(statement, name)) for name in changes}
    _fill(statement, changes, limits_of(parameters_on(now.date())))
    statement.save()
    after = {name: str(value) for name, value in changes.items()}
    record(by=by, verb="trace.statement_change", subject=statement, before=before, after=after)
    return statement


def _fill(statement: Statement, values: Mapping[str, Any], limits: Limits) -> None:
    for name, value in values.items():
        setattr(statement, name, value)
    for name in ("country_of_activity", "border_country"):
        setattr(statement, name, getattr(statement, name).strip().upper())
    if len(statement.description) > limits.description_letters:
        raise Refused("Mô tả hàng dài quá mức cho phép.", field="description")


def message_of(statement: Statement) -> dds.Statement:
    """The statement as the standard names it, with the plots of its package."""
    producers = producers_of([bytes_of(statement.package)], COUNTRY)
    goods = dds.Commodity(
        statement.description, Decimal(statement.net_kg).normalize(), statement.hs_heading, tuple(producers)
    )
    return dds.Statement(
        str(statement.activity), (goods,), internal_reference=statement.internal_reference,
        country_of_activity=statement.country_of_activity, border_country=statement.border_country,
        comment=statement.comment, is_confidential=statement.is_confidential,
    )  # fmt: skip


def findings_of_statement(statement: Statement, on: date) -> list[Finding]:
    """What the information system would refuse in a statement."""
    return dds.check_statement(message_of(statement), limits_of(parameters_on(on)))


@transaction.atomic
def send_statement(
    *, by: Actor, statement: Statement, system: EudrSystem, now: datetime, expected_version: int | None = None
) -> Statement:
    """Send a draft. Raises Forbidden, Stale, and Refused for what stands against it or when no answer came."""
    require_keeper(by, statement.lot.product.party)
    statement.claim(expected_version)
    if statement.state != StatementState.DRAFT:
        raise Refused("Tờ khai này đã gửi.")
    if any(one.is_fatal for one in findings_of_statement(statement, now.date())):
        raise Refused("Tờ khai còn mục mà hệ thống EU không nhận; hãy sửa trước khi gửi.")
    body = dds.statement_element(message_of(statement))
    answer = _asked(system, body, now)
    statement.refusals = [f"{code} {text}".strip() for code, text in answer.refusals]
    if answer.uuid and not answer.refusals:
        statement.state, statement.system_uid, statement.sent_at = StatementState.SUBMITTED, answer.uuid, now
    statement.save()
    record(
        by=by,
        verb="trace.statement_sent",
        subject=statement,
        after={"uuid": answer.uuid, "refusals": statement.refusals},
    )
    return statement


def _asked(system: EudrSystem, body: Any, now: datetime) -> dds.Answer:
    message = dds.envelope(body, system.access, now=now, nonce=secrets.token_bytes(16))
    try:
        return system.ask(message)
    except (OSError, dds.AnswerUnreadable) as error:
        raise Refused("Hệ thống EU chưa trả lời. Hãy gửi lại sau; tờ khai vẫn là bản nháp.") from error


@transaction.atomic
def withdraw_statement(
    *, by: Actor, statement: Statement, system: EudrSystem, now: datetime, expected_version: int | None = None
) -> Statement:
    """Take a statement back within the hours that the system allows. Raises Forbidden, Stale and Refused."""
    require_keeper(by, statement.lot.product.party)
    statement.claim(expected_version)
    hours = int(parameters_on(now.date()).get("eudr.amend_hours", Decimal(0)))
    if statement.sent_at is None or now > statement.sent_at + timedelta(hours=hours):
        raise Refused(f"Chỉ rút được tờ khai trong {hours} giờ sau khi gửi.")
    answer = _asked(system, dds.withdraw_element(statement.system_uid), now)
    if answer.refusals:
        reason = answer.refusals[0][1]
        raise Refused(f"Hệ thống EU không cho rút: {reason}")
    statement.state = StatementState.WITHDRAWN
    statement.save()
    record(by=by, verb="trace.statement_withdrawn", subject=statement)
    return statement


def ask_statements(*, system: EudrSystem, now: datetime) -> int:
    """Ask how sent statements stand, each not before the minutes that the system wants; how many moved on."""
    wait = timedelta(minutes=int(parameters_on(now.date()).get("eudr.ask_after_minutes", Decimal(30))))
    waiting = [
        one
        for one in Statement.objects.filter(state=StatementState.SUBMITTED)[:100]
        if max(filter(None, [one.sent_at, one.asked_at])) + wait <= now
    ]
    if not waiting:
        return 0
    try:
        answer = _asked(system, dds.status_element([one.system_uid for one in waiting]), now)
    except Refused:
        return 0
    told = {one.uuid: one for one in answer.overviews}
    return sum(_moved(one, told.get(one.system_uid), now) for one in waiting)


@transaction.atomic
def _moved(statement: Statement, told: dds.Overview | None, now: datetime) -> int:
    statement.claim(None)
    statement.asked_at = now
    moved = told is not None and told.status.lower() in StatementState.values() and told.status != "SUBMITTED"
    if told is not None and moved:
        statement.state = StatementState(told.status.lower())
        statement.reference, statement.verification = told.reference[:14], told.verification[:35]
        statement.refusals = [told.reason] if told.reason else []
    statement.save()
    return int(moved)
