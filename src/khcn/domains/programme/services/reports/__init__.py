"""Reports from collection to issue: figures frozen with their digest, words by a person, signed, never overwritten."""

from khcn.domains.programme.services.reports.papers import report_document, word_of, workbook_of
from khcn.domains.programme.services.reports.runs import collect, consolidate, correct, recollect, start_run
from khcn.domains.programme.services.reports.workflow import (
    draft,
    edit_narrative,
    issue_report,
    return_draft,
    review,
    sign,
)

__all__ = [
    "collect",
    "consolidate",
    "correct",
    "draft",
    "edit_narrative",
    "issue_report",
    "recollect",
    "report_document",
    "return_draft",
    "review",
    "sign",
    "start_run",
    "word_of",
    "workbook_of",
]
