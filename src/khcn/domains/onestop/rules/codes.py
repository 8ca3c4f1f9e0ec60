"""Codes of agencies (two formats), administrative procedures and dossiers: read, write, convert; it assigns none.

Sources: QCVN 102:2016/BTTTT (old agency codes), QĐ 20/2020/QĐ-TTg (new ones), examples of the national portal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

OLD_AGENCY = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})")
NEW_AGENCY = re.compile(r"([A-Z]\d{2})((?:\.\d{2,3}){0,3})")
PROCEDURE = re.compile(r"(\d\.\d{6})(?:\.(.+))?")
DOSSIER = re.compile(r"(.+)-(\d{6})-(\d{4,7})")
SEQUENCE_WIDTHS = range(4, 8)


class CodeNotRead(ValueError):
    """The text is not a code of the wanted kind; the message is a whole Vietnamese sentence."""


@dataclass(frozen=True, slots=True, order=True)
class AgencyCode:
    """An agency's place in the tree: the code of its ministry or province, then levels 2 to 4 as written (digits).

    levels: without trailing empty ones. is_old: written the old way, where level 1 stands last and zeros fill up.
    """

    first: str
    levels: tuple[str, ...] = ()
    is_old: bool = False

    @property
    def text(self) -> str:
        """The code in the format in which it was read."""
        return self.old_text if self.is_old else self.new_text

    @property
    def new_text(self) -> str:
        """H10.16 – QĐ 20/2020: level 1 first, nothing for absent levels."""
        return ".".join((self.first, *self.levels))

    @property
    def old_text(self) -> str:
        """000.00.16.H10 – QCVN 102:2016: level 1 last. Raises CodeNotRead for levels that have no room there."""
        second, third, fourth = (*self.levels, *("0",) * (3 - len(self.levels)))
        parts = [fourth.zfill(3), third.zfill(2), second.zfill(2)]
        if [len(part) for part in parts] != [3, 2, 2]:
            raise CodeNotRead(f"Mã {self.new_text} không viết được theo QCVN 102:2016.")
        return ".".join((*parts, self.first))

    def same_agency(self, other: AgencyCode) -> bool:
        """True when both name one agency, whatever the format and leading zeros."""
        return self._key == other._key

    @property
    def _key(self) -> tuple[str, tuple[int, ...]]:
        levels = [int(level) for level in self.levels]
        while levels and levels[-1] == 0:
            levels.pop()
        return self.first, tuple(levels)


def read_agency_code(text: str) -> AgencyCode:
    """The agency behind a code in either format. Raises CodeNotRead."""
    text = text.strip()
    if old := OLD_AGENCY.fullmatch(text):
        fourth, third, second, first = old.groups()
        levels = [second, third, fourth]
        while levels and int(levels[-1]) == 0:
            levels.pop()
        return AgencyCode(first, tuple(levels), is_old=True)
    if new := NEW_AGENCY.fullmatch(text):
        return AgencyCode(new.group(1), tuple(part for part in new.group(2).split(".") if part))
    raise CodeNotRead(f"“{text}” không phải mã định danh cơ quan; ví dụ đúng: H10.16 hoặc 000.00.16.H10.")


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """The code of an administrative procedure: national (1.010708) and, for a province's own copy, the agency."""

    national: str
    agency: AgencyCode | None = None

    @property
    def text(self) -> str:
        """1.010708 or 1.010708.000.00.00.H56."""
        return self.national if self.agency is None else f"{self.national}.{self.agency.text}"


def read_procedure_code(text: str) -> ProcedureCode:
    """A procedure's code, national or local copy. Raises CodeNotRead.

    The agency of a local copy may be the province itself (000.00.00.H56).
    """
    found = PROCEDURE.fullmatch(text.strip())
    if found is None:
        raise CodeNotRead(f"“{text.strip()}” không phải mã thủ tục hành chính; ví dụ đúng: 1.010708.")
    national, rest = found.groups()
    return ProcedureCode(national, read_agency_code(rest) if rest else None)


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier's code: receiving agency, day of receipt, running number of that day; width 4 (province) to 7."""

    agency: AgencyCode
    received_on: date
    sequence: int
    width: int = 4

    @property
    def text(self) -> str:
        """H10.16-221013-0001. Raises CodeNotRead when the number has outgrown its width."""
        if not 0 < self.sequence < 10**self.width or self.width not in SEQUENCE_WIDTHS:
            raise CodeNotRead(f"Số thứ tự {self.sequence} không viết được bằng {self.width} chữ số.")
        return f"{self.agency.text}-{self.received_on:%y%m%d}-{self.sequence:0{self.width}d}"


def read_dossier_code(text: str) -> DossierCode:
    """A dossier's code. Years are those of this century. Raises CodeNotRead."""
    found = DOSSIER.fullmatch(text.strip())
    if found is None:
        raise CodeNotRead(f"“{text.strip()}” không phải mã hồ sơ; ví dụ đúng: H10.16-221013-0001.")
    agency, day, number = found.groups()
    try:
        received_on = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        raise CodeNotRead(f"Mã hồ sơ “{text.strip()}” có ngày không tồn tại.") from None
    if int(number) == 0:
        raise CodeNotRead(f"Mã hồ sơ “{text.strip()}” có số thứ tự bằng 0.")
    return DossierCode(read_agency_code(agency), received_on, int(number), len(number))
