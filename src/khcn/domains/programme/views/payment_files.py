"""Screens of payment files: list, new, edit, page with the checklist, papers, steps, the cover list as a Word file."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.choices import FundingSourceKind, PaymentFileState, TreasuryPayment
from khcn.domains.programme.forms.payment_files import EnteredForm, FileForm, PaperForm, PaymentFileFilter
from khcn.domains.programme.models import PaymentFile
from khcn.domains.programme.permissions import roles_on, visible_payment_files, visible_tasks
from khcn.domains.programme.queries.papers.payments import cover_list
from khcn.domains.programme.queries.payment_files import FileTally, shown_file, tallies
from khcn.domains.programme.queries.record_history import history, open_steps
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.services import payment_files as services
from khcn.domains.programme.services.attachments import WRITERS_OF
from khcn.domains.programme.views.money import READERS
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import word_file
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column

ORDERS = {
    "drawn": ("drawn_on", "id"),
    "payment": ("payment",),
    "source": ("source", "year"),
    "amount": ("amount_vnd",),
    "state": ("state",),
}


@screen(methods=("GET", "HEAD"))
def payment_file_list(request: HttpRequest) -> HttpResponseBase:
    """Payment files of the programme with what each still lacks."""
    actor = actor_of(request)
    require_role(actor, *READERS)
    rows = visible_payment_files(actor).select_related("task__host", "task__rule_set__follows")
    filters = filtered(PaymentFileFilter, request, rows)
    found, ordering = order(filters.rows, request, ORDERS, default="-drawn")
    today = timezone.localdate()
    export = _export([f"{chip.label}: {chip.value}" for chip in filters.chips])
    if export.asked_for(request):
        return export.respond(request, tallies(found, on=today))
    shown = paginate(found, request)
    shown.object_list = tallies(shown.object_list, on=today)
    context = {
        "filters": filters, "ordering": ordering, "page": shown, "saved": filters_of(actor, "payment_files"),
    }  # fmt: skip
    return page(request, "programme/money/payment_files.html", context, part="list")


@screen
def payment_file_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw up the file of one payment of a task."""
    actor = actor_of(request)
    require_role(actor, Role.ACCOUNTANT)
    task = get_object_or_404(visible_tasks(actor), uid=uid)
    form = FileForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            made = services.draw_up_file(by=actor, task=task, on=timezone.localdate(), **form.cleaned_data)
            message = _("Đã lập hồ sơ %(code)s. Đính kèm các giấy tờ trong danh sách.") % {"code": made.code}
            return done(request, message, _address(made))
    back = reverse("task_tab", args=[task.uid, "kinh-phi"])
    context = {"form": form, "task": task, "back": back, "version": ""}
    return page(request, "programme/money/payment_file_form.html", context, status=form.status)


@screen
def payment_file_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a file while it is drawn up."""
    file = _visible(request, uid)
    require_role(actor_of(request), Role.ACCOUNTANT)
    form = FileForm(request.POST or None, initial={name: getattr(file, name) for name in services.EDITABLE})
    if form.is_valid():
        with form.refusals():
            services.edit_file(
                by=actor_of(request), file=file, changes=form.cleaned_data, expected_version=version_of(request)
            )
            return done(request, _("Đã ghi hồ sơ %(code)s.") % {"code": file.code}, _address(file))
    context = {"form": form, "task": file.task, "file": file, "back": _address(file), "version": file.version}
    return page(request, "programme/money/payment_file_form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def payment_file_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One file: what is asked, the papers that are there and those that are missing, what may be done, its history."""
    file, actor, today = _visible(request, uid), actor_of(request), timezone.localdate()
    shown = shown_file(file, on=today)
    is_open = file.state == PaymentFileState.DRAFTING
    roles = roles_on(actor, file)
    context: dict[str, Any] = {
        "file": file, "shown": shown, "steps": open_steps(actor, file, "payment_file"),
        "may_edit": is_open and Role.ACCOUNTANT in roles,
        "may_attach": is_open and bool(roles & WRITERS_OF["programme.paymentfile"]),
        "paper_form": PaperForm(papers=_choices(shown)), "entered_form": EnteredForm(),
        "history": history(file, "payment_file", today=today),
    }  # fmt: skip
    return page(request, "programme/money/payment_file.html", context)


