"""Every text of the source is in the catalogue of its app, in English, with its placeholders."""

import re
from collections import defaultdict
from pathlib import Path

import polib
import pytest

from khcn.lib.wording import is_vietnamese
from khcn.site.launcher import translations
from khcn.site.texts import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+(?::[^}]*)?\}")
MEND = "./khcn manage collect_texts --write adds and removes what is listed; then write the English of the empty ones."
#: Words that English text keeps: the currency, a sample entry, and names of documents and forms.
KEPT = re.compile(r"đồng|\(đ\)|tỷ|triệu|Đ\b|\bNĐ-CP|[A-Z][\w-]*[ĐƠƯ][\w-]*|\d+/[\w-]*[ĐƠƯ][\w-]*")


def _name(catalogue: Path) -> str:
    return f"{catalogue.relative_to(catalogues.SOURCE).parts[-5]}-{catalogue.parts[-3]}"


def _ends(words: str) -> tuple[str, str]:
    return words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]


every_catalogue = pytest.mark.parametrize("catalogue", translations.catalogues(), ids=_name)


def test_source_every_text_is_in_the_catalogue_of_its_app_and_no_other() -> None:
    departures = catalogues.departures()

    assert not departures, "\n".join([MEND, *map(str, departures)])


@every_catalogue
def test_catalogue_every_entry_is_translated(catalogue: Path) -> None:
    missing = [entry.msgid for entry in polib.pofile(str(catalogue)) if not entry.translated()]

    assert not missing, f"{catalogue}: no English, or marked fuzzy or obsolete, for {len(missing)}:\n" + "\n".join(
        missing
    )


@every_catalogue
def test_catalogue_placeholders_are_kept(catalogue: Path) -> None:
    wrong = [
        (entry.msgid, words)
        for entry in polib.pofile(str(catalogue))
        for words in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(words))
    ]

    assert not wrong, wrong


@every_catalogue
def test_catalogue_spaces_at_the_ends_are_kept(catalogue: Path) -> None:
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(catalogue))
        for words in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if _ends(entry.msgid) != _ends(words)
    ]

    assert not wrong, wrong


def test_english_catalogues_hold_no_vietnamese() -> None:
    left = [
        entry.msgstr
        for catalogue in translations.catalogues()
        if catalogue.parts[-3] == catalogues.LANGUAGE
        for entry in polib.pofile(str(catalogue))
        if is_vietnamese(KEPT.sub("", entry.msgstr))
    ]

    assert not left, left


def test_english_of_one_text_is_the_same_in_every_catalogue() -> None:
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for catalogue in translations.catalogues():
        if catalogue.parts[-3] == catalogues.LANGUAGE:
            for entry in polib.pofile(str(catalogue)):
                said[(entry.msgid, entry.msgctxt or "")].add(entry.msgstr or entry.msgstr_plural[1])

    assert not {key: words for key, words in said.items() if len(words) > 1}
