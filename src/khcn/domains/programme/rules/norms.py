"""The norms of an estimate: remuneration, labour, experts, overhead, council and seminar fees.

Source: TT 03/2023/TT-BTC, Điều 3, 4, 6; TT 02/2023/TT-BKHCN, Điều 3, 4. These are national ceilings (Điều 2): a
province's resolution replaces them by dated rows, never by a larger figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from khcn.lib.money import format_vnd

from ..choices import BudgetLineKind, RuleStatus, WorkTitle

_TT03 = "TT 03/2023/TT-BTC, Điều {}"
_TT02 = "TT 02/2023/TT-BKHCN, Điều {}"


@dataclass(frozen=True, slots=True)
class CostNorm:
    """One dated fee ceiling in đồng: `activity` (a council, seminar…) and `role` in it, per `unit`."""

    activity: str
    role: str
    unit: str
    amount_vnd: int
    citation: str
    status: RuleStatus
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class NormBreach:
    """A line above its norm. norm: key of the norm; needs_justification: allowed when explained and approved."""

    norm: str
    text: str
    limit_vnd: int
    actual_vnd: int
    citation: str
    needs_justification: bool = False


@dataclass(frozen=True, slots=True)
class RemunerationLine:
    """Pay of a person, or of a group of one title, for a job of a content.

    months: converted person-months, exact (days ÷ 22 for less than a month). pi_month_vnd: the task's rate for its
    leader. coefficient: as the estimate sets it.
    """

    content: str
    job: str
    title: WorkTitle
    person: str
    months: Fraction
    coefficient: Fraction
    pi_month_vnd: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class LabourLine:
    """Unskilled work: days and amount."""

    job: str
    days: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee of a council, seminar or expert: units of `activity`.`role` at `unit_vnd` each."""

    activity: str
    role: str
    count: int
    unit_vnd: int


