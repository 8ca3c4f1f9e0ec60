"""Hands dossiers in – on line, at the counter, by post – and accepts, sends back or refuses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from secrets import choice
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import (
    ApplicantKind,
    Channel,
    FinanceState,
    NationalStatus,
    OnlineLevel,
    PaperKind,
    ReturnMethod,
    SupplementStage,
)
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier, DossierFile, StatusRecord, Supplement
from khcn.domains.onestop.permissions import require, require_counter
from khcn.domains.onestop.queries.law import parameters_on
from khcn.domains.onestop.rules.clocks import Limit, appointment
from khcn.domains.onestop.rules.codes import CodeNotRead, DossierCode, read_agency_code
from khcn.domains.onestop.rules.statuses import Facts
from khcn.domains.onestop.services.steps import issue_paper, take
from khcn.kernel.audit.services import record
from khcn.kernel.documents.queries import identifier_of
from khcn.kernel.documents.services import next_number, store_file
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.queries import calendar
from khcn.kernel.procedures.services import start_case
from khcn.lib.actor import Actor
from khcn.lib.calendar import TimeUnit
from khcn.lib.failure import Refused
from khcn.web.uploads import ATTACHMENT_KINDS, check_upload

TRACKING_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TRACKING_LENGTH = 10
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 30


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who hands in, as the form gives it."""

    name: str
    kind: ApplicantKind = ApplicantKind.CITIZEN
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    represented_by: str = ""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent; component: key of the procedure's component it belongs to."""

    name: str
    content: bytes
    component_id: int | None = None
    is_reused: bool = False


def submit(
    *, by: Actor, procedure: AdministrativeProcedure, channel: Channel, applicant: Applicant,
    form_values: Mapping[str, Any] | None = None, files: Sequence[SentFile] = (),
    return_method: ReturnMethod = ReturnMethod.COUNTER, return_address: str = "", support: Organisation | None = None,
    now: datetime | None = None, is_illustration: bool = False,
) -> Dossier:  # fmt: skip
    """Keep a dossier as handed in; it has a tracking code, no dossier code and no clock yet.

    On line anybody may; at the counter and by post a clerk of the receiving point. Raises Refused for a procedure that
    is not in force or not offered on line, for empty fields and files that may not be kept.
    """
    now = now or timezone.now()
    if channel is not Channel.ONLINE:
        require_counter(by, procedure)
    elif procedure.online_level == OnlineLevel.NONE:
        raise Refused("Thủ tục này chưa nhận trực tuyến. Vui lòng nộp tại bộ phận một cửa hoặc qua bưu chính.")
    if not procedure.is_valid_on(timezone.localdate(now)):
        raise Refused("Thủ tục này không có hiệu lực vào ngày nộp.")
    if not applicant.name.strip():
        raise Refused("Ghi họ tên hoặc tên tổ chức nộp hồ sơ.", field="name")
    if return_method is ReturnMethod.POST and not return_address.strip():
        raise Refused("Ghi địa chỉ để gửi kết quả qua bưu chính.", field="return_address")
    values = _read_form(procedure, form_values or {})
    with transaction.atomic():
        dossier = Dossier.objects.create(
            tracking=_tracking_code(), procedure=procedure, channel=channel, applicant_kind=applicant.kind,
            applicant_name=applicant.name.strip()[:200], applicant_id=applicant.identity[:30],
            applicant_phone=applicant.phone[:20], applicant_email=applicant.email,
            applicant_address=applicant.address[:300], represented_by=applicant.represented_by[:200],
            form_values=values, support=support, receiving=procedure.office, deciding=procedure.deciding,
            submitted_at=now, return_method=return_method, return_address=return_address[:300],
            finance=FinanceState.NOT_DEMANDED if procedure.fee_vnd else FinanceState.NONE,
            is_illustration=is_illustration,
        )  # fmt: skip
        add_files(by=by, dossier=dossier, files=files, now=now, by_applicant=channel is Channel.ONLINE)
        StatusRecord.objects.create(
            dossier=dossier, event="submit", status=NationalStatus.SUBMITTED, at=now, by_id=by.user_id, by_name=by.name
        )
        record(by=by, verb="dossier.submit", subject=dossier, after={"procedure": procedure.code, "channel": channel})
    return dossier


