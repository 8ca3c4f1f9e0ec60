"""What an empty draft begins with where it describes a procedure of the engine: the cover's sections, the steps."""

from khcn.kernel.procedures.choices import StepKind, VersionState
from khcn.kernel.procedures.models import ProcedureVersion
from khcn.kernel.procedures.queries import definition_of, step_lines
from khcn.lib.money import format_number
from khcn.lib.roles import Role

_SECTIONS = (
    ("Mục đích", "purpose"), ("Phạm vi", "scope"), ("Căn cứ pháp lý", "legal_basis"), ("Định nghĩa", "terms"),
    ("Yêu cầu, điều kiện", "conditions"), ("Hồ sơ lưu", "records_kept"),
)  # fmt: skip
_WORK = (StepKind.HUMAN, StepKind.COUNCIL)
_ROLES = {role.value: role.label for role in Role}


def drafted_from(procedure_code: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """(sections, steps) as the procedure in force says them; both empty where there is none of that code."""
    version = ProcedureVersion.objects.filter(procedure__code=procedure_code, state=VersionState.EFFECTIVE).first()
    if not procedure_code or version is None:
        return [], []
    sections = [{"title": title, "body": body} for title, name in _SECTIONS if (body := getattr(version, name).strip())]
    steps = []
    for line in step_lines(definition_of(version)):
        step = line.step
        if step.kind not in _WORK:
            continue
        norm = f"{format_number(step.norm)} {step.norm_unit.label}" if step.norm is not None else ""
        steps.append({
            "who": _ROLES.get(step.role, step.role) or "–", "what": line.name, "time": norm, "form": line.form,
            "output": step.output,
        })  # fmt: skip
    return sections, steps