@screen(methods=("POST",))
def payment_file_attach(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Attach a paper, or use one again that went with an earlier file."""
    file, today = _visible(request, uid), timezone.localdate()
    again = request.POST.get("reuse", "")
    if again:
        document = services.reuse_paper(by=actor_of(request), file=file, code=again)
        return done(request, _("Đã dùng lại “%(title)s”.") % {"title": document.title}, _address(file))
    form = PaperForm(request.POST, request.FILES, papers=_choices(shown_file(file, on=today)))
    if not form.is_valid():
        sentence = " ".join(message for _target, _name, message in form.problems)
        return done(request, sentence, _address(file))
    values = dict(form.cleaned_data)
    sent = values.pop("file")
    document = services.attach_paper(
        by=actor_of(request), file=file, content=sent.read(), filename=sent.name, on=today, **values
    )
    return done(request, _("Đã đính kèm “%(title)s”.") % {"title": document.title}, _address(file))


@screen(methods=("POST",))
def payment_file_act(request: HttpRequest, uid: UUID, event: str) -> HttpResponse:
    """Take one step of a file."""
    file, today = _visible(request, uid), timezone.localdate()
    told: dict[str, Any] = {"by": actor_of(request), "file": file}
    reason = request.POST.get("reason", "")
    match event:
        case "send":
            services.send_file(**told, on=today, expected_version=version_of(request))
        case "return":
            services.take_back_file(**told, reason=reason, on=today)
        case "drop":
            services.drop_file(**told, reason=reason, on=today)
        case "enter":
            form = EnteredForm(request.POST)
            if not form.is_valid():
                return done(request, form.problems[0][2], _address(file))
            services.enter_file(**told, **form.cleaned_data, expected_version=version_of(request))
        case _:
            raise Http404
    state = _(PaymentFileState(file.state).label)
    return done(request, _("Hồ sơ %(code)s: %(state)s.") % {"code": file.code, "state": state}, _address(file))


@screen(methods=("GET", "HEAD"))
def payment_file_word(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The list of the file's papers as a Word file, to lie on top of them."""
    file = _visible(request, uid)
    shown = shown_file(file, on=timezone.localdate())
    return word_file(cover_list(shown, office=office_of(request)), f"Bang ke ho so {file.code}")


def _visible(request: HttpRequest, uid: UUID) -> PaymentFile:
    rows = visible_payment_files(actor_of(request)).select_related(
        "task__host", "task__rule_set__follows", "entry", "drawn_by"
    )
    return get_object_or_404(rows, uid=uid)


def _address(file: PaymentFile) -> str:
    return reverse("payment_file_page", args=[file.uid])


def _choices(shown: Any) -> list[tuple[str, str]]:
    """Papers to choose from, those that are missing first."""
    rows = sorted(shown.papers, key=lambda row: row.line.is_there)
    return [(row.line.rule.code, row.line.rule.title) for row in rows]


def _export(provenance: list[str]) -> Export:
    def row(item: FileTally) -> list[object]:
        file = item.file
        return [
            file.code, file.task.code, _("(nhiệm vụ mật)") if file.task.is_secret else file.task.title,
            file.task.host.name, _(TreasuryPayment(file.payment).label), _(FundingSourceKind(file.source).label),
            file.year, file.amount_vnd, _(PaymentFileState(file.state).label), item.due, item.blocking, item.warning,
            file.drawn_on, file.sent_on,
        ]  # fmt: skip

    return Export(
        _("Hồ sơ thanh toán"),
        _("Hồ sơ thanh toán gửi Kho bạc Nhà nước"),
        [
            Column(_("Mã hồ sơ"), width=20), Column(_("Nhiệm vụ"), width=18), Column(_("Tên nhiệm vụ"), width=50),
            Column(_("Tổ chức chủ trì"), width=36), Column(_("Khoản chi"), width=26), Column(_("Nguồn"), width=36),
            Column(_("Năm ngân sách"), CellKind.INTEGER), Column(_("Số tiền (đồng)"), CellKind.DONG),
            Column(_("Trạng thái"), width=18), Column(_("Giấy tờ phải có"), CellKind.INTEGER),
            Column(_("Thiếu bắt buộc"), CellKind.INTEGER), Column(_("Thiếu nên có"), CellKind.INTEGER),
            Column(_("Lập ngày"), CellKind.DATE), Column(_("Gửi Kho bạc ngày"), CellKind.DATE),
        ],
        row,
        provenance,
    )  # fmt: skip
