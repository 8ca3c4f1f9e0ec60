"""The catalogue for officials: list, one procedure, publishing, ending, lists in and out."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.onestop.forms.catalogue import COLUMNS, EndForm, IdentifierForm, ImportForm, ProcedureForm
from khcn.domains.onestop.forms.filters import IdentifierFilter, ProcedureFilter
from khcn.domains.onestop.models import AdministrativeProcedure
from khcn.domains.onestop.permissions import may_publish
from khcn.domains.onestop.queries.dossiers import flawed_bases
from khcn.domains.onestop.services import catalogue
from khcn.kernel.documents.models import AgencyIdentifier
from khcn.kernel.documents.services import set_identifier
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.queries import organisations_on
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.templates import template_xlsx
from khcn.web.spreadsheets.validation import RowError, suggest_mapping, validate
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import XLSX, download_response

EXPORT = Export(
    name="Danh muc thu tuc hanh chinh",
    title="Danh mục thủ tục hành chính",
    columns=(
        Column("Mã thủ tục", width=16),
        Column("Tên thủ tục", width=60),
        Column("Lĩnh vực", width=30),
        Column("Mã cơ quan giải quyết", width=18),
        Column("Thời hạn (ngày làm việc)", CellKind.INTEGER),
        Column("Phí, lệ phí (đồng)", CellKind.DONG),
        Column("Kết quả", width=30),
        Column("Quyết định công bố", width=22),
        Column("Hiệu lực từ", CellKind.DATE),
        Column("Thành phần hồ sơ", width=60),
    ),
    row=lambda item: (
        item.code,
        item.title,
        item.field,
        item.deciding.code,
        item.limit_amount,
        item.fee_vnd,
        item.result_title,
        item.publication_decision,
        item.valid_from,
        "; ".join(part.name + ("" if part.is_required else " (không bắt buộc)") for part in item.components.all()),
    ),
)
_LIST_FIELDS = ("deciding", "components", "basis", "article", "code", "valid_from")


@screen
def tthc_list(request: HttpRequest) -> HttpResponseBase:
    """Procedures in force (or all versions), filtered, as a page or a file."""
    rows = AdministrativeProcedure.objects.select_related("deciding", "receiving", "workflow").prefetch_related(
        "components"
    )
    if not request.GET.get("het_hieu_luc"):
        rows = rows.valid_on(timezone.localdate())
    filters = filtered(ProcedureFilter, request, rows)
    orders = {"code": "code", "title": "title", "field": "field"}
    found, ordering = order(filters.rows, request, orders, default="code")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters,
        "ordering": ordering,
        "page": paginate(found, request),
        "may_publish": bool(_bodies(request)),
        "all_versions": bool(request.GET.get("het_hieu_luc")),
    }
    return page(request, "onestop/tthc_list.html", context, part="list")


@screen
def tthc_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One procedure as published, its versions, and what is wrong with its legal bases."""
    item = get_object_or_404(
        AdministrativeProcedure.objects.select_related("deciding", "receiving", "workflow"), uid=uid
    )
    context = {
        "item": item,
        "components": item.components.all(),
        "bases": item.bases.select_related("instrument"),
        "flaws": flawed_bases(item, on=timezone.now()),
        "may_publish": may_publish(actor_of(request), item.deciding_id),
        "versions": AdministrativeProcedure.objects.filter(code=item.code, deciding=item.deciding).order_by(
            "-valid_from"
        ),
        "dossiers": item.dossiers.count(),
    }
    return page(request, "onestop/tthc_page.html", context)


@screen
def tthc_new(request: HttpRequest) -> HttpResponseBase:
    """Publish a procedure, or a new version of one (`?tu=`)."""
    source = AdministrativeProcedure.objects.filter(uid=request.GET["tu"]).first() if request.GET.get("tu") else None
    initial = _initial(source) if source else {"valid_from": timezone.localdate()}
    kept = source.workflow_id if source else None
    form = ProcedureForm(request.POST or None, bodies=_own_bodies(request), kept_workflow=kept, initial=initial)
    if form.is_valid():
        with form.refusals():
            item = _publish(request, form.cleaned_data)
            return done(
                request, _("Đã công bố thủ tục %(code)s.") % {"code": item.code}, reverse("tthc_page", args=[item.uid])
            )
    return page(request, "onestop/tthc_form.html", {"form": form, "source": source}, status=form.status)


