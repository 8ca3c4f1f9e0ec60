"""The list of papers that lies on top of a payment file when it goes to the State Treasury."""

from khcn.domains.programme.choices import (
    BudgetLineKind,
    FundingSourceKind,
    PaperKeeper,
    PaperNeed,
    RuleStatus,
    TreasuryPayment,
)
from khcn.domains.programme.queries.papers.letterhead import issuer_of, mark_of, money, place_of
from khcn.domains.programme.queries.payment_files import FileShown, PaperShown
from khcn.kernel.orgs.models import Organisation
from khcn.standards.nd30.document import Align, Block, OfficialDocument, Paragraph, Signature, Table, TableColumn
from khcn.standards.nd30.forms import SIGN_NOTE, form_document

_COLUMNS = (
    TableColumn("TT", 0.5, Align.CENTRE),
    TableColumn("Giấy tờ", 3.4),
    TableColumn("Số, ký hiệu", 1.3),
    TableColumn("Bản", 0.9),
    TableColumn("Có trong hồ sơ", 1.2),
    TableColumn("Căn cứ", 2.1),
)


def cover_list(shown: FileShown, *, office: Organisation | None) -> OfficialDocument:
    """The papers of the file, those that the host keeps apart, and what is missing."""
    file, task = shown.file, shown.file.task
    parts = {keeper: [row for row in shown.papers if row.line.rule.keeper is keeper] for keeper in PaperKeeper}
    body: list[Block] = [
        Table(_COLUMNS, _rows(rows), caption=keeper.label) for keeper, rows in parts.items() if rows
    ]  # fmt: skip
    if shown.others:
        body.append(Paragraph("Tài liệu khác kèm theo: " + "; ".join(item.title for item in shown.others) + "."))
    if shown.blocking:
        names = "; ".join(row.line.rule.title for row in shown.blocking)
        body.append(Paragraph(f"Hồ sơ còn thiếu giấy tờ bắt buộc: {names}."))
    if any(row.line.rule.status != RuleStatus.VERIFIED for row in shown.papers):
        body.append(Paragraph("(*) Yêu cầu chưa đối chiếu với toàn văn; đề nghị hỏi Kho bạc Nhà nước nơi giao dịch."))
    return form_document(
        title="Bảng kê hồ sơ thanh toán", subject=f"{TreasuryPayment(file.payment).label}, hồ sơ số {file.code}",
        issuer=issuer_of(office),
        facts=(
            ("Nhiệm vụ", f"{task.code} – {task.title}"),
            ("Tổ chức chủ trì", task.host.name),
            ("Nguồn kinh phí", f"{FundingSourceKind(file.source).label}, năm ngân sách {file.year}"),
            ("Mục chi", BudgetLineKind(file.line).label if file.line else "Nhiều mục chi"),
            ("Số tiền", money(file.amount_vnd)),
        ),
        body=body,
        place=place_of(office), issued_on=file.sent_on or file.drawn_on,
        signers=(Signature("Kế toán trưởng", note=SIGN_NOTE), Signature("Thủ trưởng đơn vị", note=SIGN_NOTE)),
        mark=mark_of(task.is_illustration),
    )  # fmt: skip


def _rows(rows: list[PaperShown]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for number, row in enumerate(rows, start=1):
        rule = row.line.rule
        missing = "Thiếu (bắt buộc)" if rule.need is PaperNeed.BLOCK else "Thiếu"
        star = "" if rule.status == RuleStatus.VERIFIED else " (*)"
        found.append(
            (
                str(number), rule.title, row.document.number if row.document else "", rule.copy,
                "Có" if row.line.is_there else missing, f"{rule.citation}{star}",
            )
        )  # fmt: skip
    return found
