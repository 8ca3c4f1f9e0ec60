"""Papers of the standing body: the report of an inspection, and the province's yearly report to those above it."""

from collections.abc import Sequence
from datetime import date

from khcn.domains.qms.models import AgencyYear, Inspection
from khcn.domains.qms.queries.scores import ProvinceTally
from khcn.kernel.orgs.models import Organisation
from khcn.standards.nd30.document import (
    REPORT,
    Heading,
    HeadingLevel,
    Issuer,
    KeyValues,
    Mark,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)


def inspection_report(inspection: Inspection) -> OfficialDocument:
    """What an inspection checked and found, how it was mended, and the conclusion."""
    system = inspection.system
    found = list(inspection.findings.select_related("nonconformity"))
    rows = [
        (
            str(place), row.clause, row.content, row.get_severity_display(), f"{row.due_on:%d/%m/%Y}",
            f"{row.remedied_on:%d/%m/%Y}: {row.remedy}" if row.remedied_on else "Chưa khắc phục",
        )
        for place, row in enumerate(found, 1)
    ]  # fmt: skip
    columns = (
        ("TT", 0.4), ("Điều", 0.6), ("Tồn tại", 3.0), ("Mức", 0.8), ("Hạn", 1.0), ("Kết quả khắc phục", 2.2),
    )  # fmt: skip
    body: list = [
        KeyValues(
            [
                ("Cơ quan được kiểm tra", str(system)),
                ("Hình thức", inspection.get_mode_display()),
                ("Theo kế hoạch, quyết định", inspection.decision_number),
                ("Ngày kiểm tra", f"{inspection.checked_on:%d/%m/%Y}" if inspection.checked_on else ""),
                ("Đoàn kiểm tra", inspection.team),
            ]
        ),
        Heading(HeadingLevel.SECTION, "I", "Tồn tại và kết quả khắc phục"),
        Table([TableColumn(title, width) for title, width in columns], rows)
        if rows
        else Paragraph("Không có tồn tại."),
        Heading(HeadingLevel.SECTION, "II", "Kết luận"),
        *(Paragraph(text) for text in (inspection.conclusion or "Chưa kết luận.").splitlines() if text.strip()),
    ]
    return OfficialDocument(
        issuer=_issuer(inspection.inspector), kind=REPORT, body=body, place=_place(inspection.inspector),
        subject=f"Kết quả kiểm tra {inspection.code} việc áp dụng hệ thống quản lý chất lượng tại {system}",
        issued_on=inspection.reported_on, signatures=[Signature("Trưởng đoàn kiểm tra", "")],
        recipients=[str(system), "Ủy ban nhân dân tỉnh"], archive="VT",
        mark=Mark.ILLUSTRATION if system.is_illustration else Mark.NONE,
    )  # fmt: skip


def province_report(
    body: Organisation,
    *,
    year: int,
    on: date,
    tally: ProvinceTally,
    rows: Sequence[AgencyYear],
    missing: Sequence[str],
) -> OfficialDocument:
    """How the agencies of the province apply their systems in a year: three answers apart, each agency in a line.

    rows: the verdict of each agency that counts; missing: agencies obliged that have not begun.
    """
    decision = next((row.evidence["parameters"]["decision"] for row in rows if row.evidence.get("parameters")), "")
    threshold = next((row.evidence["parameters"]["threshold"] for row in rows if row.evidence.get("parameters")), "")
    lines = [
        (
            str(place), str(row.system), f"{row.total:.2f}".replace(".", ","),
            ", ".join(code for code, gate in row.gates.items() if not gate["holds"]) or "–",
            "Hiệu quả" if row.is_effective else "Chưa", row.decision_number or "Chưa xác nhận",
        )
        for place, row in enumerate(sorted(rows, key=lambda row: (-row.total, str(row.system))), 1)
    ]  # fmt: skip
    columns = (
        ("TT", 0.4), ("Cơ quan", 3.0), ("Điểm", 0.7), ("Điều kiện chưa đạt", 1.3), ("Kết quả", 0.9), ("Xác nhận", 1.3),
    )  # fmt: skip
    parts: list = [
        Heading(HeadingLevel.SECTION, "I", "Kết quả chung"),
        KeyValues(
            [
                ("Cơ quan có nghĩa vụ áp dụng", str(tally.obliged)),
                ("Đã khởi tạo hệ thống", _of(tally.enrolled, tally.obliged)),
                ("Đã công bố", _of(tally.announced, tally.obliged)),
                ("Đang chạy điện tử", _of(tally.electronic, tally.obliged)),
                ("Áp dụng hiệu quả", _of(tally.effective, tally.obliged)),
                ("Đã được xác nhận áp dụng hiệu quả", _of(tally.confirmed, tally.obliged)),
            ]
        ),
        Paragraph(
            f"Số liệu tính từ hồ sơ trên hệ thống đến ngày {on:%d/%m/%Y}; ngưỡng {threshold or '–'} điểm và trọng số "
            f"theo: {decision or 'chưa có'}."
        ),
        Heading(HeadingLevel.SECTION, "II", "Kết quả của từng cơ quan"),
        Table([TableColumn(title, width) for title, width in columns], lines)
        if lines
        else Paragraph("Chưa có cơ quan nào được tính kết quả."),
        Heading(HeadingLevel.SECTION, "III", "Cơ quan chưa khởi tạo hệ thống"),
        Paragraph("; ".join(missing) + "." if missing else "Không có."),
    ]
    return OfficialDocument(
        issuer=_issuer(body), kind=REPORT, body=parts, place=_place(body),
        subject=f"Tình hình áp dụng hệ thống quản lý chất lượng điện tử năm {year}", issued_on=None,
        signatures=[Signature("Giám đốc", "")],
        recipients=["Ủy ban nhân dân tỉnh", "Bộ Khoa học và Công nghệ"], archive="VT",
        mark=Mark.ILLUSTRATION if any(row.system.is_illustration for row in rows) else Mark.NONE,
    )  # fmt: skip


def _of(count: int, of: int) -> str:
    return f"{count}/{of} ({100 * count / of:.1f}%)".replace(".", ",") if of else f"{count}/{of}"


def _issuer(body: Organisation) -> Issuer:
    return Issuer(body.name, body.parent.name if body.parent else "")


def _place(body: Organisation) -> str:
    return body.address.rsplit(",", 1)[-1].strip() or "Bình Phước"