@screen
def tthc_end(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take a procedure out of force from a day on."""
    item, form = get_object_or_404(AdministrativeProcedure, uid=uid), EndForm(request.POST or None)
    back = reverse("tthc_page", args=[uid])
    if form.is_valid():
        with form.refusals():
            catalogue.end_procedure(by=actor_of(request), procedure=item, **form.cleaned_data)
            return done(request, _("Đã ghi ngày bãi bỏ thủ tục."), back)
    context = {"form": form, "label": _("Bãi bỏ thủ tục"), "title": item.title, "back": back}
    return page(request, "onestop/act.html", context, status=form.status)


@screen
def tthc_import(request: HttpRequest) -> HttpResponseBase:
    """Take in a whole list; every fault is shown with its row and nothing is kept."""
    if request.GET.get("mau"):
        content = template_xlsx(COLUMNS, title="Danh mục thủ tục hành chính")
        return download_response(content, "mau-danh-muc-thu-tuc.xlsx", media_type=XLSX.media_type)
    bodies = _own_bodies(request)
    errors: tuple[RowError, ...] = ()
    form = ImportForm(request.POST or None, request.FILES or None, bodies=bodies)
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            table = read_table(sent.read(), sent.name, expected_titles=[spec.title_vi for spec in COLUMNS])
            report = validate(table, COLUMNS, suggest_mapping(table.headers, COLUMNS))
            errors = report.errors
            if report.is_clean:
                rows = [dict(row.values) for row in report.rows]
                count = catalogue.import_procedures(
                    by=actor_of(request), rows=rows, workflow=form.cleaned_data["workflow"]
                )
                return done(request, _("Đã công bố %(count)d thủ tục.") % {"count": count}, reverse("tthc_list"))
    status = 422 if errors else form.status
    return page(request, "onestop/tthc_import.html", {"form": form, "errors": errors[:200]}, status=status)


def _bodies(request: HttpRequest) -> Any:
    actor = actor_of(request)
    bodies = organisations_on(timezone.localdate()).filter(kind="state")
    own = [pk for pk in bodies.values_list("pk", flat=True) if may_publish(actor, pk)]
    return Organisation.objects.filter(pk__in=own)


def _own_bodies(request: HttpRequest) -> Any:
    """The bodies for which the person publishes; Forbidden where there is none."""
    bodies = _bodies(request)
    if not bodies.exists():
        raise Forbidden("Việc này dành cho cơ quan giải quyết thủ tục.")
    return bodies


def _publish(request: HttpRequest, data: dict[str, Any]) -> AdministrativeProcedure:
    values = {name: value for name, value in data.items() if name not in _LIST_FIELDS}
    values["fee_vnd"] = values.get("fee_vnd") or 0
    return catalogue.publish_procedure(
        by=actor_of(request), code=data["code"], deciding=data["deciding"], valid_from=data["valid_from"],
        components=catalogue.read_components(data["components"]),
        bases=[(data["basis"], data["article"])] if data["basis"] else [], **values,
    )  # fmt: skip


def _initial(source: AdministrativeProcedure) -> dict[str, Any]:
    names = ("code", "title", "field", "limit_amount", "limit_unit", "fee_vnd", "result_title", "online_level",
             "supplement_clock", "publication_decision", "conditions")  # fmt: skip
    parts = [part.name + ("" if part.is_required else " (không bắt buộc)") for part in source.components.all()]
    basis = source.bases.select_related("instrument").first()
    return {name: getattr(source, name) for name in names} | {
        "valid_from": timezone.localdate(), "components": "\n".join(parts), "deciding": source.deciding.code,
        "receiving": source.receiving.code if source.receiving else "",
        "workflow": source.workflow.code if source.workflow else "",
        "basis": basis.instrument.number if basis else "", "article": basis.article if basis else "",
    }  # fmt: skip


@screen(methods=("GET", "HEAD", "POST"))
def identifier_list(request: HttpRequest) -> HttpResponseBase:
    """Codes under which agencies are known on the national axis and portal; the codes of dossiers begin with them."""
    actor = actor_of(request)
    if not actor.holds(Role.SYSADMIN):
        raise Forbidden(_("Trang này dành cho quản trị hệ thống."))
    form = IdentifierForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if form.is_valid():
        with form.refusals():
            identifier = set_identifier(by=actor, **form.values())
            message = _("Đã đặt mã %(code)s cho %(agency)s.") % {
                "code": identifier.code, "agency": identifier.organisation,
            }  # fmt: skip
            return done(request, message, reverse("identifier_list"))
    rows = AgencyIdentifier.objects.select_related("organisation").order_by("organisation__sort_key", "-valid_from")
    filters = filtered(IdentifierFilter, request, rows)
    context = {"form": form, "filters": filters, "page": paginate(filters.rows, request)}
    return page(request, "onestop/identifiers.html", context, part="list", status=form.status)
