"""The one-stop part of the demonstration: invented procedures of a department and a commune, and sixty dossiers.

Everything goes through the services, at moments in the past; nothing here is a real procedure, person or result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from django.utils import timezone

from khcn.domains.onestop.choices import (
    ApplicantKind,
    Channel,
    ComplaintState,
    PaymentMethod,
    ReturnMethod,
    Satisfaction,
)
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier
from khcn.domains.onestop.services import handling, intake, portal, voices, work
from khcn.domains.onestop.services.intake import Applicant, SentFile
from khcn.domains.onestop.services.portal import PortalAnswer
from khcn.kernel.documents import services as documents
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.queries.cases import open_runs
from khcn.lib.actor import Actor
from khcn.site.demo.onestop_office import SINCE, Place, place_of, publish, workflow_of
from khcn.site.demo.onestop_stories import NAMES, PLANS, PROCEDURES

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CITIZEN = Actor(uid=UUID(int=2), name="Người nộp (minh họa)", on=SINCE)


def tell_onestop(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Publish the procedures and tell the dossiers; returns how many dossiers there are."""
    department = place_of(bodies["BP-SKHCN"], today, {"chuyenvien", "truongphong", "giamdoc", "motcua", "vanthu"})
    commune = place_of(bodies["UBND-25210"], today, set())
    for place, code in ((department, "H10.16"), (commune, "H10.99.01")):
        documents.set_identifier(by=office, organisation=place.body, code=code, basis="Mã minh họa")
    places = {"SO": department, "XA": commune}
    flows = {key: workflow_of(key, place) for key, place in places.items()}
    published = [(places[row[0]], publish(row, places[row[0]], flows[row[0]])) for row in PROCEDURES]
    finishing: list[tuple[datetime, str, Place, Dossier]] = []
    for index, plan in enumerate(PLANS):
        place, procedure = published[(index * 3) % len(published)]
        begun = _moment(
            today,
            170 - index * 2 if plan.startswith(("returned", "decided", "refused", "stopped")) else _recent(plan, index),
            8 + index % 7,
        )
        _one(plan, index, place, procedure, begun, finishing)
    for at, plan, place, dossier in sorted(finishing, key=lambda item: item[0]):
        _finish(plan, place, dossier, at)
    portal.push_waiting(carry=_simulated_portal, now=timezone.now(), limit=1000)
    return len(PLANS)


def _recent(plan: str, index: int) -> int:
    return {"overdue": 40 + index % 9, "supplement": 12, "fee": 8, "withdrawal": 6}.get(plan, 1 + index % 3)


def _one(
    plan: str, index: int, place: Place, procedure: AdministrativeProcedure, begun: datetime,
    finishing: list[tuple[datetime, str, Place, Dossier]],
) -> None:  # fmt: skip
    channel = Channel.ONLINE if index % 5 < 3 else Channel.COUNTER if index % 5 == 3 else Channel.POST
    parts = list(procedure.components.filter(is_required=True))
    sent = parts[:-1] if plan in ("intake", "submitted") and index % 2 else parts
    name = NAMES[index % len(NAMES)]
    dossier = intake.submit(
        by=CITIZEN if channel is Channel.ONLINE else place.clerk,
        procedure=procedure,
        channel=channel,
        applicant=Applicant(
            name,
            ApplicantKind.ENTERPRISE if "minh họa" in name else ApplicantKind.CITIZEN,
            phone=f"09000000{index:02d}",
        ),
        files=[
            SentFile(f"giay-to-{place}.pdf", PDF, part.pk, is_reused=index % 4 == 0)
            for place, part in enumerate(sent, 1)
        ],
        return_method=ReturnMethod.ONLINE if index % 3 == 0 else ReturnMethod.COUNTER,
        now=begun,
        is_illustration=True,
    )
    later = begun + timedelta(minutes=25)
    if plan == "submitted":
        return
    if plan == "intake":
        intake.ask_intake(by=place.clerk, dossier=dossier, contents="Nộp đủ giấy tờ bắt buộc.", now=later)
        return
    if plan == "refused":
        intake.refuse(by=place.clerk, dossier=dossier, reason="Không thuộc thẩm quyền của cơ quan.", now=later)
        return
    intake.accept(by=place.clerk, dossier=dossier, now=later)
    if plan == "accepted":
        return
    handling.start(by=place.clerk, dossier=dossier, now=later + timedelta(minutes=10))
    _step(place.head, dossier, later + timedelta(minutes=40))
    _go_on(plan, index, place, dossier, later, finishing)


