"""Timelines, charts, tags and the order of search hits."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from khcn.lib.labelled import Labelled
from khcn.web.charts import Series, bars, ring
from khcn.web.gantt import HEAD_HEIGHT, LABEL_WIDTH, PLOT_WIDTH, ROW_HEIGHT, Bar, Gantt, Row
from khcn.web.listing import Order
from khcn.web.search import Hit, _rank, holds_words

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def drawn(source, path="/", **context):
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


def test_gantt_places_days_from_the_first_to_the_last_and_holds_the_rest_inside():
    gantt = Gantt("Tiến độ", [], FIRST, LAST)

    assert gantt.x(FIRST) == LABEL_WIDTH
    assert gantt.x(LAST) == LABEL_WIDTH + PLOT_WIDTH
    assert gantt.x(FIRST - timedelta(days=900)) == LABEL_WIDTH
    assert gantt.x(LAST + timedelta(days=900)) == LABEL_WIDTH + PLOT_WIDTH


def test_gantt_rows_stand_below_each_other_and_short_bars_stay_visible():
    rows = [Row("a", [Bar(FIRST, FIRST)]), Row("b", [Bar(FIRST, LAST, share=0.5)])]

    first, second = Gantt("t", rows, FIRST, LAST).lines

    assert (first.top, second.top) == (HEAD_HEIGHT, HEAD_HEIGHT + ROW_HEIGHT)
    assert first.boxes[0].width == 3.0
    assert second.boxes[0].done == pytest.approx(PLOT_WIDTH / 2)


def test_gantt_draws_today_only_inside_its_days():
    assert Gantt("t", [], FIRST, LAST, today=date(2025, 6, 1)).today_x is not None
    assert Gantt("t", [], FIRST, LAST, today=date(2030, 1, 1)).today_x is None


def test_gantt_without_days_is_refused():
    with pytest.raises(ValueError, match="last day"):
        Gantt("t", [], FIRST, FIRST)


def test_gantt_drawing_names_rows_safely_and_uses_dots_for_numbers():
    gantt = Gantt("Tiến độ", [Row("<b>Điều</b>", [Bar(FIRST, date(2025, 3, 7))])], FIRST, LAST)

    html = drawn('{% include "web/gantt.html" %}', gantt=gantt)

    assert "&lt;b&gt;Điều" in html
    assert "<b>" not in html
    assert f'width="{gantt.lines[0].boxes[0].width}"' in html


def test_chart_table_says_what_the_chart_draws():
    chart = bars("Kinh phí", ["2021", "2022"], [Series("Kế hoạch", [1, 2]), Series("Chi", [3, None])], heading="Năm")

    assert list(chart.columns) == ["Năm", "Kế hoạch", "Chi"]
    assert chart.rows == [["2021", 1, 3], ["2022", 2, None]]
    assert [one["data"] for one in chart.option["series"]] == [[1, 2], [3, None]]


def test_ring_keeps_tones_of_its_parts():
    chart = ring("Trạng thái", [("Đạt", 3), ("Không đạt", 1)], tones=("done",))

    assert [part["tone"] for part in chart.option["series"][0]["data"]] == ["done", ""]


class Mood(Labelled):
    GOOD = "good", "Tốt"


def test_badge_of_a_member_carries_sign_and_label():
    html = drawn("{% badge mood %}", mood=Mood.GOOD)

    assert "Tốt" in html
    assert "ti ti-" in html
    assert drawn("{% badge mood %}", mood="") == ""


@pytest.mark.parametrize(
    ("days", "text"),
    [(-3, "trễ 3 ngày"), (0, "hạn hôm nay"), (5, "còn 5 ngày"), (1856, "còn 1.856 ngày")],
)
def test_due_says_in_words_how_far_the_day_is(days, text):
    today = date(2026, 3, 2)

    assert text in drawn("{% due on today %}", on=today + timedelta(days=days), today=today)


def test_percent_of_an_empty_denominator_is_not_a_hundred():
    assert drawn("{{ share|percent }}", share=None) == "chưa có"
    assert drawn("{{ share|percent }}", share=1.0) == "100 %"
    assert drawn("{{ share|percent }}", share=0.3333) == "33,3 %"
    assert drawn("{{ share|percent }}", share=Fraction(23, 16)) == "143,8 %"


def test_with_query_changes_one_parameter_and_keeps_the_others():
    path = "/?q=hồ tiêu&trang=3&loai=a&loai=b"

    assert drawn('{% with_query trang="" %}', path) == "?q=h%E1%BB%93+ti%C3%AAu&amp;loai=a&amp;loai=b"


def test_sort_heading_turns_the_direction_and_goes_back_to_the_first_page():
    html = drawn('{% sort_th ordering "code" "Mã" %}', "/?trang=4", ordering=Order("code", False))

    assert 'aria-sort="ascending"' in html
    assert 'href="?xep=-code"' in html


def test_hits_rank_exact_code_then_beginning_then_as_typed():
    hits = [
        Hit("Chế biến điều nhân", "/d", "KHCN-11"),
        Hit("Điều tra nguồn nước", "/a", "KHCN-12"),
        Hit("Phần mềm", "/b", "dieu"),
        Hit("Cây diều giấy", "/c", "KHCN-13"),
    ]

    assert [hit.address for hit in sorted(hits, key=lambda hit: _rank(hit, "điều"))] == ["/b", "/a", "/d", "/c"]


@pytest.mark.parametrize("typed", ["ho tieu", "Hồ Tiêu", "tieu loc", ""])
def test_holds_words_in_any_order_with_or_without_marks(typed):
    assert holds_words("Hồ tiêu Lộc Ninh", typed)
    assert not holds_words("Cà phê", typed or "tieu")


def test_words_of_today_never_cover_the_number_of_a_year():
    for month, day in ((1, 2), (1, 25), (3, 1), (12, 20), (7, 1)):
        drawn = Gantt("Tiến độ", [], date(2021, 1, 1), date(2026, 12, 31), today=date(2024, month, day))
        for _left, number, year in drawn.years:
            assert not year or not drawn.today_x - 27 < number < drawn.today_x + 27
            assert not year or not number < drawn.today_x - 27 < number + 27
        assert {year for _left, _number, year in drawn.years} >= {2021, 2022, 2023, 2024, 2026}
