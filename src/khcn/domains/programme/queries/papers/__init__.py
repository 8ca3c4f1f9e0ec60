"""The papers of the pipeline as documents in the official layout: forms, minutes, lists, notices, decisions."""

from khcn.domains.programme.queries.papers.applications import approval_decision, opening_minutes
from khcn.domains.programme.queries.papers.orders import call_notice, order_list_paper
from khcn.domains.programme.queries.papers.proposals import look_up_form, proposal_form

__all__ = [
    "approval_decision",
    "call_notice",
    "look_up_form",
    "opening_minutes",
    "order_list_paper",
    "proposal_form",
]
