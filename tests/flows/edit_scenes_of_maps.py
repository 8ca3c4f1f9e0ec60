"""The scenes of the forms of map layers: what a layer is called, and its look."""

from types import SimpleNamespace

from django.urls import reverse

from flows.edit_scenes import A, B, Scene, scene
from khcn.domains.geodata.choices import GeometryType
from khcn.domains.geodata.models import Layer
from khcn.domains.geodata.services.layers import create_layer, set_style
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.lib.roles import Role


def _layer() -> tuple[Member, Layer]:
    office = make_organisation("Sở Nông nghiệp và Môi trường")
    head = make_member(Role.HEAD, organisation=office)
    layer = create_layer(by=head.actor, key="rung-thu", title="Rừng", owner=office, geometry_type=GeometryType.POLYGON)
    return head, layer


@scene("map_layer_edit")
def _description() -> Scene:
    head, layer = _layer()
    return Scene(head, reverse("map_layer_edit", args=[layer.key]), "summary", A, B, layer, "summary")


@scene("map_layer_settings")
def _look() -> Scene:
    head, layer = _layer()
    set_style(by=head.actor, layer=layer, name="", look={"colour": "#336699", "opacity": 0.5, "width": 1.0})

    def look() -> SimpleNamespace:
        return SimpleNamespace(**layer.styles.get().look)

    address = reverse("map_layer_settings", args=[layer.key])
    return Scene(head, address, "colour", "#aa0000", "#00aa00", look, "colour")
