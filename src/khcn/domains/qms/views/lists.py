"""Lists as data: columns, orders, filters; one view draws, sorts, pages and exports them all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.qms.forms.filtering import filter_for
from khcn.domains.qms.permissions import visible_systems
from khcn.domains.qms.views.standing import system_of
from khcn.lib.actor import Actor
from khcn.lib.labelled import Labelled
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import page
from khcn.web.spreadsheets.writing import CellKind, Column


@dataclass(frozen=True, slots=True)
class Col:
    """A column: title, what it shows of a row, the field it sorts by, and how it looks.

    look: text, code (never broken), lead (the link), date, due (a deadline), state (badge of the field `name`), num.
    """

    title: Any
    value: Callable[[Any], Any]
    order: str = ""
    look: str = "text"
    name: str = ""
    width: int = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """A value ready to draw."""

    title: str
    look: str
    value: Any
    row: Any
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row ready to draw: its address (empty: no page) and its cells."""

    address: str
    cells: list[Cell]
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything one list is made of. page: URL name of a record by uid; new: URL name of the empty form.

    related, fetched: what a row shows of other records, single and many. names_agency: a column of the list's own names
    the agency, so none is put before them.
    """

    key: str
    title: Any
    noun: Any
    icon: str
    model: type[Model]
    columns: Sequence[Col]
    search: Sequence[str]
    default: str
    page: str = ""
    new: str = ""
    new_title: Any = ""
    choices: Mapping[str, tuple[type[Labelled], Any]] = field(default_factory=dict)
    extra: Mapping[str, tuple[Any, Q | Callable[[], Q]]] = field(default_factory=dict)
    related: Sequence[str] = ()
    fetched: Sequence[str] = ()
    path: str = "system"
    year: str = ""
    help: Any = ""
    clause: str = ""
    may_add: Callable[[Actor, Any], bool] = lambda actor, system: True
    names_agency: bool = False

    def rows(self, actor: Actor) -> QuerySet:
        """Rows of systems the actor may read."""
        rows = self.model._default_manager.filter(**{f"{self.path}__in": visible_systems(actor)})
        return rows.select_related(f"{self.path}__organisation", *self.related).prefetch_related(*self.fetched)

    def address(self, row: Any) -> str:
        """Where the row's own page is."""
        return reverse(self.page, args=[row.uid]) if self.page else ""

    @property
    def url_name(self) -> str:
        """Name of the list's address."""
        return f"qms_{self.key}_list"


def show(request: HttpRequest, listing: Listing, context: dict[str, Any] | None = None) -> HttpResponseBase:
    """Draw the list, or hand it out as a file."""
    actor = actor_of(request)
    filterset = filter_for(
        listing.model, search=listing.search, choices=listing.choices, path=listing.path, extra=listing.extra,
        year=listing.year,
    )  # fmt: skip
    filters = filtered(filterset, request, listing.rows(actor))
    orders = {f"c{index}": column.order for index, column in enumerate(listing.columns) if column.order}
    rows, ordering = order(filters.rows, request, orders, default=listing.default)
    export = Export(
        str(listing.noun), str(listing.title),
        [Column(str(_("Cơ quan")), width=30)]
        + [
            Column(str(column.title), CellKind.DATE if column.look in {"date", "due"} else CellKind.TEXT,
                   width=column.width)
            for column in listing.columns
        ],
        lambda row: [str(_owner(row, listing.path)), *(_exported(column, row) for column in listing.columns)],
    )  # fmt: skip
    if export.asked_for(request):
        return export.respond(request, rows)
    shown = paginate(rows, request)
    system = system_of(request)
    everything = {
        "listing": listing, "filters": filters, "ordering": ordering, "page": shown, "today": timezone.localdate(),
        "heads": [(f"c{index}" if column.order else "", column) for index, column in enumerate(listing.columns)],
        "lines": [_line(listing, row) for row in shown.object_list],
        "several": not listing.names_agency and visible_systems(actor).count() > 1,
        "system": system,
        "can_add": bool(listing.new) and system is not None and listing.may_add(actor, system),
        **(context or {}),
    }  # fmt: skip
    return page(request, "qms/list.html", everything, part="rows")


def _line(listing: Listing, row: Any) -> Line:
    owner = _owner(row, listing.path)
    cells = [Cell(str(column.title), column.look, column.value(row), row, column.name) for column in listing.columns]
    return Line(listing.address(row), [Cell("", "owner", owner, row, ""), *cells], owner.is_illustration)


def _owner(row: Any, path: str) -> Any:
    for name in path.split("."):
        for part in name.split("__"):
            row = getattr(row, part)
    return row


def _exported(column: Col, row: Any) -> Any:
    if column.look == "state":
        return str(getattr(row, f"get_{column.name}_display")())
    value = column.value(row)
    if value is None or isinstance(value, date | int | float):
        return value
    return str(value)
