"""Opens the sealed ballots once, checks them against the audit log, and keeps what the caller's rule makes of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from khcn.kernel.audit.queries import history_of
from khcn.kernel.audit.services import record
from khcn.kernel.procedures.choices import CouncilState
from khcn.kernel.procedures.errors import BallotRefused, BallotTampered
from khcn.kernel.procedures.models import Ballot, Council, CouncilSubject
from khcn.kernel.procedures.permissions import require_council_step
from khcn.kernel.procedures.queries import present_voters, sitting_seats
from khcn.kernel.procedures.rules import Verdict
from khcn.kernel.procedures.services.councils.ballots import box_of
from khcn.kernel.procedures.services.councils.sealing import root_of, unseal
from khcn.kernel.procedures.services.councils.steps import lock, record_refused_attempt, require_state, take_step
from khcn.lib.actor import Actor
from khcn.lib.digest import digest, plain
from khcn.lib.failure import Refused

Count = Callable[[list[dict[str, Any]], dict[str, Any]], dict[str, Any]]
"""A pure rule: (ballots, facts) → JSON-able result; its "trace" key is kept with the step."""
Compare = Callable[[dict[str, dict[str, Any]]], dict[str, dict[str, Any]]]
"""A pure rule over all results by subject uid, as a ranking; returns the results to keep."""


def count_ballots(
    *,
    by: Actor,
    council: Council,
    count: Count,
    compare: Compare | None = None,
    verdicts: Sequence[Verdict] = (),
    expected_version: int | None = None,
) -> Council:
    """Open the ballots of a sealed box, verify every one, and store each subject's result.

    count receives ballots as [{"voter": seat uid, "role": …, **content}], ordered by voter, and the subject's facts
    with "members_present" and "members_total" (seats with a vote). Raises BallotRefused before the seal, BallotTampered
    when a ballot was changed, added, removed or moved (the finding goes into the audit log; nothing is opened).
    """
    require_council_step(by, council, "count")
    try:
        with transaction.atomic():
            lock(council, expected_version=expected_version)
            require_state(council, CouncilState.BALLOTS_SEALED, error=BallotRefused, what="kiểm phiếu")
            opened = _open_box(council)
            facts = _facts_of(council)
            results = {
                str(subject.uid): _plain_result(count(_rows(opened[subject.pk]), {**subject.facts, **facts}))
                for subject in council.subjects.order_by("id")
            }
            if compare is not None:
                results = {uid: _plain_result(result) for uid, result in compare(results).items()}
            _store(council, opened, results)
            record(by=by, verb="council.box_opened", subject=council, after=_digests(results))
            return take_step(by=by, council=council, event="count", verdicts=verdicts, trace=_traces(results))
    except BallotTampered as found:
        record_refused_attempt(
            by=by, verb="council.tampering_found", subject=council, label=council.code, after={"found": found.message}
        )
        raise


def conclude_without_ballots(
    *,
    by: Actor,
    council: Council,
    results: Mapping[str, Mapping[str, Any]],
    verdicts: Sequence[Verdict] = (),
    expected_version: int | None = None,
) -> Council:
    """Store the conclusions of a team that does not vote. results: subject uid → JSON-able result.

    Raises BallotRefused when ballots were cast, Refused when a subject has no conclusion.
    """
    require_council_step(by, council, "conclude")
    with transaction.atomic():
        lock(council, expected_version=expected_version)
        if Ballot.objects.filter(subject__council=council).exists():
            raise BallotRefused("Đã có phiếu trong phiên họp; phải niêm phong và kiểm phiếu.")
        subjects = list(council.subjects.order_by("id"))
        if {str(subject.uid) for subject in subjects} != set(results):
            raise Refused("Mỗi nội dung họp phải có một kết luận.", field="results")
        kept = {uid: _plain_result(result) for uid, result in results.items()}
        _store(council, {}, kept)
        record(by=by, verb="council.concluded", subject=council, after=_digests(kept))
        return take_step(by=by, council=council, event="conclude", verdicts=verdicts, trace=_traces(kept))


def _open_box(council: Council) -> dict[int, list[tuple[Ballot, dict[str, Any]]]]:
    """Ballots with their contents by subject id, each proved to be the one that was cast. Raises BallotTampered."""
    sealed_entry = history_of(subject_type=council._meta.label_lower, subject_uid=council.uid).filter(
        verb="council.box_sealed"
    ).first()  # fmt: skip
    box = box_of(council)
    if sealed_entry is None or (sealed_entry.after or {}).get("root") != root_of(box):
        raise BallotTampered("Hòm phiếu không còn như khi niêm phong; không mở phiếu, đề nghị kiểm tra nhật ký.")
    opened: dict[int, list[tuple[Ballot, dict[str, Any]]]] = {}
    for subject in council.subjects.order_by("id"):
        committed = _committed(subject)
        ballots = list(subject.ballots.select_related("seat__person").order_by("seat__uid"))
        if {str(ballot.seat.uid): ballot.commitment for ballot in ballots} != committed:
            raise BallotTampered(f"Phiếu về “{subject.label}” không khớp với nhật ký bỏ phiếu.")
        opened[subject.pk] = [(ballot, _content(council, subject, ballot)) for ballot in ballots]
    return opened


def _committed(subject: CouncilSubject) -> dict[str, str]:
    """Seat uid → commitment of the last ballot that the audit log saw cast and not voided."""
    entries = history_of(subject_type=subject._meta.label_lower, subject_uid=subject.uid).order_by("id")
    committed: dict[str, str] = {}
    for entry in entries.filter(verb__in=["ballot.cast", "ballot.void"]):
        after = entry.after or {}
        if entry.verb == "ballot.cast":
            committed[after["seat"]] = after["commitment"]
        else:
            committed.pop(after["seat"], None)
    return committed


def _content(council: Council, subject: CouncilSubject, ballot: Ballot) -> dict[str, Any]:
    found = unseal(council.uid, bytes(ballot.sealed))
    if found is None:
        raise BallotTampered(f"Không mở được phiếu của {ballot.seat.person}: phiếu hoặc khóa đã bị thay đổi.")
    body, commitment = found
    place = (str(ballot.seat.uid), str(subject.uid))
    if commitment != ballot.commitment or (body["seat"], body["subject"]) != place:
        raise BallotTampered(f"Phiếu của {ballot.seat.person} không phải là phiếu đã bỏ.")
    return body["content"]


def _facts_of(council: Council) -> dict[str, Any]:
    return {
        "members_present": present_voters(council).count(),
        "members_total": sitting_seats(council).filter(votes=True).count(),
    }


def _rows(opened: list[tuple[Ballot, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [{**content, "voter": str(ballot.seat.uid), "role": ballot.seat.role} for ballot, content in opened]


def _store(
    council: Council,
    opened: Mapping[int, list[tuple[Ballot, dict[str, Any]]]],
    results: Mapping[str, dict[str, Any]],
) -> None:
    for box in opened.values():
        for ballot, content in box:
            ballot.opened = content
            ballot.save(update_fields=["opened"])
    for subject in council.subjects.all():
        subject.result = results[str(subject.uid)]
        subject.save(update_fields=["result"])


def _plain_result(result: Mapping[str, Any]) -> dict[str, Any]:
    return dict(plain(result))  # type: ignore[call-overload]


def _digests(results: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    return {uid: digest(result) for uid, result in results.items()}


def _traces(results: Mapping[str, dict[str, Any]]) -> list[Mapping[str, Any]]:
    traces: list[Mapping[str, Any]] = []
    for uid, result in results.items():
        trace = result.get("trace", [])
        traces += [{"subject": uid, **item} for item in (trace if isinstance(trace, list) else [trace])]
    return traces
