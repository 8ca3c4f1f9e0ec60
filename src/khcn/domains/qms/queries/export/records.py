"""What an inspector wants to see beside the registers: papers, procedures of the engine, sampled dossiers, verdicts.

Each function gives (name, how to make its bytes), so that what cannot be made is told and stops nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from khcn.domains.qms import models
from khcn.domains.qms.choices import AuditState, RevisionState
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.queries.documents import copy_for
from khcn.domains.qms.queries.dossiers import internal_procedures
from khcn.domains.qms.queries.papers import audit_plan, audit_report, inspection_report, review_minutes
from khcn.domains.qms.queries.scores import content_of_year
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.queries import content_of
from khcn.kernel.procedures.choices import VersionState
from khcn.kernel.procedures.engine.drawings import draw
from khcn.kernel.procedures.engine.step_table import COLUMNS, as_read, rows_of
from khcn.kernel.procedures.models import Case, CaseEvent, ProcedureVersion
from khcn.kernel.procedures.queries import definition_of, verify_logs
from khcn.lib.actor import Actor
from khcn.lib.digest import canonical_json
from khcn.lib.text import slug
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.spreadsheets.writing import Column, Sheet, write_xlsx

Part = tuple[str, Callable[[], bytes]]
PLANNED = (AuditState.NOTIFIED, AuditState.RUNNING, AuditState.REPORTED, AuditState.CLOSED)


def documents_in_effect(system: models.QualitySystem, *, actor: Actor, now: datetime) -> Iterator[Part]:
    """The copies in effect, marked as controlled, in the asker's name."""
    rows = models.DocumentRevision.objects.filter(system=system, state=RevisionState.EFFECTIVE)
    for revision in rows.select_related("document__system__organisation", "contents__file").order_by("document__code"):
        stored = revision.contents
        is_pdf = stored is None or stored.file.media_type == "application/pdf"
        ending = "pdf" if is_pdf or stored is None else stored.filename.rsplit(".", 1)[-1]
        name = f"tai-lieu/{slug(revision.document.code)}-{revision.number}.{ending}"
        yield name, lambda revision=revision: copy_for(revision, actor=actor, now=now).content  # type: ignore[misc]


def papers(system: models.QualitySystem) -> Iterator[Part]:
    """Announcements and minutes as signed; plans and reports of audits, and minutes not signed yet, as printed."""
    for announcement in models.Announcement.objects.filter(system=system, paper__isnull=False).select_related("paper"):
        name = slug(announcement.number) or str(announcement.uid)
        yield f"van-ban/cong-bo-{name}.pdf", _stored(announcement.paper)
    for review in models.ManagementReview.objects.filter(system=system).select_related("paper", "system__organisation"):
        if review.paper is not None:
            yield f"van-ban/xem-xet-{slug(review.code)}.pdf", _stored(review.paper)
        elif review.held_on is not None:
            yield (
                f"van-ban/xem-xet-{slug(review.code)}-chua-ky.pdf",
                lambda review=review: render_pdf(review_minutes(review, signer="")),  # type: ignore[misc]
            )
    for audit in models.Audit.objects.filter(system=system, state__in=PLANNED).select_related("system__organisation"):
        name = f"van-ban/danh-gia-{slug(audit.code)}"
        yield f"{name}-ke-hoach.pdf", lambda audit=audit: render_pdf(audit_plan(audit))  # type: ignore[misc]
        if audit.reported_on is not None:
            yield f"{name}-bao-cao.pdf", lambda audit=audit: render_pdf(audit_report(audit))  # type: ignore[misc]
    checked = models.Inspection.objects.filter(system=system, checked_on__isnull=False)
    for inspection in checked.select_related("system__organisation", "inspector__parent"):
        name = f"van-ban/kiem-tra-{slug(inspection.code)}.pdf"
        yield name, lambda inspection=inspection: render_pdf(inspection_report(inspection))  # type: ignore[misc]


def procedures(system: models.QualitySystem, *, on: date) -> Iterator[Part]:
    """The engine's procedures that the agency works by: each drawing and definition, and all step tables.

    The definition's file has the SHA-256 that the version keeps.
    """
    needed = coverage_of({system.pk: system}, first=on.replace(month=1, day=1), last=on)[system.pk]
    codes = {code for item in needed for code in (item.engine_code, item.code)}
    codes |= {row.code for row in internal_procedures(system)}
    codes |= set(models.ControlledDocument.objects.filter(system=system).values_list("procedure_code", flat=True))
    rows = ProcedureVersion.objects.filter(procedure__code__in=codes - {""}, state=VersionState.EFFECTIVE)
    versions = [row for row in rows.select_related("procedure").order_by("procedure__code") if row.definition]
    for version in versions:
        name = f"quy-trinh/{slug(version.procedure.code)}-{version.issue_no}.{version.revision_no}"
        yield f"{name}.bpmn", lambda version=version: _drawing(version)  # type: ignore[misc]
        yield f"{name}.json", lambda version=version: canonical_json(version.definition)  # type: ignore[misc]
    if versions:
        yield "quy-trinh/bang-cac-buoc.xlsx", lambda: write_xlsx([_table(version) for version in versions])


def sampled_dossiers(system: models.QualitySystem) -> Iterator[Part]:
    """The log of every dossier that an audit drew, with the digests of its chain and whether the chain holds."""
    drawn = models.ChecklistItem.objects.filter(audit__system=system, case_uid__isnull=False)
    rows = Case.objects.filter(uid__in=drawn.order_by().values("case_uid"))
    for case in rows.select_related("version_pinned__procedure").order_by("code"):
        yield f"ho-so-mau/{slug(case.code)}.json", lambda case=case: canonical_json(_dossier(case))  # type: ignore[misc]


def verdicts(system: models.QualitySystem) -> Iterator[Part]:
    """Each computed year as it was hashed: the file's SHA-256 is the one that the verdict keeps."""
    for row in models.AgencyYear.objects.filter(system=system).select_related("system").order_by("year", "pk"):
        name = f"ket-qua/nam-{row.year}-{row.as_of:%Y%m%d}-{row.pk}.json"
        yield name, lambda row=row: canonical_json(content_of_year(row))  # type: ignore[misc]


def _stored(paper: Document | None) -> Callable[[], bytes]:
    return lambda: content_of(paper.revisions.latest("number")) if paper is not None else b""


def _drawing(version: ProcedureVersion) -> bytes:
    if version.drawing:
        return version.drawing.encode()
    return draw(definition_of(version), process="process", name=version.procedure.title)


def _table(version: ProcedureVersion) -> Sheet:
    return Sheet(
        version.procedure.code, [Column(title, width=24) for title in COLUMNS.values()],
        [as_read(row) for row in rows_of(definition_of(version))], title=version.procedure.title,
        provenance=[str(version)],
    )  # fmt: skip


def _dossier(case: Case) -> dict[str, object]:
    report = verify_logs(Case.objects.filter(pk=case.pk))
    return {
        "ma": case.code, "trich_yeu": case.title, "quy_trinh": str(case.version_pinned), "uid": case.uid,
        "trang_thai": case.get_state_display(), "tiep_nhan": case.received_at, "han": case.due_at,
        "ket_thuc": case.ended_at, "nhat_ky_nguyen_ven": report.holds,
        "sai_lech": [sentence for _code, sentence in report.faults],
        "nhat_ky": [
            {"dong": event.row(), "bam_truoc": event.previous, "bam": event.digest}
            for event in CaseEvent.objects.filter(case=case).order_by("place")
        ],
    }  # fmt: skip
