"""The register of rights for people: one right as a whole, its map, its documents."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext

from khcn.domains.marks.choices import RightRole
from khcn.domains.marks.models import AreaVersion, Right, RightParty, Specification
from khcn.domains.marks.queries.areas import area_on, rings_of, successors_on, view_of
from khcn.domains.marks.rules.spans import Span
from khcn.kernel.documents.models import Document
from khcn.web.charts import Area, Marker, PlaceMap


@dataclass(frozen=True, slots=True)
class RightNow:
    """What holds of a right on a day."""

    owner: RightParty | None
    manager: RightParty | None
    specification: Specification | None
    area: AreaVersion | None


def right_on(right: Right, on: date) -> RightNow:
    """Owner, manager, specification and area on a day."""
    parties = {one.role: one for one in right.parties.valid_on(on).select_related("organisation")}
    return RightNow(
        parties.get(RightRole.OWNER), parties.get(RightRole.MANAGER), specification_on(right, on), area_on(right, on)
    )


def specification_on(right: Right, on: date) -> Specification | None:
    """The issued version of the specification on a day."""
    rows = Specification.objects.valid_on(on).filter(right=right, issued_at__isnull=False)
    return rows.order_by("-number").first()


def documents_of(right: Right, *, only_public: bool) -> QuerySet[Document]:
    """Files of a right, the newest first."""
    rows = Document.objects.filter(subject_type=Right._meta.label_lower, subject_uid=right.uid)
    return rows.filter(is_public=True) if only_public else rows


def map_of(area: AreaVersion | None, on: date) -> PlaceMap | None:
    """The area on a small map with the communes that hold it on a day; None without one that can be drawn."""
    if area is None:
        return None
    view = view_of(area)
    rings = rings_of(view)
    if not rings:
        return None
    markers = [
        Marker(unit.name, unit.longitude, unit.latitude, (said_share(span),))
        for unit, span in successors_on(view, on)
        if unit.longitude is not None and unit.latitude is not None
    ]
    note = "" if view.shape is not None else gettext("Sơ đồ theo trung tâm các xã, không phải ranh giới.")
    areas = [Area(name, ring, 0.6) for name, ring in rings]
    return PlaceMap(gettext("Khu vực địa lý"), markers, areas, (gettext("Phần thuộc khu vực"),), note)


def said_share(span: Span) -> str:
    """How much of a commune lies in the area, in words."""
    if span.low >= 1:
        return gettext("toàn bộ")
    if span.high <= 0:
        return gettext("ngoài khu vực")
    if span.is_exact:
        return f"{span.low * 100:.0f}%"
    return gettext("một phần, chưa đo")
