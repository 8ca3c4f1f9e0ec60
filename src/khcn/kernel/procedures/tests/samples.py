"""Procedures that tests run: small, whole, and close to an office's real ones."""

from decimal import Decimal

from khcn.kernel.procedures.choices import FieldKind, NormUnit, StepClock, StepKind, UnitRule
from khcn.kernel.procedures.engine.definition import Column, Definition, Field, Flow, Form, Rule, Step, Table
from khcn.lib.roles import Role

RECEIVE = Form(
    "tiep_nhan",
    "Phiếu tiếp nhận",
    (
        Field("amount", "Kinh phí", FieldKind.MONEY, required=True, minimum=Decimal(0)),
        Field("field", "Lĩnh vực", FieldKind.CHOICE, required=True, options=("y tế", "nông nghiệp")),
        Field("reason", "Lý do", FieldKind.LONG_TEXT, shown_if="amount > 1000000000", required=True),
    ),
)
ROUTE = Table(
    "tuyen",
    "Phân tuyến thẩm định",
    (Column("amount", "number"), Column("field", "text", ("y tế", "nông nghiệp"))),
    (Column("route"),),
    (
        Rule(("< 500000000", "-"), ('"nhanh"',)),
        Rule((">= 500000000", '"y tế"'), ('"hội đồng"',)),
        Rule((">= 500000000", '"nông nghiệp"'), ('"song song"',)),
    ),
)
SPECIALIST, HEAD, DIRECTOR = str(Role.SPECIALIST), str(Role.HEAD), str(Role.DIRECTOR)


def permit() -> Definition:
    """Receive → route by table → quick check, or two opinions at once, or a called council → approve → done."""
    work = {"unit_rule": UnitRule.DECIDING, "norm": Decimal(8), "norm_unit": NormUnit.WORKING_HOUR}
    return Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START),
            Step("tiep_nhan", "Tiếp nhận hồ sơ", StepKind.HUMAN, SPECIALIST, form="tiep_nhan", **work),
            Step("phan_tuyen", "Phân tuyến", StepKind.DECISION, table="tuyen"),
            Step("kiem_tra", "Kiểm tra nhanh", StepKind.HUMAN, SPECIALIST, returns_to=("tiep_nhan",), **work),
            Step("tach", "Lấy ý kiến", StepKind.FORK),
            Step("y_kien_1", "Ý kiến chuyên môn", StepKind.HUMAN, SPECIALIST, **work),
            Step("y_kien_2", "Ý kiến tài chính", StepKind.HUMAN, HEAD, **work),
            Step("gop", "Đủ ý kiến", StepKind.JOIN),
            Step("cho_hop", "Chờ biên bản hội đồng", StepKind.MESSAGE, message="bien_ban", clock=StepClock.PAUSE),
            Step("phe_duyet", "Phê duyệt", StepKind.HUMAN, DIRECTOR, returns_to=("tiep_nhan",), **work),
            Step("ket_thuc", "Đã giải quyết", StepKind.END, output="Giấy phép"),
        ),
        flows=(
            Flow("f1", "bat_dau", "tiep_nhan"),
            Flow("f2", "tiep_nhan", "phan_tuyen"),
            Flow("f3", "phan_tuyen", "kiem_tra", 'route = "nhanh"'),
            Flow("f4", "phan_tuyen", "cho_hop", 'route = "hội đồng"'),
            Flow("f5", "phan_tuyen", "tach", default=True),
            Flow("f6", "tach", "y_kien_1"),
            Flow("f7", "tach", "y_kien_2"),
            Flow("f8", "y_kien_1", "gop"),
            Flow("f9", "y_kien_2", "gop"),
            Flow("f10", "gop", "phe_duyet"),
            Flow("f11", "kiem_tra", "phe_duyet"),
            Flow("f12", "cho_hop", "phe_duyet"),
            Flow("f13", "phe_duyet", "ket_thuc"),
        ),
        tables=(ROUTE,),
        forms=(RECEIVE,),
        facts={"route": "text"},
    )
