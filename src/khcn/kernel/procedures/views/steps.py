"""Screens of work: my worklist, and a step with its form, its people and its acts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.procedures.choices import FieldKind, StepKind
from khcn.kernel.procedures.engine.definition import Field, Form
from khcn.kernel.procedures.engine.drawings.conditions import asked_for
from khcn.kernel.procedures.engine.expressions import BadExpression, Expression, read
from khcn.kernel.procedures.engine.machine import Graph
from khcn.kernel.procedures.errors import FormRefused
from khcn.kernel.procedures.forms.cases import AttachForm, CommentForm, GiveForm, ReturnForm, StepForm
from khcn.kernel.procedures.forms.steps import SHOWN, Sent, parts_of, restored, sent_answers, storable
from khcn.kernel.procedures.models import Case, CaseAttachment, StepRun
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.permissions import may_assign, may_read_case, may_work
from khcn.kernel.procedures.queries import (
    cases_that_wait,
    facts_of,
    form_of,
    graph_of,
    is_led_elsewhere,
    known_answers,
    may_come,
    run_of,
    subject_address,
    why_case_waits,
    worklist,
)
from khcn.kernel.procedures.queries.people import people_for
from khcn.kernel.procedures.queries.picking import BY_ADDRESS, SOURCES, Told, names_in, text_of, told
from khcn.kernel.procedures.services import (
    assign_step,
    attach_file,
    claim_step,
    comment_case,
    complete_step,
    release_step,
    return_step,
    save_form_draft,
)
from khcn.lib.failure import Refused
from khcn.lib.text import fold_words
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, paginate
from khcn.web.pickers import OFFERED
from khcn.web.screens import done, page, screen
from khcn.web.search import words_in
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import check_upload

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
        """Every word in the case's code or title, with or without diacritics, or the text in the step's name."""
        return rows.filter(words_in("case__folded", value) | Q(name__icontains=value.strip()))

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
    filters = filtered(WorkFilter, request, worklist(actor_of(request)))
    if FILE.asked_for(request):
        return FILE.respond(request, filters.rows)
    context = {"filters": filters, "page": paginate(filters.rows, request, late=True), "now": timezone.now()}
    return page(request, "procedures/worklist.html", context, part="rows")


def _run(request: HttpRequest, uid: UUID) -> StepRun:
    """The run, not found for those who may not read its case."""
    try:
        run = run_of(uid)
    except StepRun.DoesNotExist as fault:
        raise Http404 from fault
    if not may_read_case(actor_of(request), run.case):
        raise Http404
    return run


@screen
def step_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One step: its form, its acts, what the case says so far. POST completes it."""
    run = _run(request, uid)
    form = form_of(run)
    own = StepForm(request.POST or None, outcomes=outcomes_of(graph_of(run.case.version_pinned), run.step_key))
    sent = Sent()
    if request.method == "POST":
        if waits := why_case_waits(run.case):
            raise Refused(waits)
        sent = _sent(request, run, form) if form else sent
        if own.is_valid() and not sent.errors:
            try:
                with own.refusals():
                    complete_step(
                        by=actor_of(request), run=run, values=sent.values if form else None,
                        outcome=own.cleaned_data["outcome"], note=own.cleaned_data["note"], check=cases_that_wait,
                    )  # fmt: skip
                    return done(request, _("Đã hoàn thành bước."), reverse("step_worklist"))
            except FormRefused as refused:
                sent.errors.update(refused.errors)
    context = _step_context(request, run, form, sent) | {"own": own, "errors": sent.errors}
    return page(request, "procedures/step_page.html", context, status=422 if sent.errors or own.errors else 200)


