"""Between BPMN drawings and definitions: what a drawing says that the engine can run, and what it cannot."""

from khcn.kernel.procedures.engine.drawings.remarks import Remark
from khcn.kernel.procedures.engine.drawings.translating import Translation, translate, translate_all
from khcn.kernel.procedures.engine.drawings.writing import draw, redraw

__all__ = ["Remark", "Translation", "draw", "redraw", "translate", "translate_all"]
