"""EUDR: plots behind a lot with their findings, the package, statements with their files, sending and taking back."""

import io
import zipfile

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from khcn.domains.traceability.choices import StatementState
from khcn.domains.traceability.forms.plots import StatementForm
from khcn.domains.traceability.models import Statement
from khcn.domains.traceability.permissions import may_keep, visible_statements
from khcn.domains.traceability.rules.eudr import sentence_of
from khcn.domains.traceability.services import eudr as services
from khcn.domains.traceability.views.acting import kept_bytes
from khcn.domains.traceability.views.lots import lot_of
from khcn.lib.failure import Forbidden, Refused
from khcn.standards.eudr.statements import statement_element
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

STATEMENTS = Export(
    name="To khai EUDR", title="Tờ khai EUDR",
    columns=(Column("Lô hàng", width=22), Column("Sản phẩm", width=40), Column("Cơ sở", width=36),
             Column("Trạng thái", width=26), Column("Mã HS", width=10),
             Column("Khối lượng tịnh, kg", CellKind.DECIMAL), Column("Số tham chiếu", width=18),
             Column("Số lô đất", CellKind.INTEGER)),
    row=lambda one: (one.lot.code, one.lot.product.name, one.lot.product.party.name, one.get_state_display(),
                     one.hs_heading, one.net_kg, one.reference, len(one.plots)),
)  # fmt: skip


@screen
def lot_eudr(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The plots behind a lot, what stands against a statement, and the package to hand to the importer."""
    lot = lot_of(request, uid)
    if not may_keep(actor_of(request), lot.product.party):
        raise Forbidden("Chỉ cơ sở làm ra lô hàng hoặc công chức quản lý truy xuất xem được vị trí các lô đất.")
    draft = services.draft_of(lot=lot, on=timezone.localdate())
    if request.GET.get("dang") == "goi" and draft.packages:
        return _package(list(draft.packages), f"eudr-{lot.code}")
    rows = [
        {"plot": one, "fatal": [sentence_of(it) for it in found if it.is_fatal],
         "notes": [sentence_of(it) for it in found if not it.is_fatal]}
        for one, found in draft.plots
    ]  # fmt: skip
    context = {
        "lot": lot, "draft": draft, "rows": rows, "statements": lot.statements.all()[:20],
        "size": sum(map(len, draft.packages)), "in_scope": draft.goods is not None,
    }  # fmt: skip
    return page(request, "traceability/lot_eudr.html", context)


def _package(packages: list[bytes], name: str) -> HttpResponseBase:
    """One GeoJSON, or several in an archive where one would be too large."""
    if len(packages) == 1:
        return download_response(packages[0], f"{name}.geojson", media_type=services.GEOJSON)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(packages, start=1):
            archive.writestr(f"{name}-{number}.geojson", content)
    return download_response(held.getvalue(), f"{name}.zip", media_type="application/zip")


@screen
def statement_new(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Draft a statement about a lot."""
    lot = lot_of(request, uid)
    draft = services.draft_of(lot=lot, on=timezone.localdate())
    start = {
        "description": draft.goods.description if draft.goods else lot.product.name, "net_kg": lot.quantity_kg,
        "hs_heading": draft.goods.hs_heading if draft.goods else "", "is_confidential": True,
    }  # fmt: skip
    form, back = StatementForm(request.POST or None, initial=start), reverse("trace_lot_eudr", args=[uid])
    if form.is_valid():
        with form.refusals():
            made = services.draft_statement(by=actor_of(request), lot=lot, now=timezone.now(), **form.cleaned_data)
            return done(request, _("Đã lập tờ khai nháp."), reverse("trace_statement", args=[made.uid]))
    context = {"form": form, "label": _("Lập tờ khai EUDR"), "back": back, "subject": lot}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def statement_list(request: HttpRequest) -> HttpResponseBase:
    """Statements about lots of the actor's parties."""
    orders = {"sent": "sent_at", "lot": "lot__code", "id": "id"}
    found, ordering = order(visible_statements(actor_of(request)), request, orders, default="-id")
    if STATEMENTS.asked_for(request):
        return STATEMENTS.respond(request, found)
    context = {"ordering": ordering, "page": paginate(found, request)}
    return page(request, "traceability/statement_list.html", context)


def _statement(request: HttpRequest, uid: str) -> Statement:
    found: Statement = one_of(visible_statements(actor_of(request)), uid=uid)
    return found


@screen
def statement_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One statement, what stands against it, and its files: GeoJSON and the message in XML."""
    statement = _statement(request, uid)
    asked = request.GET.get("dang")
    if asked == "geojson":
        return download_response(
            kept_bytes(statement.package), f"{statement.internal_reference}.geojson", media_type=services.GEOJSON
        )
    if asked == "xml":
        body = etree.tostring(
            statement_element(services.message_of(statement)), xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
        return download_response(body, f"{statement.internal_reference}.xml", media_type="application/xml")
    kept_bytes(statement.package)
    found = services.findings_of_statement(statement, timezone.localdate())
    is_draft = statement.state == StatementState.DRAFT
    may_act = may_keep(actor_of(request), statement.lot.product.party)
    context = {
        "statement": statement, "lot": statement.lot, "fatal": [sentence_of(it) for it in found if it.is_fatal],
        "notes": [sentence_of(it) for it in found if not it.is_fatal], "may_edit": may_act and is_draft,
        "may_send": may_act and is_draft and services.system_in_use() is not None,
        "may_withdraw": may_act and statement.state in (StatementState.SUBMITTED, StatementState.AVAILABLE),
        "has_system": services.system_in_use() is not None,
    }  # fmt: skip
    return page(request, "traceability/statement_page.html", context)


@screen
def statement_edit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Correct a draft."""
    statement = _statement(request, uid)
    form, back = StatementForm(request.POST or None, statement=statement), reverse("trace_statement", args=[uid])
    if form.is_valid():
        with form.refusals():
            services.change_statement(
                by=actor_of(request), statement=statement, changes=form.cleaned_data, now=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã sửa tờ khai."), back)
    context = {
        "form": form,
        "label": _("Sửa tờ khai"),
        "back": back,
        "subject": statement,
        "version": statement.version,
    }
    return page(request, "traceability/form.html", context, status=form.status)


@screen(methods=("POST",))
def statement_send(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Send a draft to the information system."""
    statement, system = _statement(request, uid), services.system_in_use()
    if system is None:
        raise Refused("Chưa cấu hình tài khoản hệ thống EU; hãy tải tờ khai về và chuyển cho nhà nhập khẩu.")
    sent = services.send_statement(
        by=actor_of(request), statement=statement, system=system, now=timezone.now(),
        expected_version=version_of(request),
    )  # fmt: skip
    told = _("Hệ thống EU không nhận; xem lý do trên trang.") if sent.refusals else _("Đã gửi tờ khai.")
    return done(request, told, reverse("trace_statement", args=[uid]))


@screen(methods=("POST",))
def statement_withdraw(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take a statement back."""
    statement, system = _statement(request, uid), services.system_in_use()
    if system is None:
        raise Refused("Chưa cấu hình tài khoản hệ thống EU nên chưa rút được ở đây.")
    services.withdraw_statement(
        by=actor_of(request), statement=statement, system=system, now=timezone.now(),
        expected_version=version_of(request),
    )  # fmt: skip
    return done(request, _("Đã rút tờ khai."), reverse("trace_statement", args=[uid]))
