"""Screens of an agency's system: home, people, skills, process map, who does what, templates, the zip; the province."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.choices import Duty
from khcn.domains.qms.forms.acts import EnrolForm, MemberForm, ScopeForm, TemplateForm, UnitForm
from khcn.domains.qms.models import AgencyYear, Process, ProcessLink, QualitySystem
from khcn.domains.qms.permissions import OVERSEERS, duties_on, may_keep, reads_all, require_duty, visible_systems
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.queries.documents import responsibilities
from khcn.domains.qms.queries.dossiers import internal_procedures
from khcn.domains.qms.queries.evidence import counted_records
from khcn.domains.qms.queries.export import system_zip
from khcn.domains.qms.queries.home import GATE_PAGES, SCORE_PAGES, system_home
from khcn.domains.qms.queries.people import certificates_running_out, members_on, skill_matrix
from khcn.domains.qms.queries.scope import procedures_in_scope, published_announcement, scope_difference
from khcn.domains.qms.queries.scores import (
    agencies_that_may_begin,
    newest_years,
    obligation_of,
    obliged_agencies,
    province_tally,
)
from khcn.domains.qms.rules.process_map import lay_out, orphans
from khcn.domains.qms.services import scores, systems, templates
from khcn.domains.qms.views import catalogue
from khcn.domains.qms.views.acts import history, offered
from khcn.domains.qms.views.lists import show
from khcn.domains.qms.views.register_specs import SPECS
from khcn.domains.qms.views.standing import required_system, system_of, year_of
from khcn.web.acting import actor_of
from khcn.web.charts import Series, bars
from khcn.web.listing import Export
from khcn.web.screens import done, page, screen, version_of
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import download_response

OFFERS = Export(
    name="dich-vu-va-quy-trinh", title="DỊCH VỤ VÀ QUY TRÌNH",
    columns=[
        Column("Mã"), Column("Tên", width=60), Column("Hiệu lực từ", CellKind.DATE), Column("Thời hạn"),
        Column("Phí, lệ phí (đồng)", CellKind.DONG), Column("Quy trình ISO"), Column("Căn cứ hết hiệu lực", width=30),
    ],
    row=lambda row: (
        row.code, row.title, row.since, f"{row.limit_amount} {row.limit_unit.label}" if row.limit_amount else "",
        row.fee_vnd, row.by.code if row.by else "", ", ".join(row.lapsed_bases),
    ),
)  # fmt: skip


@screen(methods=("GET", "HEAD"))
def home(request: HttpRequest) -> HttpResponseBase:
    """Own system for people of an agency, the province's page for those who oversee all."""
    actor = actor_of(request)
    if reads_all(actor):
        return HttpResponseRedirect(reverse("qms_province"))
    system = system_of(request)
    if system is None:
        return page(request, "qms/systems/none.html", {})
    return HttpResponseRedirect(reverse("qms_system_page", args=[system.uid]))


@screen(methods=("GET", "HEAD"))
def system_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is missing to be effective, what waits, scope."""
    actor = actor_of(request)
    system = get_object_or_404(visible_systems(actor), uid=uid)
    year = year_of(request, actor.on.year)
    found = system_home(system, year=year, on=actor.on)
    context = {
        "system": system, "year": year, "home": found, "difference": scope_difference(system),
        "procedures": procedures_in_scope(system), "announcement": published_announcement(system),
        "exclusions": system.exclusions.all(), "keeps": may_keep(actor, system),
        "certificates": certificates_running_out(system, on=actor.on), "duties": duties_on(actor, system),
        "gates": [(gate, GATE_PAGES[gate.code]) for gate in found.verdict.gates],
        "parts": [(score, SCORE_PAGES.get(score.code, "")) for score in found.verdict.scores],
        "books": _books(),
        "may_compute": may_keep(actor, system) or actor.holds(*OVERSEERS),
    }  # fmt: skip
    return page(request, "qms/systems/system.html", context)


def _books() -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, [(name of the page, title)]) of every register, by the chapter of the standard that asks for it."""
    chapters = {
        "4": _("Bối cảnh và phạm vi"), "6": _("Hoạch định"), "7": _("Nguồn lực, hỗ trợ"), "8": _("Thực hiện"),
        "9": _("Đánh giá"), "10": _("Cải tiến"),
    }  # fmt: skip
    pages = [
        ("4", "qms_process_map", _("Bản đồ quá trình")), ("8", "qms_services", _("Dịch vụ và quy trình")),
        ("9", "qms_analysis", _("Phân tích dữ liệu")), ("7", "qms_people", _("Cán bộ và bộ phận")),
        ("7", "qms_skills", _("Ma trận năng lực")),
        ("6", "qms_risk_matrix", _("Ma trận rủi ro")), ("8", "qms_raci", _("Phân công theo bước")),
        *((spec.listing.clause.split(".")[0], spec.listing.url_name, spec.listing.title) for spec in SPECS),
    ]  # fmt: skip
    found = {key: [(name, title) for chapter, name, title in pages if chapter == key] for key in chapters}
    other = [(name, title) for chapter, name, title in pages if chapter not in chapters]
    return [(chapters[key], lines) for key, lines in found.items() if lines] + ([(_("Khác"), other)] if other else [])


