"""How long a drawing says that a timer waits: ISO 8601, or words as people write them beside the clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from khcn.kernel.procedures.choices import NormUnit
from khcn.lib.text import fold

#: Hours of a working day, where a drawing mixes days and hours. Source: Bộ luật Lao động 2019, Điều 105 khoản 1.
HOURS_A_DAY = 8
_ISO = re.compile(
    r"^P(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)(?:\.\d+)?S)?)?$"
)
_CYCLE = re.compile(r"^R(?P<times>\d*)/(?P<each>P[^/]+)$")
_WORDS: tuple[tuple[str, Decimal, NormUnit], ...] = (
    (r"ngay lam viec|working days?|business days?|work days?", Decimal(1), NormUnit.WORKING_DAY),
    (r"gio lam viec|working hours?|gio|hours?|hrs?|h", Decimal(1), NormUnit.WORKING_HOUR),
    (r"phut|minutes?|mins?", Decimal(1) / 60, NormUnit.WORKING_HOUR),
    (r"ngay|days?", Decimal(1), NormUnit.CALENDAR_DAY),
    (r"tuan|weeks?", Decimal(7), NormUnit.CALENDAR_DAY),
    (r"thang|months?", Decimal(1), NormUnit.MONTH),
    (r"nam|years?", Decimal(12), NormUnit.MONTH),
)
"""Words of units, the longer ones before those that they begin with."""
_SPOKEN = re.compile(
    r"(?<![\w.,/-])(?P<amount>\d{1,4}(?:[.,]\d{1,2})?)\s*(?:"
    + "|".join(f"(?P<u{place}>{words})" for place, (words, _each, _unit) in enumerate(_WORDS))
    + r")(?!\w)"
)
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time as a step's norm holds it. mixed: months and days together, of which only months are kept."""

    amount: Decimal
    unit: NormUnit
    mixed: bool = False

    @property
    def text(self) -> str:
        """Amount and unit, as people read them."""
        return f"{format(self.amount.normalize(), 'f')} {self.unit.label}"


def iso_duration(text: str) -> Duration | None:
    """An ISO 8601 duration; its hours are working hours, its days calendar days. None for anything else."""
    found = _ISO.match(text.strip())
    if found is None or not any(found.groupdict().values()):
        return None
    years, months, weeks, days, hours, minutes, seconds = (Decimal(found[name] or 0) for name in "YMWDhms")
    if months or years:
        return Duration(
            years * 12 + months, NormUnit.MONTH, mixed=bool(weeks or days or hours or minutes or seconds)
        )  # fmt: skip
    if hours or minutes or seconds:
        part = (minutes / 60 + seconds / 3600).quantize(Decimal("0.01"))
        return Duration((weeks * 7 + days) * HOURS_A_DAY + hours + part, NormUnit.WORKING_HOUR)
    return Duration(weeks * 7 + days, NormUnit.CALENDAR_DAY)


def cycle(text: str) -> tuple[str, Duration] | None:
    """How often (empty: without end) and how far apart an ISO 8601 cycle rings; None for anything else."""
    found = _CYCLE.match(text.strip())
    each = iso_duration(found["each"]) if found else None
    return (found["times"], each) if found and each else None


def spoken_duration(text: str) -> Duration | None:
    """A duration in words, Vietnamese or English: “Sau 5 ngày làm việc”, “7 days”. None unless it names just one."""
    folded = fold(text)
    found = list(_SPOKEN.finditer(folded))
    if len(found) != 1 or len(_NUMBER.findall(folded)) != len(_NUMBER.findall(found[0]["amount"])):
        return None
    _words, each, unit = next(one for place, one in enumerate(_WORDS) if found[0][f"u{place}"])
    amount = Decimal(found[0]["amount"].replace(",", ".")) * each
    if unit is NormUnit.MONTH and amount != int(amount):
        return None
    return Duration(amount if amount == int(amount) else amount.quantize(Decimal("0.01")), unit)
