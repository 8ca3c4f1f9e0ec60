"""Indicator sources: the share of dossiers settled on time, and the share handed in on line."""

from decimal import Decimal

from khcn.domains.onestop.choices import Channel
from khcn.domains.onestop.models import Dossier
from khcn.domains.onestop.queries.dossiers import FINISHED, judged
from khcn.domains.onestop.queries.figures import period
from khcn.kernel.indicators.queries import Measurement, Question, Source


def share_on_time(question: Question) -> Measurement:
    """Finished dossiers received in the period that were on time, of those finished; per cent."""
    since, until = period(question.period_from, min(question.period_to, question.as_of))
    rows = list(Dossier.objects.filter(received_at__range=(since, until), decided_at__lte=until, status__in=FINISHED))
    verdicts = judged(rows, until=until)
    on_time = [row for row in rows if row.pk in verdicts and verdicts[row.pk].on_time]
    return _share(on_time, [row for row in rows if row.pk in verdicts])


def share_online(question: Question) -> Measurement:
    """Dossiers received in the period that came in on line, of all received; per cent."""
    since, until = period(question.period_from, min(question.period_to, question.as_of))
    rows = list(Dossier.objects.filter(received_at__range=(since, until)))
    return _share([row for row in rows if row.channel == Channel.ONLINE], rows)


def _share(met: list[Dossier], of: list[Dossier]) -> Measurement:
    value = Decimal(len(met) * 100) / Decimal(len(of)) if of else None
    return Measurement(value, tuple(str(row.code) for row in met), tuple(str(row.code) for row in of))


SOURCES: dict[str, Source] = {"onestop.on_time": share_on_time, "onestop.online": share_online}
