"""Screens of official papers: drafting, signing (test key or token), numbering, sealing, sending, books, arrivals."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.kernel.documents import forms, services
from khcn.kernel.documents.choices import DocumentKind, PaperState, SignatureKind
from khcn.kernel.documents.errors import LayoutFaulty, SignatureRefused
from khcn.kernel.documents.models import OfficialPaper, SigningSession
from khcn.kernel.documents.permissions import DRAFTERS, may, visible_arrivals, visible_papers
from khcn.kernel.documents.queries import (
    as_document,
    bytes_of,
    content_of,
    contents_of,
    layout_findings,
    pdf_of,
    verify_pdf,
)
from khcn.kernel.documents.rules import PAPER_STEPS, possible_steps
from khcn.kernel.documents.services.papers import EDITABLE, file_name
from khcn.kernel.orgs.models import Organisation
from khcn.lib.failure import Refused
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.pades import PdfRefused
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, PDF, download_response

BOOK = Export(
    name="So dang ky van ban di",
    title="Sổ đăng ký văn bản đi",
    columns=(
        Column("Số, ký hiệu", width=20), Column("Ngày", CellKind.DATE), Column("Loại", width=16),
        Column("Trích yếu", width=60), Column("Người ký", width=26), Column("Nơi nhận", width=40),
        Column("Trạng thái", width=20),
    ),
    row=lambda item: (
        item.code, item.issued_on, DocumentKind(item.kind).label, item.title, item.signer.full_name,
        "; ".join(item.recipients.splitlines()), PaperState(item.state).label,
    ),
)  # fmt: skip
PLAIN_ACTS: dict[str, Callable[..., Any]] = {
    "check": services.check_paper, "initial": services.initial_paper, "sign": services.sign_paper,
    "seal": services.seal_paper,
}  # fmt: skip


def _bodies(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=actor_of(request).offices_as(*DRAFTERS))


def _paper(request: HttpRequest, uid: str) -> OfficialPaper:
    rows = visible_papers(actor_of(request)).select_related("organisation__parent", "signer", "document", "replaces")
    return get_object_or_404(rows, uid=uid)


@screen
def paper_list(request: HttpRequest) -> HttpResponseBase:
    """Papers of the person's organisations, the newest first."""
    rows = visible_papers(actor_of(request)).select_related("organisation", "signer")
    filters = filtered(forms.PaperFilter, request, rows)
    orders = {"code": ("year", "number"), "title": "title", "state": "state", "issued": "issued_on", "id": "id"}
    found, ordering = order(filters.rows, request, orders, default="-id")
    context = {
        "filters": filters,
        "ordering": ordering,
        "page": paginate(found, request),
        "may_draft": _bodies(request).exists(),
    }
    return page(request, "documents/paper_list.html", context, part="list")


@screen
def paper_register(request: HttpRequest) -> HttpResponseBase:
    """The book of numbered papers, printable and as a file; numbers run without gaps."""
    rows = visible_papers(actor_of(request)).filter(number__isnull=False).select_related("organisation", "signer")
    filters = filtered(forms.PaperFilter, request, rows.order_by("organisation", "kind", "year", "number"))
    if BOOK.asked_for(request):
        return BOOK.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request, per_page=100)}
    return page(request, "documents/register.html", context, part="list")


@screen
def paper_new(request: HttpRequest) -> HttpResponseBase:
    """Draft a paper; `?ho_so=` ties it to a dossier, whose page names kind, title and recipients to begin with."""
    bodies = _bodies(request)
    first = bodies.first()
    initial = {"place": first.address.split(",")[-1].strip().removeprefix("tỉnh ") if first else ""}
    initial |= {name: request.GET[name] for name in ("kind", "title", "recipients") if request.GET.get(name)}
    form = forms.PaperForm(request.POST or None, bodies=bodies, initial=initial)
    if form.is_valid():
        with form.refusals():
            values = dict(form.cleaned_data)
            about = request.GET.get("ho_so")
            if about:
                values |= {"subject_type": "onestop.dossier", "subject_uid": about}
            paper = services.draft_paper(by=actor_of(request), **values)
            return done(request, _("Đã lập dự thảo."), reverse("paper_page", args=[paper.uid]))
    return page(request, "documents/paper_form.html", {"form": form}, status=form.status)


