"""Compares the texts of the source with the English catalogues beside them, one per app, and keeps these in order.

Translates nothing: a text new to every catalogue is added empty, and `tests/architecture/test_translations.py` refuses
it until somebody has written its English. Needs no GNU gettext.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from khcn.site.texts import python_texts, reference_texts, template_texts
from khcn.site.texts.entry import Text

SOURCE = Path(__file__).resolve().parents[2]
REFERENCE = SOURCE.parents[1] / "data" / "reference"
LANGUAGE = "en"
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass(frozen=True)
class Departure:
    """How one catalogue departs from the source: texts it lacks, each with a file that says it, and unused texts."""

    catalogue: Path
    missing: dict[Text, str] = field(default_factory=dict)
    obsolete: list[Text] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.catalogue.relative_to(SOURCE.parent.parent)}:"]
        lines += [f"  add    msgid {text.words!r}  (said in {said_in})" for text, said_in in self.missing.items()]
        lines += [f"  remove msgid {text.words!r}" for text in self.obsolete]
        return "\n".join(lines)


def collect() -> dict[Path, dict[Text, str]]:
    """Every text of the source by the catalogue it belongs to, each with one file that says it."""
    found: dict[Path, dict[Text, str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        below = path.relative_to(SOURCE)
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "migrations"} & set(below.parts):
            continue
        texts = found.setdefault(catalogue_of(below), {})
        for text in _texts_in(path, below.as_posix()):
            texts.setdefault(text, below.as_posix())
    for app, name, text in reference_texts.texts_of(REFERENCE):
        found.setdefault(_catalogue_in(SOURCE / app), {}).setdefault(text, name)
    return {catalogue: _one_entry_each(texts) for catalogue, texts in found.items() if texts}


def catalogue_of(below: Path) -> Path:
    """The English catalogue for a file below src/khcn; the floors without an app of their own lend theirs to `web`."""
    floor = below.parts[0]
    app = SOURCE / floor / below.parts[1] if floor in {"kernel", "domains"} else SOURCE / floor
    if floor in {"lib", "standards"}:
        app = SOURCE / "web"
    return _catalogue_in(app)


def departures() -> list[Departure]:
    """What has to be added and removed, by catalogue; empty when all are in order."""
    collected = collect()
    orphans = set(SOURCE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/*.po")) - set(collected)
    found = []
    for catalogue in sorted([*collected, *orphans]):
        wanted, held = collected.get(catalogue, {}), set(_entries(catalogue))
        missing = {text: said_in for text, said_in in sorted(wanted.items()) if text not in held}
        obsolete = sorted(held - set(wanted))
        if missing or obsolete:
            found.append(Departure(catalogue, missing, obsolete))
    return found


def put_in_order() -> list[Departure]:
    """Add what is missing, remove what nobody says, sort; returns what was done.

    A text that another catalogue translates gets the same English; any other is added empty.
    """
    known = {text: entry for one in sorted(SOURCE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/*.po"))
             for text, entry in _entries(one).items() if entry.translated()}  # fmt: skip
    done = departures()
    for departure in done:
        entries = _entries(departure.catalogue)
        for text in departure.obsolete:
            del entries[text]
        for text in departure.missing:
            entries[text] = _entry(text, known.get(text))
        write(departure.catalogue, list(entries.values()))
    return done


def write(catalogue: Path, entries: list[polib.POEntry]) -> None:
    """Write a catalogue sorted by text, without source lines, so that work on two branches seldom collides."""
    book = polib.POFile(wrapwidth=0, encoding="utf-8")
    book.metadata = dict(HEADER)
    book.extend(sorted(entries, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(catalogue))


def _catalogue_in(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _texts_in(path: Path, below: str) -> Iterator[Text]:
    read = python_texts.texts_of if path.suffix == ".py" else template_texts.texts_of
    return read(path.read_text("utf-8"), below)


def _one_entry_each(texts: dict[Text, str]) -> dict[Text, str]:
    """gettext holds one entry for a text said both with and without a plural: the one with."""
    counted = {(text.words, text.context) for text in texts if text.plural}
    return {
        text: said_in for text, said_in in texts.items() if text.plural or (text.words, text.context) not in counted
    }


def _entries(catalogue: Path) -> dict[Text, polib.POEntry]:
    if not catalogue.exists():
        return {}
    book = polib.pofile(str(catalogue), encoding="utf-8", wrapwidth=0)
    return {Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""): entry for entry in book}


def _entry(text: Text, like: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.words, msgid_plural=text.plural, msgctxt=text.context or None)
    if text.plural:
        entry.msgstr_plural = dict(like.msgstr_plural) if like is not None else {0: "", 1: ""}
    else:
        entry.msgstr = like.msgstr if like is not None else ""
    return entry
