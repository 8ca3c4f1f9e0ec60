"""The ledger of stamps of a right, and what a scanned stamp says to everybody."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.marks.forms import stamps as forms
from khcn.domains.marks.models import CertifiedLot, Right, StampIssue, StampOrder
from khcn.domains.marks.permissions import is_of_the_state, may_keep, may_keep_use, visible_uses
from khcn.domains.marks.queries.balances import balances_of
from khcn.domains.marks.queries.certificates import lot_certificate_of
from khcn.domains.marks.queries.verdicts import verdict_of
from khcn.domains.marks.services import stamps
from khcn.domains.marks.views.acting import kept_right, right_for
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, PDF, download_response

BALANCE = Export(
    name="Can doi tem",
    title="Cân đối khối lượng chứng nhận và tem",
    columns=(
        Column("Người sử dụng", width=36), Column("Số lô", CellKind.INTEGER),
        Column("Chứng nhận, kg", CellKind.DECIMAL),
        Column("Đã cấp tem, kg", CellKind.DECIMAL), Column("Còn lại, kg", CellKind.DECIMAL),
        Column("Tem đã cấp", CellKind.INTEGER), Column("Đã dán", CellKind.INTEGER), Column("Đã hủy", CellKind.INTEGER),
    ),
    row=lambda one: (
        one.holder, one.lots, one.certified_kg, one.stamped_kg, one.left_kg, one.issued, one.used, one.voided
    ),
)  # fmt: skip


@screen
def mark_stamps(request: HttpRequest, code: str) -> HttpResponseBase:
    """Designs, orders, issues and the balance of a right's stamps; the balance also as a file."""
    right, actor = right_for(request, code), actor_of(request)
    if not is_of_the_state(actor):
        raise Http404
    balances = balances_of(right)
    if BALANCE.asked_for(request):
        return BALANCE.respond(request, balances)
    issues = StampIssue.objects.filter(order__design__right=right).select_related("order__design", "lot__use")
    context = {
        "right": right, "designs": right.designs.all(), "balances": balances, "page": paginate(issues, request),
        "orders": StampOrder.objects.filter(design__right=right).select_related("design")[:50],
        "may_keep": may_keep(actor, right),
    }  # fmt: skip
    return page(request, "marks/stamp_list.html", context)


