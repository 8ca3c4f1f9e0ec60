"""The rules of money: the ledger's columns, what may be advanced and paid, what is saved and what is paid back."""

from .ledger import Entry, FundColumns, LedgerFault, columns_of, fund_columns, fund_table, ledger_faults
from .limits import (
    AdvanceRequest,
    MoneyThresholds,
    PaymentRequest,
    advance_breaches,
    ageing_of_advance,
    allocation_breaches,
    approved_total_breaches,
    counterpart_breaches,
    counterpart_missing,
    final_product_mode_breaches,
    lines_of_advance,
    lump_total_breaches,
    oldest_uncleared,
    payment_breaches,
)
from .outcome import Recovery, Savings, recovery_due, savings_of

__all__ = [
    "AdvanceRequest",
    "Entry",
    "FundColumns",
    "LedgerFault",
    "MoneyThresholds",
    "PaymentRequest",
    "Recovery",
    "Savings",
    "advance_breaches",
    "ageing_of_advance",
    "allocation_breaches",
    "approved_total_breaches",
    "columns_of",
    "counterpart_breaches",
    "counterpart_missing",
    "final_product_mode_breaches",
    "fund_columns",
    "fund_table",
    "ledger_faults",
    "lines_of_advance",
    "lump_total_breaches",
    "oldest_uncleared",
    "payment_breaches",
    "recovery_due",
    "savings_of",
]
