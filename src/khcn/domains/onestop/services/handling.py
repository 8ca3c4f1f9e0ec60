"""Handles accepted dossiers: forwarding, supplements, fees, the one extension, withdrawal, stop, result, hand-over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from khcn.domains.onestop.choices import (
    DeliveryState,
    FinanceState,
    PaperKind,
    PaymentMethod,
    ReturnMethod,
    SupplementClock,
    SupplementStage,
)
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.models import Dossier, Extension, FeeDemand, Supplement
from khcn.domains.onestop.permissions import require
from khcn.domains.onestop.queries.law import parameters_on
from khcn.domains.onestop.rules.statuses import Facts
from khcn.domains.onestop.services.intake import SentFile, add_files
from khcn.domains.onestop.services.steps import issue_paper, take
from khcn.kernel.documents.choices import DocumentKind, PaperState
from khcn.kernel.documents.models import OfficialPaper
from khcn.kernel.documents.queries import verify_pdf
from khcn.kernel.documents.services import register_document
from khcn.kernel.orgs.queries import successors_of
from khcn.kernel.procedures.choices import CaseState, ClockReason
from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.queries.cases import open_runs
from khcn.kernel.procedures.services import cancel_case, extend_case, pause_clock, restart_clock, resume_clock
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.pades import PdfRefused
from khcn.web.uploads import PDF, check_upload

ISSUED = (PaperState.NUMBERED, PaperState.SEALED, PaperState.SENT, PaperState.ACKNOWLEDGED)


def start(*, by: Actor, dossier: Dossier, expected_version: int | None = None, now: datetime | None = None) -> Dossier:
    """Forward an accepted dossier to the deciding agency."""
    now = now or timezone.now()
    require(by, "start", dossier)
    with transaction.atomic():
        return take(by=by, dossier=dossier, event="start", facts=Facts(now=now), expected_version=expected_version)


def ask_supplement(
    *, by: Actor, dossier: Dossier, contents: str, sector_basis: str = "", expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Ask the applicant for more during processing (form 02); the clock stands until it comes.

    Once, unless a sector's law (given, or known to the procedure) allows more.
    """
    now = now or timezone.now()
    require(by, "ask_supplement", dossier)
    with transaction.atomic():
        asked = dossier.supplements.filter(stage=SupplementStage.APPRAISAL).count()
        allowed = parameters_on(timezone.localdate(now)).get("supplement.maximum", 1)
        facts = Facts(
            now=now, reason=contents, supplements=asked, max_supplements=int(allowed),
            sector_basis=sector_basis or dossier.procedure.sector_basis,
        )  # fmt: skip
        take(
            by=by, dossier=dossier, event="ask_supplement", facts=facts, note=contents,
            expected_version=expected_version,
        )  # fmt: skip
        pause_clock(by=by, case=_case(dossier), reason=ClockReason.SUPPLEMENT, note=contents[:500], now=now)
        Supplement.objects.create(
            dossier=dossier, stage=SupplementStage.APPRAISAL, contents=contents, asked_at=now, asked_by_id=by.user_id,
            sector_basis=facts.sector_basis if asked >= facts.max_supplements else "",
        )  # fmt: skip
        issue_paper(by=by, dossier=dossier, kind=PaperKind.SUPPLEMENT, now=now, reason=contents)
    return dossier


