"""Whether masses can be true: what came out of what went in, and what a plot can have borne. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from khcn.domains.traceability.rules.field_forms import kg_text
from khcn.lib.labelled import Labelled, gettext_noop


class AlarmKind(Labelled):
    """What does not add up."""

    TOO_MUCH_OUT = "too_much_out", gettext_noop("Đầu ra nhiều bất thường")
    TOO_LITTLE_OUT = "too_little_out", gettext_noop("Đầu ra ít bất thường")
    OVER_YIELD = "over_yield", gettext_noop("Khai vượt sản lượng của lô đất")
    OVERDRAWN = "overdrawn", gettext_noop("Dùng, bán nhiều hơn số có")
    MORE_RECEIVED = "more_received", gettext_noop("Nhận nhiều hơn số giao")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that does not add up, in a sentence, with how far it is beyond the limit (1 is at the limit)."""

    kind: AlarmKind
    sentence: str
    excess: float
    subject: str = ""


def making_alarm(
    inputs: Iterable[Decimal], output: Decimal, least: Decimal | None, most: Decimal | None, slack: Decimal
) -> Alarm | None:
    """The alarm of one making whose output share is outside the template's limits; None where it is inside."""
    total = sum(inputs, Decimal(0))
    if total <= 0:
        return None
    share = output / total
    said = f"{kg_text(output)} từ {kg_text(total)}, tỷ lệ {_percent(share)}"
    if most is not None and share > most * (1 + slack):
        return Alarm(AlarmKind.TOO_MUCH_OUT, f"{said}; mẫu cho phép đến {_percent(most)}.", float(share / most))
    if least is not None and least > 0 and share < least * (1 - slack):
        return Alarm(AlarmKind.TOO_LITTLE_OUT, f"{said}; mẫu đòi ít nhất {_percent(least)}.", float(least / share))
    return None


def yield_alarm(
    harvested: Decimal, area_ha: Decimal | None, most_kg_per_ha: Decimal | None, slack: Decimal
) -> Alarm | None:
    """The alarm of one plot's harvest of a year beyond what its area can bear; None without an area or limit."""
    if not area_ha or most_kg_per_ha is None:
        return None
    limit = area_ha * most_kg_per_ha
    if harvested <= limit * (1 + slack):
        return None
    sentence = f"{kg_text(harvested)} trong năm trên {_plain(area_ha)} ha; sản lượng cao nhất {kg_text(limit)}."
    return Alarm(AlarmKind.OVER_YIELD, sentence, float(harvested / limit))


def holding_alarms(kg: Decimal, coming_kg: Decimal, lot_kg: Decimal, slack: Decimal) -> list[Alarm]:
    """Alarms of what a party holds of a lot: below zero by more than the slack of the lot."""
    allowed = lot_kg * slack
    found = []
    if kg < -allowed:
        found.append(Alarm(AlarmKind.OVERDRAWN, f"Đã dùng, bán quá {kg_text(-kg)} so với số có.", _over(-kg, lot_kg)))
    if coming_kg < -allowed:
        found.append(
            Alarm(AlarmKind.MORE_RECEIVED, f"Nhận quá {kg_text(-coming_kg)} so với số giao.", _over(-coming_kg, lot_kg))
        )
    return found


def _over(kg: Decimal, lot_kg: Decimal) -> float:
    return float((lot_kg + kg) / lot_kg) if lot_kg else 2.0


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}%".replace(".", ",")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
