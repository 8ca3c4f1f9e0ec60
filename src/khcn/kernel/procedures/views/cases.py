"""Screens of work: my worklist, a step with its form, a case with its history, drawing and clock."""

from typing import Any
from uuid import UUID

import django_filters
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.procedures.choices import FieldKind
from khcn.kernel.procedures.engine.definition import Form
from khcn.kernel.procedures.engine.forms import as_text
from khcn.kernel.procedures.errors import FormRefused
from khcn.kernel.procedures.forms.cases import (
    TABLE_ROWS_EXTRA,
    AttachForm,
    CommentForm,
    ReturnForm,
    StepForm,
    step_form,
)
from khcn.kernel.procedures.models import Case, CaseAttachment, FormTemplate, StepRun
from khcn.kernel.procedures.permissions import may_read_case, may_work
from khcn.kernel.procedures.queries import (
    case_of,
    case_page,
    facts_of,
    form_of,
    graph_of,
    known_answers,
    run_of,
    subject_address,
    worklist,
)
from khcn.kernel.procedures.services import (
    attach_file,
    claim_step,
    comment_case,
    complete_step,
    print_case,
    release_step,
    return_step,
    save_form_draft,
)
from khcn.lib.failure import Forbidden
from khcn.web.listing import Export, filtered, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import DOCX, check_upload, download_response

FILE = Export(
    name="viec-quy-trinh",
    title="VIỆC TRONG QUY TRÌNH",
    columns=[
        Column("Hồ sơ"), Column("Trích yếu"), Column("Bước"), Column("Quy trình"), Column("Đến lúc", CellKind.DATETIME),
        Column("Hạn", CellKind.DATETIME),
    ],
    row=lambda run: (
        run.case.code, run.case.title, run.name, run.case.version_pinned.procedure.code, run.ready_at, run.due_at,
    ),
)  # fmt: skip


