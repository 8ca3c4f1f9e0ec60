"""Refusals of the documents room.

Failure
├── FileDamaged          the bytes in the store are no longer those that were stored
└── Refused
    ├── PaperStepRefused     an official paper may not take this step now
    ├── LayoutFaulty         the paper does not keep to the layout of NĐ 30/2020
    └── SignatureRefused     a signature may not be made, or does not fit
"""

from khcn.lib.failure import Failure, Refused


class FileDamaged(Failure):
    """The stored bytes do not have the digest they were stored under."""

    code = "file_damaged"
    default = "Tệp trong kho đã bị thay đổi hoặc hỏng; đề nghị khôi phục từ bản sao lưu."


class PaperStepRefused(Refused):
    """An official paper may not take this step from its state."""

    code = "paper_step_refused"


class LayoutFaulty(Refused):
    """The paper breaks the decree's layout; `findings` holds one sentence each."""

    code = "layout_faulty"

    def __init__(self, message: str, *, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class SignatureRefused(Refused):
    """A signature may not be made here, or what came back does not fit what was to be signed."""

    code = "signature_refused"
