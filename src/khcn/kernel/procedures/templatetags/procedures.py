"""Cells of the step table, and the words of a case's log."""

from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khcn.kernel.procedures.choices import VersionState
from khcn.kernel.procedures.models import CaseEvent, StepRun
from khcn.kernel.procedures.queries import is_led_elsewhere, subject_address
from khcn.lib.labelled import gettext_noop
from khcn.lib.roles import Role

register = template.Library()

VERBS = {
    "started": gettext_noop("Mở hồ sơ"),
    "claimed": gettext_noop("Nhận việc"),
    "released": gettext_noop("Nhả việc"),
    "assigned": gettext_noop("Giao việc"),
    "completed": gettext_noop("Hoàn thành bước"),
    "returned": gettext_noop("Trả lại"),
    "system": gettext_noop("Máy thực hiện"),
    "message": gettext_noop("Nhận thông điệp"),
    "timer": gettext_noop("Đến giờ hẹn"),
    "timer_refused": gettext_noop("Hẹn giờ chưa đi tiếp được"),
    "call_ended": gettext_noop("Quy trình được gọi đã xong"),
    "paused": gettext_noop("Tạm dừng thời gian"),
    "resumed": gettext_noop("Tính tiếp thời gian"),
    "restarted": gettext_noop("Tính lại thời gian"),
    "extended": gettext_noop("Gia hạn"),
    "recomputed": gettext_noop("Tính lại hạn theo lịch làm việc"),
    "due_set": gettext_noop("Đặt hạn của bước"),
    "unit_set": gettext_noop("Giao bước cho đơn vị"),
    "comment": gettext_noop("Ý kiến"),
    "attached": gettext_noop("Thêm tệp"),
    "migrated": gettext_noop("Chuyển sang bản quy trình mới"),
    "ended": gettext_noop("Kết thúc"),
    "cancelled": gettext_noop("Dừng hồ sơ"),
}


@register.filter
def verb_label(verb: str) -> str:
    """What a line of the log says was done."""
    return gettext(VERBS[verb]) if verb in VERBS else verb


@register.filter
def version_state(value: str) -> str:
    """The label of a version's state."""
    return gettext(VersionState(value).label)


@register.filter
def event_text(event: CaseEvent) -> str:
    """What a line of the log tells besides its verb: a remark, a reason, an outcome, a file, else the step."""
    told = (event.facts.get(name) for name in ("text", "reason", "note", "outcome", "title", "sentence"))
    return next((text for text in told if text), event.step_key)


@register.simple_tag
def work_address(run: StepRun) -> str:
    """Where a step is worked on: the page of the dossier or task that its case serves, else the step's own."""
    here = subject_address(run.case) if is_led_elsewhere(run.case) else ""
    return here or reverse("step_page", args=[run.uid])


@register.simple_tag
def cell_box(
    row: Mapping[str, str],
    name: str,
    choices: Mapping[str, list[str]],
    faulty: set[tuple[int, str]],
    number: int,
    title: str,
) -> SafeString:
    """One cell of the step table as an input or a choice; marked when it did not read."""
    value = row.get(name, "")
    wrong = " is-invalid" if (number, name) in faulty else ""
    label = f"{title}, {number}"
    if name == "role":
        offered = [("", "—"), *((role.value, gettext(role.label)) for role in Role)]
        if value and value not in {role.value for role in Role}:
            offered.append((value, value))
        return _select(name, label, wrong, offered, value)
    if name in choices:
        return _select(name, label, wrong, [(one, gettext(one)) for one in choices[name]], value)
    return format_html(
        '<input class="form-control{}" name="{}" value="{}" aria-label="{}" maxlength="2000" autocomplete="off">',
        wrong, name, value, label,
    )  # fmt: skip


def _select(name: str, label: str, wrong: str, offered: list[tuple[str, str]], value: str) -> SafeString:
    lines = format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((one, SafeString(" selected") if one == value else "", text) for one, text in offered),
    )  # fmt: skip
    return format_html('<select class="form-select{}" name="{}" aria-label="{}">{}</select>', wrong, name, label, lines)


@register.simple_tag
def field_box(
    row: Mapping[str, str], name: str, faulty: set[tuple[int, str]], number: int, title: str, kinds: list[str],
    yes_no: list[str],
) -> SafeString:  # fmt: skip
    """One cell of the table in which a form is written; marked when it did not read."""
    value = row.get(name, "")
    wrong = " is-invalid" if (number, name) in faulty else ""
    label = f"{gettext(title)}, {number}"
    if name in ("kind", "required"):
        offered = kinds if name == "kind" else yes_no
        return _select(name, label, wrong, [(one, gettext(one)) for one in offered], value)
    if name == "options":
        return format_html(
            '<textarea class="form-control{}" name="{}" aria-label="{}" rows="{}">{}</textarea>',
            wrong, name, label, min(value.count("\n") + 1, 6), value,
        )  # fmt: skip
    return format_html(
        '<input class="form-control{}" name="{}" value="{}" aria-label="{}" maxlength="2000" autocomplete="off">',
        wrong, name, value, label,
    )  # fmt: skip
