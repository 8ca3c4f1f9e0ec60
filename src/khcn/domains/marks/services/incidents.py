"""Takes in reports about a right, keeps their evidence, hands them to the inspector, and keeps the conclusion."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from khcn.domains.marks.choices import IncidentAct, IncidentKind, IncidentState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Incident, IncidentEvidence, IncidentStep, Right, UseRight
from khcn.domains.marks.permissions import manager_of, require_concluder, require_decider, require_keeper
from khcn.domains.marks.rules.incidents import INCIDENT_STEPS, OPEN_STATES
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number, store_file
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.roles import Role
from khcn.web.uploads import ATTACHMENT_KINDS, IMAGE_KINDS, FileKind, check_upload

MOST_FILES, MOST_BYTES = 20, 20 * 1024 * 1024


def receive_incident(
    *, by: Actor, right: Right, kind: IncidentKind, text: str, now: datetime, happened_on: date | None = None,
    place: str = "", suspect: str = "", use: UseRight | None = None, stamp_code: str = "", lot_code: str = "",
    reporter: str = "", contact: str = "", is_illustration: bool = False,
) -> Incident:  # fmt: skip
    """Take in a report: a consumer's from anybody, an infringement's from the office. Raises Forbidden, Refused."""
    if kind is not IncidentKind.CONSUMER or not right.is_public:
        require_keeper(by, right)
    if not text.strip():
        raise Refused("Ghi điều muốn phản ánh.", field="text")
    if happened_on is not None and happened_on > timezone.localdate(now):
        raise Refused("Ngày thấy không thể ở tương lai.", field="happened_on")
    if use is not None and use.right_id != right.pk:
        raise Refused("Thành viên này thuộc quyền khác.", field="use")
    with transaction.atomic():
        year = timezone.localdate(now).year
        number = next_number(series="marks.PA", year=year)
        incident = Incident.objects.create(
            code=f"PA-{year}-{number:04d}", right=right, kind=kind, text=text.strip()[:4000], happened_on=happened_on,
            place=place.strip()[:300], suspect=suspect.strip()[:300], use=use, stamp_code=stamp_code.strip()[:60],
            lot_code=lot_code.strip()[:60], reporter=reporter.strip()[:200], contact=contact.strip()[:200],
            received_at=now, entered_by_id=by.user_id, is_illustration=is_illustration,
        )  # fmt: skip
        _note(by, incident, IncidentAct.RECEIVE, timezone.localdate(now))
        party = manager_of(right)
        if party is not None and party.organisation_id is not None:
            notify(
                recipients=holders_of(
                    Role.SPECIALIST, on=timezone.localdate(now), organisation_id=party.organisation_id
                ),
                kind=NoticeKind.DO, title="Có tin báo, phản ánh về quyền", body=f"{right.name}: {text.strip()[:120]}",
                subject=incident, url=reverse("mark_incident", args=[incident.code]),
            )  # fmt: skip
    return incident


def receive_consumer(
    *, by: Actor, right: Right, text: str, now: datetime, photo: tuple[bytes, str] | None = None, **facts: Any
) -> Incident:
    """Take in what a buyer says, with a picture. Raises as `receive_incident` does, and UploadRefused."""
    with transaction.atomic():
        incident = receive_incident(by=by, right=right, kind=IncidentKind.CONSUMER, text=text, now=now, **facts)
        if photo is not None:
            _keep(by, incident, photo[0], photo[1], "", IMAGE_KINDS)
    return incident


def add_evidence(*, by: Actor, incident: Incident, content: bytes, filename: str, title: str = "") -> IncidentEvidence:
    """Keep a picture or paper with a report that is not closed. Raises Forbidden, MarkStepRefused, UploadRefused."""
    require_concluder(by, incident)
    with transaction.atomic():
        held = Incident.objects.select_for_update().get(pk=incident.pk)
        if held.state not in OPEN_STATES:
            raise MarkStepRefused("Tin báo đã kết luận nên không thêm chứng cứ.")
        if incident.evidence.count() >= MOST_FILES:
            raise MarkStepRefused(f"Mỗi tin báo giữ nhiều nhất {MOST_FILES} tệp.")
        return _keep(by, incident, content, filename, title, ATTACHMENT_KINDS)


def _keep(
    by: Actor, incident: Incident, content: bytes, filename: str, title: str, allowed: Sequence[FileKind]
) -> IncidentEvidence:
    checked = check_upload(content, filename, allowed=allowed, max_bytes=MOST_BYTES)
    stored = store_file(by=by, content=content, media_type=checked.kind.media_type)
    evidence = IncidentEvidence.objects.create(
        incident=incident, title=(title.strip() or checked.display_name)[:200], filename=checked.display_name[:200],
        file=stored, added_by_id=by.user_id,
    )  # fmt: skip
    record(by=by, verb="mark.evidence", subject=incident, after={"title": evidence.title, "sha256": stored.sha256})
    return evidence


def check_incident(
    *, by: Actor, incident: Incident, on: date, note: str, expected_version: int | None = None
) -> Incident:
    """Say that a report is being looked into. Raises Forbidden, Refused, MarkStepRefused, Stale."""
    require_keeper(by, incident.right)
    return _step(by, incident, IncidentAct.CHECK, on, note, expected_version)


def hand_over(
    *, by: Actor, incident: Incident, to: Organisation, on: date, note: str, expected_version: int | None = None
) -> Incident:
    """Hand a report with its evidence to the inspecting body, whose inspectors are told. Raises as above."""
    require_decider(by, incident.right)
    with transaction.atomic():
        incident.handed_to, incident.handed_on = to, on
        changed = _step(by, incident, IncidentAct.HAND_OVER, on, note, expected_version, ("handed_to", "handed_on"))
        notify(
            recipients=holders_of(Role.INSPECTOR, on=on, organisation_id=to.pk), kind=NoticeKind.DO,
            title="Hồ sơ vi phạm được chuyển đến", body=f"{incident.code}: {incident.right.name}", subject=incident,
            url=reverse("mark_incident", args=[incident.code]),
        )  # fmt: skip
    return changed


def conclude_incident(
    *, by: Actor, incident: Incident, founded: bool, on: date, conclusion: str, decision: str = "",
    penalty_vnd: int = 0, expected_version: int | None = None,
) -> Incident:  # fmt: skip
    """Keep what came of a report: by the manager's leaders, or the inspector it was handed to. Raises as above."""
    require_concluder(by, incident, decides=True)
    if not founded and (penalty_vnd or decision.strip()):
        raise Refused("Không có căn cứ thì không có quyết định xử lý.", field="decision")
    if penalty_vnd and not decision.strip():
        raise Refused("Ghi số quyết định xử phạt.", field="decision")
    with transaction.atomic():
        incident.conclusion, incident.decision = conclusion.strip(), decision.strip()[:200]
        incident.penalty_vnd, incident.closed_on = penalty_vnd, on
        act = IncidentAct.CONCLUDE if founded else IncidentAct.DISMISS
        names = ("conclusion", "decision", "penalty_vnd", "closed_on")
        return _step(by, incident, act, on, conclusion, expected_version, names)


def _step(
    by: Actor, incident: Incident, act: IncidentAct, on: date, note: str, expected: int | None,
    names: tuple[str, ...] = (),
) -> Incident:  # fmt: skip
    sources, target = INCIDENT_STEPS[act]
    if not note.strip():
        raise Refused("Ghi nội dung.", field="note" if not incident.conclusion else "conclusion")
    if on < timezone.localdate(incident.received_at):
        raise Refused("Chọn ngày từ ngày nhận tin trở đi.", field="on")
    with transaction.atomic():
        incident.claim(expected, {name: getattr(incident, name) for name in names})
        incident.refresh_from_db(fields=["state"])
        if incident.state not in sources:
            raise MarkStepRefused(
                f"Không làm được việc này khi tin báo ở trạng thái “{IncidentState(incident.state).label}”."
            )
        incident.state = target
        incident.save()
        _note(by, incident, act, on, note)
    return incident


def _note(by: Actor, incident: Incident, act: IncidentAct, on: date, note: str = "") -> None:
    IncidentStep.objects.create(incident=incident, act=act, on=on, note=note.strip()[:500], done_by_id=by.user_id)
    record(by=by, verb=f"mark.incident_{act.value}", subject=incident, after={"on": on, "note": note})
