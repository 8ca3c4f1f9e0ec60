"""Bulletins, cases, messages, recipients with what reached them, duties and damage."""

from khcn.domains.warnings.models.cases import Bulletin, CapMessage, MessageDraft, WarningCase
from khcn.domains.warnings.models.following import DamageReport, DutyClock, DutyRule
from khcn.domains.warnings.models.reference import WarningParameter, WarningTemplate
from khcn.domains.warnings.models.sending import Delivery, Recipient

__all__ = [
    "Bulletin",
    "CapMessage",
    "DamageReport",
    "Delivery",
    "DutyClock",
    "DutyRule",
    "MessageDraft",
    "Recipient",
    "WarningCase",
    "WarningParameter",
    "WarningTemplate",
]
