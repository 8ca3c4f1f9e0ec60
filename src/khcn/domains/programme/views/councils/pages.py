"""The list of councils, a new one, one council's tabs, its seats, its papers as Word files."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import CouncilKind, CouncilState, SeatRole
from khcn.domains.programme.forms.councils import CouncilFilter, NewCouncilForm
from khcn.domains.programme.permissions import visible_councils
from khcn.domains.programme.queries.addresses import address_of
from khcn.domains.programme.queries.councils import seating
from khcn.domains.programme.queries.councils.outcomes import ballot_words, outcomes_of
from khcn.domains.programme.queries.councils.subjects import records_of
from khcn.domains.programme.queries.papers import councils as papers
from khcn.domains.programme.queries.saved_filters import filters_of
from khcn.domains.programme.rules.findings import sentences
from khcn.domains.programme.services import councils as services
from khcn.domains.programme.services.councils.drafting import conflict_sentences
from khcn.domains.programme.services.councils.filing import WORD
from khcn.domains.programme.services.councils.session import reviews_missing
from khcn.domains.programme.views.acts import offered, run_act
from khcn.domains.programme.views.councils.acts import ACTS, MEMBERS
from khcn.kernel.documents.queries import documents_of
from khcn.kernel.orgs.models import Person
from khcn.kernel.procedures.errors import SeatBarred
from khcn.kernel.procedures.models import Council, Seat
from khcn.kernel.procedures.permissions import STEP_OFFICES, may_read_ballots
from khcn.kernel.procedures.queries import (
    ballots_visible_to,
    has_secretary_signed,
    reviews_visible_to,
    seat_of,
    transitions_of,
    turnout,
)
from khcn.kernel.procedures.services import remove_seat
from khcn.lib.failure import Failure, Forbidden
from khcn.standards.nd30.docx_writer import render_docx
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

ORDERS = {"code": "code", "title": "title", "kind": "kind", "state": "state", "meets": "meets_at"}
TABS: dict[str, Any] = {
    "": _("Thành viên"),
    "tai-lieu": _("Tài liệu"),
    "phien-hop": _("Phiên họp"),
    "kiem-phieu": _("Kiểm phiếu"),
    "bien-ban": _("Biên bản"),
    "lich-su": _("Lịch sử"),
}


@screen
def council_list(request: HttpRequest) -> HttpResponseBase:
    """Councils the actor may read."""
    actor = actor_of(request)
    visible = visible_councils(actor).annotate(
        members=Count("seats", filter=Q(seats__conflict=""), distinct=True), agenda=Count("subjects", distinct=True)
    )
    filters = filtered(CouncilFilter, request, visible)
    rows, ordering = order(filters.rows, request, ORDERS, default="-code")
    export = Export(
        now_("Hội đồng"), now_("Danh sách hội đồng"),
        [
            Column(now_("Mã")), Column(now_("Tên"), width=60), Column(now_("Loại"), width=36),
            Column(now_("Quyết định"), width=20), Column(now_("Họp ngày"), CellKind.DATE),
            Column(now_("Thành viên"), CellKind.INTEGER), Column(now_("Trạng thái"), width=20),
        ],
        lambda item: [
            item.code, item.title, now_(CouncilKind(item.kind).label), item.decision_number,
            item.meets_at.date() if item.meets_at else None, item.members, now_(CouncilState(item.state).label),
        ],
    )  # fmt: skip
    if export.asked_for(request):
        return export.respond(request, rows)
    context = {
        "filters": filters,
        "ordering": ordering,
        "page": paginate(rows, request),
        "kinds": [(kind.value, now_(kind.label)) for kind in CouncilKind] if may_draft(actor) else [],
        "kind_labels": {kind.value: now_(kind.label) for kind in CouncilKind},
        "saved": filters_of(actor, "councils"),
    }
    return page(request, "programme/councils/list.html", context, part="rows")


@screen
def council_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Draft a council of a kind for records that wait for one."""
    actor = actor_of(request)
    if kind not in CouncilKind.values():
        raise Http404
    if not may_draft(actor):
        raise Forbidden(now_("Bạn không có quyền lập hội đồng."))
    wanted = CouncilKind(kind)
    chosen = [uid for uid in request.GET.getlist("muc") if uid]
    form = NewCouncilForm(request.POST or None, kind=wanted, initial={"records": chosen})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            council = services.create_council(
                by=actor, kind=wanted, records=form.chosen, title=form.cleaned_data["title"], on=actor.on
            )
            return done(request, now_("Đã lập dự kiến hội đồng; hãy thêm thành viên."), address_of(council))
    context = {"form": form, "kind": now_(wanted.label), "back": reverse("council_list")}
    return page(request, "programme/councils/new.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def council_page(request: HttpRequest, uid: UUID, tab: str = "") -> HttpResponse:
    """One tab of a council's page."""
    if tab not in TABS:
        raise Http404
    council = _council(request, uid)
    actor = actor_of(request)
    seat = seat_of(actor, council)
    context = {
        "council": council,
        "kind": now_(CouncilKind(council.kind).label),
        "tabs": TABS,
        "tab": tab,
        "seat": seat,
        "seat_label": _label(seat.role) if seat is not None else "",
        "acts": offered(ACTS, actor, council, group="task"),
        "mine": _mine(actor, council, seat),
        "own_acts": offered(ACTS, actor, council, group=MEMBERS),
        **BUILDERS[tab](request, council),
    }
    return page(request, f"programme/councils/page_{tab.replace('-', '_') or 'members'}.html", context)


@screen
def council_act(request: HttpRequest, uid: UUID, slug: str, part: UUID | None = None) -> HttpResponse:
    """Run one act on a council or on a record before it."""
    council = _council(request, uid)
    act = ACTS.get(slug)
    if act is None or (act.part is None) != (part is None):
        raise Http404
    subject: Any = council
    if act.part is not None and part is not None:
        try:
            subject = act.part(council, part)  # type: ignore[arg-type]
        except ObjectDoesNotExist as missing:
            raise Http404 from missing
    return run_act(request, act, subject, task=None, back=address_of(council), template="programme/councils/act.html")


@screen
def council_seat_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Find a person and seat them; whoever the law bars is shown with the reasons."""
    council = _council(request, uid)
    actor = actor_of(request)
    _require_drafting(actor, council)
    refusal: list[str] = []
    if request.method == "POST":
        person = get_object_or_404(Person, uid=_uid(request.POST.get("person")))
        try:
            services.seat_member(
                by=actor, council=council, person=person, role=_role(request.POST.get("role")), on=actor.on,
                declared=seating.Declared(
                    under_sanction="sanction" in request.POST, under_prosecution="prosecution" in request.POST,
                    bias_evidence=request.POST.get("bias", "").strip(),
                ),
            )  # fmt: skip
            return done(
                request, now_("Đã thêm %(who)s.") % {"who": person}, reverse("council_seat_new", args=[council.uid])
            )
        except SeatBarred as barred:
            refusal = [str(barred.message)] if not barred.reasons else [f"{person}:", *barred.reasons]
        except Forbidden:
            raise
        except Failure as failure:
            refusal = [failure.message]
    text = request.GET.get("q", "")
    people = seating.people_matching(text)
    known = seating.conflicts_of(council, people, SeatRole.CHAIR, on=actor.on) if people else {}
    taken = set(council.seats.values_list("person_id", flat=True))
    context = {
        "council": council,
        "text": text,
        "refusal": refusal,
        "people": [(person, known.get(person.pk, ()), person.pk in taken) for person in people],
        "roles": [(role.value, now_(role.label)) for role in seating.roles_of_kind(CouncilKind(council.kind))],
        "seats": [(seat, _label(seat.role)) for seat in seating.sitting(council)],
    }
    return page(
        request, "programme/councils/seat.html", context, part="" if request.method == "POST" else "people",
        status=422 if refusal else 200,
    )  # fmt: skip


@screen(methods=("POST",))
def council_seat_remove(request: HttpRequest, uid: UUID, seat: UUID) -> HttpResponse:
    """Take a person off a draft."""
    council = _council(request, uid)
    found = get_object_or_404(Seat.objects.select_related("council", "person"), uid=seat, council=council)
    remove_seat(by=actor_of(request), seat=found)
    return done(request, now_("Đã bớt %(who)s.") % {"who": found.person}, address_of(council))


@screen(methods=("GET", "HEAD"))
def council_paper(request: HttpRequest, uid: UUID, slug: str) -> HttpResponseBase:
    """One of the council's papers as a Word file, made from the records as they stand."""
    council = _council(request, uid)
    if slug not in dict(papers.available(council)):
        raise Http404
    paper = papers.PAPERS[slug](council, actor_of(request).on)
    return download_response(render_docx(paper), f"{council.code}-{slug}.docx", media_type=WORD)


def may_draft(actor: Any) -> bool:
    """True for those who may draw up a council."""
    return actor.holds(*STEP_OFFICES["draft"])


def _council(request: HttpRequest, uid: UUID) -> Council:
    visible = visible_councils(actor_of(request))
    return get_object_or_404(visible.select_related("organisation"), uid=uid)


def _mine(actor: Any, council: Council, seat: Seat | None) -> list[tuple[Any, list[Any], Any]]:
    """For a member: each record with what may be done on it and when the own ballot was cast; never what it says."""
    if seat is None:
        return []
    cast = dict(seat.ballots.values_list("subject_id", "cast_at"))
    sent = dict(seat.reviews.exclude(sent_at=None).values_list("subject_id", "sent_at"))
    return [
        (line, offered(ACTS, actor, line, group="line"), {"cast": cast.get(line.pk), "sent": sent.get(line.pk)})
        for line in council.subjects.select_related("council").order_by("id")
    ]


def _members(request: HttpRequest, council: Council) -> dict[str, Any]:
    actor = actor_of(request)
    is_draft = council.state == CouncilState.DRAFTED
    breaches: list[str] = []
    if is_draft and may_draft(actor):
        try:
            breaches = sentences(seating.composition_findings(council, on=actor.on))
            breaches += conflict_sentences(council, on=actor.on)
        except Failure as silent:
            breaches = [silent.message]
    return {
        "seats": [(item, _label(item.role)) for item in seating.sitting(council)],
        "emptied": council.seats.exclude(conflict="").select_related("person"),
        "breaches": breaches,
        "can_draft": is_draft and may_draft(actor),
        "lines": [(line, address_of(record)) for line, record in records_of(council)],
    }


def _papers(request: HttpRequest, council: Council) -> dict[str, Any]:
    subjects = council.subjects.values_list("subject_type", "subject_uid")
    return {
        "forms": papers.available(council),
        "documents": documents_of(subject_type=council._meta.label_lower, subject_uid=council.uid),
        "sent": council.papers.filter(role="paper").select_related("document").prefetch_related("document__revisions"),
        "subjects": [
            item for kind, uid in subjects for item in documents_of(subject_type=kind, subject_uid=uid)
        ],
        "reviews": reviews_visible_to(actor_of(request), council).exclude(sent_at=None),
    }  # fmt: skip


def _session(request: HttpRequest, council: Council) -> dict[str, Any]:
    on = actor_of(request).on
    seats = seating.sitting(council)
    attendance = seating.Attendance(frozenset(seat.uid for seat in seats if seat.is_present), council.chaired_by_vice)
    is_open = council.state not in (CouncilState.DRAFTED, CouncilState.ESTABLISHED, CouncilState.PAPERS_SENT)
    return {
        "seats": [(item, _label(item.role)) for item in seats],
        "is_open": is_open,
        "quorum": sentences(seating.quorum_findings(council, on=on, attendance=attendance)) if is_open else [],
        "missing": reviews_missing(council) if council.state in ("established", "papers_sent") else [],
        "turnout": turnout(council) if council.state in ("in_session", "ballots_sealed") else [],
        "present": sum(bool(seat.is_present) for seat in seats),
    }


def _count(request: HttpRequest, council: Council) -> dict[str, Any]:
    actor = actor_of(request)
    outcomes = outcomes_of(council)
    return {
        "outcomes": [
            (outcome, [(ballot.seat.person, ballot_words(council.kind, ballot.opened), ballot.opened.get("comment", ""))
                       for ballot in ballots_visible_to(actor, outcome.subject) if ballot.opened])
            for outcome in outcomes
        ],
        "turnout": turnout(council) if council.state in ("in_session", "ballots_sealed") else [],
    }  # fmt: skip


def _minutes(request: HttpRequest, council: Council) -> dict[str, Any]:
    return {
        "secretary_signed": has_secretary_signed(council),
        "signed": transitions_of(subject_uid=council.uid).filter(event__in=["secretary_sign", "sign_minutes"]),
        "outcomes": outcomes_of(council),
        "forms": [row for row in papers.available(council) if row[0] in papers.AFTER_COUNT],
    }


def _history(request: HttpRequest, council: Council) -> dict[str, Any]:
    actor = actor_of(request)
    reads = may_read_ballots(actor, council)
    steps = transitions_of(subject_uid=council.uid).order_by("-id")
    # The trace of a count holds every ballot with its voter: only for those who may read ballots.
    return {"steps": [(step, step.trace if reads or step.event != "count" else []) for step in steps]}


BUILDERS = {
    "": _members,
    "tai-lieu": _papers,
    "phien-hop": _session,
    "kiem-phieu": _count,
    "bien-ban": _minutes,
    "lich-su": _history,
}


def _require_drafting(actor: Any, council: Council) -> None:
    if council.state != CouncilState.DRAFTED or not may_draft(actor):
        raise Forbidden(now_("Chỉ thêm, bớt thành viên khi hội đồng còn ở bước dự kiến."))


def _label(role: str) -> str:
    return now_(SeatRole(role).label)


def _uid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as wrong:
        raise Http404 from wrong


def _role(text: str | None) -> SeatRole:
    if text not in SeatRole.values():
        raise Http404
    return SeatRole(text)
