"""The catalogue: one record per layer that the asker may read (OGC API Records, core)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from shapely.geometry import box, mapping

from khcn.domains.geodata.api.landing import CATALOGUE, CATALOGUE_TITLE
from khcn.domains.geodata.api.resource import GEOJSON, HTML, Asked, answer, json_answer, link, links_to
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.permissions import visible_layers
from khcn.lib.failure import NoSuchThing
from khcn.standards.ogcapi.parameters import (
    boxes_of,
    read_bbox,
    read_datetime,
    read_limit,
    read_offset,
    refuse_unknown,
)
from khcn.web.search import matching

PARAMETERS = ("f", "limit", "offset", "bbox", "datetime", "q", "ids", "type", "externalIds")
DEFAULT_LIMIT, MOST = 10, 1_000
KIND = "dataset"
RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"


def records(asked: Asked) -> HttpResponse:
    """A page of records, by words, ids, kind, box and time of the last change."""
    query = asked.query
    refuse_unknown(query, PARAMETERS)
    limit = read_limit(query.get("limit"), default=DEFAULT_LIMIT, maximum=MOST)
    offset = read_offset(query.get("offset"))
    found = [layer for layer in _asked_for(asked) if _meets(layer, query)]
    shown = found[offset : offset + limit]
    links = links_to(asked, media=GEOJSON)
    if offset + limit < len(found):
        links.append(link("next", asked.again(offset=offset + limit), GEOJSON))
    links.append(link("collection", asked.address(f"collections/{CATALOGUE}")))
    value = {
        "type": "FeatureCollection", "numberMatched": len(found), "numberReturned": len(shown), "links": links,
        "features": [_record(asked, layer) for layer in shown],
    }  # fmt: skip
    table = [((layer.title, asked.address(f"collections/{layer.key}", f="html")), layer.owner.name) for layer in shown]
    return answer(asked, value, title=CATALOGUE_TITLE, media=GEOJSON, table=table)


def record(asked: Asked, key: str) -> HttpResponse:
    """One record."""
    refuse_unknown(asked.query, ("f",))
    layer = visible_layers(asked.actor).filter(key=key).select_related("owner").first()
    if layer is None:
        raise NoSuchThing
    value = _record(asked, layer)
    if asked.form == "json":
        return json_answer(value, media=GEOJSON)
    return answer(asked, value, title=layer.title, facts=[("id", layer.key), ("description", layer.summary)])


def _asked_for(asked: Asked) -> Any:
    query = asked.query
    rows = visible_layers(asked.actor).select_related("owner").order_by("key")
    rows = matching(rows, "folded", query.get("q", ""))
    if query.get("ids"):
        rows = rows.filter(key__in=query["ids"].split(","))
    if query.get("externalIds"):
        rows = rows.filter(uid__in=[one for one in query["externalIds"].split(",") if len(one) == 36])
    if query.get("type") and KIND not in query["type"].split(","):
        rows = rows.none()
    return rows


def _meets(layer: Layer, query: Any) -> bool:
    bbox, during = read_bbox(query.get("bbox")), read_datetime(query.get("datetime"))
    areas = [box(*one) for one in boxes_of(bbox)] if bbox is not None else []
    if areas and (layer.bbox is None or not any(box(*layer.bbox).intersects(one) for one in areas)):
        return False
    changed = layer.updated_at.date()
    return during is None or (
        (during.first is None or changed >= during.first) and (during.last is None or changed <= during.last)
    )


def _record(asked: Asked, layer: Layer) -> dict[str, Any]:
    path = f"collections/{layer.key}"
    return {
        "type": "Feature", "id": layer.key, "conformsTo": [RECORD_CORE],
        "geometry": mapping(box(*layer.bbox)) if layer.bbox else None,
        "time": {"interval": [layer.created_at.date().isoformat(), layer.updated_at.date().isoformat()]},
        "properties": {
            "type": KIND, "title": layer.title, "description": layer.summary or layer.title,
            "created": layer.created_at.isoformat(), "updated": layer.updated_at.isoformat(),
            "language": {"code": "vi"}, "keywords": [layer.owner.name], "license": layer.licence or "other",
            "externalIds": [{"value": str(layer.uid)}],
            "contacts": [{"organization": layer.owner.name, "roles": ["owner"]}],
            "formats": [{"mediaType": GEOJSON}, {"mediaType": "application/vnd.mapbox-vector-tile"}],
        },
        "links": [
            link("self", asked.address(f"collections/{CATALOGUE}/items/{layer.key}"), GEOJSON),
            link("collection", asked.address(f"collections/{CATALOGUE}")),
            link("item", asked.address(f"{path}/items", f="json"), GEOJSON, layer.title),
            link("preview", asked.address(path, f="html"), HTML, layer.title),
        ],
    }  # fmt: skip
