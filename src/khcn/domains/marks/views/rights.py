"""The register for officials: list, one right, its goods, holders, documents, lists in and out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.marks.choices import RightRole
from khcn.domains.marks.forms.filters import RightFilter
from khcn.domains.marks.forms.rights import COLUMNS, GoodsForm, HolderForm, ImportForm, PaperForm, RightForm
from khcn.domains.marks.models import Right
from khcn.domains.marks.permissions import (
    is_of_the_state,
    may_decide,
    may_keep,
    registering_places,
    visible_rights,
)
from khcn.domains.marks.queries.register import documents_of, map_of, right_on
from khcn.domains.marks.services import rights
from khcn.domains.marks.services.papers import attach_document
from khcn.domains.marks.views.acting import decided_right, kept_right, right_for
from khcn.kernel.documents.queries import content_of
from khcn.kernel.orgs.models import Organisation
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.templates import template_xlsx
from khcn.web.spreadsheets.validation import RowError, suggest_mapping, validate
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import XLSX, download_response

EXPORT = Export(
    name="So quyen so huu cong nghiep",
    title="Sổ chỉ dẫn địa lý, nhãn hiệu chứng nhận, nhãn hiệu tập thể",
    columns=(
        Column("Mã", width=24), Column("Loại quyền", width=22), Column("Tên", width=36),
        Column("Dấu hiệu được bảo hộ", width=28), Column("Hàng hóa", width=40), Column("Trạng thái", width=20),
        Column("Số đơn", width=18), Column("Ngày nộp đơn", CellKind.DATE), Column("Số giấy chứng nhận", width=18),
        Column("Ngày cấp", CellKind.DATE), Column("Quyết định", width=28), Column("Hết hiệu lực", CellKind.DATE),
        Column("Thời hạn quyền sử dụng (năm)", CellKind.INTEGER), Column("Chủ sở hữu", width=36),
    ),
    row=lambda one: (
        one.code, one.get_kind_display(), one.name, one.sign, one.goods, one.get_state_display(),
        one.application_number, one.filed_on, one.registration_number, one.registered_on, one.decision, one.expires_on,
        one.term_years, _owner(one),
    ),
)  # fmt: skip


@screen
def mark_list(request: HttpRequest) -> HttpResponseBase:
    """Rights that the actor may read, as a page or a file."""
    actor = actor_of(request)
    filters = filtered(RightFilter, request, visible_rights(actor).prefetch_related("parties"))
    orders = {"name": "name", "kind": ("kind", "name"), "registered": "registered_on", "state": "state"}
    found, ordering = order(filters.rows, request, orders, default="name")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "may_register": bool(registering_places(actor)),
    }  # fmt: skip
    return page(request, "marks/mark_list.html", context, part="list")


@screen
def mark_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One right as a whole."""
    right, actor, today = right_for(request, code), actor_of(request), timezone.localdate()
    now = right_on(right, today)
    inside = is_of_the_state(actor)
    context = {
        "right": right, "now": now, "map": map_of(now.area, today), "classes": right.classes.all(),
        "products": right.products.filter(is_active=True), "parties": right.parties.select_related("organisation"),
        "specifications": right.specifications.all(), "areas": right.areas.all(),
        "parameters": now.specification.parameters.select_related("product") if now.specification else (),
        "documents": documents_of(right, only_public=not inside), "may_keep": may_keep(actor, right),
        "may_decide": may_decide(actor, right), "is_inside": inside,
        "has_draft_specification": right.specifications.filter(issued_at=None).exists(),
        "has_draft_area": right.areas.filter(issued_at=None).exists(),
    }  # fmt: skip
    return page(request, "marks/mark_page.html", context)


