"""The home page: what waits for me, what I may begin, and the panels of the domains."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.queries import open_notices_of
from khcn.kernel.procedures.queries import clocks_waiting_for
from khcn.web.acting import actor_of
from khcn.web.panels import actions_for, panels_for
from khcn.web.screens import page, screen

SHOWN = 12


@screen
def home(request: HttpRequest) -> HttpResponse:
    """`/`: running clocks by due date, approvals and open notices, quick actions, panels."""
    actor = actor_of(request)
    today = timezone.localdate()
    clocks = clocks_waiting_for(actor)
    counts = clocks.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    notices = list(open_notices_of(actor)[:100])
    approvals = [notice for notice in notices if notice.kind == NoticeKind.APPROVE]
    others = [notice for notice in notices if notice.kind != NoticeKind.APPROVE]
    panels = panels_for(actor)
    context = {
        "today": today,
        "clocks": list(clocks[:SHOWN]),
        "counts": counts,
        "approvals": approvals[:SHOWN],
        "notices": others[:6],
        "quick_actions": actions_for(actor),
        "main_panels": [panel for panel in panels if not panel.side],
        "side_panels": [panel for panel in panels if panel.side],
    }
    return page(request, "site/home.html", context)
