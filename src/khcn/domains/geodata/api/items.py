"""Objects of a layer: pages by key, one object, and changes by clients with the rights of the person behind the key."""

from __future__ import annotations

from typing import Any

import msgspec
import shapely
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from khcn.domains.geodata.api.landing import view_for
from khcn.domains.geodata.api.resource import (
    GEOJSON,
    HTML,
    Asked,
    answer,
    json_answer,
    link,
    links_to,
)
from khcn.domains.geodata.choices import Access, LayerChangeKind
from khcn.domains.geodata.errors import Outdated, UnfitMedia
from khcn.domains.geodata.models import Feature, Layer
from khcn.domains.geodata.permissions import may_edit
from khcn.domains.geodata.queries.features import View, count_of, in_box, state_of, states
from khcn.domains.geodata.queries.filters import condition_of, plain_conditions, queryables_of
from khcn.domains.geodata.queries.items import geojson_of, raw_rows
from khcn.domains.geodata.services.changes import propose_change, write_directly
from khcn.domains.geodata.services.versions import NewObject
from khcn.lib.actor import Actor
from khcn.lib.failure import ApiRefusal, Forbidden, NoSuchThing, NotSignedIn
from khcn.standards.coordinate_systems import CRS84, System, UnknownSystem, in_register_order, system_of_uri, to_wgs84
from khcn.standards.ogcapi.cql2 import read_filter
from khcn.standards.ogcapi.parameters import (
    ParameterRefused,
    read_bbox,
    read_datetime,
    read_limit,
    read_offset,
    refuse_unknown,
)

DEFAULT_LIMIT, MOST = 10, 10_000
PARAMETERS = (
    "f", "limit", "offset", "cursor", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs",
)  # fmt: skip
_signer = signing.Signer(salt="geodata.cursor")
REASON = "Sửa từ phần mềm bản đồ"


def items(asked: Asked, key: str) -> HttpResponse:
    """A page of objects."""
    view = view_for(asked, key)
    query, kinds = asked.query, queryables_of(view.fields)
    named = {name: query[name] for name in query if name in kinds and name != "geometry"}
    refuse_unknown([name for name in query if name not in named], PARAMETERS)
    limit = read_limit(query.get("limit"), default=DEFAULT_LIMIT, maximum=MOST)
    offset = read_offset(query.get("offset"))
    system = _system(query, "crs")
    during = read_datetime(query.get("datetime"))
    rows = _filtered(view, query, kinds, states(view, during=during))
    rows = rows.filter(plain_conditions(view.fields, named)) if named else rows
    paged = {name: query[name] for name in query if name not in ("limit", "offset", "cursor", "f", "crs")}
    total = count_of(view, rows, repr(sorted(paged.items())))
    if query.get("cursor"):
        rows = rows.filter(code__gt=_code_of(query["cursor"]))
    found = list(raw_rows(rows.order_by("code"))[offset : offset + limit + 1])
    more, found = len(found) > limit, found[:limit]
    links = links_to(asked, media=GEOJSON)
    if more:
        cursor = _signer.sign(found[-1][0])
        links.append(link("next", asked.again(cursor=cursor, offset=None), _media(asked), _("Trang sau")))
    links.append(link("collection", asked.address(f"collections/{key}"), title=view.layer.title))
    if asked.form == "html":
        return _page(asked, view, found, links, total)
    head = {"type": "FeatureCollection", "timeStamp": _stamp(), "numberMatched": total, "numberReturned": len(found),
            "links": links}  # fmt: skip
    body = msgspec.json.encode(head)[:-1] + b',"features":[' + ",".join(geojson_of(view, found, system)).encode()
    return HttpResponse(body + b"]}", content_type=GEOJSON, headers=_crs_header(system))


def item(asked: Asked, key: str, code: str) -> HttpResponse:
    """One object as it is on a day, today unless `datetime` says."""
    view = view_for(asked, key)
    refuse_unknown(asked.query, ("f", "crs", "datetime"))
    system = _system(asked.query, "crs")
    during = read_datetime(asked.query.get("datetime"))
    rows = states(view, during=during).filter(code=code)
    found = list(raw_rows(rows)[:1])
    if not found:
        raise NoSuchThing
    links = [*links_to(asked, media=GEOJSON), link("collection", asked.address(f"collections/{key}"))]
    if asked.form == "html":
        state = rows.get()
        facts = [(field.heading, _shown(state.properties.get(field.name))) for field in view.fields]
        return answer(asked, {"links": links}, title=str(state), facts=facts, shape=state.geometry.wkt[:4000])
    text = geojson_of(view, found, system)[0]
    body = text[:-1].encode() + b',"links":' + msgspec.json.encode(links) + b"}"
    headers = {**_crs_header(system), "ETag": f'"{rows.values_list("digest", flat=True)[0]}"'}
    return HttpResponse(body, content_type=GEOJSON, headers=headers)


