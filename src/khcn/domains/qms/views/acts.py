"""Every step of every machine as data: its form and its service; one view shows and runs them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.domains.qms import models
from khcn.domains.qms.forms import acts as forms
from khcn.domains.qms.permissions import duties_on, visible_systems
from khcn.domains.qms.rules.machines import MACHINES, Step
from khcn.domains.qms.services import (
    announcements,
    audits,
    changes,
    documents,
    inspections,
    nonconformities,
    reviews,
    scores,
)
from khcn.kernel.procedures.queries import transitions_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Stale
from khcn.web.acting import actor_of
from khcn.web.forms import form_difference
from khcn.web.screens import done, page, screen, version_of

Run = Callable[[Actor, Any, Any, int | None], Any]


@dataclass(frozen=True, slots=True)
class Governed:
    """Records with a machine: model, URL name of a record's page, URL name of their list."""

    model: type[Model]
    page: str
    index: str


@dataclass(frozen=True, slots=True)
class Act:
    """How one step is taken on the screen."""

    run: Run
    form: type[forms.ActForm] = forms.ActForm
    icon: str = "arrow-right"
    tone: str = ""
    initial: Callable[[Any], Mapping[str, Any]] = lambda record: {}


@dataclass(frozen=True, slots=True)
class Offered:
    """A step open to the asker now, with where its form is."""

    title: str
    address: str
    icon: str
    tone: str


GOVERNED: dict[str, Governed] = {
    "revision": Governed(models.DocumentRevision, "qms_revision_page", "qms_document_list"),
    "change_request": Governed(models.ChangeRequest, "qms_change_page", "qms_change_list"),
    "audit_programme": Governed(models.AuditProgramme, "qms_programme_page", "qms_audit_list"),
    "audit": Governed(models.Audit, "qms_audit_page", "qms_audit_list"),
    "nonconformity": Governed(models.Nonconformity, "qms_nc_page", "qms_nc_list"),
    "management_review": Governed(models.ManagementReview, "qms_review_page", "qms_review_list"),
    "announcement": Governed(models.Announcement, "qms_announcement_page", "qms_announcement_list"),
    "inspection": Governed(models.Inspection, "qms_inspection_page", "qms_inspection_list"),
    "agency_year": Governed(models.AgencyYear, "qms_year_page", "qms_year_list"),
}


def _plain(service: Callable[..., Any], name: str) -> Run:
    """Call a service that takes the record under `name`, and the form's values."""
    return lambda by, record, form, version: service(
        by=by, expected_version=version, **{name: record}, **form.cleaned_data
    )


D, C, A, N, R, P, S = documents, changes, audits, nonconformities, reviews, announcements, scores
ACTS: dict[tuple[str, str], Act] = {
    ("revision", "submit"): Act(_plain(D.submit_revision, "revision"), icon="send", tone="primary"),
    ("revision", "review"): Act(_plain(D.review_revision, "revision"), forms.NoteForm, "eye-check"),
    ("revision", "return"): Act(_plain(D.return_revision, "revision"), forms.ReasonForm, "arrow-back-up"),
    ("revision", "approve"): Act(
        _plain(D.approve_revision, "revision"), forms.ApproveRevisionForm, "circle-check", "primary"
    ),
    ("revision", "bring_into_effect"): Act(_plain(D.bring_into_effect, "revision"), icon="bolt", tone="primary"),
    ("revision", "withdraw"): Act(_plain(D.withdraw_revision, "revision"), forms.ReasonForm, "trash"),
    ("change_request", "assess"): Act(
        _plain(C.assess_change, "change"), forms.AssessForm, "scale", "primary",
        lambda record: {
            "impact_documents": record.impact_documents, "impact_training": record.impact_training,
            "case_policy": record.case_policy,
        },
    ),
    ("change_request", "approve"): Act(
        lambda by, record, form, version: C.decide_change(
            by=by, change=record, is_approved=True, expected_version=version
        ),
        icon="circle-check", tone="primary",
    ),
    ("change_request", "refuse"): Act(
        lambda by, record, form, version: C.decide_change(
            by=by, change=record, is_approved=False, expected_version=version, **form.cleaned_data
        ),
        forms.ReasonForm, "circle-x",
    ),
    ("change_request", "finish"): Act(_plain(C.finish_change, "change"), icon="flag", tone="primary"),
    ("audit_programme", "submit"): Act(_plain(A.submit_programme, "programme"), icon="send", tone="primary"),
    ("audit_programme", "return"): Act(_plain(A.return_programme, "programme"), forms.ReasonForm, "arrow-back-up"),
    ("audit_programme", "approve"): Act(_plain(A.approve_programme, "programme"), icon="circle-check", tone="primary"),
    ("audit", "notify"): Act(_plain(A.notify_audit, "audit"), icon="send", tone="primary"),
    ("audit", "start"): Act(_plain(A.start_audit, "audit"), icon="player-play", tone="primary"),
    ("audit", "report"): Act(_plain(A.report_audit, "audit"), forms.ConclusionForm, "report", "primary"),
    ("audit", "close"): Act(_plain(A.close_audit, "audit"), icon="flag", tone="primary"),
    ("audit", "cancel"): Act(_plain(A.cancel_audit, "audit"), forms.ReasonForm, "circle-x"),
    ("nonconformity", "open"): Act(
        _plain(N.open_analysis, "nonconformity"), forms.OpenForm, "user-share", "primary",
        lambda record: {"owner": record.owner_id, "severity": record.severity, "due_on": record.due_on},
    ),
    ("nonconformity", "plan"): Act(
        lambda by, record, form, version: N.propose_plan(
            by=by, nonconformity=record, expected_version=version, correction=form.cleaned_data["correction"],
            whys=form.whys(), root_cause=form.cleaned_data["root_cause"], actions=form.lines(),
        ),
        forms.PlanForm, "list-check", "primary",
        lambda record: {
            "correction": record.correction, "root_cause": record.root_cause,
            **{f"why_{index}": why for index, why in enumerate(record.whys, 1)},
        },
    ),
    ("nonconformity", "return_plan"): Act(_plain(N.return_plan, "nonconformity"), forms.ReasonForm, "arrow-back-up"),
    ("nonconformity", "approve_plan"): Act(
        _plain(N.approve_plan, "nonconformity"), icon="circle-check", tone="primary"
    ),
    ("nonconformity", "finish"): Act(_plain(N.finish_actions, "nonconformity"), icon="flag", tone="primary"),
    ("nonconformity", "close"): Act(_plain(N.close_nonconformity, "nonconformity"), forms.CloseForm, "lock", "primary"),
    ("nonconformity", "reopen"): Act(_plain(N.reopen_nonconformity, "nonconformity"), forms.ReasonForm, "refresh"),
    ("nonconformity", "cancel"): Act(_plain(N.cancel_nonconformity, "nonconformity"), forms.ReasonForm, "circle-x"),
    ("management_review", "freeze"): Act(_plain(R.freeze_inputs, "review"), icon="snowflake", tone="primary"),
    ("management_review", "hold"): Act(
        lambda by, record, form, version: R.hold_review(
            by=by, review=record, expected_version=version, decisions=form.lines(),
            **{name: form.cleaned_data[name] for name in ("held_on", "attendees", "minutes")},
        ),
        forms.MinutesForm, "notes", "primary",
    ),
    ("management_review", "sign"): Act(_plain(R.sign_minutes, "review"), icon="writing-sign", tone="primary"),
    ("management_review", "follow_up"): Act(_plain(R.end_follow_up, "review"), icon="flag", tone="primary"),
    ("announcement", "confirm"): Act(
        _plain(P.confirm_announcement, "announcement"), icon="circle-check", tone="primary"
    ),
    ("announcement", "publish"): Act(
        lambda by, record, form, version: P.publish_announcement(
            by=by, announcement=record, expected_version=version, **form.values()
        ),
        forms.PublishForm, "speakerphone", "primary",
    ),
    ("inspection", "check"): Act(_plain(inspections.begin_check, "inspection"), icon="player-play", tone="primary"),
    ("inspection", "conclude"): Act(
        _plain(inspections.conclude_inspection, "inspection"), forms.ConclusionForm, "report", "primary"
    ),
    ("inspection", "report"): Act(_plain(inspections.report_inspection, "inspection"), icon="flag", tone="primary"),
    ("agency_year", "confirm"): Act(
        _plain(S.confirm_year, "agency_year"), forms.ConfirmYearForm, "circle-check", "primary"
    ),
    ("agency_year", "revoke"): Act(_plain(S.revoke_year, "agency_year"), forms.ReasonForm, "circle-x"),
}  # fmt: skip


