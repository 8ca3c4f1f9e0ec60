"""The decision that demands money back from the host of a task that was not completed."""

from khcn.domains.programme.choices import ClockUnit, FailureCause, LumpMode
from khcn.domains.programme.models import Recovery
from khcn.domains.programme.queries.law import clock_rules_of
from khcn.domains.programme.queries.papers.letterhead import fact_lines, issuer_of, mark_of, money, place_of
from khcn.kernel.orgs.models import Organisation
from khcn.lib.money import format_number
from khcn.standards.nd30.document import (
    DECISION,
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

_COLUMNS = (
    TableColumn("TT", 0.5, Align.CENTRE),
    TableColumn("Khoản", 3.4),
    TableColumn("Số tiền (đồng)", 1.6, Align.RIGHT),
    TableColumn("Phải hoàn trả tối thiểu (đồng)", 1.8, Align.RIGHT),
)


def recovery_decision(recovery: Recovery, *, office: Organisation | None) -> OfficialDocument:
    """The draft or issued decision QĐ-TH: cause, the three parts, the sum, how long there is to pay."""
    task = recovery.task
    outcome = recovery.trace["outcome"]
    parts = outcome["parts"]
    given = (recovery.unspent_vnd, recovery.proper_vnd, recovery.unproven_vnd)
    labels = (
        "Kinh phí chưa sử dụng", "Kinh phí đã sử dụng đúng quy định", "Kinh phí chưa chứng minh được sử dụng đúng",
    )  # fmt: skip
    least = (parts["unspent_vnd"], parts["proper_vnd"], parts["unproven_vnd"])
    rows = [
        (str(number), label, format_number(amount or 0), format_number(int(due)))
        for number, (label, amount, due) in enumerate(zip(labels, given, least, strict=True), start=1)
    ]
    demanded = recovery.demanded_vnd if recovery.demanded_vnd is not None else recovery.due_vnd
    body: list[Block] = [
        Heading(HeadingLevel.ARTICLE, "Điều 1", "Thu hồi kinh phí của nhiệm vụ không hoàn thành"),
        *fact_lines(
            (
                ("Nhiệm vụ", f"{task.code} – {task.title}"),
                ("Tổ chức chủ trì", task.host.name),
                ("Phương thức khoán chi", LumpMode(recovery.mode).label if recovery.mode else ""),
                ("Nguyên nhân", FailureCause(recovery.cause).label if recovery.cause else ""),
                ("Kết luận", recovery.conclusion),
                ("Số phải hoàn trả", money(demanded)),
            )
        ),
        Table(_COLUMNS, rows, caption="Xác định số phải hoàn trả"),
        Heading(HeadingLevel.ARTICLE, "Điều 2", "Thời hạn và trách nhiệm"),
        Paragraph(
            f"{task.host.name} nộp đủ số tiền nêu tại Điều 1 trong thời hạn {_time_to_pay(recovery)} kể từ ngày ban "
            "hành Quyết định này. Quá thời hạn mà chưa nộp đủ, tổ chức chủ trì và các cá nhân liên quan không được "
            "đăng ký tuyển chọn, giao trực tiếp nhiệm vụ sử dụng ngân sách nhà nước."
        ),
    ]
    authority = "Ủy ban nhân dân tỉnh"
    return OfficialDocument(
        issuer=issuer_of(None, authority),
        kind=DECISION,
        subject="Về việc thu hồi kinh phí của nhiệm vụ khoa học và công nghệ không hoàn thành",
        number=DocumentNumber("QĐ-UBND"),
        place=place_of(office),
        issued_on=recovery.decided_on or recovery.concluded_on,
        grounds=(
            "Căn cứ Thông tư liên tịch số 27/2015/TTLT-BKHCN-BTC, Điều 16, 17",
            "Xét đề nghị của Giám đốc Sở Khoa học và Công nghệ",
        ),
        body=body,
        signatures=(Signature("Chủ tịch", authority=Authority.COLLECTIVE, on_behalf_of=authority),),
        recipients=("Như Điều 2", task.host.name),
        archive="VT",
        mark=mark_of(task.is_illustration),
    )


def _time_to_pay(recovery: Recovery) -> str:
    """The time that the clock rule of the task's rule set gives on the day of the decision."""
    on = recovery.decided_on or recovery.concluded_on
    rules = clock_rules_of(recovery.task.rule_set, on=on, keys=("recovery.pay",)) if on else {}
    rule = rules.get("recovery.pay")
    return f"{rule.amount} {ClockUnit(rule.unit).label.lower()}" if rule else "quy định"