@screen
def paper_edit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Change a draft."""
    paper = _paper(request, uid)
    names = [*EDITABLE, "organisation"]
    initial = {name: getattr(paper, name) for name in names} | {
        "organisation": paper.organisation.code, "signer": paper.signer.uid,
    }  # fmt: skip
    bodies = Organisation.objects.filter(pk=paper.organisation_id)
    form = forms.PaperForm(request.POST or None, bodies=bodies, initial=initial)
    if form.is_valid():
        with form.refusals():
            services.edit_paper(
                by=actor_of(request), paper=paper, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã ghi dự thảo."), reverse("paper_page", args=[uid]))
    return page(request, "documents/paper_form.html", {"form": form, "paper": paper}, status=form.status)


@screen
def paper_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One paper: what it says, its signatures, dispatches and steps, and what comes next."""
    paper = _paper(request, uid)
    state = PaperState(paper.state)
    steps = [
        (event, PAPER_STEPS[event].label, event in PLAIN_ACTS)
        for event in possible_steps(state)
        if event != "acknowledge"
        and may(actor_of(request), event, paper.organisation_id)
        and not (event == "initial" and paper.drafted_by_id == actor_of(request).user_id)
    ]
    context = {
        "paper": paper, "steps": steps, "findings": layout_findings(paper) if state is PaperState.DRAFT else [],
        "reports": verify_pdf(pdf_of(paper), moment=timezone.now()) if paper.document else [],
        "dispatches": paper.dispatches.all(), "events": paper.events.all(),
        "may_edit": state is PaperState.DRAFT and may(actor_of(request), "draft", paper.organisation_id),
        "token": any(event in ("sign", "seal") for event, _label, _plain in steps),
    }  # fmt: skip
    return page(request, "documents/paper_page.html", context)


@screen
def paper_act(request: HttpRequest, uid: str, event: str) -> HttpResponseBase:
    """Take one step with a paper; steps that need nothing more are taken by POST at once."""
    paper, back = _paper(request, uid), reverse("paper_page", args=[uid])
    if event not in PAPER_STEPS or event == "acknowledge":
        raise Http404
    label = _(PAPER_STEPS[event].label)
    told = _("Đã thực hiện: %(step)s.") % {"step": label}
    arguments: dict[str, Any] = {"by": actor_of(request), "paper": paper, "expected_version": version_of(request)}
    if event in PLAIN_ACTS:
        if request.method != "POST":
            raise Http404
        try:
            PLAIN_ACTS[event](**arguments)
        except LayoutFaulty as faulty:
            raise Refused(" ".join(faulty.findings[:5])) from faulty
        return done(request, told, back)
    form = _act_form(event, request, paper)
    if form.is_valid():
        with form.refusals():
            _act(event, arguments, form)
            return done(request, told, back)
    context = {"form": form, "label": label, "paper": paper, "back": back}
    return page(request, "documents/paper_act.html", context, status=form.status)


def _act_form(event: str, request: HttpRequest, paper: OfficialPaper) -> Any:
    if event == "number":
        return forms.NumberForm(request.POST or None, initial={"on": timezone.localdate()})
    if event == "send":
        return forms.SendForm(request.POST or None)
    form = forms.PaperReasonForm(request.POST or None)
    if event == "replace":
        ready = OfficialPaper.objects.filter(organisation=paper.organisation, state=PaperState.SEALED)
        form.fields["replacement"] = forms.forms.ModelChoiceField(
            ready, to_field_name="uid", label=_("Văn bản thay thế")
        )
    return form


def _act(event: str, arguments: dict[str, Any], form: Any) -> None:
    data = form.cleaned_data
    if event == "number":
        services.number_paper(**arguments, on=data["on"])
    elif event == "send":
        services.send_paper(**arguments, receivers=form.pairs())
        services.deliver_waiting(carry=services.carry_to_folder)
    elif event == "return":
        services.return_paper(**arguments, reason=data["reason"])
    elif event == "recall":
        services.recall_paper(**arguments, reason=data["reason"])
        services.deliver_waiting(carry=services.carry_to_folder)
    else:
        services.replace_paper(**arguments, reason=data["reason"], replacement=data["replacement"])
        services.deliver_waiting(carry=services.carry_to_folder)


