"""Surveys, complaints with limits, dashboards, the service index and the indicators, from real records."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest

from khcn.domains.onestop.choices import Channel, ComplaintState, NationalStatus, Satisfaction
from khcn.domains.onestop.models import Complaint, Dossier
from khcn.domains.onestop.queries.figures import index_counts, index_of, lines_by, overview, status_counts
from khcn.domains.onestop.queries.measures import share_on_time, share_online
from khcn.domains.onestop.services import handling, intake, voices
from khcn.domains.onestop.tests.conftest import at
from khcn.domains.onestop.tests.test_dossiers import result_paper, run_through
from khcn.kernel.indicators.queries import Question
from khcn.lib.failure import Forbidden, Refused

MAY = {"date_from": date(2023, 5, 1), "date_to": date(2023, 5, 31)}


def finished(office, *, day: int = 18, **more):
    dossier = office.received(**more)
    handling.start(by=office.clerk, dossier=dossier, now=at(15, 10))
    run_through(office, dossier)
    return handling.decide(by=office.specialist, dossier=dossier, paper=result_paper(office, dossier), now=at(day))


def test_survey_is_answered_once_after_the_result(counter) -> None:
    running = counter.received()
    answer = {"overall": Satisfaction.SATISFIED, "attitude": Satisfaction.VERY_SATISFIED, "time": Satisfaction.NEUTRAL}

    with pytest.raises(Refused, match="đã có kết quả"):
        voices.answer_survey(by=counter.nobody, dossier=running, **answer)
    done = finished(counter)
    voices.answer_survey(by=counter.nobody, dossier=done, **answer)
    with pytest.raises(Refused, match="đã được khảo sát"):
        voices.answer_survey(by=counter.nobody, dossier=done, **answer)


def test_complaint_goes_its_way_with_a_limit_for_each_step(counter) -> None:
    complaint = voices.raise_complaint(
        by=counter.nobody, agency=counter.body, sender_name="Thị Hậu", contents="Chờ lâu ở quầy", now=at(15)
    )
    first_due = complaint.due_at
    voices.move_complaint(by=counter.head, complaint=complaint, to=ComplaintState.IN_PROGRESS, now=at(16))
    answer_due = complaint.due_at

    with pytest.raises(Refused, match="Ghi nội dung"):
        voices.move_complaint(by=counter.head, complaint=complaint, to=ComplaintState.ANSWERED, now=at(17))
    voices.move_complaint(
        by=counter.head, complaint=complaint, to=ComplaintState.ANSWERED, text="Đã chấn chỉnh", now=at(17)
    )
    publish_due = complaint.due_at
    voices.move_complaint(by=counter.head, complaint=complaint, to=ComplaintState.PUBLISHED, now=at(18))

    assert [due.date() for due in (first_due, answer_due, publish_due)] == [
        date(2023, 5, 17), date(2023, 6, 5), date(2023, 5, 19)
    ]  # fmt: skip
    assert complaint.due_at is None
    with pytest.raises(Refused, match="không chuyển"):
        voices.move_complaint(by=counter.head, complaint=complaint, to=ComplaintState.REFUSED, text="x")
    with pytest.raises(Forbidden):
        voices.move_complaint(
            by=counter.stranger, complaint=Complaint.objects.get(), to=ComplaintState.REFUSED, text="x"
        )


def test_dashboard_lines_add_up_and_lead_to_their_dossiers(counter) -> None:
    finished(counter)
    finished(counter, day=29)
    counter.received(channel=Channel.COUNTER, by=counter.clerk)

    for key in ("agency", "field", "procedure", "officer"):
        lines = lines_by(Dossier.objects.all(), key, **MAY, now=at(31))
        assert sum(line.received for line in lines) == 3
        assert sum(line.finished for line in lines) == 2
        assert (sum(line.on_time for line in lines), sum(line.late for line in lines)) == (1, 1)
        assert lines[0].on_time_percent == 50
        assert lines[0].overdue == 1
        assert lines[0].query
    head = overview(Dossier.objects.all(), **MAY, now=at(31))
    assert (head.finished, head.running, head.overdue, head.on_time_percent, head.online_percent) == (2, 1, 1, 50, 67)
    with pytest.raises(KeyError):
        lines_by(Dossier.objects.all(), "khac", **MAY, now=at(31))


def test_status_counts_hold_all_ten(counter) -> None:
    counter.submit()
    counter.received()

    counts = dict(status_counts(Dossier.objects.all()))

    assert len(counts) == 10
    assert counts[NationalStatus.SUBMITTED] == 1
    assert counts[NationalStatus.ACCEPTED] == 1


def test_service_index_counts_come_from_the_records(counter) -> None:
    good, late = finished(counter), finished(counter, day=29)
    voices.answer_survey(
        by=counter.nobody, dossier=good, overall=Satisfaction.VERY_SATISFIED, attitude=Satisfaction.SATISFIED,
        time=Satisfaction.SATISFIED, now=at(19),
    )  # fmt: skip
    voices.raise_complaint(
        by=counter.nobody,
        agency=counter.body,
        sender_name="A",
        contents="Trả kết quả quá chậm",
        dossier=late,
        now=at(30),
    )

    counts = index_counts(counter.body, **MAY, now=at(31))
    index = index_of(counter.body, **MAY, now=at(31))

    assert {key: (count.met, count.of) for key, count in counts.items()} == {
        "published": (1, 1), "on_time": (1, 2), "received_online": (2, 2), "paid_online": (0, 0), "satisfied": (1, 1),
        "not_complained": (1, 2), "digitised": (2, 2), "reused": (0, 2),
    }  # fmt: skip
    assert index.points == 18 + 10 + 12 + Fraction("12.6") + Fraction("2.7") + 11
    assert index.reachable == 90


def question(**more) -> Question:
    values = {
        "scope_uid": uuid4(),
        "period_from": date(2023, 1, 1),
        "period_to": date(2023, 12, 31),
        "as_of": date(2023, 5, 31),
        "parameters": {},
    }
    return Question(**(values | more))


def test_indicators_give_shares_with_the_codes_they_counted(counter) -> None:
    good, late = finished(counter), finished(counter, day=29)
    intake.accept(by=counter.clerk, dossier=counter.submit(channel=Channel.COUNTER, by=counter.clerk), now=at(15))

    on_time, online = share_on_time(question()), share_online(question())

    assert on_time.value == Decimal(50)
    assert on_time.numerator == (good.code,)
    assert set(on_time.denominator) == {good.code, late.code}
    assert online.value == Decimal(200) / Decimal(3)
    assert share_on_time(question(as_of=date(2023, 5, 1))).value is None
