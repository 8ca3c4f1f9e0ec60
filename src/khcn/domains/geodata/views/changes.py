"""Proposals: the list, a new one, one with before and after, and the steps it may take."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.ops import split, unary_union

from khcn.domains.geodata.choices import Access, LayerChangeKind, LayerChangeState
from khcn.domains.geodata.forms.changes import PREFIX, ChangeForm, NoteForm
from khcn.domains.geodata.forms.filters import ChangeFilter
from khcn.domains.geodata.models import ChangeProposal, Feature
from khcn.domains.geodata.permissions import clearance, may_approve, may_check, may_edit, visible_layers
from khcn.domains.geodata.queries.features import View, state_of
from khcn.domains.geodata.rules.steps import events_from
from khcn.domains.geodata.services import changes
from khcn.domains.geodata.services.versions import NewObject
from khcn.domains.geodata.views.acting import map_of, proposal_for, view_for
from khcn.lib.failure import Refused
from khcn.web.acting import actor_of
from khcn.web.listing import filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of

LABELS = {
    "check": "Xác nhận đã kiểm tra", "return": "Trả lại", "reject": "Không chấp nhận", "approve": "Duyệt",
    "apply": "Cập nhật vào lớp",
}  # fmt: skip
_WITH_NOTE = ("check", "return", "reject", "approve")


@screen
def change_list(request: HttpRequest) -> HttpResponseBase:
    """Proposals of the layers that the actor keeps, shares or oversees."""
    actor = actor_of(request)
    own = [layer.pk for layer in visible_layers(actor) if clearance(actor, layer) == Access.RESTRICTED]
    rows = ChangeProposal.objects.filter(layer__in=own).select_related("layer", "proposed_by__person")
    filters = filtered(ChangeFilter, request, rows)
    orders = {"code": "code", "proposed": "proposed_at", "effective": "effective_on", "state": "state"}
    found, ordering = order(filters.rows, request, orders, default="-proposed")
    return page(request, "geodata/change_list.html",
                {"filters": filters, "ordering": ordering, "page": paginate(found, request)}, part="list")  # fmt: skip


@screen
def change_new(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """Propose a change; what it starts from stands in `?ma=`."""
    view, actor = view_for(request, key), actor_of(request)
    if kind not in LayerChangeKind.values() or not may_edit(actor, view.layer):
        raise Http404
    act, code = LayerChangeKind(kind), request.GET.get("ma", "")
    state = state_of(view, code) if code else None
    if act is not LayerChangeKind.ADD and state is None:
        raise Http404
    form = ChangeForm(request.POST or None, view=view, kind=act, initial=_initial(view, state, act))
    if form.is_valid():
        with form.refusals():
            codes, objects = _asked(form, view, act, state)
            proposal = changes.propose_change(
                by=actor, layer=view.layer, kind=act, codes=codes, objects=objects,
                effective_on=form.cleaned_data["effective_on"], reason=form.cleaned_data["reason"],
                evidence=form.cleaned_data["evidence"],
            )  # fmt: skip
            return done(request, _("Đã gửi đề nghị %(code)s.") % {"code": proposal.code},
                        reverse("map_change_page", args=[proposal.uid]))  # fmt: skip
    shown = {"type": "Feature", "properties": {}, "geometry": state.geometry.__geo_interface__} if state else None
    context = {
        "form": form, "layer": view.layer, "state": state, "label": act.label,
        "map": map_of(view, on=actor.on, shown=shown, draw=True, **(
            {"bounds": list(state.geometry.buffer(0.01).bounds)} if state else {})),
        "back": reverse("map_object", args=[key, code]) if state else reverse("map_layer", args=[key]),
    }  # fmt: skip
    return page(request, "geodata/change_form.html", context, status=form.status)


@screen
def change_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One proposal with before and after on the map and in a table."""
    proposal, actor = proposal_for(request, uid), actor_of(request)
    view = view_for(request, proposal.layer.key)
    shapes = [("before", item) for item in proposal.before] + [("after", item) for item in proposal.after]
    collection = [
        {"type": "Feature", "properties": {"side": side, "ma": item["code"]}, "geometry": item["geometry"]}
        for side, item in shapes
    ]  # fmt: skip
    bounds = unary_union([shape(item["geometry"]) for _side, item in shapes]).buffer(0.005).bounds
    context = {
        "proposal": proposal, "layer": proposal.layer, "rows": _differences(view, proposal),
        "map": {**map_of(view, on=proposal.effective_on), "bounds": list(bounds),
                "change": {"type": "FeatureCollection", "features": collection}},
        "acts": [(event, LABELS[event]) for event in _open_to(actor, proposal)],
    }  # fmt: skip
    return page(request, "geodata/change_page.html", context)


