"""Keeps the ledger of stamps: designs, orders, certified lots, issues capped by certified mass, voids, scans."""

import secrets
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from khcn.domains.marks.choices import Outcome
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import (
    CertifiedLot,
    Right,
    RightProduct,
    StampDesign,
    StampIssue,
    StampOrder,
    StampScan,
    StampVoid,
    UseRight,
)
from khcn.domains.marks.permissions import require_keeper, require_use_keeper
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.queries.verdicts import verdict_of
from khcn.domains.marks.rules.ranges import Range, free_of, take
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.serials import batch_of, is_genuine, looks_copied, serial_of

_GRAM = Decimal("0.001")


def add_design(*, by: Actor, right: Right, name: str, prefix: str, kg: Decimal) -> StampDesign:
    """A kind of stamp. Raises Forbidden, Refused."""
    require_keeper(by, right)
    prefix = prefix.strip().upper()
    if not prefix.isascii() or not prefix.isalnum():
        raise Refused("Ký hiệu gồm chữ không dấu và chữ số.", field="sign")
    if kg <= 0:
        raise Refused("Khối lượng mỗi tem phải lớn hơn 0.", field="kg")
    with transaction.atomic():
        if StampDesign.objects.filter(prefix=prefix).exists():
            raise Refused("Đã có mẫu tem mang ký hiệu này.", field="sign")
        design = StampDesign.objects.create(right=right, name=name.strip()[:120], prefix=prefix[:8], kg=kg)
        record(by=by, verb="mark.stamp_design", subject=right, after={"prefix": prefix, "kg": kg})
    return design


def order_stamps(*, by: Actor, design: StampDesign, printer: str, count: int, on: date) -> StampOrder:
    """Order the next numbers of a design. Raises Forbidden, Refused."""
    require_keeper(by, design.right)
    most = int(parameters_on(on).get("stamp.most_per_order", Decimal(1_000_000)))
    if not 1 <= count <= most:
        raise Refused(f"Mỗi đợt in từ 1 đến {most} tem.", field="count")
    with transaction.atomic():
        StampDesign.objects.select_for_update().get(pk=design.pk)
        last = design.orders.order_by("-last").values_list("last", flat=True).first() or 0
        order = StampOrder.objects.create(
            design=design, printer=printer.strip()[:200], first=last + 1, last=last + count, ordered_on=on,
            secret=secrets.token_hex(16), made_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="mark.stamp_order", subject=design.right, after={"first": last + 1, "count": count})
    return order


def receive_stamps(*, by: Actor, order: StampOrder, on: date) -> StampOrder:
    """Say that the printer delivered; only then stamps can be issued. Raises Forbidden, Refused, MarkStepRefused."""
    require_keeper(by, order.design.right)
    if on < order.ordered_on:
        raise Refused("Ngày nhận không thể trước ngày đặt in.", field="on")
    with transaction.atomic():
        held = StampOrder.objects.select_for_update().get(pk=order.pk)
        if held.received_on is not None:
            raise MarkStepRefused("Đợt tem này đã nhận.")
        held.received_on = on
        held.save(update_fields=["received_on"])
        record(by=by, verb="mark.stamp_receive", subject=order.design.right, after={"order": str(order), "on": on})
    return held


