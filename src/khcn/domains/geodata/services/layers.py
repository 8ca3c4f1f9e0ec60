"""Sets up and describes layers: from a template or from nothing, shares, rules of topology, looks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from khcn.domains.geodata.choices import Access, GeometryType, LayerKind, TopologyKind, UpdateCycle
from khcn.domains.geodata.models import Layer, LayerShare, LayerTemplate, Style, TopologyRule
from khcn.domains.geodata.permissions import may_keep, require
from khcn.domains.geodata.rules.fields import Field, describe_fields, read_fields
from khcn.domains.geodata.rules.styles import read_look
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.standards.coordinate_systems import system_of
from khcn.web.fields import state_mark

KEEPS = "Việc này dành cho cơ quan quản lý lớp dữ liệu."
CHANGEABLE = (
    "title", "summary", "access", "licence", "update_cycle", "legal_basis", "needs_approval", "entry_epsg",
)  # fmt: skip


def create_layer(
    *, by: Actor, key: str, title: str, owner: Organisation, geometry_type: GeometryType | None = None,
    fields: Sequence[Field] = (), template: LayerTemplate | None = None, kind: LayerKind = LayerKind.REGISTER,
    summary: str = "", entry_epsg: int = 9212, access: Access = Access.INTERNAL, title_field: str = "",
    needs_approval: bool = True, licence: str = "", update_cycle: UpdateCycle | None = None, legal_basis: str = "",
    is_illustration: bool = False,
) -> Layer:  # fmt: skip
    """Set up an empty layer; a template gives fields, rules and look. Raises Refused, UnknownSystem, Forbidden."""
    require(may_keep(by, owner.pk), KEEPS)
    if not title.strip():
        raise Refused("Ghi tên lớp.", field="title")
    if Layer.objects.filter(key=key).exists() or key == "danh-muc" or not key:
        raise Refused("Khóa này đã có lớp khác dùng; chọn khóa khác.", field="key")
    system_of(entry_epsg)
    described = template.fields if template and not fields else describe_fields(fields)
    names = [field.name for field in read_fields(described)]
    title_field = title_field or (template.title_field if template else "")
    if title_field and title_field not in names:
        raise Refused("Trường làm tên không có trong các trường.", field="title_field")
    shape = geometry_type or (GeometryType(template.geometry_type) if template else None)
    if shape is None:
        raise Refused("Chọn loại hình của lớp.", field="geometry_type")
    with transaction.atomic():
        layer = Layer.objects.create(
            key=key, title=title.strip()[:200], summary=summary or (template.summary if template else ""), kind=kind,
            geometry_type=shape, owner=owner, entry_epsg=entry_epsg, access=access, fields=described,
            title_field=title_field, needs_approval=needs_approval, licence=licence[:200], template=template,
            update_cycle=update_cycle or (template.update_cycle if template else UpdateCycle.AS_NEEDED),
            legal_basis=legal_basis or (template.legal_basis if template else ""), is_illustration=is_illustration,
        )  # fmt: skip
        for rule in template.rules if template else ():
            if rule["kind"] in (TopologyKind.INSIDE, TopologyKind.COVERS):
                continue  # which layer is meant, the owner says
            TopologyRule.objects.create(
                layer=layer, kind=rule["kind"], amount=rule.get("amount"), is_blocking=rule.get("is_blocking", True)
            )
        look = template.look if template and template.look else {}
        read_look(look)
        Style.objects.create(layer=layer, name="Thường dùng", look=look, is_usual=True)
        record(by=by, verb="layer.create", subject=layer, after={"key": key, "owner": owner.code})
    return layer


def change_layer(*, by: Actor, layer: Layer, changes: Mapping[str, Any], expected_version: int | None = None) -> Layer:
    """Change how a layer is described and who reads it; never its fields or objects. Raises Stale."""
    require(may_keep(by, layer.owner_id), KEEPS)
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"not changeable: {unknown}")
    if not str(changes.get("title", layer.title)).strip():
        raise Refused("Ghi tên lớp.", field="title")
    system_of(int(changes.get("entry_epsg", layer.entry_epsg)))
    with transaction.atomic():
        layer.claim(expected_version, dict(changes))
        before = {name: getattr(layer, name) for name in changes}
        for name, value in changes.items():
            setattr(layer, name, value)
        layer.save()
        record(by=by, verb="layer.change", subject=layer, before=before, after=dict(changes))
    return layer


def share_layer(*, by: Actor, layer: Layer, organisation: Organisation, may_edit: bool = False) -> LayerShare:
    """Let another organisation read all of a layer, and propose changes where `may_edit`."""
    require(may_keep(by, layer.owner_id), KEEPS)
    if organisation.pk == layer.owner_id:
        raise Refused("Cơ quan này đang quản lý lớp.", field="organisation")
    with transaction.atomic():
        share, _made = LayerShare.objects.update_or_create(
            layer=layer, organisation=organisation, defaults={"may_edit": may_edit}
        )
        record(by=by, verb="layer.share", subject=layer, after={"with": organisation.code, "may_edit": may_edit})
    return share


def end_share(*, by: Actor, share: LayerShare) -> None:
    """Take a share back."""
    require(may_keep(by, share.layer.owner_id), KEEPS)
    with transaction.atomic():
        record(by=by, verb="layer.end_share", subject=share.layer, before={"with": share.organisation.code})
        share.delete()


def set_rule(
    *, by: Actor, layer: Layer, kind: TopologyKind, other: Layer | None = None, amount: float | None = None,
    is_blocking: bool = True,
) -> TopologyRule:  # fmt: skip
    """Add a rule of topology. Raises Refused for a rule that lacks its other layer or its amount."""
    require(may_keep(by, layer.owner_id), KEEPS)
    if kind in (TopologyKind.INSIDE, TopologyKind.COVERS) and (other is None or other.pk == layer.pk):
        raise Refused("Chọn lớp kia của quy tắc.", field="other")
    if kind is TopologyKind.MIN_AREA and not (amount and amount > 0):
        raise Refused("Ghi diện tích tối thiểu (m²).", field="amount")
    if kind is not TopologyKind.INSIDE and layer.geometry_type != GeometryType.POLYGON:
        raise Refused("Quy tắc này chỉ dùng cho lớp vùng.", field="kind")
    with transaction.atomic():
        rule = TopologyRule.objects.create(layer=layer, kind=kind, other=other, amount=amount, is_blocking=is_blocking)
        record(by=by, verb="layer.add_rule", subject=layer, after={"kind": kind, "blocking": is_blocking})
    return rule


def remove_rule(*, by: Actor, rule: TopologyRule) -> None:
    """Take a rule away."""
    require(may_keep(by, rule.layer.owner_id), KEEPS)
    with transaction.atomic():
        record(by=by, verb="layer.remove_rule", subject=rule.layer, before={"kind": rule.kind})
        rule.delete()


def set_style(
    *, by: Actor, layer: Layer, name: str, look: Mapping[str, Any], is_usual: bool = True,
    expected_version: int | None = None,
) -> Style:  # fmt: skip
    """Add or change a way to draw the layer.

    Raises Refused for colours that are none or an unknown field; Stale when the usual look was changed since it was
    read (expected_version: its `state_mark` as read, 0 where there was none).
    """
    require(may_keep(by, layer.owner_id), KEEPS)
    read = read_look(look)
    if read.field and read.field not in {field.name for field in layer.described_fields}:
        raise Refused("Trường tô màu không có trong lớp.", field="field")
    with transaction.atomic():
        usual = layer.styles.select_for_update().first()
        if expected_version is not None and expected_version != (state_mark(usual) if usual else 0):
            raise Stale(difference=_other_look(usual.look if usual else {}, look))
        if is_usual:
            layer.styles.update(is_usual=False)
        style, _made = Style.objects.update_or_create(
            layer=layer, name=name.strip()[:120] or "Thường dùng", defaults={"look": dict(look), "is_usual": is_usual}
        )
        record(by=by, verb="layer.set_style", subject=layer, after={"name": style.name})
    return style


def _other_look(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What two looks differ in, as a person reads it."""
    names = {
        "colour": "Màu", "opacity": "Độ đậm", "width": "Nét", "field": "Tô màu theo trường",
        "colours": "Màu từng giá trị",
    }  # fmt: skip
    pairs = ((label, theirs.get(name, ""), mine.get(name, "")) for name, label in names.items())
    return [(label, str(stored), str(given)) for label, stored, given in pairs if stored != given]
