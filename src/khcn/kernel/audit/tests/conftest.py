"""A short chain of acts to tamper with."""

from datetime import date
from uuid import UUID

import pytest
from django.db import transaction

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor

SYSTEM = Actor(uid=UUID(int=0), name="Hệ thống", on=date(2023, 5, 15), is_system=True)


@pytest.fixture
def chain(cast) -> list[AuditEntry]:
    """Five entries by two actors; the last one on a subject with before and after."""
    actors = [cast.actor(), cast.actor()]
    subject = cast.organisation("Sở Thử nghiệm")
    with transaction.atomic():
        return [
            record(
                by=actors[number % 2], verb="thu.sua", subject=subject,
                before={"ten": "Cũ", "so": number}, after={"ten": "Mới", "so": number + 1},
            )
            for number in range(5)
        ]  # fmt: skip
