"""The screen on which a person compares a reading with its source, corrects it, and adopts it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.programme.forms import plans as forms
from khcn.domains.programme.forms.reading import corrected_from, parts_of
from khcn.domains.programme.models import PlanReading
from khcn.domains.programme.rules import plan_correction
from khcn.domains.programme.rules.source_stretches import stretches
from khcn.domains.programme.services import plans as services
from khcn.kernel.indicators.models import Indicator
from khcn.kernel.orgs.permissions import require_role
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen, version_of

BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
SURE = 0.8  # from here on an item is shown without the advice to look closely


@screen
def plan_reading(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The reading beside its source text; a person corrects it here, and adopts what was seen."""
    require_role(actor_of(request), *services.EDITORS)
    reading = get_object_or_404(PlanReading.objects.select_related("document"), uid=uid, discarded_at=None)
    if reading.plan is not None:
        return HttpResponseRedirect(reverse("plan_page", args=[reading.plan.uid]))
    bound = request.POST if request.method == "POST" else None
    parts = parts_of(bound, reading.corrected, _indicators())
    adopting = bound is not None and bound.get("viec") == "nhan"
    adopt = forms.AdoptForm(bound if adopting else None, initial={"code": _code(reading)})
    checked = [part.is_valid() for part in parts.values()]  # each, so that every form shows its own errors
    valid = bound is not None and all(checked)
    if bound is not None and valid and (not adopting or adopt.is_valid()):
        _save(request, reading, parts)
        if not adopting:
            return done(request, _("Đã ghi phần sửa."), reverse("plan_reading", args=[reading.uid]))
        with adopt.refusals():
            return _adopt(request, reading, adopt)
        parts = parts_of(None, reading.corrected, _indicators())
    return page(request, "programme/plans/reading.html", _context(reading, parts, adopt), status=422 if bound else 200)


def _save(request: HttpRequest, reading: PlanReading, parts: dict[str, Any]) -> None:
    corrected = corrected_from(parts, reading.corrected)
    corrected = plan_correction.restore(corrected, _chosen(request.POST, "khoi-phuc-"))
    places = {index: request.POST.get(f"xep-{index}", "") for index in _numbered(request.POST, "xep-")}
    services.correct_reading(
        by=actor_of(request),
        reading=reading,
        corrected=plan_correction.place(corrected, places),
        expected_version=version_of(request),
    )


def _adopt(request: HttpRequest, reading: PlanReading, form: forms.AdoptForm) -> HttpResponse:
    plan = services.adopt_plan(
        by=actor_of(request), reading=reading, code=form.cleaned_data["code"],
        standing_body=form.cleaned_data["standing_body"], on=timezone.localdate(), expected_version=reading.version,
    )  # fmt: skip
    return done(request, _("Kế hoạch đã được đưa vào theo dõi."), reverse("plan_page", args=[plan.uid]))


def _context(reading: PlanReading, parts: dict[str, Any], adopt: forms.AdoptForm) -> dict[str, Any]:
    found = reading.corrected
    unsure = sum(1 for _key, _span, doubtful in _places(found) if doubtful)
    return {
        "reading": reading,
        "parts": parts,
        "adopt": adopt,
        "stretches": [
            replace(piece, text=BLANK_LINES.sub("\n", piece.text)) for piece in stretches(reading.text, _places(found))
        ],
        "target_items": list(zip(parts["targets"], _marks(found, "targets", parts["targets"]), strict=True)),
        "field_items": list(zip(parts["fields"], _marks(found, "fields", parts["fields"]), strict=True)),
        "duty_items": list(zip(parts["duties"], _marks(found, "duties", parts["duties"]), strict=True)),
        "texts": [
            (parts["texts"][name], [_mark(key, index, item) for index, item in enumerate(found.get(key) or [])])
            for name, key in TEXTS
        ],
        "total": _mark("total", 0, {**(found.get("total") or {}), "confidence": _total_confidence(found)}),
        "unplaced": [
            {**item, "reason": REASONS.get(item.get("reason", ""), ""), "mark": _mark("unplaced", index, item)}
            for index, item in enumerate(found.get("unplaced") or [])
        ],
        "choices": _choices(found),
        "removed": [_title(entry["item"]) for entry in found.get("removed") or []],
        "unsure": unsure,
        "faults": services.faults_of(found),
    }