@screen
def system_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Scope and frame."""
    actor = actor_of(request)
    system = get_object_or_404(visible_systems(actor), uid=uid)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD)
    names = ("scope", "standard", "steering_decision", "has_laboratory")
    form = ScopeForm(request.POST or None, initial={name: getattr(system, name) for name in names})
    back = reverse("qms_system_page", args=[system.uid])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            systems.describe_system(by=actor, system=system, expected_version=version_of(request), **form.cleaned_data)
            return done(request, _("Đã ghi phạm vi."), back)
    context = {"form": form, "system": system, "title": _("Phạm vi và khung hệ thống"), "back": back,
               "version": system.version}  # fmt: skip
    return page(request, "qms/form.html", context, status=form.status)


@screen
def enrol(request: HttpRequest) -> HttpResponse:
    """Begin the system of an agency."""
    actor = actor_of(request)
    agencies = agencies_that_may_begin(actor.on).exclude(pk__in=QualitySystem.objects.values("organisation"))
    if not actor.holds(*OVERSEERS):
        agencies = agencies.filter(pk__in=actor.organisation_ids)
    form = EnrolForm(request.POST or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            obligation = obligation_of(form.cleaned_data["organisation"], on=actor.on)
            system = systems.enrol_agency(by=actor, obligation=obligation, **form.cleaned_data)
            return done(request, _("Đã khởi tạo hệ thống."), reverse("qms_system_page", args=[system.uid]))
    context = {"form": form, "title": _("Khởi tạo hệ thống của cơ quan"), "back": reverse("qms_home")}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def people(request: HttpRequest) -> HttpResponse:
    """Units and people."""
    actor, system = actor_of(request), required_system(request)
    context = {
        "system": system, "members": members_on(system, actor.on), "units": system.units.filter(valid_to=None),
        "keeps": may_keep(actor, system), "certificates": certificates_running_out(system, on=actor.on),
        "today": timezone.localdate(),
    }  # fmt: skip
    return page(request, "qms/systems/people.html", context)


@screen
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a division."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD)
    form = UnitForm(request.POST or None)
    back = f"{reverse('qms_people')}?co_quan={system.uid}"
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            systems.add_unit(by=actor, system=system, **form.cleaned_data)
            return done(request, _("Đã thêm bộ phận."), back)
    context = {"form": form, "system": system, "title": _("Thêm phòng, bộ phận"), "back": back}
    return page(request, "qms/form.html", context, status=form.status)


@screen
def member_new(request: HttpRequest) -> HttpResponse:
    """Place a person."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY, Duty.HEAD)
    form = MemberForm(request.POST or None, system=system)
    back = f"{reverse('qms_people')}?co_quan={system.uid}"
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            systems.assign_member(by=actor, system=system, **form.cleaned_data)
            return done(request, _("Đã ghi vị trí."), back)
    context = {"form": form, "system": system, "title": _("Xếp người vào bộ phận"), "back": back}
    return page(request, "qms/form.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def skills(request: HttpRequest) -> HttpResponse:
    """The competence matrix."""
    system = required_system(request)
    cells = skill_matrix(system, on=actor_of(request).on)
    names = sorted({cell.skill for cell in cells})
    rows: dict[Any, dict[str, Any]] = {}
    for cell in cells:
        rows.setdefault(cell.member, {})[cell.skill] = cell
    table = [(member, [found.get(name) for name in names]) for member, found in rows.items()]
    gaps = sum(cell.is_gap for cell in cells)
    context = {
        "system": system, "names": names, "table": table, "gaps": gaps, "cells": len(cells),
        "keeps": may_keep(actor_of(request), system),
    }  # fmt: skip
    return page(request, "qms/systems/skills.html", context)


@screen(methods=("GET", "HEAD"))
def process_map(request: HttpRequest) -> HttpResponse:
    """The process map drawn from the register, and processes that stand alone."""
    system = required_system(request)
    processes = list(
        Process.objects.filter(system=system).select_related("unit").prefetch_related("risks", "documents")
    )
    links = list(ProcessLink.objects.filter(source__system=system).select_related("source", "target"))
    drawn = lay_out(
        [(str(row.pk), row.code, row.name, row.kind) for row in processes],
        [(str(link.source_id), str(link.target_id), link.what) for link in links],
    )
    alone = set(orphans([str(row.pk) for row in processes], [(str(x.source_id), str(x.target_id)) for x in links]))
    context = {
        "system": system, "map": drawn, "processes": processes, "links": links,
        "alone": [row for row in processes if str(row.pk) in alone],
    }  # fmt: skip
    return page(request, "qms/systems/process_map.html", context)


@screen(methods=("GET", "HEAD"))
def raci(request: HttpRequest) -> HttpResponseBase:
    """Who does what, from the step tables in effect."""
    system = required_system(request)
    rows = responsibilities(system)
    who = sorted({row.who for row in rows})
    table: dict[tuple[Any, str], dict[str, str]] = {}
    for row in rows:
        cell = table.setdefault((row.document, row.step), {})
        cell[row.who] = "A/R" if {cell.get(row.who, row.letter), row.letter} == {"A", "R"} else row.letter
    lines = [(document, step, [(name, cell.get(name, "")) for name in who]) for (document, step), cell in table.items()]
    file = Export(
        name="phan-cong-theo-buoc", title="PHÂN CÔNG THEO BƯỚC",
        columns=[Column("Quy trình"), Column("Bước", width=50), *(Column(name) for name in who)],
        row=lambda line: (line[0].code, line[1], *(letter for _name, letter in line[2])),
    )  # fmt: skip
    if file.asked_for(request):
        return file.respond(request, lines)
    return page(request, "qms/systems/raci.html", {"system": system, "who": who, "lines": lines})


@screen(methods=("GET", "HEAD"))
def services(request: HttpRequest) -> HttpResponseBase:
    """What the agency offers and does by procedure, and the controlled procedure that covers each."""
    actor, system = actor_of(request), required_system(request)
    rows = coverage_of({system.pk: system}, first=actor.on.replace(month=1, day=1), last=actor.on)[system.pk]
    if OFFERS.asked_for(request):
        return OFFERS.respond(request, rows)
    context = {
        "system": system, "rows": rows, "open": sum(not row.is_covered and not row.in_grace for row in rows),
        "internal": internal_procedures(system), "keeps": may_keep(actor, system),
        "drafts": Duty.SECRETARY in duties_on(actor, system) and any(row.by is None for row in rows),
    }  # fmt: skip
    return page(request, "qms/systems/services.html", context)


@screen
def start_set(request: HttpRequest) -> HttpResponse:
    """Begin from the template set, or from last year's."""
    actor, system = actor_of(request), required_system(request)
    require_duty(actor, system, Duty.SECRETARY)
    form = TemplateForm(request.POST or None, initial={"year": actor.on.year})
    back = reverse("qms_system_page", args=[system.uid])
    if request.method == "POST" and request.POST.get("dung_lai"):
        drafted = templates.reuse_last_year(by=actor, system=system, year=actor.on.year)
        return done(request, _("Đã dùng lại bộ năm trước; %(n)d bản soạn.") % {"n": len(drafted)}, back)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            drafted = templates.start_from_templates(by=actor, system=system, **form.cleaned_data)
            to = f"{reverse('qms_document_list')}?state=draft&co_quan={system.uid}"
            return done(request, _("Đã soạn %(n)d tài liệu từ bộ mẫu.") % {"n": len(drafted)}, to)
    context = {"form": form, "system": system, "back": back, "year": actor.on.year}
    return page(request, "qms/systems/start_set.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def export(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Everything as one zip: those who keep or oversee the system."""
    actor = actor_of(request)
    system = get_object_or_404(visible_systems(actor), uid=uid)
    if not (may_keep(actor, system) or reads_all(actor)):
        raise Http404
    now = timezone.localtime()
    content = system_zip(system, actor=actor, now=now)
    return download_response(content, f"iso-{system.code}-{now:%Y%m%d}.zip", media_type="application/zip")


@screen(methods=("GET", "HEAD"))
def year_list(request: HttpRequest) -> HttpResponseBase:
    """Yearly verdicts."""
    return show(request, catalogue.YEARS)


@screen(methods=("GET", "HEAD"))
def year_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A verdict with its evidence, and whether it can be made again."""
    actor = actor_of(request)
    rows = AgencyYear.objects.filter(system__in=visible_systems(actor)).select_related("system__organisation")
    found = get_object_or_404(rows, uid=uid)
    check = scores.recheck(found) if "kiem_tra" in request.GET else None
    context = {
        "found": found, "system": found.system, "acts": offered(actor, "agency_year", found), "check": check,
        "history": history(found), "evidence": counted_records(found.evidence.get("ids", {})),
    }  # fmt: skip
    return page(request, "qms/systems/year.html", context)


@screen(methods=("POST",))
def year_compute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Compute and keep the year of one agency."""
    actor = actor_of(request)
    system = get_object_or_404(visible_systems(actor), uid=uid)
    found = scores.compute_year(by=actor, system=system, year=year_of(request, actor.on.year))
    return done(request, _("Đã tính và lưu kết quả."), reverse("qms_year_page", args=[found.uid]))


@screen(methods=("POST",))
def year_compute_all(request: HttpRequest) -> HttpResponse:
    """Compute and keep the year of every agency."""
    actor = actor_of(request)
    found = scores.compute_all(by=actor, year=year_of(request, actor.on.year))
    return done(request, _("Đã tính kết quả của %(n)d cơ quan.") % {"n": len(found)}, reverse("qms_province"))


@screen(methods=("GET", "HEAD"))
def province(request: HttpRequest) -> HttpResponse:
    """Three answers apart, ranking, agencies not enrolled yet."""
    actor = actor_of(request)
    if not reads_all(actor):
        raise Http404
    year = year_of(request, actor.on.year)
    tally = province_tally(year, on=actor.on)
    rows = sorted(newest_years(year), key=lambda row: (-row.total, str(row.system)))
    top = rows[:15]
    chart = bars(
        _("Điểm của các cơ quan"), [row.system.organisation.short_name or str(row.system) for row in top],
        [Series(_("Điểm"), [float(row.total) for row in top])], heading=_("Cơ quan"), unit=_("điểm"), horizontal=True,
    )  # fmt: skip
    not_enrolled = obliged_agencies(actor.on).exclude(pk__in=QualitySystem.objects.values("organisation"))
    context = {
        "year": year, "tally": tally, "rows": rows, "chart": chart, "not_enrolled": not_enrolled[:100],
        "not_enrolled_count": not_enrolled.count(), "oversees": actor.holds(*OVERSEERS),
        "systems": visible_systems(actor), "years": range(actor.on.year - 4, actor.on.year + 1),
        "failing": _failing(rows),
    }  # fmt: skip
    return page(request, "qms/systems/province.html", context)


def _failing(rows: list[AgencyYear]) -> list[tuple[str, int]]:
    """How many agencies fail each gate."""
    codes = ("G1", "G2", "G3", "G4", "G5")
    return [(code, sum(not row.gates.get(code, {}).get("holds", False) for row in rows)) for code in codes]