def _step_context(request: HttpRequest, run: StepRun, form: Form | None, sent: Sent) -> dict[str, Any]:
    actor = actor_of(request)
    facts = facts_of(run.case)
    draft = run.drafts.filter(user_id=actor.user_id or -1).first()
    known = known_answers(run.case, form) if form else []
    known_names = names_in([one.field for one in known], {one.field.key: one.value for one in known})
    reused = {one.field.key: one.value for one in known} if request.GET.get("dung-lai") == "1" else {}
    graph = graph_of(run.case.version_pinned)
    step = graph.steps[run.step_key]
    live = run.state in WORKABLE_RUNS
    mays = live and may_work(actor, run)
    watched = live and (graph.boundaries.get(run.step_key) or run.scope_id is not None)
    waits = why_case_waits(run.case) if mays else ""
    # A dossier's step without a form is completed on the dossier's own page, beside everything else of it.
    works = mays and not waits and (form is not None or not is_led_elsewhere(run.case))
    people = people_for(run, on=actor.on) if live and (mays or may_assign(actor, run)) else []
    people = [user for user in people if user.pk != run.assignee_id]
    targets = [(key, graph.steps[key].name) for key in step.returns_to if key in graph.steps]
    attachments = list(run.case.attachments.all())
    files = {str(item.uid): item.title for item in attachments}
    values = {**facts, **(restored(form, draft.contents) if form and draft else {}), **reused, **sent.again}
    return {
        "run": run, "case": run.case, "step": step, "form": form, "draft": draft,
        "known": [(one.field.label, text_of(one.field, one.value, known_names), one.case_code) for one in known],
        "is_reused": bool(reused),
        "parts": parts_of(form, facts, values, errors=sent.errors, files=files) if form and works else [],
        "file_keys": ",".join(["_once", "csrfmiddlewaretoken", *_file_keys(form)]), "shown_name": SHOWN,
        "may_work": works, "may_take": mays, "waits": waits, "may_give": bool(people), "now": timezone.now(),
        "mine": run.assignee_id is not None and run.assignee_id == actor.user_id,
        "is_message": run.kind == StepKind.MESSAGE,
        "events": [one for one in may_come(run) if may_work(actor, one)] if watched else [],
        "give_form": GiveForm(people=people, prefix="giao") if people else None,
        "return_form": ReturnForm(targets=targets) if targets else None,
        "comment_form": CommentForm(), "attach_form": AttachForm(), "subject": subject_address(run.case),
        "facts": facts_told(run.case, facts), "attachments": attachments,
    }  # fmt: skip


def _file_keys(form: Form | None) -> list[str]:
    return [field.key for field in form.fields if field.kind is FieldKind.FILE] if form else []


def facts_told(case: Case, facts: Mapping[str, Any]) -> list[Told]:
    """What the case's forms have brought so far, as people read it."""
    fields = {field.key: field for form in graph_of(case.version_pinned).definition.forms for field in form.fields}
    return told(case, fields.values(), facts)


def outcomes_of(graph: Graph, step_key: str) -> tuple[str, ...]:
    """Results of a step that the branches right after it tell apart; empty where none does."""
    seen: set[str] = set()
    ahead = [flow.target for flow in graph.leaving[step_key]]
    conditions: list[Expression] = []
    while ahead:
        key = ahead.pop()
        if key in seen or graph.steps[key].kind is not StepKind.DECISION:
            continue
        seen.add(key)
        for flow in graph.leaving[key]:
            ahead.append(flow.target)
            try:
                conditions += [read(flow.guard)] if flow.guard else []
            except BadExpression:
                continue
    found = asked_for(conditions).get("outcome")
    return found.texts if found else ()


def _sent(request: HttpRequest, run: StepRun, form: Form) -> Sent:
    """What the browser sent for the form; files are kept as the case's at once and named by their uid."""
    kept = {str(uid) for uid in run.case.attachments.values_list("uid", flat=True)}

    def keep(field: Field, file: UploadedFile) -> str:
        return str(_attached(request, run, file, field.label).uid)

    return sent_answers(form, request.POST, request.FILES, keep=keep, kept=kept)


def _attached(request: HttpRequest, run: StepRun, file: UploadedFile, title: str) -> CaseAttachment:
    content = file.read()
    checked = check_upload(content, file.name or "")
    return attach_file(
        by=actor_of(request), case=run.case, run=run, title=title, filename=checked.display_name, content=content,
        media_type=checked.kind.media_type,
    )  # fmt: skip


