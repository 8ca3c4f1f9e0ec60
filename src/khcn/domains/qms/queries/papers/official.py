"""Official papers of the quality system as values for the layout of NĐ 30/2020/NĐ-CP."""

from khcn.domains.qms.models import Announcement, Audit, ManagementReview, QualitySystem
from khcn.standards.nd30.document import (
    MINUTES,
    NOTICE,
    REPORT,
    Heading,
    HeadingLevel,
    Issuer,
    KeyValues,
    ListItems,
    Mark,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)


def announcement_paper(announcement: Announcement) -> OfficialDocument:
    """The announcement of conformity, with the list of procedures in scope."""
    system = announcement.system
    rows = [
        (str(index), row["code"], row["title"], f"{row['issue']}.{row['revision']}")
        for index, row in enumerate(announcement.procedures, 1)
    ]
    again = " (công bố lại do điều chỉnh phạm vi)" if announcement.is_renewal else ""
    return OfficialDocument(
        issuer=_issuer(system),
        kind=NOTICE,
        kind_title="BẢN CÔNG BỐ",
        subject=f"Hệ thống quản lý chất lượng phù hợp {announcement.standard}{again}",
        place=_place(system),
        issued_on=announcement.published_on,
        body=[
            Paragraph(
                f"{system} công bố Hệ thống quản lý chất lượng của cơ quan phù hợp với {announcement.standard} đối với "
                f"phạm vi: {announcement.scope}"
            ),
            Paragraph(
                f"Bản công bố có hiệu lực kể từ ngày {announcement.effective_from:%d/%m/%Y}. Danh mục quy trình thuộc "
                "phạm vi công bố:"
            ),
            Table(
                [
                    TableColumn("TT", 0.4),
                    TableColumn("Mã", 1.2),
                    TableColumn("Tên quy trình", 4),
                    TableColumn("Lần ban hành", 0.9),
                ],
                rows,
            ),
        ],
        signatures=[Signature("Thủ trưởng cơ quan", str(announcement.confirmed_by or ""))],
        recipients=["Sở Khoa học và Công nghệ", "Niêm yết tại trụ sở và trang thông tin điện tử"],
        archive="VT",
        mark=Mark.ILLUSTRATION if system.is_illustration else Mark.NONE,
    )


def review_minutes(review: ManagementReview, *, signer: str) -> OfficialDocument:
    """Minutes of a management review: who, the frozen inputs, what was said, decisions."""
    system = review.system
    blocks: list = [
        KeyValues(
            [
                ("Thời gian", f"{review.held_on:%d/%m/%Y}" if review.held_on else ""),
                ("Thành phần", review.attendees),
                ("Dấu vết đầu vào (SHA-256)", review.inputs_sha256),
            ]
        ),
        Heading(HeadingLevel.SECTION, "I", "Đầu vào của cuộc xem xét"),
    ]
    for item in review.inputs.get("inputs", []):
        blocks.append(Heading(HeadingLevel.POINT, item["letter"], item["title"]))
        blocks.append(ListItems(item["lines"]))
    blocks += [
        Heading(HeadingLevel.SECTION, "II", "Diễn biến"),
        *(Paragraph(text) for text in review.minutes.splitlines() if text.strip()),
        Heading(HeadingLevel.SECTION, "III", "Kết luận"),
        Table(
            [
                TableColumn("TT", 0.4),
                TableColumn("Việc phải làm", 4),
                TableColumn("Người thực hiện", 2),
                TableColumn("Thời hạn", 1),
            ],
            [
                (str(index), row.what, str(row.owner.person), f"{row.due_on:%d/%m/%Y}")
                for index, row in enumerate(review.decisions.select_related("owner__person"), 1)
            ],
        ),
    ]
    return OfficialDocument(
        issuer=_issuer(system),
        kind=MINUTES,
        subject=f"Xem xét của lãnh đạo năm {review.year}",
        body=blocks,
        place=_place(system),
        issued_on=review.held_on,
        signatures=[Signature("Chủ trì", signer)],
        archive="VT",
        mark=Mark.ILLUSTRATION if system.is_illustration else Mark.NONE,
    )


