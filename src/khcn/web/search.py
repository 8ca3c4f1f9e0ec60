"""Search over everything: domains register providers, the palette and the search page ask all of them.

Nothing is stored here. Providers look into columns that hold folded text, so that "dieu" finds "điều"; this module
orders what they find: exact code first, then titles that begin with what was typed, then the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from khcn.lib.actor import Actor
from khcn.lib.text import fold, fold_words


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, where its page is, its code, and a line that tells it from others."""

    title: str
    address: str
    code: str = ""
    detail: str = ""
    icon: str = "file-text"


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, under the kind's name."""

    key: str
    title: str
    hits: tuple[Hit, ...]


Provider = Callable[[Actor, str, int], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class _Registered:
    key: str
    title: str
    find: Provider
    order: int


_providers: dict[str, _Registered] = {}


def register(key: str, title: str, find: Provider, *, order: int = 100) -> None:
    """Have `find(actor, text, limit)` asked at every search; called from an app's wiring.

    key: stable name of the kind. title: its name in the plural, marked with `gettext_noop`. find: returns hits that
    the actor may see, at most `limit`; text comes as typed. order: place among the groups, small first.
    """
    _providers[key] = _Registered(key, title, find, order)


def search(actor: Actor, text: str, *, limit: int = 6, only: str = "") -> list[Group]:
    """Groups of hits for what was typed, best first in each; empty groups are left out. only: key of one kind."""
    if not fold(text):
        return []
    found = []
    for one in sorted(_providers.values(), key=lambda registered: registered.order):
        if only and one.key != only:
            continue
        hits = sorted(one.find(actor, text, limit), key=lambda hit: _rank(hit, text))[:limit]
        if hits:
            found.append(Group(one.key, gettext(one.title), tuple(hits)))
    return sorted(found, key=lambda group: _rank(group.hits[0], text)[0])


def words_in(fields: str | tuple[str, ...], text: str) -> Q:
    """Whether every word typed stands in one of the folded columns, in any order, with or without diacritics."""
    condition = Q()
    for word in fold_words(text):
        anywhere = Q()
        for field in (fields,) if isinstance(fields, str) else fields:
            anywhere |= Q(**{f"{field}__contains": word})
        condition &= anywhere
    return condition


def matching(rows: QuerySet[Any], fields: str | tuple[str, ...], text: str) -> QuerySet[Any]:
    """Rows that hold every word typed in one of the folded columns, in any order, with or without diacritics."""
    return rows.filter(words_in(fields, text))


def holds_words(text: str, typed: str) -> bool:
    """True when the text holds every word typed, as `matching` does for short lists without a folded column."""
    folded = fold(text)
    return all(word in folded for word in fold_words(typed))


def _rank(hit: Hit, text: str) -> tuple[int, int, str]:
    typed, title = fold(text), fold(hit.title)
    if typed in {fold(hit.code), title}:
        place = 0
    elif hit.code and fold(hit.code).startswith(typed):
        place = 1
    elif title.startswith(typed):
        place = 2
    elif nearly_as_typed(hit.title, text):
        place = 3
    elif typed in title:
        place = 4
    else:
        place = 5
    return place, len(title), title


def nearly_as_typed(title: str, text: str) -> bool:
    """True when the title holds the text with the very diacritics typed."""
    return text.strip().lower() in title.lower()
