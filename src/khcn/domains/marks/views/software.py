"""Files of software copyright: list, one file, its source, secrets, papers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.marks.choices import FileState
from khcn.domains.marks.forms.filters import SoftwareFilter
from khcn.domains.marks.forms.software import MoveForm, ScreenForm, SoftwareForm, SourceForm
from khcn.domains.marks.models import SoftwareFile
from khcn.domains.marks.permissions import may_file_software, may_keep_software, visible_software
from khcn.domains.marks.queries import software as papers
from khcn.domains.marks.services import software as service
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.pdf_writer import render_pdf
from khcn.web.acting import actor_of, one_of
from khcn.web.charts import Chart, Series, bars
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, PDF, download_response

SHOWN_AUTHORS = 6
EXPORT = Export(
    name="Ho so ban quyen phan mem",
    title="Hồ sơ bản quyền phần mềm",
    columns=(
        Column("Mã", width=24), Column("Tên chương trình", width=36), Column("Chủ sở hữu", width=36),
        Column("Trạng thái", width=20), Column("Ngày nộp hồ sơ", CellKind.DATE), Column("Số giấy chứng nhận", width=22),
        Column("Ngày cấp", CellKind.DATE), Column("Kế hoạch hỗ trợ, đồng", CellKind.INTEGER),
    ),
    row=lambda one: (
        one.code, one.name, one.owner_name, one.get_state_display(), one.filed_on, one.certificate, one.certified_on,
        one.support_vnd,
    ),
)  # fmt: skip
MODULES = Export(
    name="Danh muc mo dun",
    title="Danh mục tệp mã nguồn",
    columns=(
        Column("Tệp", width=60), Column("Ngôn ngữ", width=14), Column("Số dòng", CellKind.INTEGER),
        Column("Số byte", CellKind.INTEGER), Column("SHA-256", width=68),
    ),
    row=tuple,
)  # fmt: skip


@screen
def software_list(request: HttpRequest) -> HttpResponseBase:
    """Files that the actor may read, as a page or a file."""
    actor = actor_of(request)
    filters = filtered(SoftwareFilter, request, visible_software(actor))
    orders = {"name": "name", "owner": "owner_name", "state": "state", "filed": "filed_on"}
    found, ordering = order(filters.rows, request, orders, default="name")
    if EXPORT.asked_for(request):
        return EXPORT.respond(request, found)
    context = {
        "filters": filters, "ordering": ordering, "page": paginate(found, request),
        "may_file": may_file_software(actor),
    }  # fmt: skip
    return page(request, "marks/software_list.html", context, part="list")


@screen
def software_new(request: HttpRequest) -> HttpResponseBase:
    """Begin a file."""
    if not may_file_software(actor_of(request)):
        raise Http404
    form = SoftwareForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            software = service.open_file(by=actor_of(request), **form.values())
            return done(request, _("Đã lập hồ sơ."), reverse("software_page", args=[software.code]))
    context = {"form": form, "label": _("Lập hồ sơ bản quyền"), "back": reverse("software_list")}
    return page(request, "marks/form.html", context, status=form.status)


def _software(request: HttpRequest, code: str) -> SoftwareFile:
    found: SoftwareFile = one_of(visible_software(actor_of(request)).select_related("archive"), code=code)
    return found


def _kept(request: HttpRequest, code: str) -> SoftwareFile:
    software = _software(request, code)
    if not may_keep_software(actor_of(request), software):
        raise Http404
    return software


@screen
def software_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One file as a whole; the list of source files also as a file."""
    software = _software(request, code)
    if MODULES.asked_for(request):
        return MODULES.respond(request, software.found.get("digests", []))
    context = {
        "software": software, "found": software.found, "screens": software.screens.all(),
        "authors": [
            one | {"first": date.fromisoformat(one["first"]), "last": date.fromisoformat(one["last"])}
            for one in software.found.get("authors", ())
        ],
        "may_keep": may_keep_software(actor_of(request), software), "timeline": _timeline(software),
        "is_open": bool(service.FILE_STEPS[FileState(software.state)]),
    }  # fmt: skip
    return page(request, "marks/software_page.html", context)


