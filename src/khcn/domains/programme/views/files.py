"""Files of records: sent as attachments that cannot run, to those who may read the record."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from khcn.domains.programme.permissions import (
    reads_all,
    visible_applications,
    visible_councils,
    visible_issues,
    visible_payment_files,
    visible_proposals,
    visible_tasks,
)
from khcn.kernel.documents.models import Revision
from khcn.kernel.documents.queries import content_of
from khcn.lib.actor import Actor
from khcn.web.acting import actor_of
from khcn.web.screens import screen
from khcn.web.uploads import download_response

VISIBLE = {
    "programme.task": visible_tasks,
    "programme.proposal": visible_proposals,
    "programme.application": visible_applications,
    "programme.issue": visible_issues,
    "programme.paymentfile": visible_payment_files,
    "procedures.council": visible_councils,
}
# Dossiers are opened to the standing body only after the closing day, and drafts of proposals never.
SEALED = frozenset({"programme.application", "programme.proposal"})


@screen(methods=("GET", "HEAD"))
def document_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The bytes of one revision of a document; a hidden record's file is not found."""
    revision = get_object_or_404(Revision.objects.select_related("document", "file"), uid=uid)
    if not may_read(actor_of(request), revision):
        raise Http404
    return download_response(content_of(revision), revision.filename, media_type=revision.file.media_type)


def may_read(actor: Actor, revision: Revision) -> bool:
    """Readers of the whole programme read every file but those of sealed dossiers; others those of what they read."""
    document = revision.document
    if document.is_public or (reads_all(actor) and document.subject_type not in SEALED):
        return True
    visible = VISIBLE.get(document.subject_type)
    if visible is None or document.subject_uid is None:
        return False
    return visible(actor).filter(uid=document.subject_uid).exists()
