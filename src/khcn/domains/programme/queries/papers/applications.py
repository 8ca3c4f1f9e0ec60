"""The minutes of opening dossiers (B2-1) and the decision that approves host, leader and money (B3-4)."""

from khcn.domains.programme.choices import ApplicationState, LumpMode
from khcn.domains.programme.models import Call, Task
from khcn.domains.programme.queries.papers.letterhead import day, fact_lines, issuer_of, mark_of, money, place_of
from khcn.kernel.orgs.models import Organisation
from khcn.lib.dates import VIETNAM
from khcn.standards.nd30.document import (
    DECISION,
    MINUTES,
    Align,
    Authority,
    Block,
    DocumentNumber,
    Heading,
    HeadingLevel,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.forms import SIGN_NOTE, form_document


def opening_minutes(call: Call, *, office: Organisation | None) -> OfficialDocument:
    """Form B2-1-BBHS: every dossier received, when, whether it is valid and why not."""
    received = list(
        call.applications.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
        .select_related("host", "pi")
        .order_by("submitted_at")
    )
    columns = (
        TableColumn("TT", 0.5, Align.CENTRE),
        TableColumn("Tổ chức đăng ký chủ trì", 2.6),
        TableColumn("Cá nhân đăng ký chủ nhiệm", 1.8),
        TableColumn("Nộp lúc", 1.2, Align.CENTRE),
        TableColumn("Kết quả", 1),
        TableColumn("Lý do không hợp lệ", 2.4),
    )
    rows = [
        (
            str(number), item.host.name, str(item.pi),
            f"{item.submitted_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if item.submitted_at else "",
            "Không hợp lệ" if item.state == ApplicationState.INVALID else "Hợp lệ", item.invalid_reason,
        )
        for number, item in enumerate(received, start=1)
    ]  # fmt: skip
    invalid = sum(item.state == ApplicationState.INVALID for item in received)
    return form_document(
        title="Biên bản mở hồ sơ đăng ký",
        subject="(Biểu B2-1-BBHS) tuyển chọn, giao trực tiếp tổ chức và cá nhân thực hiện nhiệm vụ",
        kind=MINUTES,
        issuer=issuer_of(office),
        facts=(),
        body=(
            *fact_lines(
                (
                    ("Tên nhiệm vụ", call.order.title),
                    ("Thông báo", f"{call.code}, lần {call.round}, hạn nhận hồ sơ {day(call.closes_on)}"),
                    ("Ngày mở hồ sơ", day(call.opened_on)),
                    ("Số hồ sơ nhận được", f"{len(received):02d}"),
                    ("Hợp lệ / không hợp lệ", f"{len(received) - invalid:02d} / {invalid:02d}"),
                )
            ),
            Table(columns, rows, caption="Kết quả kiểm tra hồ sơ"),
        ),
        number=DocumentNumber("BB-SKHCN"),
        signers=(
            Signature("Thư ký", note=SIGN_NOTE),
            Signature("Đại diện đơn vị quản lý kinh phí", note=SIGN_NOTE),
            Signature("Đại diện đơn vị quản lý chuyên môn", note=SIGN_NOTE),
        ),
        mark=mark_of(call.order.order_list.is_illustration),
    )


def approval_decision(
    task: Task, *, office: Organisation | None, authority: str = "Ủy ban nhân dân tỉnh"
) -> OfficialDocument:
    """Form B3-4-QĐPDKP: host, leader, money, lump mode and duration of one task.

    office: a body of the province, whose address names the place.
    """
    months = task.application.months if task.application is not None else 0
    body: list[Block] = [
        Heading(HeadingLevel.ARTICLE, "Điều 1", "Phê duyệt tổ chức chủ trì, chủ nhiệm và kinh phí"),
        *fact_lines(
            (
                ("Nhiệm vụ", f"{task.code} – {task.title}"),
                ("Tổ chức chủ trì", task.host.name),
                ("Chủ nhiệm", str(task.pi)),
                ("Kinh phí ngân sách nhà nước", money(task.state_vnd)),
                ("Kinh phí ngoài ngân sách", money(task.counterpart_vnd)),
                ("Phương thức khoán chi", LumpMode(task.lump_mode).label),
                ("Thời gian thực hiện", f"{months} tháng, gồm thời gian hoàn thiện hồ sơ nghiệm thu"),
            )
        ),
        Heading(HeadingLevel.ARTICLE, "Điều 2", "Tổ chức thực hiện"),
        Paragraph(
            "Sở Khoa học và Công nghệ ký hợp đồng, theo dõi, kiểm tra việc thực hiện nhiệm vụ theo quy định. Tổ chức "
            "chủ trì và chủ nhiệm nhiệm vụ chịu trách nhiệm thực hiện Quyết định này."
        ),
    ]
    return OfficialDocument(
        issuer=issuer_of(None, authority),
        kind=DECISION,
        subject="Về việc phê duyệt tổ chức chủ trì, chủ nhiệm, kinh phí, phương thức khoán chi và thời gian thực hiện",
        number=DocumentNumber("QĐ-UBND"),
        place=place_of(office),
        issued_on=task.approved_on,
        grounds=(
            "Căn cứ các quy định của pháp luật về khoa học và công nghệ",
            "Xét đề nghị của Giám đốc Sở Khoa học và Công nghệ",
        ),
        body=body,
        signatures=(Signature("Chủ tịch", authority=Authority.COLLECTIVE, on_behalf_of=authority),),
        recipients=("Như Điều 2", task.host.name),
        archive="VT",
        mark=mark_of(task.is_illustration),
    )
