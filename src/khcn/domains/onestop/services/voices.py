"""Surveys after the result, and complaints with their limits."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from khcn.domains.onestop.choices import ComplaintState, NationalStatus, Satisfaction
from khcn.domains.onestop.models import Complaint, Dossier, SurveyAnswer
from khcn.domains.onestop.permissions import may_answer
from khcn.domains.onestop.queries.law import parameters_on
from khcn.domains.onestop.rules.clocks import complaint_due
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.queries import calendar
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused

STEPS = {
    ComplaintState.REFUSED: (ComplaintState.RECEIVED,),
    ComplaintState.MORE_ASKED: (ComplaintState.RECEIVED,),
    ComplaintState.IN_PROGRESS: (ComplaintState.RECEIVED, ComplaintState.MORE_ASKED),
    ComplaintState.ANSWERED: (ComplaintState.RECEIVED, ComplaintState.IN_PROGRESS),
    ComplaintState.PUBLISHED: (ComplaintState.ANSWERED,),
}
"""From which states each state of a complaint may be reached."""


def answer_survey(
    *, by: Actor, dossier: Dossier, overall: Satisfaction, attitude: Satisfaction, time: Satisfaction,
    comment: str = "", now: datetime | None = None,
) -> SurveyAnswer:  # fmt: skip
    """Keep the applicant's one answer, once there is a result, a refusal or a stop."""
    if dossier.status not in (
        NationalStatus.DECIDED, NationalStatus.RETURNED, NationalStatus.REFUSED, NationalStatus.STOPPED
    ):  # fmt: skip
        raise Refused("Khảo sát mở khi hồ sơ đã có kết quả.")
    try:
        with transaction.atomic():
            return SurveyAnswer.objects.create(
                dossier=dossier, overall=overall, attitude=attitude, time=time, comment=comment[:2000],
                at=now or timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("Hồ sơ này đã được khảo sát. Xin cảm ơn.") from error


def raise_complaint(
    *, by: Actor, agency: Organisation, sender_name: str, contents: str, sender_contact: str = "",
    dossier: Dossier | None = None, now: datetime | None = None, is_illustration: bool = False,
) -> Complaint:  # fmt: skip
    """Receive a complaint or suggestion about an agency; anybody may."""
    if not sender_name.strip() or len(contents.strip()) < 10:
        raise Refused("Ghi họ tên và nội dung phản ánh (ít nhất 10 ký tự).", field="contents")
    now = now or timezone.now()
    year = timezone.localtime(now).year
    with transaction.atomic():
        number = next_number(series="complaint", year=year, organisation=agency)
        complaint = Complaint.objects.create(
            code=f"PAKN-{agency.code}-{year}-{number:04d}"[:30], agency=agency, dossier=dossier,
            sender_name=sender_name.strip()[:200], sender_contact=sender_contact[:200], contents=contents.strip(),
            received_at=now, due_at=_due(ComplaintState.REFUSED, now), is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="complaint.raise", subject=complaint, after={"agency": agency.code})
    return complaint


def move_complaint(
    *, by: Actor, complaint: Complaint, to: ComplaintState, text: str = "", expected_version: int | None = None,
    now: datetime | None = None,
) -> Complaint:  # fmt: skip
    """Take a complaint on: refuse, ask for more, work on, answer, publish; each with the next limit."""
    now = now or timezone.now()
    if not may_answer(by, complaint):
        raise Forbidden("Việc này dành cho cán bộ của cơ quan bị phản ánh.")
    with transaction.atomic():
        complaint.claim(expected_version)
        complaint.refresh_from_db(fields=["state"])
        before = ComplaintState(complaint.state)
        if before not in STEPS.get(to, ()):
            raise Refused(f"Phản ánh đang ở trạng thái “{before.label}” nên không chuyển sang “{to.label}” được.")
        if to in (ComplaintState.REFUSED, ComplaintState.MORE_ASKED, ComplaintState.ANSWERED) and not text.strip():
            raise Refused("Ghi nội dung để người gửi biết.", field="text")
        complaint.state, complaint.decided_by_id = to, by.user_id
        if text.strip():
            complaint.answer = text.strip()
        if to is ComplaintState.ANSWERED:
            complaint.answered_at, complaint.due_at = now, _due(ComplaintState.PUBLISHED, now)
        elif to is ComplaintState.PUBLISHED:
            complaint.published_at, complaint.due_at = now, None
        elif to is ComplaintState.REFUSED:
            complaint.due_at = None
        else:
            complaint.due_at = _due(ComplaintState.ANSWERED, complaint.received_at)
        complaint.save()
        record(by=by, verb="complaint.move", subject=complaint, before={"state": before}, after={"state": to})
    return complaint


def _due(target: ComplaintState, counted_from: datetime) -> datetime:
    parameters = parameters_on(timezone.localdate(counted_from))
    return complaint_due(calendar(), target=target, counted_from=counted_from, parameters=parameters)
