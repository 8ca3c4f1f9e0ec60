"""No step out of order: every service, tried in every state of its record, acts only where its machine has a row."""

from datetime import timedelta

import pytest

from khcn.domains.programme.models import Application, Call, OrderList, Proposal
from khcn.domains.programme.rules.machines import MACHINES
from khcn.domains.programme.services import applications, approvals, calls, orders, proposals
from khcn.lib.failure import Failure

from . import journey

pytestmark = pytest.mark.django_db


def allowed(machine, state, event):
    return any(row.event == event for row in MACHINES[machine].from_state(MACHINES[machine].states(state)))


def permitted_only_by_the_table(model, record, machine, acts):
    """Try each act from each state; returns the pairs in which the service acted though the machine has no row."""
    strays = []
    for state in MACHINES[machine].states:
        for event, act in acts.items():
            model.objects.filter(pk=record.pk).update(state=state)
            fresh = model.objects.get(pk=record.pk)
            try:
                act(fresh)
            except Failure:
                fresh.refresh_from_db()
                assert fresh.state == state, f"{event} was refused in {state} and still moved the record"
                continue
            if not allowed(machine, state, event):
                strays.append((str(state), event))
    return strays


def test_proposal_services_act_only_where_the_machine_has_a_row(cast, full_proposal, today):
    record = journey.submitted(cast, full_proposal, today)
    council = journey.council_for(record, cast, today)
    acts = {
        "submit": lambda one: proposals.submit_proposal(by=cast.owner, proposal=one, on=today),
        "withdraw": lambda one: proposals.withdraw_proposal(by=cast.owner, proposal=one, on=today),
        "accept": lambda one: proposals.accept_proposal(by=cast.specialist, proposal=one, on=today),
        "return": lambda one: proposals.return_proposal(by=cast.specialist, proposal=one, reason="Thiếu.", on=today),
        "place_in_council": lambda one: proposals.place_in_council(
            by=cast.head, proposal=one, council=council, on=today
        ),
        "drop": lambda one: proposals.drop_proposal(by=cast.head, proposal=one, reason="Hết vốn.", on=today),
    }

    assert permitted_only_by_the_table(Proposal, record, "proposal", acts) == []


def test_order_list_services_act_only_where_the_machine_has_a_row(cast, full_proposal, today):
    record = journey.published(cast, full_proposal, today).order_list
    acts = {
        "submit": lambda one: orders.submit_order_list(by=cast.director, order_list=one, on=today),
        "return": lambda one: orders.return_order_list(by=cast.leader, order_list=one, reason="Sửa.", on=today),
        "approve": lambda one: orders.approve_order_list(
            by=cast.leader, order_list=one, decision_number="1/QĐ", on=today
        ),
        "publish": lambda one: orders.publish_order_list(by=cast.specialist, order_list=one, on=today),
    }

    assert permitted_only_by_the_table(OrderList, record, "order_list", acts) == []


def test_call_services_act_only_where_the_machine_has_a_row(cast, full_proposal, today):
    record = journey.opened_call(cast, full_proposal, today)
    later = today + timedelta(days=40)
    acts = {
        "open": lambda one: calls.open_call(by=cast.director, call=one, on=today, closes_on=one.closes_on),
        "close": lambda one: calls.close_call(by=cast.specialist, call=one, on=later),
        "open_dossiers": lambda one: calls.open_dossiers(by=cast.specialist, call=one, reasons={}, on=later),
        "conclude": lambda one: calls.conclude_call(by=cast.director, call=one, on=later),
        "cancel": lambda one: calls.cancel_call(by=cast.director, call=one, reason="Đổi.", on=later),
    }

    assert permitted_only_by_the_table(Call, record, "call", acts) == []


def test_application_services_act_only_where_the_machine_has_a_row(cast, full_proposal, today, moment):
    call = journey.opened_call(cast, full_proposal, today)
    record = journey.application_draft(cast, call, today)
    Application.objects.filter(pk=record.pk).update(appraised_vnd=10**9, submitted_at=moment(today))
    acts = {
        "submit": lambda one: applications.submit_application(by=cast.owner, application=one, at=moment(today)),
        "withdraw": lambda one: applications.withdraw_application(by=cast.owner, application=one, at=moment(today)),
        "return_revised": lambda one: applications.submit_revision(
            by=cast.owner, application=one, explanation="Đã sửa.", on=today
        ),
        "cancel": lambda one: approvals.cancel_application(
            by=cast.director, application=one, ground="fraud", reason="Gian lận.", on=today
        ),
        "promote": lambda one: approvals.promote_reserve(by=cast.director, application=one, on=today),
    }

    assert permitted_only_by_the_table(Application, record, "application", acts) == []
