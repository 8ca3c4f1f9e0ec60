"""Application dossiers: written and replaced by the host until the deadline, judged by the council, revised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction

from khcn.domains.programme.choices import ApplicationState, CallState, DirectGround, LumpMode
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Application, Call
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.applications import OPEN_TO_HOST, missing_parts
from khcn.domains.programme.queries.eligibility import eligibility_of
from khcn.domains.programme.queries.lump_mode import lump_mode_findings
from khcn.domains.programme.queries.norms import findings_of_application
from khcn.domains.programme.rules.councils import Place, ScoreCount
from khcn.domains.programme.rules.dossier_contents import checked_dossier
from khcn.domains.programme.rules.estimates import stopping
from khcn.domains.programme.rules.rule_trace import as_plain
from khcn.domains.programme.services.asking import ask, inform
from khcn.domains.programme.services.edits import apply_changes
from khcn.domains.programme.services.numbering import next_code
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import settle
from khcn.kernel.orgs.models import Organisation, Person
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.lib.digest import digest
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

EDITABLE: Final = ("pi", "summary", "dossier", "state_vnd", "counterpart_vnd", "months", "lump_mode")
#: After the council chose, the host and the leader stand; what the council and the team asked to revise may change.
REVISABLE: Final = tuple(name for name in EDITABLE if name != "pi")
MONTHS_MOST: Final = 120


@dataclass(frozen=True, slots=True)
class SelectionResult:
    """What the selection council found of one dossier: its count, its place, whether it stands in reserve.

    lump_mode: the mode of lumping money that the council concluded, None when its minutes say nothing.
    """

    application: Application
    count: ScoreCount
    place: Place
    is_reserve: bool = False
    lump_mode: LumpMode | None = None


def create_application(
    *, by: Actor, call: Call, host: Organisation, pi: Person, on: date, partners: Iterable[Organisation] = (),
    is_illustration: bool = False, **changes: Any,
) -> Application:  # fmt: skip
    """Open a unit's draft for a call that receives dossiers; for a direct assignment only the invited unit's.

    changes: any of EDITABLE. Raises Forbidden, NotNow, Refused with the field.
    """
    if not by.holds_at(host.pk, Role.HOST):
        raise Forbidden("Chỉ người được tổ chức cử làm đầu mối mới lập được hồ sơ đăng ký của tổ chức.")
    if call.state != CallState.OPEN:
        raise NotNow(f"Thông báo đang ở trạng thái “{CallState(call.state).label}”, không nhận hồ sơ.")
    if call.invited_id is not None and call.invited_id != host.pk:
        raise NotNow("Nhiệm vụ này giao trực tiếp cho tổ chức khác.")
    if call.applications.filter(host=host).exclude(state__in=_CLOSED).exists():
        raise Refused("Tổ chức đã có hồ sơ cho thông báo này; hãy sửa hoặc thay hồ sơ đó.")
    with transaction.atomic():
        application = Application.objects.create(
            code=next_code(kind="application", on=on, rule_set=call.rule_set), call=call, host=host, pi=pi,
            is_illustration=is_illustration,
        )  # fmt: skip
        application.partners.set(partners)
        record(by=by, verb="application.create", subject=application, after={"call": call.code, "pi": str(pi)})
        if changes:
            edit_application(by=by, application=application, changes=changes, expected_version=None)
    return application


def edit_application(
    *, by: Actor, application: Application, changes: Mapping[str, Any], expected_version: int | None,
    partners: Iterable[Organisation] | None = None, is_quiet: bool = False,
) -> Application:  # fmt: skip
    """Change a draft, or what the council and the appraisal team asked to revise. is_quiet: the form keeps itself."""
    _require_host(by, application)
    if application.state == ApplicationState.SUBMITTED:
        raise NotNow("Hồ sơ đã nộp; trước hạn nộp, hãy dùng “Thay hồ sơ” để nộp bản mới.")
    if application.state not in OPEN_TO_HOST:
        raise NotNow(f"Hồ sơ đang ở trạng thái “{ApplicationState(application.state).label}” nên không sửa được nữa.")
    allowed = EDITABLE if application.state == ApplicationState.DRAFT else REVISABLE
    with transaction.atomic():
        _write(by, application, changes, allowed, expected_version, is_quiet)
        if partners is not None and application.state == ApplicationState.DRAFT:
            application.partners.set(partners)
    return application


def submit_application(
    *, by: Actor, application: Application, at: datetime, expected_version: int | None = None
) -> Application:
    """Submit the dossier before the deadline; the time is kept, and what past tasks say of host and leader."""
    return _file(by, application, "submit", at, expected_version)


def replace_application(
    *, by: Actor, application: Application, changes: Mapping[str, Any], at: datetime, expected_version: int | None,
    partners: Iterable[Organisation] | None = None,
) -> Application:  # fmt: skip
    """Put a new dossier in place of the submitted one, complete, before the deadline."""
    _require_host(by, application)
    with transaction.atomic():
        _write(by, application, changes, EDITABLE, expected_version, is_quiet=False)
        if partners is not None:
            application.partners.set(partners)
        return _file(by, application, "replace", at, None)


def withdraw_application(*, by: Actor, application: Application, at: datetime, reason: str = "") -> Application:
    """Take one's dossier back: a draft at any time, a submitted one before the deadline."""
    with transaction.atomic():
        advance(
            by=by, subject=application, machine="application", event="withdraw", on=_day(at), note=reason.strip(),
            facts={"acted_at": at, "deadline_at": deadline_of(application.call)},
        )  # fmt: skip
        settle(subject=application)
    return application


