"""Lists: pages, order, filters with their chips, and the same rows as .xlsx or .csv."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, SelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import FilterSet

from khcn.lib.text import slug
from khcn.web.spreadsheets.writing import Column, Sheet, stream_csv, write_xlsx
from khcn.web.wording import known

PER_PAGE = 50
PAGE = "trang"
ORDER = "xep"
DOWNLOAD = "tai"


class _LatePaginator(Paginator):
    """Sorts keys only, and reads the rows of one page with all that is joined to them."""

    object_list: QuerySet[Any]

    def page(self, number: int | str) -> Page:
        """The page; the number is checked as ever."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(self.object_list.filter(pk__in=keys), number, self)


def paginate(
    rows: Any, request: HttpRequest, *, per_page: int = PER_PAGE, count: int | None = None, late: bool = False
) -> Page:  # fmt: skip
    """One page of a QuerySet or list, chosen by `?trang=`; a number out of range gives the nearest page.

    Rows of a QuerySet that its order leaves equal stand by their primary key, so that pages never overlap. Draw it
    with `<c-pagination :page="page" />`. count: how many rows there are, where the page has counted them already.
    late: for a QuerySet of many wide rows: one statement more, but only the rows of the page are joined.
    """
    kind = _LatePaginator if late else Paginator
    paginator = kind(_steadied(rows) if isinstance(rows, QuerySet) else rows, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get(PAGE))


def _steadied(rows: QuerySet) -> QuerySet:
    """The rows in their own order, then by primary key; grouped, joined or cut rows stay as they are."""
    query = rows.query
    is_grouped = isinstance(query.group_by, tuple) or (query.distinct and query.values_select)
    if is_grouped or query.is_sliced or query.combinator or query.distinct_fields:
        return rows
    names = list(query.order_by or (query.default_ordering and query.get_meta().ordering) or ())
    key = query.get_meta().pk.name
    if query.extra_order_by or any(str(name).lstrip("-") in {"pk", key} for name in names):
        return rows
    return rows.order_by(*names, "pk")


@dataclass(frozen=True, slots=True)
class Order:
    """The order in which a list stands: a key of the list's own table of orders, and the direction."""

    key: str
    descending: bool

    def direction_of(self, key: str) -> str:
        """What `aria-sort` says of a column: ascending, descending or none."""
        if key != self.key:
            return "none"
        return "descending" if self.descending else "ascending"

    def next_of(self, key: str) -> str:
        """The value of `?xep=` that the column's heading leads to."""
        return f"-{key}" if key == self.key and not self.descending else key


def order(
    rows: QuerySet, request: HttpRequest, orders: Mapping[str, str | Sequence[str]], *, default: str
) -> tuple[QuerySet, Order]:
    """The rows in the order asked for by `?xep=key` or `?xep=-key`, and that order for the headings.

    orders: key → field or fields; anything else asked for gives the default ("due" or "-due"). The primary key is
    always the last field, so that pages never overlap.
    """
    asked = request.GET.get(ORDER, "")
    chosen = asked if asked.removeprefix("-") in orders else default
    key, descending = chosen.removeprefix("-"), chosen.startswith("-")
    fields = orders[key]
    names = [fields] if isinstance(fields, str) else list(fields)
    if descending:
        names = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in names]
    return rows.order_by(*names, "pk"), Order(key, descending)


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter: what it says and the query that takes it out."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Filters:
    """A filtered list: its rows, its form (`<c-filters :filters="filters">`) and the chips of what is active."""

    rows: QuerySet
    form: Any
    chips: list[Chip]
    cleared: str

    @property
    def active(self) -> bool:
        """True when any filter narrows the list."""
        return bool(self.chips)

    def bound_fields(self, search: str) -> tuple[Any, list[Any]]:
        """The search field, or None, and the others."""
        found = list(self.form)
        return (
            next((one for one in found if one.name == search), None),
            [one for one in found if one.name != search and not one.is_hidden],
        )


def filtered(filterset: type[FilterSet], request: HttpRequest, rows: QuerySet) -> Filters:
    """Apply a django-filter FilterSet to the rows; an unreadable value filters nothing and is shown in the form."""
    bound = filterset(request.GET, queryset=rows, request=request)
    _dress(bound.form)
    valid = bound.form.is_valid()
    chips = [
        Chip(str(bound.form.fields[name].label or name), text, _without(request, name))
        for name in bound.form.fields
        if valid and _asked(request, name) and (text := _shown(bound.form, name))
    ]
    return Filters(bound.qs, bound.form, chips, _without(request, *bound.form.fields))


def _dress(form: Any) -> None:
    """Say "Tất cả" for the empty choice, and draw several choices as check boxes."""
    for field in form.fields.values():
        if getattr(field, "empty_label", None) == "---------":
            field.empty_label = _("Tất cả")
            field.widget.choices = field.choices
        if isinstance(field.widget, SelectMultiple):
            field.widget = CheckboxSelectMultiple(choices=field.choices)


def _asked(request: HttpRequest, name: str) -> bool:
    return any(key == name or key.startswith(f"{name}_") for key in request.GET)


def _without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in [key for key in query if key == PAGE or any(key == n or key.startswith(f"{n}_") for n in names)]:
        query.pop(name)
    return f"?{query.urlencode()}"


def _shown(form: Any, name: str) -> str:
    value = form.cleaned_data.get(name)
    if value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0):
        return ""
    field = form.fields[name]
    choices = {str(key): str(text) for key, text in getattr(field, "choices", []) or []}
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, slice):
        return f"{value.start or '…'} – {value.stop or '…'}"
    if isinstance(value, str):
        return choices.get(value, value)
    if isinstance(value, Iterable):
        return ", ".join(choices.get(str(item), str(item)) for item in value)
    return choices.get(str(getattr(value, "pk", value)), str(value))


@dataclass(frozen=True)
class Export:
    """A list as a file: name without ending, heading, columns, and what gives each row's values."""

    name: str
    title: str
    columns: Sequence[Column]
    row: Callable[[Any], Sequence[Any]]
    provenance: Sequence[str] = ()

    def asked_for(self, request: HttpRequest) -> str:
        """ "xlsx", "csv" or an empty string, from `?tai=`."""
        asked = request.GET.get(DOWNLOAD, "")
        return asked if asked in {"xlsx", "csv"} else ""

    def respond(self, request: HttpRequest, rows: Iterable[Any]) -> HttpResponseBase:
        """The whole filtered list as the file asked for, with the filters and the time in the heading."""
        kind = self.asked_for(request) or "xlsx"
        stamp = timezone.localtime()
        filename = f"{slug(self.name)}-{stamp:%Y%m%d-%H%M}.{kind}"
        records = rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else rows
        columns = [replace(column, title=known(column.title)) for column in self.columns]
        values = ([known(one) if isinstance(one, str) else one for one in self.row(record)] for record in records)
        if kind == "csv":
            body: Any = stream_csv(columns, values)
            response: Any = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
        else:
            made = _("Xuất lúc %(at)s") % {"at": f"{stamp:%H:%M %d/%m/%Y}"}
            sheet = Sheet(
                known(self.name)[:31], columns, values, title=known(self.title), provenance=[*self.provenance, made]
            )
            response = HttpResponse(
                write_xlsx([sheet]),
                content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        response["Content-Disposition"] = f"attachment; filename=\"{filename}\"; filename*=UTF-8''{quote(filename)}"
        return response
