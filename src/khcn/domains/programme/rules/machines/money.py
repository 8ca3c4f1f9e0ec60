"""The machine of payment files, from drawing one up to the entry that it leaves in the ledger."""

from __future__ import annotations

from khcn.lib.roles import Role

from ...choices import PaymentFileState as P
from ..transitions import Machine, row, table

PAYMENT_FILE = Machine(
    "payment_file",
    "hồ sơ thanh toán",
    P,
    P.DRAFTING,
    table(
        row(
            P.DRAFTING,
            "send",
            P.SENT,
            "Gửi Kho bạc Nhà nước",
            Role.ACCOUNTANT,
            guards=("payment_file.papers_there", "payment_file.within_limits"),
        ),
        row(
            P.SENT,
            "return",
            P.DRAFTING,
            "Nhận lại để bổ sung",
            Role.ACCOUNTANT,
            guards=("act.reason_given",),
        ),
        row(
            P.SENT,
            "enter",
            P.ENTERED,
            "Kho bạc đã chi, ghi sổ",
            Role.ACCOUNTANT,
            guards=("payment_file.voucher_given",),
        ),
        row(
            (P.DRAFTING, P.SENT),
            "drop",
            P.DROPPED,
            "Hủy hồ sơ",
            Role.ACCOUNTANT,
            guards=("act.reason_given",),
        ),
    ),
)
