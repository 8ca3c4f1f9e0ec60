"""The twelve reports: each builder reads one plan and period into a snapshot, in a fixed number of queries."""

from collections.abc import Callable
from typing import Any

from khcn.domains.programme.choices import ReportCode
from khcn.domains.programme.queries.reports.closing import closing_report, inspection_report
from khcn.domains.programme.queries.reports.duties import duty_report
from khcn.domains.programme.queries.reports.estimates import next_year_report
from khcn.domains.programme.queries.reports.funding import funding_report
from khcn.domains.programme.queries.reports.implementation import implementation_report
from khcn.domains.programme.queries.reports.issues import issue_report
from khcn.domains.programme.queries.reports.products import product_report, uptake_report
from khcn.domains.programme.queries.reports.scope import Scope
from khcn.domains.programme.queries.reports.tasks import ad_hoc_report, contract_report, task_report
from khcn.domains.programme.rules.reports import Snapshot

Builder = Callable[[Scope], Snapshot]

BUILDERS: dict[ReportCode, Builder] = {
    ReportCode.R1: implementation_report,
    ReportCode.R2: task_report,
    ReportCode.R3: funding_report,
    ReportCode.R4: product_report,
    ReportCode.R5: issue_report,
    ReportCode.R6: closing_report,
    ReportCode.R7: uptake_report,
    ReportCode.R8: inspection_report,
    ReportCode.R9: next_year_report,
    ReportCode.R10: contract_report,
    ReportCode.R11: duty_report,
    ReportCode.R12: ad_hoc_report,
}


def build_report(report: ReportCode, scope: Scope) -> dict[str, Any]:
    """The report's snapshot as JSON, computed from the records as they are now."""
    return BUILDERS[report](scope).as_json()


__all__ = ["BUILDERS", "Scope", "build_report"]
