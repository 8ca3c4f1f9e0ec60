"""Targets T1–T7 and measures M1–M3 over small worlds whose answer is known."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.choices import (
    DenominatorPolicy,
    FundingSourceKind,
    Grade,
    ProductType,
    Purpose,
    Sector,
    TargetOperator,
    TargetStatus,
)
from khcn.domains.programme.rules.indicators import (
    PLAN_TARGETS,
    AgencyFact,
    ApplicationFact,
    EffectivenessFact,
    HandoverFact,
    IssueFact,
    Measure,
    ProductFact,
    StepFact,
    TaskFact,
    application_evidence,
    applied_share,
    count_stages,
    effective_share,
    is_met,
    issues_answered,
    money_progress,
    steps_in_time,
    target_status,
)

ON = date(2025, 6, 30)
TASK = TaskFact(
    "t1",
    "KHCN-2022-01",
    ordered_on=date(2022, 1, 1),
    contracted_on=date(2022, 6, 1),
    accepted_on=date(2024, 3, 1),
    grade=Grade.PASS,
    recognised_on=date(2024, 5, 1),
)
SOFTWARE = ProductFact(
    "p1", "t1", ProductType.SOFTWARE, Purpose.PUBLIC_ADMINISTRATION, Sector.PUBLIC_SERVICE, Grade.PASS
)
HANDED = HandoverFact("p1", date(2024, 6, 1))
USE = ApplicationFact("u1", "p1", "xã A", False, date(2024, 6, 15), confirmed_on=date(2025, 1, 10))


def stages(task=TASK, product=SOFTWARE, handover=HANDED, use=USE, code="T1", on=ON):
    counted = count_stages(
        PLAN_TARGETS[code], [product], {task.id: task}, [handover], [use] if use else [], on=on, min_days=180
    )
    return tuple(item.value for item in (counted.ordered, counted.contracted, counted.accepted, counted.applied))


def test_stages_a_proven_product_counts_in_all_four():
    assert stages() == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"task": replace(TASK, recognised_on=None)}, (1, 1, 1, 0)),
        ({"task": replace(TASK, accepted_on=None, recognised_on=None, grade=None)}, (1, 1, 0, 0)),
        ({"task": replace(TASK, grade=Grade.FAIL)}, (1, 1, 0, 0)),
        ({"product": replace(SOFTWARE, grade=Grade.FAIL)}, (1, 1, 0, 0)),
        ({"handover": HandoverFact("p1", None)}, (1, 1, 1, 0)),
        ({"handover": HandoverFact("p9", date(2024, 6, 1))}, (1, 1, 1, 0)),
        ({"use": None}, (1, 1, 1, 0)),
        ({"use": replace(USE, confirmed_on=None)}, (1, 1, 1, 0)),
        ({"use": replace(USE, confirmed_on=ON + timedelta(days=1))}, (1, 1, 1, 0)),
        ({"use": replace(USE, used_until=date(2024, 12, 11))}, (1, 1, 1, 0)),  # 179 days
        ({"use": replace(USE, used_until=date(2024, 12, 12))}, (1, 1, 1, 1)),  # 180 days
        ({"use": replace(USE, user_is_host=True)}, (1, 1, 1, 0)),
        ({"use": replace(USE, user_is_host=True, verified_by_inspection=True)}, (1, 1, 1, 1)),
        ({"task": replace(TASK, ended_without_result_on=date(2024, 1, 1))}, (0, 0, 0, 0)),
        ({"product": replace(SOFTWARE, purpose=Purpose.OTHER)}, (0, 0, 0, 0)),
        ({"on": date(2022, 3, 1)}, (1, 0, 0, 0)),
        ({"on": date(2021, 3, 1)}, (0, 0, 0, 0)),
        ({"task": replace(TASK, ordered_on=None)}, (1, 1, 1, 1)),
    ],
)
def test_stages_each_missing_piece_stops_at_its_stage(changed, expected):
    assert stages(**changed) == expected


@pytest.mark.parametrize(
    ("code", "kind", "sector", "purpose"),
    [
        ("T2", ProductType.MECHANISATION, Sector.INDUSTRY, Purpose.HAZARD_WARNING),
        ("T3", ProductType.BIOPRODUCT, Sector.AGRICULTURE, Purpose.OTHER),
        ("T4", ProductType.NANOMATERIAL, Sector.AGRICULTURE, Purpose.OTHER),
        ("T5", ProductType.PROCESS, Sector.AGRICULTURE, Purpose.OTHER),
    ],
)
def test_targets_count_their_own_kind_only(code, kind, sector, purpose):
    product = replace(SOFTWARE, type=kind, sector=sector, purpose=purpose)

    assert stages(product=product, code=code) == (1, 1, 1, 1)
    assert stages(product=SOFTWARE, code=code) == (0, 0, 0, 0)
    if code != "T2":
        assert stages(product=replace(product, sector=Sector.HEALTH), code=code) == (0, 0, 0, 0)


def test_evidence_says_what_is_missing():
    def missing(*uses):
        return application_evidence(SOFTWARE, [HANDED], uses, on=ON, min_days=180)

    assert missing() == "Chưa có ghi nhận ứng dụng."
    assert missing(replace(USE, user_is_host=True)).startswith("Chỉ tổ chức chủ trì tự ứng dụng")
    assert missing(replace(USE, used_from=ON - timedelta(days=10))) == "Thời gian ứng dụng chưa đủ 180 ngày."
    assert missing(replace(USE, confirmed_on=None)) == "Đơn vị ứng dụng chưa ký xác nhận."
    assert missing(replace(USE, id="u2", confirmed_on=None), USE) == ""


def test_stages_exclusions_carry_reasons():
    counted = count_stages(PLAN_TARGETS["T1"], [SOFTWARE], {"t1": TASK}, [HANDED], [], on=ON, min_days=180)

    assert counted.accepted.numerator == ("p1",)
    assert counted.applied.excluded == (("p1", "Chưa có ghi nhận ứng dụng."),)


DATES = st.one_of(st.none(), st.dates(date(2021, 1, 1), date(2026, 1, 1)))


@given(
    st.lists(
        st.tuples(DATES, DATES, DATES, DATES, DATES, DATES, st.sampled_from([None, *Grade]), st.booleans(), DATES),
        max_size=6,
    ),
    st.dates(date(2021, 1, 1), date(2026, 1, 1)),
)
def test_stages_never_grow_from_one_to_the_next(rows, on):
    tasks, products, handovers, uses = {}, [], [], []
    for n, (ordered, contracted, accepted, recognised, handed, confirmed, grade, is_host, used) in enumerate(rows):
        key = f"t{n}"
        tasks[key] = TaskFact(key, key, ordered, contracted, accepted, grade, recognised)
        products.append(replace(SOFTWARE, id=f"p{n}", task=key))
        handovers.append(HandoverFact(f"p{n}", handed))
        uses.append(ApplicationFact(f"u{n}", f"p{n}", "x", is_host, used or on, None, confirmed))

    counted = count_stages(PLAN_TARGETS["T1"], products, tasks, handovers, uses, on=on, min_days=30)

    chain = [set(item.numerator) for item in (counted.ordered, counted.contracted, counted.accepted, counted.applied)]
    assert chain[0] >= chain[1] >= chain[2] >= chain[3]
    assert not set(counted.applied.numerator) & {row for row, _ in counted.applied.excluded}


def shares(tasks, products, on=ON, grace=12):
    result = applied_share(tasks, products, [HANDED], [USE], on=on, min_days=180, grace_months=grace)
    return result.strict, result.matured


def test_applied_share_strict_and_matured_stand_side_by_side():
    fresh = replace(TASK, id="t2", code="KHCN-2023-07", recognised_on=date(2025, 3, 1))

    strict, matured = shares([TASK, fresh], [SOFTWARE, replace(SOFTWARE, id="p2", task="t2")])

    assert (strict.value, matured.value) == (Fraction(1, 2), Fraction(1))
    assert strict.text == "50%"
    assert strict.excluded == (("t2", "Nhiệm vụ KHCN-2023-07 chưa có sản phẩm được ứng dụng."),)
    assert matured.excluded == (("t2", "Nhiệm vụ KHCN-2023-07 được công nhận chưa đủ 12 tháng."),)


def test_applied_share_grace_ends_on_its_day():
    assert shares([TASK], [SOFTWARE], on=date(2025, 5, 1))[1].value == 1
    assert shares([TASK], [SOFTWARE], on=date(2025, 4, 30))[1].value is None


def test_applied_share_empty_denominator_is_not_there_yet():
    strict, matured = shares([replace(TASK, grade=Grade.FAIL)], [SOFTWARE])

    assert (strict.value, matured.value) == (None, None)
    assert strict.text == "chưa có"


def test_measure_text_rounds_but_never_to_all_or_nothing():
    assert Measure(Fraction(2, 3), ()).text == "66,7%"
    assert Measure(Fraction(1), ()).text == "100%"
    assert Measure(Fraction(9999, 10000), ()).text == "99,9%"
    assert Measure(Fraction(1, 10000), ()).text == "0,1%"
    assert Measure(Fraction(0), ()).text == "0%"
    assert Measure(7, ()).text == "7"


END = date(2025, 7, 1)
AGENCIES = [
    AgencyFact("so-khdt", "Sở Kế hoạch và Đầu tư", date(2000, 1, 1), date(2025, 3, 1), ("so-tc",)),
    AgencyFact("so-tc", "Sở Tài chính", date(2000, 1, 1)),
    AgencyFact("huyen-a", "Huyện A", date(2000, 1, 1), END, ("xa-1", "xa-2")),
    AgencyFact("huyen-b", "Huyện B", date(2000, 1, 1), END),
    AgencyFact("xa-1", "Xã 1", END),
    AgencyFact("xa-2", "Xã 2", END),
]
EFFECTIVE = [
    EffectivenessFact("so-khdt", date(2022, 1, 1), date(2025, 2, 28)),
    EffectivenessFact("so-tc", date(2023, 1, 1)),
    EffectivenessFact("huyen-a", date(2022, 1, 1)),
    EffectivenessFact("xa-1", date(2025, 7, 1)),
]


def iso(policy, on, baseline=date(2025, 1, 1)):
    return effective_share(AGENCIES, EFFECTIVE, policy, baseline_on=baseline, on=on)


def test_agencies_frozen_judges_an_abolished_one_on_its_last_day():
    measure = iso(DenominatorPolicy.FROZEN, date(2026, 1, 1))

    assert measure.value == Fraction(3, 4)
    assert measure.denominator == ("huyen-a", "huyen-b", "so-khdt", "so-tc")
    assert measure.numerator == ("huyen-a", "so-khdt", "so-tc")


def test_agencies_as_of_takes_those_that_exist():
    assert iso(DenominatorPolicy.AS_OF, date(2026, 1, 1)).denominator == ("so-tc", "xa-1", "xa-2")
    assert iso(DenominatorPolicy.AS_OF, date(2026, 1, 1)).value == Fraction(2, 3)
    assert iso(DenominatorPolicy.AS_OF, date(1999, 1, 1)).value is None


def test_agencies_successor_mapped_counts_each_heir_once_and_names_orphans():
    measure = iso(DenominatorPolicy.SUCCESSOR_MAPPED, date(2026, 1, 1))

    assert measure.denominator == ("so-tc", "xa-1", "xa-2")
    assert measure.value == Fraction(2, 3)
    assert measure.excluded == (("huyen-b", "Huyện B đã chấm dứt và không có đơn vị kế thừa."),)


def test_agencies_successor_cycle_ends():
    ring = [
        AgencyFact("a", "A", date(2000, 1, 1), END, ("b",)),
        AgencyFact("b", "B", date(2000, 1, 1), END, ("a",)),
    ]
    measure = effective_share(ring, [], DenominatorPolicy.SUCCESSOR_MAPPED, baseline_on=date(2024, 1, 1), on=END)

    assert measure.value is None
    assert len(measure.excluded) == 2


def test_money_undetermined_source_stays_in_the_gap():
    kinds = FundingSourceKind
    progress = money_progress(
        45_000_000_000,
        approved_vnd={kinds.S1_RECURRENT: 20_000_000_000, kinds.UNDETERMINED: 5_000_000_000},
        contracted_vnd={kinds.S1_RECURRENT: 15_000_000_000},
        paid_vnd={kinds.S1_RECURRENT: 9_000_000_000},
    )

    assert progress.gap_vnd == 25_000_000_000
    assert (progress.approved_share, progress.paid_share) == (Fraction(4, 9), Fraction(1, 5))
    assert money_progress(0, approved_vnd={}, contracted_vnd={}, paid_vnd={}).paid_share is None


def test_steps_in_time_counts_due_steps_and_medians():
    day = date(2025, 6, 1)
    steps = [
        StepFact("a", "call.opening", day, day, 7, 7),
        StepFact("b", "call.opening", day, day + timedelta(days=1), 8, 7),
        StepFact("c", "call.opening", day, None),
        StepFact("d", "approval.submit", date(2025, 12, 1), day, 4, 15),
        StepFact("e", "approval.submit", date(2025, 12, 1), None),
    ]

    result = steps_in_time(steps, on=ON)

    assert result.in_time.value == Fraction(2, 4)
    assert result.in_time.numerator == ("a", "d")
    assert result.medians == {"approval.submit": (4, 15, 1), "call.opening": (Fraction(15, 2), 7, 2)}


def test_issues_answered_within_due_day_and_open_too_long():
    issues = [
        IssueFact("a", date(2025, 1, 1), date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 5)),
        IssueFact("b", date(2025, 1, 1), date(2025, 2, 1), date(2025, 2, 2)),
        IssueFact("c", date(2025, 6, 1), date(2025, 9, 1)),
        IssueFact("d", date(2025, 5, 31)),
        IssueFact("e", date(2025, 7, 31), date(2025, 8, 1)),
    ]

    result = issues_answered(issues, on=ON, open_days_limit=30)

    assert result.answered.value == Fraction(1, 2)
    assert result.answered.excluded == (("d", "Chưa đặt thời hạn trả lời."),)
    assert result.open_too_long == ("b",)
    assert issues_answered(issues, on=ON + timedelta(days=1), open_days_limit=30).open_too_long == ("b", "d")


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        (TargetOperator.AT_LEAST, 3, True),
        (TargetOperator.AT_LEAST, 2, False),
        (TargetOperator.EQUALS, 4, True),
        (TargetOperator.MORE_THAN, 3, False),
        (TargetOperator.AT_MOST, 3, True),
        (TargetOperator.LESS_THAN, 3, False),
        (TargetOperator.AT_LEAST, None, False),
        (TargetOperator.AT_MOST, None, False),
    ],
)
def test_is_met_reads_each_operator(operator, value, met):
    assert is_met(operator, value, 3) is met


def status(applied, accepted, contracted, today=date(2023, 1, 1)):
    return target_status(
        TargetOperator.AT_LEAST,
        3,
        contracted=contracted,
        accepted=accepted,
        applied=applied,
        starts_on=date(2021, 1, 1),
        due_on=date(2025, 12, 31),
        today=today,
        at_risk_share=Fraction(3, 4),
    )


def test_target_status_climbs_with_the_stages():
    assert status(0, 0, 0) is TargetStatus.NOT_STARTED
    assert status(None, None, None) is TargetStatus.NOT_STARTED
    assert status(0, 0, 1) is TargetStatus.COMMITTED
    assert status(0, 1, 2) is TargetStatus.PRODUCED
    assert status(1, 2, 3) is TargetStatus.APPLIED
    assert status(3, 3, 3) is TargetStatus.ACHIEVED


def test_target_status_risk_and_miss_depend_on_the_day():
    late = date(2024, 12, 31)

    assert status(1, 1, 2, today=late) is TargetStatus.AT_RISK
    assert status(1, 1, 3, today=late) is TargetStatus.APPLIED
    assert status(1, 2, 3, today=date(2025, 12, 31)) is TargetStatus.APPLIED
    assert status(2, 3, 5, today=date(2026, 1, 1)) is TargetStatus.MISSED
    assert status(3, 3, 3, today=date(2026, 1, 1)) is TargetStatus.ACHIEVED


def test_evidence_reads_only_this_product_and_use_that_has_begun():
    other = replace(USE, product="p9")
    today = replace(USE, used_from=ON)

    assert application_evidence(SOFTWARE, [HANDED], [other], on=ON, min_days=180) == "Chưa có ghi nhận ứng dụng."
    assert application_evidence(SOFTWARE, [HANDED], [today], on=ON, min_days=0) == ""
    later = replace(USE, used_from=ON + timedelta(days=1))
    assert application_evidence(SOFTWARE, [HANDED], [later], on=ON, min_days=0) == "Chưa có ghi nhận ứng dụng."


def test_stages_product_not_yet_accepted_is_not_called_failed():
    waiting = replace(TASK, accepted_on=None, recognised_on=None, grade=None)
    product = replace(SOFTWARE, grade=None)

    counted = count_stages(PLAN_TARGETS["T1"], [product], {"t1": waiting}, [], [], on=ON, min_days=180)

    assert counted.accepted.excluded == ()


def test_target_status_risk_begins_on_the_day_three_quarters_are_gone():
    begin, due = date(2021, 1, 1), date(2021, 1, 1) + timedelta(days=400)

    def on_day(days):
        return target_status(
            TargetOperator.AT_LEAST,
            3,
            contracted=1,
            accepted=0,
            applied=0,
            starts_on=begin,
            due_on=due,
            today=begin + timedelta(days=days),
            at_risk_share=Fraction(3, 4),
        )

    assert on_day(299) is TargetStatus.COMMITTED
    assert on_day(300) is TargetStatus.AT_RISK