@screen
def mark_new(request: HttpRequest) -> HttpResponseBase:
    """Enter a right."""
    form = RightForm(request.POST or None, places=_places(request))
    if form.is_valid():
        with form.refusals():
            right = rights.register_right(by=actor_of(request), **form.cleaned_data)
            return done(request, _("Đã ghi quyền vào sổ."), reverse("mark_page", args=[right.code]))
    context = {"form": form, "label": _("Ghi quyền mới"), "back": reverse("mark_list")}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Correct a right."""
    right = kept_right(request, code)
    form, back = RightForm(request.POST or None, right=right), reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            rights.change_right(
                by=actor_of(request), right=right, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã sửa quyền."), back)
    context = {"form": form, "label": _("Sửa quyền"), "back": back, "subject": right, "version": right.version}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_goods(request: HttpRequest, code: str) -> HttpResponseBase:
    """Classes and products of a right."""
    right = kept_right(request, code)
    form, back = GoodsForm(request.POST or None, right=right), reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            rights.set_goods(
                by=actor_of(request), right=right, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã ghi hàng hóa, sản phẩm."), back)
    context = {
        "form": form, "label": _("Hàng hóa, sản phẩm"), "back": back, "subject": right, "version": right.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def mark_holder_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say who owns or manages a right from a day on."""
    right = decided_right(request, code)
    form, back = HolderForm(request.POST or None), reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            rights.set_party(by=actor_of(request), right=right, **form.values())
            return done(request, _("Đã ghi chủ thể của quyền."), back)
    context = {"form": form, "label": _("Ghi chủ sở hữu, nơi quản lý"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("POST",))
def mark_open(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show a right in the public register, or take it out."""
    right = decided_right(request, code)
    is_public = request.POST.get("cong_khai") == "1"
    rights.open_right(by=actor_of(request), right=right, is_public=is_public, expected_version=version_of(request))
    message = _("Quyền đã vào sổ công khai.") if is_public else _("Quyền đã rút khỏi sổ công khai.")
    return done(request, message, reverse("mark_page", args=[code]))


@screen
def mark_paper_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep a document with a right."""
    right = kept_right(request, code)
    form, back = PaperForm(request.POST or None, request.FILES or None), reverse("mark_page", args=[code])
    if form.is_valid():
        with form.refusals():
            data = dict(form.cleaned_data)
            sent = data.pop("file")
            attach_document(by=actor_of(request), right=right, content=sent.read(), filename=sent.name, **data)
            return done(request, _("Đã lưu tài liệu."), back)
    context = {"form": form, "label": _("Thêm tài liệu"), "back": back, "subject": right}
    return page(request, "marks/form.html", context, status=form.status)


@screen(login=False, methods=("GET", "HEAD"))
def mark_paper(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """A document of a right: an open one for everybody, others for officials."""
    actor = actor_of(request) if request.user.is_authenticated else None
    right = visible_rights(actor).filter(code=code).first()
    document = None
    if right is not None:
        document = documents_of(right, only_public=not is_of_the_state(actor)).filter(uid=uid).first()
    revision = document.revisions.order_by("-number").select_related("file").first() if document else None
    if revision is None:
        raise Http404
    return download_response(content_of(revision), revision.filename, media_type=revision.file.media_type)


@screen
def mark_import(request: HttpRequest) -> HttpResponseBase:
    """Take in a whole list; every fault is shown with its row and nothing is kept."""
    if request.GET.get("mau"):
        content = template_xlsx(COLUMNS, title="Sổ quyền sở hữu công nghiệp")
        return download_response(content, "mau-so-quyen.xlsx", media_type=XLSX.media_type)
    errors: tuple[RowError, ...] = ()
    form = ImportForm(request.POST or None, request.FILES or None, places=_places(request))
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            table = read_table(sent.read(), sent.name, expected_titles=[spec.title_vi for spec in COLUMNS])
            report = validate(table, COLUMNS, suggest_mapping(table.headers, COLUMNS))
            errors = report.errors
            if report.is_clean:
                rows = [dict(row.values) for row in report.rows]
                count = rights.import_rights(by=actor_of(request), rows=rows, manager=form.cleaned_data["manager"])
                return done(request, _("Đã ghi %(count)d quyền vào sổ.") % {"count": count}, reverse("mark_list"))
    status = 422 if errors else form.status
    return page(request, "marks/mark_import.html", {"form": form, "errors": errors[:200]}, status=status)


def _places(request: HttpRequest) -> Any:
    places = registering_places(actor_of(request))
    if not places:
        raise Http404
    return Organisation.objects.filter(pk__in=places)


def _owner(right: Right) -> str:
    today = timezone.localdate()
    return next((one.name for one in right.parties.all() if one.role == RightRole.OWNER and one.is_valid_on(today)), "")
