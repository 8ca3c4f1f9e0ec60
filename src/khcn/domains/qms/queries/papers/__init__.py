"""Official papers and frozen inputs of the quality systems, in Vietnamese whoever reads them."""

from khcn.domains.qms.queries.papers.official import announcement_paper, audit_plan, audit_report, review_minutes
from khcn.domains.qms.queries.papers.overseer import inspection_report, province_report

__all__ = [
    "announcement_paper",
    "audit_plan",
    "audit_report",
    "inspection_report",
    "province_report",
    "review_minutes",
]
