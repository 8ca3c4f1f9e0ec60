"""Screens of cases: where one stands, its clock, its drawing and log, its files and printed forms."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.procedures.models import Case, CaseAttachment, FormTemplate
from khcn.kernel.procedures.permissions import may_read_case
from khcn.kernel.procedures.queries import case_of, case_page, subject_address
from khcn.kernel.procedures.services import print_case
from khcn.kernel.procedures.views.steps import facts_told
from khcn.web.acting import actor_of
from khcn.web.screens import page, screen
from khcn.web.uploads import DOCX, download_response


@screen(methods=("GET", "HEAD"))
def process_case_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """`/quy-trinh/ho-so/…`: the case, where it stands, its clock, its drawing and its log."""
    case = _case(request, uid)
    shown = case_page(case, now=timezone.now())
    context = {
        "shown": shown, "case": case, "version": case.version_pinned, "procedure": case.version_pinned.procedure,
        "facts": facts_told(case, shown.facts), "subject": subject_address(case), "now": timezone.now(),
        "attachments": case.attachments.select_related("added_by__person"),
        "templates": case.version_pinned.procedure.templates.all(),
        "called": Case.objects.filter(parent_run__case=case),
    }  # fmt: skip
    return page(request, "procedures/case_page.html", context)


def _case(request: HttpRequest, uid: UUID) -> Case:
    try:
        case = case_of(uid)
    except Case.DoesNotExist as fault:
        raise Http404 from fault
    if not may_read_case(actor_of(request), case):
        raise Http404
    return case


@screen(methods=("GET", "HEAD"))
def case_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The bytes of a file put to a case."""
    attachment = get_object_or_404(CaseAttachment.objects.select_related("case", "file"), uid=uid)
    if not may_read_case(actor_of(request), attachment.case):
        raise Http404
    return download_response(bytes_of(attachment.file), attachment.filename, media_type=attachment.file.media_type)


@screen(methods=("GET", "HEAD"))
def case_print(request: HttpRequest, uid: UUID, template: UUID) -> HttpResponseBase:
    """A form of the case, filled into the office's Word template."""
    case = _case(request, uid)
    chosen = get_object_or_404(FormTemplate, uid=template, procedure=case.version_pinned.procedure)
    content = print_case(by=actor_of(request), case=case, template=chosen)
    return download_response(content, f"{case.code}-{chosen.title}.docx", media_type=DOCX.media_type)
