"""Where a record's page is, by its kind; pages are named `<kind>_page` and take the record's uid."""

from typing import Any

from django.urls import NoReverseMatch, reverse

PAGES = {
    "programme.plan": "plan_page",
    "programme.planreading": "plan_reading",
    "programme.proposal": "proposal_page",
    "programme.orderlist": "order_list_page",
    "programme.call": "call_page",
    "programme.application": "application_page",
    "programme.task": "task_page",
    "programme.product": "product_page",
    "programme.changerequest": "change_page",
    "programme.issue": "issue_page",
    "programme.reportrun": "report_page",
    "programme.paymentfile": "payment_file_page",
    "programme.assignment": "assignment_page",
    "procedures.council": "council_page",
    "orgs.organisation": "unit_page",
}


def address_of(subject: Any) -> str:
    """The path of a record's page; the task's page for its parts; empty when there is none."""
    page = PAGES.get(subject._meta.label_lower)
    if page is None and getattr(subject, "task", None) is not None:
        return address_of(subject.task)
    if page is None:
        return ""
    try:
        return reverse(page, args=[subject.uid])
    except NoReverseMatch:
        return ""
