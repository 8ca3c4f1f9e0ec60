"""The English catalogue is complete: every Vietnamese text of the source is in it, translated, placeholders kept."""

import re
from pathlib import Path

import polib
import pytest

from khcn.site.launcher import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.mark.parametrize("catalogue", translations.catalogues(), ids=lambda path: path.parts[-3])
def test_catalogue_every_entry_is_translated(catalogue: Path) -> None:
    entries = polib.pofile(str(catalogue))

    missing = [entry.msgid for entry in entries if not entry.obsolete and not entry.translated()]

    assert not missing, f"{len(missing)} untranslated, first: {missing[:10]}"


@pytest.mark.parametrize("catalogue", translations.catalogues(), ids=lambda path: path.parts[-3])
def test_catalogue_placeholders_are_kept(catalogue: Path) -> None:
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(catalogue))
        if entry.msgstr and set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(entry.msgstr))
    ]

    assert not wrong, wrong
