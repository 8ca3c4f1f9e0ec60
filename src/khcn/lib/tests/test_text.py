"""Folding, collation, names and slugs."""

import json
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn.lib.text import fold, fold_words, given_name_key, nfc, same_text, slug, sort_key

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
vietnamese = st.text(alphabet=LETTERS + LETTERS.upper() + "   ,-0123456789", max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nghiên cứu ứng dụng", "nghien cuu ung dung"),
        ("ĐẮK LẮK", "dak lak"),
        ("Ðồng Nai", "dong nai"),  # U+00D0, not U+0110
        ("ðồng", "dong"),
        ("  Bình \u00a0 Phước\n", "binh phuoc"),
        (unicodedata.normalize("NFD", "Thừa Thiên Huế"), "thua thien hue"),
        ("Qu\u200bỳnh", "quynh"),
        ("ＡＢＣ", "abc"),
        ("İ", "i"),
    ],
)
def test_fold_spelling_variants_read_alike(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_fold_any_text_is_idempotent_and_form_safe(text):
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(vietnamese)
def test_fold_vietnamese_is_ascii(text):
    assert fold(text).isascii()


def test_nfc_decomposed_text_is_composed():
    assert nfc(unicodedata.normalize("NFD", "Sở Khoa học")) == "Sở Khoa học"


def test_slug_and_words_punctuation_dropped():
    assert slug("Kế hoạch KH&CN (2021–2025)!") == "ke-hoach-kh-cn-2021-2025"
    assert fold_words("Số 299/KH-UBND") == ["so", "299", "kh", "ubnd"]
    assert same_text("ĐỒNG NAI", "dong  nai")


def test_sort_key_alphabet_follows_dictionary():
    words = [
        "An",
        "Ăn",
        "Ân",
        "ba",
        "ca",
        "da",
        "Đa",
        "e",
        "ê",
        "ghi",
        "o",
        "ô",
        "ơ",
        "phở",
        "quê",
        "u",
        "ư",
        "xa",
        "y",
    ]

    assert sorted(set(words), key=sort_key) == words


def test_sort_key_tones_follow_dictionary():
    words = ["ma", "mà", "mả", "mã", "má", "mạ"]

    assert sorted(set(words), key=sort_key) == words


def test_sort_key_case_is_last():
    assert sorted(["An", "àn", "an"], key=sort_key) == ["an", "An", "àn"]


def test_sort_key_numbers_by_value_when_asked():
    wards = ["Phường 10", "Phường 2", "Phường 1"]

    assert sorted(wards, key=lambda name: sort_key(name, numbers=True)) == ["Phường 1", "Phường 2", "Phường 10"]
    assert sorted(wards, key=sort_key) == ["Phường 1", "Phường 10", "Phường 2"]


@given(vietnamese)
def test_sort_key_holds_only_portable_characters(text):
    assert set(sort_key(text)) <= set("0123456789abcdef")
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


def test_sort_key_agrees_with_icu():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js, whose ICU is the outside judge of this order")
    words = sorted({first + second for first in LETTERS for second in ("", "n", "á", "ạ t", " Ă", "-1", "NG")})
    script = (
        "let words = JSON.parse(require('fs').readFileSync(0));"
        "words.sort(new Intl.Collator('vi').compare); console.log(JSON.stringify(words))"
    )
    script = (
        "let words = JSON.parse(require('fs').readFileSync(0));"
        "words.sort(new Intl.Collator('vi').compare); console.log(JSON.stringify(words))"
    )
    known = json.loads(
        subprocess.run(
            [node, "-e", "console.log(Intl.Collator.supportedLocalesOf('vi').length)"], capture_output=True, check=True
        ).stdout
    )
    if not known:
        pytest.skip("this Node.js has no Vietnamese collation")

    judged = subprocess.run([node, "-e", script], input=json.dumps(words).encode(), capture_output=True, check=True)

    assert sorted(words, key=sort_key) == json.loads(judged.stdout)


def test_given_name_key_orders_by_given_name_then_family():
    people = ["Trần Thị Ánh", "Nguyễn Văn An", "Lê Bình", "Đỗ Văn An", "Dương An"]

    assert sorted(people, key=given_name_key) == ["Dương An", "Đỗ Văn An", "Nguyễn Văn An", "Trần Thị Ánh", "Lê Bình"]
    assert given_name_key("LÊ BÌNH") == given_name_key("lê bình")
    assert given_name_key(" ") == ""
