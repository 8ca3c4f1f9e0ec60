"""The words of a report and its way through review, signature and issue; two people at least see every report."""

from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import ReportRun
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.report_runs import is_intact, is_open
from khcn.domains.programme.rules.reports import SECTIONS
from khcn.domains.programme.services.reports.papers import XLSX, abbreviation, report_title, word_of, workbook_of
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.services import next_number, register_document
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify, settle
from khcn.kernel.orgs.models import Appointment
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WRITERS = frozenset({Role.SPECIALIST, Role.HEAD})
ROW_WORDS = ("causes", "measures")


def edit_narrative(
    *,
    by: Actor,
    run: ReportRun,
    sections: dict[str, str],
    rows: dict[str, dict[str, str]] | None = None,
    addressees: list[str] | None = None,
    recipients: list[str] | None = None,
    expected_version: int | None = None,
) -> ReportRun:
    """Change the words of a report; figures cannot be changed here.

    sections: by key of `SECTIONS`. rows: of R1, {row key: {"causes", "measures"}}. Raises NotNow once it is reviewed.
    """
    if not roles_on(by, run) & WRITERS:
        raise Forbidden("Chỉ chuyên viên và trưởng phòng được soạn lời văn báo cáo.")
    if not is_open(run):
        raise NotNow("Chỉ sửa được lời văn báo cáo khi số liệu đã chốt và báo cáo chưa được soát xét.")
    known = {key for key, _ in SECTIONS}
    if unknown := set(sections) - known:
        raise Refused(f"Báo cáo không có mục {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        _claim(run, sections, expected_version)
        before = run.narrative.get("sections", {})
        changed = sorted(key for key, text in sections.items() if text.strip() != before.get(key, ""))
        narrative: dict[str, Any] = {**run.narrative}
        narrative["sections"] = {**before, **{key: text.strip() for key, text in sections.items()}}
        narrative["edited"] = sorted({*narrative.get("edited", []), *changed})
        if rows is not None:
            keys = {row["key"] for row in (run.snapshot or {}).get("rows", [])}
            narrative["rows"] = {
                key: {name: words[name].strip() for name in ROW_WORDS if words.get(name, "").strip()}
                for key, words in rows.items()
                if key in keys
            }
        if addressees is not None:
            narrative["addressees"] = addressees
        if recipients is not None:
            narrative["recipients"] = recipients
        narrative["authors"] = sorted({*narrative.get("authors", []), str(by.uid)})
        run.narrative = narrative
        run.save()
        record(by=by, verb="report.edit", subject=run, after={"changed": changed})
    return run


def draft(*, by: Actor, run: ReportRun, on: date, expected_version: int | None = None) -> ReportRun:
    """Hand the draft in for review."""
    with transaction.atomic():
        run.narrative = {**run.narrative, "authors": sorted({*run.narrative.get("authors", []), str(by.uid)})}
        advance(by=by, subject=run, machine="report_run", event="draft", on=on, facts={},
                expected_version=expected_version)  # fmt: skip
        _ask(run, Role.HEAD, f"Soát xét báo cáo {run.code}", on)
    return run


def review(*, by: Actor, run: ReportRun, on: date, expected_version: int | None = None) -> ReportRun:
    """Review the draft; nobody reviews what he or she wrote."""
    with transaction.atomic():
        advance(
            by=by, subject=run, machine="report_run", event="review", on=on, expected_version=expected_version,
            facts={"reviewer_is_author": str(by.uid) in run.narrative.get("authors", [])},
        )  # fmt: skip
        settle(subject=run)
        _ask(run, Role.DIRECTOR, f"Ký báo cáo {run.code}", on)
    return run


def return_draft(*, by: Actor, run: ReportRun, reason: str, on: date) -> ReportRun:
    """Send the draft back to its writer, with the reason."""
    with transaction.atomic():
        advance(by=by, subject=run, machine="report_run", event="return", on=on, note=reason, facts={})
        settle(subject=run)
        if run.created_by is not None:
            notify(
                recipients=[run.created_by], kind=NoticeKind.DO, subject=run, url=address_of(run), body=reason,
                title=f"Sửa lại báo cáo {run.code}",
            )  # fmt: skip
    return run


def sign(*, by: Actor, run: ReportRun, on: date, expected_version: int | None = None) -> ReportRun:
    """Sign; refused when the stored figures no longer have the digest under which they were frozen."""
    with transaction.atomic():
        run.narrative = {**run.narrative, "signature": _signature(by, on)}
        advance(
            by=by, subject=run, machine="report_run", event="sign", on=on, expected_version=expected_version,
            facts={"digest_matches": is_intact(run)},
        )  # fmt: skip
        settle(subject=run)
        _ask(run, Role.SPECIALIST, f"Ban hành báo cáo {run.code}", on)
    return run


def issue_report(*, by: Actor, run: ReportRun, on: date, expected_version: int | None = None) -> ReportRun:
    """Give the report its number from the year's register, and keep its Word and Excel files for good."""
    with transaction.atomic():
        owner = run.plan.standing_body
        number = next_number(series="BC", year=on.year, organisation=owner)
        run.document_number = f"{number:02d}/BC-{abbreviation(owner)}"
        run.issued_on = on
        advance(
            by=by, subject=run, machine="report_run", event="issue", on=on, expected_version=expected_version,
            facts={"document_number": run.document_number},
        )  # fmt: skip
        common: dict[str, Any] = {
            "by": by, "kind": DocumentKind.REPORT, "title": report_title(run), "owner": owner,
            "number": run.document_number, "issued_on": on, "subject_type": run._meta.label_lower,
            "subject_uid": run.uid,
        }  # fmt: skip
        run.word = register_document(
            content=word_of(run), filename=f"{run.code}.docx", media_type=DOCX, role="word", **common
        )
        run.workbook = register_document(
            content=workbook_of(run), filename=f"{run.code}.xlsx", media_type=XLSX, role="workbook", **common
        )
        run.save()
        settle(subject=run)
    return run


def _claim(run: ReportRun, sections: dict[str, str], expected_version: int | None) -> None:
    """Take the next version; a Stale tells the words section by section."""
    try:
        run.claim(expected_version)
    except Stale:
        stored = ReportRun.objects.values_list("narrative", flat=True).get(pk=run.pk).get("sections", {})
        difference = [
            (title, stored.get(key, ""), sections[key])
            for key, title in SECTIONS
            if key in sections and sections[key].strip() != stored.get(key, "")
        ]
        raise Stale(difference=difference) from None


def _ask(run: ReportRun, role: Role, title: str, on: date) -> None:
    notify(
        recipients=holders_of(role, on=on), kind=NoticeKind.APPROVE, subject=run, url=address_of(run), title=title,
        due_on=run.due_on,
    )  # fmt: skip


def _signature(by: Actor, on: date) -> dict[str, str]:
    held = Appointment.objects.valid_on(on).filter(person_id=by.person_id or -1).select_related("post")
    for appointment in held.order_by("-valid_from"):
        if {Role.DIRECTOR, Role.LEADER} & set(appointment.post.roles):
            return {"name": by.name, "title": appointment.post.name, "authority": appointment.post.signs_as}
    return {"name": by.name, "title": "Giám đốc", "authority": ""}
