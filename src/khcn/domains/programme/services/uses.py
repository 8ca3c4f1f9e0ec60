"""Watches a result in use: who uses it confirms it, and measures what it brings 6, 12 and 24 months after it began.

The procedure of putting results into use follows; whether a result counts as applied is `confirm_applied`'s to say.
"""

from datetime import date

from django.db import transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import ApplicationRecord, Task, UseMeasure
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.rules.procedure_steps import MEASURE_MONTHS, USE
from khcn.domains.programme.rules.uses import Use, is_measured, refusal
from khcn.domains.programme.services.procedure_cases import follow
from khcn.domains.programme.services.transitions import advance, log_clock_start, stop_running_clock
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role

YEARLY = "uptake.yearly_report"


def begin_watch(*, by: Actor, application: ApplicationRecord, on: date) -> None:
    """A use was confirmed: its measures fall due from the day it began; inside the caller's transaction."""
    task = application.product.task
    if task.uptake_state not in {"in_application", "applied"}:
        return
    for months in MEASURE_MONTHS:
        log_clock_start(subject=task, key=f"uptake.measure_{months}", on=application.used_from)
    follow(by=by, subject=task, machine=USE, event="confirm", on=on)
    _go_on(by, task, on)


def record_measure(
    *, by: Actor, application: ApplicationRecord, months: int, is_in_use: bool, evidence: str, on: date,
    stopped_on: date | None = None, scale: str = "", benefit: str = "", benefit_vnd: int | None = None,
) -> UseMeasure:  # fmt: skip
    """Write down what a confirmed use brings at a mark: whoever uses the result, or the standing body.

    is_in_use False: stopped_on says since when no longer; the use then ends that day for every figure. A measure after
    a year and later is the yearly report too. Raises Forbidden, Refused, NotNow.
    """
    task = application.product.task
    if application.user_organisation_id not in by.organisation_ids and Role.SPECIALIST not in roles_on(by, task):
        raise Forbidden("Chỉ đơn vị ứng dụng hoặc Sở được ghi số đo ứng dụng.")
    if application.confirmed_on is None:
        raise NotNow("Đơn vị ứng dụng chưa xác nhận việc ứng dụng nên chưa đo được.")
    if why := refusal(_use(application), months, marks=MEASURE_MONTHS, on=on):
        raise NotNow(why)
    if not evidence.strip():
        raise Refused("Ghi bằng chứng của số đo: biên bản, hóa đơn, ảnh, số liệu.", field="evidence")
    if not is_in_use and (stopped_on is None or not application.used_from <= stopped_on <= on):
        raise Refused("Ghi ngày thôi ứng dụng, từ ngày bắt đầu ứng dụng đến ngày đo.", field="stopped_on")
    if benefit_vnd is not None and benefit_vnd < 0:
        raise Refused("Giá trị làm lợi không được âm.", field="benefit_vnd")
    with transaction.atomic():
        application.claim(None)
        measure = UseMeasure.objects.create(
            application=application, months=months, measured_on=on, is_in_use=is_in_use, scale=scale.strip(),
            benefit=benefit.strip(), benefit_vnd=benefit_vnd, evidence=evidence.strip()[:300],
            measured_by_id=by.user_id,
        )  # fmt: skip
        if not is_in_use:
            application.used_to = stopped_on
        application.save()
        record(
            by=by, verb="application.measure", subject=application,
            after={"months": months, "is_in_use": is_in_use, "stopped_on": stopped_on, "on": on},
        )  # fmt: skip
        if months >= 12:
            stop_running_clock(subject=task, key=YEARLY, on=on)
            if months < max(MEASURE_MONTHS) and is_in_use:
                log_clock_start(subject=task, key=YEARLY, on=on)
        _go_on(by, task, on)
    return measure


def resume_uptake(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Watch a result again that was not applied, or was and is doubted; confirmed uses go on being measured."""
    with transaction.atomic():
        task.not_applied_reason = ""
        advance(by=by, subject=task, machine="uptake", event="resume", on=on, facts={}, note=reason)
        for application in _confirmed(task):
            if application.used_to is None:
                begin_watch(by=by, application=application, on=on)
    return task


def use_of(application: ApplicationRecord) -> Use:
    """The use as the rules see it; its measures are read where they were fetched before."""
    return _use(application)


def _go_on(by: Actor, task: Task, on: date) -> None:
    """Let the case go on over every mark at which nothing is left to measure."""
    uses = [_use(application) for application in _confirmed(task)]
    for months in MEASURE_MONTHS:
        if not is_measured(uses, months):
            return
        stop_running_clock(subject=task, key=f"uptake.measure_{months}", on=on)
        follow(by=by, subject=task, machine=USE, event=f"measure_{months}", on=on)


def _confirmed(task: Task) -> list[ApplicationRecord]:
    rows = ApplicationRecord.objects.filter(product__task=task, confirmed_on__isnull=False)
    return list(rows.select_related("product__task").prefetch_related("measures").order_by("id"))


def _use(application: ApplicationRecord) -> Use:
    measured = frozenset(measure.months for measure in application.measures.all())
    return Use(application.used_from, application.used_to, measured)
