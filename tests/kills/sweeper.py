"""What is done by the clock, without pause: timers ring, overdue steps are told, lost deliveries queued again."""

import time

import django

django.setup()

from django.utils import timezone  # noqa: E402

from khcn.kernel.events.services import ABANDONED_AFTER, requeue_abandoned  # noqa: E402 - after Django is set up
from khcn.kernel.procedures.queries import system_actor  # noqa: E402
from khcn.kernel.procedures.services import fire_timers, tell_overdue  # noqa: E402

while True:
    fire_timers(by=system_actor())
    tell_overdue()
    requeue_abandoned(now=timezone.now() + ABANDONED_AFTER)  # at once: harder than in operation
    time.sleep(0.05)
