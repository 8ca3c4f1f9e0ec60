"""The machines drawn as Mermaid and tables for docs/reference/qms-state-machines.md; `python -m` prints the page.

The page is generated and compared in a test, never edited by hand.
"""

from __future__ import annotations

import sys

from khcn.domains.qms.rules.machines import MACHINES, Machine

PREAMBLE = """# Sơ đồ trạng thái của ISO điện tử

Trang này được sinh từ các bảng bước (`khcn.domains.qms.rules.machines`); không sửa tay.
Mỗi lần chuyển trạng thái được ghi cùng người làm, thời điểm và lý do.
"""


def diagram(machine: Machine) -> str:
    """One machine as a Mermaid `stateDiagram-v2`, states labelled in Vietnamese."""
    leaving = {source for step in machine.steps for source in step.sources}
    rows = ["stateDiagram-v2"]
    rows += [f'    state "{state.label}" as {state.value}' for state in machine.states]
    rows.append(f"    [*] --> {machine.initial.value}")
    rows += [
        f"    {source.value} --> {step.target.value}: {step.label}" for step in machine.steps for source in step.sources
    ]
    rows += [f"    {state.value} --> [*]" for state in machine.states if state not in leaving]
    return "\n".join(rows)


def reference_page() -> str:
    """The whole Markdown page: per machine a diagram and its table."""
    parts = [PREAMBLE]
    for machine in MACHINES.values():
        parts.append(f"## {machine.title[0].upper()}{machine.title[1:]} (`{machine.code}`)\n")
        parts.append(f"```mermaid\n{diagram(machine)}\n```\n")
        parts.append("| Từ | Bước | Đến | Ai | Điều kiện |\n| --- | --- | --- | --- | --- |")
        for step in machine.steps:
            sources = ", ".join(source.label for source in step.sources)
            duties = ", ".join(duty.label for duty in step.duties)
            guard = "; ".join(part for part in (step.guard, "ghi lý do" if step.needs_reason else "") if part)
            parts.append(f"| {sources} | {step.label} (`{step.event}`) | {step.target.label} | {duties} | {guard} |")
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(reference_page())
