"""Titles taken apart by rule, with and without accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.domains.programme.rules.similarity import Facet, extract_facets
from khcn.domains.programme.tests.similarity.invented_titles import invent_titles
from khcn.lib.text import fold

TITLES = [
    (
        "Nghiên cứu ứng dụng công nghệ sinh học trong sản xuất cây điều tại huyện Bù Đăng, tỉnh Bình Phước "
        "giai đoạn 2021-2025",
        {
            Facet.ACTION: "Nghiên cứu",
            Facet.METHOD: "công nghệ sinh học",
            Facet.OBJECT: "sản xuất cây điều",
            Facet.PLACE: "huyện Bù Đăng, tỉnh Bình Phước",
            Facet.YEAR: "giai đoạn 2021-2025",
        },
    ),
    (
        "Ứng dụng công nghệ viễn thám và GIS để giám sát rừng phòng hộ trên địa bàn tỉnh Đồng Nai đến năm 2030",
        {
            Facet.METHOD: "công nghệ viễn thám và GIS",
            Facet.OBJECT: "giám sát rừng phòng hộ",
            Facet.PLACE: "tỉnh Đồng Nai",
            Facet.YEAR: "đến năm 2030",
        },
    ),
    (
        "Đánh giá thực trạng, đề xuất giải pháp bảo vệ nguồn nước ngầm vùng Đông Nam Bộ",
        {
            Facet.ACTION: "Đánh giá thực trạng, đề xuất giải pháp",
            Facet.OBJECT: "bảo vệ nguồn nước ngầm",
            Facet.PLACE: "vùng Đông Nam Bộ",
        },
    ),
    (
        "Hoàn thiện quy trình sấy hạt điều bằng công nghệ sấy bơm nhiệt nhằm nâng cao chất lượng",
        {
            Facet.ACTION: "Hoàn thiện",
            Facet.OBJECT: "quy trình sấy hạt điều",
            Facet.METHOD: "công nghệ sấy bơm nhiệt",
            Facet.PURPOSE: "nhằm nâng cao chất lượng",
        },
    ),
    (
        "Ứng dụng công nghệ sinh học nhân giống cây lan kim tuyến",
        {Facet.METHOD: "công nghệ sinh học", Facet.OBJECT: "nhân giống cây lan kim tuyến"},
    ),
    (
        "Nghiên cứu, đánh giá sự phân bố cây dó bầu vùng đồng bằng sông Cửu Long từ năm 2018 đến năm 2020",
        {
            Facet.ACTION: "Nghiên cứu, đánh giá",
            Facet.OBJECT: "sự phân bố cây dó bầu",
            Facet.PLACE: "vùng đồng bằng sông Cửu Long",
            Facet.YEAR: "từ năm 2018 đến năm 2020",
        },
    ),
    (
        "Nghiên cứu chế tạo máy bóc vỏ hạt điều sử dụng năng lượng mặt trời",
        {
            Facet.ACTION: "Nghiên cứu chế tạo",
            Facet.OBJECT: "máy bóc vỏ hạt điều",
            Facet.METHOD: "năng lượng mặt trời",
        },
    ),
    (
        "Xây dựng phần mềm quản lý đề tài khoa học của thành phố Đồng Xoài",
        {
            Facet.ACTION: "Xây dựng",
            Facet.OBJECT: "phần mềm quản lý đề tài khoa học",
            Facet.PLACE: "thành phố Đồng Xoài",
        },
    ),
]


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_facets_accented_title_is_taken_apart(title, expected):
    facets = extract_facets(title)

    assert {facet: facets.of(facet).text for facet in Facet if facets.of(facet).text} == expected


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_facets_unaccented_title_reads_alike(title, expected):
    facets = extract_facets(fold(title))

    assert {facet: facets.of(facet).text for facet in Facet if facets.of(facet).text} == {
        facet: fold(text) for facet, text in expected.items()
    }


@pytest.mark.parametrize("title", [title.upper() for title, _ in TITLES])
def test_facets_capital_title_keeps_place_and_method(title):
    facets = extract_facets(title)
    small = extract_facets(title.lower())

    assert facets.of(Facet.METHOD).terms == small.of(Facet.METHOD).terms
    assert facets.of(Facet.PLACE).terms == small.of(Facet.PLACE).terms


@pytest.mark.parametrize(
    "title",
    [
        "Nghiên cứu tính chất cơ lý của gỗ keo lai",
        "nghien cuu tinh chat co ly cua go keo lai",
        "Phương pháp cân bằng vật chất",
        "Quản lý vùng trồng cây ăn quả",
        "",
        "2025",
    ],
)
def test_facets_words_like_places_are_no_places(title):
    assert extract_facets(title).of(Facet.PLACE).text == ""


def test_facets_balance_is_no_method():
    assert extract_facets("Mô hình cân bằng nước hồ chứa").of(Facet.METHOD).text == ""


def test_facets_several_districts_are_one_place():
    facets = extract_facets("Trồng điều hữu cơ ở huyện Bù Đăng, Bù Đốp và Lộc Ninh")

    assert facets.of(Facet.PLACE).text == "huyện Bù Đăng, Bù Đốp và Lộc Ninh"
    assert facets.of(Facet.OBJECT).text == "Trồng điều hữu cơ"


def test_facets_years_run_from_first_to_last():
    assert extract_facets("Cây điều giai đoạn 2021-2023, tầm nhìn đến năm 2025").years == frozenset(range(2021, 2026))
    assert extract_facets("Cây điều").years == frozenset()


def test_facets_of_invented_titles_match_how_they_were_made():
    made = invent_titles(400)

    facets = [(parts, extract_facets(parts.title)) for parts in made]

    methods = sum(fold(found.of(Facet.METHOD).text) == fold(parts.method) for parts, found in facets)
    places = sum(fold(found.of(Facet.PLACE).text) in fold(parts.place) for parts, found in facets)
    periods = sum(found.of(Facet.YEAR).text == parts.period for parts, found in facets)
    assert methods >= 0.97 * len(made)
    assert places >= 0.97 * len(made)
    assert periods == len(made)


@given(st.text(max_size=80) | st.text(alphabet="tai huyen Bù, Đăng tỉnh 2021-nam và bằng", max_size=80))
def test_facets_any_text_keeps_every_word_once(text):
    facets = extract_facets(text)

    assert len(facets.tokens) == len(facets.roles)
    assert [token.start for token in facets.tokens] == sorted(token.start for token in facets.tokens)
    counted = sum(len(facets.of(facet).terms) for facet in Facet) + facets.roles.count(None)
    assert counted == len(facets.tokens)