def _timeline(software: SoftwareFile) -> Chart | None:
    """Commits of each month, the most busy authors apart; None without a history by months."""
    authors = [one for one in software.found.get("authors", ()) if one.get("months")]
    months = sorted({month for one in authors for month in one["months"]})
    if not months:
        return None
    busy = sorted(authors, key=lambda one: -one["commits"])
    apart, others = busy[:SHOWN_AUTHORS], busy[SHOWN_AUTHORS:]
    rows = [(one["name"], [one["months"].get(month, 0) for month in months]) for one in apart]
    if others:
        rows.append((_("Các tác giả khác"), [sum(one["months"].get(m, 0) for one in others) for m in months]))
    series = [Series(name, values, stack="commits") for name, values in rows]
    names = [f"{month[5:]}/{month[:4]}" for month in months]
    return bars(_("Lần ghi mỗi tháng theo tác giả"), names, series, heading=_("Tháng"), unit=_("lần ghi mã"))


@screen
def software_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Correct what is known of a program."""
    software = _kept(request, code)
    form, back = SoftwareForm(request.POST or None, software=software), reverse("software_page", args=[code])
    if form.is_valid():
        with form.refusals():
            service.change_file(
                by=actor_of(request), software=software, changes=form.cleaned_data,
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Đã sửa hồ sơ."), back)
    context = {
        "form": form, "label": _("Sửa hồ sơ bản quyền"), "back": back, "subject": software,
        "version": software.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen
def software_source(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take in the source: an archive or a git bundle."""
    software = _kept(request, code)
    form, back = SourceForm(request.POST or None, request.FILES or None), reverse("software_page", args=[code])
    if form.is_valid():
        with form.refusals():
            service.take_source(by=actor_of(request), software=software, content=form.cleaned_data["archive"].read())
            return done(request, _("Đã đọc mã nguồn. Xem các bí mật tìm thấy trước khi in."), back)
    context = {"form": form, "label": _("Gửi mã nguồn"), "back": back, "subject": software}
    return page(request, "marks/form.html", context, status=form.status)


@screen
def software_screen_new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep a picture of a screen."""
    software = _kept(request, code)
    form, back = ScreenForm(request.POST or None, request.FILES or None), reverse("software_page", args=[code])
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            service.add_screen(
                by=actor_of(request), software=software, title=form.cleaned_data["title"], content=sent.read(),
                filename=sent.name,
            )  # fmt: skip
            return done(request, _("Đã thêm ảnh màn hình."), back)
    context = {"form": form, "label": _("Thêm ảnh màn hình"), "back": back, "subject": software}
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("POST",))
def software_screen_remove(request: HttpRequest, code: str, place: int) -> HttpResponseBase:
    """Take a picture of a screen out; those after it move up."""
    software = _kept(request, code)
    service.remove_screen(
        by=actor_of(request), software=software, place=place, expected_version=version_of(request)
    )  # fmt: skip
    return done(request, _("Đã bỏ ảnh màn hình."), reverse("software_page", args=[code]))


@screen
def software_move(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say what the copyright office did."""
    software = _kept(request, code)
    form, back = MoveForm(request.POST or None, software=software), reverse("software_page", args=[code])
    if form.is_valid():
        with form.refusals():
            service.move_file(
                by=actor_of(request), software=software, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Đã ghi trạng thái hồ sơ."), back)
    context = {
        "form": form, "label": _("Ghi trạng thái hồ sơ"), "back": back, "subject": software,
        "version": software.version,
    }  # fmt: skip
    return page(request, "marks/form.html", context, status=form.status)


@screen(methods=("POST",))
def software_secrets(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say that the secrets were looked at."""
    software = _kept(request, code)
    service.confirm_secrets(by=actor_of(request), software=software, expected_version=version_of(request))
    return done(request, _("Đã xác nhận. Bản in che các bí mật này."), reverse("software_page", args=[code]))


PAPERS: Mapping[str, tuple[str, Callable[[SoftwareFile], Any]]] = {
    "ma-nguon.pdf": (PDF.media_type, papers.source_pdf),
    "man-hinh.pdf": (PDF.media_type, papers.screens_pdf),
    "to-khai.pdf": (PDF.media_type, lambda one: render_pdf(papers.declaration(one))),
    "to-khai.docx": (DOCX.media_type, lambda one: render_docx(papers.declaration(one))),
    "ban-ke.pdf": (PDF.media_type, lambda one: render_pdf(papers.inventory(one))),
    "ban-ke.docx": (DOCX.media_type, lambda one: render_docx(papers.inventory(one))),
    "cam-doan.pdf": (PDF.media_type, lambda one: render_pdf(papers.commitment(one))),
    "cam-doan.docx": (DOCX.media_type, lambda one: render_docx(papers.commitment(one))),
}


@screen(methods=("GET", "HEAD"))
def software_paper(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """One of the papers of a file."""
    software = _kept(request, code)
    if name not in PAPERS:
        raise Http404
    media, make = PAPERS[name]
    return download_response(make(software), f"{software.code}-{name}", media_type=media)