def record_selection_result(
    *, by: Actor, call: Call, results: Sequence[SelectionResult], on: date, roles: frozenset[str] | None = None
) -> Call:
    """Write what the selection council counted of every valid dossier; called when its minutes are signed.

    The first candidate is selected, candidates marked in reserve wait, the rest is rejected. roles: given when the
    caller has resolved the actor's seat. Raises Refused when a dossier is missing or the first place is undecided.
    """
    valid = {item.pk for item in call.applications.filter(state=ApplicationState.VALID)}
    if {result.application.pk for result in results} != valid or len(results) != len(valid):
        raise Refused("Kết quả phải có đủ, mỗi hồ sơ hợp lệ một lần.")
    first = [item for item in results if item.place.rank == 1 and item.count.is_candidate]
    if len(first) > 1:
        raise Refused("Còn hồ sơ bằng nhau ở hạng nhất; hội đồng phải biểu quyết thứ hạng trước khi ghi kết quả.")
    with transaction.atomic():
        for result in sorted(results, key=lambda item: item.place.rank):
            _record_one(by, result, on, roles)
        ask(
            subject=call, on=on, roles=[Role.DIRECTOR], kind=NoticeKind.APPROVE,
            title=f"Kết luận tuyển chọn {call.code}: {call.order.title}",
        )  # fmt: skip
    return call


def submit_revision(
    *, by: Actor, application: Application, explanation: str, on: date, expected_version: int | None = None
) -> Application:
    """Hand the revised dossier in, after the council or after the appraisal, with what was done of each remark."""
    if not explanation.strip():
        raise Refused("Ghi giải trình việc tiếp thu ý kiến hội đồng, tổ thẩm định.", field="explanation")
    is_last = application.state == ApplicationState.APPRAISED
    require_within_norms(application, on=on)
    require_lump_mode(application, on=on)
    with transaction.atomic():
        advance(
            by=by, subject=application, machine="application", event="return_revised", on=on,
            note=explanation.strip(), expected_version=expected_version,
            facts={"file_complete": not missing_parts(application)},
        )  # fmt: skip
        record(by=by, verb="application.revise", subject=application, after={"sha256": _fingerprint(application)})
        if is_last:
            ask(
                subject=application, on=on, roles=[Role.LEADER], kind=NoticeKind.APPROVE,
                title=f"Phê duyệt nhiệm vụ: {application.call.order.title}",
            )  # fmt: skip
        else:
            ask(
                subject=application, on=on, roles=[Role.SPECIALIST],
                title=f"Lập tổ thẩm định kinh phí cho hồ sơ {application.code}",
            )  # fmt: skip
    return application


def require_within_norms(application: Application, *, on: date) -> None:
    """Refuse an estimate above a norm that nobody may exceed, or above one that must be explained and is not."""
    wrong = stopping(findings_of_application(application, on=on))
    if wrong:
        told = " ".join(
            f"{f'Dòng {item.line + 1}: ' if item.line is not None else ''}{item.text}"
            f"{f' ({item.citation})' if item.citation else ''}"
            for item in wrong
        )
        raise Refused(f"Dự toán chưa đúng định mức. {told}", field="dossier/budget")


def require_lump_mode(application: Application, *, on: date) -> None:
    """Refuse a dossier that asks to lump to the final product without meeting the conditions of the law."""
    wrong = lump_mode_findings(application, on=on)
    if wrong:
        told = " ".join(item["text"] for item in wrong)
        raise Refused(
            f"Chưa đủ điều kiện khoán chi đến sản phẩm cuối cùng. {told} Đề nghị bổ sung hoặc chọn khoán chi từng phần "
            f"({wrong[0]['citation']}).",
            field="lump_mode",
        )


def deadline_of(call: Call) -> datetime:
    """The last moment of the closing day in Vietnam."""
    if call.closes_on is None:
        raise NotNow("Thông báo chưa có hạn nhận hồ sơ.")
    return datetime.combine(call.closes_on, time(23, 59, 59), tzinfo=VIETNAM)


