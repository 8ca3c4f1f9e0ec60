"""The situation board, what was said of a place and why, and the tables of levels with their way to approval."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.choices import LevelTableState, TableScope
from khcn.domains.hazards.forms.levels import (
    AskForm,
    DraftForm,
    EndForm,
    ExceedanceFilter,
    FactForm,
    LinesForm,
    ReasonForm,
)
from khcn.domains.hazards.models import LevelTable, Station
from khcn.domains.hazards.permissions import APPROVERS, KEEPERS, visible_stations
from khcn.domains.hazards.queries.fire import fire_danger
from khcn.domains.hazards.queries.situation import (
    coverage_of,
    earlier_of,
    evaluation_for,
    exceedances,
    shown_rows,
    standings,
)
from khcn.domains.hazards.queries.stations import coded_cells_for_map
from khcn.domains.hazards.queries.tables import (
    choices_of,
    facts_listed,
    line_texts,
    listed_tables,
    read_table,
    tables_on,
)
from khcn.domains.hazards.rules.risk_tables import evaluate
from khcn.domains.hazards.rules.table_words import CODES, INPUTS, POLICIES, TOLD
from khcn.domains.hazards.services import tables
from khcn.domains.hazards.views.acting import keeping_offices
from khcn.web.acting import actor_of
from khcn.web.charts import Area, Marker, PlaceMap
from khcn.web.listing import filtered, paginate
from khcn.web.screens import done, page, screen, version_of

#: Classes of fire danger as forestry writes them.
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}
LEVEL_TONES = {0: "done", 1: "active", 2: "warn", 3: "warn", 4: "bad", 5: "bad"}
MOST_CELLS = 40


def _fact_lines(facts: dict[str, Any]) -> list[tuple[str, Any, str]]:
    lines = []
    for name, value in facts.items():
        word, unit = INPUTS.get(name, (name, ""))
        shown = _(CODES[value]) if isinstance(value, str) and value in CODES else value
        lines.append((_(word), shown, _(unit) if unit else ""))
    return lines


def _names(codes: Any) -> list[str]:
    return [_(INPUTS.get(name, (name, ""))[0]) for name in codes]


@screen(login=False)
def situation(request: HttpRequest) -> HttpResponseBase:
    """Levels held now and what each place was last said to be."""
    actor, now = _reader(request), timezone.now()
    found = standings(actor, now=now)
    fire = fire_danger(now) if Station.objects.exists() else []
    allowed = set(visible_stations(actor).values_list("pk", flat=True))
    context = {
        "found": found, "now": now, "tones": LEVEL_TONES, "map": _board_map(actor, found, now),
        "fire": [one for one in fire if one.station.pk in allowed], "roman": ROMAN,
        "highest": max((one.level for one in found), default=0),
        "unknown": sum(one.evaluation.kind == "unknown" for one in found),
        "outside": sum(one.evaluation.kind == "outside_table" for one in found),
    }  # fmt: skip
    return page(request, "hazards/situation.html", context)


def _reader(request: HttpRequest) -> Any:
    return actor_of(request) if request.user.is_authenticated else None


def _board_map(actor: Any, found: Any, now: Any) -> PlaceMap:
    by_place: dict[str, int] = {}
    for one in found:
        by_place[one.evaluation.place] = max(by_place.get(one.evaluation.place, 0), one.level)
    units = {code for one in found if one.level for code in one.evaluation.units}
    markers = [
        Marker(
            one.name, one.longitude, one.latitude, (one.code, _level_words(by_place.get(one.code, 0))),
            LEVEL_TONES[by_place.get(one.code, 0)], reverse("station_page", args=[one.code]),
        )
        for one in visible_stations(actor).filter(closed_on=None)[:500]
    ]  # fmt: skip
    areas = [
        Area(name, ring, 0.8 if code in units else 0.0)
        for code, name, ring in coded_cells_for_map(timezone.localdate(now))
    ]
    return PlaceMap(_("Bản đồ tình hình"), markers, areas, [_("Mã trạm"), _("Cấp độ")])


def _level_words(level: int) -> str:
    return _("Cấp %(level)d") % {"level": level} if level else _("Không vượt ngưỡng")


@screen(login=False)
def evaluation_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """What was said of a place, by which row, from which facts, and what was not known."""
    found = evaluation_for(_reader(request), uid)
    if found is None:
        raise Http404
    context = {
        "one": found, "facts": _fact_lines(found.facts), "missing": _names(found.missing),
        "told": [(_(TOLD.get(key, key)), value) for key, value in found.told], "earlier": earlier_of(found)[:20],
        "tones": LEVEL_TONES,
    }  # fmt: skip
    return page(request, "hazards/evaluation_page.html", context)


@screen
def exceedance_list(request: HttpRequest) -> HttpResponseBase:
    """Stretches in which a level was held."""
    filters = filtered(ExceedanceFilter, request, exceedances(actor_of(request)))
    context = {"filters": filters, "page": paginate(filters.rows, request), "tones": LEVEL_TONES}
    return page(request, "hazards/exceedance_list.html", context, part="list")


@screen
def table_list(request: HttpRequest) -> HttpResponseBase:
    """The tables of levels: those in force, drafts, and those that ended."""
    on = timezone.localdate()
    current = {one.pk for one in tables_on(on).values()}
    lines = [(one, one.pk in current, coverage_of(one)) for one in listed_tables()]
    return page(request, "hazards/table_list.html", {"lines": lines, "may_declare": keeping_offices(request).exists()})


@screen
def table_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One table: its rows, its holes and overlaps, what the back-test found, and its next step."""
    table, actor = _table(code), actor_of(request)
    owner = table.owner_id
    covered = coverage_of(table)
    drafts = owner is not None and actor.holds_at(owner, *KEEPERS)
    approves = owner is not None and actor.holds_at(owner, *APPROVERS) and table.drafted_by_id != actor.user_id
    context = {
        "table": table, "rows": shown_rows(table), "covered": covered, "policy": _(POLICIES.get(table.policy, "")),
        "gaps": [_cell(one) for one in covered.gaps[:MOST_CELLS]],
        "overlaps": [(_cell(one), one.levels, one.clauses) for one in covered.overlaps[:MOST_CELLS]],
        "is_draft": table.state in (LevelTableState.DRAFT, LevelTableState.REJECTED), "may_draft": drafts,
        "may_decide": approves and table.state == LevelTableState.SUBMITTED, "rehearsal": _rehearsal(table),
        "may_end": approves and table.state == LevelTableState.APPROVED and table.scope == TableScope.PROVINCE,
        "may_begin": table.scope == TableScope.LAW and keeping_offices(request).exists(), "reason_form": ReasonForm(),
        "tones": LEVEL_TONES,
    }  # fmt: skip
    return page(request, "hazards/table_page.html", context)


