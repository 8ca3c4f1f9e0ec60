"""The warnings of the demonstration: a proposal that waits, one in force, one that ended, an exercise, damage.

Every bulletin, number and event here is invented; what goes out is marked as illustration and as a test to machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.utils import timezone

from khcn.domains.hazards.choices import ExceedanceState
from khcn.domains.hazards.models import Exceedance
from khcn.domains.hazards.services.evaluations import danger_of
from khcn.domains.warnings.choices import MessageKind, WarningChannel, WarningDeliveryState, WarningKind
from khcn.domains.warnings.drivers import SMS, ZALO
from khcn.domains.warnings.models import Delivery, MessageDraft, WarningCase, WarningParameter
from khcn.domains.warnings.queries.reference import all_units
from khcn.domains.warnings.services import cases, damage, drafts, issuing, sending
from khcn.domains.warnings.services.hearing import hear_danger
from khcn.kernel.audit.rules import canonical
from khcn.kernel.documents.choices import LegalStatus
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.site.demo.onestop_office import Place, place_of

CARRIERS = {WarningChannel.SMS: SMS, WarningChannel.ZALO: ZALO}
NORTH_EAST = ("Bù Gia Mập", "Đăk Ơ", "Đắk Ơ", "Phú Nghĩa", "Bù Đăng", "Lộc Ninh")


def tell_warnings(*, today: date, bodies: Mapping[str, Organisation], office: Actor) -> int:
    """Tell the warnings of some weeks; returns how many cases there are."""
    moment = timezone.localdate()  # warnings are approved by whoever holds the post at the moment itself
    place = place_of(bodies["BP-SKHCN"], moment, {"chuyenvien", "truongphong", "giamdoc"})
    now = timezone.now().replace(second=0, microsecond=0)
    WarningParameter.objects.get_or_create(
        key="duty_office", valid_from=date(2021, 7, 1),
        defaults={"name": "Cơ quan trực cảnh báo", "value": place.body.code, "basis": "Minh họa",
                  "status": LegalStatus.UNVERIFIED},
    )  # fmt: skip
    units = _units(today)
    _recipients(place, units)
    for held in Exceedance.objects.filter(state=ExceedanceState.OPEN, level__gt=0).select_related("evaluation__table"):
        hear_danger(canonical(asdict(danger_of(held))))
    _ended(place, units, now - timedelta(days=12))
    _exercise(place, units, now - timedelta(days=5))
    _relayed(place, units, now - timedelta(hours=2))
    _damage(place, units, now)
    for one in Delivery.objects.filter(state=WarningDeliveryState.SENT).order_by("pk")[:3]:
        sending.confirm_delivery(receipt=one.receipt, channel=WarningChannel(one.channel), now=now)
    return WarningCase.objects.count()


def _units(today: date) -> list[str]:
    """Communes of the north-east by their names, else the first ones."""
    every = all_units(today)
    named = [code for code, name in every if any(name.endswith(known) for known in NORTH_EAST)]
    return (named or [code for code, _name in every])[:4]


def _recipients(place: Place, units: list[str]) -> None:
    for number, unit in enumerate(units):
        sending.save_recipient(
            by=place.specialist, owner=place.body, name=f"Trực ban xã số {number + 1} (minh họa)",
            post="Chủ tịch Ủy ban nhân dân xã", channel=(WarningChannel.SMS, WarningChannel.ZALO)[number % 2],
            address=f"0900 000 {number + 1:03d}", units=[unit], hears_exercises=number == 0,
        )  # fmt: skip


def _send_out(place: Place, draft: MessageDraft, at: datetime) -> None:
    drafts.submit_message(by=place.specialist, draft=draft, now=at)
    drafts.approve_message(by=place.head, draft=draft, now=at + timedelta(minutes=4))
    issuing.issue_message(by=place.specialist, draft=draft, now=at + timedelta(minutes=6))
    sending.send_waiting(carriers=CARRIERS, now=at + timedelta(minutes=7))


def _write(
    place: Place, case: WarningCase, kind: MessageKind, at: datetime, reason: str = "", **changes: object
) -> None:
    draft = drafts.begin_message(by=place.specialist, case=case, kind=kind, reason=reason, now=at)
    if changes:
        drafts.write_message(by=place.specialist, draft=draft, changes=changes)
    _send_out(place, draft, at + timedelta(minutes=3))


def _ended(place: Place, units: list[str], at: datetime) -> None:
    """Whirlwinds: warned of, raised by an update, cancelled when they had passed."""
    case = cases.begin_case(
        by=place.specialist, owner=place.body, hazard="whirlwind_hail", hazard_name="Lốc, sét, mưa đá",
        kind=WarningKind.ORDER, now=at, is_illustration=True, place_name="phía bắc tỉnh",
    )  # fmt: skip
    _write(place, case, MessageKind.ALERT, at, level=1, units=units[:2], onset_at=at + timedelta(minutes=40),
           expires_at=at + timedelta(hours=6))  # fmt: skip
    _write(place, case, MessageKind.UPDATE, at + timedelta(hours=1), "Ổ mây dông lan rộng", level=2, units=units,
           expires_at=at + timedelta(hours=8))  # fmt: skip
    _write(place, case, MessageKind.CANCEL, at + timedelta(hours=4), "Mây dông đã tan")


def _exercise(place: Place, units: list[str], at: datetime) -> None:
    case = cases.begin_case(
        by=place.specialist, owner=place.body, hazard="flash_flood_slide", hazard_name="Lũ quét, sạt lở đất",
        kind=WarningKind.ORDER, is_exercise=True, exercise_name="Diễn tập ứng phó sạt lở (minh họa)", now=at,
        is_illustration=True, place_name="phía bắc tỉnh",
    )  # fmt: skip
    _write(place, case, MessageKind.ALERT, at, level=2, units=units[:1], expires_at=at + timedelta(hours=3))
    issuing.end_expired(by=place.specialist, now=at + timedelta(hours=4))


def _relayed(place: Place, units: list[str], at: datetime) -> None:
    """An official bulletin as it came, relayed at its own level, in force."""
    bulletin = cases.register_bulletin(
        by=place.specialist, owner=place.body, issuer="Đài Khí tượng Thủy văn (minh họa)", number="MLDR-01/MH",
        hazard="heavy_rain", issued_at=at - timedelta(minutes=20), next_due_at=at + timedelta(hours=12),
        content="Trong 24 giờ tới có mưa to cục bộ. Cấp độ rủi ro thiên tai do mưa lớn: cấp 1. (Bản tin minh họa.)",
        stated=dict.fromkeys(units, 1), now=at, is_illustration=True,
    )  # fmt: skip
    case = cases.begin_case(
        by=place.specialist, owner=place.body, hazard="heavy_rain", hazard_name="Mưa lớn", kind=WarningKind.RELAY,
        bulletin=bulletin, now=at, is_illustration=True, place_name="phía bắc tỉnh",
    )  # fmt: skip
    _write(place, case, MessageKind.ALERT, at)


def _damage(place: Place, units: list[str], now: datetime) -> None:
    told = damage.report_damage(
        by=place.specialist, hazard="whirlwind_hail", unit_code=units[0], houses=3, reporter="Tổ dân phố (minh họa)",
        happened_at=now - timedelta(days=12) + timedelta(hours=2), told="Tốc mái ba nhà, không ai bị thương.",
        is_illustration=True,
    )  # fmt: skip
    damage.decide_damage(by=place.specialist, report=told, accept=True)
    damage.report_damage(
        by=place.specialist, hazard="heavy_rain", unit_code=units[-1], houses=0, reporter="Trưởng thôn (minh họa)",
        happened_at=now - timedelta(hours=1), told="Ngầm tràn ngập 0,4 m, xe không qua được (minh họa).",
        is_illustration=True,
    )  # fmt: skip
