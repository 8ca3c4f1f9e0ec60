"""Says in the reader's language what rules, services and notices say in Vietnamese, and names models' fields.

Services, rules and stored notices hold whole Vietnamese sentences: they have never heard of a reader, and papers,
traces and the audit log quote them. This module finds such a sentence in the catalogue, either as it stands or
as a template: `Hợp đồng {number} đã ký.` is found for “Hợp đồng 12/HĐ đã ký.”, and its values are said again in turn.
What no catalogue knows – a title, a name, a legal citation – stays as it is. Official papers are never translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_lazy

from khcn.lib.money import format_short_vnd, format_vnd
from khcn.lib.wording import is_vietnamese

_HOLE = re.compile(r"\{(\w+)\}")
_MONEY = re.compile(r"(?P<amount>\d{1,3}(?:\.\d{3})+|\d+)(?P<unit> đồng)")
_LISTS, _COMMA = ("; ", " · ", " – "), ", "
_DEEPEST = 4
_OTHER_MARKS = str.maketrans(".,", ",.")


def said(text: object) -> str:
    """The sentence in the active language; unchanged where that is Vietnamese or no catalogue knows it."""
    words = str(text)
    language = get_language() or settings.LANGUAGE_CODE
    return words if not words or language == settings.LANGUAGE_CODE else _said(words, language)


def known(text: str) -> str:
    """The text in the active language where a catalogue has just this text: for the many cells of an exported list."""
    return text if not text or get_language() == settings.LANGUAGE_CODE else _known(text)


def money(amount: int) -> str:
    """The amount with its unit, digits grouped as the active language does: "45.000.000.000 đồng". amount: đồng."""
    return _MONEY.sub(_regrouped, format_vnd(amount))


def number(shown: str) -> str:
    """A number in Vietnamese notation ("1.234,5", "66,7%") in the notation of the active language."""
    return shown if get_language() == settings.LANGUAGE_CODE else shown.translate(_OTHER_MARKS)


def short_money(amount: int) -> str:
    """The amount in its largest round unit: "12,5 triệu đồng", in English "12.5 million đồng". amount: đồng."""
    number, _, unit = format_short_vnd(amount).partition(" ")
    if unit == "đồng":
        return money(amount)
    units = {"tỷ đồng": gettext("tỷ đồng"), "triệu đồng": gettext("triệu đồng")}
    plain = number.replace(".", "").replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return f"{number_format(plain, decimal_pos=decimals, use_l10n=True, force_grouping=True)} {units[unit]}"


def name_in_every_language(known: Iterable[type[models.Model]]) -> None:
    """Let forms, differences and the administration show the fields of our models in the reader's language.

    Migrations keep the Vietnamese names: a field hands them out as they were declared.
    """
    for model in known:
        meta = model._meta
        meta.verbose_name, meta.verbose_name_plural = _lazily(meta.verbose_name), _lazily(meta.verbose_name_plural)
        for field in meta.local_fields + meta.local_many_to_many:
            if isinstance(getattr(field, "verbose_name", None), str):
                field.verbose_name = _lazily(field.verbose_name)
            if field.help_text:
                field.help_text = _lazily(field.help_text)


def _lazily(name: object) -> str:
    return gettext_lazy(name) if isinstance(name, str) and name else name  # type: ignore[return-value]


@lru_cache(maxsize=8192)
def _said(words: str, language: str, depth: int = 0) -> str:
    known = _known(words)
    if known != words or depth >= _DEEPEST:
        return known
    for separator in _LISTS:
        parts = words.split(separator)
        again = [_said(part, language, depth + 1) for part in parts] if len(parts) > 1 else []
        if again and all(new != old or not is_vietnamese(old) for new, old in zip(again, parts, strict=True)):
            return separator.join(again)
    filled = _filled(words, language, depth)
    if filled:
        return filled
    if _COMMA in words:
        return _labels(words.split(_COMMA)) or words
    return _MONEY.sub(_regrouped, words)


def _filled(words: str, language: str, depth: int) -> str:
    """The first template that fits, filled; a sentence that lost its full stop inside another is found too."""
    stopped = words if words.endswith((".", ":")) else f"{words}."
    for opening, pattern, names, wording in _templates(language):
        if not words.startswith(opening):
            continue
        match = pattern.fullmatch(words) or pattern.fullmatch(stopped)
        if match:
            values = {name: _said(match[place], language, depth + 1) for place, name in enumerate(names, 1)}
            filled = _HOLE.sub(lambda hole, values=values: values.get(hole[1], hole[0]), wording)  # type: ignore[misc]
            return filled if match.string == words else filled.removesuffix(".")
    return ""


def _known(words: str) -> str:
    """The exact text, or the same with another first letter or without its full stop, as inside another sentence."""
    found = gettext(words)
    if found != words:
        return found
    found = gettext(f"{words}.")
    if found != f"{words}.":
        return found.removesuffix(".")
    other = words[0].swapcase() + words[1:]
    found = gettext(other)
    if found == other:
        return words
    return found[0].lower() + found[1:] if words[0].islower() else found[0].upper() + found[1:]


def _labels(parts: list[str]) -> str:
    """Labels joined by commas, some of which hold commas themselves, the longest known one first.

    Empty when one of them is no label: then the whole is somebody's own sentence.
    """
    said_parts, start = [], 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            piece = _COMMA.join(parts[start:end])
            found = _known(piece)
            if found != piece or not is_vietnamese(piece):
                said_parts.append(found)
                start = end
                break
        else:
            return ""
    return _COMMA.join(said_parts)


def _regrouped(match: re.Match[str]) -> str:
    number = int(match["amount"].replace(".", ""))
    return f"{number_format(number, use_l10n=True, force_grouping=True)}{match['unit']}"


@cache
def _templates(language: str) -> list[tuple[str, re.Pattern[str], list[str], str]]:
    """The sentences with holes: how they open, their pattern, the names of the holes, the wording; wordiest first."""
    found = []
    for config in apps.get_app_configs():
        catalogue = Path(config.path) / "locale" / language / "LC_MESSAGES" / "django.mo"
        if not config.name.startswith("khcn.") or not catalogue.exists():
            continue
        for entry in polib.mofile(str(catalogue)):
            if _HOLE.search(entry.msgid) and entry.msgstr:
                parts = _HOLE.split(entry.msgid)
                pattern = "".join(re.escape(one) if n % 2 == 0 else "(.+?)" for n, one in enumerate(parts))
                found.append((sum(map(len, parts[::2])), parts[0], pattern, parts[1::2], entry.msgstr))
    found.sort(key=lambda one: (-one[0], one[2]))
    return [(opening, re.compile(pattern, re.DOTALL), names, wording) for _, opening, pattern, names, wording in found]
