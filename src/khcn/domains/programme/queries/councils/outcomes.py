"""What was counted, in words: per subject its outcome, figures and, for those who may read them, the ballots."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from khcn.domains.programme.choices import CouncilKind, Grade, IdentificationOutcome, LumpMode, PassFail
from khcn.domains.programme.models import Product
from khcn.domains.programme.queries.councils.sheets import CRITERIA
from khcn.domains.programme.rules.councils import rounded
from khcn.kernel.procedures.models import Council, CouncilSubject
from khcn.lib.money import format_vnd

UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result on one subject. figures: (name, value) in the order of the minutes."""

    subject: CouncilSubject
    label: str
    tone: str
    figures: tuple[tuple[str, str], ...]


def outcomes_of(council: Council) -> list[Outcome]:
    """The result of every subject that has one, in the order of the agenda."""
    read = {
        CouncilKind.IDENTIFICATION: _identification,
        CouncilKind.SELECTION: _selection,
        CouncilKind.ACCEPTANCE: _acceptance,
        CouncilKind.CHANGE: _change,
        CouncilKind.BUDGET_APPRAISAL: _appraisal,
    }[CouncilKind(council.kind)]
    return [read(subject, subject.result) for subject in council.subjects.order_by("id") if subject.result]


def first_place_is_tied(council: Council) -> list[CouncilSubject]:
    """The candidates that share the first place, which the council must settle; empty when it is decided."""
    if council.kind != CouncilKind.SELECTION:
        return []
    tied = [
        subject
        for subject in council.subjects.order_by("id")
        if subject.result and subject.result["place"]["rank"] == 1 and subject.result["count"]["is_candidate"]
    ]
    return tied if len(tied) > 1 else []


def points(value: str | None) -> str:
    """An exact number as people read it: 82,57."""
    if value is None:
        return "–"
    text = f"{rounded(Fraction(value)):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _identification(subject: CouncilSubject, result: dict[str, Any]) -> Outcome:
    count = result["count"]
    outcome = IdentificationOutcome(count["outcome"])
    figures = (
        ("Số phiếu", str(count["total"])),
        ("Phiếu đạt", str(count["passing"])),
        ("Số phiếu đạt cần có", str(count["needed"])),
    )
    return Outcome(subject, outcome.label, "done" if outcome is IdentificationOutcome.PERFORM else "bad", figures)


def _selection(subject: CouncilSubject, result: dict[str, Any]) -> Outcome:
    count, place = result["count"], result["place"]
    figures = [
        ("Điểm trung bình của tất cả phiếu", points(count["mean_all"])),
        ("Số phiếu bị loại do chênh lệch", str(len(count["dropped"]))),
        ("Điểm trung bình sau khi loại", points(count["mean_score"])),
        ("Điểm xếp hạng", points(count["final_score"]) + (" (đã cộng điểm đề xuất)" if count["bonus_applied"] else "")),
        ("Xếp hạng", str(place["rank"]) + (" (bằng nhau)" if place["decided_by"] == UNDECIDED else "")),
    ]
    if count["criteria_with_excess_zeros"]:
        names = "; ".join(CRITERIA[name] for name in count["criteria_with_excess_zeros"])
        figures.append(("Tiêu chí bị quá nhiều điểm 0", names))
    if not count["is_candidate"]:
        return Outcome(subject, "Không đủ điều kiện trúng tuyển", "bad", tuple(figures))
    label = "Đề nghị trúng tuyển" if place["rank"] == 1 else "Đạt, không trúng tuyển"
    return Outcome(subject, label, "done" if place["rank"] == 1 else "plain", tuple(figures))


def _acceptance(subject: CouncilSubject, result: dict[str, Any]) -> Outcome:
    count, grade = result["count"], Grade(result["count"]["grade"])
    figures = [
        ("Thành viên có mặt", str(count["present"])),
        ("Phiếu xuất sắc", str(count["excellent"])),
        ("Phiếu đạt", str(count["passing"])),
        ("Phiếu không đạt", str(count["failing"])),
        ("Phiếu không hợp lệ", str(count["invalid"])),
    ]
    products = Product.objects.filter(uid__in=result["products"]).values_list("uid", "name")
    names = {str(uid): name for uid, name in products}
    figures += [(names.get(uid, uid), Grade(row["grade"]).label) for uid, row in result["products"].items()]
    tone = {Grade.EXCELLENT: "done", Grade.PASS: "done", Grade.FAIL: "bad"}[grade]
    return Outcome(subject, grade.label, tone, tuple(figures))


def _change(subject: CouncilSubject, result: dict[str, Any]) -> Outcome:
    count = result["count"]
    figures = (
        ("Số phiếu", str(count["total"])),
        ("Đồng ý điều chỉnh", str(count["in_favour"])),
        ("Không đồng ý", str(count["against"])),
    )
    return Outcome(subject, f"{count['in_favour']}/{count['total']} ý kiến đồng ý", "plain", figures)


def _appraisal(subject: CouncilSubject, result: dict[str, Any]) -> Outcome:
    figures = [
        ("Kinh phí kiến nghị", format_vnd(result["amount_vnd"])),
        ("Thời gian (tháng)", str(result["months"])),
        ("Phương thức khoán chi", LumpMode(result["lump_mode"]).label),
    ]
    figures += [(f"Dòng {int(line) + 1}", text) for line, text in result["line_comments"].items()]
    return Outcome(subject, format_vnd(result["amount_vnd"]), "done", tuple(figures))


def ballot_words(kind: str, content: dict[str, Any]) -> str:
    """What an opened ballot says, in one line."""
    if kind == CouncilKind.IDENTIFICATION:
        passed = sum(value == PassFail.PASS for value in content["items"].values())
        total = len(content["items"])
        return f"{'Đạt' if passed == total else 'Không đạt'} ({passed}/{total} nội dung đạt)"
    if kind == CouncilKind.SELECTION:
        return f"{points(str(sum((Fraction(value) for value in content['scores'].values()), Fraction(0))))} điểm"
    if kind == CouncilKind.ACCEPTANCE:
        return Grade(content["stated"]).label
    return "Đồng ý" if content["opinion"] == PassFail.PASS else "Không đồng ý"