TEXTS = (("objectives", "objectives"), ("sources", "sources"), ("bases", "legal_bases"), ("recipients", "recipients"))
REASONS = {
    "background": gettext_lazy("thực trạng, bối cảnh"),
    "requirement": gettext_lazy("quan điểm, yêu cầu"),
    "solution": gettext_lazy("giải pháp"),
    "closing": gettext_lazy("câu kết"),
    "annex": gettext_lazy("phụ lục"),
    "money": gettext_lazy("kinh phí"),
    "duty": gettext_lazy("không rõ đơn vị"),
    "table": gettext_lazy("bảng chưa hiểu"),
    "content": gettext_lazy("đoạn dẫn"),
    "no quantity": gettext_lazy("mục tiêu không có số"),
}


def _places(found: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """Every place in the text that an item stands on: (key, span, whether the reader was unsure)."""
    for key in ("targets", "legal_bases", "objectives", "sources", "recipients", "unplaced"):
        for index, item in enumerate(found.get(key) or []):
            if isinstance(item, dict):
                yield f"{key}-{index}", item.get("span"), _is_unsure(item)
    for key, inner in plan_correction.GROUPS.items():
        for index, group in enumerate(found.get(key) or []):
            lines = [line for line in group.get(inner) or [] if isinstance(line, dict) and line.get("span")]
            for span in [line["span"] for line in lines] or [group.get("span")]:
                yield f"{key}-{index}", span, _is_unsure(group)
    yield "total-0", (found.get("total") or {}).get("span"), (_total_confidence(found) or 1) < SURE


def _marks(found: Mapping[str, Any], key: str, formset: Any) -> list[dict[str, Any]]:
    """What is shown beside each form of a formset; the forms to fill in new have none."""
    items = found.get(key) or []
    return [_mark(key, index, items[index] if index < len(items) else {}) for index in range(len(formset.forms))]


def _mark(key: str, index: int, item: Any) -> dict[str, Any]:
    """The link from an item to its passage, with line, page and confidence; without a place there is no link."""
    values = item if isinstance(item, dict) else {}
    span = values.get("span") or {}
    return {
        "key": f"{key}-{index}",
        "number": index + 1,
        "line": span.get("line"),
        "page": span.get("page"),
        "confidence": values.get("confidence"),
        "unsure": _is_unsure(values),
        "known": bool(values),
        "text": _title(values),
    }


def _is_unsure(item: Mapping[str, Any]) -> bool:
    confidence = item.get("confidence")
    return isinstance(confidence, int | float) and confidence < SURE


def _total_confidence(found: Mapping[str, Any]) -> float | None:
    if (found.get("total") or {}).get("vnd") != found.get("total_vnd"):
        return None  # a person wrote another amount
    return (found.get("confidence") or {}).get("total_vnd")


def _title(item: Mapping[str, Any]) -> str:
    units = "; ".join(item.get("units") or [])
    return str(item.get("sentence") or item.get("title") or item.get("raw") or item.get("text") or units)


def _choices(found: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where an unplaced passage may go: groups of (value, label)."""
    fields = [(f"fields:{i}", item["title"]) for i, item in enumerate(found.get("fields") or [])]
    duties = [(f"duties:{i}", "; ".join(item["units"])) for i, item in enumerate(found.get("duties") or [])]
    return [
        ("", [
            ("targets", _("Chỉ tiêu")), ("objectives", _("Mục tiêu chung")), ("sources", _("Nguồn kinh phí")),
            ("legal_bases", _("Căn cứ")), ("recipients", _("Nơi nhận")),
            (plan_correction.READ, _("Đã xem, không đưa vào")),
        ]),
        (_("Nội dung của lĩnh vực"), [*fields, ("fields:new", _("Lĩnh vực mới"))]),
        (_("Việc của đơn vị"), [*duties, ("duties:new", _("Nhóm đơn vị mới"))]),
    ]  # fmt: skip


def _indicators() -> list[tuple[str, str]]:
    return [(item.code, str(item)) for item in Indicator.objects.exclude(source="").order_by("code")]


def _code(reading: PlanReading) -> str:
    period = reading.corrected.get("period") or {}
    return f"KH-{period.get('from') or ''}-{period.get('to') or ''}".replace("--", "-").strip("-")


def _numbered(data: Mapping[str, Any], prefix: str) -> list[int]:
    tails = (name.removeprefix(prefix) for name in data if name.startswith(prefix))
    return [int(tail) for tail in tails if tail.isdecimal()]


def _chosen(data: Mapping[str, Any], prefix: str) -> list[int]:
    return [index for index in _numbered(data, prefix) if data.get(f"{prefix}{index}")]
