"""Whether what was read for the page of a lot still holds: one small question, which every opening asks.

Every act of a person leaves an entry in the audit log, every capture an event; both are numbered in the order in which
they became visible. What is loaded from files without an entry is not noticed: keep nothing for long.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from khcn.domains.traceability.models import Lot
from khcn.kernel.audit.queries import NEWEST_NUMBER
from khcn.standards.epcis.json_writing import write_json


@dataclass(frozen=True, slots=True)
class GoodsVersion:
    """What stood when it was asked: the newest act of a person, the newest event, whether a real recall is open."""

    act: int
    event: int
    is_recalled: bool


_VERSION = f"""
SELECT {NEWEST_NUMBER}, (SELECT MAX(seq) FROM traceability_capturedevent), EXISTS (
    SELECT 1 FROM traceability_recalledlot AS reached
    JOIN traceability_recall AS recall ON recall.id = reached.recall_id
    WHERE reached.lot_id = lot.id AND recall.closed_at IS NULL AND NOT recall.is_drill
) FROM traceability_lot AS lot WHERE lot.uid = %s AND NOT lot.withdrawn
"""  # noqa: S608 - own names
# An event touches a lot when it names a thing of its graph or joins one of its makings. A declaration of an error takes
# an event back by its id or hash, whatever it names itself, so each counts for every lot.
_TOUCHED = """
SELECT EXISTS (SELECT 1 FROM traceability_capturedevent WHERE seq > %(since)s AND declares_error)
OR EXISTS (
    SELECT 1 FROM traceability_eventname WHERE event_id > %(since)s
    AND ident_id IN (SELECT id FROM traceability_ident WHERE uri AMONG)
) OR EXISTS (
    SELECT 1 FROM traceability_transformed WHERE event_id > %(since)s AND node_id IN (
        SELECT node_id FROM traceability_transformed
        WHERE ident_id IN (SELECT id FROM traceability_ident WHERE uri AMONG)
    )
)
"""


def version_of_goods(uid: UUID) -> GoodsVersion | None:
    """What stands for a lot now; None where there is no such lot or it was withdrawn.

    Ask before reading what is to be kept: what changes meanwhile then makes another version.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [Lot._meta.get_field("uid").get_db_prep_value(uid, connection)])
        found = cursor.fetchone()
    return None if found is None else GoodsVersion(found[0] or 0, found[1] or 0, bool(found[2]))


def is_touched_since(uris: Collection[str], event: int) -> bool:
    """Whether anything captured after an event may change the graph that these things were found in."""
    is_postgresql = connection.vendor == "postgresql"
    among = "= ANY(%(uris)s)" if is_postgresql else "IN (SELECT value FROM json_each(%(uris)s))"
    wanted = sorted(uris)
    values = {"since": event, "uris": wanted if is_postgresql else write_json(wanted).decode()}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED.replace("AMONG", among), values)
        return bool(cursor.fetchone()[0])
