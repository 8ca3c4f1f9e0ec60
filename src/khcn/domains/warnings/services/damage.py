"""Damage that people report: kept with its photograph, shown without its place of taking, accepted or not."""

import io
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps, UnidentifiedImageError

from khcn.domains.warnings.choices import DamageState
from khcn.domains.warnings.errors import WarningRefused
from khcn.domains.warnings.models import DamageReport
from khcn.domains.warnings.permissions import READERS, require
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.services import next_number, store_file
from khcn.kernel.events.services import publish
from khcn.kernel.notices.services import HarmSeen
from khcn.lib.actor import Actor

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600


def report_damage(
    *, by: Actor, hazard: str, unit_code: str, happened_at: datetime, told: str, houses: int = 0, area_ha: float = 0.0,
    reporter: str = "", photograph: bytes = b"", is_illustration: bool = False, now: datetime | None = None,
) -> DamageReport:  # fmt: skip
    """Keep a report. The photograph is drawn anew for showing: no place, no telephone, no time of it remain."""
    now = now or timezone.now()
    if not told.strip():
        raise WarningRefused("Mô tả thiệt hại.", field="told")
    if happened_at > now:
        raise WarningRefused("Thời điểm xảy ra ở tương lai.", field="happened_at")
    shown = without_metadata(photograph) if photograph else b""
    with transaction.atomic():
        year = timezone.localtime(now).year
        code = f"TH-{year}-{next_number(series='damage', year=year):04d}"
        report = DamageReport.objects.create(
            code=code, hazard=hazard, unit_code=unit_code, happened_at=happened_at, told=told.strip()[:4000],
            houses=houses, area_ha=area_ha, reporter=reporter.strip()[:160], received_at=now,
            original=_store(by, photograph), shown=_store(by, shown), is_illustration=is_illustration,
        )  # fmt: skip
        record(by=by, verb="damage.report", subject=report, after={"unit": unit_code, "photograph": bool(photograph)})
    return report


def decide_damage(*, by: Actor, report: DamageReport, accept: bool, now: datetime | None = None) -> None:
    """Accept a report as true, or not. Accepted ones count when warnings are verified."""
    require(by.holds(*READERS), "Việc này dành cho cán bộ của cơ quan nhà nước.")
    with transaction.atomic():
        current = DamageReport.objects.select_for_update().get(pk=report.pk)
        if current.state != DamageState.RECEIVED:
            raise WarningRefused("Báo cáo này đã được xem xét.")
        current.state = DamageState.ACCEPTED if accept else DamageState.REJECTED
        current.decided_by_id, current.decided_at = by.user_id, now or timezone.now()
        current.save()
        record(by=by, verb="damage.decide", subject=current, after={"accept": accept})
        if accept:
            publish(
                HarmSeen(
                    current.code, current.hazard, current.unit_code, current.happened_at.isoformat(),
                    is_illustration=current.is_illustration,
                )
            )  # fmt: skip


def without_metadata(photograph: bytes) -> bytes:
    """The picture alone, upright, as JPEG of at most 1,600 pixels a side. Raises WarningRefused for what is none."""
    if len(photograph) > MOST_BYTES:
        raise WarningRefused("Ảnh lớn hơn 12 MB; vui lòng giảm dung lượng.", field="photograph")
    try:
        with Image.open(io.BytesIO(photograph)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise WarningRefused("Ảnh quá lớn; vui lòng giảm kích thước.", field="photograph")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as fault:
        raise WarningRefused("Tệp này không phải ảnh đọc được.", field="photograph") from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85)
    return out.getvalue()


def _store(by: Actor, content: bytes) -> StoredFile | None:
    return store_file(by=by, content=content, media_type="image/jpeg") if content else None
