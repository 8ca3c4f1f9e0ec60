"""Papers that the standing body takes with it: the report of an inspection, the province's yearly report."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from khcn.domains.qms.models import Inspection, QualitySystem
from khcn.domains.qms.permissions import reads_all, visible_systems
from khcn.domains.qms.queries.papers import inspection_report, province_report
from khcn.domains.qms.queries.scores import newest_years, obliged_agencies, province_tally
from khcn.domains.qms.views.standing import year_of
from khcn.kernel.orgs.models import Organisation
from khcn.standards.nd30.document import OfficialDocument
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of
from khcn.web.screens import screen
from khcn.web.uploads import DOCX, PDF, download_response


@screen(methods=("GET", "HEAD"))
def inspection_file(request: HttpRequest, uid: UUID, ending: str) -> HttpResponseBase:
    """The report of an inspection as PDF or Word."""
    rows = Inspection.objects.filter(system__in=visible_systems(actor_of(request)))
    found = get_object_or_404(rows.select_related("system__organisation", "inspector__parent"), uid=uid)
    return _file(inspection_report(found), f"kiem-tra-{found.code}", ending)


@screen(methods=("GET", "HEAD"))
def province_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The province's report of a year as PDF or Word, in the name of the asker's agency."""
    actor = actor_of(request)
    if not reads_all(actor):
        raise Http404
    year = year_of(request, actor.on.year)
    body = Organisation.objects.select_related("parent").filter(pk__in=actor.organisation_ids).first()
    if body is None:
        raise Http404
    missing = obliged_agencies(actor.on).exclude(pk__in=QualitySystem.objects.values("organisation"))
    paper = province_report(
        body, year=year, on=actor.on, tally=province_tally(year, on=actor.on), rows=list(newest_years(year)),
        missing=[row.name for row in missing],
    )  # fmt: skip
    return _file(paper, f"bao-cao-iso-{year}", ending)


def _file(paper: OfficialDocument, name: str, ending: str) -> HttpResponseBase:
    if ending == "docx":
        return download_response(render_docx(paper), f"{name}.docx", media_type=DOCX.media_type)
    if ending == "pdf":
        return download_response(render_pdf(paper), f"{name}.pdf", media_type=PDF.media_type)
    raise Http404
