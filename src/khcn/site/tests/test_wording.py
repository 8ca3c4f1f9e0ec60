"""Sentences of rules and notices are said in the reader's language, with their values, amounts and labels."""

import pytest
from django.utils.translation import override

from khcn.domains.programme.choices import CouncilKind
from khcn.domains.programme.models import Contract
from khcn.web import wording


def test_said_in_vietnamese_is_unchanged() -> None:
    assert wording.said("Số hợp đồng 12/HĐ đã có. Kiểm tra lại sổ hợp đồng.").startswith("Số hợp đồng 12/HĐ")


@pytest.mark.parametrize(
    ("sentence", "english"),
    [
        ("Số tiền phải lớn hơn 0.", "The amount must be greater than 0."),
        (
            "Số hợp đồng 12/HĐ-KHCN đã có. Kiểm tra lại sổ hợp đồng.",
            "The contract number 12/HĐ-KHCN already exists. Please check the contract register.",
        ),
        (
            "Tổng tạm ứng vượt ngân sách nhà nước được duyệt 1.250.000.000 đồng.",
            "The advances exceed the approved state budget funds of 1,250,000,000 đồng.",
        ),
        ("Phải có đúng một ủy viên thư ký khoa học.", "There must be exactly one scientific secretary."),
        (
            "Thành phần hội đồng chưa đúng quy định: Phải có phó chủ tịch; Phải có đúng một chủ tịch.",
            "The composition of the council does not follow the rules: There must be a deputy chair; "
            "There must be exactly one chair.",
        ),
    ],
)
def test_said_in_english_fills_the_holes(sentence: str, english: str) -> None:
    with override("en"):
        assert wording.said(sentence) == english


@pytest.mark.parametrize("stranger", ["", "Nguyễn Thị Ánh", "TT 20/2023/TT-BKHCN, Điều 6 khoản 3"])
def test_said_of_what_no_catalogue_knows_is_unchanged(stranger: str) -> None:
    with override("en"):
        assert wording.said(stranger) == stranger


@pytest.mark.parametrize(
    ("amount", "long_vi", "long_en", "short_vi", "short_en"),
    [
        (0, "0 đồng", "0 đồng", "0 đồng", "0 đồng"),
        (999_999, "999.999 đồng", "999,999 đồng", "999.999 đồng", "999,999 đồng"),
        (12_500_000, "12.500.000 đồng", "12,500,000 đồng", "12,5 triệu đồng", "12.5 million đồng"),
        (45_000_000_000, "45.000.000.000 đồng", "45,000,000,000 đồng", "45 tỷ đồng", "45 billion đồng"),
        (-1_234_000_000, "-1.234.000.000 đồng", "-1,234,000,000 đồng", "-1,23 tỷ đồng", "-1.23 billion đồng"),
    ],
)
def test_money_is_grouped_as_the_language_does(
    amount: int, long_vi: str, long_en: str, short_vi: str, short_en: str
) -> None:
    with override("vi"):
        assert (wording.money(amount), wording.short_money(amount)) == (long_vi, short_vi)
    with override("en"):
        assert (wording.money(amount), wording.short_money(amount)) == (long_en, short_en)


def test_names_of_fields_follow_the_language_and_migrations_keep_them() -> None:
    field = Contract._meta.get_field("signed_on")

    with override("en"):
        assert str(field.verbose_name) == "date of signature"
        assert str(Contract._meta.verbose_name) == "contract"
    assert field.deconstruct()[3]["verbose_name"] == "ngày ký"
    assert CouncilKind.SELECTION.label.startswith("Hội đồng")


@pytest.mark.parametrize(("shown", "english"), [("1.234,5", "1,234.5"), ("66,7%", "66.7%"), ("45", "45")])
def test_number_is_written_in_the_notation_of_the_language(shown: str, english: str) -> None:
    with override("vi"):
        assert wording.number(shown) == shown
    with override("en"):
        assert wording.number(shown) == english


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (
            "Chuyên viên quản lý khoa học, Kế toán, đơn vị quản lý kinh phí",
            "Science management specialist, Accountant of the fund-managing unit",
        ),
        ("Phần mềm, hệ thống thông tin · Công nghiệp", "Software, information system · Industry"),
        ("A – Chế độ theo Thông tư 09/2024/TT-BKHCN", "A – Regime of Circular 09/2024/TT-BKHCN"),
        ("Quý III năm 2025", "Quarter III of 2025"),
    ],
)
def test_said_of_lists_says_each_label(words: str, english: str) -> None:
    with override("en"):
        assert wording.said(words) == english


def test_said_leaves_a_sentence_of_somebody_alone_though_it_holds_a_known_word() -> None:
    title = "Quy định việc kiểm tra, đánh giá, điều chỉnh hợp đồng"

    with override("en"):
        assert wording.said(title) == title
        assert wording.said(f"Ký thông báo TB-2026-001: {title}") == f"Sign the call TB-2026-001: {title}"
