"""Difficulties and directives: raised by a unit, classified, assigned, escalated, answered, confirmed; never lost."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.choices import IssueKind, IssueLevel, IssueState
from khcn.domains.programme.models import Directive, Issue, IssueNote, Plan, Task
from khcn.domains.programme.permissions import roles_on, visible_tasks
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import holders_of, staff_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

OPEN_STATES = frozenset({"raised", "classified", "assigned", "escalated", "answered"})


def raise_issue(
    *,
    by: Actor,
    kind: IssueKind,
    title: str,
    description: str,
    reporter: Organisation,
    on: date,
    plan: Plan | None = None,
    task: Task | None = None,
    proposal: str = "",
    is_illustration: bool = False,
) -> Issue:
    """Raise a difficulty in the name of one's own unit; the standing body is told."""
    if not by.is_system and reporter.pk not in by.organisation_ids:
        raise Forbidden("Chỉ được nêu vướng mắc thay mặt đơn vị của mình.")
    if task is not None and not by.is_system and not visible_tasks(by).filter(pk=task.pk).exists():
        raise Forbidden("Nhiệm vụ này không thuộc đơn vị của bạn.")
    if not title.strip():
        raise Refused("Ghi tên vướng mắc.", field="title")
    with transaction.atomic():
        number = next_number(series="issue", year=on.year)
        issue = Issue.objects.create(
            code=f"VM-{on.year}-{number:03d}", kind=kind, title=title.strip(), description=description.strip(),
            reporter=reporter, raised_by_id=by.user_id, raised_on=on, plan=plan or (task.plan if task else None),
            task=task, proposal=proposal.strip(), is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="issue.raise", subject=issue, after={"title": issue.title, "kind": kind})
        notify(
            recipients=holders_of(Role.SPECIALIST, on=on), kind=NoticeKind.DO, subject=issue, url=address_of(issue),
            title=f"Vướng mắc mới cần phân loại: {issue.title}",
        )  # fmt: skip
    return issue


def classify_issue(
    *, by: Actor, issue: Issue, kind: IssueKind, level: IssueLevel, on: date, expected_version: int | None = None
) -> Issue:
    """Say what kind of difficulty it is and at which level it can be solved."""
    with transaction.atomic():
        issue.kind, issue.level = kind, level
        advance(
            by=by, subject=issue, machine="issue", event="classify", on=on, facts={}, expected_version=expected_version
        )
        settle(subject=issue)
        notify(
            recipients=holders_of(Role.HEAD, on=on), kind=NoticeKind.APPROVE, subject=issue, url=address_of(issue),
            title=f"Giao xử lý vướng mắc: {issue.title}",
        )  # fmt: skip
    return issue


def assign_issue(*, by: Actor, issue: Issue, assignee: Organisation | None, due_on: date | None, on: date) -> Issue:
    """Give the difficulty to a unit with a deadline."""
    if due_on is not None and due_on < on:
        raise Refused("Hạn giải quyết phải từ hôm nay trở đi.", field="due_on")
    with transaction.atomic():
        issue.assignee, issue.due_on = assignee, due_on
        advance(
            by=by, subject=issue, machine="issue", event="assign", on=on,
            facts={"has_assignee_and_due": assignee is not None and due_on is not None},
        )  # fmt: skip
        settle(subject=issue)
        if assignee is not None:
            notify(
                recipients=staff_of(assignee, on=on), kind=NoticeKind.DO, subject=issue, url=address_of(issue),
                due_on=due_on, title=f"Giải quyết vướng mắc: {issue.title}",
            )  # fmt: skip
    return issue


def escalate_issue(*, by: Actor, issue: Issue, level: IssueLevel, reason: str, due_on: date | None, on: date) -> Issue:
    """Pass the difficulty to a higher level, with the reason."""
    before = issue.level
    with transaction.atomic():
        issue.level = level
        issue.due_on = due_on or issue.due_on
        advance(
            by=by, subject=issue, machine="issue", event="escalate", on=on, note=reason,
            facts={"from_level": before, "to_level": level},
        )  # fmt: skip
        if level == IssueLevel.PROVINCE:
            notify(
                recipients=holders_of(Role.LEADER, on=on), kind=NoticeKind.DO, subject=issue, url=address_of(issue),
                due_on=issue.due_on, title=f"Vướng mắc trình UBND tỉnh: {issue.title}",
            )  # fmt: skip
    return issue


def answer_issue(*, by: Actor, issue: Issue, answer: str, on: date) -> Issue:
    """Answer the difficulty; the reporter confirms or asks again."""
    with transaction.atomic():
        issue.answer, issue.answered_on = answer.strip(), on
        advance(
            by=by, subject=issue, machine="issue", event="answer", on=on, facts={"answer": answer}, note=answer,
            roles=_with_assignee(by, issue),
        )  # fmt: skip
        settle(subject=issue)
        notify(
            recipients=staff_of(issue.reporter, on=on), kind=NoticeKind.DO, subject=issue, url=address_of(issue),
            title=f"Xác nhận kết quả giải quyết: {issue.title}",
        )  # fmt: skip
    return issue