@screen
def mark_stamp_design_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add a kind of stamp."""
    right = kept_right(request, code)
    form, back = forms.DesignForm(request.POST or None), reverse("mark_stamps", args=[code])
    if form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            stamps.add_design(by=actor_of(request), right=right, name=data["name"], prefix=data["sign"], kg=data["kg"])
            return done(request, _("Đã thêm mẫu tem."), back)
    context = {"form": form, "label": _("Thêm mẫu tem"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_stamp_order_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Order stamps of a printer."""
    right = kept_right(request, code)
    form, back = forms.OrderForm(request.POST or None, right=right), reverse("mark_stamps", args=[code])
    if form.is_valid():
        with form.refusals():
            stamps.order_stamps(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã đặt in tem."), back)
    context = {"form": form, "label": _("Đặt in tem"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_stamp_receive(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """Say that the printer delivered an order."""
    right = kept_right(request, code)
    order = one_of(StampOrder.objects.filter(design__right=right).select_related("design__right"), uid=uid)
    form, back = forms.ReceiveForm(request.POST or None), reverse("mark_stamps", args=[code])
    if form.is_valid():
        with form.refusals():
            stamps.receive_stamps(by=actor_of(request), order=order, **form.cleaned_data)
            return done(request, _("Đã nhận tem từ nơi in."), back)
    context = {"form": form, "label": _("Nhận tem"), "back": back, "subject": order}
    return page(request, "marks/form.html", context, status=form.status)


def _lot(request: HttpRequest, uid: str) -> CertifiedLot:
    rows = CertifiedLot.objects.filter(use__in=visible_uses(actor_of(request))).select_related("use__right", "product")
    found: CertifiedLot = one_of(rows, uid=uid)
    return found


@screen
def mark_lot(request: HttpRequest, uid: str) -> HttpResponseBase:
    """A certified lot: the verdict then and now, its stamps and the mass that is left."""
    lot, actor = _lot(request, uid), actor_of(request)
    stamped = stamps.stamped_kg(lot)
    context = {
        "lot": lot, "use": lot.use, "right": lot.use.right, "stamped": stamped, "left": lot.kg - stamped,
        "issues": lot.issues.select_related("order__design").prefetch_related("voids"),
        "now": verdict_of(lot.lot_uri, lot.use.right, timezone.localdate()), "may_keep": may_keep(actor, lot.use.right),
        "may_keep_use": may_keep_use(actor, lot.use),
    }  # fmt: skip
    return page(request, "marks/lot_page.html", context)


@screen(methods=("GET", "HEAD"))
def mark_lot_certificate(request: HttpRequest, uid: str, ending: str) -> HttpResponseBase:
    """The certificate of a lot with its verdict, as Word or PDF."""
    lot, today = _lot(request, uid), timezone.localdate()
    address = request.build_absolute_uri(reverse("public_use", args=[lot.use.uid]))
    paper = lot_certificate_of(lot, verdict_of(lot.lot_uri, lot.use.right, today), address, today)
    if ending == "docx":
        return download_response(render_docx(paper), f"{lot.lot_code}.docx", media_type=DOCX.media_type)
    return download_response(render_pdf(paper), f"{lot.lot_code}.pdf", media_type=PDF.media_type)


@screen
def mark_stamp_issue(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Hand out stamps for a certified lot."""
    lot = _lot(request, uid)
    if not may_keep(actor_of(request), lot.use.right):
        raise Http404
    form, back = forms.IssueStampsForm(request.POST or None, lot=lot), reverse("mark_lot", args=[uid])
    if form.is_valid():
        with form.refusals():
            stamps.issue_stamps(by=actor_of(request), lot=lot, **form.cleaned_data)
            return done(request, _("Đã cấp tem."), back)
    context = {"form": form, "label": _("Cấp tem"), "back": back, "subject": lot}
    return page(request, "marks/form.html", context, status=form.status)


def _issue(request: HttpRequest, uid: str) -> StampIssue:
    rows = StampIssue.objects.filter(lot__use__in=visible_uses(actor_of(request)))
    found: StampIssue = one_of(rows.select_related("order__design", "lot__use__right"), uid=uid)
    return found


@screen
def mark_stamp_void(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take stamps of an issue out."""
    issue = _issue(request, uid)
    if not may_keep(actor_of(request), issue.lot.use.right):
        raise Http404
    form, back = forms.VoidForm(request.POST or None), reverse("mark_lot", args=[issue.lot.uid])
    if form.is_valid():
        with form.refusals():
            stamps.void_stamps(by=actor_of(request), issue=issue, **form.cleaned_data)
            return done(request, _("Đã hủy tem."), back)
    context = {"form": form, "label": _("Hủy tem"), "back": back, "subject": issue}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_stamp_used(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Say how many stamps of an issue are on goods."""
    issue = _issue(request, uid)
    if not may_keep_use(actor_of(request), issue.lot.use):
        raise Http404
    form, back = forms.UsedForm(request.POST or None), reverse("mark_lot", args=[issue.lot.uid])
    if form.is_valid():
        with form.refusals():
            stamps.use_stamps(by=actor_of(request), issue=issue, **form.cleaned_data)
            return done(request, _("Đã ghi số tem đã dán."), back)
    context = {"form": form, "label": _("Ghi số tem đã dán"), "back": back, "subject": issue}
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def mark_stamp_codes(request: HttpRequest, uid: str) -> HttpResponse:
    """The codes of an issue for the printer of QR, one address a line, the first five hundred."""
    issue = _issue(request, uid)
    if not may_keep(actor_of(request), issue.lot.use.right):
        raise Http404
    lines = [request.build_absolute_uri(reverse("public_stamp", args=[one])) for one in stamps.stamp_codes(issue)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@screen(login=False, methods=("GET", "HEAD"))
def public_stamp(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a scanned stamp says: whether it is one of ours, of which lot, and whether it was copied."""
    found = stamps.scan_stamp(code=code, network=request.META.get("REMOTE_ADDR", ""), now=timezone.now())
    issue = found.get("issue")
    verdict = None
    if issue is not None:
        right: Right = issue.lot.use.right
        verdict = verdict_of(issue.lot.lot_uri, right, timezone.localdate())
    order = found.get("order")
    about = order.design.right if order is not None and order.design.right.is_public else None
    context = {"code": code, "scan": found, "issue": issue, "verdict": verdict, "right": about}
    return page(request, "marks/public_stamp.html", context, status=200 if found["known"] else 404)