def _rehearsal(table: LevelTable) -> dict[str, Any] | None:
    if not table.rehearsal:
        return None
    moment = datetime.fromisoformat
    told = table.rehearsal
    return {
        "start": moment(told["from"]), "end": moment(told["to"]), "looked": told["looked"],
        "differences": [
            (moment(at), place, _verdict_word(was), _verdict_word(now)) for at, place, was, now in told["differences"]
        ],
    }  # fmt: skip


def _verdict_word(word: str) -> str:
    words = {"quiet": _("dưới mọi ngưỡng"), "outside_table": _("ngoài bảng"), "unknown": _("chưa đủ số liệu")}
    return _("Cấp %(level)d") % {"level": int(word)} if word.isdecimal() else words.get(word, word)


def _cell(cell: Any) -> list[tuple[str, str]]:
    return [
        (_(INPUTS.get(name, (name, ""))[0]), _(CODES[value]) if value in CODES else value) for name, value in cell.facts
    ]


def _table(code: str) -> LevelTable:
    return get_object_or_404(LevelTable.objects.select_related("owner", "drafted_by", "approved_by"), code=code)


@screen
def table_draft(request: HttpRequest, code: str) -> HttpResponseBase:
    """Begin a province's table."""
    base, owners = _table(code), keeping_offices(request)
    if not owners.exists():
        raise Http404
    form = DraftForm(request.POST or None, owners=owners)
    if form.is_valid():
        with form.refusals():
            made = tables.draft_table(by=actor_of(request), base=base, **form.cleaned_data)
            return done(request, _("Đã lập bảng của tỉnh; sửa các dòng rồi chạy thử."),
                        reverse("level_table_edit", args=[made.code]))  # fmt: skip
    context = {"form": form, "label": _("Lập bảng của tỉnh"), "title": base.title,
               "back": reverse("level_table", args=[code])}  # fmt: skip
    return page(request, "hazards/level_form.html", context, status=form.status)