def confirm_issue(*, by: Actor, issue: Issue, on: date) -> Issue:
    """Close the difficulty: only the unit that raised it may say it is solved."""
    with transaction.atomic():
        issue.closed_on = on
        advance(
            by=by, subject=issue, machine="issue", event="confirm", on=on,
            facts={"actor_is_reporter": by.is_system or issue.reporter_id in by.organisation_ids},
        )  # fmt: skip
        settle(subject=issue)
    return issue


def reopen_issue(*, by: Actor, issue: Issue, reason: str, on: date) -> Issue:
    """Ask for more work on an answered difficulty."""
    with transaction.atomic():
        advance(by=by, subject=issue, machine="issue", event="reopen", on=on, facts={}, note=reason)
        settle(subject=issue)
        if issue.assignee is not None:
            notify(
                recipients=staff_of(issue.assignee, on=on), kind=NoticeKind.DO, subject=issue, url=address_of(issue),
                due_on=issue.due_on, title=f"Xử lý tiếp vướng mắc: {issue.title}",
            )  # fmt: skip
    return issue


def merge_issue(*, by: Actor, issue: Issue, into: Issue, on: date) -> Issue:
    """Merge a difficulty into another open one."""
    with transaction.atomic():
        issue.merged_into, issue.closed_on = into, on
        advance(
            by=by, subject=issue, machine="issue", event="merge", on=on, note=f"Gộp vào {into.code}",
            facts={"merge_target_open": into.pk != issue.pk and into.state in OPEN_STATES},
        )  # fmt: skip
        settle(subject=issue)
    return issue


def note_state_of_play(*, by: Actor, issue: Issue, text: str, on: date) -> IssueNote:
    """Write how the difficulty stands in this period."""
    if not roles_on(by, issue):
        raise Forbidden("Bạn không tham gia xử lý vướng mắc này.")
    if not text.strip():
        raise Refused("Ghi tình hình xử lý.", field="text")
    if issue.state not in OPEN_STATES:
        raise Refused("Vướng mắc đã đóng, không ghi thêm tình hình.")
    with transaction.atomic():
        note = IssueNote.objects.create(issue=issue, on=on, text=text.strip(), written_by_id=by.user_id)
        record(by=by, verb="issue.note", subject=issue, after={"on": on, "text": text.strip()})
    return note


def issue_directive(
    *,
    by: Actor,
    content: str,
    addressee: Organisation,
    issued_on: date,
    number: str = "",
    due_on: date | None = None,
    plan: Plan | None = None,
    task: Task | None = None,
    issue: Issue | None = None,
) -> Directive:
    """Urge a unit to act; its staff are told."""
    if not by.holds(Role.DIRECTOR, Role.LEADER, Role.HEAD):
        raise Forbidden("Chỉ lãnh đạo phòng, lãnh đạo Sở hoặc lãnh đạo UBND tỉnh được ban hành văn bản đôn đốc.")
    if not content.strip():
        raise Refused("Ghi nội dung chỉ đạo.", field="content")
    if due_on is not None and due_on < issued_on:
        raise Refused("Hạn thực hiện phải sau ngày ban hành.", field="due_on")
    with transaction.atomic():
        directive = Directive.objects.create(
            plan=plan or (task.plan if task else issue.plan if issue else None), task=task, issue=issue,
            number=number.strip(), issued_on=issued_on, content=content.strip(), addressee=addressee,
            issued_by_id=by.user_id, due_on=due_on,
        )  # fmt: skip
        record(by=by, verb="directive.issue", subject=directive, after={"to": str(addressee), "due_on": due_on})
        notify(
            recipients=staff_of(addressee, on=issued_on), kind=NoticeKind.DO, subject=directive, due_on=due_on,
            url=address_of(issue or task or directive), title=f"Văn bản đôn đốc: {directive.content[:120]}",
        )  # fmt: skip
    return directive


def complete_directive(
    *, by: Actor, directive: Directive, result: str, on: date, expected_version: int | None = None
) -> Directive:
    """Say what came of a directive; by the addressee or the standing body."""
    if not (by.holds(Role.SPECIALIST, Role.HEAD) or directive.addressee_id in by.organisation_ids):
        raise Forbidden("Chỉ đơn vị nhận văn bản hoặc Sở được ghi kết quả.")
    if not result.strip():
        raise Refused("Ghi kết quả thực hiện.", field="result")
    with transaction.atomic():
        directive.claim(expected_version, {"result": result.strip(), "done_on": on})
        directive.result, directive.done_on = result.strip(), on
        directive.save()
        settle(subject=directive)
        record(by=by, verb="directive.complete", subject=directive, after={"result": result.strip()})
    return directive


def overdue_issues_to_leaders(*, by: Actor, on: date) -> int:
    """Tell heads about difficulties past their deadline; a daily job. Returns how many are late."""
    late = Issue.objects.filter(due_on__lt=on, state__in=[IssueState.ASSIGNED, IssueState.ESCALATED])
    heads = holders_of(Role.HEAD, on=on)
    for issue in late:
        notify(
            recipients=heads, kind=NoticeKind.LATE, subject=issue, url=address_of(issue), due_on=issue.due_on,
            title=f"Quá hạn giải quyết vướng mắc: {issue.title}",
        )  # fmt: skip
    return len(late)


def _with_assignee(by: Actor, issue: Issue) -> frozenset[str]:
    roles = roles_on(by, issue)
    if issue.assignee_id is not None and issue.assignee_id in by.organisation_ids:
        roles |= {Role.SPECIALIST.value}
    return roles
