"""Screens of one version: its table, drawing and cover, what changed, its way to effect, migration of its cases."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khcn.kernel.procedures.choices import CaseState, VersionState
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.forms.procedures import (
    ApproveForm,
    DeployForm,
    ReasonForm,
    TemplateForm,
)
from khcn.kernel.procedures.models import Case, ProcedureVersion
from khcn.kernel.procedures.permissions import may_approve, may_open_case, may_write_procedure
from khcn.kernel.procedures.queries import (
    definition_of,
    differences_between,
    preview_migration,
    step_lines,
    transitions_of,
    version_faults,
)
from khcn.kernel.procedures.services import (
    approve_version,
    deploy_version,
    migrate_cases,
    new_version,
    return_version,
    submit_version,
    upload_template,
    withdraw_version,
)
from khcn.web.acting import actor_of
from khcn.web.forms import KhcnForm
from khcn.web.screens import done, page, screen
from khcn.web.uploads import DOCX, check_upload


def version_named(uid: UUID) -> ProcedureVersion:
    """The version; not found raises Http404."""
    return get_object_or_404(
        ProcedureVersion.objects.select_related("procedure__owner", "author__person", "approver__person"), uid=uid
    )


def frame(request: HttpRequest, version: ProcedureVersion, tab: str) -> dict[str, Any]:
    """What every tab of a version shows."""
    actor = actor_of(request)
    author, approver = may_write_procedure(actor, version.procedure), may_approve(actor, version)
    draft = version.state == VersionState.DRAFT
    return {
        "tabs": _tabs(version, may_edit=author and draft),
        "version": version,
        "procedure": version.procedure,
        "tab": tab,
        "versions": version.procedure.versions.order_by("-issue_no", "-revision_no"),
        "may_edit": author and draft,
        "may_submit": author and draft,
        "may_review": approver and version.state == VersionState.IN_REVIEW,
        "may_deploy": approver and version.state == VersionState.APPROVED,
        "may_withdraw": (author if draft else approver)
        and version.state not in (VersionState.WITHDRAWN, VersionState.SUPERSEDED),
        "may_open": version.state == VersionState.EFFECTIVE and may_open_case(actor, version.procedure),
        "may_revise": author
        and not version.procedure.versions.filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW]).exists(),
        "running": Case.objects.filter(
            version_pinned=version, state__in=[CaseState.RUNNING, CaseState.PAUSED]
        ).count(),
    }  # fmt: skip


def _tabs(version: ProcedureVersion, *, may_edit: bool) -> list[tuple[str, str, str]]:
    """(key, title, address) of the parts of a version that the person may open."""
    offered = [("page", _("Nội dung"), "version_page")]
    if may_edit:
        offered += [("draw", _("Vẽ"), "version_draw"), ("table", _("Bảng các bước"), "version_table")]
    offered.append(("forms", _("Biểu mẫu"), "version_forms"))
    if may_edit:
        offered.append(("cover", _("Bìa"), "version_cover"))
    offered.append(("differences", _("Khác bản trước"), "version_differences"))
    if version.state == VersionState.EFFECTIVE:
        offered.append(("migration", _("Chuyển hồ sơ"), "version_migration"))
    return [(key, title, reverse(name, args=[version.uid])) for key, title, name in offered]


#: Running cases that a preview lists; the rest are counted.
MOVES_SHOWN = 200


@screen(methods=("GET", "HEAD"))
def version_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The step table, the drawing and the cover of a version."""
    version = version_named(uid)
    definition = definition_of(version)
    context = frame(request, version, "page") | {
        "lines": step_lines(definition),
        "definition": definition,
        "faults": version_faults(version) if version.state in (VersionState.DRAFT, VersionState.IN_REVIEW) else [],
        "history": transitions_of(subject_uid=version.uid),
        "approve_form": ApproveForm(), "return_form": ReasonForm(), "deploy_form": DeployForm(),
        "withdraw_form": ReasonForm(prefix="thu-hoi"), "templates": version.procedure.templates.select_related("file"),
        "template_form": TemplateForm(),
    }  # fmt: skip
    return page(request, "procedures/version_page.html", context)