def create(asked: Asked, key: str) -> HttpResponse:
    """Add an object: 201 where the layer is written directly, 202 and the proposal's address where it is governed."""
    view, actor = _editable(asked, key)
    new = _sent(asked, view, None, None)
    return _write(asked, view.layer, actor, LayerChangeKind.ADD, [], [new], created=new.code)


def replace(asked: Asked, key: str, code: str) -> HttpResponse:
    """Replace an object by the one sent."""
    view, actor = _editable(asked, key)
    state = _locked(asked, view, code)
    new = _sent(asked, view, state, code)
    return _write(asked, view.layer, actor, LayerChangeKind.MODIFY, [state], [new])


def update(asked: Asked, key: str, code: str) -> HttpResponse:
    """Change the members that are sent; null takes a field out (RFC 7396)."""
    view, actor = _editable(asked, key)
    state = _locked(asked, view, code)
    new = _sent(asked, view, state, code, merge=True)
    return _write(asked, view.layer, actor, LayerChangeKind.MODIFY, [state], [new])


def delete(asked: Asked, key: str, code: str) -> HttpResponse:
    """End an object today; its history stays."""
    view, actor = _editable(asked, key)
    return _write(asked, view.layer, actor, LayerChangeKind.RETIRE, [_locked(asked, view, code)], [])


def _editable(asked: Asked, key: str) -> tuple[View, Actor]:
    refuse_unknown(asked.query, ())
    view = view_for(asked, key)
    if asked.actor is None:
        raise NotSignedIn("Cần khóa kết nối để sửa dữ liệu.")
    if not may_edit(asked.actor, view.layer):
        raise Forbidden("Bạn không được sửa lớp này.")
    return view, asked.actor


def _locked(asked: Asked, view: View, code: str) -> Feature:
    """The current state, when it is the one that the client read (If-Match)."""
    state = state_of(view, code)
    if state is None or state.valid_to is not None:
        raise NoSuchThing
    wanted = asked.request.headers.get("If-Match")
    if wanted and wanted.strip() not in ("*", f'"{state.digest}"'):
        raise Outdated("Đối tượng đã đổi từ khi bạn đọc; tải lại rồi làm lại.")
    return state


