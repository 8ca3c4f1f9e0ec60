"""Addresses of the programme, by concern; names are global and start with their concern."""

from khcn.domains.programme.urls import (
    annex,
    closing,
    councils,
    execution,
    issues,
    law,
    lookup,
    money,
    pipeline,
    plan,
    reports,
    tasks,
)

urlpatterns = [
    pattern
    for concern in (plan, annex, pipeline, lookup, councils, tasks, execution, closing, money, issues, reports, law)
    for pattern in concern.urlpatterns
]