@screen
def table_edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Write a draft's lines anew."""
    table, actor = _table(code), actor_of(request)
    if table.owner_id is None or not actor.holds_at(table.owner_id, *KEEPERS):
        raise Http404
    initial = {
        "lines_text": line_texts(table.lines), "decision": table.decision, "valid_from": table.valid_from,
        "policy": table.policy,
    }  # fmt: skip
    form = LinesForm(request.POST or None, initial=initial)
    back = reverse("level_table", args=[code])
    if form.is_valid():
        with form.refusals():
            tables.change_table(by=actor, table=table, expected_version=version_of(request), **form.cleaned_data)
            return done(request, _("Đã ghi bảng; chạy thử lại trước khi trình."), back)
    context = {"form": form, "label": _("Sửa các dòng"), "title": str(table), "back": back, "version": table.version}
    return page(request, "hazards/level_form.html", context, status=form.status)


@screen(methods=("POST",))
def table_rehearse(request: HttpRequest, code: str) -> HttpResponseBase:
    """Try a draft on what was measured."""
    tables.rehearse_table(by=actor_of(request), table=_table(code))
    return done(request, _("Đã chạy thử bảng trên số liệu đã đo."), reverse("level_table", args=[code]))


@screen(methods=("POST",))
def table_submit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Put a draft before whoever approves."""
    tables.submit_table(by=actor_of(request), table=_table(code), expected_version=version_of(request))
    return done(request, _("Đã trình phê duyệt bảng."), reverse("level_table", args=[code]))


@screen(methods=("POST",))
def table_approve(request: HttpRequest, code: str) -> HttpResponseBase:
    """Approve a table."""
    tables.decide_table(by=actor_of(request), table=_table(code), approve=True, expected_version=version_of(request))
    return done(request, _("Đã phê duyệt; bảng áp dụng từ ngày đã ghi."), reverse("level_table", args=[code]))


@screen(methods=("POST",))
def table_reject(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send a table back."""
    tables.decide_table(
        by=actor_of(request), table=_table(code), approve=False, reason=request.POST.get("reason", ""),
        expected_version=version_of(request),
    )  # fmt: skip
    return done(request, _("Đã trả lại bảng cho người soạn."), reverse("level_table", args=[code]))


@screen
def table_end(request: HttpRequest, code: str) -> HttpResponseBase:
    """End a province's table."""
    table = _table(code)
    if table.owner_id is None or not actor_of(request).holds_at(table.owner_id, *APPROVERS):
        raise Http404
    form = EndForm(request.POST or None)
    back = reverse("level_table", args=[code])
    if form.is_valid():
        with form.refusals():
            tables.end_table(
                by=actor_of(request), table=table, expected_version=version_of(request), **form.cleaned_data
            )
            return done(request, _("Bảng của tỉnh thôi áp dụng; bảng của trung ương áp dụng lại."), back)
    context = {"form": form, "label": _("Thôi áp dụng bảng"), "title": str(table), "back": back,
               "version": table.version}  # fmt: skip
    return page(request, "hazards/level_form.html", context, status=form.status)


@screen
def table_ask(request: HttpRequest, code: str) -> HttpResponseBase:
    """Ask a table about facts that one types; what is left empty is not known."""
    table = _table(code)
    read = read_table(table)
    asked = [(name, choices_of(read, name)) for name in read.inputs]
    form = AskForm(request.GET if request.GET else None, asked=asked)
    verdict = evaluate(read, form.facts) if form.is_bound and form.is_valid() else None
    context = {
        "table": table, "form": form, "verdict": verdict, "missing": _names(verdict.missing) if verdict else [],
        "tones": LEVEL_TONES,
    }  # fmt: skip
    return page(request, "hazards/table_ask.html", context)


@screen
def fact_list(request: HttpRequest) -> HttpResponseBase:
    """Declared facts, and a new one."""
    owners = keeping_offices(request)
    form = FactForm(request.POST or None, owners=owners, stations=visible_stations(actor_of(request)))
    if request.method == "POST" and not owners.exists():
        raise Http404
    if form.is_valid():
        with form.refusals():
            given = dict(form.cleaned_data)
            place = given.pop("place")
            tables.declare_fact(by=actor_of(request), place=place.code if place else "", **given)
            return done(request, _("Đã ghi yếu tố khai báo."), reverse("fact_list"))
    shown = [
        (one, _(INPUTS.get(one.input, (one.input, ""))[0]), _(CODES[one.value]) if one.value in CODES else one.value)
        for one in facts_listed()[:200]
    ]
    context = {"facts": shown, "form": form if owners.exists() else None}
    return page(request, "hazards/fact_list.html", context, status=form.status)
