"""What one ballot or review asks of a member: items, criteria with maxima, or product lines, by kind of council.

It reads the pinned rules and the records judged; what a member answers is checked here too, and nowhere stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from khcn.domains.programme.choices import CouncilKind, CriteriaKind, Grade, PassFail
from khcn.domains.programme.models import Product
from khcn.domains.programme.queries.councils.law import parameters
from khcn.domains.programme.rules.councils import (
    AcceptanceThresholds,
    ProductRating,
    ScoreBallot,
    ScoreOutOfRange,
    SelectionThresholds,
    contradiction,
    criteria_maxima,
    derived_level,
    score_application,
)
from khcn.kernel.procedures.models import Council, CouncilSubject
from khcn.lib.failure import Refused
from khcn.lib.labelled import gettext_noop as _

#: Contents that the identification council assesses. Source: TT 06/2023/TT-BKHCN, Điều 13 khoản 1 – 6.
IDENTIFICATION_ITEMS: Final = {
    "urgency": _("Tính cấp thiết, tầm quan trọng đối với phát triển kinh tế - xã hội"),
    "scale": _("Tính liên ngành, liên vùng, quy mô và tầm quan trọng của vấn đề khoa học đặt ra"),
    "novelty": _("Khả năng không trùng lặp với nhiệm vụ đã và đang thực hiện"),
    "application": _("Khả năng ứng dụng hoặc sử dụng kết quả vào sản xuất và đời sống"),
    "resources": _("Xuất xứ công nghệ, khả năng huy động nguồn lực (đối với dự án)"),
    "wording": _("Tên, định hướng mục tiêu, yêu cầu đối với kết quả, phương thức thực hiện"),
}
#: Names of the criteria whose maxima the rule set holds. Source: TT 20/2023/TT-BKHCN, Điều 12.
CRITERIA: Final = {
    "overview": _("Tổng quan tình hình nghiên cứu"),
    "content_people_method": _("Nội dung, nhân lực thực hiện, phương pháp nghiên cứu và kỹ thuật sử dụng"),
    "products": _("Sản phẩm khoa học và công nghệ"),
    "application": _("Khả năng ứng dụng, phương án chuyển giao kết quả vào sản xuất và đời sống"),
    "plan_budget": _("Tính khả thi về kế hoạch và kinh phí thực hiện"),
    "capacity": _("Năng lực của tổ chức và cá nhân thực hiện"),
    "content_support": _("Nội dung và hoạt động hỗ trợ nghiên cứu"),
    "approach_method": _("Cách tiếp cận và phương pháp nghiên cứu"),
    "products_benefit": _("Sản phẩm, lợi ích và phương án chuyển giao kết quả nghiên cứu"),
    "overview_market": _("Tổng quan về các vấn đề công nghệ và thị trường của dự án"),
    "content_plan": _("Nội dung và phương án triển khai"),
    "novelty_feasibility": _("Tính mới và tính khả thi của công nghệ"),
    "growth_benefit": _("Khả năng phát triển và hiệu quả kinh tế - xã hội dự kiến"),
    "finance": _("Phương án tài chính"),
}
#: The three criteria of a product line. Source: TT 11/2014/TT-BKHCN, Điều 12 khoản 1 điểm b.
PRODUCT_CRITERIA: Final = {
    "quality": _("Chất lượng"),
    "kind": _("Chủng loại"),
    "quantity": _("Số lượng, khối lượng"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a ballot on one subject asks. items: code → text. criteria: (code, text, maximum). products: the lines."""

    kind: CouncilKind
    items: Mapping[str, str]
    criteria: tuple[tuple[str, str, Fraction], ...]
    products: tuple[Product, ...]


def sheet_of(council: Council, subject: CouncilSubject, *, on: date) -> Sheet:
    """Read what the ballot asks; an appraisal team has none. Raises Refused when the rule set holds no criteria."""
    kind = CouncilKind(council.kind)
    items = IDENTIFICATION_ITEMS if kind is CouncilKind.IDENTIFICATION else {}
    criteria: tuple[tuple[str, str, Fraction], ...] = ()
    products: tuple[Product, ...] = ()
    if kind is CouncilKind.SELECTION:
        criteria = tuple((code, CRITERIA[code], most) for code, most in _maxima(council, subject, on).items())
    elif kind is CouncilKind.ACCEPTANCE:
        products = tuple(Product.objects.filter(task__uid=subject.subject_uid).order_by("code"))
    return Sheet(kind, items, criteria, products)


def check_ballot(council: Council, subject: CouncilSubject, content: Mapping[str, Any], *, on: date) -> str:
    """Check an answer against the rules of its count; returns a warning to think over, or nothing.

    Raises Refused for a ballot that could not be counted.
    """
    kind = CouncilKind(council.kind)
    if kind is CouncilKind.BUDGET_APPRAISAL:
        raise Refused("Tổ thẩm định kinh phí thảo luận và kết luận, không bỏ phiếu.")
    try:
        if kind is CouncilKind.SELECTION:
            values = parameters(council, on=on)
            score_application(
                [ScoreBallot("phiếu này", content["scores"])], _maxima(council, subject, on),
                SelectionThresholds.from_parameters(values), members_present=1, host_is_proposer=False,
            )  # fmt: skip
        elif kind is CouncilKind.ACCEPTANCE:
            return _acceptance_warning(council, subject, content, on)
        elif kind is CouncilKind.IDENTIFICATION:
            if set(content["items"]) != set(IDENTIFICATION_ITEMS):
                raise Refused("Phiếu phải đánh giá đủ các nội dung.", field="items")
            _all_in(PassFail, content["items"].values())
        else:
            _all_in(PassFail, [content["opinion"]])
    except ScoreOutOfRange as wrong:
        raise Refused(wrong.message, field=wrong.criterion) from wrong
    except (KeyError, ValueError) as wrong:
        raise Refused("Phiếu thiếu mục hoặc có giá trị không hợp lệ.") from wrong
    return ""


def lines_of(content: Mapping[str, Any]) -> list[ProductRating]:
    """The product lines of an acceptance ballot. Raises KeyError, ValueError."""
    return [
        ProductRating(
            row["product"], Grade(row["quality"]), Grade(row["kind"]), Grade(row["quantity"]),
            Fraction(row["achieved_share"]),
        )
        for row in content["lines"]
    ]  # fmt: skip


def _acceptance_warning(council: Council, subject: CouncilSubject, content: Mapping[str, Any], on: date) -> str:
    asked = {str(product.uid) for product in sheet_of(council, subject, on=on).products}
    lines = lines_of(content)
    if {line.product for line in lines} != asked:
        raise Refused("Phiếu phải đánh giá đủ các sản phẩm.", field="lines")
    thresholds = AcceptanceThresholds.from_parameters(parameters(council, on=on))
    derived = derived_level(lines, Grade(content["report"]), thresholds)
    return contradiction(Grade(content["stated"]), derived) or ""


def _maxima(council: Council, subject: CouncilSubject, on: date) -> dict[str, Fraction]:
    try:
        return criteria_maxima(parameters(council, on=on), CriteriaKind(subject.facts["criteria"]))
    except LookupError as missing:
        raise Refused(f"Bộ quy tắc {council.rule_set} chưa có thang điểm cho loại nhiệm vụ này.") from missing


def _all_in(choice: Any, values: Any) -> None:
    for value in values:
        choice(value)