@screen
def paper_pdf(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The PDF: signed once there are signatures."""
    paper = _paper(request, uid)
    return download_response(pdf_of(paper), file_name(paper), media_type=PDF.media_type)


@screen
def paper_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The Word file, for work outside."""
    paper = _paper(request, uid)
    name = file_name(paper).replace(".pdf", ".docx")
    return download_response(render_docx(as_document(contents_of(paper))), name, media_type=DOCX.media_type)


@screen
def paper_token(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Begin a signature with a token or a remote service: give the certificate, get the bytes to sign."""
    paper = _paper(request, uid)
    kind = SignatureKind.PERSON if paper.state == PaperState.INITIALLED else SignatureKind.ORGANISATION
    form = forms.TokenForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form.refusals():
            chain = [_der(form.cleaned_data["certificate"].read())]
            session = services.begin_remote_signature(by=actor_of(request), paper=paper, kind=kind, chain=chain)
            return done(request, _("Đã tạo phiên ký."), reverse("token_finish", args=[session.uid]))
    context = {"form": form, "paper": paper, "label": kind.label, "back": reverse("paper_page", args=[uid])}
    return page(request, "documents/token.html", context, status=form.status)


@screen
def token_finish(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Show what is to be signed, and take the signature that comes back."""
    session = get_object_or_404(
        SigningSession.objects.select_related("paper"), uid=uid, begun_by_id=actor_of(request).user_id
    )
    form = forms.TokenSignatureForm(request.POST or None)
    back = reverse("paper_page", args=[session.paper.uid])
    if form.is_valid():
        with form.refusals():
            try:
                signature = base64.b64decode("".join(form.cleaned_data["signature"].split()), validate=True)
            except (binascii.Error, ValueError) as error:
                raise SignatureRefused(_("Chữ ký không phải base64."), field="signature") from error
            services.finish_remote_signature(by=actor_of(request), session=session, signature=signature)
            return done(request, _("Đã ký số."), back)
    to_sign = base64.b64encode(bytes(session.attributes)).decode()
    context = {"form": form, "session": session, "to_sign": to_sign, "paper": session.paper, "back": back}
    return page(request, "documents/token_finish.html", context, status=form.status)


@screen(login=False)
def verify_page(request: HttpRequest) -> HttpResponseBase:
    """Who signed a PDF, whether it is as it was signed, whom it leads to, and whether anything was added."""
    form, reports, asked, broken = forms.VerifyForm(request.POST or None, request.FILES or None), [], False, ""
    if form.is_valid():
        asked = True
        try:
            reports = verify_pdf(form.cleaned_data["file"].read(), moment=timezone.now())
        except PdfRefused as error:
            broken = str(error)
    context = {
        "form": form, "reports": reports, "asked": asked, "broken": broken, "test_keys": settings.TEST_SIGNATURES,
        "all_good": bool(reports) and all(report.is_good for report in reports) and reports[-1].covers_file,
    }  # fmt: skip
    return page(request, "documents/verify.html", context, status=form.status)


@screen
def arrival_list(request: HttpRequest) -> HttpResponseBase:
    """The book of arrivals; take in a message from the axis."""
    form = forms.MessageForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form.refusals():
            found = services.receive_message(by=actor_of(request), content=form.cleaned_data["file"].read())
            if found is None:
                raise Refused(_("Gói tin không gửi cho cơ quan nào ở đây."))
            return done(request, _("Đã nhận gói tin."), reverse("arrival_list"))
    filters = filtered(forms.ArrivalFilter, request, visible_arrivals(actor_of(request)).select_related("organisation"))
    context = {"form": form, "filters": filters, "page": paginate(filters.rows, request)}
    return page(request, "documents/arrivals.html", context, part="list", status=form.status)


@screen
def arrival_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One arrival: accept it into the book or refuse it; the answer to the sender is an edXML status."""
    arrival = get_object_or_404(visible_arrivals(actor_of(request)).select_related("organisation", "document"), uid=uid)
    form = forms.ArrivalForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            answer = services.register_arrival(
                by=actor_of(request), arrival=arrival, accept="accept" in request.POST, note=form.cleaned_data["note"]
            )
            services.carry_to_folder(f"status-{arrival.uid}", arrival.sender_code, answer)
            return done(request, _("Đã ghi và trả lời nơi gửi."), reverse("arrival_page", args=[uid]))
    revision = arrival.document.revisions.select_related("file").first() if arrival.document else None
    reports = []
    if revision is not None and revision.file.media_type == PDF.media_type:
        try:
            reports = verify_pdf(bytes_of(revision.file), moment=timezone.now())
        except PdfRefused:
            reports = []
    context = {
        "arrival": arrival,
        "form": form,
        "reports": reports,
        "may_register": may(actor_of(request), "receive", arrival.organisation_id),
    }
    return page(request, "documents/arrival_page.html", context, status=form.status)


@screen
def arrival_file(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The main file of an arrival."""
    arrival = get_object_or_404(visible_arrivals(actor_of(request)), uid=uid)
    revision = arrival.document.revisions.select_related("file").first() if arrival.document else None
    if revision is None:
        raise Http404
    return download_response(content_of(revision), revision.filename, media_type=revision.file.media_type)


def _der(content: bytes) -> bytes:
    try:
        if content.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        return x509.load_der_x509_certificate(content).public_bytes(Encoding.DER)
    except ValueError as error:
        raise SignatureRefused(_("Chứng thư số không đọc được."), field="certificate") from error