def is_secret(call: Call) -> bool:
    """True when the ordered task is a state secret: its dossiers go on paper."""
    order = call.order
    return order.direct_ground == DirectGround.SECRET or bool(order.proposal is not None and order.proposal.is_secret)


_CLOSED: Final = frozenset(
    {ApplicationState.WITHDRAWN, ApplicationState.INVALID, ApplicationState.REJECTED, ApplicationState.CANCELLED}
)


def _record_one(by: Actor, result: SelectionResult, on: date, roles: frozenset[str] | None) -> None:
    application, count = result.application, result.count
    mode = str(result.lump_mode) if result.lump_mode else None
    application.score = {"count": as_plain(count), "place": as_plain(result.place), "lump_mode": mode}
    application.rank = result.place.rank
    step: dict[str, Any] = {"by": by, "subject": application, "machine": "application", "on": on, "roles": roles}
    advance(event="score", facts={"council_counted": True}, **step)
    advance(event="rank", facts={}, **step)
    facts = {
        "mean_score": count.mean_score if count.mean_score is not None else 0,
        "criteria_with_excess_zeros": list(count.criteria_with_excess_zeros),
        "ranked_first": result.place.rank == 1,
    }
    if count.is_candidate and result.place.rank == 1:
        advance(event="select", facts=facts, **step)
        ask(
            subject=application, on=on, roles=[Role.HOST], at=application.host,
            title=f"Chỉnh sửa hồ sơ {application.code} theo kết luận hội đồng",
        )  # fmt: skip
        return
    advance(event="keep_in_reserve" if count.is_candidate and result.is_reserve else "reject", facts=facts, **step)
    inform(
        subject=application, on=on, roles=[Role.HOST], at=application.host,
        title=f"Kết quả tuyển chọn hồ sơ {application.code}: {ApplicationState(application.state).label.lower()}",
    )  # fmt: skip


def _file(by: Actor, application: Application, event: str, at: datetime, expected_version: int | None) -> Application:
    call = application.call
    on = _day(at)
    require_within_norms(application, on=on)
    with transaction.atomic():
        application.submitted_at, application.submitted_by_id = at, by.user_id
        application.eligibility = eligibility_of(application, closing_on=call.closes_on or on).as_json(checked_on=on)
        advance(
            by=by, subject=application, machine="application", event=event, on=on, expected_version=expected_version,
            facts={
                "is_secret": is_secret(call), "acted_at": at, "deadline_at": deadline_of(call),
                "file_complete": not missing_parts(application),
            },
        )  # fmt: skip
        record(by=by, verb="application.file", subject=application, after={"sha256": _fingerprint(application)})
        settle(subject=application)
    return application


def _write(
    by: Actor, application: Application, changes: Mapping[str, Any], allowed: Sequence[str],
    expected_version: int | None, is_quiet: bool,
) -> None:  # fmt: skip
    wanted = dict(changes)
    months = wanted.get("months", application.months)
    if not isinstance(months, int) or not 1 <= months <= MONTHS_MOST:
        raise Refused(f"Thời gian thực hiện phải từ 1 đến {MONTHS_MOST} tháng.", field="months")
    for name in ("state_vnd", "counterpart_vnd"):
        if wanted.get(name) is not None and wanted[name] < 0:
            raise Refused("Số tiền không được âm.", field=name)
    if "lump_mode" in wanted and wanted["lump_mode"] not in LumpMode.values():
        raise Refused("Chọn phương thức khoán chi.", field="lump_mode")
    if "dossier" in wanted or "months" in wanted:
        kept, findings = checked_dossier(wanted.get("dossier", application.dossier), months=months)
        if findings and not is_quiet:
            raise Refused(findings[0].text, field=f"dossier/{findings[0].code}")
        if "dossier" in wanted:
            wanted["dossier"] = kept
    apply_changes(
        by=by, subject=application, changes=wanted, allowed=allowed, verb="application.edit",
        expected_version=expected_version, is_quiet=is_quiet,
    )  # fmt: skip


def _require_host(by: Actor, application: Application) -> None:
    if not roles_on(by, application) & {Role.HOST, Role.PI}:
        raise Forbidden("Chỉ tổ chức đăng ký chủ trì được sửa hồ sơ này.")


def _fingerprint(application: Application) -> str:
    return digest(
        {
            "host": str(application.host_id), "pi": str(application.pi_id), "summary": application.summary,
            "dossier": application.dossier, "state_vnd": application.state_vnd, "months": application.months,
            "counterpart_vnd": application.counterpart_vnd, "lump_mode": str(application.lump_mode),
        }
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()