@screen(methods=("POST",))
def step_draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep what is typed so far; sent by htmx while one types. Fields that have come or gone since are drawn anew."""
    run = _run(request, uid)
    form = form_of(run)
    if form is None or run.state not in WORKABLE_RUNS:
        raise Refused(_("Bước này không còn nhận dữ liệu nhập. Mở lại hồ sơ để xem."))
    kept = {str(item.uid): item.title for item in run.case.attachments.all()}
    sent = sent_answers(form, request.POST, {}, keep=None, kept=kept)
    draft = save_form_draft(by=actor_of(request), run=run, contents=storable(sent))
    facts = facts_of(run.case)
    before = set(request.POST.getlist(SHOWN))
    parts = parts_of(form, facts, {**facts, **sent.again}, files=kept)
    changed = [part for part in parts if part.is_conditional and part.is_shown != (part.key in before)]
    context = {"draft": draft, "changed": changed, "shown_name": SHOWN}
    return page(request, "procedures/draft_saved.html", context)


@screen(methods=("POST",))
def step_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Take, put back, give, return, remark, attach."""
    run = _run(request, uid)
    acts = {
        "nhan": _claim, "nha": _release, "giao": _give, "tra-lai": _send_back, "y-kien": _comment, "tep": _attach,
    }  # fmt: skip
    if act not in acts:
        raise Http404
    return acts[act](request, run)


def _claim(request: HttpRequest, run: StepRun) -> HttpResponse:
    claim_step(by=actor_of(request), run=run)
    return done(request, _("Bạn đã nhận việc này."), reverse("step_page", args=[run.uid]))


def _release(request: HttpRequest, run: StepRun) -> HttpResponse:
    release_step(by=actor_of(request), run=run)
    return done(request, _("Đã trả việc về danh sách chung."), reverse("step_worklist"))


def _give(request: HttpRequest, run: StepRun) -> HttpResponse:
    form = GiveForm(request.POST, people=people_for(run, on=actor_of(request).on), prefix="giao")
    if not form.is_valid():
        raise Refused(_("Chọn người nhận việc trong danh sách."))
    assign_step(by=actor_of(request), run=run, to=form.chosen)
    return done(request, _("Đã giao việc cho %(name)s.") % {"name": form.chosen}, reverse("step_worklist"))


def _send_back(request: HttpRequest, run: StepRun) -> HttpResponse:
    step = graph_of(run.case.version_pinned).steps[run.step_key]
    form = ReturnForm(request.POST, targets=[(key, key) for key in step.returns_to])
    if not form.is_valid():
        raise Refused(_("Chọn bước và ghi lý do trả lại."))
    return_step(by=actor_of(request), run=run, **form.cleaned_data)
    return done(request, _("Đã trả lại hồ sơ."), reverse("step_worklist"))


def _comment(request: HttpRequest, run: StepRun) -> HttpResponse:
    comment_case(by=actor_of(request), case=run.case, run=run, text=request.POST.get("text", ""))
    return done(request, _("Đã ghi ý kiến."), reverse("step_page", args=[run.uid]))


def _attach(request: HttpRequest, run: StepRun) -> HttpResponse:
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(form.problems[0][2])
    _attached(request, run, form.cleaned_data["file"], form.cleaned_data["title"])
    return done(request, _("Đã thêm tệp."), reverse("step_page", args=[run.uid]))


@screen(methods=("GET", "HEAD"))
def record_picks(request: HttpRequest, kind: str) -> HttpResponse:
    """`/quy-trinh/chon/nguoi/?q=`: records that fit what was typed, for those who hold an office."""
    if kind not in BY_ADDRESS or not actor_of(request).grants:
        raise Http404
    text = request.GET.get("q", "")[:200]
    found = SOURCES[BY_ADDRESS[kind]].find(text, OFFERED) if fold_words(text) else []
    return JsonResponse({"found": [{"value": one.value, "text": one.text, "detail": one.detail} for one in found]})
