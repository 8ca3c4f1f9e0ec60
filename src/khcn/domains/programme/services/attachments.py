"""Keeps the files that people attach to proposals, calls and dossiers, after looking at what they really are."""

from typing import Any

from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.queries.applications import OPEN_TO_HOST
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.services import register_document
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role
from khcn.web.uploads import check_upload

WRITERS = frozenset({Role.PROPOSER, Role.HOST, Role.PI, Role.SPECIALIST, Role.HEAD, Role.ADMIN_SECRETARY})
#: Who may attach to records of money, where content and money are kept apart: accountants, and the host its own papers.
WRITERS_OF = {"programme.paymentfile": frozenset({Role.ACCOUNTANT, Role.HOST, Role.PI})}
#: A dossier takes papers while its host may write, and while it may still be replaced.
OPEN_APPLICATION_STATES = OPEN_TO_HOST | {"submitted"}


def attach_document(
    *,
    by: Actor,
    subject: Any,
    kind: DocumentKind,
    title: str,
    content: bytes,
    filename: str,
    role: str = "",
    number: str = "",
) -> Document:
    """Attach a file to a record: a paper of a dossier (role: its code) or any other.

    Raises Forbidden for those without a part in the record, UploadRefused for files that may not be kept, Refused.
    """
    writers = WRITERS_OF.get(subject._meta.label_lower, WRITERS)
    if not by.is_system and not roles_on(by, subject) & writers:
        raise Forbidden("Chỉ đơn vị lập hồ sơ và người phụ trách hồ sơ được đính kèm tệp vào hồ sơ này.")
    is_dossier = subject._meta.label_lower == "programme.application"
    if is_dossier and subject.state not in OPEN_APPLICATION_STATES:
        raise Refused("Hồ sơ đã mở nên không nhận thêm tài liệu (TT 20/2023/TT-BKHCN, Điều 6 khoản 3).")
    if not title.strip():
        raise Refused("Ghi tên tài liệu.", field="title")
    checked = check_upload(content, filename)
    return register_document(
        by=by, kind=kind, title=title.strip(), content=content, filename=checked.display_name,
        media_type=checked.kind.media_type, number=number.strip(), subject_type=subject._meta.label_lower,
        subject_uid=subject.uid, role=role,
    )  # fmt: skip
