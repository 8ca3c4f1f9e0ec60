"""The whole way of a plan through the pages with Django's client: the same script that the browser test walks."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from flows.walking import Walker
from journey import CHANGED, PLAN_TEXT, START, Journey
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.orgs.models import User
from khcn.site.demo.loading import load

BACKEND = "django.contrib.auth.backends.ModelBackend"

pytestmark = pytest.mark.django_db


class Clock:
    """The time of the pages: this moment of the day, on the day that the script has reached."""

    def __init__(self) -> None:
        self.real = timezone.now
        self.ahead = timedelta()

    def now(self) -> datetime:
        """What `timezone.now` answers."""
        return self.real() + self.ahead

    def move_to(self, day: date) -> None:
        """Set the day."""
        self.ahead += day - timezone.localdate()


def test_plan_goes_from_its_file_to_applied_results_and_moved_figures(monkeypatch, settings, tmp_path) -> None:
    settings.SESSION_COOKIE_AGE = 20 * 366 * 24 * 3600  # nobody signs in anew though months go by
    call_command("load_reference", verbosity=0)
    load(today=date(2026, 11, 23))
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    walkers: dict[str, Walker] = {}

    def person(account: str = "", *, password: str = "") -> Walker:
        if account not in walkers:
            walkers[account] = Walker(Client())
            if password:
                assert walkers[account].client.login(username=account, password=password)
            elif account:
                walkers[account].client.force_login(User.objects.get(username=account), backend=BACKEND)
        return walkers[account]

    file = tmp_path / "ke-hoach-2026-2030.txt"
    file.write_text(PLAN_TEXT, "utf-8")
    clock.move_to(START)

    before, after = Journey(person=person, move_to=clock.move_to).walk(str(file))

    assert {code for code in before.targets if before.targets[code] != after.targets[code]} >= CHANGED
    assert (after.targets["T1"], after.targets["T7"]) == ("1", "100%")
    assert before.report != after.report
    assert verify_chain().holds
