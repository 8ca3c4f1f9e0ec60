"""Digests that make versions provable: of one object's state, and of a version after the one before it."""

from collections.abc import Iterable
from hashlib import sha256

import shapely
from shapely.geometry.base import BaseGeometry

from khcn.lib.digest import canonical_json


def object_digest(code: str, geometry: BaseGeometry, properties: object, access: str) -> str:
    """SHA-256 over code, shape (normalised, little-endian WKB), fields and level."""
    shape = shapely.to_wkb(shapely.normalize(geometry), byte_order=1)
    return sha256(canonical_json([code, access, properties]) + shape).hexdigest()


def version_digest(previous: str, added: Iterable[str], ended: Iterable[str]) -> str:
    """SHA-256 that chains a version to the previous one by what it added and ended, whatever their order."""
    body = "\n".join([previous, "+", *sorted(added), "-", *sorted(ended)])
    return sha256(body.encode("ascii")).hexdigest()
