"""What councils judge: the records that wait for one, each with its rule set, parties and facts for the count."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from khcn.domains.programme.choices import ApplicationState, CouncilKind, Grade, TaskState, WorkTitle
from khcn.domains.programme.models import Application, ChangeRequest, Proposal, RuleSet, Task
from khcn.domains.programme.queries.law import parameters_of
from khcn.domains.programme.rules.conflicts import Participant, Party
from khcn.kernel.orgs.models import Person
from khcn.kernel.procedures.models import Council, CouncilSubject
from khcn.lib.dates import VIETNAM, add_months

MODELS: dict[str, type[Model]] = {
    "programme.proposal": Proposal,
    "programme.application": Application,
    "programme.task": Task,
    "programme.changerequest": ChangeRequest,
}
ENDED = ("closed", "replaced")
NOT_FILED = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


def waiting(kind: CouncilKind) -> QuerySet:
    """Records that may be put before a council of the kind and stand before none yet."""
    rows: QuerySet
    if kind is CouncilKind.IDENTIFICATION:
        # in_council: the council it stood before was replaced
        rows = Proposal.objects.filter(state__in=["similarity_checked", "in_council"]).select_related(
            "proposer", "rule_set"
        )
    elif kind is CouncilKind.SELECTION:
        rows = Application.objects.filter(state=ApplicationState.VALID)
    elif kind is CouncilKind.BUDGET_APPRAISAL:
        rows = Application.objects.filter(state=ApplicationState.REVISED)
    elif kind is CouncilKind.ACCEPTANCE:
        rows = Task.objects.filter(state=TaskState.IN_ACCEPTANCE, is_secret=False).select_related("host", "rule_set")
    else:
        rows = ChangeRequest.objects.filter(state__in=["complete", "orderer_consented"]).select_related("task__host")
    if rows.model is Application:
        rows = rows.select_related("host", "pi", "call__order__proposal", "call__rule_set")
    taken = CouncilSubject.objects.filter(council__kind=kind).exclude(council__state__in=ENDED)
    return rows.exclude(uid__in=taken.values("subject_uid")).order_by("pk")


def records_of(council: Council) -> list[tuple[CouncilSubject, Any]]:
    """(line, record) pairs in the order of the council's agenda; three queries at most."""
    lines = list(council.subjects.order_by("id"))
    found: dict[UUID, Any] = {}
    for kind in {line.subject_type for line in lines}:
        uids = [line.subject_uid for line in lines if line.subject_type == kind]
        found |= {row.uid: row for row in _rows(kind).filter(uid__in=uids)}
    return [(line, found[line.subject_uid]) for line in lines]


def rule_set_of_record(record: Any) -> RuleSet | None:
    """The set pinned on the record, its call or its task."""
    for owner in (record, getattr(record, "call", None), getattr(record, "task", None)):
        if owner is not None and getattr(owner, "rule_set_id", None):
            return owner.rule_set
    return None


def label_of(record: Any) -> str:
    """What the agenda calls the record."""
    if isinstance(record, Application):
        return f"{record.code} – {record.host}: {record.call.order.title}"
    if isinstance(record, ChangeRequest):
        return f"{record} – {record.task.title}"
    return f"{record.code} – {record.title}"


def facts_of(record: Any) -> dict[str, Any]:
    """What the count needs to know of a record, as of the day it is put before the council."""
    if not isinstance(record, Application):
        return {}
    proposal = record.call.order.proposal
    return {
        "criteria": str(record.call.order.criteria),
        "call": str(record.call.uid),
        "host_is_proposer": proposal is not None and proposal.proposer_id == record.host_id,
        "state_vnd": int(record.state_vnd),
        "excellent_recently": _excellent_recently(record),
    }


def parties_of(records: Sequence[Any]) -> list[Party]:
    """Those whom the council judges. A selection council meets every dossier filed for the call."""
    parties: list[Party] = []
    seen: set[int] = set()
    for record in records:
        if isinstance(record, Application):
            if record.call_id in seen:
                continue
            seen.add(record.call_id)
            filed = record.call.applications.exclude(state__in=NOT_FILED).select_related("host", "pi")
            parties += _of_applications(list(filed.prefetch_related("partners")))
        elif isinstance(record, Task):
            parties.append(_of_task(record))
        elif isinstance(record, ChangeRequest):
            parties.append(_of_task(record.task))
    return parties


def _rows(kind: str) -> QuerySet:
    related: Mapping[str, tuple[str, ...]] = {
        "programme.proposal": ("proposer", "rule_set"),
        "programme.application": ("host", "pi", "call__order__proposal", "call__rule_set"),
        "programme.task": ("host", "pi", "rule_set", "application", "order__proposal"),
        "programme.changerequest": ("task__host", "task__pi", "task__rule_set", "task__application"),
    }
    return MODELS[kind]._default_manager.select_related(*related[kind])


def _excellent_recently(application: Application) -> bool:
    """Host or leader had a task graded `Xuất sắc` within the years of the law. Source: TT 20/2023, Điều 11 khoản 8."""
    filed_on = (application.submitted_at or timezone.now()).astimezone(VIETNAM).date()
    keys = ("selection.excellent_years",)
    years = parameters_of(application.call.rule_set, on=filed_on, keys=keys).get(keys[0])
    if years is None:
        return False
    done = Task.objects.filter(
        grade=Grade.EXCELLENT, accepted_on__range=(add_months(filed_on, -12 * int(years)), filed_on)
    )
    return done.filter(Q(host_id=application.host_id) | Q(pi_id=application.pi_id)).exists()


def _of_applications(applications: Iterable[Application]) -> list[Party]:
    listed = list(applications)
    uids = {row["person"] for item in listed for row in item.dossier.get("team", ()) if row.get("person")}
    names = {str(uid): name for uid, name in Person.objects.filter(uid__in=uids).values_list("uid", "full_name")}
    parties = []
    for item in listed:
        team = [Participant(str(item.pi.uid), item.pi.full_name, WorkTitle.PI)]
        team += [
            Participant(row["person"], names[row["person"]], WorkTitle(row["title"]))
            for row in item.dossier.get("team", ())
            if row.get("person") in names and row["person"] != str(item.pi.uid)
        ]
        partners = tuple((str(partner.pk), partner.name) for partner in item.partners.all())
        parties.append(Party(str(item.host_id), item.host.name, partners, tuple(team)))
    return parties


def _of_task(task: Task) -> Party:
    team = [
        Participant(str(row.person.uid), row.person.full_name, WorkTitle(row.title))
        for row in task.participations.select_related("person")
    ]
    if not any(item.person == str(task.pi.uid) for item in team):
        team.append(Participant(str(task.pi.uid), task.pi.full_name, WorkTitle.PI))
    partners = tuple((str(partner.pk), partner.name) for partner in task.partners.all())
    return Party(str(task.host_id), task.host.name, partners, tuple(team))