@screen(methods=("GET", "HEAD"))
def version_differences(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What changed from another version; the one before unless named in `?voi=`."""
    version = version_named(uid)
    others = version.procedure.versions.exclude(pk=version.pk).order_by("-issue_no", "-revision_no")
    named = request.GET.get("voi", "")
    before = next((one for one in others if str(one.uid) == named), None) or others.filter(pk__lt=version.pk).first()
    found = differences_between(definition_of(before), definition_of(version)) if before else []
    context = frame(request, version, "differences") | {"before": before, "others": others, "differences": found}
    return page(request, "procedures/version_differences.html", context)


def _submit(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    submit_version(by=actor_of(request), version=version)
    return _("Đã trình phê duyệt.")


def _approve(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    approve_version(by=actor_of(request), version=version, **form.cleaned_data)
    return _("Đã phê duyệt.")


def _return(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    return_version(by=actor_of(request), version=version, **form.cleaned_data)
    return _("Đã trả lại người soạn.")


def _deploy(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    deploy_version(by=actor_of(request), version=version, **form.cleaned_data)
    return _("Quy trình đã có hiệu lực.")


def _withdraw(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    actor = actor_of(request)
    withdraw_version(by=actor, version=version, on=actor.on, **form.cleaned_data)
    return _("Đã thu hồi.")


def _template(request: HttpRequest, version: ProcedureVersion, form: KhcnForm) -> str:
    file = form.cleaned_data["file"]
    content = file.read()
    check_upload(content, file.name, allowed=(DOCX,))
    upload_template(
        by=actor_of(request), procedure=version.procedure, form_key=form.cleaned_data["form_key"],
        title=form.cleaned_data["title"], content=content,
    )  # fmt: skip
    return _("Đã tải mẫu in lên.")


ACTS: dict[str, tuple[type[KhcnForm], str | None, Callable[[HttpRequest, ProcedureVersion, Any], str]]] = {
    "trinh": (KhcnForm, None, _submit),
    "phe-duyet": (ApproveForm, None, _approve),
    "tra-lai": (ReasonForm, None, _return),
    "hieu-luc": (DeployForm, None, _deploy),
    "thu-hoi": (ReasonForm, "thu-hoi", _withdraw),
    "mau-in": (TemplateForm, None, _template),
}


@screen(methods=("POST",))
def version_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """One step of a version's way; refusals are told on the version's page."""
    if act not in ACTS:
        raise Http404
    version = version_named(uid)
    form_class, prefix, run = ACTS[act]
    form = form_class(request.POST, request.FILES, prefix=prefix)
    here = reverse("version_page", args=[version.uid])
    if form.is_valid():
        try:
            return done(request, run(request, version, form), here)
        except NotRunnable as refused:
            return page(request, "procedures/not_runnable.html", {"version": version, "refused": refused}, status=422)
    return page(
        request, "procedures/act_form.html", {"form": form, "version": version, "cancel": here}, status=form.status
    )


@screen(methods=("POST",))
def version_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin the next revision, or issue, as a copy."""
    version = version_named(uid)
    fresh = new_version(
        by=actor_of(request), procedure=version.procedure, from_version=version,
        reissue=request.POST.get("reissue") == "1",
    )  # fmt: skip
    return done(request, _("Đã lập bản nháp mới."), reverse("version_table", args=[fresh.uid]))


@screen
def version_migration(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which running cases of an older version can go over to this one, the first of them shown, and moving those."""
    target = version_named(uid)
    sources = target.procedure.versions.exclude(pk=target.pk).order_by("-issue_no", "-revision_no")
    named = request.POST.get("tu") or request.GET.get("tu", "")
    source = next((one for one in sources if str(one.uid) == named), None) or sources.first()
    mapping = _mapping(request)
    plan = preview_migration(source, target, mapping=mapping) if source else []
    if request.method == "POST" and source and request.POST.get("chuyen"):
        moved = migrate_cases(
            by=actor_of(request), source=source, target=target, cases=[one.case for one in plan if one.maps],
            mapping=mapping, reason=request.POST.get("reason", ""),
        )  # fmt: skip
        return done(request, _("Đã chuyển %(count)d hồ sơ.") % {"count": moved}, request.get_full_path())
    stuck = sorted({move.run.step_key: move.run.name for one in plan for move in one.moves if not move.maps}.items())
    context = frame(request, target, "migration") | {
        "source": source, "sources": sources, "plan": plan, "shown": plan[:MOVES_SHOWN],
        "unshown": max(len(plan) - MOVES_SHOWN, 0), "stuck": stuck, "mapping": mapping,
        "targets": definition_of(target).steps, "movable": sum(one.maps for one in plan),
        "mapping_json": json.dumps(mapping),
    }  # fmt: skip
    return page(request, "procedures/version_migration.html", context)


def _mapping(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {
        name.removeprefix("buoc-"): str(value) for name, value in sent.items() if name.startswith("buoc-") and value
    }