class WorkFilter(django_filters.FilterSet):
    """By words, by whether I hold it, and by how near its time is."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Tìm theo mã, trích yếu, bước"))
    cua = django_filters.ChoiceFilter(
        method="by_holder", label=gettext_lazy("Người làm"), empty_label=gettext_lazy("Tất cả"),
        choices=[("toi", gettext_lazy("Tôi đang làm")), ("chung", gettext_lazy("Chưa ai nhận"))],
    )  # fmt: skip
    han = django_filters.ChoiceFilter(
        method="by_due", label=gettext_lazy("Hạn"), empty_label=gettext_lazy("Tất cả"),
        choices=[("qua", gettext_lazy("Đã quá hạn")), ("nay", gettext_lazy("Hôm nay"))],
    )  # fmt: skip

    class Meta:
        model = StepRun
        fields: list[str] = []

    def by_words(self, rows, name, value):  # type: ignore[no-untyped-def]
        """The text in the case's code or title, or the step's name."""
        text = value.strip()
        return rows.filter(case__code__icontains=text) | rows.filter(case__title__icontains=text) | rows.filter(
            name__icontains=text
        )  # fmt: skip

    def by_holder(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Held by me, or by nobody yet."""
        return rows.exclude(assignee=None) if value == "toi" else rows.filter(assignee=None)

    def by_due(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Past its moment, or due before tonight."""
        now = timezone.now()
        if value == "qua":
            return rows.filter(due_at__lt=now)
        return rows.filter(due_at__gte=now, due_at__lt=timezone.localtime().replace(hour=23, minute=59))


@screen(methods=("GET", "HEAD"))
def step_worklist(request: HttpRequest) -> HttpResponseBase:
    """`/viec-quy-trinh/`: steps that I may take now, the soonest due first."""
    filters = filtered(WorkFilter, request, worklist(request.actor))  # type: ignore[attr-defined]
    if FILE.asked_for(request):
        return FILE.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request), "now": timezone.now()}
    return page(request, "procedures/worklist.html", context, part="rows")


def _run(request: HttpRequest, uid: UUID) -> StepRun:
    """The run, not found for those who may not read its case."""
    try:
        run = run_of(uid)
    except StepRun.DoesNotExist as fault:
        raise Http404 from fault
    if not may_read_case(request.actor, run.case):  # type: ignore[attr-defined]
        raise Http404
    return run


@screen
def step_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One step: its form, its acts, what the case says so far. POST completes it."""
    run = _run(request, uid)
    actor = request.actor  # type: ignore[attr-defined]
    form = form_of(run)
    own = StepForm(request.POST or None)
    errors: dict[str, str] = {}
    raw: dict[str, Any] = {}
    if request.method == "POST" and own.is_valid():
        raw = _typed(request, run, form)
        try:
            with own.refusals():
                complete_step(by=actor, run=run, values=raw if form else None, **own.cleaned_data)
                return done(request, _("Đã hoàn thành bước."), reverse("step_worklist"))
        except FormRefused as refused:
            errors = refused.errors
    context = _step_context(request, run, form, raw) | {"own": own, "errors": errors}
    return page(request, "procedures/step_page.html", context, status=422 if errors or own.errors else 200)


def _step_context(request: HttpRequest, run: StepRun, form: Form | None, raw: dict[str, Any]) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    facts = facts_of(run.case)
    draft = run.drafts.filter(user_id=actor.user_id or -1).first()
    known = known_answers(run.case, form) if form else []
    reused = {one.field.key: one.value for one in known} if request.GET.get("dung-lai") == "1" else {}
    initial = {**facts, **reused, **(draft.contents if draft else {}), **raw}
    step = graph_of(run.case.version_pinned).steps[run.step_key]
    steps = graph_of(run.case.version_pinned).steps
    targets = [(key, steps[key].name) for key in step.returns_to]
    return {
        "run": run, "case": run.case, "step": step, "form": form, "draft": draft, "known": known,
        "fields": step_form(form, facts, initial) if form else None,
        "tables": [
            (field, [*_rows_of(initial.get(field.key)), *({} for _n in range(TABLE_ROWS_EXTRA))])
            for field in (form.fields if form else ()) if field.kind is FieldKind.TABLE
        ],
        "may_work": may_work(actor, run) and run.state in ("ready", "claimed"), "now": timezone.now(),
        "mine": run.assignee_id == actor.user_id,
        "return_form": ReturnForm(targets=targets) if targets else None,
        "comment_form": CommentForm(), "attach_form": AttachForm(),
        "facts": _said(run.case, facts), "attachments": run.case.attachments.all(),
    }  # fmt: skip


def _rows_of(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _said(case: Case, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, value) of what forms have brought so far."""
    fields = {field.key: field for form in graph_of(case.version_pinned).definition.forms for field in form.fields}
    return [(fields[key].label, as_text(fields[key], value)) for key, value in facts.items() if key in fields and value]


def _typed(request: HttpRequest, run: StepRun, form: Form | None) -> dict[str, Any]:
    """What the browser sent for the form, by field key; files are kept as the case's and named by their uid."""
    values: dict[str, Any] = {}
    for field in form.fields if form else ():
        if field.kind is FieldKind.CHOICES:
            values[field.key] = request.POST.getlist(field.key)
        elif field.kind is FieldKind.TABLE:
            columns = {column.key: request.POST.getlist(f"{field.key}.{column.key}") for column in field.columns}
            longest = max((len(cells) for cells in columns.values()), default=0)
            values[field.key] = [
                {key: cells[place] if place < len(cells) else "" for key, cells in columns.items()}
                for place in range(longest)
            ]
        elif field.kind is FieldKind.FILE and field.key in request.FILES:
            values[field.key] = str(_attached(request, run, field.key, field.label).uid)
        else:
            values[field.key] = request.POST.get(field.key, "")
    return values


def _attached(request: HttpRequest, run: StepRun, name: str, title: str) -> CaseAttachment:
    file = request.FILES.getlist(name)[0]
    content = file.read()
    checked = check_upload(content, file.name or "")
    return attach_file(
        by=request.actor, case=run.case, run=run, title=title, filename=checked.display_name, content=content,  # type: ignore[attr-defined]
        media_type=checked.kind.media_type,
    )  # fmt: skip


@screen(methods=("POST",))
def step_draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep what is typed so far; sent by htmx while one types."""
    run = _run(request, uid)
    form = form_of(run)
    keys = (
        {field.key for field in form.fields if field.kind not in (FieldKind.FILE, FieldKind.TABLE)} if form else set()
    )
    several = {field.key for field in form.fields if field.kind is FieldKind.CHOICES} if form else set()
    contents = {
        key: request.POST.getlist(key) if key in several else request.POST.get(key, "")
        for key in keys if key in request.POST
    }  # fmt: skip
    draft = save_form_draft(by=request.actor, run=run, contents=contents)  # type: ignore[attr-defined]
    return page(request, "procedures/draft_saved.html", {"draft": draft})


@screen(methods=("POST",))
def step_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Take, put back, return, remark, attach."""
    run = _run(request, uid)
    actor = request.actor  # type: ignore[attr-defined]
    here = reverse("step_page", args=[run.uid])
    if act == "nhan":
        claim_step(by=actor, run=run)
        return done(request, _("Bạn đã nhận việc này."), here)
    if act == "nha":
        release_step(by=actor, run=run)
        return done(request, _("Đã trả việc về danh sách chung."), reverse("step_worklist"))
    if act == "tra-lai":
        step = graph_of(run.case.version_pinned).steps[run.step_key]
        form = ReturnForm(request.POST, targets=[(key, key) for key in step.returns_to])
        if form.is_valid():
            return_step(by=actor, run=run, **form.cleaned_data)
            return done(request, _("Đã trả lại hồ sơ."), reverse("step_worklist"))
        raise Forbidden(_("Chọn bước và ghi lý do trả lại."))
    if act == "y-kien":
        comment_case(by=actor, case=run.case, run=run, text=request.POST.get("text", ""))
        return done(request, _("Đã ghi ý kiến."), here)
    if act == "tep" and "file" in request.FILES:
        _attached(request, run, "file", request.POST.get("title", ""))
        return done(request, _("Đã thêm tệp."), here)
    raise Http404


@screen(methods=("GET", "HEAD"))
def process_case_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """`/quy-trinh/ho-so/…`: the case, where it stands, its clock, its drawing and its log."""
    case = _case(request, uid)
    shown = case_page(case, now=timezone.now())
    context = {
        "shown": shown, "case": case, "version": case.version_pinned, "procedure": case.version_pinned.procedure,
        "facts": _said(case, shown.facts), "subject": subject_address(case), "now": timezone.now(),
        "attachments": case.attachments.select_related("added_by__person"),
        "templates": case.version_pinned.procedure.templates.all(),
        "called": Case.objects.filter(parent_run__case=case),
    }  # fmt: skip
    return page(request, "procedures/case_page.html", context)


def _case(request: HttpRequest, uid: UUID) -> Case:
    try:
        case = case_of(uid)
    except Case.DoesNotExist as fault:
        raise Http404 from fault
    if not may_read_case(request.actor, case):  # type: ignore[attr-defined]
        raise Http404
    return case


@screen(methods=("GET", "HEAD"))
def case_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The bytes of a file put to a case."""
    attachment = get_object_or_404(CaseAttachment.objects.select_related("case", "file"), uid=uid)
    if not may_read_case(request.actor, attachment.case):  # type: ignore[attr-defined]
        raise Http404
    return download_response(bytes_of(attachment.file), attachment.filename, media_type=attachment.file.media_type)


@screen(methods=("GET", "HEAD"))
def case_print(request: HttpRequest, uid: UUID, template: UUID) -> HttpResponseBase:
    """A form of the case, filled into the office's Word template."""
    case = _case(request, uid)
    chosen = get_object_or_404(FormTemplate, uid=template, procedure=case.version_pinned.procedure)
    content = print_case(by=request.actor, case=case, template=chosen)  # type: ignore[attr-defined]
    return download_response(content, f"{case.code}-{chosen.title}.docx", media_type=DOCX.media_type)
