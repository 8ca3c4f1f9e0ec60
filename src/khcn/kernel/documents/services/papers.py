"""Drafts official papers, checks their layout, initials, returns and numbers them."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind, PaperState
from khcn.kernel.documents.errors import LayoutFaulty, PaperStepRefused
from khcn.kernel.documents.models import AgencyIdentifier, Document, OfficialPaper
from khcn.kernel.documents.permissions import require
from khcn.kernel.documents.queries import layout_findings, pdf_of
from khcn.kernel.documents.rules import KIND_OF, one_way_only
from khcn.kernel.documents.services.files import add_revision, next_number
from khcn.kernel.documents.services.steps import step_paper
from khcn.kernel.orgs.models import Organisation, Person
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.standards.nd30.lint import Severity
from khcn.standards.pades import fill_gaps

EDITABLE = (
    "kind", "title", "notation", "place", "addressees", "grounds", "body", "recipients", "archive", "urgency", "signer",
    "signer_title", "signer_authority", "signer_for",
)  # fmt: skip


def draft_paper(
    *, by: Actor, organisation: Organisation, kind: DocumentKind, title: str, notation: str, place: str, body: str,
    signer: Person, signer_title: str, subject_type: str = "", subject_uid: Any = None, is_illustration: bool = False,
    **more: Any,
) -> OfficialPaper:  # fmt: skip
    """Begin a paper. more: other editable fields by name. Raises Forbidden, Refused for a kind not drafted here."""
    require(by, "draft", organisation.pk)
    if kind not in KIND_OF:
        raise Refused("Loại văn bản này không soạn ở đây.", field="kind")
    if not title.strip() or not body.strip():
        raise Refused("Văn bản cần có trích yếu và nội dung.", field="title" if not title.strip() else "body")
    if by.user_id is None:
        raise Forbidden("Văn bản phải có người soạn.")
    with transaction.atomic():
        paper = OfficialPaper.objects.create(
            organisation=organisation, kind=kind, title=title.strip(), notation=notation.strip(), place=place.strip(),
            body=body, signer=signer, signer_title=signer_title, drafted_by_id=by.user_id, subject_type=subject_type,
            subject_uid=subject_uid, is_illustration=is_illustration, **more,
        )  # fmt: skip
        record(by=by, verb="paper.draft", subject=paper, after={"kind": kind, "title": title})
    return paper


def edit_paper(
    *, by: Actor, paper: OfficialPaper, changes: dict[str, Any], expected_version: int | None
) -> OfficialPaper:
    """Change a draft. Raises Refused once the paper has been checked, Stale when somebody else saved first."""
    require(by, "draft", paper.organisation_id)
    if paper.state != PaperState.DRAFT:
        raise PaperStepRefused("Chỉ sửa được dự thảo. Trả lại văn bản cho người soạn trước khi sửa.")
    with transaction.atomic():
        wanted = {name: value for name, value in changes.items() if name in EDITABLE}
        paper.claim(expected_version, wanted)
        before = {name: str(getattr(paper, name)) for name in wanted}
        for name, value in wanted.items():
            setattr(paper, name, value)
        paper.save()
        record(by=by, verb="paper.edit", subject=paper, before=before, after={k: str(v) for k, v in wanted.items()})
    return paper


def check_paper(*, by: Actor, paper: OfficialPaper, expected_version: int | None = None) -> OfficialPaper:
    """Check the layout of NĐ 30/2020; without errors it may be initialled. Raises LayoutFaulty with the findings."""
    require(by, "check", paper.organisation_id)
    errors = tuple(finding.message_vi for finding in layout_findings(paper) if finding.severity is Severity.ERROR)
    if errors:
        raise LayoutFaulty(f"Văn bản chưa đúng thể thức: {errors[0]}", findings=errors)
    with transaction.atomic():
        return step_paper(by=by, paper=paper, event="check", expected_version=expected_version)


def initial_paper(*, by: Actor, paper: OfficialPaper, expected_version: int | None = None) -> OfficialPaper:
    """Initial a checked paper: by a head or another officer, and not by whoever drafted it."""
    require(by, "initial", paper.organisation_id)
    if not one_way_only([paper.drafted_by_id], by.user_id):
        raise Forbidden("Người soạn không tự ký nháy văn bản của mình.")
    with transaction.atomic():
        changes = {"initialled_by_id": by.user_id}
        return step_paper(by=by, paper=paper, event="initial", expected_version=expected_version, changes=changes)


def return_paper(*, by: Actor, paper: OfficialPaper, reason: str, expected_version: int | None = None) -> OfficialPaper:
    """Give a paper back to its drafter; a signature made so far is dropped, the signed file stays in the history."""
    require(by, "return", paper.organisation_id)
    if not reason.strip():
        raise Refused("Ghi rõ lý do trả lại.", field="reason")
    with transaction.atomic():
        paper.signatures.all().delete()
        changes = {"initialled_by_id": None, "document": None}
        return step_paper(
            by=by, paper=paper, event="return", expected_version=expected_version, note=reason, changes=changes
        )


def number_paper(
    *, by: Actor, paper: OfficialPaper, on: date | None = None, expected_version: int | None = None
) -> OfficialPaper:
    """Give a signed paper the next number of its kind and year, and write number and day into the gaps of its PDF."""
    require(by, "number", paper.organisation_id)
    on = on or timezone.localdate()
    with transaction.atomic():
        locked = OfficialPaper.objects.select_for_update().get(pk=paper.pk)
        if locked.state != PaperState.SIGNED or locked.document_id is None:
            raise PaperStepRefused("Chỉ lấy số cho văn bản đã được ký số cá nhân.")
        number = next_number(series=f"paper.{paper.kind}", year=on.year, organisation=paper.organisation)
        values = {"number": f"{number:02d}", "day": f"{on.day:02d}", "month": f"{on.month:02d}", "year": str(on.year)}
        step_paper(
            by=by, paper=paper, event="number", expected_version=expected_version,
            changes={"number": number, "year": on.year, "issued_on": on},
        )  # fmt: skip
        filled = fill_gaps(pdf_of(paper), values)
        document = Document.objects.get(pk=locked.document_id)
        document.number, document.issued_on = paper.code, on
        document.save(update_fields=["number", "issued_on"])
        add_revision(
            by=by, document=document, content=filled, filename=file_name(paper), media_type="application/pdf",
            reason="Lấy số",
        )  # fmt: skip
    return paper


def set_identifier(
    *, by: Actor, organisation: Organisation, code: str, valid_from: date | None = None, basis: str = ""
) -> AgencyIdentifier:
    """Say under which code an organisation is known from a day on; the earlier code ends that day.

    Raises Refused for a code under which another organisation is known that day.
    """
    if not by.is_system and not by.holds("sysadmin"):
        raise Forbidden("Việc này dành cho quản trị hệ thống.")
    with transaction.atomic():
        taken = AgencyIdentifier.objects.valid_on(valid_from or by.on).filter(code=code).exclude(
            organisation=organisation
        )  # fmt: skip
        if other := taken.select_related("organisation").first():
            raise Refused(f"Mã {code} đang là của {other.organisation.name}.", field="code")
        if valid_from is not None:
            AgencyIdentifier.objects.filter(organisation=organisation, valid_to=None).exclude(
                valid_from=valid_from
            ).update(valid_to=valid_from)
        identifier, _ = AgencyIdentifier.objects.update_or_create(
            organisation=organisation, valid_from=valid_from, defaults={"code": code, "basis": basis}
        )
        record(
            by=by, verb="identifier.set", subject=identifier, after={"code": code, "organisation": organisation.code}
        )
    return identifier


def file_name(paper: OfficialPaper) -> str:
    """A name for the paper's file: "05-SKHCN-QLKH.pdf"."""
    return f"{paper.code.replace('/', '-').replace('…', 'du-thao')}.pdf"
