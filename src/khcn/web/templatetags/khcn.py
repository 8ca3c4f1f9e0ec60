"""Tags and filters of every template: đồng, labels, dates, badges, icons, addresses with a changed query."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import template
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from khcn.lib.money import in_words
from khcn.lib.roles import Role
from khcn.web import wording
from khcn.web.audit_verbs import VERBS
from khcn.web.form_tokens import new_token
from khcn.web.tones import BY_NAME, PLAIN, Tone, tone_of

register = template.Library()


@register.filter
def vnd(amount: int | None) -> str:
    """45.000.000.000 đồng, in English 45,000,000,000 đồng; empty for None."""
    return "" if amount is None else wording.money(amount)


@register.filter
def vnd_short(amount: int | None) -> str:
    """45 tỷ đồng, in English 45 billion đồng: for tiles and headings; empty for None."""
    return "" if amount is None else wording.short_money(amount)


@register.filter
def amount(value: int | None) -> str:
    """45.000.000.000 without the unit, for columns whose heading names it; a dash for None."""
    return "–" if value is None else number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def words(amount: int | None) -> str:
    """The amount in words."""
    return "" if amount is None else in_words(amount)


@register.filter
def label(value: Any) -> str:
    """The translated label of an enumeration's member."""
    return gettext(getattr(value, "label", str(value)))


@register.filter
def said(text: Any) -> str:
    """A sentence of a rule, a notice or a refusal in the reader's language (`khcn.web.wording`)."""
    return wording.said("" if text is None else text)


@register.filter
def role_label(code: str) -> str:
    """The translated name of a role, by its stored code; the code itself where it is not known."""
    return gettext(Role(code).label) if code in Role.values() else code


@register.filter
def audit_verb(verb: str) -> str:
    """What a verb of the audit log says; the verb itself where nobody has worded it."""
    return gettext(VERBS[verb]) if verb in VERBS else verb


