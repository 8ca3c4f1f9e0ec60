"""Reads the areas of a map file for rooms that keep no layer, such as the register of plots."""

from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.errors import SourceRefused
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.queries.source_files import read_source
from khcn.domains.geodata.rules.source_tables import suggest_code_column
from khcn.kernel.places.queries import AreasOfFile
from khcn.standards.coordinate_systems import system_of, to_wgs84


def read_areas(content: bytes, filename: str, epsg: int = 0) -> AreasOfFile:
    """Codes and areas in WGS 84. epsg: the system of the file, 0 for the one that it states.

    Raises SourceRefused, ArchiveRefused and UnknownSystem.
    """
    table = read_source(content, filename, Layer(geometry_type=GeometryType.POLYGON, fields=[]))
    system = epsg or table.stated_epsg or 0
    if not system:
        raise SourceRefused("Tệp không nói rõ hệ tọa độ; hãy chọn hệ tọa độ của tệp.", field="epsg")
    system_of(system)
    column = suggest_code_column(table.columns)
    named = table.column(column) if column else tuple(range(1, table.row_count + 1))
    codes = tuple("" if one is None else str(one).strip() for one in named)
    shapes = to_wgs84(table.shapes, system)
    return AreasOfFile(codes, tuple(shapes), system, table.notes)
