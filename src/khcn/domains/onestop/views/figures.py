"""Dashboards with drill-down, the service index per agency, complaints, and the reconciliation with the portal."""

from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from khcn.domains.onestop.choices import ComplaintState, MessageState
from khcn.domains.onestop.forms.catalogue import PortalListForm
from khcn.domains.onestop.forms.dossiers import AnswerForm
from khcn.domains.onestop.forms.filters import ComplaintFilter
from khcn.domains.onestop.models import PortalMessage
from khcn.domains.onestop.permissions import may_answer, visible_complaints, visible_dossiers
from khcn.domains.onestop.queries.figures import (
    GROUPINGS,
    agencies_with_dossiers,
    index_of,
    lines_by,
    overview,
    status_counts,
)
from khcn.domains.onestop.queries.reconciliation import differences
from khcn.domains.onestop.rules.service_index import Group
from khcn.domains.onestop.services import portal, voices
from khcn.domains.onestop.services.voices import STEPS
from khcn.domains.onestop.views.acting import dossier_of
from khcn.domains.onestop.views.dossiers import year_start
from khcn.lib.dates import parse_date_vi
from khcn.lib.failure import Refused
from khcn.lib.unreadable import Unreadable
from khcn.web.acting import actor_of
from khcn.web.charts import Series, bars
from khcn.web.listing import Export, filtered, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.writing import CellKind, Column

TITLES = {
    "agency": "Cơ quan", "field": "Lĩnh vực", "procedure": "Thủ tục", "officer": "Người tiếp nhận",
}  # fmt: skip
LINES = Export(
    name="Thong ke mot cua",
    title="Thống kê giải quyết hồ sơ",
    columns=(
        Column("Nhóm", width=50),
        Column("Tiếp nhận", CellKind.INTEGER),
        Column("Trực tuyến", CellKind.INTEGER),
        Column("Đã giải quyết", CellKind.INTEGER),
        Column("Đúng hạn", CellKind.INTEGER),
        Column("Trễ hạn", CellKind.INTEGER),
        Column("Đang giải quyết", CellKind.INTEGER),
        Column("Quá hạn", CellKind.INTEGER),
    ),
    row=lambda line: (
        line.label,
        line.received,
        line.online,
        line.finished,
        line.on_time,
        line.late,
        line.running,
        line.overdue,
    ),
)


def _days(request: HttpRequest) -> tuple[date, date]:
    def read(name: str, default: date) -> date:
        try:
            return parse_date_vi(request.GET[name]) if request.GET.get(name) else default
        except Unreadable:
            return default

    date_from, date_to = read("tu", year_start()), read("den", timezone.localdate())
    return (date_from, date_to) if date_from <= date_to else (date_to, date_from)


@screen
def onestop_dashboard(request: HttpRequest) -> HttpResponseBase:
    """Figures of the dossiers that the person may read, by agency, field, procedure or officer."""
    rows, now = visible_dossiers(actor_of(request)), timezone.now()
    key = request.GET.get("nhom", "agency")
    key = key if key in GROUPINGS else "agency"
    date_from, date_to = _days(request)
    lines = lines_by(rows, key, date_from=date_from, date_to=date_to, now=now)
    if LINES.asked_for(request):
        return LINES.respond(request, lines)
    top = lines[:12]
    chart = bars(
        _("Hồ sơ đúng hạn, trễ hạn"), [line.label[:40] for line in top],
        [Series(_("Đúng hạn"), [line.on_time for line in top]), Series(_("Trễ hạn"), [line.late for line in top])],
        heading=_(TITLES[key]),
    )  # fmt: skip
    context = {
        "head": overview(rows, date_from=date_from, date_to=date_to, now=now), "lines": lines, "key": key,
        "groups": TITLES, "date_from": date_from, "date_to": date_to, "chart": chart if lines else None,
        "counts": status_counts(rows),
    }  # fmt: skip
    return page(request, "onestop/dashboard.html", context)


@screen
def service_index_page(request: HttpRequest) -> HttpResponseBase:
    """The service index of each agency over the days, item by item, with what each number rests on."""
    date_from, date_to = _days(request)
    bodies = agencies_with_dossiers(visible_dossiers(actor_of(request)))
    now = timezone.now()
    found = [(body, index_of(body, date_from=date_from, date_to=date_to, now=now)) for body in bodies]
    found.sort(key=lambda pair: -(pair[1].value or 0))
    chosen = next((pair for pair in found if pair[0].code == request.GET.get("co_quan")), found[0] if found else None)
    context = {
        "rows": [
            (body, index.value and float(index.value), [(g, *map(float, index.group_points(g))) for g in Group])
            for body, index in found
        ],
        "chosen": chosen
        and (chosen[0], [_item(item) for item in chosen[1].items], float(chosen[1].points), float(chosen[1].reachable)),
        "groups": list(Group),
        "date_from": date_from,
        "date_to": date_to,
    }
    return page(request, "onestop/service_index.html", context)


