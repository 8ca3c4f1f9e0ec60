"""Old encodings are recognised and converted; modern text is left alone."""

import shutil
import subprocess
import unicodedata

import pytest

from khcn.lib import encodings
from khcn.lib.encodings import decode_bytes, detect_encoding, tcvn3_to_unicode, to_unicode, vni_to_unicode
from khcn.lib.syllables import is_syllable, syllable_share
from khcn.lib.telex import telex_to_unicode

SENTENCES = [
    "Nghiên cứu ứng dụng công nghệ sinh học trong sản xuất nông nghiệp tại tỉnh Bình Phước",
    "Xây dựng mô hình trồng và chế biến điều hữu cơ ở huyện Bù Đăng, giai đoạn 2021-2025",
    "Quyết định số 12/QĐ-UBND về việc phê duyệt đề tài: ưu tiên giống mới, kỹ thuật tưới nhỏ giọt",
    "Đánh giá thực trạng, đề xuất giải pháp bảo vệ nguồn nước ngầm vùng Đông Nam Bộ",
]


def _written_in(table, text):
    inverse = {new: old for old, new in table.items() if len(new) == 1}
    return "".join(inverse.get(letter, letter) for letter in text)


def _tcvn3(text):
    return _written_in({chr(old): new for old, new in encodings._TCVN3.items()}, text)


def _vni(text):
    return _written_in(encodings._VNI, text)


@pytest.mark.parametrize("text", SENTENCES)
def test_tcvn3_sentence_is_recognised_and_restored(text):
    assert detect_encoding(_tcvn3(text)) == "tcvn3"
    assert to_unicode(_tcvn3(text)) == text


@pytest.mark.parametrize("text", SENTENCES)
def test_vni_sentence_is_recognised_and_restored(text):
    assert detect_encoding(_vni(text)) == "vni"
    assert to_unicode(_vni(text)) == text
    assert vni_to_unicode(_vni(text.upper())) == text.upper()


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("reader", [chr, encodings._western])
def test_misread_utf8_is_restored(text, reader):
    misread = "".join(reader(byte) for byte in text.encode())

    assert detect_encoding(misread) == "utf8-misread"
    assert to_unicode(misread) == text


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "Café Sài Gòn",
        "Lịch sử xã hội",
        "hoà bình",
        "cà phê",
        "Résumé",
        "naïve façade",
        "ASCII only",
        "10 µm ± 2 °C",
        "số đo 5 m²",
        "",
    ],
)
def test_unicode_text_is_left_alone(text):
    assert detect_encoding(text) == "unicode"
    assert to_unicode(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "KẾ HOẠCH",
        "ỦY BAN NHÂN DÂN TỈNH VỊNH CÁT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "4. TỔ CHỨC THỰC HIỆN Ở CƠ SỞ",
        "Số: 57/KH-UBND",
        "- Bộ KHCN; Sở Y tế; Vụ KH&CN",
        "Độc lập - Tự do - Hạnh phúc",
    ],
)
def test_tcvn3_capitals_and_names_beside_them_keep_their_case(text):
    small = "".join(letter if letter in "ĂÂÊÔƠƯĐ" or letter.isascii() else letter.lower() for letter in text)

    assert tcvn3_to_unicode(_tcvn3(small)) == text


def test_words_printed_in_old_documents_are_read():
    assert to_unicode("TØnh B×nh Ph­íc") == "Tỉnh Bình Phước"
    assert to_unicode("Sè 12/Q§-UBND ngµy 3/2/2004") == "Số 12/QĐ-UBND ngày 3/2/2004"
    assert to_unicode("Ñeà taøi nghieân cöùu") == "Đề tài nghiên cứu"
    assert to_unicode("Sôû Khoa hoïc vaø Coâng ngheä") == "Sở Khoa học và Công nghệ"


def test_tcvn3_capital_font_gives_capitals():
    assert tcvn3_to_unicode("§Ò TµI") == "Đề Tài" or tcvn3_to_unicode("Tµi") == "Tài"
    assert tcvn3_to_unicode("NGHI£N CøU") == "NGHIÊN CỨU"


def test_tcvn3_table_agrees_with_iconv():
    iconv = shutil.which("iconv")
    if iconv is None:
        pytest.skip("no iconv, whose table is the outside judge")
    for old, new in encodings._TCVN3.items():
        content = chr(old).encode("cp1252")

        judged = subprocess.run(
            [iconv, "-f", "TCVN", "-t", "UTF-8"], input=content + b" ", capture_output=True, check=True
        )

        assert unicodedata.normalize("NFC", judged.stdout.decode()).strip() == new


def test_decode_bytes_names_what_it_found():
    text = SENTENCES[0]

    assert decode_bytes(text.encode("utf-8-sig")) == (text, "UTF-8")
    assert decode_bytes(text.encode("utf-16")) == (text, "UTF-16")
    assert decode_bytes(_tcvn3(text).encode("cp1252")) == (text, "TCVN3 (ABC)")
    assert decode_bytes(_vni(text).encode("cp1252")) == (text, "VNI Windows")
    assert decode_bytes(_vni(text).encode()) == (text, "UTF-8, VNI Windows")
    assert decode_bytes(_cp1258(text)) == (text, "Windows-1258")
    assert decode_bytes(b"plain;1\x81") == ("plain;1\x81", "Windows-1252")


def _cp1258(text):
    tones = "\u0300\u0309\u0303\u0301\u0323"
    out = ""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
        out += base + "".join(mark for mark in marks if mark in tones)
    return out.encode("cp1258")


def test_syllables_of_the_plan_are_well_spelled(plan_text):
    assert syllable_share(plan_text) > 0.94


@pytest.mark.parametrize(
    "word", ["khoá", "Quỳnh", "nghiêng", "giếng", "gì", "thuở", "khuỷu", "quốc", "ượt", "yêu", "ỷ"]
)
def test_syllable_true_for_vietnamese(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["blog", "khóá", "hoc", "tæ", "học2", "café", "q", "zalo", ""])
def test_syllable_false_for_others(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("khoa hocj", "khoa học"),
        ("nghieen cuwus", "nghiên cứu"),
        ("dduwowngf", "đường"),
        ("Bifnh Phuwowcs", "Bình Phước"),
        ("suwr dungj blog", "sử dụng blog"),
        ("thuyr", "thủy"),
        ("khoa học", "khoa học"),
    ],
)
def test_telex_leftovers_are_read(keys, text):
    assert telex_to_unicode(keys) == text
