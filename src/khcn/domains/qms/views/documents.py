"""Screens of controlled documents: list, start, contents, a revision, reading and acknowledging, changes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.choices import Duty
from khcn.domains.qms.forms.documents import ChangeForm, ContentsForm, CopyForm, FileForm, RevisionForm, StartForm
from khcn.domains.qms.models import ChangeRequest, ControlledDocument, DocumentRevision
from khcn.domains.qms.permissions import duties_on, require_duty, visible_systems
from khcn.domains.qms.queries.documents import copy_for, reads_owed_by, where_used
from khcn.domains.qms.queries.skeletons import drafted_from
from khcn.domains.qms.rules.document_text import print_sections, print_steps
from khcn.domains.qms.services import changes, documents
from khcn.domains.qms.views import catalogue
from khcn.domains.qms.views.acts import history, offered
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.standing import required_system, system_of
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen, version_of
from khcn.web.uploads import DOCX, PDF, XLSX, check_upload, download_response


@screen(methods=("GET", "HEAD"))
def document_list(request: HttpRequest) -> HttpResponseBase:
    """Revisions of controlled documents."""
    links = [
        {"address": reverse("qms_reading"), "icon": "book", "title": _("Tôi cần đọc")},
        {"address": reverse("qms_records_list"), "icon": "archive", "title": _("Bảng quản lý hồ sơ")},
    ]
    if system_of(request) is not None:
        links += [
            {"address": reverse("qms_raci"), "icon": "users-group", "title": _("Phân công theo bước")},
            {"address": reverse("qms_documents_together"), "icon": "checks", "title": _("Xử lý cùng lúc")},
        ]
    return show(request, catalogue.DOCUMENTS, {"links": links})


@screen
def document_new(request: HttpRequest) -> HttpResponse:
    """Put a document under control."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    form = StartForm(request.POST or None, system=system)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            draft = documents.start_document(by=actor, system=system, **form.cleaned_data)
            return done(request, _("Đã tạo bản soạn."), reverse("qms_revision_edit", args=[draft.uid]))
    context = {"form": form, "system": system, "title": _("Soạn tài liệu"), "back": reverse("qms_document_list")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def document_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A document: what is in effect, all revisions, where it is used."""
    rows = ControlledDocument.objects.filter(system__in=visible_systems(actor_of(request)))
    document = get_object_or_404(rows.select_related("system__organisation", "unit"), uid=uid)
    revisions = document.revisions.select_related("author", "approver")
    context = {
        "document": document, "system": document.system, "revisions": revisions, "uses": where_used(document),
        "current": document.effective, "duties": duties_on(actor_of(request), document.system),
    }  # fmt: skip
    return page(request, "qms/documents/document.html", context)


@screen
def revision_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin the next revision."""
    actor = actor_of(request)
    document = get_object_or_404(ControlledDocument, uid=uid, system__in=visible_systems(actor))
    form = RevisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            draft = documents.draft_revision(by=actor, document=document, **form.cleaned_data)
            return done(request, _("Đã tạo bản soạn."), reverse("qms_revision_edit", args=[draft.uid]))
    context = {
        "form": form, "system": document.system, "title": _("Soạn lần sửa đổi mới"), "subtitle": str(document),
        "back": reverse("qms_document_page", args=[document.uid]),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def revision_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One revision: its contents, its acts, readers, copies, history."""
    revision, actor = _revision(request, uid), actor_of(request)
    acks = list(revision.acks.select_related("reader__person"))
    context = {
        "revision": revision, "document": revision.document, "system": revision.system,
        "acts": offered(actor, "revision", revision), "history": history(revision), "acks": acks,
        "read_count": sum(1 for ack in acks if ack.acknowledged_on), "today": timezone.localdate(),
        "copies": revision.distributions.all(), "duties": duties_on(actor, revision.system, revision),
    }  # fmt: skip
    return page(request, "qms/documents/revision.html", context)


@screen
def revision_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write a draft's contents."""
    revision = _revision(request, uid)
    form = ContentsForm(request.POST or None, document=revision.document, initial=_initial(revision))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            values = dict(form.cleaned_data)
            documents.edit_draft(
                by=actor_of(request), revision=revision, forms=values.pop("forms_used"),
                expected_version=version_of(request), **values,
            )  # fmt: skip
            return done(request, _("Đã ghi bản soạn."), reverse("qms_revision_page", args=[revision.uid]))
    context = {
        "form": form, "system": revision.system, "title": _("Nội dung tài liệu"), "subtitle": str(revision),
        "back": reverse("qms_revision_page", args=[revision.uid]), "version": revision.version, "wide": True,
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen
def revision_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Upload a file as a draft's contents."""
    revision = _revision(request, uid)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            content = form.cleaned_data["file"].read()
            checked = check_upload(content, form.cleaned_data["file"].name, allowed=(PDF, DOCX, XLSX))
            documents.attach_file(
                by=actor_of(request), revision=revision, content=content, filename=checked.display_name,
                media_type=checked.kind.media_type, expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã nhận tệp."), reverse("qms_revision_page", args=[revision.uid]))
    context = {
        "form": form, "system": revision.system, "title": _("Tải tệp nội dung"), "subtitle": str(revision),
        "version": revision.version,
        "back": reverse("qms_revision_page", args=[revision.uid]),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen
def copy_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out a numbered copy."""
    revision = _revision(request, uid)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            documents.distribute(by=actor_of(request), revision=revision, **form.cleaned_data)
            return done(request, _("Đã ghi bản phân phối."), reverse("qms_revision_page", args=[revision.uid]))
    context = {
        "form": form, "system": revision.system, "title": _("Phân phối bản giấy"), "subtitle": str(revision),
        "back": reverse("qms_revision_page", args=[revision.uid]),
    }  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def revision_copy(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The marked copy as a file."""
    revision = _revision(request, uid)
    copy = copy_for(revision, actor=actor_of(request), now=timezone.localtime())
    return download_response(copy.content, copy.filename, media_type=copy.media_type)


@screen(methods=("GET", "HEAD"))
def reading(request: HttpRequest) -> HttpResponse:
    """What the asker has still to read."""
    context = {"owed": reads_owed_by(actor_of(request)), "today": timezone.localdate()}
    return page(request, "qms/documents/reading.html", context)


@screen
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Read a document and acknowledge it."""
    revision, actor = _revision(request, uid), actor_of(request)
    if request.method == "POST":
        documents.acknowledge(by=actor, revision=revision)
        return done(request, _("Đã xác nhận đã đọc và hiểu tài liệu."), reverse("qms_reading"))
    ack = documents.open_for_reading(by=actor, revision=revision)
    context = {
        "revision": revision, "document": revision.document, "system": revision.system, "ack": ack,
        "today": timezone.localdate(),
    }  # fmt: skip
    return page(request, "qms/documents/read.html", context)


@screen(methods=("GET", "HEAD"))
def change_list(request: HttpRequest) -> HttpResponseBase:
    """Change requests."""
    return show(request, catalogue.CHANGES)


@screen
def change_new(request: HttpRequest) -> HttpResponse:
    """Ask for a change."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD, Duty.STAFF)
    form = ChangeForm(request.POST or None, system=system, initial={"document": request.GET.get("tai_lieu")})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            change = changes.ask_change(by=actor, system=system, **form.cleaned_data)
            return done(request, _("Đã ghi yêu cầu."), reverse("qms_change_page", args=[change.uid]))
    context = {"form": form, "system": system, "title": _("Đề nghị thay đổi"), "back": reverse("qms_change_list")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def change_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A change request."""
    actor = actor_of(request)
    rows = ChangeRequest.objects.filter(system__in=visible_systems(actor)).select_related("system__organisation")
    change = get_object_or_404(rows, uid=uid)
    context = {
        "change": change, "system": change.system, "acts": offered(actor, "change_request", change),
        "history": history(change),
    }  # fmt: skip
    return page(request, "qms/documents/change.html", context)


def _revision(request: HttpRequest, uid: UUID) -> DocumentRevision:
    rows = DocumentRevision.objects.filter(system__in=visible_systems(actor_of(request)))
    return get_object_or_404(
        rows.select_related("document__unit", "document__system", "system__organisation", "contents__file"), uid=uid
    )


def _initial(revision: DocumentRevision) -> dict[str, Any]:
    sections, steps = revision.sections, revision.steps
    if not sections and not steps:
        sections, steps = drafted_from(revision.document.procedure_code)
    return {
        "sections": print_sections(sections), "table": print_steps(steps), "reason": revision.reason,
        "forms_used": revision.forms.all(), "legal_bases": revision.legal_bases.all(),
        "needs_reading": revision.needs_reading,
    }  # fmt: skip
