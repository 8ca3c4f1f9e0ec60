"""Compiles the translation catalogues (.po → .mo) without GNU gettext, which a bare machine lacks."""

from pathlib import Path

import polib

from khcn.site.launcher import house


def catalogues() -> list[Path]:
    """Every .po file of the project, in order."""
    return sorted((house.ROOT / "src").glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogues() -> int:
    """Writes the .mo beside each .po that is newer; returns how many were written."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(".draft")
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(draft))
        draft.replace(target)
        written += 1
    return written
