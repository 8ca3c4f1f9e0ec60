"""Dossiers in lists and whole, handing in at the counter, the register, files and papers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.onestop.choices import Channel, NationalStatus, PaperKind
from khcn.domains.onestop.forms.dossiers import SubmissionForm
from khcn.domains.onestop.forms.filters import DossierFilter
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier
from khcn.domains.onestop.permissions import COUNTER, may, visible_dossiers
from khcn.domains.onestop.queries.dossiers import (
    acts_for,
    find_procedures,
    listed,
    my_runs,
    register_rows,
    runs_of_dossiers,
    timing,
    waiting_for,
)
from khcn.domains.onestop.queries.figures import status_counts
from khcn.domains.onestop.queries.papers import paper_document
from khcn.domains.onestop.rules.statuses import STEPS
from khcn.domains.onestop.services import intake, work
from khcn.domains.onestop.views.acting import dossier_of
from khcn.kernel.documents.models import Revision
from khcn.kernel.documents.permissions import DRAFTERS
from khcn.kernel.documents.queries import bytes_of, content_of, papers_of
from khcn.kernel.procedures.models import StepRun
from khcn.kernel.procedures.permissions import may_assign, may_work
from khcn.kernel.procedures.queries.cases import form_of, open_runs
from khcn.lib.dates import format_moment
from khcn.lib.failure import Failure
from khcn.standards.nd30.docx_writer import render_docx
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, download_response
from khcn.web.wording import said

ORDERS = {
    "code": "code", "applicant": "applicant_name", "status": "status", "received": "received_at", "due": "case__due_at",
    "submitted": "submitted_at",
}  # fmt: skip


def _local(at: Any) -> str:
    return format_moment(timezone.localtime(at)) if at else ""


_COLUMNS = (
    Column("Mã hồ sơ", width=22), Column("Thủ tục", width=50), Column("Người nộp", width=28), Column("Điện thoại"),
    Column("Cách nộp"), Column("Nơi tiếp nhận", width=30), Column("Cơ quan giải quyết", width=30),
    Column("Tiếp nhận lúc", width=18), Column("Hẹn trả", width=18), Column("Có kết quả lúc", width=18),
    Column("Trạng thái", width=22), Column("Người nhận kết quả", width=24), Column("Phí", CellKind.TEXT),
)  # fmt: skip


def _row(item: Dossier) -> tuple[Any, ...]:
    return (
        str(item), item.procedure.title, item.applicant_name, item.applicant_phone, Channel(item.channel).label,
        item.receiving.name, item.deciding.name, _local(item.received_at), _local(item.appointment_at),
        _local(item.decided_at), NationalStatus(item.status).label, item.handed_to, item.get_finance_display(),
    )  # fmt: skip


EXPORT = Export(name="Ho so mot cua", title="Danh sách hồ sơ một cửa", columns=_COLUMNS, row=_row)
REGISTER = Export(name="So theo doi ho so", title="Sổ theo dõi hồ sơ", columns=_COLUMNS, row=_row)


@screen
def dossier_list(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that the person may read, filtered, sorted, as a page or a file."""
    rows = listed(actor_of(request))
    filters = filtered(DossierFilter, request, rows)
    found, ordering = order(filters.rows, request, ORDERS, default="-submitted")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    shown = paginate(found, request)
    now = timezone.now()
    context = {
        "filters": filters,
        "ordering": ordering,
        "page": shown,
        "counts": status_counts(visible_dossiers(actor_of(request))),
        "lines": [(dossier, timing(dossier, now)) for dossier in shown],
        "at_counter": actor_of(request).holds(*COUNTER),
    }
    return page(request, "onestop/dossier_list.html", context, part="list")


