"""Where home is: the land in which coordinates of this province must lie."""

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from khcn.kernel.places.choices import UnitLevel
from khcn.kernel.places.queries import units_on
from khcn.kernel.places.services.locating import VIETNAM_DEGREES

MARGIN_DEG = 0.15


def home_shape() -> BaseGeometry:
    """Round the centres of the communes on the list, somewhat widened; Vietnam where there is no list."""
    units = units_on(timezone.localdate(), level=UnitLevel.COMMUNE).exclude(longitude=None)
    points = [shapely.Point(x, y) for x, y in units.values_list("longitude", "latitude")[:4_000]]
    if len(points) < 3:
        return shapely.box(*VIETNAM_DEGREES)
    return shapely.MultiPoint(points).convex_hull.buffer(MARGIN_DEG)
