"""The state machines drawn as Mermaid and tables, for docs/reference; `python -m` prints the page.

The page is generated and compared in a test, never edited by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from .machines import MACHINES
from .transitions import GUARDS, Machine, Transition

PREAMBLE = """# Sơ đồ trạng thái

Trang này được sinh từ các bảng chuyển trạng thái (`khcn.domains.programme.rules.machines`); không sửa tay.
Mỗi điều kiện là một quy tắc có tên; mỗi lần chuyển trạng thái lưu tên quy tắc, tham số và dữ kiện để có thể tính lại.
"""


def diagram(machine: Machine) -> str:
    """Return one machine as a Mermaid `stateDiagram-v2`, states labelled in Vietnamese."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in machine.states]
    lines.append(f"    [*] --> {machine.initial.value}")
    lines += [f"    {row.source.value} --> {row.target.value}: {row.label}" for row in machine.transitions]
    lines += [f"    {state.value} --> [*]" for state in machine.final_states()]
    return "\n".join(lines)


def reference_page(machines: Iterable[Machine] | None = None) -> str:
    """Return the whole Markdown page: per machine a diagram and a table of its transitions, then the guards."""
    shown = tuple(MACHINES.values() if machines is None else machines)
    parts = [PREAMBLE]
    for machine in shown:
        parts.append(f"## {machine.title[0].upper()}{machine.title[1:]} (`{machine.code}`)\n")
        parts.append(f"```mermaid\n{diagram(machine)}\n```\n")
        parts.append(_table(machine))
    parts.append(_guard_table(shown))
    return "\n".join(parts)


def _table(machine: Machine) -> str:
    head = (
        "| Từ | Thao tác | Đến | Vai trò | Điều kiện | Văn bản | Mở, dừng thời hạn |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    return "\n".join([head, *(_line(row) for row in machine.transitions)]) + "\n"


def _line(row: Transition) -> str:
    roles = ", ".join(role.label for role in row.roles) + (" (hoặc tự động)" if row.automatic else "")
    conditions = ", ".join(f"`{name}`" for name in row.guards)
    clocks = [f"+ `{code}`" for code in row.starts] + [f"− `{code}`" for code in row.stops]
    cells = (row.source.label, f"{row.label} (`{row.event}`)", row.target.label, roles, conditions)
    return "| " + " | ".join((*cells, ", ".join(row.documents), ", ".join(clocks))) + " |"


def _guard_table(machines: Iterable[Machine]) -> str:
    used = sorted({name for machine in machines for row in machine.transitions for name in row.guards})
    head = "## Điều kiện\n\n| Quy tắc | Dữ kiện | Tham số | Căn cứ |\n| --- | --- | --- | --- |"
    rows = (GUARDS[name] for name in used)
    lines = [
        f"| `{item.name}` | {', '.join(item.facts)} | {', '.join(item.parameters)} | {item.citation} |" for item in rows
    ]
    return "\n".join([head, *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference_page())
