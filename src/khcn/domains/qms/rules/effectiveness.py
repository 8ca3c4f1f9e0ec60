"""Whether an agency applied its quality system effectively in a year: five gates and a score of 100.

Pure: facts counted elsewhere come in, the verdict goes out. The rules of the State give no number; this definition is
the project's own (weights and thresholds are dated parameters with the number of the province's decision).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from khcn.lib.labelled import gettext_noop

GATES = ("G1", "G2", "G3", "G4", "G5")
SCORES = ("E1", "E2", "E3", "E4", "E5", "E6", "E7")
NAMES = {
    "G1": gettext_noop("Công bố"), "G2": gettext_noop("Phạm vi"), "G3": gettext_noop("Đánh giá nội bộ"),
    "G4": gettext_noop("Xem xét của lãnh đạo"), "G5": gettext_noop("Không có lỗi nặng quá hạn"),
    "E1": gettext_noop("Xử lý điện tử"), "E2": gettext_noop("Bước đúng hạn"), "E3": gettext_noop("Hồ sơ đúng hạn"),
    "E4": gettext_noop("Kiểm soát tài liệu"), "E5": gettext_noop("Mục tiêu chất lượng"),
    "E6": gettext_noop("Khắc phục sự không phù hợp"), "E7": gettext_noop("Sự hài lòng"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """Counted out of all. `of` 0: nothing to count."""

    counted: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.counted <= self.of:
            raise ValueError(f"not a share: {self.counted} of {self.of}")

    @property
    def value(self) -> Fraction | None:
        """The share, None when there is nothing to count."""
        return Fraction(self.counted, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What was counted for one agency and year.

    announced: a published announcement whose paper is whole and its signatures good. covered: procedures in force that
    a controlled procedure in effect with bases in force covers. audits_closed, audited_lines: of the programme's
    lines; self_audits: auditors who audited their own unit. reviews: held after the last audit with whole inputs;
    decisions_whole: each decision of them has owner and date and there is at least one. major_overdue: major
    nonconformities past their deadline. Shares: electronic dossiers, steps and dossiers in time, reads in time;
    obsolete_forms: uses of forms out of effect; objectives_measured/_met; closed_in_time; satisfaction 0–100 or None;
    complaints answered in time.
    """

    announced: bool
    covered: Share
    audits_closed: int
    audited_lines: Share
    self_audits: int
    reviews_whole: int
    decisions_whole: bool
    major_overdue: int
    electronic: Share
    steps_in_time: Share
    cases_in_time: Share
    reads_in_time: Share
    obsolete_forms: int
    objectives_measured: Share
    objectives_met: Share
    closed_in_time: Share
    satisfaction: Fraction | None
    complaints_in_time: Share


@dataclass(frozen=True, slots=True)
class Parameters:
    """Weights of E1–E7 (they sum up to 100) and the threshold of the score; dated rows of reference data."""

    weights: Mapping[str, int]
    threshold: int
    decision: str = ""

    def __post_init__(self) -> None:
        if set(self.weights) != set(SCORES) or sum(self.weights.values()) != 100:
            raise ValueError("weights of E1–E7 must sum up to 100")


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: whether it holds, and why in a sentence."""

    code: str
    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """One part of the score. value None: nothing to count; its weight is then shared among the others."""

    code: str
    weight: int
    value: Fraction | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Gates, scores, the total (0–100, two decimals), and the three answers that are reported apart."""

    gates: tuple[Gate, ...]
    scores: tuple[Score, ...]
    total: Decimal
    is_announced: bool
    is_electronic: bool
    is_effective: bool


def evaluate(facts: YearFacts, parameters: Parameters) -> Verdict:
    """Judge an agency-year.

    total = Σ weight·value / Σ weight over the parts with something to count, times 100; 0 when no part has anything or
    when E1 has nothing to count: a system in which no dossier ran is not applied. Effective: all gates hold and the
    total, unrounded, reaches the threshold.
    """
    gates = _gates(facts)
    scores = _scores(facts, parameters.weights)
    counted = [score for score in scores if score.value is not None]
    weight = sum(score.weight for score in counted)
    exact = Fraction(0)
    if weight and facts.electronic.of:
        exact = 100 * sum((score.weight * (score.value or Fraction(0)) for score in counted), Fraction(0)) / weight
    total = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Verdict(
        gates=gates,
        scores=scores,
        total=total,
        is_announced=gates[0].holds,
        is_electronic=facts.electronic.counted > 0,
        is_effective=all(gate.holds for gate in gates) and exact >= parameters.threshold,
    )


