"""One geometry field over shapely for SQLite and PostGIS, with four look-ups and a spatial index.

A Django helper without models: it knows degrees of WGS 84, not what a shape means.
"""

from khcn.web.geometry.fields import GeometryField

__all__ = ["GeometryField"]