@screen
def dossier_work(request: HttpRequest) -> HttpResponseBase:
    """What waits for the person: at the counter, and in the engine's steps. POST finishes the ticked steps."""
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST":
        ticked = runs_of_dossiers(actor, _uids(request.POST.getlist("chon")))
        outcome = work.complete_all(by=actor, runs=ticked)
        message = _("Đã hoàn thành %(count)d bước.") % {"count": outcome.done}
        return done(request, message + _refusals(outcome), reverse("dossier_work"))
    runs = list(my_runs(actor)[:200])
    dossiers = {item.case_id: item for item in listed(actor).filter(case_id__in=[run.case_id for run in runs])}
    lines = [_waiting_run(run, dossiers[run.case_id], now) for run in runs if run.case_id in dossiers]
    context = {
        "waiting": [(item, timing(item, now)) for item in waiting_for(actor)[:200]],
        "runs": lines,
        "may_tick": any(line[-1] for line in lines),
        "at_counter": actor.holds(*COUNTER),
    }
    return page(request, "onestop/work.html", context)


def _waiting_run(run: StepRun, dossier: Dossier, now: datetime) -> tuple[StepRun, Dossier, bool, bool, bool]:
    """The step, its dossier, whether the step is late, its clock stands, and it may be finished with others."""
    is_paused = timing(dossier, now).key == "paused"
    is_late = not is_paused and run.due_at is not None and run.due_at < now
    return run, dossier, is_late, is_paused, dossier.status == NationalStatus.IN_PROGRESS and form_of(run) is None


@screen
def dossier_new(request: HttpRequest) -> HttpResponseBase:
    """Choose the procedure for which somebody stands at the counter."""
    text = request.GET.get("q", "")
    offices = actor_of(request).offices_as(*COUNTER)
    rows = [item for item in find_procedures(text).order_by("field", "code") if item.office.pk in offices]
    return page(request, "onestop/dossier_new.html", {"procedures": rows, "text": text})


@screen
def dossier_receive(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take in a dossier at the counter; accept it at once when asked to."""
    procedure = get_object_or_404(AdministrativeProcedure, uid=uid)
    form = SubmissionForm(request.POST or None, request.FILES or None, procedure=procedure, at_counter=True)
    if form.is_valid():
        with form.refusals():
            dossier = intake.submit(by=actor_of(request), procedure=procedure, **form.values())
            message = _("Đã ghi hồ sơ %(code)s.") % {"code": dossier.tracking}
            if "accept" in request.POST:
                try:
                    intake.accept(by=actor_of(request), dossier=dossier, received_papers=form.received_papers())
                    message = _("Đã tiếp nhận, mã hồ sơ %(code)s.") % {"code": dossier.code}
                except Failure as failure:
                    message = f"{message} {failure.message}"
            return done(request, message, reverse("dossier_page", args=[dossier.uid]))
    return page(request, "onestop/dossier_form.html", {"form": form, "procedure": procedure}, status=form.status)


@screen
def dossier_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One dossier: where it stands, what may be done now, its papers and all that happened."""
    dossier, actor = dossier_of(request, uid), actor_of(request)
    runs = list(open_runs(dossier.case)) if dossier.case else []
    in_progress = dossier.status == NationalStatus.IN_PROGRESS
    context = {
        "dossier": dossier,
        "timing": timing(dossier, timezone.now()),
        "acts": [(event, STEPS[event].label) for event in acts_for(actor, dossier)],
        "runs": [(run, in_progress and may_work(actor, run), may_assign(actor, run), form_of(run)) for run in runs],
        "components": _components(dossier),
        "papers": dossier.papers.select_related("document"),
        "official": papers_of(subject_type=Dossier._meta.label_lower, subject_uid=dossier.uid),
        "may_draft": actor.acts_at(dossier.deciding_id, *DRAFTERS) and in_progress,
        "result_words": f"{dossier.procedure.result_title} – {dossier.applicant_name}",
        "history": dossier.history.select_related("by__person"),
        "labels": {k: v.label for k, v in STEPS.items()},
        "messages_sent": dossier.messages.order_by("-place")[:5],
        "answers": [
            (item["label"], dossier.form_values.get(item["key"], "")) for item in dossier.procedure.form_fields
        ],
        "supplement": dossier.supplements.filter(supplied_at=None).first(),
        "fee": dossier.fees.filter(paid_at=None).first(),
        "originals": dossier.originals.select_related("taken_by__person", "returned_by__person"),
        "may_keep_originals": may(actor, "originals", dossier),
    }
    return page(request, "onestop/dossier_page.html", context)


@screen
def dossier_register(request: HttpRequest) -> HttpResponseBase:
    """The register of dossiers (form 06 or 07), by days of receipt, printable and as a file."""
    filters = filtered(DossierFilter, request, register_rows(visible_dossiers(actor_of(request))))
    if REGISTER.asked_for(request):
        return REGISTER.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request, per_page=100)}
    return page(request, "onestop/register.html", context, part="list")