@register.filter
def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy in Vietnam, or a dash."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return "–" if value is None else f"{value:%d/%m/%Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """14:05 13/10/2022 in Vietnam, or a dash."""
    return "–" if value is None else f"{timezone.localtime(value):%H:%M %d/%m/%Y}"


@register.filter
def percent(share: float | Fraction | None) -> str:
    """A share as "40 %"; "chưa có" for None: an empty denominator is never 100 %."""
    if share is None:
        return gettext("chưa có")
    shown = number_format(round(float(share * 100), 1), use_l10n=True)
    return f"{shown.removesuffix(',0').removesuffix('.0')} %"


@register.filter
def signed_days(days: int) -> str:
    """How far a due date is: "còn 5 ngày", "hôm nay", "trễ 3 ngày"."""
    if days == 0:
        return gettext("hạn hôm nay")
    if days > 0:
        return ngettext("còn %(n)s ngày", "còn %(n)s ngày", days) % {"n": amount(days)}
    return ngettext("trễ %(n)s ngày", "trễ %(n)s ngày", -days) % {"n": amount(-days)}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon of the Tabler set; the text beside it says the same."""
    return format_html('<i class="ti ti-{} {}" aria-hidden="true"></i>', name, extra)


@register.simple_tag
def badge(member: Any, field: str = "", tone: str = "") -> SafeString:
    """A state as a badge with its sign.

    `{% badge task "state" %}` reads a model's enumerated field; `{% badge TaskState.RUNNING %}` takes a member;
    `{% badge _("Mới") tone="active" %}` takes a text and the name of a tone. Empty for an empty state.
    """
    if isinstance(member, models.Model):
        member = enum_member(member, field)
    if member is None or member == "":
        return SafeString("")
    sign = BY_NAME.get(tone, PLAIN) if tone else tone_of(member)
    return draw_badge(gettext(str(getattr(member, "label", member))), sign)


def draw_badge(text: str, tone: Tone) -> SafeString:
    """The HTML of one badge."""
    return format_html(
        '<span class="k-badge k-tone-{}"><i class="ti ti-{}" aria-hidden="true"></i>{}</span>',
        tone.name,
        tone.icon,
        text,
    )


def enum_member(record: models.Model, field: str) -> Any:
    """The member of an EnumField's enumeration that the record stores; None when empty."""
    value = getattr(record, field)
    enum = getattr(record._meta.get_field(field), "enum", None)
    return enum(value) if enum is not None and value else value or None


@register.simple_tag
def due(on: date | None, today: date | None = None, done: bool = False) -> SafeString:
    """A due date with how far it is; late ones carry a sign and a word, not only a colour."""
    if on is None:
        return SafeString("–")
    if done:
        return format_html('<span class="k-due">{}</span>', day(on))
    left = (on - (today or timezone.localdate())).days
    kind = "late" if left < 0 else "soon" if left <= 5 else "far"
    sign = {"late": "alert-triangle", "soon": "clock-exclamation", "far": "clock"}[kind]
    return format_html(
        '<span class="k-due k-due-{}"><span class="k-nowrap">{}</span>'
        ' <small><i class="ti ti-{}" aria-hidden="true"></i> {}</small></span>',
        kind,
        day(on),
        sign,
        signed_days(left),
    )


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The page's query with some parameters changed; an empty value takes the parameter out. Begins with "?"."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("web/sort_heading.html", takes_context=True)
def sort_th(context: template.Context, ordering: Any, key: str, text: str, css: str = "") -> dict[str, Any]:
    """A table heading that sorts by `key`; `ordering` is what `khcn.web.listing.order` returned."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("trang", None)
    query["xep"] = ordering.next_of(key)
    return {"text": text, "css": css, "direction": ordering.direction_of(key), "address": f"?{query.urlencode()}"}


@register.inclusion_tag("web/field.html")
def field(bound: Any, label: str = "", help: str = "", css: str = "") -> dict[str, Any]:
    """One form field with label, help, error and required mark; `label` and `help` override the form's own."""
    widget = bound.field.widget
    kind = getattr(widget, "look", "") or type(widget).__name__.lower()
    described = " ".join(
        part
        for part in (
            f"{bound.auto_id}_help" if help or bound.help_text else "",
            f"{bound.auto_id}_error" if bound.errors else "",
        )
        if part
    )
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    classes = widget.attrs.get("class", "")
    base = {"select": "form-select", "checkboxinput": "form-check-input"}.get(kind, "form-control")
    grouped = kind in {"radioselect", "checkboxselectmultiple"}
    if not grouped:
        attrs["class"] = f"{classes} {base} {'is-invalid' if bound.errors else ''}".strip()
    return {
        "bound": bound,
        "kind": kind,
        "grouped": grouped,
        "control": bound.as_widget(attrs=attrs),
        "text": label or bound.label,
        "help": help or bound.help_text,
        "css": css,
    }


@register.inclusion_tag("web/filter_fields.html")
def filter_fields(filters: Any, search: str = "q") -> dict[str, Any]:
    """The fields of a filter bar: the search box, a few in a row, or many in a panel that opens."""
    box, others = filters.bound_fields(search)
    drawn = [_filter_field(bound) for bound in others]
    return {"box": box, "fields": drawn, "many": len(drawn) > 3, "count": len(filters.chips)}


def _filter_field(bound: Any) -> dict[str, Any]:
    widget = bound.field.widget
    kind = type(widget).__name__.lower()
    value = bound.value()
    chosen = len(value) if kind == "checkboxselectmultiple" and isinstance(value, list | tuple) else 0
    return {"bound": bound, "kind": kind, "chosen": chosen}


@register.simple_tag
def once() -> SafeString:
    """A hidden one-time token: sending the form twice does the work once (see `khcn.web.form_tokens`)."""
    return format_html('<input type="hidden" name="_once" value="{}">', new_token())


@register.simple_tag(takes_context=True)
def kept_version(context: template.Context, version: Any) -> Any:
    """The version for a form to carry: the record's, or the one that a refused form was filled from.

    A form that comes back with an error was not filled from the record as it is now; what another person saved
    meanwhile must still be found when it is sent again.
    """
    request = context.get("request")
    if request is not None and request.method == "POST" and "version" in request.POST:
        return request.POST["version"]
    return version


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or an empty string."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def attribute(record: Any, name: str) -> Any:
    """The named attribute of a record, for tables drawn from a list of columns."""
    return getattr(record, name, "")


@register.filter
def initials(person: Any) -> str:
    """Two letters for an avatar: of the family name and of the given name."""
    names = str(person).split()
    return (names[0][:1] + names[-1][:1]).upper() if len(names) > 1 else str(person)[:2].upper()


@register.filter
def undo_address(message: Any) -> str:
    """The address that takes back what a message tells of, from its tags (`khcn.web.screens.done`)."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:"):
            return tag.removeprefix("undo:")
    return ""


@register.filter
def page_numbers(page: Any) -> list[int]:
    """Numbers to offer below a list, 0 for a gap."""
    found = [n if isinstance(n, int) else 0 for n in page.paginator.get_elided_page_range(page.number, on_each_side=2)]
    return found


@register.simple_tag
def progress_share(value: Any, maximum: Any) -> float | None:
    """value / maximum as a float, None without a maximum."""
    whole = float(maximum or 0)
    return float(value or 0) / whole if whole else None


@register.filter
def svg_percent(share: float | None) -> str:
    """A share as a width between 0 and 100 in the notation of SVG."""
    return f"{min(max((share or 0) * 100, 0), 100):.2f}"


@register.filter
def times(count: Any) -> range:
    """A range to loop over."""
    return range(int(count))


@register.filter
def cell(value: Any) -> str:
    """A value of a chart's or map's table: whole numbers grouped, dates day first, a dash for nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, date | datetime):
        return day(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)
