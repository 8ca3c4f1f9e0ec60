"""What the layers room keeps: layers and their rules, dated objects and versions, changes, imports, keys."""

from khcn.domains.geodata.models.changes import ChangeProposal, LayerImport
from khcn.domains.geodata.models.features import Feature, LayerVersion
from khcn.domains.geodata.models.keys import MapKey
from khcn.domains.geodata.models.layers import Layer, LayerShare, LayerTemplate, Style, TopologyRule

__all__ = [
    "ChangeProposal", "Feature", "Layer", "LayerImport", "LayerShare", "LayerTemplate", "LayerVersion", "MapKey",
    "Style", "TopologyRule",
]  # fmt: skip
