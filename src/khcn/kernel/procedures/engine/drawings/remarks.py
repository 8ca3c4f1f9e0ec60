"""What a translation has to say beside the definition: obstacles, which stop the process, and notes."""

from __future__ import annotations

from dataclasses import dataclass

from khcn.standards.bpmn import Node, Process


@dataclass(frozen=True, slots=True)
class Remark:
    """An obstacle or a note. node: id in the drawing, empty for the whole process; reason: a whole sentence."""

    process: str
    node: str
    name: str
    reason: str


class Remarks:
    """Collects the remarks about one process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.obstacles: list[Remark] = []
        self.notes: list[Remark] = []

    def _stop(self, node: str, name: str, reason: str) -> None:
        self.obstacles.append(Remark(self.process.id, node, name, reason))

    def _note(self, node: Node, reason: str) -> None:
        self.notes.append(Remark(self.process.id, node.id, node.name, reason))

    def _note_once(self, reason: str) -> None:
        self.notes.append(Remark(self.process.id, "", self.process.name, reason))
