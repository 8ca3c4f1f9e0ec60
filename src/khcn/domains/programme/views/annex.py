"""Importing a plan's annex: file, mapping of columns with a preview, errors row by row, import."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.plans import AnnexFileForm
from khcn.domains.programme.models import Plan
from khcn.domains.programme.services import annex
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.documents.services import store_file
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.parsers import CodeParser, DongParser, TextParser, YearParser, YearsParser, plain_text
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.table import Table
from khcn.web.spreadsheets.templates import error_workbook, template_xlsx
from khcn.web.spreadsheets.validation import ColumnSpec, ImportReport, RowError, suggest_mapping, validate

SPECS = (
    ColumnSpec("code", "Mã", CodeParser(), ("Mã số", "Ký hiệu", "Mã nhiệm vụ"), unique=True),
    ColumnSpec(
        "title", "Tên nhiệm vụ", TextParser(), ("Nhiệm vụ", "Nội dung nhiệm vụ", "Tên đề tài, dự án"), required=True
    ),
    ColumnSpec("field", "Lĩnh vực", TextParser(), ("Lĩnh vực ưu tiên",)),
    ColumnSpec("lead", "Đơn vị chủ trì", TextParser(), ("Chủ trì", "Cơ quan chủ trì")),
    ColumnSpec("partners", "Đơn vị phối hợp", TextParser(), ("Phối hợp", "Cơ quan phối hợp")),
    ColumnSpec("year_from", "Năm bắt đầu", YearParser(), ("Từ năm", "Bắt đầu")),
    ColumnSpec("year_to", "Năm kết thúc", YearParser(), ("Đến năm", "Kết thúc")),
    ColumnSpec("years", "Thời gian thực hiện", YearsParser(), ("Thời gian", "Năm thực hiện", "Tiến độ thực hiện")),
    ColumnSpec("S1", "Kinh phí sự nghiệp KH&CN", DongParser(), ("Sự nghiệp KH&CN", "Kinh phí sự nghiệp")),
    ColumnSpec("S2", "Vốn đầu tư ngân sách tỉnh", DongParser(), ("Vốn đầu tư", "Đầu tư công")),
    ColumnSpec("S3", "Hỗ trợ Trung ương", DongParser(), ("Trung ương", "Ngân sách Trung ương")),
    ColumnSpec("S4", "Vốn đối ứng, tài trợ", DongParser(), ("Đối ứng", "Vốn khác", "Doanh nghiệp")),
    ColumnSpec("total_vnd", "Tổng kinh phí", DongParser(), ("Kinh phí", "Dự kiến kinh phí", "Kinh phí dự kiến")),
    ColumnSpec("note", "Ghi chú", TextParser(), ()),
)
SALT = "programme.annex"


@screen
def annex_import(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take the file, then show how its columns are understood."""
    plan = _plan(request, uid)
    form = AnnexFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            file = form.cleaned_data["file"]
            content = file.read()
            read_table(content, file.name, expected_titles=[spec.title_vi for spec in SPECS])
            stored = store_file(by=actor_of(request), content=content, media_type=file.content_type or "")
            ticket = signing.dumps({"sha256": stored.sha256, "name": file.name}, salt=SALT)
            address = f"{reverse('annex_mapping', args=[plan.uid])}?tep={ticket}"
            return done(request, _("Đã đọc bảng. Vui lòng kiểm tra nội dung của từng cột."), address)
    return page(request, "programme/plans/annex_file.html", {"plan": plan, "form": form}, status=form.status)


