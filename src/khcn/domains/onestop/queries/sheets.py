"""What an agency has published of a procedure, in the words that its written procedure repeats: a text of the agency,
in Vietnamese whoever reads it.
"""

from datetime import date

from khcn.domains.onestop.models import AdministrativeProcedure, ProcedureComponent
from khcn.kernel.procedures.queries import ServiceSheet
from khcn.lib.money import format_vnd


def published_sheet(on: date, organisation_id: int, code: str) -> ServiceSheet | None:
    """What the agency has published of one procedure on the day, in words; None when it has published no such one."""
    row = (
        AdministrativeProcedure.objects.valid_on(on)
        .filter(deciding_id=organisation_id, code=code)
        .select_related("deciding", "receiving")
        .prefetch_related("components", "bases__instrument")
        .first()
    )
    if row is None:
        return None
    bases = list(row.bases.all())
    return ServiceSheet(
        field=row.field, receiving=row.office.name, deciding=row.deciding.name,
        components=tuple(_component(item) for item in row.components.all()),
        time=f"{row.limit_amount} {row.get_limit_unit_display()}" if row.limit_amount else "Trả trong ngày",
        fee=f"{format_vnd(row.fee_vnd)} {row.fee_note}".strip() if row.fee_vnd else row.fee_note or "Không thu",
        result=row.result_title, conditions=row.conditions, decision=row.publication_decision,
        bases=tuple(f"{item.instrument} {item.article}".strip() for item in bases),
        instruments=tuple(dict.fromkeys(item.instrument_id for item in bases)),
    )  # fmt: skip


def _component(item: ProcedureComponent) -> str:
    parts = [(item.originals, "bản chính"), (item.copies, "bản sao")]
    number = ", ".join(f"{amount} {name}" for amount, name in parts if amount)
    optional = "" if item.is_required else "; nếu có"
    form = f"; theo {item.form_name}" if item.form_name else ""
    return f"{item.name} ({number or '01 bản'}{form}{optional})"
