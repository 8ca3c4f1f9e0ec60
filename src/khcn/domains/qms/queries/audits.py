"""Reads what audits need: how much each procedure calls for one, questions by clause, progress of a programme."""

from datetime import date, timedelta

from khcn.domains.qms.choices import AuditState
from khcn.domains.qms.models import (
    Audit,
    Clause,
    ControlledDocument,
    Nonconformity,
    QualitySystem,
    Risk,
    StandardEdition,
)
from khcn.domains.qms.queries.dossiers import late_share
from khcn.domains.qms.queries.scope import procedures_in_scope
from khcn.domains.qms.rules.audit_weights import AuditNeed
from khcn.domains.qms.rules.risks import magnitude


def audit_needs(system: QualitySystem, *, on: date) -> list[tuple[ControlledDocument, AuditNeed]]:
    """Facts of each procedure in effect over the last year: risks, nonconformities, lateness, the last audit."""
    since = on - timedelta(days=365)
    found = []
    for revision in procedures_in_scope(system):
        document = revision.document
        risks = [
            magnitude(risk.likelihood_after or risk.likelihood, risk.impact_after or risk.impact)
            for risk in Risk.objects.filter(document=document, closed_on=None)
        ]
        faults = Nonconformity.objects.filter(document=document, detected_on__gt=since, detected_on__lte=on).count()
        last = (
            Audit.objects.filter(lines__document=document, state=AuditState.CLOSED, closed_on__lte=on)
            .order_by("-closed_on")
            .values_list("closed_on", flat=True)
            .first()
        )
        late = 0.0
        if document.procedure_code:
            late = late_share(
                organisation_id=system.organisation_id, procedure_code=document.procedure_code, first=since, last=on
            )
        months = None if last is None else (on.year - last.year) * 12 + on.month - last.month
        found.append((document, AuditNeed(max(risks, default=0), faults, late, months)))
    return found


def clause_questions(system: QualitySystem) -> dict[str, str]:
    """The question to ask by clause number, of the system's edition (the newest when it is not known)."""
    edition = StandardEdition.objects.filter(code=system.standard).first() or StandardEdition.objects.first()
    return dict(Clause.objects.filter(edition=edition).values_list("number", "question"))
