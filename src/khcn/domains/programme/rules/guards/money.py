"""Guards of payment files: the papers that the Treasury wants are there, and the money may be paid."""

from __future__ import annotations

from .conditions import is_empty, is_given

is_empty(
    "payment_file.papers_there",
    "missing_papers",
    "Hồ sơ còn thiếu giấy tờ bắt buộc: {items}. Đề nghị bổ sung trước khi gửi Kho bạc.",
    "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 13",
)
is_empty(
    "payment_file.within_limits",
    "money_breaches",
    "Khoản chi chưa đúng quy định: {items}.",
    "TTLT 27/2015/TTLT-BKHCN-BTC, Điều 13",
)
is_given("payment_file.voucher_given", "document_number", "Đề nghị ghi số chứng từ của Kho bạc.")
