"""Calls for applications: public selection or direct assignment, closing day, opening of the dossiers, result."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from khcn.domains.programme.choices import ApplicationState, AwardMode, CallState, OrderListState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Application, Call, Order, RuleSet
from khcn.domains.programme.queries.applications import missing_parts
from khcn.domains.programme.queries.eligibility import eligibility_of
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.queries.pinning import governing_rule_set
from khcn.domains.programme.rules.findings import sentences
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.numbering import next_code
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role

#: Dossiers that may still win.
IN_THE_RUNNING = frozenset(
    {
        ApplicationState.VALID, ApplicationState.SCORED, ApplicationState.RANKED, ApplicationState.SELECTED,
        ApplicationState.RESERVE, ApplicationState.REVISED, ApplicationState.APPRAISED,
        ApplicationState.REVISED_AFTER_APPRAISAL, ApplicationState.APPROVED,
    }
)  # fmt: skip
WON = frozenset(
    {
        ApplicationState.SELECTED, ApplicationState.REVISED, ApplicationState.APPRAISED,
        ApplicationState.REVISED_AFTER_APPRAISAL, ApplicationState.APPROVED,
    }
)  # fmt: skip
LAST_ROUND = 2


def create_call(
    *, by: Actor, order: Order, opens_on: date, on: date, closes_on: date | None = None,
    invited: Organisation | None = None,
) -> Call:  # fmt: skip
    """Draft the notice for one ordered task; without a closing day, the shortest lawful one is taken.

    invited: the organisation of a direct assignment. Raises Refused with the field, NotNow.
    """
    require_role(by, Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)
    if order.calls.exclude(state=CallState.CANCELLED).exists():
        raise NotNow("Nhiệm vụ này đã có thông báo. Nếu không có hồ sơ trúng tuyển, hãy thông báo lần 2.")
    is_direct = order.mode == AwardMode.DIRECT
    if is_direct and invited is None:
        raise Refused("Chọn tổ chức được giao trực tiếp.", field="invited")
    if not is_direct and invited is not None:
        raise Refused("Nhiệm vụ tuyển chọn không chỉ định tổ chức nộp hồ sơ.", field="invited")
    level = order.proposal.level if order.proposal is not None else "provincial"
    with transaction.atomic():
        rules = governing_rule_set(level=level, filed_on=opens_on, today=max(on, opens_on))
        days = int(parameters_of(rules, on=opens_on, keys=("call.notice_days",)).get("call.notice_days", 30))
        call = Call.objects.create(
            code=next_code(kind="call", on=opens_on, rule_set=rules), order=order, opens_on=opens_on,
            closes_on=closes_on or opens_on + timedelta(days=days), rule_set=rules, invited=invited,
            round=order.calls.count() + 1,
        )  # fmt: skip
        record(
            by=by, verb="call.create", subject=call,
            after={"opens_on": call.opens_on, "closes_on": call.closes_on, "invited": str(invited or "")},
        )  # fmt: skip
        ask(
            subject=call, on=on, roles=[Role.DIRECTOR], kind=NoticeKind.APPROVE,
            title=f"Ký thông báo {call.code}: {order.title}",
        )  # fmt: skip
    return call


def open_call(
    *, by: Actor, call: Call, on: date, closes_on: date | None = None, expected_version: int | None = None
) -> Call:
    """Sign the notice: dossiers are received from today until the closing day."""
    with transaction.atomic():
        call.opens_on, call.closes_on = on, closes_on or call.closes_on
        call.rule_set = _repinned(call, on)
        advance(
            by=by, subject=call, machine="call", event="open", on=on, expected_version=expected_version,
            facts={
                "list_published": call.order.order_list.state == OrderListState.PUBLISHED,
                "opens_on": call.opens_on, "closes_on": call.closes_on,
            },
        )  # fmt: skip
        settle(subject=call)
        if call.invited is not None:
            inform(
                subject=call, on=on, roles=[Role.HOST], at=call.invited,
                title=f"Mời lập hồ sơ giao trực tiếp: {call.order.title}",
            )  # fmt: skip
    return call


def close_call(*, by: Actor, call: Call, on: date, automatic: bool = False) -> Call:
    """Stop receiving dossiers once the closing day is over; automatic: the daily job."""
    with transaction.atomic():
        advance(
            by=by, subject=call, machine="call", event="close", on=on, automatic=automatic,
            facts={"closes_on": call.closes_on},
        )  # fmt: skip
        ask(subject=call, on=on, roles=[Role.SPECIALIST], title=f"Mở hồ sơ đăng ký {call.code}: {call.order.title}")
    return call


def close_due_calls(*, by: Actor, on: date) -> int:
    """Close every open call whose closing day is over; a daily job. Returns how many."""
    due = Call.objects.filter(state=CallState.OPEN, closes_on__lt=on).select_related("order")
    for call in due:
        close_call(by=by, call=call, on=on, automatic=True)
    return len(due)


def open_dossiers(*, by: Actor, call: Call, reasons: Mapping[Application, str], on: date) -> Call:
    """Open every dossier received and say of each whether it is valid, with what was computed and by whom.

    reasons: what the official found wrong, by dossier; missing parts and bars of eligibility add to it. A dossier
    with any reason is invalid and its host is told why.
    """
    with transaction.atomic():
        received = list(call.applications.filter(state=ApplicationState.SUBMITTED).select_related("host", "pi"))
        call.opened_on = on
        advance(
            by=by, subject=call, machine="call", event="open_dossiers", on=on, facts={"has_dossiers": bool(received)}
        )
        for application in received:
            application.call = call
            _judge(by, application, str(reasons.get(application, "")).strip(), on)
        ask(
            subject=call, on=on, roles=[Role.SPECIALIST, Role.HEAD],
            title=f"Lập hội đồng tuyển chọn cho {call.code}: {call.order.title}",
        )  # fmt: skip
    return call


def conclude_call(*, by: Actor, call: Call, on: date) -> Call:
    """Accept the council's result: one dossier is to be the host's."""
    with transaction.atomic():
        advance(
            by=by, subject=call, machine="call", event="conclude", on=on,
            facts={"has_selected": call.applications.filter(state__in=WON).exists()},
        )  # fmt: skip
        settle(subject=call)
    return call


def declare_unsuccessful(*, by: Actor, call: Call, on: date, reason: str = "") -> Call:
    """Say that nobody won; a second call may follow. After a concluded call, with the reason why its result fell."""
    event = "void_result" if call.state == CallState.CONCLUDED else "declare_unsuccessful"
    with transaction.atomic():
        advance(
            by=by, subject=call, machine="call", event=event, on=on, note=reason.strip(),
            facts={"has_valid_dossier": call.applications.filter(state__in=IN_THE_RUNNING).exists()},
        )  # fmt: skip
        ask(
            subject=call, on=on, roles=[Role.DIRECTOR],
            title=f"Thông báo lần {call.round + 1} hoặc hủy: {call.order.title}",
        )  # fmt: skip
    return call


def open_second_call(*, by: Actor, call: Call, on: date, closes_on: date | None = None) -> Call:
    """Call again, within the months of the law after the first notice; the hosts of the first round may apply anew."""
    if call.round >= LAST_ROUND:
        raise NotNow("Chỉ được thông báo tuyển chọn tối đa 2 lần; hãy hủy thông báo và điều chỉnh đặt hàng.")
    days = int(parameters_of(call.rule_set, on=on, keys=("call.notice_days",)).get("call.notice_days", 30))
    with transaction.atomic():
        first_opened_on = call.opens_on
        call.round, call.opens_on, call.opened_on = call.round + 1, on, None
        call.closes_on = closes_on or on + timedelta(days=days)
        advance(
            by=by, subject=call, machine="call", event="open_again", on=on,
            facts={"opens_on": on, "closes_on": call.closes_on, "first_opened_on": first_opened_on},
        )  # fmt: skip
        settle(subject=call)
    return call


def cancel_call(*, by: Actor, call: Call, reason: str, on: date) -> Call:
    """Take the notice back with the reason; hosts that wrote a dossier are told."""
    with transaction.atomic():
        advance(by=by, subject=call, machine="call", event="cancel", on=on, note=reason.strip(), facts={})
        settle(subject=call)
        for application in call.applications.exclude(state=ApplicationState.WITHDRAWN).select_related("host"):
            inform(
                subject=application, on=on, roles=[Role.HOST], at=application.host,
                title=f"Thông báo {call.code} đã hủy: {reason.strip()}",
            )  # fmt: skip
    return call


def _judge(by: Actor, application: Application, found_wrong: str, on: date) -> None:
    closing_on = application.call.closes_on or on
    eligibility = eligibility_of(application, closing_on=closing_on)
    missing = missing_parts(application)
    application.eligibility = eligibility.as_json(checked_on=on)
    computed = [
        *([f"Hồ sơ thiếu: {'; '.join(missing)}."] if missing else []),
        *sentences(eligibility.host_bars), *sentences(eligibility.pi_bars),
    ]  # fmt: skip
    reason = " ".join([*computed, *([found_wrong] if found_wrong else [])])
    if reason:
        application.invalid_reason = reason
        advance(
            by=by, subject=application, machine="application", event="declare_invalid", on=on, note=reason,
            facts={"closes_on": closing_on},
        )  # fmt: skip
        inform(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Hồ sơ {application.code} không hợp lệ",
        )  # fmt: skip
        return
    advance(
        by=by, subject=application, machine="application", event="declare_valid", on=on,
        facts={
            "closes_on": closing_on, "file_complete": not missing,
            "host_bars": sentences(eligibility.host_bars), "pi_bars": sentences(eligibility.pi_bars),
        },
    )  # fmt: skip


def _repinned(call: Call, on: date) -> RuleSet:
    level = call.order.proposal.level if call.order.proposal is not None else "provincial"
    return governing_rule_set(level=level, filed_on=on, today=on)
