"""The look-up before the council: what was searched and found is kept, a specialist says and signs what it means."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.programme.choices import ProposalState
from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Proposal, SimilarityCheck
from khcn.domains.programme.queries.pinning import governing_rule_set
from khcn.domains.programme.queries.topics import find_topics, key_of, origins_of, searchable_corpora
from khcn.domains.programme.rules.similarity import Corpus, Hit, LookUp, Span, Topic
from khcn.domains.programme.services.asking import ask
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role


def check_topic(*, by: Actor, proposal: Proposal) -> SimilarityCheck:
    """Look the topic of a valid proposal up and keep what was found, unsigned; a new look-up replaces none."""
    require_role(by, Role.SPECIALIST)
    if proposal.state != ProposalState.VALID:
        raise NotNow("Chỉ tra cứu phiếu đề xuất đã được xác nhận hợp lệ và chưa có kết quả tra cứu.")
    corpora = searchable_corpora(by)
    found = find_topics(
        Topic(proposal.title, proposal.place, proposal.year_from),
        extra=f"{proposal.objective} {proposal.contents}", corpora=corpora,
        without=[key_of(Corpus.PROPOSAL, proposal.uid)],
    )  # fmt: skip
    with transaction.atomic():
        check = SimilarityCheck.objects.create(
            proposal=proposal, query=proposal.title, corpora=[corpus.value for corpus in found.searched],
            corpus_size=sum(found.searched.values()), hits=kept_hits(found), checked_by_id=by.user_id,
        )  # fmt: skip
        record(
            by=by, verb="similarity.look_up", subject=proposal,
            after={"searched": check.corpus_size, "found": [hit["code"] for hit in check.hits]},
        )  # fmt: skip
    return check


def sign_check(*, by: Actor, check: SimilarityCheck, is_duplicate: bool, verdict: str, on: date) -> SimilarityCheck:
    """Say what the look-up means and sign it; the proposal is then ready for the council. Signed checks stand.

    Raises Refused without words of one's own, NotNow when it is signed already.
    """
    require_role(by, Role.SPECIALIST)
    if check.signed_at is not None:
        raise NotNow("Phiếu tra cứu đã ký, không sửa được nữa. Đề nghị tra cứu lại nếu cần.")
    if not verdict.strip():
        raise Refused("Ghi nhận định của người tra cứu: đã đọc hồ sơ nào, khác nhau ở điểm nào.", field="verdict")
    proposal = check.proposal
    with transaction.atomic():
        check.is_duplicate, check.verdict, check.signed_at = is_duplicate, verdict.strip(), timezone.now()
        check.checked_by_id = by.user_id
        check.save()
        record(
            by=by, verb="similarity.sign", subject=proposal,
            after={"is_duplicate": is_duplicate, "verdict": check.verdict, "check": check.uid},
        )  # fmt: skip
        if proposal.submitted_on is not None:
            proposal.rule_set = governing_rule_set(level=proposal.level, filed_on=proposal.submitted_on, today=on)
        advance(
            by=by, subject=proposal, machine="proposal", event="record_similarity", on=on, note=check.verdict,
            facts={"look_up_signed": proposal.checks.exclude(signed_at=None).exists()},
        )  # fmt: skip
        ask(
            subject=proposal, on=on, roles=[Role.SPECIALIST, Role.HEAD],
            title=f"Đưa đề xuất {proposal.code} ra hội đồng tư vấn xác định nhiệm vụ",
        )  # fmt: skip
    return check


def kept_hits(found: LookUp) -> list[dict[str, Any]]:
    """The hits as kept in the record and shown: no figure, only the order and what agrees or differs."""
    origins = origins_of([hit.entry.key for hit in found.hits])
    return [_kept(hit, origins.get(hit.entry.key)) for hit in found.hits]


def _kept(hit: Hit, origin: Any) -> dict[str, Any]:
    comparison = hit.comparison
    return {
        "key": hit.entry.key,
        "rank": hit.rank,
        "corpus": hit.entry.corpus.value,
        "code": origin.code if origin else "",
        "uid": str(origin.uid) if origin else "",
        "page": origin.page if origin else "",
        "host": origin.host if origin else "",
        "state": origin.state if origin else "",
        "year": hit.entry.year,
        "place": hit.entry.place,
        "title": hit.entry.title,
        "relation": comparison.relation.value,
        "facets": [
            {"facet": part.facet.value, "outcome": part.outcome.value, "asked": part.asked, "found": part.found}
            for part in comparison.facets
        ],
        "asked_spans": [_span(span) for span in comparison.asked_spans],
        "found_spans": [_span(span) for span in comparison.found_spans],
    }


def _span(span: Span) -> list[Any]:
    return [span.start, span.end, span.is_shared]
