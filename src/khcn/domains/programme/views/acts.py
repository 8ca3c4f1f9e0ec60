"""Acts on a record as data: who sees them, the form they ask for, the service they call; one view runs them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.execution import ActForm
from khcn.domains.programme.models import Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.rules.transitions import permitted_events
from khcn.domains.programme.services.edits import held_as_seen, refuse_unless_as_seen
from khcn.domains.programme.services.transitions import STATE_FIELDS
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.forms import form_difference
from khcn.web.screens import done, page, version_of

Shown = Callable[[Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person may do to a task or a part of it.

    run(actor, subject, form, version) calls the service. shown(actor, subject) decides whether the act is offered;
    the service decides again. part: finds the part by its uid on the task, None when the subject is the task itself.
    initial: what the form shows of the stored record, by field. record: the record that the act changes, where that is
    not the subject; None while there is none. is_addition: the act adds a record of its own and writes over nothing, so
    that it may be sent though the subject has changed.
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
    record: Callable[[Any], Model | None] = field(default=lambda subject: subject)
    is_addition: bool = False

    def version(self, subject: Any) -> int | str:
        """What the form carries to find out whether somebody else saved meanwhile; 0: there was nothing yet."""
        if self.is_addition:
            return ""
        record = self.record(subject)
        return 0 if record is None else state_mark(record)


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
    actor: Actor = actor_of(request)
    form = act.form(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=dict(act.initial(subject)),
        subject=subject,
        actor=actor,
    )
    seen = None if act.is_addition or request.method != "POST" else version_of(request)
    difference = partial(_difference, act, subject, form)
    if not act.shown(actor, subject):
        # What somebody else just did may be why: then the person is told that, and shown the difference.
        if form.is_bound and form.is_valid():
            refuse_unless_as_seen(act.record(subject), seen, difference)
        raise Forbidden(_("Bạn không có quyền làm việc này, hoặc việc này không thực hiện được ở trạng thái hiện tại."))
    if request.method == "POST" and form.is_valid():
        with form.refusals(), held_as_seen(act.record(subject), seen, difference):
            act.run(actor, subject, form, seen)
            return done(request, str(act.message), back)
    context = {
        "act": act,
        "form": form,
        "task": task,
        "subject": subject,
        "back": back,
        "version": act.version(subject),
    }
    return page(request, template, context, status=form.status)


def _difference(act: Act, subject: Any, form: ActForm) -> list[tuple[str, str, str]]:
    now = type(subject)._default_manager.get(pk=subject.pk)
    return form_difference(form, act.initial(now), now, str(act.title))
