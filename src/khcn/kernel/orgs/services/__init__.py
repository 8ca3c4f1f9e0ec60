"""Writes organisations' people: appointments, delegations, accounts."""

from khcn.kernel.orgs.services.accounts import change_account, close_account, open_account, reopen_account
from khcn.kernel.orgs.services.appointments import appoint, end_appointment
from khcn.kernel.orgs.services.delegations import give_delegation, withdraw_delegation
from khcn.kernel.orgs.services.people import register_person
from khcn.kernel.orgs.services.successions import renew_carried_duties

__all__ = [
    "appoint",
    "change_account",
    "close_account",
    "end_appointment",
    "give_delegation",
    "open_account",
    "register_person",
    "renew_carried_duties",
    "reopen_account",
    "withdraw_delegation",
]
