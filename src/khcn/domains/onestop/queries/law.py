"""The dated numbers and forms in force on a day, as the rules take them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from khcn.domains.onestop.choices import PaperKind
from khcn.domains.onestop.models import IndexWeight, PaperFormRow, ServiceParameter
from khcn.domains.onestop.rules.form_sets import PaperForm, form_on
from khcn.domains.onestop.rules.service_index import Group, Weight
from khcn.kernel.documents.choices import LegalStatus


def parameters_on(on: date) -> dict[str, Decimal]:
    """Every parameter in force on the day by key; a later row wins. One query."""
    rows = ServiceParameter.objects.valid_on(on).order_by("valid_from")
    return {row.key: row.value for row in rows}


def parameters_over_time() -> Callable[[date], dict[str, Decimal]]:
    """As `parameters_on` for any number of days: one query now, none for a day."""
    rows = list(ServiceParameter.objects.order_by("valid_from"))
    return lambda on: {row.key: row.value for row in rows if row.is_valid_on(on)}


def weights_on(on: date) -> list[Weight]:
    """The items of the service index in force on the day, in their order. One query."""
    return [
        Weight(
            Group(row.group), row.key, Fraction(row.maximum), Fraction(row.threshold), row.title, row.citation,
            row.status == LegalStatus.VERIFIED,
        )
        for row in IndexWeight.objects.valid_on(on).order_by("id")
    ]  # fmt: skip


def paper_form(kind: PaperKind, on: date) -> PaperForm:
    """The form of a paper in force on the day. Raises NoFormInForce."""
    rows = PaperFormRow.objects.filter(kind=kind, valid_from__isnull=False)
    forms = [
        PaperForm(PaperKind(row.kind), row.basis, row.number, row.title, row.valid_from, row.valid_to)
        for row in rows
        if row.valid_from is not None
    ]
    return form_on(forms, kind, on)