def add_files(
    *, by: Actor, dossier: Dossier, files: Sequence[SentFile], now: datetime | None = None, by_applicant: bool = False
) -> list[DossierFile]:
    """Keep files of a dossier, each checked by its bytes. Raises UploadRefused, Refused for too many."""
    now = now or timezone.now()
    if dossier.files.count() + len(files) > MAX_FILES:
        raise Refused(f"Mỗi hồ sơ nhận tối đa {MAX_FILES} tệp.", field="files")
    known = set(dossier.procedure.components.values_list("pk", flat=True))
    kept = []
    for sent in files:
        checked = check_upload(sent.content, sent.name, allowed=ATTACHMENT_KINDS, max_bytes=MAX_FILE_BYTES)
        stored = store_file(by=by, content=sent.content, media_type=checked.kind.media_type)
        kept.append(
            DossierFile.objects.create(
                dossier=dossier, component_id=sent.component_id if sent.component_id in known else None,
                filename=checked.display_name, file=stored, is_digitised=True, is_reused=sent.is_reused, added_at=now,
                by_applicant=by_applicant,
            )
        )  # fmt: skip
    return kept


def accept(
    *, by: Actor, dossier: Dossier, received_papers: Sequence[int] = (), expected_version: int | None = None,
    now: datetime | None = None,
) -> Dossier:  # fmt: skip
    """Accept a dossier: code, appointment, the engine's case, form 01; all or nothing.

    received_papers: components handed over on paper. Raises DossierStepRefused naming what is missing, Refused without
    an agency code or a procedure in force, NoFormInForce.
    """
    now = now or timezone.now()
    require(by, "accept", dossier)
    procedure = dossier.procedure
    here = set(dossier.files.values_list("component_id", flat=True)) | set(received_papers)
    required = procedure.components.filter(is_required=True)
    missing = tuple(component.name for component in required if component.pk not in here)
    with transaction.atomic():
        Dossier.objects.select_for_update().get(pk=dossier.pk)
        dossier.refresh_from_db(fields=["status", "code"])
        facts = Facts(now=now, missing=missing)
        if dossier.status == NationalStatus.SUBMITTED and not missing:
            due = appointment(calendar(), now, limit_of(procedure, now))
            code = _next_code(dossier.receiving, now)
            if procedure.workflow is None:
                raise Refused("Thủ tục chưa gắn quy trình xử lý nội bộ nên chưa tiếp nhận được. Đề nghị gắn quy trình.")
            case = start_case(
                by=by, procedure=procedure.workflow, code=code, title=f"{procedure.title} – {dossier.applicant_name}",
                subject=dossier, url=reverse("dossier_page", args=[dossier.uid]), applicant_name=dossier.applicant_name,
                deciding=dossier.deciding, receiving=dossier.receiving, support=dossier.support, due_at=due,
                limit_amount=Decimal(procedure.limit_amount), limit_unit=NormUnit(procedure.limit_unit), now=now,
                is_illustration=dossier.is_illustration, facts={"phi": procedure.fee_vnd},
            )  # fmt: skip
            changes = {
                "code": code, "case": case, "received_at": now, "received_by_id": by.user_id, "appointment_at": due,
                "intake_note": "", "papers_received": sorted(set(received_papers)),
            }  # fmt: skip
        else:
            changes = {}
        take(by=by, dossier=dossier, event="accept", facts=facts, expected_version=expected_version, changes=changes)
        dossier.supplements.filter(supplied_at=None).update(supplied_at=now)
        issue_paper(by=by, dossier=dossier, kind=PaperKind.RECEIPT, now=now)
    return dossier


