"""Two topics side by side."""

import pytest

from khcn.domains.programme.rules.similarity import Facet, Outcome, Relation, Topic, compare_topics
from khcn.lib.text import fold

BASE = "Nghiên cứu ứng dụng chế phẩm vi sinh trong trồng hồ tiêu tại huyện Lộc Ninh, tỉnh Bình Phước năm 2022"


def outcomes(asked, found):
    comparison = compare_topics(Topic(asked), Topic(found))
    return comparison.relation, {part.facet: part.outcome for part in comparison.facets}


def test_comparison_same_title_is_suspected_duplicate():
    relation, parts = outcomes(BASE, BASE)

    assert relation is Relation.SUSPECTED_DUPLICATE
    assert set(parts.values()) == {Outcome.SAME}
    assert compare_topics(Topic(BASE), Topic(BASE)).differing == ()


def test_comparison_unaccented_title_is_the_same():
    relation, parts = outcomes(fold(BASE), BASE)

    assert relation is Relation.SUSPECTED_DUPLICATE
    assert set(parts.values()) == {Outcome.SAME}


@pytest.mark.parametrize(
    ("change", "facet", "outcome", "relation"),
    [
        (("huyện Lộc Ninh, tỉnh Bình Phước", "tỉnh Tây Ninh"), Facet.PLACE, Outcome.DIFFERENT, Relation.CLOSE),
        (("tỉnh Bình Phước", "tỉnh Bình Dương"), Facet.PLACE, Outcome.PARTLY, Relation.SUSPECTED_DUPLICATE),
        (("huyện Lộc Ninh, ", ""), Facet.PLACE, Outcome.PARTLY, Relation.SUSPECTED_DUPLICATE),
        (("năm 2022", "năm 2025"), Facet.YEAR, Outcome.DIFFERENT, Relation.SUSPECTED_DUPLICATE),
        (("năm 2022", "giai đoạn 2021-2023"), Facet.YEAR, Outcome.PARTLY, Relation.SUSPECTED_DUPLICATE),
        ((" năm 2022", ""), Facet.YEAR, Outcome.ONLY_ASKED, Relation.SUSPECTED_DUPLICATE),
        (("chế phẩm vi sinh", "cảm biến không dây"), Facet.METHOD, Outcome.DIFFERENT, Relation.CLOSE),
        (("trồng hồ tiêu", "nuôi lươn không bùn"), Facet.OBJECT, Outcome.DIFFERENT, Relation.RELATED),
    ],
)
def test_comparison_names_the_part_that_differs(change, facet, outcome, relation):
    found = BASE.replace(*change)

    comparison = compare_topics(Topic(BASE), Topic(found))

    assert comparison.differing == (facet,)
    assert {part.facet: part.outcome for part in comparison.facets}[facet] is outcome
    assert comparison.relation is relation


def test_comparison_other_topic_is_remote():
    relation, parts = outcomes(BASE, "Điều tra thói quen tiêu dùng của công nhân khu công nghiệp Đồng Nai")

    assert relation is Relation.REMOTE
    assert parts[Facet.OBJECT] is Outcome.DIFFERENT


def test_comparison_regional_names_and_abbreviations_are_the_same():
    relation, parts = outcomes(
        "Nâng cao chất lượng lợn thịt bằng công nghệ sinh học", "Cải thiện chất lượng heo thịt bằng CNSH"
    )

    assert relation is Relation.SUSPECTED_DUPLICATE
    assert parts[Facet.METHOD] is Outcome.SAME


def test_comparison_registered_place_and_year_fill_the_title():
    comparison = compare_topics(
        Topic("Trồng nấm linh chi", place="huyện Bù Đốp", year=2024),
        Topic("Trồng nấm linh chi tại huyện Bù Đốp năm 2020"),
    )

    parts = {part.facet: part for part in comparison.facets}
    assert parts[Facet.PLACE].outcome is Outcome.SAME
    assert parts[Facet.YEAR].sentence == "Thời gian: khác nhau (“năm 2024” – “năm 2020”)."


def test_comparison_sentences_are_whole():
    comparison = compare_topics(Topic(BASE), Topic("Trồng hồ tiêu bằng than sinh học"))

    sentences = [part.sentence for part in comparison.facets]
    assert "Phương pháp, công nghệ: khác nhau (“chế phẩm vi sinh” – “than sinh học”)." in sentences
    assert "Thời gian: chỉ đề xuất nêu “năm 2022”." in sentences
    assert "Địa điểm: chỉ đề xuất nêu “huyện Lộc Ninh, tỉnh Bình Phước”." in sentences
    other_way = compare_topics(Topic("Trồng hồ tiêu"), Topic(BASE))
    assert "Thời gian: chỉ kết quả tìm thấy nêu “năm 2022”." in [part.sentence for part in other_way.facets]
    absent = compare_topics(Topic("Trồng cây tiêu"), Topic("Trồng hồ tiêu"))
    assert "Thời gian: không bên nào nêu." in [part.sentence for part in absent.facets]


def test_comparison_spans_mark_shared_and_differing_words():
    found = BASE.replace("huyện Lộc Ninh", "huyện Bù Đốp")

    comparison = compare_topics(Topic(fold(BASE)), Topic(found))

    differing = [found[span.start : span.end] for span in comparison.found_spans if not span.is_shared]
    asked = [fold(BASE)[span.start : span.end] for span in comparison.asked_spans if not span.is_shared]
    assert differing == ["Bù Đốp"]
    assert asked == ["loc ninh"]
    assert comparison.found_spans[0].start == 0
    assert comparison.found_spans[-1].end == len(found)
