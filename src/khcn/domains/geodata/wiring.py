"""The only place where the layers room registers with the kernel and the shell."""

from khcn.domains.geodata.queries.areas import read_areas
from khcn.domains.geodata.queries.finding import SOURCES, find_layers, find_objects, home_panel
from khcn.kernel.indicators.queries import register_source
from khcn.kernel.places.queries import register_area_reader
from khcn.lib.labelled import gettext_noop as _
from khcn.web.panels import Panel, register_panel
from khcn.web.search import register


def connect() -> None:
    """Register the indicator source, search, the panel of the home page, and the reader of map files."""
    register_area_reader(read_areas)
    for key, source in SOURCES.items():
        register_source(key, source)
    register("map_layers", _("Lớp dữ liệu bản đồ"), find_layers, order=40)
    register("map_objects", _("Đối tượng trên bản đồ"), find_objects, order=45)
    register_panel(Panel("geodata", "geodata/panel.html", home_panel, order=40))