def _go_on(
    plan: str, index: int, place: Place, dossier: Dossier, later: datetime,
    finishing: list[tuple[datetime, str, Place, Dossier]],
) -> None:  # fmt: skip
    due = dossier.appointment_at or later
    soon = later + timedelta(hours=1)
    if plan in ("in_progress", "overdue"):
        if index % 2:
            _step(place.specialist, dossier, soon)
        return
    if plan == "supplement":
        handling.ask_supplement(by=place.specialist, dossier=dossier, contents="Bổ sung bản có đóng dấu.", now=soon)
    elif plan == "fee":
        handling.demand_fee(by=place.specialist, dossier=dossier, amount_vnd=150_000, reason="Phí thẩm định", now=soon)
    elif plan == "withdrawal":
        handling.ask_withdraw(by=CITIZEN, dossier=dossier, reason="Nộp nhầm thủ tục.", by_applicant=True, now=soon)
    elif plan == "stopped":
        handling.ask_supplement(by=place.specialist, dossier=dossier, contents="Bổ sung báo cáo.", now=soon)
        end = later + timedelta(days=30)
        handling.stop(by=place.director, dossier=dossier, reason="Quá thời gian chờ bổ sung.", now=end)
    else:
        if index % 6 == 1:
            handling.ask_supplement(by=place.specialist, dossier=dossier, contents="Bổ sung một bản sao.", now=soon)
            files = [SentFile("bo-sung.pdf", PDF)]
            back = soon + timedelta(days=2)
            handling.supplied(by=CITIZEN, dossier=dossier, files=files, by_applicant=True, now=back)
        elif index % 6 == 2 and dossier.procedure.fee_vnd:
            handling.demand_fee(by=place.specialist, dossier=dossier, now=soon)
            handling.record_payment(
                by=place.clerk, dossier=dossier, method=PaymentMethod.PORTAL if index % 4 else PaymentMethod.CASH,
                receipt_number=f"BL-{index:03d}", now=soon + timedelta(hours=2),
            )  # fmt: skip
        elif index % 11 == 5 and due - soon > timedelta(days=2):
            handling.extend(
                by=place.director,
                dossier=dossier,
                until=_close(due + timedelta(days=4)),
                reason="Chờ ý kiến chuyên môn.",
                now=soon,
            )
        finishing.append(
            (due + timedelta(days=5) if plan == "returned_late" else _before(due, soon), plan, place, dossier)
        )


def _finish(plan: str, place: Place, dossier: Dossier, at: datetime) -> None:
    at = min(at, timezone.now() - timedelta(hours=2))
    dossier.refresh_from_db()
    _step(place.specialist, dossier, at - timedelta(minutes=40))
    _step(place.director, dossier, at - timedelta(minutes=20))
    paper = documents.draft_paper(
        by=place.specialist, organisation=place.body, kind=DocumentKind.NOTICE, title="Kết quả giải quyết hồ sơ",
        notation="TB-MH", place="Bình Phước", signer=place.signer, signer_title="Giám đốc", archive="VT",
        body=f"Hồ sơ {dossier.code} đủ điều kiện.\nKết quả: {dossier.procedure.result_title}.",
        recipients="Người nộp hồ sơ", subject_type="onestop.dossier", subject_uid=dossier.uid, is_illustration=True,
    )  # fmt: skip
    documents.check_paper(by=place.specialist, paper=paper)
    documents.initial_paper(by=place.head, paper=paper)
    documents.sign_paper(by=place.director, paper=paper)
    documents.number_paper(by=place.registrar, paper=paper, on=timezone.localdate(at))
    documents.seal_paper(by=place.registrar, paper=paper)
    handling.decide(by=place.specialist, dossier=dossier, paper=paper, now=at)
    if plan == "decided":
        return
    handed = at + timedelta(minutes=90)
    handling.hand_over(
        by=place.clerk, dossier=dossier, identity_or_proof="Giấy tờ của người nộp (minh họa)", now=handed
    )
    number = dossier.pk
    if number % 2:
        level = list(Satisfaction)[number % 4 if plan == "returned" else 3]
        voices.answer_survey(
            by=CITIZEN, dossier=dossier, overall=level, attitude=Satisfaction.SATISFIED, time=level, now=handed
        )
    if plan == "returned_late":
        complaint = voices.raise_complaint(
            by=CITIZEN, agency=place.body, dossier=dossier, sender_name=dossier.applicant_name, now=handed,
            contents="Kết quả trả chậm hơn giấy hẹn, đề nghị cơ quan giải thích.", is_illustration=True,
        )  # fmt: skip
        if number % 3:
            voices.move_complaint(
                by=place.head,
                complaint=complaint,
                to=ComplaintState.ANSWERED,
                text="Cơ quan xin lỗi và đã rút kinh nghiệm.",
                now=handed + timedelta(days=3),
            )


def _step(actor: Actor, dossier: Dossier, at: datetime) -> None:
    if dossier.case is None:
        return
    for run in open_runs(dossier.case):
        work.complete_work(by=actor, dossier=dossier, run=run, note="Đã xử lý.", now=max(at, run.ready_at))


def _moment(today: date, days_ago: int, hour: int) -> datetime:
    on = calendar().next_working_day(today - timedelta(days=days_ago))
    on = on if on < today else calendar().add_working_days(today, -1)
    return datetime.combine(on, time(min(hour, 14), 5), timezone.get_current_timezone())


def _close(at: datetime) -> datetime:
    on = calendar().next_working_day(timezone.localdate(at))
    return datetime.combine(on, time(17, 30), timezone.get_current_timezone())


def _before(due: datetime, soon: datetime) -> datetime:
    return max(soon + timedelta(hours=1), due - timedelta(hours=5))


def _simulated_portal(message_id: str, payload: Mapping[str, Any]) -> PortalAnswer:
    """Answers as a portal would: mostly yes, now and then an error inside the answer, or no answer."""
    number = crc32(f"{payload['MaHoSo']}/{payload['ThuTu']}".encode())
    if number % 29 == 3:
        return PortalAnswer("17", "Mã thủ tục chưa được đồng bộ (mô phỏng)")
    if number % 31 == 5:
        raise TimeoutError("Cổng không trả lời (mô phỏng)")
    return PortalAnswer("0", "Đã nhận (mô phỏng)")
