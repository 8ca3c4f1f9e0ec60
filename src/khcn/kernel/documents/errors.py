"""Refusals of the documents room.

Failure
└── FileDamaged     the bytes in the store are no longer those that were stored
"""

from khcn.lib.failure import Failure


class FileDamaged(Failure):
    """The stored bytes do not have the digest they were stored under."""

    code = "file_damaged"
    default = "Tệp trong kho đã bị thay đổi hoặc hỏng; đề nghị khôi phục từ bản sao lưu."