@screen
def change_act(request: HttpRequest, uid: str, event: str) -> HttpResponseBase:
    """Take one step with a proposal, with a word where one is due."""
    proposal, actor = proposal_for(request, uid), actor_of(request)
    if event not in LABELS:
        raise Http404
    back = reverse("map_change_page", args=[uid])
    form = NoteForm(request.POST or None) if request.POST else NoteForm()
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            _take(event, actor, proposal, form.cleaned_data.get("note") or "", version_of(request))
            return done(request, _("Đã ghi."), back)
    context = {"form": form, "label": LABELS[event], "back": back, "version": proposal.version, "title": proposal.code}
    return page(request, "geodata/form.html", context, status=form.status)


def _take(event: str, actor: Any, proposal: ChangeProposal, note: str, expected: int | None) -> None:
    match event:
        case "check":
            changes.check_change(by=actor, proposal=proposal, note=note, expected_version=expected)
        case "return":
            changes.return_change(by=actor, proposal=proposal, note=note, expected_version=expected)
        case "reject":
            changes.reject_change(by=actor, proposal=proposal, note=note, expected_version=expected)
        case "approve":
            changes.approve_change(by=actor, proposal=proposal, note=note, expected_version=expected)
        case _:
            changes.apply_change(by=actor, proposal=proposal)


def _open_to(actor: Any, proposal: ChangeProposal) -> list[str]:
    layer, own = proposal.layer, proposal.proposed_by_id == actor.user_id
    allowed = {
        "check": may_check(actor, layer) and not own, "return": may_check(actor, layer),
        "reject": may_check(actor, layer), "approve": may_approve(actor, layer) and not own,
        "apply": may_edit(actor, layer) or may_approve(actor, layer),
    }  # fmt: skip
    if LayerChangeState(proposal.state) is LayerChangeState.APPROVED and proposal.effective_on > actor.on:
        allowed["apply"] = False
    return [event for event in events_from(LayerChangeState(proposal.state)) if allowed.get(event)]


def _initial(view: View, state: Feature | None, act: LayerChangeKind) -> dict[str, Any]:
    if state is None:
        return {}
    found = {PREFIX + field.name: _shown(state.properties.get(field.name)) for field in view.fields}
    return found if act in (LayerChangeKind.MODIFY, LayerChangeKind.MERGE) else {}


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return int(value) if isinstance(value, float) and value == int(value) else value


def _asked(
    form: ChangeForm, view: View, act: LayerChangeKind, state: Feature | None
) -> tuple[list[str], list[NewObject]]:
    data = form.cleaned_data
    seen = {field.name for field in view.fields}
    hidden = {k: v for k, v in state.properties.items() if k not in seen} if state else {}
    if act is LayerChangeKind.ADD:
        return [], [NewObject(data["code"], data["geometry"], form.properties)]
    if state is None:
        return [], []
    access = Access(state.access)
    match act:
        case LayerChangeKind.RETIRE:
            return [state.code], []
        case LayerChangeKind.MODIFY:
            geometry = data["geometry"] if data["geometry"] is not None else state.geometry
            return [state.code], [NewObject(state.code, geometry, {**hidden, **form.properties}, access)]
        case LayerChangeKind.SPLIT:
            parts = list(split(state.geometry, data["line"]).geoms)
            if len(parts) < 2:
                raise Refused("Đường tách phải cắt qua đối tượng từ mép này sang mép kia.", field="line")
            return [state.code], [
                NewObject(f"{state.code}-{place}", part, dict(state.properties), access)
                for place, part in enumerate(parts, start=1)
            ]
    codes = [state.code, *(one.strip() for one in data["codes"].split(",") if one.strip())]
    found = list(Feature.objects.filter(layer=view.layer, code__in=codes, valid_to=None))
    whole = unary_union([one.geometry for one in found])
    return codes, [NewObject(data["code"], whole, {**hidden, **form.properties}, access)]


def _differences(view: View, proposal: ChangeProposal) -> list[tuple[str, str, Any, Any, bool]]:
    """(code, field's title, before, after, differs) for every field of every object."""
    before = {item["code"]: item for item in proposal.before}
    after = {item["code"]: item for item in proposal.after}
    rows = []
    for code in dict.fromkeys([*before, *after]):
        old, new = before.get(code), after.get(code)
        for field in view.fields:
            one = old["properties"].get(field.name) if old else None
            other = new["properties"].get(field.name) if new else None
            if one is not None or other is not None:
                rows.append((code, field.heading, one, other, one != other))
        same = bool(old and new and shape(old["geometry"]).equals(shape(new["geometry"])))
        rows.append(
            (code, _("Hình"), _("có") if old else None, _("như cũ") if same else _("mới") if new else None, not same)
        )
    return rows