def certify_lot(*, by: Actor, use: UseRight, product: RightProduct, lot_uri: str, on: date) -> CertifiedLot:
    """Judge a lot of a member by its trace and certify its mass. Raises Forbidden, Refused with the reasons.

    The certified mass is the lot's; a lot that is not certain is not certified.
    """
    require_keeper(by, use.right)
    if not use.products.filter(pk=product.pk).exists():
        raise Refused("Quyền sử dụng không gồm sản phẩm này.", field="product")
    found = verdict_of(lot_uri.strip(), use.right, on)
    if found is None:
        raise Refused("Chưa có dữ liệu truy xuất của lô này.", field="lot_uri")
    if found.use is None or found.use.pk != use.pk:
        raise Refused("Lô này thuộc cơ sở khác.", field="lot_uri")
    if found.verdict.outcome is not Outcome.CERTAIN:
        said = " ".join(found.verdict.reasons) or "Tỷ lệ nguyên liệu từ khu vực chưa đủ."
        raise Refused(f"Lô chưa được mang quyền. {said}", field="lot_uri")
    if not found.lot.kg:
        raise Refused("Lô chưa ghi khối lượng.", field="lot_uri")
    with transaction.atomic():
        if CertifiedLot.objects.filter(use=use, lot_uri=found.lot.uri).exists():
            raise Refused("Lô này đã được chứng nhận.", field="lot_uri")
        kg = Decimal(str(found.lot.kg)).quantize(_GRAM, ROUND_DOWN)
        lot = CertifiedLot.objects.create(
            use=use, product=product, lot_uri=found.lot.uri, lot_code=found.lot.code[:60],
            made_on=found.lot.made_on or on, lot_kg=kg, kg=kg, outcome=found.verdict.outcome,
            least=found.verdict.low, most=found.verdict.high, reasons=list(found.verdict.reasons), certified_on=on,
            certified_by_id=by.user_id,
        )  # fmt: skip
        record(by=by, verb="mark.certify", subject=use, after={"lot": lot.lot_code, "kg": kg})
    return lot


def stamped_kg(lot: CertifiedLot) -> Decimal:
    """The mass that stamps of a lot stand for, those that were voided left out."""
    issued = sum((one.kg * one.count for one in lot.issues.all()), Decimal(0))
    voided = sum(
        (one.issue.kg * one.count for one in StampVoid.objects.filter(issue__lot=lot).select_related("issue")),
        Decimal(0),
    )
    return issued - voided


def issue_stamps(*, by: Actor, lot: CertifiedLot, order: StampOrder, count: int, on: date) -> StampIssue:
    """Hand out the next free stamps of an order for a certified lot, up to its mass. Raises Forbidden, Refused.

    The lot is judged again on the day: a member whose right was taken away since gets none.
    """
    require_keeper(by, lot.use.right)
    if count < 1:
        raise Refused("Số tem phải lớn hơn 0.", field="count")
    if order.design.right_id != lot.use.right_id:
        raise Refused("Đợt tem thuộc quyền khác.", field="order")
    found = verdict_of(lot.lot_uri, lot.use.right, on)
    if found is None or found.verdict.outcome is not Outcome.CERTAIN:
        said = " ".join(found.verdict.reasons) if found else "Chưa có dữ liệu truy xuất của lô này."
        raise Refused(f"Không cấp tem: {said}", field="count")
    with transaction.atomic():
        CertifiedLot.objects.select_for_update().get(pk=lot.pk)
        held = StampOrder.objects.select_for_update().get(pk=order.pk)
        if held.received_on is None or held.received_on > on:
            raise MarkStepRefused("Đợt tem này chưa nhận từ nơi in.")
        design = order.design
        left = lot.kg - stamped_kg(lot)
        if design.kg * count > left:
            most = int(left / design.kg)
            raise Refused(f"Khối lượng còn lại chỉ đủ cho {most} tem.", field="count")
        taken = take(free_of(Range(held.first, held.last), _taken(held)), count)
        if taken is None:
            raise Refused("Đợt in không còn đủ số tem liền nhau.", field="order")
        issue = StampIssue.objects.create(
            order=held, lot=lot, first=taken.first, last=taken.last, kg=design.kg, issued_on=on,
            issued_by_id=by.user_id,
        )  # fmt: skip
        after = {"lot": lot.lot_code, "first": taken.first, "last": taken.last}
        record(by=by, verb="mark.stamp_issue", subject=lot.use, after=after)
    return issue


def _taken(order: StampOrder) -> list[Range]:
    return [Range(*pair) for pair in order.issues.values_list("first", "last")]


