"""What runs by itself, for those who administer the system: last run, result, next run; run one now."""

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.schedules.choices import JobRunState
from khcn.kernel.schedules.models import ScheduledRun
from khcn.kernel.schedules.queries import standing_of
from khcn.kernel.schedules.services import run_now
from khcn.lib.roles import Role
from khcn.site.schedule import JOBS
from khcn.web.acting import actor_of
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.writing import CellKind, Column

TITLES = {job.key: job.title for job in JOBS}


def _title(key: str) -> str:
    return _(TITLES.get(key, key))


RUNS = Export(
    name="lich-chay-tu-dong",
    title="CÁC LẦN CHẠY TỰ ĐỘNG",
    columns=[
        Column("Việc", width=50), Column("Theo lịch lúc", CellKind.DATETIME), Column("Trạng thái"),
        Column("Bắt đầu", CellKind.DATETIME), Column("Xong", CellKind.DATETIME), Column("Kết quả", width=30),
        Column("Số lần chạy", CellKind.INTEGER), Column("Lỗi", width=60),
    ],
    row=lambda run: (
        _title(run.job), run.slot_at, _(JobRunState(run.state).label), run.started_at, run.ended_at, run.result,
        run.attempts, run.error,
    ),
)  # fmt: skip


class RunFilter(django_filters.FilterSet):
    """Job and state of runs."""

    job = django_filters.ChoiceFilter(
        label=gettext_lazy("Việc"), choices=[(job.key, gettext_lazy(job.title)) for job in JOBS]
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[(value, gettext_lazy(label)) for value, label in JobRunState.choices()],
    )

    class Meta:
        model = ScheduledRun
        fields: list[str] = []


@screen(methods=("GET", "HEAD"))
def schedule_list(request: HttpRequest) -> HttpResponseBase:
    """Every job with its last run, then the runs, newest first."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN, Role.INSPECTOR)
    filters = filtered(RunFilter, request, ScheduledRun.objects.all())
    rows, ordering = order(filters.rows, request, {"slot": "slot_at", "job": "job", "state": "state"}, default="-slot")
    if RUNS.asked_for(request):
        return RUNS.respond(request, rows)
    found = paginate(rows, request)
    context = {
        "standings": standing_of(JOBS, now=timezone.now()), "filters": filters, "ordering": ordering, "page": found,
        "titles": TITLES, "may_run": actor.holds(Role.SYSADMIN),
    }  # fmt: skip
    return page(request, "site/schedule.html", context, part="list")


@screen(methods=("POST",))
def schedule_run(request: HttpRequest, key: str) -> HttpResponse:
    """Queue one job now."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    job = next((job for job in JOBS if job.key == key), None)
    if job is None:
        raise Http404
    run_now(by=actor, job=job, now=timezone.now())
    return done(request, _("Đã xếp hàng: %(job)s.") % {"job": _(job.title)}, reverse("schedule_list"))