def _item(item: object) -> dict[str, object]:
    weight, count, points = item.weight, item.count, item.points  # type: ignore[attr-defined]
    return {
        "group": weight.group,
        "title": weight.title,
        "met": count.met,
        "of": count.of,
        "maximum": float(weight.maximum),
        "threshold": round(float(weight.threshold) * 100),
        "points": None if points is None else float(points),
        "citation": weight.citation,
        "verified": weight.is_verified,
    }


COMPLAINT_MOVES = {
    ComplaintState.ANSWERED: gettext_noop("Trả lời"),
    ComplaintState.PUBLISHED: gettext_noop("Công khai câu trả lời"),
    ComplaintState.IN_PROGRESS: gettext_noop("Nhận xử lý"),
    ComplaintState.MORE_ASKED: gettext_noop("Hỏi thêm người gửi"),
    ComplaintState.REFUSED: gettext_noop("Từ chối tiếp nhận"),
}
"""What a button says that moves a complaint, in the order in which they are offered."""


@screen
def complaint_list(request: HttpRequest) -> HttpResponseBase:
    """Complaints about the person's organisations, with their next limit."""
    rows = visible_complaints(actor_of(request)).select_related("agency", "dossier")
    filters = filtered(ComplaintFilter, request, rows)
    context = {"filters": filters, "page": paginate(filters.rows, request), "now": timezone.now()}
    return page(request, "onestop/complaint_list.html", context, part="list")


@screen
def complaint_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One complaint, and the step that comes next."""
    actor = actor_of(request)
    complaint = get_object_or_404(visible_complaints(actor).select_related("agency", "dossier"), uid=uid)
    form = AnswerForm(request.POST or None)
    moves = [state for state in COMPLAINT_MOVES if complaint.state in STEPS.get(state, ())]
    if form.is_valid():
        wanted = request.POST.get("to", "")
        target = next((state for state in moves if state.value == wanted), None)
        with form.refusals():
            if target is None:
                raise Refused(_("Chọn bước xử lý."))
            voices.move_complaint(
                by=actor,
                complaint=complaint,
                to=ComplaintState(target),
                expected_version=version_of(request),
                **form.cleaned_data,
            )
            return done(request, _("Đã ghi xử lý phản ánh."), reverse("complaint_page", args=[uid]))
    offered = [(state, _(COMPLAINT_MOVES[state])) for state in moves] if may_answer(actor, complaint) else []
    context = {"complaint": complaint, "form": form, "moves": offered}
    return page(request, "onestop/complaint_page.html", context, status=form.status)


@screen
def reconciliation(request: HttpRequest) -> HttpResponseBase:
    """Messages to the portal that went wrong, and a comparison with the portal's own list."""
    rows = visible_dossiers(actor_of(request))
    form, found, compared = PortalListForm(request.POST or None, request.FILES or None), [], False
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            table = read_table(sent.read(), sent.name)
            theirs = {
                str(row.cells[0]).strip(): int(float(str(row.cells[1]))) for row in table if _is_status(row.cells)
            }
            found, compared = differences(rows, theirs), True
    troubled = PortalMessage.objects.filter(dossier__in=rows).exclude(state=MessageState.SENT).select_related("dossier")
    context = {
        "form": form,
        "differences": found[:500],
        "compared": compared,
        "messages_open": troubled.order_by("-id")[:100],
        "counts": [
            (state, PortalMessage.objects.filter(dossier__in=rows, state=state).count()) for state in MessageState
        ],
        "by_code": {row.code: row for row in rows.filter(code__in=[item.code for item in found[:500]])},
    }
    return page(request, "onestop/reconciliation.html", context, status=form.status)


@screen(methods=("POST",))
def portal_again(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Queue a dossier's present status anew."""
    portal.send_again(by=actor_of(request), dossier=dossier_of(request, uid))
    return done(request, _("Đã đưa trạng thái vào hàng chờ gửi lại."), reverse("reconciliation"))


def _is_status(cells: tuple[object, ...]) -> bool:
    return len(cells) >= 2 and bool(cells[0]) and str(cells[1]).replace(".0", "").strip().isdecimal()