def _sent(asked: Asked, view: View, state: Feature | None, code: str | None, *, merge: bool = False) -> NewObject:
    """The object in the body, over the state where only some members are sent. Raises ApiRefusal, UnfitMedia."""
    media = (asked.request.content_type or "").lower()
    if media not in (GEOJSON, "application/json", "application/merge-patch+json"):
        raise UnfitMedia("Gửi đối tượng dạng application/geo+json.")
    try:
        body = msgspec.json.decode(asked.request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiRefusal("Nội dung không phải JSON.") from error
    if not isinstance(body, dict) or (body.get("type", "Feature") != "Feature"):
        raise ApiRefusal("Nội dung phải là một đối tượng GeoJSON loại Feature.")
    properties = body.get("properties") or {}
    if not isinstance(properties, dict):
        raise ApiRefusal("properties phải là một đối tượng JSON.")
    new_code = code or str(body.get("id") or properties.get("ma") or _next_code(view.layer))
    geometry = _shape(asked, body["geometry"]) if body.get("geometry") else None
    if geometry is None:
        if state is None or not merge:
            raise ApiRefusal("Đối tượng cần có hình (geometry).", field="geometry")
        geometry = state.geometry
    seen = {field.name for field in view.fields}
    kept = dict(state.properties) if state is not None else {}
    hidden = {name: value for name, value in kept.items() if name not in seen}
    base = kept if merge else hidden
    for name in properties:
        if name not in seen and name not in ("ma", "hieu_luc_tu", "hieu_luc_den", "dien_tich_m2"):
            raise ApiRefusal(f"Lớp không có trường “{name}”.", field=name)
    values = {**base, **{name: value for name, value in properties.items() if name in seen}}
    access = Access(state.access) if state is not None else Access.OPEN
    return NewObject(new_code, geometry, values, access)


def _shape(asked: Asked, described: Any) -> Any:
    uri = asked.request.headers.get("Content-Crs", f"<{CRS84}>").strip("<> ")
    system = system_of_uri(uri)
    try:
        found = shape(described)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ApiRefusal("Hình (geometry) không đọc được.", field="geometry") from error
    return found if system is None else to_wgs84(in_register_order(found, system), system.epsg)


def _write(
    asked: Asked, layer: Layer, actor: Actor, kind: LayerChangeKind, before: list[Feature], after: list[NewObject],
    *, created: str = "",
) -> HttpResponse:  # fmt: skip
    codes = [state.code for state in before]
    if layer.needs_approval:
        proposal = propose_change(
            by=actor, layer=layer, kind=kind, codes=codes, objects=after, effective_on=actor.on, reason=REASON
        )  # fmt: skip
        address = asked.request.build_absolute_uri(reverse("map_change_page", args=[proposal.uid]))
        body = {"proposal": proposal.code, "state": str(proposal.state), "findings": proposal.findings}
        return json_answer(body, 202, headers={"Location": address})
    write_directly(
        by=actor, layer=layer, codes=codes, objects=after, reason=REASON,
        expected_digest=before[0].digest if before else "",
    )  # fmt: skip
    if created:
        address = asked.address(f"collections/{layer.key}/items/{created}")
        return HttpResponse(status=201, headers={"Location": address})
    return HttpResponse(status=204)


def _next_code(layer: Layer) -> str:
    return f"{layer.key[:20]}-{layer.version_number + 1}-{Feature.objects.filter(layer=layer).count() + 1}"


def _filtered(view: View, query: Any, kinds: dict[str, str], rows: Any) -> Any:
    bbox = read_bbox(query.get("bbox"))
    box_system = _system(query, "bbox-crs")
    if bbox is not None:
        rows = in_box(rows, _in_degrees(bbox, box_system))
    filter_system = _system(query, "filter-crs")
    if query.get("filter") is not None:
        tree = read_filter(query["filter"], kinds, language=query.get("filter-lang", "cql2-text"))
        rows = rows.filter(condition_of(_moved(tree, filter_system)))
    elif query.get("filter-lang") not in (None, "cql2-text", "cql2-json"):
        raise ParameterRefused("filter-lang phải là cql2-text hoặc cql2-json.", field="filter-lang")
    return rows


def _moved(tree: Any, system: System | None) -> Any:
    """The filter with its shapes in degrees."""
    if system is None:
        return tree
    if isinstance(tree, BaseGeometry):
        return to_wgs84(in_register_order(tree, system), system.epsg)
    if isinstance(tree, tuple):
        return tuple(_moved(one, system) for one in tree)
    return type(tree)(tree.op, _moved(tree.args, system)) if hasattr(tree, "args") else tree


def _in_degrees(bbox: tuple[float, float, float, float], system: System | None) -> Any:
    if system is None:
        return bbox
    if system.northing_first:
        bbox = (bbox[1], bbox[0], bbox[3], bbox[2])
    area = shapely.segmentize(shapely.box(*bbox), max((bbox[2] - bbox[0]) / 16, 1e-9))
    return to_wgs84(area, system.epsg).bounds


def _system(query: Any, name: str) -> System | None:
    uri = query.get(name)
    if uri is None:
        return None
    try:
        return system_of_uri(uri)
    except UnknownSystem as error:
        raise ParameterRefused(error.message, field=name) from error


def _crs_header(system: System | None) -> dict[str, str]:
    return {"Content-Crs": f"<{system.uri if system else CRS84}>"}


def _code_of(cursor: str) -> str:
    try:
        return _signer.unsign(cursor)
    except signing.BadSignature as error:
        raise ParameterRefused("cursor không đúng; bắt đầu lại từ trang đầu.", field="cursor") from error


def _media(asked: Asked) -> str:
    return HTML if asked.form == "html" else GEOJSON


def _stamp() -> str:
    return timezone.now().astimezone(tz=None).isoformat(timespec="seconds")


def _shown(value: Any) -> str:
    return "–" if value is None else _("có") if value is True else _("không") if value is False else str(value)


def _page(asked: Asked, view: View, found: list[Any], links: list[Any], total: int) -> HttpResponse:
    titles = [field.heading for field in view.fields][:6]
    names = [field.name for field in view.fields][:6]
    rows = [msgspec.json.decode(row[2]) for row in found]
    table = [
        ((row[0], asked.address(f"collections/{view.layer.key}/items/{row[0]}", f="html")),
         *(_shown(values.get(name)) for name in names))
        for row, values in zip(found, rows, strict=True)
    ]  # fmt: skip
    facts = [(_("Số đối tượng"), str(total))]
    return answer(asked, {"links": links}, title=view.layer.title, table=table, head=[_("Mã"), *titles], facts=facts)