@screen
def annex_mapping(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show mapping, preview and errors; import when clean and asked to."""
    plan = _plan(request, uid)
    ticket = request.POST.get("tep") or request.GET.get("tep", "")
    try:
        told = signing.loads(ticket, salt=SALT, max_age=86400)
    except signing.BadSignature:
        return done(request, _("Tệp đã hết hạn giữ tạm. Vui lòng gửi lại."), reverse("annex_import", args=[plan.uid]))
    content = bytes_of(StoredFile.objects.get(sha256=told["sha256"]))
    table = read_table(content, told["name"], expected_titles=[spec.title_vi for spec in SPECS])
    mapping = _mapping(request, table.headers)
    report = _checked(validate(table, SPECS, mapping), table, mapping)
    if request.method == "POST" and request.POST.get("viec") == "loi":
        return _file(error_workbook(table, report), f"loi-{told['name'].rsplit('.', 1)[0]}.xlsx")
    if request.method == "POST" and request.POST.get("viec") == "nhap" and report.is_clean:
        rows = [annex.AnnexRow(row.number, row.values, row.group) for row in report.rows]
        outcome = annex.import_annex(by=actor_of(request), plan=plan, rows=rows, filename=told["name"])
        annex.remember_mapping(by=actor_of(request), headers=table.headers, mapping=mapping)
        sentence = _("Đã nhập phụ lục: thêm %(added)d, sửa %(changed)d, giữ nguyên %(same)d dòng.") % {
            "added": outcome.added, "changed": outcome.changed, "same": outcome.same,
        }  # fmt: skip
        return done(request, sentence, reverse("annex_list", args=[plan.uid]))
    context = {
        "plan": plan,
        "ticket": ticket,
        "name": told["name"],
        "headers": list(enumerate(table.headers)),
        "columns": [(spec, mapping.get(spec.key)) for spec in SPECS],
        "report": report,
        "preview": _preview(report, mapping),
        "errors": report.errors[:200],
    }
    return page(request, "programme/plans/annex_mapping.html", context, status=200 if report.is_clean else 422)


@screen(methods=("GET", "HEAD"))
def annex_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The annex's rows."""
    plan = get_object_or_404(Plan, uid=uid)
    rows = plan.items.select_related("field").prefetch_related("tasks")
    return page(request, "programme/plans/annex.html", {"plan": plan, "page": paginate(rows, request)})


@screen(methods=("GET", "HEAD"))
def annex_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook to fill in."""
    return _file(template_xlsx(SPECS, title=_("Phụ lục danh mục nhiệm vụ và kinh phí")), "mau-phu-luc.xlsx")


def _preview(report: ImportReport, mapping: dict[str, int]) -> list[list[tuple[str, Any]]]:
    """The first rows as (heading, value) of the mapped columns, and the group that a row stands under."""
    rows = []
    grouped = any(row.group for row in report.rows)
    for row in report.rows[:20]:
        shown: list[tuple[str, Any]] = [(_("Dòng"), row.number), *([(_("Nhóm"), row.group)] if grouped else [])]
        for spec in SPECS:
            value = row.values.get(spec.key)
            if spec.key in mapping:
                shown.append((spec.title_vi, "–".join(map(str, value)) if isinstance(value, tuple) else value))
        rows.append(shown)
    return rows


def _checked(report: ImportReport, table: Table, mapping: dict[str, int]) -> ImportReport:
    """The report with the faults between the cells of a row added to those of single cells."""
    found = [
        RowError(
            row.number, table.letters[mapping[key]] if key in mapping else "", plain_text(row.values.get(key)), said
        )
        for row in report.rows
        for key, said in annex.faults_of_row(row.values)
    ]
    return replace(report, errors=tuple(sorted((*report.errors, *found), key=lambda error: error.row)))


def _plan(request: HttpRequest, uid: UUID) -> Plan:
    require_role(actor_of(request), Role.SPECIALIST, Role.HEAD, Role.FINANCE)
    return get_object_or_404(Plan, uid=uid)


def _mapping(request: HttpRequest, headers: Any) -> dict[str, int]:
    chosen = {
        spec.key: int(raw)
        for spec in SPECS
        if (raw := request.POST.get(f"cot-{spec.key}", "")).isdecimal() and int(raw) < len(headers)
    }
    if request.POST.get("viec"):
        return chosen
    kept = annex.remembered_mapping(headers)
    return {key: index for key, index in kept.items() if index < len(headers)} or suggest_mapping(headers, SPECS)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
