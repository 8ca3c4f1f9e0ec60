"""Acts on a record as data: who sees them, the form they ask for, the service they call; one view runs them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.execution import ActForm
from khcn.domains.programme.models import Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.transitions import permitted_events
from khcn.domains.programme.services.transitions import STATE_FIELDS
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.web.screens import done, page, version_of

Shown = Callable[[Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person may do to a task or a part of it.

    run(actor, subject, form, version) calls the service. shown(actor, subject) decides whether the act is offered;
    the service decides again. part: finds the part by its uid on the task, None when the subject is the task itself.
    """

    slug: str
    title: Any
    form: type[ActForm]
    run: Callable[[Actor, Any, Any, int | None], Any]
    shown: Shown
    message: Any
    group: str = "task"
    icon: str = "arrow-right"
    tone: str = ""
    help: Any = ""
    part: Callable[[Task, UUID], Any] | None = None
    initial: Callable[[Any], Mapping[str, Any]] = field(default=lambda subject: {})


def by_event(machine: str, *events: str) -> Shown:
    """Offered when the machine permits one of the events to the actor's roles on the record now."""

    def shown(actor: Actor, subject: Any) -> bool:
        state = getattr(subject, STATE_FIELDS.get(machine, "state"))
        permitted = permitted_events(MACHINES[machine], state, roles_on(actor, subject))
        return any(item.event in events for item in permitted)

    return shown


def by_role(*roles: str, when: Callable[[Any], bool] = lambda subject: True) -> Shown:
    """Offered to those who hold one of the roles on the record, when the condition holds."""

    def shown(actor: Actor, subject: Any) -> bool:
        return when(subject) and bool(roles_on(actor, subject) & set(roles))

    return shown


def offered(acts: Mapping[str, Act], actor: Actor, subject: Any, *, group: str) -> list[Act]:
    """The acts of a group that the actor may take on the subject now."""
    return [act for act in acts.values() if act.group == group and act.shown(actor, subject)]


def run_act(
    request: HttpRequest,
    act: Act,
    subject: Any,
    *,
    task: Task | None,
    back: str,
    template: str = "programme/tasks/act.html",
) -> HttpResponse:
    """Show the act's form, or run it and go back to the record with a sentence."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not act.shown(actor, subject):
        raise Forbidden(_("Việc này không dành cho bạn hoặc không còn làm được ở trạng thái hiện tại."))
    form = act.form(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=dict(act.initial(subject)),
        subject=subject,
        actor=actor,
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            act.run(actor, subject, form, version_of(request))
            return done(request, str(act.message), back)
    context = {
        "act": act,
        "form": form,
        "task": task,
        "subject": subject,
        "back": back,
        "version": subject_version(subject),
    }
    return page(request, template, context, status=form.status)


def subject_version(subject: Any) -> int | str:
    """The version the form is filled from; empty for records without one."""
    return getattr(subject, "version", "")
