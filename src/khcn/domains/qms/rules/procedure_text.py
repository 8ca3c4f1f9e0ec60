"""The first draft of a written procedure from what the agency has published, in the parts of the model framework.

Words in, sections out; whoever keeps the document goes over them before it is approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

CLAUSES = "7.5, 8.1, 8.2, 8.5, 8.6"
"""Clauses of the standard that a procedure for a service answers."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of the procedure; empty where nothing is published."""

    title: str
    agency: str
    code: str = ""
    field: str = ""
    receiving: str = ""
    deciding: str = ""
    components: Sequence[str] = ()
    time: str = ""
    fee: str = ""
    result: str = ""
    conditions: str = ""
    decision: str = ""
    bases: Sequence[str] = ()


def draft_sections(known: Published) -> list[dict[str, str]]:
    """Purpose, scope, references, terms, what is published, records; what is not published is left to be written."""
    to_write = "(bổ sung)"
    contents = [
        ("Lĩnh vực", known.field), ("Nơi tiếp nhận", known.receiving), ("Cơ quan giải quyết", known.deciding),
        ("Thời hạn giải quyết", known.time), ("Phí, lệ phí", known.fee), ("Kết quả", known.result),
        ("Yêu cầu, điều kiện", known.conditions), ("Quyết định công bố", known.decision),
    ]  # fmt: skip
    sections = [
        (
            "Mục đích",
            f"Quy định trình tự, trách nhiệm và thời gian thực hiện “{known.title}” để giải quyết đúng quy định, đúng "
            "hạn và truy được từng bước.",
        ),
        ("Phạm vi", f"Áp dụng cho các bộ phận, cá nhân của {known.agency} tham gia thực hiện “{known.title}”."),
        ("Tài liệu viện dẫn", "\n".join(f"- {basis}" for basis in known.bases) or to_write),
        ("Định nghĩa, viết tắt", to_write),
        (
            "Nội dung công bố",
            "\n".join(f"- {name}: {value}" for name, value in [("Mã", known.code), *contents] if value) or to_write,
        ),
        (
            "Thành phần hồ sơ",
            "\n".join(f"{place}. {paper}" for place, paper in enumerate(known.components, 1)) or to_write,
        ),
        ("Trình tự thực hiện", "Theo bảng các bước kèm theo; hệ thống tính hạn của từng bước theo giờ làm việc."),
        (
            "Hồ sơ lưu",
            "Hồ sơ, nhật ký xử lý và kết quả lưu trên hệ thống theo bảng quản lý hồ sơ của cơ quan.",
        ),
    ]  # fmt: skip
    return [{"title": title, "body": body} for title, body in sections]
