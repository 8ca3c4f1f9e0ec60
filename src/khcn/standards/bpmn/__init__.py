"""BPMN 2.0 drawings: read safely, keep whole, write with a layout. Knows nothing of any engine.

`read(content)` gives a Drawing whose tree holds everything that was drawn; `Drawing.xml()` writes it back. `build`
makes a drawing from plain shapes, `redraw` changes one in place.
Standard: OMG BPMN 2.0.2 (formal/2013-12-09), ISO/IEC 19510:2013.
"""

from khcn.standards.bpmn.drawing import (
    BPMN,
    EXTENSION,
    Drawing,
    EventDefinition,
    Link,
    Node,
    Process,
    SequenceFlow,
)
from khcn.standards.bpmn.reading import UnreadableDrawing, read
from khcn.standards.bpmn.redrawing import redraw, with_contents
from khcn.standards.bpmn.writing import Shape, Wire, build

__all__ = [
    "BPMN",
    "EXTENSION",
    "Drawing",
    "EventDefinition",
    "Link",
    "Node",
    "Process",
    "SequenceFlow",
    "Shape",
    "UnreadableDrawing",
    "Wire",
    "build",
    "read",
    "redraw",
    "with_contents",
]
