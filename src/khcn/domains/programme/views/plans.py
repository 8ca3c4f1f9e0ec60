"""Screens of plans: the list, reading a file, correcting, adopting, one plan."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.forms import plans as forms
from khcn.domains.programme.models import Plan, PlanReading, Task
from khcn.domains.programme.services import plans as services
from khcn.kernel.indicators.models import Indicator
from khcn.kernel.indicators.queries import targets_of
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.roles import Role
from khcn.web.intake import read_file
from khcn.web.screens import done, page, screen, version_of

AROUND = 160  # characters of context shown on either side of a source passage


@screen
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans, and readings that wait for a person."""
    readings = PlanReading.objects.filter(plan=None, discarded_at=None).select_related("document", "created_by")
    context = {"plans": Plan.objects.select_related("standing_body"), "readings": readings, "may_read": _may(request)}
    return page(request, "programme/plans/list.html", context)


@screen
def plan_read(request: HttpRequest) -> HttpResponse:
    """Take a plan's file and show what was read."""
    require_role(request.actor, *services.EDITORS)  # type: ignore[attr-defined]
    form = forms.PlanFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        with form.refusals():
            taken = read_file(content, file.name)
            reading = services.start_reading(
                by=request.actor, text=taken.text, content=content, filename=file.name,  # type: ignore[attr-defined]
                media_type=file.content_type or "application/octet-stream", warnings=list(taken.warnings),
                tables=taken.tables,
            )  # fmt: skip
            return done(request, _("Đã đọc xong. Hãy đối chiếu từng mục với văn bản gốc."), _address(reading))
    return page(request, "programme/plans/read.html", {"form": form}, status=form.status)


