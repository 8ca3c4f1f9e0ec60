"""Papers and labels of lots, scans of labels, and reports of fakes."""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from khcn.domains.traceability.choices import EvidenceKind, FakeReportState
from khcn.domains.traceability.models import Evidence, FakeReport, LabelBatch, Lot, Product, Scan
from khcn.domains.traceability.permissions import OFFICERS, require_keeper, require_officer
from khcn.domains.traceability.queries.parameters import parameters_on
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.services import notify
from khcn.kernel.orgs.queries import holders_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.serials import batch_of, is_genuine, looks_copied, serial_of
from khcn.web.uploads import IMAGE_KINDS, PDF, check_upload

_PAPERS = (PDF, *IMAGE_KINDS)


@transaction.atomic
def add_evidence(
    *, by: Actor, product: Product, kind: EvidenceKind, title: str, issuer: str, issued_on: date,
    lot: Lot | None = None, number: str = "", expires_on: date | None = None, content: bytes = b"", filename: str = "",
) -> Evidence:  # fmt: skip
    """A test report or certificate of a product, or of one lot. Raises Forbidden and Refused."""
    require_keeper(by, product.party)
    if lot is not None and lot.product_id != product.pk:
        raise Refused("Lô hàng thuộc sản phẩm khác.", field="lot")
    if expires_on is not None and expires_on < issued_on:
        raise Refused("Ngày hết hạn trước ngày cấp.", field="expires_on")
    file = None
    if content:
        checked = check_upload(content, filename, allowed=_PAPERS)
        file = store_file(by=by, content=content, media_type=checked.kind.media_type)
    paper = Evidence.objects.create(
        product=product, lot=lot, kind=kind, title=title, number=number, issuer=issuer, issued_on=issued_on,
        expires_on=expires_on, file=file,
    )  # fmt: skip
    record(by=by, verb="trace.evidence", subject=paper, after={"title": title, "number": number})
    return paper


@transaction.atomic
def make_labels(*, by: Actor, lot: Lot, count: int, on: date) -> tuple[LabelBatch, list[str]]:
    """A batch of numbered labels and their serials. Raises Forbidden and Refused."""
    require_keeper(by, lot.product.party)
    most = int(parameters_on(on).get("label.most", Decimal(100)))
    if not 1 <= count <= most:
        raise Refused(f"Mỗi lần in từ 1 đến {most} tem.", field="count")
    if lot.withdrawn:
        raise Refused("Lô này đã hủy ghi nên không in tem được.")
    batch = LabelBatch.objects.create(lot=lot, count=count, secret=secrets.token_hex(16), made_by_id=by.user_id)
    record(by=by, verb="trace.labels", subject=batch, after={"lot": lot.code, "count": count})
    return batch, [serial_of(batch.pk, number, batch.secret) for number in range(1, count + 1)]


def note_scan(*, lot: Lot, serial: str, network: str, now: datetime) -> dict[str, Any]:
    """Note that the page of a label was opened, and say what that tells: genuine, first, times, copied.

    network: the visitor's address, of which only a keyed hash of its first part is kept.
    """
    claimed = batch_of(serial)
    batch = LabelBatch.objects.filter(pk=claimed[0], lot=lot).first() if claimed else None
    if batch is None or not is_genuine(serial, batch.count, batch.secret):
        return {"genuine": False, "first": False, "times": 0, "copied": False}
    limits = parameters_on(now.date())
    since = now - timedelta(days=int(limits.get("scan.days", 30)))
    before = Scan.objects.filter(lot=lot, serial=serial)
    first_at = before.order_by("at").values_list("at", flat=True).first()
    Scan.objects.create(lot=lot, serial=serial, at=now, network=_network(network))
    recent = Scan.objects.filter(lot=lot, serial=serial, at__gte=since)
    scans, networks = recent.count(), recent.values("network").distinct().count()
    copied = looks_copied(
        networks=networks, scans=scans, most_networks=int(limits.get("scan.networks", 4)),
        most_scans=int(limits.get("scan.most", 40)),
    )  # fmt: skip
    return {"genuine": True, "first": first_at is None, "times": scans, "copied": copied, "first_at": first_at}


def _network(address: str) -> str:
    part = address.rsplit(".", 1)[0] if "." in address else ":".join(address.split(":")[:4])
    return sha256(f"{settings.SECRET_KEY}{part}".encode()).hexdigest()[:16]


@transaction.atomic
def report_fake(
    *,
    by: Actor,
    lot: Lot | None,
    contents: str,
    now: datetime,
    serial: str = "",
    bought_at: str = "",
    contact: str = "",
) -> FakeReport:
    """Keep what somebody says of goods that do not match, and tell the officers. Raises Refused."""
    if len(contents.strip()) < 10:
        raise Refused("Hãy mô tả điều bạn thấy, ít nhất vài từ.", field="contents")
    report = FakeReport.objects.create(
        lot=lot, serial=serial[:20], contents=contents.strip(), bought_at=bought_at, contact=contact, sent_at=now
    )
    record(by=by, verb="trace.report", subject=report, after={"lot": lot.code if lot else ""})
    officers = {user.pk: user for role in OFFICERS[:2] for user in holders_of(role, on=now.date())}
    notify(
        recipients=officers.values(), kind=NoticeKind.DO, title="Có phản ánh hàng giả cần xem xét", subject=report,
        url=reverse("trace_report", args=[report.uid]),
    )  # fmt: skip
    return report


@transaction.atomic
def answer_report(
    *, by: Actor, report: FakeReport, state: FakeReportState, answer: str, expected_version: int | None = None
) -> FakeReport:
    """Close a report with what was found. Raises Forbidden, Stale and Refused."""
    require_officer(by)
    report.claim(expected_version, {"state": state, "answer": answer})
    if state is FakeReportState.NEW or not answer.strip():
        raise Refused("Hãy chọn kết luận và ghi kết quả xem xét.", field="answer")
    report.state, report.answer = state, answer.strip()
    report.save()
    record(by=by, verb="trace.report_answer", subject=report, after={"state": str(state)})
    return report