def supplied(
    *, by: Actor, dossier: Dossier, files: Sequence[SentFile] = (), by_applicant: bool = False,
    expected_version: int | None = None, now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Take in the supplement: at the counter, or from the applicant on line; the clock runs again or anew."""
    now = now or timezone.now()
    if by_applicant and not files:
        raise Refused("Chọn ít nhất một tệp để bổ sung.", field="files")
    if not by_applicant:
        require(by, "supplied", dossier)
    with transaction.atomic():
        take(by=by, dossier=dossier, event="supplied", facts=Facts(now=now), expected_version=expected_version)
        add_files(by=by, dossier=dossier, files=files, now=now, by_applicant=by_applicant)
        dossier.supplements.filter(supplied_at=None).update(supplied_at=now)
        move = restart_clock if dossier.procedure.supplement_clock == SupplementClock.RESTART else resume_clock
        move(by=by, case=_case(dossier), note="Đã bổ sung hồ sơ", now=now)
    return dossier


def demand_fee(
    *, by: Actor, dossier: Dossier, amount_vnd: int | None = None, reason: str = "",
    expected_version: int | None = None, now: datetime | None = None,
) -> FeeDemand:  # fmt: skip
    """Demand the procedure's fee, or another amount with its reason; the clock stands until it is paid."""
    now = now or timezone.now()
    require(by, "demand_fee", dossier)
    amount = dossier.procedure.fee_vnd if amount_vnd is None else amount_vnd
    with transaction.atomic():
        take(
            by=by, dossier=dossier, event="demand_fee", facts=Facts(now=now, fee_vnd=amount), note=reason,
            expected_version=expected_version, changes={"finance": FinanceState.DEMANDED},
        )  # fmt: skip
        pause_clock(by=by, case=_case(dossier), reason=ClockReason.FEE, note=reason[:500], now=now)
        return FeeDemand.objects.create(dossier=dossier, amount_vnd=amount, reason=reason[:300], demanded_at=now)


def record_payment(
    *, by: Actor, dossier: Dossier, method: PaymentMethod, receipt_number: str, expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Record the payment of the open demand with its receipt; the clock runs on."""
    now = now or timezone.now()
    require(by, "paid", dossier)
    if not receipt_number.strip():
        raise Refused("Ghi số biên lai hoặc mã giao dịch.", field="receipt_number")
    with transaction.atomic():
        take(
            by=by, dossier=dossier, event="paid", facts=Facts(now=now), note=receipt_number,
            expected_version=expected_version, changes={"finance": FinanceState.PAID},
        )  # fmt: skip
        dossier.fees.filter(paid_at=None).update(
            paid_at=now, method=method, receipt_number=receipt_number.strip()[:60], taken_by_id=by.user_id
        )
        resume_clock(by=by, case=_case(dossier), note="Đã nộp phí", now=now)
    return dossier


def extend(
    *, by: Actor, dossier: Dossier, until: datetime, reason: str, expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Apologise and appoint a new day (form 04): by a leader, before the old one has passed, once."""
    now = now or timezone.now()
    require(by, "extend", dossier)
    with transaction.atomic():
        case = _case(dossier)
        case.refresh_from_db()
        allowed = parameters_on(timezone.localdate(now)).get("extension.maximum", 1)
        facts = Facts(
            now=now, reason=reason, due_at=case.due_at, new_due_at=until, extensions=dossier.extensions.count(),
            max_extensions=int(allowed),
        )  # fmt: skip
        take(by=by, dossier=dossier, event="extend", facts=facts, note=reason, expected_version=expected_version)
        issue_paper(by=by, dossier=dossier, kind=PaperKind.APOLOGY, now=now, reason=reason, until=until)
        old = case.due_at or now
        extend_case(by=by, case=case, due_at=until, reason=reason, now=now)
        Extension.objects.create(
            dossier=dossier, reason=reason, old_due_at=old, new_due_at=until, at=now, signed_by_id=by.user_id
        )
        dossier.appointment_at = until
        dossier.save(update_fields=["appointment_at"])
    return dossier


def ask_withdraw(
    *, by: Actor, dossier: Dossier, reason: str, by_applicant: bool = False, expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """The applicant asks for the dossier back."""
    now = now or timezone.now()
    if not by_applicant:
        require(by, "ask_withdraw", dossier)
    with transaction.atomic():
        return take(
            by=by, dossier=dossier, event="ask_withdraw", facts=Facts(now=now), note=reason,
            expected_version=expected_version,
        )  # fmt: skip


def answer_withdrawal(
    *, by: Actor, dossier: Dossier, allow: bool, reason: str, expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """A leader lets the dossier go (form 05; the case ends), or says why not; a clock that stood runs on."""
    now = now or timezone.now()
    event = "allow_withdraw" if allow else "deny_withdraw"
    require(by, event, dossier)
    with transaction.atomic():
        facts = Facts(now=now, reason=reason, has_signed_result=_has_signed_result(dossier))
        changes = {"ended_at": now} if allow else {}
        take(
            by=by, dossier=dossier, event=event, facts=facts, note=reason, expected_version=expected_version,
            changes=changes,
        )  # fmt: skip
        if allow:
            _end(by, dossier, reason or "Người nộp rút hồ sơ", "Rút hồ sơ", now)
        else:
            _run_on(by, dossier, now)
    return dossier


def stop(
    *, by: Actor, dossier: Dossier, reason: str, expected_version: int | None = None, now: datetime | None = None
) -> Dossier:
    """Stop a dossier for good, with the reason (form 05)."""
    now = now or timezone.now()
    require(by, "stop", dossier)
    with transaction.atomic():
        take(
            by=by, dossier=dossier, event="stop", facts=Facts(now=now, reason=reason), note=reason,
            expected_version=expected_version, changes={"ended_at": now},
        )  # fmt: skip
        _end(by, dossier, reason, "Dừng giải quyết", now)
    return dossier


def decide(
    *, by: Actor, dossier: Dossier, paper: OfficialPaper | None = None, content: bytes = b"", filename: str = "",
    expected_version: int | None = None, now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Register the result: a numbered official paper of the deciding agency (or of who carries its duties on), or a PDF
    with good signatures.

    Every step of the case must be done. Raises DossierStepRefused, UploadRefused.
    """
    now = now or timezone.now()
    require(by, "decide", dossier)
    with transaction.atomic():
        waiting = [run.name for run in open_runs(_case(dossier))]
        if waiting:
            raise DossierStepRefused(f"Quy trình còn bước chưa xong: {', '.join(waiting)}.")
        changes: dict[str, object] = {"decided_at": now, "delivery": DeliveryState.READY}
        signed = False
        if paper is not None:
            heirs = {body.pk for body in successors_of(dossier.deciding, on=timezone.localdate(now))}
            signed = paper.state in ISSUED and paper.organisation_id in {dossier.deciding_id, *heirs}
            changes |= {"result_paper": paper, "result": paper.document}
        elif content:
            check_upload(content, filename, allowed=(PDF,))
            signed = _is_signed(content)
            changes["result"] = register_document(
                by=by, kind=DocumentKind.OTHER, title=f"{dossier.procedure.result_title} {dossier}", content=content,
                filename=filename, media_type=PDF.media_type, owner=dossier.deciding,
                subject_type=Dossier._meta.label_lower, subject_uid=dossier.uid, role="result",
            )  # fmt: skip
        facts = Facts(now=now, has_signed_result=signed)
        return take(
            by=by, dossier=dossier, event="decide", facts=facts, expected_version=expected_version, changes=changes
        )


def hand_over(
    *, by: Actor, dossier: Dossier, identity_or_proof: str, expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Give the result: to a person whose paper was looked at, or by post with the item's number."""
    now = now or timezone.now()
    require(by, "hand_over", dossier)
    with transaction.atomic():
        facts = Facts(
            now=now, identity_or_proof=identity_or_proof, fee_open=dossier.fees.filter(paid_at=None).exists(),
            originals_held=tuple(dossier.originals.filter(returned_at=None).values_list("name", flat=True)),
        )  # fmt: skip
        posted = dossier.return_method == ReturnMethod.POST
        changes = {
            "handed_to": identity_or_proof[:200], "ended_at": now,
            "delivery": DeliveryState.POSTED if posted else DeliveryState.HANDED_OVER,
        }  # fmt: skip
        return take(
            by=by, dossier=dossier, event="hand_over", facts=facts, note=identity_or_proof,
            expected_version=expected_version, changes=changes,
        )  # fmt: skip


def _case(dossier: Dossier) -> Case:
    if dossier.case is None:
        raise DossierStepRefused("Hồ sơ chưa được tiếp nhận.")
    return dossier.case


def _run_on(by: Actor, dossier: Dossier, now: datetime) -> None:
    case = _case(dossier)
    case.refresh_from_db()
    dossier.supplements.filter(supplied_at=None).update(supplied_at=now)
    if case.state == CaseState.PAUSED:
        resume_clock(by=by, case=case, note="Tiếp tục giải quyết", now=now)


def _end(by: Actor, dossier: Dossier, reason: str, outcome: str, now: datetime) -> None:
    case = _case(dossier)
    case.refresh_from_db()
    if case.is_open:
        cancel_case(by=by, case=case, reason=reason, outcome=outcome, now=now)
    issue_paper(by=by, dossier=dossier, kind=PaperKind.STOP, now=now, reason=reason)


def _has_signed_result(dossier: Dossier) -> bool:
    return (
        dossier.result_id is not None
        or OfficialPaper.objects.filter(
            subject_type=Dossier._meta.label_lower, subject_uid=dossier.uid, state__in=(PaperState.SIGNED, *ISSUED)
        ).exists()
    )


def _is_signed(content: bytes) -> bool:
    """Judged by the clock on the wall: a certificate must be good when the result is registered."""
    try:
        reports = verify_pdf(content, moment=timezone.now())
    except PdfRefused:
        return False
    return bool(reports) and all(report.is_good for report in reports)
