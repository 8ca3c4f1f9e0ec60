"""The look-up of topics over proposals, tasks, products and annex rows: an index kept warm in this process.

The audit log's head is the stamp: while it stands, nothing was written and the index is fresh; when it moved, only
rows touched since are read again; when the log no longer holds the stamp (another database), all is read anew.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet

from khcn.domains.programme.choices import ProposalState
from khcn.domains.programme.models import PlanItem, Product, Proposal, Task
from khcn.domains.programme.rules.similarity import Corpus, LookUp, Topic, TopicEntry, TopicIndex, look_up
from khcn.kernel.audit.models import AuditEntry
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

#: Proposals that are nobody else's business yet, or any more.
UNSEARCHED: Final = frozenset({ProposalState.DRAFT, ProposalState.WITHDRAWN})
#: A transaction may commit rows stamped a little earlier than the newest one already seen.
OVERLAP: Final = timedelta(seconds=60)
FOR_OTHERS: Final = (Corpus.TASK, Corpus.RESULT)


@dataclass
class _Warm:
    index: TopicIndex = field(default_factory=TopicIndex)
    head: tuple[int, str] | None = None
    newest: dict[Corpus, datetime] = field(default_factory=dict)


_lock = Lock()
_warm = _Warm()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a found topic comes from: what a reader needs to open the file itself."""

    code: str
    uid: UUID
    host: str
    year: int | None
    state: str
    page: str


def searchable_corpora(actor: Actor) -> tuple[Corpus, ...]:
    """What the actor may search: the standing body everything, others only tasks and results."""
    if actor.is_system or actor.holds(
        Role.SPECIALIST, Role.HEAD, Role.DIRECTOR, Role.ADMIN_SECRETARY, Role.LEADER, Role.INFO_FOCAL, Role.INSPECTOR
    ):
        return tuple(Corpus)
    return FOR_OTHERS


def find_topics(
    asked: Topic, *, extra: str = "", corpora: Collection[Corpus] = tuple(Corpus), without: Collection[str] = ()
) -> LookUp:
    """The five most similar topics to the asked one, from a fresh index."""
    with _lock:
        _freshen()
        return look_up(_warm.index, asked, extra=extra, corpora=corpora, without=without)


def key_of(corpus: Corpus, uid: UUID) -> str:
    """The key of a record in the index."""
    return f"{corpus.value}:{uid}"


def origins_of(keys: Collection[str]) -> dict[str, Origin]:
    """Codes, hosts and pages of found topics, by key; at most one query per corpus."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        corpus, _, uid = key.partition(":")
        wanted.setdefault(corpus, []).append(uid)
    found: dict[str, Origin] = {}
    for proposal in Proposal.objects.filter(uid__in=wanted.get(Corpus.PROPOSAL, ())).select_related("proposer"):
        found[key_of(Corpus.PROPOSAL, proposal.uid)] = Origin(
            proposal.code, proposal.uid, str(proposal.proposer), proposal.year_from, proposal.state, "proposal_page"
        )
    for task in Task.objects.filter(uid__in=wanted.get(Corpus.TASK, ())).select_related("host"):
        found[key_of(Corpus.TASK, task.uid)] = Origin(
            task.code, task.uid, str(task.host), task.approved_on.year, task.state, "task_page"
        )
    for product in Product.objects.filter(uid__in=wanted.get(Corpus.RESULT, ())).select_related("task__host"):
        found[key_of(Corpus.RESULT, product.uid)] = Origin(
            product.code, product.task.uid, str(product.task.host), product.task.approved_on.year, product.task.state,
            "task_page",
        )  # fmt: skip
    for item in PlanItem.objects.filter(uid__in=wanted.get(Corpus.PLAN_ITEM, ())).select_related("plan"):
        found[key_of(Corpus.PLAN_ITEM, item.uid)] = Origin(
            item.code, item.plan.uid, item.lead_text, item.year_from, "", "plan_page"
        )
    return found


def _freshen() -> None:
    """Bring the index to what the database holds now; one query when nothing was written."""
    head = AuditEntry.objects.order_by("-id").values_list("id", "digest").first()
    if head is not None and head == _warm.head:
        return
    is_same_log = _warm.head is not None and AuditEntry.objects.filter(id=_warm.head[0], digest=_warm.head[1]).exists()
    if not is_same_log:
        _warm.index, _warm.newest = TopicIndex(), {}
    for corpus, rows in _sources().items():
        since = _warm.newest.get(corpus)
        changed = rows if since is None else rows.filter(updated_at__gte=since - OVERLAP)
        for row in changed.iterator(chunk_size=5000):
            entry = _entry(corpus, row)
            if entry is None:
                _warm.index.remove(key_of(corpus, row.uid))
            else:
                _warm.index.add(entry)
        newest = rows.aggregate(newest=Max("updated_at"))["newest"]
        if newest is not None:
            _warm.newest[corpus] = newest
        if since is not None and _warm.index.counts()[corpus] > rows.count():
            for key in _gone(corpus, rows):
                _warm.index.remove(key)
    _warm.head = head


def _sources() -> dict[Corpus, QuerySet[Any]]:
    return {
        Corpus.PROPOSAL: Proposal.objects.select_related("proposer"),
        Corpus.TASK: Task.objects.select_related("host"),
        Corpus.RESULT: Product.objects.select_related("task__host"),
        Corpus.PLAN_ITEM: PlanItem.objects.all(),
    }


def _gone(corpus: Corpus, rows: QuerySet[Any]) -> Iterator[str]:
    kept = {key_of(corpus, uid) for uid in rows.values_list("uid", flat=True)}
    for entry in _warm.index.entries():
        if entry.corpus is corpus and entry.key not in kept:
            yield entry.key


def _entry(corpus: Corpus, row: Any) -> TopicEntry | None:
    key = key_of(corpus, row.uid)
    if corpus is Corpus.PROPOSAL:
        if row.state in UNSEARCHED or row.is_secret:
            return None
        return TopicEntry(key, corpus, row.title, f"{row.objective} {row.contents}", row.place, row.year_from)
    if corpus is Corpus.TASK:
        if row.is_secret:
            return None
        return TopicEntry(key, corpus, row.title, row.objective, row.place, row.approved_on.year)
    if corpus is Corpus.RESULT:
        if row.task.is_secret:
            return None
        words = f"{row.task.title} {row.quality}"
        return TopicEntry(key, corpus, row.name, words, row.application_place, row.task.approved_on.year)
    return TopicEntry(key, corpus, row.title, row.note, "", row.year_from)