def _gates(f: YearFacts) -> tuple[Gate, ...]:
    covered = f.covered.of > 0 and f.covered.counted == f.covered.of
    lines_done = f.audited_lines.of > 0 and f.audited_lines.counted == f.audited_lines.of
    audited = f.audits_closed > 0 and lines_done and f.self_audits == 0
    announced = "Có bản công bố được ký số hợp lệ." if f.announced else "Chưa có bản công bố được ký số hợp lệ."
    reviewed = (
        f"{f.reviews_whole} cuộc xem xét của lãnh đạo sau đánh giá, đủ đầu vào; kết luận đều có người làm và thời hạn."
        if f.decisions_whole
        else f"{f.reviews_whole} cuộc xem xét của lãnh đạo sau đánh giá, đủ đầu vào; kết luận chưa đủ người làm và "
        "thời hạn."
    )
    return (
        Gate("G1", f.announced, announced),
        Gate(
            "G2", covered,
            f"{f.covered.counted}/{f.covered.of} thủ tục, quy trình đang áp dụng có quy trình ISO hiệu lực với căn cứ "
            "còn hiệu lực.",
        ),
        Gate(
            "G3", audited,
            f"{f.audits_closed} đợt đánh giá nội bộ đã kết thúc; {f.audited_lines.counted}/{f.audited_lines.of} nội "
            f"dung của chương trình đã đánh giá; {f.self_audits} trường hợp tự đánh giá bộ phận mình.",
        ),
        Gate("G4", f.reviews_whole > 0 and f.decisions_whole, reviewed),
        Gate("G5", f.major_overdue == 0, f"{f.major_overdue} sự không phù hợp nặng quá hạn chưa được gia hạn."),
    )  # fmt: skip


def _scores(f: YearFacts, weights: Mapping[str, int]) -> tuple[Score, ...]:
    reads = f.reads_in_time.value
    documents = None if reads is None else (reads if f.obsolete_forms == 0 else reads / 2)
    measured, met = f.objectives_measured.value, f.objectives_met.value
    objectives = None if measured is None else measured * (met or 0)
    answered = f.complaints_in_time.value
    pleased = None if f.satisfaction is None else f.satisfaction / 100
    pleasure = "chưa có" if f.satisfaction is None else f"{float(f.satisfaction):.1f}/100"
    voices = [value for value in (pleased, answered) if value is not None]
    values: tuple[tuple[str, Fraction | None, str], ...] = (
        ("E1", f.electronic.value, f"{_of(f.electronic)} hồ sơ có mọi bước thực hiện trên hệ thống."),
        ("E2", f.steps_in_time.value, f"{_of(f.steps_in_time)} bước đúng hạn."),
        ("E3", f.cases_in_time.value, f"{_of(f.cases_in_time)} hồ sơ đúng hạn."),
        (
            "E4", documents,
            f"{_of(f.reads_in_time)} lượt đọc đúng hạn; {f.obsolete_forms} lần dùng biểu mẫu hết hiệu lực.",
        ),
        (
            "E5", objectives,
            f"{_of(f.objectives_measured)} mục tiêu đo đủ kỳ; {_of(f.objectives_met)} mục tiêu đạt.",
        ),
        ("E6", f.closed_in_time.value, f"{_of(f.closed_in_time)} sự không phù hợp đóng đúng hạn và có hiệu lực."),
        (
            "E7", sum(voices, Fraction(0)) / len(voices) if voices else None,
            f"hài lòng {pleasure}; {_of(f.complaints_in_time)} phản ánh trả lời đúng hạn.",
        ),
    )  # fmt: skip
    return tuple(Score(code, weights[code], value, sentence) for code, value, sentence in values)


def _of(share: Share) -> str:
    return f"{share.counted}/{share.of}" if share.of else "chưa có"
