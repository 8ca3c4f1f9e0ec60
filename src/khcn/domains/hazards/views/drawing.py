"""Charts of series: bars for amounts, lines for everything else; a gap stays a gap."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.hazards.choices import QUALITY_LABELS, Aggregation
from khcn.domains.hazards.models import Datastream
from khcn.domains.hazards.queries.series import day_of_bucket, hourly
from khcn.domains.hazards.rules.series import Bucket
from khcn.web.charts import Chart, Series, bars, lines

RECENT_H = 48


def recent_chart(stream: Datastream, *, now: datetime) -> Chart:
    """The last two days by hour."""
    found = hourly(stream, now - timedelta(hours=RECENT_H), now)
    return bucket_chart(stream, found, "hour", title=stream.property.title)


def bucket_chart(stream: Datastream, found: Sequence[Bucket], step: str, *, title: str = "") -> Chart:
    """Buckets as a chart with its table; hours carry the time of their end."""
    names = [name_of(one, step) for one in found]
    prop = stream.property
    holes = sum(one.has_hole for one in found)
    note = _("%(count)d khoảng thiếu số liệu để trống") % {"count": holes} if holes else ""
    values = Series(prop.title, [_rounded(one.value, prop.decimals) for one in found])
    draw = bars if stream.aggregation == Aggregation.SUM else lines
    series = [values]
    if draw is lines and step in ("day", "month"):
        series += [
            Series(_("Lớn nhất"), [_rounded(one.largest, prop.decimals) if one.value is not None else None
                                   for one in found]),
            Series(_("Nhỏ nhất"), [_rounded(one.smallest, prop.decimals) if one.value is not None else None
                                   for one in found]),
        ]  # fmt: skip
    return draw(title or prop.title, names, series, heading=_("Thời gian"), unit=prop.unit, note=note)


def name_of(bucket: Bucket, step: str) -> str:
    """What a bucket is called on an axis and in a table."""
    if step == "hour":
        return f"{timezone.localtime(bucket.end):%H:%M %d/%m}"
    if step == "day":
        return f"{day_of_bucket(bucket):%d/%m/%Y}"
    return f"{timezone.localtime(bucket.start):%m/%Y}"


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def quality_words() -> dict[int, str]:
    """Quality → what it is called, in the reader's language."""
    return {key: _(label) for key, label in QUALITY_LABELS.items()}
