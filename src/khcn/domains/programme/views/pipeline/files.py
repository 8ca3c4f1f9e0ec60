"""Files of the pipeline's records: attached to them, and papers made as Word files."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.proposals import AttachForm
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.services.attachments import attach_document
from khcn.standards.nd30.document import OfficialDocument
from khcn.standards.nd30.docx_writer import render_docx
from khcn.web.acting import actor_of
from khcn.web.screens import done
from khcn.web.uploads import DOCX, download_response


def word_file(paper: OfficialDocument, name: str) -> HttpResponseBase:
    """The paper as a Word file to save."""
    return download_response(render_docx(paper), f"{name}.docx", media_type=DOCX.media_type)


def attach(request: HttpRequest, subject: Any, papers: tuple[tuple[str, str], ...] = ()) -> HttpResponse:
    """Attach what was sent to the record and return to its page; a refusal is told there."""
    form = AttachForm(request.POST, request.FILES, papers=papers)
    back = address_of(subject)
    if not form.is_valid():
        sentence = " ".join(message for _target, _name, message in form.problems)
        return done(request, sentence, back)
    values = dict(form.cleaned_data)
    sent = values.pop("file")
    attach_document(by=actor_of(request), subject=subject, content=sent.read(), filename=sent.name, **values)
    return done(request, _("Đã đính kèm “%(title)s”.") % {"title": values["title"]}, back)
