"""What happened with a right in a year: members, land, lots, stamps, control, reports of infringements, fees."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from khcn.domains.marks.choices import (
    FaultGrade,
    FaultState,
    FeeCause,
    IncidentKind,
    IncidentState,
    Sanction,
    Tier,
    UseAct,
    UseState,
)
from khcn.domains.marks.models import (
    CertifiedLot,
    ControlVisit,
    Fault,
    Incident,
    LabResult,
    Right,
    StampIssue,
    StampOrder,
    StampScan,
    StampVoid,
    UseFee,
    UseRight,
    UseStep,
)
from khcn.domains.marks.queries.balances import balances_of
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.queries.register import right_on
from khcn.domains.marks.queries.verdicts import acts_of
from khcn.domains.marks.rules.standing import standing_on
from khcn.domains.marks.rules.year_report import COUNT, DONG, KG, PERCENT, TEXT, Figure, Grid
from khcn.lib.serials import looks_copied

_DONE = (UseAct.GRANT, UseAct.REFUSE, UseAct.AMEND, UseAct.RENEW, UseAct.SUSPEND, UseAct.RESUME, UseAct.REVOKE,
         UseAct.RESTORE)  # fmt: skip


def figures_of(right: Right, year: int, as_of: date) -> tuple[list[Figure], list[Grid]]:
    """The numbers and tables of a year, up to a day of it."""
    since, until = date(year, 1, 1), min(date(year + 1, 1, 1), as_of + timedelta(days=1))
    uses = list(right.uses.prefetch_related("steps", "plots").order_by("holder", "id"))
    states = {use.pk: standing_on(acts_of(use), until - timedelta(days=1), use.valid_to) for use in uses}
    figures = [
        *_versions(right, until - timedelta(days=1)), *_members(right, uses, states, since, until),
        *_stamps(right, since, until), *_control(right, since, until), *_incidents(right, since, until),
        *_fees(right, since, until),
    ]  # fmt: skip
    return figures, [_member_grid(right, uses, states, since, until), _control_grid(right, since, until),
                     _incident_grid(right, since, until)]  # fmt: skip


def _versions(right: Right, on: date) -> list[Figure]:
    now = right_on(right, on)
    specification = f"{now.specification.number} ({now.specification.decision})" if now.specification else None
    area = f"{now.area.number} ({now.area.decision})" if now.area else None
    return [
        Figure("manager", "Nơi quản lý", now.manager.name if now.manager else None, TEXT),
        Figure("specification", "Bản mô tả đang dùng, lần", specification, TEXT),
        Figure("area", "Khu vực đang dùng, lần", area, TEXT),
    ]


def _members(
    right: Right, uses: list[UseRight], states: dict[int, UseState | None], since: date, until: date
) -> list[Figure]:
    acts = Counter(UseStep.objects.filter(use__right=right, on__gte=since, on__lt=until).values_list("act", flat=True))
    before = sum(standing_on(acts_of(use), since - timedelta(days=1), use.valid_to) is UseState.GRANTED for use in uses)
    now = [use for use in uses if states[use.pk] is UseState.GRANTED]
    plots = [plot for use in now for plot in use.plots.all()]
    land = sum((plot.area_ha or Decimal(0) for plot in plots), Decimal(0))
    return [
        Figure("members_before", "Thành viên được sử dụng đầu kỳ", before),
        Figure("applied", "Hồ sơ nộp trong kỳ", acts[UseAct.APPLY]),
        *(Figure(f"act_{act.value}", f"{act.label} trong kỳ", acts[act]) for act in _DONE),
        Figure("members_now", "Thành viên được sử dụng cuối kỳ", len(now)),
        Figure("plots", "Thửa của thành viên cuối kỳ", len(plots)),
        Figure("land", "Diện tích của thành viên cuối kỳ, ha", f"{land:.4f}", KG),
    ]


def _stamps(right: Right, since: date, until: date) -> list[Figure]:
    count = F("last") - F("first") + 1
    orders = StampOrder.objects.filter(design__right=right, ordered_on__gte=since, ordered_on__lt=until)
    issues = StampIssue.objects.filter(order__design__right=right, issued_on__gte=since, issued_on__lt=until)
    voids = StampVoid.objects.filter(issue__order__design__right=right, voided_on__gte=since, voided_on__lt=until)
    lots = CertifiedLot.objects.filter(use__right=right, certified_on__gte=since, certified_on__lt=until)
    issued = issues.aggregate(stamps=Sum(count), used=Sum("used"), kg=Sum((F("last") - F("first") + 1) * F("kg")))
    certified = lots.aggregate(count=Count("id"), kg=Sum("kg"))
    scans = StampScan.objects.filter(order__design__right=right, at__gte=_moment(since), at__lt=_moment(until))
    return [
        Figure("lots", "Lô được chứng nhận", certified["count"]),
        Figure("certified", "Khối lượng được chứng nhận, kg", _kg(certified["kg"]), KG),
        Figure("ordered", "Tem đặt in", orders.aggregate(n=Sum(count))["n"] or 0),
        Figure("issued", "Tem đã cấp", issued["stamps"] or 0),
        Figure("stamped", "Khối lượng đã cấp tem, kg", _kg(issued["kg"]), KG),
        Figure("used", "Tem đã dán", issued["used"] or 0),
        Figure("voided", "Tem đã hủy", voids.aggregate(n=Sum(count))["n"] or 0),
        Figure("scans", "Lượt quét tem", scans.count()),
        Figure("copied", "Tem nghi bị sao chép", _copied(right, since, until)),
    ]


def _copied(right: Right, since: date, until: date) -> int:
    limits = parameters_on(until - timedelta(days=1))
    rows = StampScan.objects.filter(order__design__right=right, at__gte=_moment(since), at__lt=_moment(until))
    grouped = rows.values("order", "number").annotate(times=Count("id"), networks=Count("network", distinct=True))
    return sum(
        looks_copied(
            networks=row["networks"], scans=row["times"], most_networks=int(limits.get("stamp.scan_networks", 4)),
            most_scans=int(limits.get("stamp.scan_most", 40)),
        )
        for row in grouped
    )  # fmt: skip


def _control(right: Right, since: date, until: date) -> list[Figure]:
    visits = ControlVisit.objects.filter(use__right=right)
    faults = Fault.objects.filter(use__right=right, found_on__gte=since, found_on__lt=until)
    results = LabResult.objects.filter(use__right=right, sampled_on__gte=since, sampled_on__lt=until)
    appeals = Fault.objects.filter(use__right=right, appealed_on__gte=since, appealed_on__lt=until)
    return [
        Figure(
            "visits_planned",
            "Lượt kiểm soát dự kiến",
            visits.filter(planned_on__gte=since, planned_on__lt=until).count(),
        ),
        Figure("visits", "Lượt kiểm soát đã làm", visits.filter(done_on__gte=since, done_on__lt=until).count()),
        Figure("results", "Kết quả thử nghiệm", results.count()),
        Figure("results_failed", "Kết quả thử nghiệm không đạt", results.filter(passed=False).count()),
        Figure("faults", "Điểm không phù hợp", faults.count()),
        Figure("faults_closed", "Điểm không phù hợp đã khép lại", faults.filter(state=FaultState.CLOSED).count()),
        Figure("sanctions", "Điểm không phù hợp đã xử lý", faults.exclude(sanction=Sanction.NONE).count()),
        Figure("appeals", "Khiếu nại", appeals.count()),
        Figure("appeals_right", "Khiếu nại đúng", appeals.filter(state=FaultState.LIFTED).count()),
    ]


def _incidents(right: Right, since: date, until: date) -> list[Figure]:
    rows = Incident.objects.filter(right=right, received_at__gte=_moment(since), received_at__lt=_moment(until))
    kinds = Counter(rows.values_list("kind", flat=True))
    states = Counter(rows.values_list("state", flat=True))
    return [
        *(Figure(f"incident_{kind.value}", kind.label, kinds[kind]) for kind in IncidentKind),
        Figure("incidents_handed", "Đã chuyển cơ quan thanh tra", rows.filter(handed_on__isnull=False).count()),
        Figure("incidents_concluded", IncidentState.CONCLUDED.label, states[IncidentState.CONCLUDED]),
        Figure("incidents_unfounded", IncidentState.UNFOUNDED.label, states[IncidentState.UNFOUNDED]),
        Figure("penalties", "Tiền phạt, đồng", rows.aggregate(sum=Sum("penalty_vnd"))["sum"] or 0, DONG),
    ]


def _fees(right: Right, since: date, until: date) -> list[Figure]:
    rows = UseFee.objects.filter(use__right=right)
    asked = rows.filter(demanded_on__gte=since, demanded_on__lt=until).aggregate(sum=Sum("amount_vnd"))["sum"] or 0
    paid = {
        row["cause"]: row["sum"]
        for row in rows.filter(paid_on__gte=since, paid_on__lt=until).values("cause").annotate(sum=Sum("amount_vnd"))
    }
    return [
        Figure("fees_asked", "Phí đã yêu cầu, đồng", asked, DONG),
        *(
            Figure(f"fee_{one.value}", f"Phí đã thu, đồng: {one.label}", paid.get(one.value, 0), DONG)
            for one in FeeCause
        ),
    ]


def _member_grid(
    right: Right, uses: list[UseRight], states: dict[int, UseState | None], since: date, until: date
) -> Grid:
    balances = {one.use_id: one for one in balances_of(right, since, until)}
    rows = []
    for use in uses:
        plots, one = list(use.plots.all()), balances.get(use.pk)
        state = states[use.pk]
        land = sum((plot.area_ha or Decimal(0) for plot in plots), Decimal(0))
        inside = 100 * sum(plot.least for plot in plots) / len(plots) if plots else None
        rows.append(
            (
                use.holder, use.number, state.label if state else "Hết hạn", len(plots), f"{land:.4f}",
                None if inside is None else f"{inside:.1f}", one.lots if one else 0,
                _kg(one.certified_kg if one else None), _kg(one.stamped_kg if one else None),
                one.issued if one else 0, one.voided if one else 0,
            )
        )  # fmt: skip
    columns = (
        ("Người sử dụng", TEXT), ("Số giấy chứng nhận", TEXT), ("Trạng thái cuối kỳ", TEXT), ("Thửa", COUNT),
        ("Diện tích, ha", KG), ("Trong khu vực, %", PERCENT), ("Lô chứng nhận", COUNT), ("Chứng nhận, kg", KG),
        ("Đã cấp tem, kg", KG), ("Tem đã cấp", COUNT), ("Tem hủy", COUNT),
    )  # fmt: skip
    return Grid("members", "Thành viên và khối lượng", columns, rows)


def _control_grid(right: Right, since: date, until: date) -> Grid:
    rows: list[tuple[str | int | None, ...]] = []
    in_year = Q(done_on__gte=since, done_on__lt=until)
    for tier in Tier:
        visits = ControlVisit.objects.filter(use__right=right, tier=tier)
        done = visits.filter(in_year)
        grades = Counter(Fault.objects.filter(visit__in=done).values_list("grade", flat=True))
        rows.append(
            (
                tier.label, visits.filter(planned_on__gte=since, planned_on__lt=until).count(), done.count(),
                done.values("use").distinct().count(),
                *(int(grades[grade]) for grade in FaultGrade),
            )
        )  # fmt: skip
    columns = (
        ("Cấp kiểm soát", TEXT), ("Dự kiến", COUNT), ("Đã làm", COUNT), ("Thành viên được kiểm tra", COUNT),
        *((grade.label, COUNT) for grade in FaultGrade),
    )  # fmt: skip
    return Grid("control", "Kiểm soát theo cấp", columns, rows)


def _incident_grid(right: Right, since: date, until: date) -> Grid:
    found = Incident.objects.filter(right=right, received_at__gte=_moment(since), received_at__lt=_moment(until))
    rows = [
        (
            one.code, IncidentKind(one.kind).label, f"{timezone.localdate(one.received_at):%d/%m/%Y}", one.place,
            IncidentState(one.state).label, one.handed_to.name if one.handed_to else "", one.decision, one.penalty_vnd,
        )
        for one in found.select_related("handed_to").order_by("id")
    ]  # fmt: skip
    columns = (
        ("Mã", TEXT), ("Loại", TEXT), ("Nhận ngày", TEXT), ("Nơi thấy", TEXT), ("Trạng thái", TEXT),
        ("Chuyển đến", TEXT), ("Quyết định xử lý", TEXT), ("Mức phạt, đồng", DONG),
    )  # fmt: skip
    return Grid("incidents", "Tin báo, phản ánh", columns, rows)


def _kg(value: Decimal | None) -> str:
    return f"{value or Decimal(0):.3f}"


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