def offered(actor: Actor, machine: str, record: Any) -> list[Offered]:
    """The steps that the asker may take on the record now."""
    duties = duties_on(actor, record.system, record)
    return [
        Offered(
            _(step.label), reverse("qms_act", args=[machine, record.uid, step.event]), ACTS[machine, step.event].icon,
            ACTS[machine, step.event].tone,
        )
        for step in MACHINES[machine].open_steps(record.state, duties)
        if (machine, step.event) in ACTS
    ]  # fmt: skip


def history(record: Any) -> Any:
    """The record's steps with their names, newest first: (name, moment, who, note)."""
    rows = []
    for row in transitions_of(subject_uid=record.uid).order_by("-id"):
        machine = MACHINES.get(row.machine.removeprefix("qms."))
        step: Step | None = machine.by_event.get(row.event) if machine else None
        rows.append({"title": _(step.label) if step else row.event, "at": row.at, "by": row.by_name, "note": row.note})
    return rows


@screen
def act(request: HttpRequest, machine: str, uid: UUID, event: str) -> HttpResponse:
    """Show a step's form, or take the step and go back to the record."""
    governed, how = GOVERNED.get(machine), ACTS.get((machine, event))
    if governed is None or how is None:
        raise Http404
    actor = actor_of(request)
    rows = governed.model._default_manager.filter(system__in=visible_systems(actor))
    record: Any = get_object_or_404(rows.select_related("system__organisation"), uid=uid)
    step = MACHINES[machine].step(event)
    back = reverse(governed.page, args=[record.uid])
    sent = request.method == "POST"
    form = how.form(
        request.POST if sent else None, request.FILES if sent else None, record=record,
        initial=dict(how.initial(record)),
    )  # fmt: skip
    if sent and form.is_valid() and version_of(request) not in (None, record.version):
        # Said here with the difference; the service, which holds the record, refuses it as well.
        raise Stale(difference=form_difference(form, how.initial(record), record, str(_(step.label))))
    if step not in MACHINES[machine].open_steps(record.state, duties_on(actor, record.system, record)):
        raise Forbidden(_("Bạn không có quyền làm việc này, hoặc việc này không thực hiện được ở trạng thái hiện tại."))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            how.run(actor, record, form, version_of(request))
            return done(request, _("Đã ghi: %(step)s.") % {"step": _(step.label)}, back)
    context = {
        "form": form, "record": record, "step": step, "how": how, "back": back, "index": reverse(governed.index),
        "machine": MACHINES[machine], "system": record.system,
    }  # fmt: skip
    return page(request, "qms/act.html", context, status=form.status)
