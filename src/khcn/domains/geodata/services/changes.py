"""Proposed changes: written against states, checked by rules of topology, decided by another, then applied."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from shapely.geometry import shape

from khcn.domains.geodata.choices import Access, LayerChangeKind, LayerChangeState
from khcn.domains.geodata.errors import ChangeStepRefused, ObjectMoved, TopologyBroken
from khcn.domains.geodata.models import ChangeProposal, Feature, Layer, LayerVersion
from khcn.domains.geodata.permissions import may_approve, may_check, may_edit, require
from khcn.domains.geodata.queries.topology import findings_of
from khcn.domains.geodata.rules.fields import read_values
from khcn.domains.geodata.rules.steps import STEPS
from khcn.domains.geodata.services.versions import NewObject, check_code, check_shape, write_version
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import next_number
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.text import fold

_SIZES = {
    LayerChangeKind.ADD: ((0, 0), (1, 500)), LayerChangeKind.MODIFY: ((1, 1), (1, 1)),
    LayerChangeKind.SPLIT: ((1, 1), (2, 50)), LayerChangeKind.MERGE: ((2, 50), (1, 1)),
    LayerChangeKind.RETIRE: ((1, 500), (0, 0)),
}  # fmt: skip


def propose_change(
    *, by: Actor, layer: Layer, kind: LayerChangeKind, codes: Sequence[str] = (), objects: Sequence[NewObject] = (),
    effective_on: date, reason: str, evidence: str = "", now: datetime | None = None,
) -> ChangeProposal:  # fmt: skip
    """Propose to add, modify, split, merge or retire objects. A broken rule of topology is noted, not refused.

    codes: the objects that the change starts from. objects: as they shall be; values are read as fields ask. Raises
    Refused naming what does not fit.
    """
    require(may_edit(by, layer), "Việc này dành cho người được đề nghị biến động của lớp.")
    if not reason.strip():
        raise Refused("Ghi lý do biến động.", field="reason")
    before = _current(layer, codes)
    after = [_checked(layer, one) for one in objects]
    _check_sizes(kind, before, after)
    _check_codes(layer, kind, before, after)
    now = now or timezone.now()
    year = timezone.localtime(now).year
    with transaction.atomic():
        number = next_number(series="map_change", year=year)
        proposal = ChangeProposal.objects.create(
            layer=layer, code=f"BD-{year}-{number:04d}", kind=kind, effective_on=effective_on,
            reason=reason.strip()[:600], evidence=evidence.strip()[:400],
            before=[state.snapshot() for state in before], after=[_described(one) for one in after],
            findings=_findings(layer, after, before), proposed_by_id=by.user_id, proposed_at=now,
            folded=fold(f"{reason} {layer.title} {' '.join(one.code for one in after or before)}")[:400],
        )  # fmt: skip
        record(
            by=by, verb="map_change.propose", subject=proposal,
            after={"layer": layer.key, "kind": kind, "codes": [one.code for one in after] or list(codes)},
        )  # fmt: skip
    return proposal


def revise_change(
    *, by: Actor, proposal: ChangeProposal, objects: Sequence[NewObject] | None = None,
    effective_on: date | None = None, reason: str = "", expected_version: int | None = None,
) -> ChangeProposal:  # fmt: skip
    """Send a returned proposal in again, changed, against the states of today."""
    require(may_edit(by, proposal.layer), "Việc này dành cho người được đề nghị biến động của lớp.")
    layer = proposal.layer
    with transaction.atomic():
        _step(proposal, "revise", by, expected_version)
        before = _current(layer, [one["code"] for one in proposal.before])
        after = [_checked(layer, one) for one in (_objects(proposal) if objects is None else objects)]
        _check_sizes(LayerChangeKind(proposal.kind), before, after)
        _check_codes(layer, LayerChangeKind(proposal.kind), before, after, but=proposal)
        proposal.before, proposal.after = [one.snapshot() for one in before], [_described(one) for one in after]
        proposal.findings = _findings(layer, after, before)
        proposal.effective_on = effective_on or proposal.effective_on
        proposal.reason = reason.strip()[:600] or proposal.reason
        proposal.proposed_by_id, proposal.proposed_at = by.user_id, timezone.now()
        proposal.checked_by, proposal.checked_at = None, None
        proposal.save()
        record(by=by, verb="map_change.revise", subject=proposal)
    return proposal


def check_change(*, by: Actor, proposal: ChangeProposal, note: str = "", expected_version: int | None = None) -> None:
    """Confirm that a proposal agrees with its evidence; topology is computed anew and noted."""
    require(may_check(by, proposal.layer), "Việc này dành cho cơ quan quản lý lớp dữ liệu.")
    with transaction.atomic():
        _step(proposal, "check", by, expected_version)
        proposal.checked_by_id, proposal.checked_at = by.user_id, timezone.now()
        proposal.findings = _findings(proposal.layer, _objects(proposal), _still_current(proposal))
        proposal.note = note[:600]
        proposal.save()
        record(by=by, verb="map_change.check", subject=proposal, after={"findings": len(proposal.findings)})


def return_change(*, by: Actor, proposal: ChangeProposal, note: str, expected_version: int | None = None) -> None:
    """Send a proposal back to be changed."""
    _decide_against(by, proposal, "return", note, expected_version)


def reject_change(*, by: Actor, proposal: ChangeProposal, note: str, expected_version: int | None = None) -> None:
    """Refuse a proposal for good."""
    _decide_against(by, proposal, "reject", note, expected_version)


def approve_change(
    *, by: Actor, proposal: ChangeProposal, note: str = "", expected_version: int | None = None
) -> ChangeProposal:
    """Approve as a second person, unless a blocking rule is broken; what is due is applied at once.

    Raises TopologyBroken naming the first broken rule, ObjectMoved where a state has changed since.
    """
    require(may_approve(by, proposal.layer), "Việc này dành cho lãnh đạo của cơ quan quản lý lớp dữ liệu.")
    with transaction.atomic():
        _step(proposal, "approve", by, expected_version)
        proposal.findings = _findings(proposal.layer, _objects(proposal), _still_current(proposal))
        blocking = [one for one in proposal.findings if one["is_blocking"]]
        if blocking:
            raise TopologyBroken(f"Chưa duyệt được vì vi phạm quy tắc hình: {blocking[0]['text']}")
        proposal.decided_by_id, proposal.decided_at, proposal.note = by.user_id, timezone.now(), note[:600]
        proposal.save()
        record(by=by, verb="map_change.approve", subject=proposal)
        if proposal.effective_on <= by.on:
            apply_change(by=by, proposal=proposal)
    return proposal


def apply_change(*, by: Actor, proposal: ChangeProposal, now: datetime | None = None) -> LayerVersion:
    """Make a version of the layer out of an approved proposal whose day has come."""
    require(
        may_approve(by, proposal.layer) or may_edit(by, proposal.layer), "Việc này dành cho cơ quan quản lý lớp."
    )  # fmt: skip
    if proposal.effective_on > by.on:
        raise Refused(f"Biến động có hiệu lực từ {proposal.effective_on:%d/%m/%Y}; chưa cập nhật được.")
    with transaction.atomic():
        _step(proposal, "apply", by, None)
        version = write_version(
            by=by, layer=proposal.layer, add=_objects(proposal), end=_still_current(proposal),
            on=proposal.effective_on, reason=f"{proposal.code}: {proposal.reason}", now=now,
        )  # fmt: skip
        proposal.made_version, proposal.applied_at = version.number, version.made_at
        proposal.save()
        record(
            by=by, verb="map_change.apply", subject=proposal,
            after={"version": version.number, "digest": version.digest},
        )  # fmt: skip
    return version


def apply_due(*, by: Actor, on: date) -> int:
    """Apply every approved proposal whose day has come; one that fails stays approved. Returns how many."""
    done = 0
    for proposal in ChangeProposal.objects.filter(
        state=LayerChangeState.APPROVED, effective_on__lte=on
    ).select_related("layer"):  # fmt: skip
        try:
            apply_change(by=by, proposal=proposal)
        except Refused:
            continue
        done += 1
    return done


def write_directly(
    *, by: Actor, layer: Layer, codes: Sequence[str] = (), objects: Sequence[NewObject] = (), reason: str,
    expected_digest: str = "",
) -> LayerVersion:  # fmt: skip
    """Change a layer whose changes need no approval, at once and from today.

    expected_digest: of the state that the caller read; ObjectMoved where it is another now.
    """
    require(may_edit(by, layer), "Việc này dành cho người được sửa lớp.")
    if layer.needs_approval:
        raise Refused("Lớp này chỉ thay đổi qua đề nghị biến động được duyệt.")
    after = [_checked(layer, one) for one in objects]
    with transaction.atomic():
        before = _current(layer, codes)
        if expected_digest and [one.digest for one in before] != [expected_digest]:
            raise ObjectMoved("Đối tượng đã đổi từ khi bạn đọc; tải lại rồi làm lại.")
        taken = {one.code for one in after} - {one.code for one in before}
        if Feature.objects.filter(layer=layer, code__in=taken, valid_to=None).exists():
            raise Refused("Mã đối tượng đã có trong lớp.", field="code")
        version = write_version(by=by, layer=layer, add=after, end=before, on=by.on, reason=reason)
        record(
            by=by, verb="map_change.direct", subject=layer,
            after={"version": version.number, "codes": [*codes, *sorted(taken)], "digest": version.digest},
        )  # fmt: skip
    return version


def _decide_against(by: Actor, proposal: ChangeProposal, event: str, note: str, expected: int | None) -> None:
    require(may_check(by, proposal.layer), "Việc này dành cho cơ quan quản lý lớp dữ liệu.")
    if not note.strip():
        raise Refused("Ghi lý do để người đề nghị biết.", field="note")
    with transaction.atomic():
        _step(proposal, event, by, expected)
        proposal.note = note.strip()[:600]
        if event == "reject":
            proposal.decided_by_id, proposal.decided_at = by.user_id, timezone.now()
        proposal.save()
        record(by=by, verb=f"map_change.{event}", subject=proposal, after={"note": proposal.note})


def _step(proposal: ChangeProposal, event: str, by: Actor, expected: int | None) -> None:
    """Take the step of the table, or raise ChangeStepRefused."""
    step = STEPS[event]
    proposal.claim(expected)
    proposal.refresh_from_db(fields=["state"])
    state = LayerChangeState(proposal.state)
    if state not in step.sources:
        raise ChangeStepRefused(f"Đề nghị đang ở trạng thái “{state.label}” nên chưa làm việc này được.")
    if "propose" in step.not_by and proposal.proposed_by_id is not None and proposal.proposed_by_id == by.user_id:
        raise ChangeStepRefused("Người đề nghị không được tự kiểm tra hoặc tự duyệt đề nghị của mình.")
    proposal.state = step.target


def _current(layer: Layer, codes: Sequence[str]) -> list[Feature]:
    found = {one.code: one for one in Feature.objects.filter(layer=layer, code__in=codes, valid_to=None)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise Refused(f"Lớp không có đối tượng {missing[0]} đang hiệu lực.", field="codes")
    return [found[code] for code in dict.fromkeys(codes)]


def _still_current(proposal: ChangeProposal) -> list[Feature]:
    """The states that the proposal was written against. Raises ObjectMoved when one has changed."""
    states = _current(proposal.layer, [one["code"] for one in proposal.before])
    for state, kept in zip(states, proposal.before, strict=True):
        if state.digest != kept["digest"]:
            raise ObjectMoved(f"Đối tượng {state.code} đã đổi sau khi lập đề nghị; trả lại để lập lại.")
    return states


def _checked(layer: Layer, one: NewObject) -> NewObject:
    for fault, name in ((check_code(one.code), "code"), (check_shape(layer, one.geometry), "geometry")):
        if fault:
            raise Refused(f"{one.code}: {fault}", field=name)
    values, faults = read_values(layer.described_fields, one.properties)
    if faults:
        raise Refused(f"{one.code}: {faults[0][1]}", field=faults[0][0])
    return NewObject(one.code, one.geometry, values, one.access)


def _check_sizes(kind: LayerChangeKind, before: Sequence[Feature], after: Sequence[NewObject]) -> None:
    (least, most), (least_after, most_after) = _SIZES[kind]
    if not least <= len(before) <= most or not least_after <= len(after) <= most_after:
        raise Refused(f"Số đối tượng trước hoặc sau không hợp với “{kind.label.lower()}”.", field="codes")


def _check_codes(
    layer: Layer, kind: LayerChangeKind, before: Sequence[Feature], after: Sequence[NewObject],
    but: ChangeProposal | None = None,
) -> None:  # fmt: skip
    codes = [one.code for one in after]
    if len(set(codes)) != len(codes):
        raise Refused("Có mã đối tượng bị trùng trong đề nghị.", field="code")
    old = {one.code for one in before}
    if kind is LayerChangeKind.MODIFY and set(codes) != old:
        raise Refused("Sửa đối tượng thì giữ nguyên mã.", field="code")
    taken = Feature.objects.filter(layer=layer, code__in=set(codes) - old, valid_to=None)
    if (used := taken.values_list("code", flat=True).first()) is not None:
        raise Refused(f"Mã {used} đã có trong lớp.", field="code")
    open_ones = ChangeProposal.objects.filter(
        layer=layer, state__in=[LayerChangeState.PROPOSED, LayerChangeState.CHECKED, LayerChangeState.APPROVED]
    )
    open_ones = open_ones.exclude(pk=but.pk) if but else open_ones
    touched = {item["code"]: other.code for other in open_ones for item in other.before}
    for code in old:
        if code in touched:
            raise Refused(f"Đối tượng {code} đang có đề nghị {touched[code]} chưa xong.", field="codes")


def _described(one: NewObject) -> dict[str, Any]:
    return {
        "code": one.code, "properties": one.properties, "access": str(one.access),
        "geometry": one.geometry.__geo_interface__,
    }  # fmt: skip


def _objects(proposal: ChangeProposal) -> list[NewObject]:
    return [object_of(item) for item in proposal.after]


def object_of(item: Mapping[str, Any]) -> NewObject:
    """An object from how a proposal keeps it."""
    return NewObject(item["code"], shape(item["geometry"]), dict(item["properties"]), Access(item["access"]))


def _findings(layer: Layer, after: Sequence[NewObject], before: Sequence[Feature]) -> list[dict[str, Any]]:
    return findings_of(
        layer, [(one.code, one.geometry) for one in after], leaving=[state.code for state in before]
    )  # fmt: skip
