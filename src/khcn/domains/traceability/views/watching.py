"""What officers watch: alarms of masses, recalls and drills, reports of fakes."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.traceability.forms.filters import DeliveryFilter, ReportFilter
from khcn.domains.traceability.forms.goods import AnswerForm, ConclusionForm, RecallForm
from khcn.domains.traceability.models import Delivery, FakeReport, Recall
from khcn.domains.traceability.permissions import READS_ALL, is_officer, may_keep, visible_lots
from khcn.domains.traceability.queries.alarms import alarms_for
from khcn.domains.traceability.services.goods import answer_report
from khcn.domains.traceability.services.recalls import close_recall, order_recall
from khcn.domains.traceability.services.subscriptions import send_again
from khcn.domains.traceability.views.lots import lot_of
from khcn.kernel.notices.services import settle
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.web.acting import actor_of, one_of
from khcn.web.listing import Export, filtered, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

ALARMS = Export(
    name="Canh bao khoi luong", title="Cảnh báo khối lượng",
    columns=(Column("Cơ sở", width=36), Column("Cảnh báo", width=30), Column("Ở đâu", width=36),
             Column("Nội dung", width=70), Column("Mức vượt", CellKind.DECIMAL)),
    row=lambda one: (one.party.name, one.alarm.kind.label, one.what, one.alarm.sentence, round(one.alarm.excess, 2)),
)  # fmt: skip


@screen
def alarm_list(request: HttpRequest) -> HttpResponseBase:
    """What does not add up, the worst first."""
    found = alarms_for(actor_of(request), timezone.localdate())
    if ALARMS.asked_for(request):
        return ALARMS.respond(request, found)
    return page(request, "traceability/alarm_list.html", {"page": paginate(found, request)})


def _recalls(actor: Actor) -> QuerySet[Recall]:
    rows = Recall.objects.select_related("lot__product__party", "started_by__person")
    if actor.is_system or actor.holds(*READS_ALL):
        return rows
    return rows.filter(lots__lot__in=visible_lots(actor).values("pk")).distinct()


@screen
def recall_list(request: HttpRequest) -> HttpResponseBase:
    """Recalls and drills that touch lots of the actor."""
    return page(request, "traceability/recall_list.html", {"page": paginate(_recalls(actor_of(request)), request)})


@screen
def recall_new(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Order a recall or a drill."""
    lot = lot_of(request, uid)
    form = RecallForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            recall = order_recall(by=actor_of(request), lot=lot, now=timezone.now(), **form.cleaned_data)
            return done(request, _("Đã ra lệnh và báo cho các cơ sở."), reverse("trace_recall", args=[recall.uid]))
    context = {"form": form, "label": _("Thu hồi lô hàng"), "back": reverse("trace_lot", args=[uid]), "subject": lot}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def recall_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One recall with its report."""
    actor = actor_of(request)
    recall = one_of(_recalls(actor), uid=uid)
    may_close = recall.closed_at is None and (is_officer(actor) or may_keep(actor, recall.lot.product.party))
    whole = may_close or actor.holds(*READS_ALL) or may_keep(actor, recall.lot.product.party)
    context = {"recall": recall, "report": recall.report, "may_close": may_close, "whole": whole}
    return page(request, "traceability/recall_page.html", context)


@screen
def recall_close(request: HttpRequest, uid: str) -> HttpResponseBase:
    """End a recall."""
    recall = one_of(_recalls(actor_of(request)), uid=uid)
    form, back = ConclusionForm(request.POST or None), reverse("trace_recall", args=[uid])
    if form.is_valid():
        with form.refusals():
            close_recall(
                by=actor_of(request), recall=recall, conclusion=form.cleaned_data["conclusion"], now=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
            settle(subject=recall)
            return done(request, _("Đã kết thúc thu hồi."), back)
    context = {"form": form, "label": _("Kết thúc thu hồi"), "back": back, "subject": recall, "version": recall.version}
    return page(request, "traceability/form.html", context, status=form.status)


def _require_reader(actor: Actor) -> None:
    if not (actor.is_system or actor.holds(*READS_ALL)):
        raise Forbidden("Phản ánh hàng giả chỉ dành cho công chức quản lý truy xuất nguồn gốc.")


@screen
def report_list(request: HttpRequest) -> HttpResponseBase:
    """Reports of fakes, for officers."""
    _require_reader(actor_of(request))
    filters = filtered(ReportFilter, request, FakeReport.objects.select_related("lot__product"))
    context = {"filters": filters, "page": paginate(filters.rows, request)}
    return page(request, "traceability/report_list.html", context, part="list")


@screen
def report_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One report; officers say what was found."""
    actor = actor_of(request)
    _require_reader(actor)
    report = one_of(FakeReport.objects.select_related("lot__product__party"), uid=uid)
    form = AnswerForm(request.POST or None, initial={"answer": report.answer})
    if form.is_valid():
        with form.refusals():
            answer_report(by=actor, report=report, expected_version=version_of(request), **form.cleaned_data)
            settle(subject=report)
            return done(request, _("Đã ghi kết quả xem xét."), reverse("trace_report_list"))
    context = {"report": report, "form": form if is_officer(actor) else None}
    return page(request, "traceability/report_page.html", context, status=form.status)


def _deliveries(actor: Actor) -> QuerySet[Delivery]:
    if not (actor.is_system or actor.holds(*READS_ALL)):
        raise Forbidden("Kết quả gửi cho bên đăng ký chỉ dành cho công chức quản lý truy xuất nguồn gốc.")
    return Delivery.objects.select_related("subscription__query__client").order_by("-id")


@screen
def delivery_list(request: HttpRequest) -> HttpResponseBase:
    """Reports to subscribers: what waits, what arrived, what was given up and may be sent again."""
    actor = actor_of(request)
    filters = filtered(DeliveryFilter, request, _deliveries(actor))
    context = {"filters": filters, "page": paginate(filters.rows, request), "may_send": is_officer(actor)}
    return page(request, "traceability/delivery_list.html", context, part="list")


@screen(methods=("POST",))
def delivery_again(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Have a report sent once more."""
    actor = actor_of(request)
    send_again(by=actor, delivery=one_of(_deliveries(actor), uid=uid), now=timezone.now())
    return done(request, _("Sẽ gửi lại trong vài phút."), reverse("trace_delivery_list"))
