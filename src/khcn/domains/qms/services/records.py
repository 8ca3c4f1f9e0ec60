"""Keeps records for their time: folders closed, held, disposed of with a paper."""

from datetime import date

from django.db import transaction

from khcn.domains.qms.choices import Disposal, Duty
from khcn.domains.qms.errors import StepNotOpen, TooEarly
from khcn.domains.qms.models import RecordFolder, RecordSeries
from khcn.domains.qms.permissions import require_duty
from khcn.domains.qms.services import steps
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.dates import add_months


def close_folder(*, by: Actor, series: RecordSeries, title: str, closed_on: date) -> RecordFolder:
    """Close a folder of a series; the day from which it may be disposed of is fixed now."""
    require_duty(by, series.system, Duty.SECRETARY, Duty.HEAD)
    ends = None
    if series.disposal != Disposal.KEEP and series.retention_months is not None:
        ends = add_months(closed_on, series.retention_months)
    with transaction.atomic():
        folder = RecordFolder.objects.create(
            series=series, closed_on=closed_on, dispose_from=ends,
            title=steps.require_text(title, "Ghi tên tập hồ sơ.", "title"),
        )  # fmt: skip
        record(by=by, verb="qms.close_folder", subject=folder, after={"closed_on": closed_on, "dispose_from": ends})
    return folder


def hold_series(*, by: Actor, series: RecordSeries, reason: str, expected_version: int | None = None) -> RecordSeries:
    """Stop any disposal of the series, with the reason; an empty reason lifts the hold."""
    require_duty(by, series.system, Duty.SECRETARY, Duty.HEAD)
    with transaction.atomic():
        series.claim(expected_version, {"hold_reason": reason.strip()[:300]})
        before = {"is_held": series.is_held, "reason": series.hold_reason}
        series.is_held, series.hold_reason = bool(reason.strip()), reason.strip()[:300]
        series.save()
        record(by=by, verb="qms.hold_series", subject=series, before=before, after={"reason": series.hold_reason})
    return series


def dispose_folder(*, by: Actor, folder: RecordFolder, paper: str) -> RecordFolder:
    """Dispose of a folder after its time, by a paper; never one that is kept for ever or held."""
    series = folder.series
    require_duty(by, series.system, Duty.HEAD)
    if series.is_held:
        raise StepNotOpen(f"Loại hồ sơ đang tạm giữ ({series.hold_reason}) nên không được hủy.")
    if series.disposal == Disposal.KEEP or folder.dispose_from is None:
        raise StepNotOpen("Loại hồ sơ này lưu vĩnh viễn.")
    if by.on < folder.dispose_from:
        raise TooEarly(f"Thời hạn lưu đến {folder.dispose_from:%d/%m/%Y}.")
    if folder.disposed_on is not None:
        raise StepNotOpen("Tập hồ sơ này đã được xử lý.")
    with transaction.atomic():
        folder.disposed_on = by.on
        folder.disposal_record = steps.require_text(paper, "Ghi số biên bản tiêu hủy, giao nộp.", "paper")[:200]
        folder.save(update_fields=["disposed_on", "disposal_record"])
        record(by=by, verb="qms.dispose_folder", subject=folder, after={"paper": folder.disposal_record})
    return folder
