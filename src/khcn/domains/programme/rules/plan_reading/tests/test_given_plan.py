"""The plan of Bình Phước, as extracted from its PDF: everything the issue asks for is found."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from khcn.domains.programme.rules.plan_reading import read_plan, to_json

PLAN = Path(__file__).resolve().parents[7] / "../shared/plan/ke-hoach-khcn-2021-2025.txt"


@pytest.fixture(scope="module")
def source():
    if not PLAN.exists():
        pytest.skip("the reference plan is not beside the project")
    return PLAN.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan(source):
    return read_plan(source)


def test_given_plan_targets_seven_with_operator_and_number(plan):
    found = [(t.operator, int(t.quantity), t.unit) for t in plan.targets]

    assert found == [
        (">=", 3, "hệ thống thông tin, phần mềm ứng dụng"),
        (">=", 3, "hệ thống cơ giới, tự động hóa"),
        (">=", 2, "chế phẩm sinh học"),
        (">=", 2, "sản phẩm vật liệu nano"),
        ("=", 2, "quy trình kỹ thuật"),
        ("=", 100, "%"),
        ("=", 100, "%"),
    ]
    assert {t.due_on for t in plan.targets} == {date(2025, 12, 31)}
    assert len({t.sentence for t in plan.targets}) == 4


def test_given_plan_fields_hold_fourteen_lines(plan):
    assert [(f.title.removeprefix("Lĩnh vực "), len(f.lines)) for f in plan.fields] == [
        ("công nghệ thông tin", 4),
        ("công nghệ sinh học", 4),
        ("công nghệ vật liệu mới", 2),
        ("cơ khí - tự động hóa", 2),
        ("khác", 2),
    ]


def test_given_plan_money_total_and_sources(plan):
    assert plan.total_vnd == 45_000_000_000
    assert plan.total_in_words == "Bốn mươi lăm tỷ đồng"
    assert plan.total_words_agree is True
    assert [s.text for s in plan.sources] == [
        "Nguồn kinh phí sự nghiệp KH&CN được phân bổ hằng năm",
        "Nguồn vốn đầu tư từ ngân sách tỉnh",
        "Nguồn vốn hỗ trợ Trung ương thông qua các chương trình, dự án",
        "Vốn đối ứng, tài trợ của các doanh nghiệp, tổ chức khác phù hợp với quy định của pháp luật",
    ]


def test_given_plan_duties_split_into_full_unit_names(plan):
    assert [len(d.clauses) for d in plan.duties] == [4, 2, 2, 3, 1]
    assert plan.duties[3].units == (
        "Sở Nông nghiệp và Phát triển nông thôn",
        "Sở Thông tin và Truyền thông",
        "Sở Tài nguyên và Môi trường",
        "Sở Công Thương",
        "Sở Y tế",
        "Sở Giáo dục và Đào tạo",
        "Sở Xây dựng",
        "Sở Giao thông Vận tải",
        "Sở Văn hóa Thể thao và Du lịch",
    )
    assert plan.duties[4].units == (
        "Các sở, ban, ngành, hội, đoàn thể tỉnh",
        "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh và tổ chức thành viên",
        "UBND các huyện, thị xã, thành phố",
    )


def test_given_plan_legal_bases_each_once(plan):
    assert [b.number for b in plan.legal_bases] == [
        "01-NQ/ĐH",
        "17-CTr/TU",
        None,
        None,
        "370-KL/TU",
        "175-CV/BCS",
        "1587/TTr-SKHCN",
    ]
    assert [b.nested for b in plan.legal_bases] == [False, False, True, True, False, False, False]
    assert plan.legal_bases[4].issued_on == date(2022, 6, 25)
    assert plan.legal_bases[4].issuer == "Ban Thường vụ Tỉnh ủy"
    assert plan.legal_bases[6].issuer == "Sở Khoa học và Công nghệ"


def test_given_plan_identity_not_taken_from_the_proposal(plan):
    assert plan.number is None
    assert plan.issued_on is None
    assert plan.issuer == "UBND tỉnh Bình Phước"
    assert (plan.period.from_year, plan.period.to_year) == (2021, 2025)
    assert plan.title == "Nghiên cứu, ứng dụng khoa học và công nghệ trong các lĩnh vực giai đoạn 2021 - 2025"


def test_given_plan_recipients_join_continuation_lines(plan):
    assert [r.text for r in plan.recipients] == [
        "Bộ KH&CN",
        "TTTU, TT HĐND tỉnh, BTTUBMTTQVN tỉnh",
        "CT, các PCT UBND tỉnh",
        "Các sở, ban, ngành, hội, đoàn thể tỉnh",
        "UBND các huyện, thị xã, thành phố",
        "Liên hiệp các Hội KH&KT tỉnh &TCTV (LHH gửi)",
        "Cổng TTĐT tỉnh; TTCNTT&TT (Sở TT&TT)",
        "VPUB: LĐVP, các Phòng, Trung tâm",
        "Lưu: VT(Nga.KH40b/22)",
    ]


def test_given_plan_objective_is_the_general_one_and_yields_no_target(plan):
    assert len(plan.objectives) == 1
    assert plan.objectives[0].text.startswith("Nghiên cứu, ứng dụng, chuyển giao tiến bộ KH&CN")
    assert plan.objectives[0].text.endswith("quốc phòng trên địa bàn tỉnh.")


def test_given_plan_spans_lead_back_to_the_source(plan, source):
    for target in plan.targets:
        passage = " ".join(source[target.span.start : target.span.end].split())
        assert passage.lstrip("- ") == target.sentence
    total = source[plan.total_span.start : plan.total_span.end]
    assert total == "45.000.000.000 đồng"


@pytest.mark.parametrize("change", ["crlf", "nfd", "single_spaced", "nbsp"])
def test_given_plan_in_another_encoding_of_lines_or_letters_reads_the_same(source, change):
    changed = {
        "crlf": lambda t: t.replace("\n", "\r\n"),
        "nfd": lambda t: unicodedata.normalize("NFD", t),
        "single_spaced": lambda t: "\n".join(line for line in t.split("\n") if line.strip()),
        "nbsp": lambda t: t.replace(" 2021", "\u00a02021").replace("\n\n", "\n \n"),
    }[change](source)

    assert _without_places(to_json(read_plan(changed))) == _without_places(to_json(read_plan(source)))


def test_given_plan_json_has_exactly_the_agreed_keys(plan):
    assert list(to_json(plan)) == [
        "number",
        "issued_on",
        "issuer",
        "period",
        "legal_bases",
        "objectives",
        "targets",
        "fields",
        "sources",
        "total_vnd",
        "duties",
        "recipients",
        "unplaced",
    ]


def _without_places(value):
    if isinstance(value, dict):
        return {k: _without_places(v) for k, v in value.items() if k != "span"}
    if isinstance(value, list):
        return [_without_places(v) for v in value]
    return value