def use_stamps(*, by: Actor, issue: StampIssue, count: int) -> StampIssue:
    """Say how many stamps of an issue are on goods so far. Raises Forbidden, Refused."""
    require_use_keeper(by, issue.lot.use)
    with transaction.atomic():
        held = StampIssue.objects.select_for_update().get(pk=issue.pk)
        voided = sum(one.count for one in held.voids.all())
        if not 0 <= count <= held.count - voided:
            raise Refused(f"Số tem đã dán phải từ 0 đến {held.count - voided}.", field="count")
        before, held.used = held.used, count
        held.save(update_fields=["used"])
        record(by=by, verb="mark.stamp_use", subject=issue.lot.use, before={"used": before}, after={"used": count})
    return held


def void_stamps(*, by: Actor, issue: StampIssue, first: int, last: int, reason: str, on: date) -> StampVoid:
    """Take stamps out: spoilt, lost or given back. Raises Forbidden, Refused."""
    require_keeper(by, issue.lot.use.right)
    wanted = Range(first, last)
    if first > last or not Range(issue.first, issue.last).holds(wanted):
        raise Refused(f"Số tem phải trong khoảng {issue.first} đến {issue.last}.", field="first")
    if not reason.strip():
        raise Refused("Ghi lý do hủy tem.", field="reason")
    with transaction.atomic():
        StampIssue.objects.select_for_update().get(pk=issue.pk)
        if any(Range(*pair).meets(wanted) for pair in issue.voids.values_list("first", "last")):
            raise Refused("Có tem đã hủy trong khoảng này.", field="first")
        void = StampVoid.objects.create(
            issue=issue, first=first, last=last, reason=reason.strip()[:200], voided_on=on, voided_by_id=by.user_id
        )
        after = {"first": first, "last": last, "reason": reason}
        record(by=by, verb="mark.stamp_void", subject=issue.lot.use, after=after)
    return void


def stamp_codes(issue: StampIssue, most: int = 500) -> list[str]:
    """What the stamps of an issue say, the first `most` of them."""
    order = issue.order
    numbers = range(issue.first, min(issue.last, issue.first + most - 1) + 1)
    return [serial_of(order.pk, number, order.secret) for number in numbers]


def scan_stamp(*, code: str, network: str, now: datetime) -> dict[str, Any]:
    """Note that somebody looked a stamp up, and say what that tells.

    Answers: known, issue (None where it was not issued), voided, first, times, copied. network: the address, of which
    only a keyed hash of its first part is kept.
    """
    claimed = batch_of(code)
    order = StampOrder.objects.filter(pk=claimed[0]).select_related("design__right").first() if claimed else None
    if claimed is None or order is None or not is_genuine(code, order.last, order.secret) or claimed[1] < order.first:
        return {"known": False}
    number = claimed[1]
    issue = order.issues.filter(first__lte=number, last__gte=number).select_related("lot__use", "lot__product").first()
    voided = issue is not None and issue.voids.filter(first__lte=number, last__gte=number).exists()
    limits = parameters_on(now.date())
    since = now - timedelta(days=int(limits.get("stamp.scan_days", 30)))
    rows = StampScan.objects.filter(order=order, number=number)
    first_at = rows.order_by("at").values_list("at", flat=True).first()
    StampScan.objects.create(order=order, number=number, at=now, network=_network(network))
    recent = rows.filter(at__gte=since)
    times, networks = recent.count(), recent.values("network").distinct().count()
    copied = looks_copied(
        networks=networks, scans=times, most_networks=int(limits.get("stamp.scan_networks", 4)),
        most_scans=int(limits.get("stamp.scan_most", 40)),
    )  # fmt: skip
    return {
        "known": True, "order": order, "number": number, "issue": issue, "voided": voided, "first": first_at is None,
        "first_at": first_at, "times": times, "copied": copied,
    }  # fmt: skip


def _network(address: str) -> str:
    part = address.rsplit(".", 1)[0] if "." in address else ":".join(address.split(":")[:4])
    return sha256(f"{settings.SECRET_KEY}{part}".encode()).hexdigest()[:16]


def issued_of(order: StampOrder) -> int:
    """How many stamps of an order were handed out."""
    return order.issues.aggregate(count=Sum(F("last") - F("first") + 1))["count"] or 0
