"""Keeps an imported drawing as draft procedures, one per process, each with the whole drawing."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import ProcedureKind
from khcn.kernel.procedures.engine.drawings import Translation
from khcn.kernel.procedures.models import Procedure, ProcedureVersion
from khcn.kernel.procedures.services.versions.drafting import create_procedure, save_draft
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.standards.bpmn import Drawing


def import_drawing(
    *,
    by: Actor,
    drawing: Drawing,
    translations: Sequence[Translation],
    code: str,
    kind: ProcedureKind = ProcedureKind.INTERNAL,
    owner: Organisation | None = None,
) -> list[ProcedureVersion]:
    """A draft for each process that holds a step; code, then code-2, code-3 … Raises Refused when none does.

    A step that calls a process of the same drawing calls the code of the draft that it became.
    """
    kept = [one for one in translations if one.definition.steps]
    if not kept:
        raise Refused("Bản vẽ không có quy trình nào có bước.")
    xml = drawing.xml().decode("utf-8")
    codes = {one.process.id: code if number == 1 else f"{code}-{number}" for number, one in enumerate(kept, 1)}
    versions = []
    with transaction.atomic():
        for number, one in enumerate(kept, 1):
            own = code if number == 1 else f"{code}-{number}"
            steps = tuple(replace(step, call=codes.get(step.call, step.call)) for step in one.definition.steps)
            if Procedure.objects.filter(code=own).exists():
                raise Refused(f"Mã “{own}” đã dùng cho quy trình khác; hãy chọn mã khác.", field="code")
            version = create_procedure(
                by=by, code=own, title=(one.process.name or one.process.id)[:500], kind=kind, owner=owner
            )
            versions.append(
                save_draft(by=by, version=version, definition=replace(one.definition, steps=steps), drawing=xml)
            )
    return versions