@screen
def plan_reading(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The reading beside its source passages; a person corrects it here."""
    require_role(request.actor, *services.EDITORS)  # type: ignore[attr-defined]
    reading = get_object_or_404(PlanReading.objects.select_related("document"), uid=uid, discarded_at=None)
    if reading.plan is not None:
        return HttpResponseRedirect(reverse("plan_page", args=[reading.plan.uid]))
    bound = request.method == "POST"
    parts = _parts(request.POST if bound else None, reading.corrected)
    if bound and all(part.is_valid() for part in parts.values()):
        corrected = _gathered(parts, reading.corrected)
        services.correct_reading(
            by=request.actor,  # type: ignore[attr-defined]
            reading=reading,
            corrected=corrected,
            expected_version=version_of(request),  # type: ignore[attr-defined]
        )
        return done(request, _("Đã ghi phần sửa."), _address(reading))
    context = {
        "reading": reading,
        "parts": parts,
        "passages": _passages(reading),
        "unplaced": _unplaced(reading),
        "faults": services.faults_of(reading.corrected),
        "adopt": forms.AdoptForm(initial={"code": _code(reading), "standing_body": None}),
    }
    return page(request, "programme/plans/reading.html", context, status=422 if bound else 200)


@screen(methods=("POST",))
def plan_adopt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Adopt a corrected reading."""
    reading = get_object_or_404(PlanReading, uid=uid, discarded_at=None)
    form = forms.AdoptForm(request.POST)
    if form.is_valid():
        with form.refusals():
            plan = services.adopt_plan(
                by=request.actor, reading=reading, code=form.cleaned_data["code"],  # type: ignore[attr-defined]
                standing_body=form.cleaned_data["standing_body"], on=timezone.localdate(),
                expected_version=version_of(request),
            )  # fmt: skip
            return done(request, _("Kế hoạch đã được đưa vào theo dõi."), reverse("plan_page", args=[plan.uid]))
    return page(request, "programme/plans/adopt.html", {"form": form, "reading": reading}, status=form.status)


@screen(methods=("POST",))
def plan_discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a reading aside."""
    reading = get_object_or_404(PlanReading, uid=uid, plan=None, discarded_at=None)
    services.discard_reading(by=request.actor, reading=reading)  # type: ignore[attr-defined]
    return done(request, _("Đã bỏ bản đọc."), reverse("plan_list"))


@screen(methods=("GET", "HEAD"))
def plan_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A plan as its document says it, with what answers each part."""
    plan = get_object_or_404(Plan.objects.select_related("standing_body", "document"), uid=uid)
    tasks: dict[int, int] = {}
    for line_id in Task.objects.filter(plan=plan).exclude(line=None).values_list("line_id", flat=True):
        tasks[line_id] = tasks.get(line_id, 0) + 1
    assignments: dict[int, list[Any]] = {}
    for item in plan.assignments.prefetch_related("organisations"):
        assignments.setdefault(item.group, []).append(item)
    context = {
        "plan": plan,
        "targets": targets_of(plan.uid),
        "objectives": plan.objectives.all(),
        "fields": plan.fields.prefetch_related("lines"),
        "tasks": tasks,
        "sources": plan.sources.all(),
        "bases": plan.bases.all(),
        "assignments": assignments,
        "items": plan.items.count(),
        "may_edit": _may(request),
    }
    return page(request, "programme/plans/page.html", context)


def _may(request: HttpRequest) -> bool:
    return request.actor.holds(Role.SPECIALIST, Role.HEAD, Role.DIRECTOR)  # type: ignore[attr-defined]


def _address(reading: PlanReading) -> str:
    return reverse("plan_reading", args=[reading.uid])


def _code(reading: PlanReading) -> str:
    period = reading.corrected.get("period") or {}
    return f"KH-{period.get('from', '')}-{period.get('to', '')}".strip("-")


def _parts(data: Any, found: dict[str, Any]) -> dict[str, Any]:
    indicators = [(item.code, str(item)) for item in Indicator.objects.exclude(source="").order_by("code")]
    period = found.get("period") or {}
    head = {
        "title": found.get("title"), "number": found.get("number"), "issued_on": _day(found.get("issued_on")),
        "issuer": found.get("issuer"), "year_from": period.get("from"), "year_to": period.get("to"),
        "total_vnd": found.get("total_vnd"),
    }  # fmt: skip
    targets = [
        {
            **{name: item.get(name) for name in ("sentence", "operator", "unit")},
            "quantity": Decimal(str(item["quantity"])),
            "due_on": _day(item.get("due_on")),
            "indicator": item.get("indicator")
            if item.get("indicator") is not None
            else services.suggest_indicator(item["sentence"], item.get("unit") or "", item.get("subject") or ""),
        }
        for item in found.get("targets") or []
    ]
    fields = [{"title": item["title"], "lines": _joined(item["lines"])} for item in found.get("fields") or []]
    duties = [
        {"title": "; ".join(item["units"]), "lines": _joined(item["clauses"])} for item in found.get("duties") or []
    ]
    texts = {
        "objectives": _joined(found.get("objectives")),
        "sources": _joined(found.get("sources")),
        "recipients": _joined(found.get("recipients")),
        "bases": "\n".join(str(item.get("raw") or item.get("number") or "") for item in found.get("legal_bases") or []),
    }
    return {
        "head": forms.ReadingForm(data, initial=head, prefix="head"),
        "targets": forms.Targets(data, initial=targets, prefix="targets", form_kwargs={"indicators": indicators}),
        "fields": forms.Headings(data, initial=fields, prefix="fields"),
        "duties": forms.Headings(data, initial=duties, prefix="duties"),
        "texts": forms.TextLinesForm(data, initial=texts, prefix="texts"),
    }


def _gathered(parts: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    head, texts = parts["head"].cleaned_data, parts["texts"].cleaned_data
    bases = {str(item.get("raw") or item.get("number") or ""): item for item in before.get("legal_bases") or []}
    old_targets = before.get("targets") or []
    targets = []
    for index, form in enumerate(parts["targets"].forms):
        data = form.cleaned_data
        if not data or data.get("DELETE"):
            continue
        quantity = data["quantity"]
        targets.append(
            {
                **(old_targets[index] if index < len(old_targets) else {}),
                "sentence": data["sentence"],
                "operator": data["operator"].value,
                "quantity": int(quantity) if quantity == quantity.to_integral_value() else float(quantity),
                "unit": data["unit"],
                "due_on": data["due_on"].isoformat() if data["due_on"] else None,
                "indicator": data["indicator"],
            }
        )
    return {
        **before,
        "title": head["title"],
        "number": head["number"] or None,
        "issued_on": head["issued_on"].isoformat() if head["issued_on"] else None,
        "issuer": head["issuer"],
        "period": {**(before.get("period") or {}), "from": head["year_from"], "to": head["year_to"]},
        "total_vnd": head["total_vnd"],
        "targets": targets,
        "fields": [{"title": title, "lines": lines} for title, lines in _headed(parts["fields"])],
        "duties": [
            {"units": [unit.strip() for unit in title.split(";") if unit.strip()], "clauses": lines}
            for title, lines in _headed(parts["duties"])
        ],
        "objectives": _split(texts["objectives"]),
        "sources": _split(texts["sources"]),
        "recipients": _split(texts["recipients"]),
        "legal_bases": [
            bases.get(line, {"raw": line, "number": None, "issued_on": None}) for line in _split(texts["bases"])
        ],
    }


def _headed(formset: Any) -> Iterable[tuple[str, list[str]]]:
    for form in formset.forms:
        data = form.cleaned_data
        if data and not data.get("DELETE"):
            yield data["title"], _split(data["lines"])


def _passages(reading: PlanReading) -> list[dict[str, Any]]:
    found = []
    for title, key in (
        (_("Chỉ tiêu"), "targets"), (_("Lĩnh vực"), "fields"), (_("Phân công"), "duties"), (_("Căn cứ"), "legal_bases"),
        (_("Mục tiêu"), "objectives"), (_("Nguồn kinh phí"), "sources"), (_("Nơi nhận"), "recipients"),
    ):  # fmt: skip
        rows = [_passage(reading.text, item) for item in reading.extracted.get(key) or [] if isinstance(item, dict)]
        found.append({"title": title, "key": key, "rows": rows})
    return found


def _passage(text: str, item: dict[str, Any]) -> dict[str, Any]:
    span = item.get("span") or {}
    start, end = span.get("start", 0), span.get("end", 0)
    label = (
        item.get("sentence")
        or item.get("title")
        or item.get("raw")
        or item.get("text")
        or "; ".join(item.get("units") or [])
    )
    return {
        "label": label,
        "before": text[max(0, start - AROUND) : start],
        "passage": text[start:end],
        "after": text[end : end + AROUND],
        "line": span.get("line"),
        "page": span.get("page"),
        "confidence": item.get("confidence"),
        "is_unsure": (item.get("confidence") or 1) < 0.8,
    }


def _unplaced(reading: PlanReading) -> list[dict[str, Any]]:
    return list(reading.extracted.get("unplaced") or [])


def _joined(items: Any) -> str:
    return "\n".join(item if isinstance(item, str) else str(item.get("text", "")) for item in items or [])


def _split(text: str) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Http404 from error