def ask_intake(
    *, by: Actor, dossier: Dossier, contents: str, expected_version: int | None = None, now: datetime | None = None
) -> Dossier:
    """Ask for what is missing before acceptance (form 02); no clock runs."""
    now = now or timezone.now()
    require(by, "ask_intake", dossier)
    with transaction.atomic():
        take(
            by=by, dossier=dossier, event="ask_intake", facts=Facts(now=now, reason=contents), note=contents,
            expected_version=expected_version, changes={"intake_note": contents},
        )  # fmt: skip
        dossier.supplements.filter(supplied_at=None).update(supplied_at=now)
        Supplement.objects.create(
            dossier=dossier, stage=SupplementStage.INTAKE, contents=contents, asked_at=now, asked_by_id=by.user_id
        )
        issue_paper(by=by, dossier=dossier, kind=PaperKind.SUPPLEMENT, now=now, reason=contents)
    return dossier


def refuse(
    *, by: Actor, dossier: Dossier, reason: str, expected_version: int | None = None, now: datetime | None = None
) -> Dossier:
    """Refuse a dossier at the counter, with the reason (form 03)."""
    now = now or timezone.now()
    require(by, "refuse", dossier)
    with transaction.atomic():
        take(
            by=by, dossier=dossier, event="refuse", facts=Facts(now=now, reason=reason), note=reason,
            expected_version=expected_version, changes={"ended_at": now},
        )  # fmt: skip
        issue_paper(by=by, dossier=dossier, kind=PaperKind.REFUSAL, now=now, reason=reason)
    return dossier


def supply_before_acceptance(
    *, by: Actor, dossier: Dossier, files: Sequence[SentFile], now: datetime | None = None
) -> Dossier:
    """The applicant sends what was asked for before acceptance."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        if locked.status != NationalStatus.SUBMITTED or not files:
            raise Refused("Chọn tệp để bổ sung; hồ sơ đã tiếp nhận thì bổ sung theo yêu cầu của cơ quan giải quyết.")
        add_files(by=by, dossier=locked, files=files, now=now, by_applicant=True)
        locked.supplements.filter(supplied_at=None).update(supplied_at=now)
        record(by=by, verb="dossier.supply", subject=locked, after={"files": len(files)})
    return locked


def limit_of(procedure: AdministrativeProcedure, now: datetime) -> Limit:
    """The procedure's limit with its cut-off; the cut-off of the rules of the day where it has none of its own."""
    cut_off = procedure.cut_off
    if cut_off is None:
        hour = parameters_on(timezone.localdate(now)).get("cutoff.hour")
        cut_off = time(int(hour)) if hour is not None else None
    return Limit(procedure.limit_amount, TimeUnit(procedure.limit_unit), cut_off)


def _next_code(receiving: Organisation, now: datetime) -> str:
    on = timezone.localdate(now)
    identifier = identifier_of(receiving, on=on)
    try:
        agency = read_agency_code(identifier)
        number = next_number(series=f"dossier.{on:%m%d}", year=on.year, organisation=receiving)
        return DossierCode(agency, on, number).text
    except CodeNotRead as error:
        raise Refused(f"{receiving.name} chưa có mã định danh hợp lệ nên chưa cấp được mã hồ sơ. {error}") from error


def _tracking_code() -> str:
    return "".join(choice(TRACKING_LETTERS) for _ in range(TRACKING_LENGTH))


def _read_form(procedure: AdministrativeProcedure, given: Mapping[str, Any]) -> dict[str, str]:
    values = {}
    for item in procedure.form_fields:
        value = str(given.get(item["key"], "") or "").strip()[:2000]
        if item.get("required") and not value:
            raise Refused(f"Cần ghi “{item['label']}”.", field=item["key"])
        if value and item.get("options") and value not in item["options"]:
            raise Refused(f"“{item['label']}” không có lựa chọn này.", field=item["key"])
        values[item["key"]] = value
    return values