def parse_cost_norms(rows: Iterable[Mapping[str, str]]) -> tuple[CostNorm, ...]:
    """Read the rows of cost_norms.csv. Raises KeyError or ValueError for a row that does not fit."""
    return tuple(
        CostNorm(
            activity=row["activity"],
            role=row["role"],
            unit=row["unit"],
            amount_vnd=int(row["amount_vnd"]),
            citation=f"{row['instrument']}, {row['article']}",
            status=RuleStatus(row["status"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in rows
    )


def norm_on(norms: Iterable[CostNorm], activity: str, role: str, on: date) -> CostNorm | None:
    """Return the fee ceiling in force on `on`, a provincial one before a national one, or None when none is known."""
    found = [
        norm
        for norm in norms
        if (norm.activity, norm.role) == (activity, role)
        and norm.valid_from <= on
        and (norm.valid_to is None or on < norm.valid_to)
    ]
    return max(found, key=lambda norm: (norm.status is RuleStatus.PROVINCIAL, norm.valid_from), default=None)


def months_from_days(days: int, values: Mapping[str, str]) -> Fraction:
    """Return the person-months of `days`, a month being 22 days. Source: TT 03/2023/TT-BTC, Điều 4 khoản 1 điểm a."""
    return Fraction(days, int(values["norm.days_per_month"]))


def remuneration_of(months: Fraction, coefficient: Fraction, pi_month_vnd: int) -> int:
    """Return months × coefficient × leader's rate in whole đồng, rounded down so that it never exceeds the norm."""
    return int(months * coefficient * pi_month_vnd)


def remuneration_breaches(lines: Sequence[RemunerationLine], values: Mapping[str, str]) -> tuple[NormBreach, ...]:
    """Return every departure of the remuneration lines from the norms `norm.*`.

    The leader's rate, each title's coefficient and share of the rate, the product months × coefficient × rate, one
    leader, one scientific secretary, one main member per content, and the tie to a content and a job.
    Source: TT 03/2023/TT-BTC, Điều 4 khoản 1; TT 02/2023/TT-BKHCN, Điều 3, 4.
    """
    found = [breach for line in lines for breach in _line_breaches(line, values)]
    found += _too_many(
        {line.person for line in lines if line.title is WorkTitle.PI},
        "norm.pi_count_max",
        "chủ nhiệm nhiệm vụ",
        "3 khoản 1",
        values,
    )
    found += _too_many(
        {line.person for line in lines if line.title is WorkTitle.SECRETARY},
        "norm.secretary_count_max",
        "thư ký khoa học",
        "3 khoản 2",
        values,
    )
    chiefs = Counter(
        content for content, _ in {(line.content, line.person) for line in lines if line.title is WorkTitle.MAIN_MEMBER}
    )
    most = int(values["norm.main_member_per_content_max"])
    found += [
        NormBreach(
            "norm.main_member_per_content_max",
            f"Nội dung “{content}” có {count} thành viên chính; tối đa {most}.",
            most,
            count,
            _TT02.format("3 khoản 3"),
        )
        for content, count in chiefs.items()
        if count > most
    ]
    return tuple(found)


def labour_breaches(
    lines: Iterable[LabourLine], *, highest_minimum_wage_vnd: int, values: Mapping[str, str]
) -> tuple[NormBreach, ...]:
    """Return unskilled work paid above days × highest regional minimum monthly wage ÷ 22.

    Source: TT 03/2023/TT-BTC, Điều 4 khoản 1 điểm b.
    """
    found = []
    for line in lines:
        limit = int(Fraction(highest_minimum_wage_vnd, int(values["norm.days_per_month"])) * line.days)
        if line.amount_vnd > limit:
            text = f"Tiền công “{line.job}” vượt mức {format_vnd(limit)} cho {line.days} ngày."
            found.append(
                NormBreach("norm.days_per_month", text, limit, line.amount_vnd, _TT03.format("4 khoản 1 điểm b"))
            )
    return tuple(found)


def expert_breaches(
    *, remuneration_vnd: int, domestic_vnd: int, foreign_vnd: int, values: Mapping[str, str]
) -> tuple[NormBreach, ...]:
    """Return experts above 30 % (domestic) or 50 % (foreign) of the remuneration of the titles; both may be justified.

    remuneration_vnd: pay of the titles, without unskilled work. Source: TT 03/2023/TT-BTC, Điều 4 khoản 2.
    """
    found = []
    for key, label, amount, point in (
        ("norm.domestic_expert_share_max", "trong nước", domestic_vnd, "a"),
        ("norm.foreign_expert_share_max", "ngoài nước", foreign_vnd, "b"),
    ):
        limit = int(Fraction(values[key]) * remuneration_vnd)
        if amount > limit:
            text = (
                f"Chi thuê chuyên gia {label} {format_vnd(amount)} vượt {Fraction(values[key]) * 100}% tiền thù lao "
                f"({format_vnd(limit)}); phải giải trình để cơ quan phê duyệt xem xét."
            )
            found.append(NormBreach(key, text, limit, amount, _TT03.format(f"4 khoản 2 điểm {point}"), True))
    return tuple(found)


def overhead_limit(state_vnd: int, values: Mapping[str, str]) -> int:
    """Return the overhead of a task: 5 % of its state estimate, at most 300 million đồng, rounded down."""
    return min(int(Fraction(values["norm.overhead_share"]) * state_vnd), int(values["norm.overhead_cap_vnd"]))


def overhead_breaches(*, overhead_vnd: int, state_vnd: int, values: Mapping[str, str]) -> tuple[NormBreach, ...]:
    """Return overhead above its limit. Source: TT 03/2023/TT-BTC, Điều 4 khoản 7."""
    limit = overhead_limit(state_vnd, values)
    if overhead_vnd <= limit:
        return ()
    text = f"Chi quản lý chung {format_vnd(overhead_vnd)} vượt mức {format_vnd(limit)}."
    return (NormBreach("norm.overhead_share", text, limit, overhead_vnd, _TT03.format("4 khoản 7")),)


def fee_breaches(
    lines: Iterable[FeeLine], norms: Sequence[CostNorm], *, on: date, values: Mapping[str, str]
) -> tuple[NormBreach, ...]:
    """Return fees above their ceiling on `on`, and fees for which no norm is known.

    `self_evaluation` and `other_council` are held to 50 % of the acceptance fees.
    Source: TT 03/2023/TT-BTC, Điều 4 khoản 4, 6, Điều 6.
    """
    halved = {
        "self_evaluation": ("norm.self_evaluation_share_max", "4 khoản 6"),
        "other_council": ("norm.other_council_share_max", "6 khoản 1 điểm b"),
    }
    found = []
    for line in lines:
        share_key, article = halved.get(line.activity, ("", ""))
        norm = norm_on(norms, "acceptance" if share_key else line.activity, line.role, on)
        if norm is None:
            text = (
                f"Chưa có định mức cho {line.activity}.{line.role} tại ngày {on:%d/%m/%Y}; đề nghị thuyết minh căn cứ."
            )
            found.append(NormBreach(f"{line.activity}.{line.role}", text, 0, line.unit_vnd, "", True))
            continue
        limit = int(Fraction(values[share_key]) * norm.amount_vnd) if share_key else norm.amount_vnd
        if line.unit_vnd > limit:
            text = f"Mức chi {format_vnd(line.unit_vnd)}/{norm.unit} vượt định mức {format_vnd(limit)}."
            citation = _TT03.format(article) if share_key else norm.citation
            found.append(NormBreach(f"{line.activity}.{line.role}", text, limit, line.unit_vnd, citation))
    return tuple(found)


def independent_expert_limit(
    norms: Sequence[CostNorm], activity: str, on: date, values: Mapping[str, str]
) -> int | None:
    """Return the most that independent experts may cost beside a council: 5 × (chair's fee + reviewer's review).

    None when the norms of that council are not known on `on`. Source: TT 03/2023/TT-BTC, Điều 6 khoản 3 điểm a.
    """
    chair, review = (norm_on(norms, activity, role, on) for role in ("chair", "reviewer_review"))
    if chair is None or review is None:
        return None
    return int(Fraction(values["norm.independent_expert_factor_max"]) * (chair.amount_vnd + review.amount_vnd))


def input_line_breaches(totals: Mapping[BudgetLineKind, int], *, estimate_vnd: int) -> tuple[NormBreach, ...]:
    """Return what is wrong with the ten input lines as a whole: a negative line, a sum other than the estimate.

    Source: TT 03/2023/TT-BTC, Điều 3.
    """
    found = [
        NormBreach(f"line.{kind}", f"Mục “{kind.label}” không được âm.", 0, amount, _TT03.format("3"))
        for kind, amount in totals.items()
        if amount < 0
    ]
    total = sum(totals.values())
    if total != estimate_vnd:
        text = f"Tổng các mục {format_vnd(total)} khác tổng dự toán {format_vnd(estimate_vnd)}."
        found.append(NormBreach("line.total", text, estimate_vnd, total, _TT03.format("3")))
    return tuple(found)


def _line_breaches(line: RemunerationLine, values: Mapping[str, str]) -> Iterable[NormBreach]:
    cap = int(values["norm.pi_month_max_vnd"])
    if line.pi_month_vnd > cap:
        text = f"Mức thù lao chủ nhiệm {format_vnd(line.pi_month_vnd)}/người/tháng vượt {format_vnd(cap)}."
        yield NormBreach("norm.pi_month_max_vnd", text, cap, line.pi_month_vnd, _TT03.format("4 khoản 1 điểm a"))
    key = f"norm.coefficient.{line.title}"
    most = Fraction(values[key])
    if line.coefficient > most:
        text = f"Hệ số của {line.title.label.lower()} ở “{line.job}” vượt {_comma(most)}."
        limit, actual = (remuneration_of(Fraction(1), value, line.pi_month_vnd) for value in (most, line.coefficient))
        yield NormBreach(key, text, limit, actual, _TT02.format("4 khoản 1"))
    ratio = Fraction(values["norm.other_title_ratio_max"])
    if line.title is not WorkTitle.PI and line.coefficient > ratio:
        limit, actual = (remuneration_of(Fraction(1), value, line.pi_month_vnd) for value in (ratio, line.coefficient))
        text = f"Mức chi của {line.title.label.lower()} vượt {_comma(ratio)} lần mức của chủ nhiệm."
        yield NormBreach("norm.other_title_ratio_max", text, limit, actual, _TT03.format("4 khoản 1 điểm a"))
    due = remuneration_of(line.months, line.coefficient, line.pi_month_vnd)
    if line.amount_vnd > due:
        text = (
            f"Thù lao “{line.job}” {format_vnd(line.amount_vnd)} vượt mức tính theo tháng và hệ số ({format_vnd(due)})."
        )
        yield NormBreach("norm.product", text, due, line.amount_vnd, _TT03.format("4 khoản 1 điểm a"))
    if not line.content.strip() or not line.job.strip():
        text = "Dòng thù lao phải gắn với nội dung nghiên cứu và công việc cụ thể."
        yield NormBreach("norm.tied_to_work", text, 0, line.amount_vnd, _TT02.format("3 khoản 6"))


def _too_many(people: set[str], key: str, label: str, article: str, values: Mapping[str, str]) -> list[NormBreach]:
    most = int(values[key])
    if len(people) <= most:
        return []
    return [
        NormBreach(
            key,
            f"Mỗi nhiệm vụ chỉ có {most} {label}; dự toán có {len(people)}.",
            most,
            len(people),
            _TT02.format(article),
        )
    ]


def _comma(value: Fraction) -> str:
    return f"{float(value):g}".replace(".", ",")
