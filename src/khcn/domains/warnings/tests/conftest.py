"""An agency that warns, with people of each kind, three communes, and the words and numbers of warnings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from khcn.domains.warnings.choices import MessageKind, WarningChannel
from khcn.domains.warnings.models import CapMessage
from khcn.domains.warnings.services import drafts, hearing, issuing, sending
from khcn.domains.warnings.services.reference import load_warnings
from khcn.kernel.audit.rules import canonical
from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.models import AdministrativeUnit
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

SEEN = {
    "source": "hazards", "hazard": "heavy_rain", "hazard_name": "Mưa lớn", "place": "", "place_name": "Toàn tỉnh",
    "level": 1, "outcome": "level", "clauses": ["44.1"], "decision": "18/2021/QĐ-TTg", "article": "44",
    "units": ["70001", "70002"], "evaluation": "e", "exceedance": "x-1", "is_illustration": False,
    "facts": [["rain_24h_mm", "134.0"]],
}  # fmt: skip


@pytest.fixture
def world(cast):
    """`world.case()` makes a proposal of heavy rain; `world.issued()` sends its first message out."""
    for number in (1, 2, 3):
        AdministrativeUnit.objects.create(
            code=f"7000{number}", name=f"Xã {number}", level=UnitLevel.COMMUNE, latitude=11 + number / 10, longitude=107
        )
    today = timezone.localdate()
    owner = cast.organisation("Sở Nông nghiệp thử", code="SNN")

    def actor(*roles, organisation=owner):
        return cast.actor(*roles, organisation=organisation, on=today)

    made = SimpleNamespace(
        owner=owner, cast=cast, today=today, writer=actor(Role.SPECIALIST), head=actor(Role.HEAD),
        director=actor(Role.DIRECTOR), stranger=actor(Role.HEAD, organisation=cast.organisation("Sở khác")),
        host=actor(Role.HOST, organisation=cast.organisation("Doanh nghiệp")),
        system=Actor(uid=owner.uid, name="Hệ thống", on=today, is_system=True),
        now=timezone.now().replace(microsecond=0),
    )  # fmt: skip
    load_warnings(by=made.system, folder=Path(settings.ROOT) / "data" / "reference" / "warnings")

    def case(**changes):
        seen_at = (made.now - timedelta(minutes=5)).isoformat()
        told = SEEN | {"observed_at": seen_at, "seen_at": seen_at} | changes
        hearing.hear_danger(canonical(told))
        from khcn.domains.warnings.models import WarningCase

        return WarningCase.objects.get(seen_key=f"hazards:{told['exceedance']}", state="proposed")

    def written(of=None, kind=MessageKind.ALERT, **changes):
        of = of or case()
        draft = drafts.begin_message(by=made.writer, case=of, kind=kind, reason=changes.pop("reason", ""))
        if changes:
            drafts.write_message(by=made.writer, draft=draft, changes=changes)
        return draft

    def issued(draft=None, *, now=None, **changes) -> CapMessage:
        draft = draft or written(**changes)
        now = now or made.now
        drafts.submit_message(by=made.writer, draft=draft, now=now)
        drafts.approve_message(by=made.head if (draft.level or 0) < 3 else made.director, draft=draft, now=now)
        return issuing.issue_message(by=made.writer, draft=draft, now=now)

    def recipient(channel=WarningChannel.SMS, address="0900000001", **more):
        values = {"name": f"Chủ tịch {address}", **more}
        return sending.save_recipient(by=made.writer, owner=owner, channel=channel, address=address, **values)

    made.case, made.written, made.issued, made.recipient = case, written, issued, recipient
    return made


LONG_AGO = datetime(2016, 2, 16, 1, tzinfo=UTC)
