"""The order list as annex of its decision, and the notice that calls for applications."""

from collections.abc import Sequence

from khcn.domains.programme.choices import AwardMode, DirectGround, TaskKind
from khcn.domains.programme.models import Call, Order, OrderList
from khcn.domains.programme.queries.papers.letterhead import day, fact_lines, issuer_of, mark_of, money, place_of
from khcn.kernel.orgs.models import Organisation
from khcn.lib.money import format_number
from khcn.standards.nd30.document import (
    DECISION,
    NOTICE,
    Align,
    Annex,
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
    TableRow,
)


def order_list_paper(
    order_list: OrderList, *, office: Organisation | None, authority: str = "Ủy ban nhân dân tỉnh"
) -> OfficialDocument:
    """The decision that approves the list, with the list as annex; its number stays open until it is signed.

    office: a body of the province, whose address names the place.
    """
    orders = list(order_list.orders.select_related("orderer", "proposal__proposer"))
    body: list[Block] = [
        Heading(HeadingLevel.ARTICLE, "Điều 1", f"Phê duyệt danh mục gồm {len(orders)} nhiệm vụ đặt hàng"),
        Paragraph(f"Phê duyệt {order_list.title} (chi tiết tại Phụ lục kèm theo)."),
        Heading(HeadingLevel.ARTICLE, "Điều 2", "Tổ chức thực hiện"),
        Paragraph(
            "Sở Khoa học và Công nghệ công bố danh mục, tổ chức tuyển chọn, giao trực tiếp tổ chức, cá nhân thực hiện "
            "nhiệm vụ theo quy định."
        ),
        Heading(HeadingLevel.ARTICLE, "Điều 3", "Hiệu lực"),
        Paragraph("Quyết định này có hiệu lực kể từ ngày ký."),
    ]
    return OfficialDocument(
        issuer=issuer_of(None, authority),
        kind=DECISION,
        subject=f"Về việc phê duyệt {order_list.title}",
        number=DocumentNumber("QĐ-UBND", _number(order_list.decision_number)),
        place=place_of(office),
        issued_on=order_list.approved_on,
        grounds=(
            "Căn cứ Luật Tổ chức chính quyền địa phương",
            "Căn cứ các quy định của pháp luật về khoa học và công nghệ",
            "Xét đề nghị của Giám đốc Sở Khoa học và Công nghệ",
        ),
        body=body,
        signatures=(Signature("Chủ tịch", authority=Authority.COLLECTIVE, on_behalf_of=authority),),
        recipients=("Như Điều 2", "Các đơn vị đặt hàng"),
        archive="VT",
        annexes=(Annex(f"Danh mục {order_list.code}", (_table(orders),), landscape=True),),
        mark=mark_of(order_list.is_illustration),
    )


def call_notice(call: Call, *, office: Organisation | None) -> OfficialDocument:
    """The notice of selection or direct assignment: the task, who may apply, until when and where."""
    order = call.order
    is_direct = order.mode == AwardMode.DIRECT
    last = (
        f"Nhiệm vụ giao trực tiếp cho {call.invited}; căn cứ: {_ground(order.direct_ground)}."
        if is_direct
        else "Mọi tổ chức, cá nhân đủ điều kiện theo quy định đều có quyền đăng ký."
    )
    body: list[Block] = [
        Paragraph(
            f"Sở Khoa học và Công nghệ thông báo {'giao trực tiếp' if is_direct else 'tuyển chọn'} tổ chức, cá nhân "
            f"chủ trì thực hiện nhiệm vụ sau:"
        ),
        *fact_lines(
            (
                ("Tên nhiệm vụ", order.title),
                ("Loại nhiệm vụ", TaskKind(order.kind).label),
                ("Định hướng mục tiêu", order.objective),
                ("Yêu cầu đối với sản phẩm", order.products),
                ("Kinh phí dự kiến", money(order.budget_vnd)),
                ("Cơ quan đặt hàng, tiếp nhận kết quả", str(order.orderer or "")),
                ("Thời gian nhận hồ sơ", f"từ {day(call.opens_on)} đến hết ngày {day(call.closes_on)}"),
            )
        ),
        Paragraph(last),
        Paragraph("Hồ sơ lập theo các biểu mẫu quy định và nộp trên hệ thống này hoặc trực tiếp tại Sở."),
    ]
    return OfficialDocument(
        issuer=issuer_of(office),
        kind=NOTICE,
        subject=f"{AwardMode(order.mode).label} tổ chức, cá nhân chủ trì nhiệm vụ khoa học và công nghệ ({call.code})",
        number=DocumentNumber("TB-SKHCN"),
        place=place_of(office),
        issued_on=call.opens_on,
        body=body,
        signatures=(Signature("Giám đốc"),),
        recipients=("Các tổ chức khoa học và công nghệ", "Cổng thông tin điện tử của Sở"),
        archive="VT",
        mark=mark_of(order.order_list.is_illustration),
    )


def _table(orders: Sequence[Order]) -> Table:
    columns = (
        TableColumn("TT", 0.4, Align.CENTRE),
        TableColumn("Tên nhiệm vụ", 3),
        TableColumn("Định hướng mục tiêu", 2.6),
        TableColumn("Yêu cầu sản phẩm", 2.4),
        TableColumn("Phương thức", 1.2),
        TableColumn("Cơ quan đặt hàng", 1.6),
        TableColumn("Kinh phí dự kiến", 1.3, Align.RIGHT),
    )
    rows: list[TableRow] = []
    for number, order in enumerate(orders, start=1):
        mode = AwardMode(order.mode).label
        if order.direct_ground:
            mode = f"{mode}: {_ground(order.direct_ground).lower()}"
        rows.append(
            TableRow(
                (
                    str(number), order.title, order.objective, order.products, mode, str(order.orderer or ""),
                    "" if order.budget_vnd is None else format_number(order.budget_vnd),
                )
            )
        )  # fmt: skip
    total = sum(order.budget_vnd or 0 for order in orders)
    rows.append(TableRow(("", "Tổng cộng", "", "", "", "", format_number(total)), bold=True))
    return Table(columns, rows, unit_note="Đơn vị tính: đồng")


def _ground(value: str) -> str:
    return DirectGround(value).label if value in DirectGround.values() else value


def _number(decision: str) -> int | None:
    digits = decision.split("/")[0].strip()
    return int(digits) if digits.isdigit() else None
