"""The printed source of a program: pages of lines, the first and the last of them, secrets blotted out. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khcn.domains.marks.rules.source_archive import SourceFile
from khcn.lib.labelled import Labelled, gettext_noop

BLOT = "████████"
WIDEST = 110


class SecretKind(Labelled):
    """What looks like a secret in source."""

    PRIVATE_KEY = "private_key", gettext_noop("Khóa riêng")
    TOKEN = "token", gettext_noop("Khóa dịch vụ")
    PASSWORD = "password", gettext_noop("Mật khẩu")
    ADDRESS = "address", gettext_noop("Địa chỉ kèm mật khẩu")


_PATTERNS: tuple[tuple[SecretKind, re.Pattern[str]], ...] = (
    (SecretKind.PRIVATE_KEY, re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*")),
    (SecretKind.TOKEN, re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    (SecretKind.TOKEN, re.compile(r"\b(?:ghp|gho|ghs|glpat|xox[abp]|sk|rk)[_-][A-Za-z0-9_-]{16,}")),
    (SecretKind.TOKEN, re.compile(r"\bAIza[0-9A-Za-z_-]{35}")),
    (SecretKind.TOKEN, re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}")),
    (SecretKind.ADDRESS, re.compile(r"(?<=://)[^\s/:@'\"]{1,80}:[^\s/@'\"]{1,80}(?=@)")),
    (
        SecretKind.PASSWORD,
        re.compile(
            r"(?i)(?:password|passwd|pwd|mat_?khau|secret(?:_?key)?|api_?key|access_?token|auth_?token)"
            r"[\"']?\s*(?:=>|[:=])\s*(?P<value>[\"'][^\"'\s]{6,}[\"'])"
        ),
    ),
)
_BLOCK_END = re.compile(r"-----END [A-Z ]*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that looks like a secret: where it stands, and the line with it blotted out."""

    path: str
    line: int
    kind: SecretKind
    shown: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One printed page. number: among all pages of the source."""

    number: int
    path: str
    lines: tuple[str, ...]


def find_secrets(files: Iterable[SourceFile], most: int = 500) -> list[Secret]:
    """What looks like a secret in the source, at most so many."""
    found: list[Secret] = []
    for file in files:
        for number, line in enumerate(file.lines, 1):
            kind = _kind_in(line)
            if kind is not None:
                found.append(Secret(file.path, number, kind, blotted([line])[0].strip()[:WIDEST]))
                if len(found) >= most:
                    return found
    return found


def blotted(lines: Sequence[str]) -> list[str]:
    """The lines with everything that looks like a secret blotted out, the lines of a private key as a whole."""
    out, in_key = [], False
    for line in lines:
        if in_key:
            in_key = not _BLOCK_END.search(line)
            out.append(BLOT)
            continue
        in_key = bool(_PATTERNS[0][1].search(line)) and not _BLOCK_END.search(line)
        for _kind, pattern in _PATTERNS:
            line = pattern.sub(_blot, line)
        out.append(line)
    return out


def pages_of(files: Iterable[SourceFile], lines_per_page: int) -> list[SourcePage]:
    """All pages of the source; a file begins where the one before ends, after a line that names it."""
    rows: list[tuple[str, str]] = []
    for file in files:
        rows.append((file.path, f"=== {file.path} ==="))
        for line in blotted(file.lines):
            wide = line.expandtabs(4)
            rows += [(file.path, wide[start : start + WIDEST]) for start in range(0, max(1, len(wide)), WIDEST)]
    return [
        SourcePage(
            start // lines_per_page + 1,
            rows[start][0],
            tuple(text for _path, text in rows[start : start + lines_per_page]),
        )
        for start in range(0, len(rows), lines_per_page)
    ]


def chosen_pages(pages: Sequence[SourcePage], first: int, last: int) -> list[SourcePage]:
    """The first and the last pages that the office wants; all where there are no more."""
    if len(pages) <= first + last:
        return list(pages)
    return [*pages[:first], *pages[len(pages) - last :]]


def _kind_in(line: str) -> SecretKind | None:
    return next((kind for kind, pattern in _PATTERNS if pattern.search(line)), None)


def _blot(found: re.Match[str]) -> str:
    if "value" in found.groupdict():
        start, end = found.span("value")
        whole = found.group(0)
        offset = found.start()
        return f"{whole[: start - offset]}{BLOT}{whole[end - offset :]}"
    return BLOT