@screen
def dossier_file(request: HttpRequest, uid: str, file: str) -> HttpResponseBase:
    """A file of a dossier."""
    found = get_object_or_404(dossier_of(request, uid).files.select_related("file"), uid=file)
    return download_response(bytes_of(found.file), found.filename, media_type=found.file.media_type)


@screen
def dossier_paper(request: HttpRequest, uid: str, paper: str, ending: str) -> HttpResponseBase:
    """A paper given out, as .pdf or .docx."""
    issued = get_object_or_404(dossier_of(request, uid).papers, uid=paper)
    return _revision(issued.document.revisions.filter(filename__endswith=f".{ending}").order_by("-number").first())


@screen
def dossier_result(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The result's file."""
    result = dossier_of(request, uid).result
    if result is None:
        raise Http404
    return _revision(result.revisions.order_by("-number").first())


@screen
def dossier_control(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The control slip as it stands now (form 05 or 06), as a Word file."""
    dossier = dossier_of(request, uid)
    _form, document = paper_document(dossier, PaperKind.CONTROL, on=timezone.localdate(), signer=actor_of(request).name)
    return download_response(render_docx(document), f"phieu-kiem-soat-{dossier}.docx", media_type=DOCX.media_type)


@screen(methods=("POST",))
def dossier_batch(request: HttpRequest) -> HttpResponseBase:
    """Accept or forward all ticked dossiers; what one refuses is told and does not stop the others."""
    rows = listed(actor_of(request)).filter(uid__in=_uids(request.POST.getlist("chon")))
    outcome = work.do_for_all(by=actor_of(request), dossiers=rows, event=request.POST.get("event", ""))
    message = _("Đã làm %(count)d hồ sơ.") % {"count": outcome.done}
    return done(request, message + _refusals(outcome), reverse("dossier_list"))


def _refusals(outcome: work.BatchOutcome) -> str:
    """The first of what was refused, each with its dossier."""
    return "".join(f" {code}: {said(why)}" for code, why in outcome.refused[:5])


def _uids(ticked: list[str]) -> list[UUID]:
    """What was ticked. Raises Http404 for what is no identity."""
    try:
        return [UUID(one) for one in ticked]
    except ValueError as error:
        raise Http404 from error


def _components(dossier: Dossier) -> list[tuple[Any, list[Any]]]:
    files = list(dossier.files.all())
    rows: list[tuple[Any, list[Any]]] = [
        (component, [file for file in files if file.component_id == component.pk])
        for component in dossier.procedure.components.all()
    ]
    other = [file for file in files if file.component_id is None]
    return [*rows, (None, other)] if other else rows


def _revision(revision: Revision | None) -> HttpResponseBase:
    if revision is None:
        raise Http404
    return download_response(content_of(revision), revision.filename, media_type=revision.file.media_type)


def year_start() -> date:
    """The first day of this year, where dashboards begin."""
    return timezone.localdate().replace(month=1, day=1)
