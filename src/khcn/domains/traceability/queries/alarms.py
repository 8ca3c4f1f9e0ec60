"""What does not add up in the diary of the parties that an actor sees."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from khcn.domains.traceability.choices import FieldAct
from khcn.domains.traceability.models import FieldRecord, Holding, LotUse, Party
from khcn.domains.traceability.permissions import visible_parties
from khcn.domains.traceability.queries.parameters import parameters_on
from khcn.domains.traceability.rules.mass_balance import Alarm, holding_alarms, making_alarm, yield_alarm
from khcn.lib.actor import Actor

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class ShownAlarm:
    """An alarm with the party it is about and, where there is one, the record or lot to look at."""

    alarm: Alarm
    party: Party
    what: str
    record: FieldRecord | None = None


def alarms_for(actor: Actor, on: date) -> list[ShownAlarm]:
    """Alarms of the year before a day, the worst first."""
    slack = parameters_on(on).get("mass.slack", Decimal(0))
    parties = visible_parties(actor)
    since = date(on.year - 1, on.month, 1)
    found = [*_makings(parties, since, slack), *_harvests(parties, since, slack), *_holdings(parties, slack)]
    return sorted(found, key=lambda one: (-one.alarm.excess, one.party.name))


def _makings(parties: QuerySet[Party], since: date, slack: Decimal) -> list[ShownAlarm]:
    rows = FieldRecord.objects.filter(
        party__in=parties, withdrawn_at=None, template__act=FieldAct.MAKE, occurred_at__date__gte=since
    )
    records = list(rows.select_related("template", "party", "lot")[:_MOST])
    used: dict[int, list[Decimal]] = defaultdict(list)
    uses = LotUse.objects.filter(record__in=[one.pk for one in records], is_output=False)
    for record_id, kg in uses.values_list("record_id", "kg"):
        used[record_id].append(kg)
    found = []
    for record in records:
        if record.lot is None:
            continue
        limits = record.template.least_share, record.template.most_share
        alarm = making_alarm(used[record.pk], record.lot.quantity_kg, *limits, slack)
        if alarm is not None:
            found.append(ShownAlarm(alarm, record.party, record.template.title, record))
    return found


def _harvests(parties: QuerySet[Party], since: date, slack: Decimal) -> list[ShownAlarm]:
    rows = FieldRecord.objects.filter(
        party__in=parties, withdrawn_at=None, template__act=FieldAct.HARVEST, site__isnull=False,
        occurred_at__date__gte=since,
    )  # fmt: skip
    grouped = rows.values("site", "occurred_at__year", "template__code").annotate(
        kg=Sum("lot__quantity_kg"), most=F("template__most_kg_per_ha"), area=F("site__area_ha")
    )
    found = []
    for one in grouped:
        alarm = yield_alarm(one["kg"] or Decimal(0), one["area"], one["most"], slack)
        if alarm is not None:
            record = rows.filter(site=one["site"]).select_related("party", "site", "template").latest("occurred_at")
            found.append(ShownAlarm(alarm, record.party, str(record.site), record))
    return found


def _holdings(parties: QuerySet[Party], slack: Decimal) -> list[ShownAlarm]:
    rows = Holding.objects.filter(party__in=parties).select_related("party", "lot__product")
    low = [*rows.filter(kg__lt=0)[:_MOST], *rows.filter(coming_kg__lt=0)[:_MOST]]
    return [
        ShownAlarm(alarm, one.party, f"{one.lot.product.name} – {one.lot.code}")
        for one in {one.pk: one for one in low}.values()
        for alarm in holding_alarms(one.kg, one.coming_kg, one.lot.quantity_kg, slack)
    ]