def audit_plan(audit: Audit) -> OfficialDocument:
    """The plan that the audited unit is sent: scope, criteria, team, timetable."""
    system = audit.system
    team = list(audit.team.select_related("member__person", "member__unit"))
    lines = [[cell.strip() for cell in line.split("|")] for line in audit.timetable.splitlines() if line.strip()]
    contents = [
        f"Tháng {line.month}: {line.document or line.unit} (điều {line.clauses})"
        for line in audit.lines.select_related("document", "unit")
    ]
    body: list = [
        KeyValues(
            [
                ("Bộ phận được đánh giá", str(audit.auditee)),
                ("Thời gian", f"{audit.starts_on:%d/%m/%Y} – {audit.ends_on:%d/%m/%Y}"),
                ("Phạm vi", audit.scope),
                ("Chuẩn mực", audit.criteria),
                (
                    "Đoàn đánh giá",
                    "; ".join(
                        f"{row.member.person}{' (trưởng đoàn)' if row.is_lead else ''} – {row.member.unit}"
                        for row in team
                    ),
                ),
                ("Số hồ sơ lấy mẫu mỗi quy trình", str(audit.sample_size)),
            ]
        ),
        Heading(HeadingLevel.SECTION, "I", "Nội dung theo chương trình năm"),
        ListItems(contents),
    ]
    if lines:
        columns = ("Giờ", "Nội dung, quy trình", "Người đánh giá", "Người tiếp")
        body += [
            Heading(HeadingLevel.SECTION, "II", "Lịch đánh giá"),
            Table(
                [TableColumn(title, width) for title, width in zip(columns, (1.0, 3.5, 1.8, 1.8), strict=True)],
                [tuple((*line, "", "", "", "")[:4]) for line in lines],
            ),
        ]
    return OfficialDocument(
        issuer=_issuer(system),
        kind=NOTICE,
        kind_title="KẾ HOẠCH",
        subject=f"Đánh giá nội bộ {audit.code} – {audit.auditee}",
        place=_place(system),
        issued_on=audit.notified_on,
        body=body,
        signatures=[Signature("Trưởng đoàn", str(next((row.member.person for row in team if row.is_lead), "")))],
        recipients=[str(audit.auditee), "Đoàn đánh giá"],
        archive="VT",
        mark=Mark.ILLUSTRATION if system.is_illustration else Mark.NONE,
    )


def audit_report(audit: Audit) -> OfficialDocument:
    """The report of an internal audit: team, sample, findings, conclusion."""
    system = audit.system
    items = audit.items.select_related("nonconformity")
    rows = [
        (
            str(item.ordinal),
            item.clause,
            item.case_code,
            item.get_finding_display() if item.finding else "",
            item.statement or item.evidence,
            item.nonconformity.code if item.nonconformity else "",
        )
        for item in items
    ]
    return OfficialDocument(
        issuer=_issuer(system),
        kind=REPORT,
        subject=f"Kết quả đánh giá nội bộ {audit.code} – {audit.auditee}",
        place=_place(system),
        issued_on=audit.reported_on,
        body=[
            KeyValues(
                [
                    ("Thời gian", f"{audit.starts_on:%d/%m/%Y} – {audit.ends_on:%d/%m/%Y}"),
                    ("Phạm vi", audit.scope),
                    ("Chuẩn mực", audit.criteria),
                    (
                        "Đoàn đánh giá",
                        "; ".join(str(row.member.person) for row in audit.team.select_related("member__person")),
                    ),
                    (
                        "Mẫu hồ sơ",
                        f"số gieo {audit.seed}; {audit.population or 0} hồ sơ; {audit.population_digest[:16]}",
                    ),
                ]
            ),
            Table(
                [
                    TableColumn("TT", 0.4),
                    TableColumn("Điều", 0.6),
                    TableColumn("Hồ sơ", 1.4),
                    TableColumn("Kết luận", 1.2),
                    TableColumn("Phát hiện, bằng chứng", 3),
                    TableColumn("Phiếu KPH", 1.2),
                ],
                rows,
            ),
            Paragraph(audit.conclusion),
        ],
        signatures=[Signature("Trưởng đoàn", str(next((r.member.person for r in audit.team.all() if r.is_lead), "")))],
        recipients=[str(audit.auditee)],
        archive="VT",
        mark=Mark.ILLUSTRATION if system.is_illustration else Mark.NONE,
    )


def _issuer(system: QualitySystem) -> Issuer:
    organisation = system.organisation
    return Issuer(organisation.name, organisation.parent.name if organisation.parent else "")


def _place(system: QualitySystem) -> str:
    return system.organisation.address.rsplit(",", 1)[-1].strip() or "Bình Phước"
