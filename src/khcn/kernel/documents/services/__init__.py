"""Writes of the documents room: files, numbers, official papers, signatures, dispatches and arrivals."""

from khcn.kernel.documents.services.axis import carry_to_folder
from khcn.kernel.documents.services.exchange import (
    deliver_waiting,
    recall_paper,
    receive_message,
    register_arrival,
    replace_paper,
    send_paper,
)
from khcn.kernel.documents.services.files import add_revision, next_number, register_document, store_file
from khcn.kernel.documents.services.papers import (
    check_paper,
    draft_paper,
    edit_paper,
    initial_paper,
    number_paper,
    return_paper,
    set_identifier,
)
from khcn.kernel.documents.services.signing import (
    begin_remote_signature,
    finish_remote_signature,
    seal_paper,
    sign_document,
    sign_paper,
)

__all__ = [
    "add_revision",
    "begin_remote_signature",
    "carry_to_folder",
    "check_paper",
    "deliver_waiting",
    "draft_paper",
    "edit_paper",
    "finish_remote_signature",
    "initial_paper",
    "next_number",
    "number_paper",
    "recall_paper",
    "receive_message",
    "register_arrival",
    "register_document",
    "replace_paper",
    "return_paper",
    "seal_paper",
    "send_paper",
    "set_identifier",
    "sign_document",
    "sign_paper",
    "store_file",
]
