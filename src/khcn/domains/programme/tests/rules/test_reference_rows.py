"""The reference rows of the rules: the quoted words stand in the cited article of the law, and codes agree."""

import hashlib
import re
import tomllib
from fractions import Fraction

import pytest

from khcn.domains.programme.choices import CriteriaKind, RuleStatus
from khcn.domains.programme.rules.machines import MACHINES

_ARTICLE = r"\(Điều (?P<number>\d+) (?:Thông tư(?: liên tịch)?|Nghị định|Luật) số (?P<instrument>[^\s,)]+)"


def _plain(text):
    return re.sub(r"\s+", " ", text.replace("*", " ").translate(str.maketrans("“”", '""'))).strip().casefold()


@pytest.fixture(scope="module")
def articles(law_folder):
    """Map (instrument, article number) to its text without line breaks."""
    found = {}
    for path in law_folder.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        heads = list(re.finditer(_ARTICLE, text))
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            end = following.start() if following else len(text)
            key = head["instrument"], int(head["number"])
            found.setdefault(key, _plain(text[head.start() : end]))
    return found


@pytest.mark.parametrize("name", ["rule_parameters", "clocks", "cost_norms", "treasury_papers"])
def test_verified_row_quotes_words_that_stand_in_the_cited_article(name, reference, articles):
    rows = [row for row in reference(name) if row["status"] == RuleStatus.VERIFIED]
    assert rows

    missing = []
    for row in rows:
        number = int(re.match(r"Điều (\d+)", row["article"])[1])
        if not row["evidence"] or _plain(row["evidence"]) not in articles[row["instrument"], number]:
            missing.append((row["instrument"], row["article"], row["evidence"]))

    assert missing == []


def test_verified_form_is_named_in_the_cited_article(reference, articles):
    rows = [row for row in reference("form_templates") if row["status"] == RuleStatus.VERIFIED]

    missing = [
        row["code"]
        for row in rows
        if _plain(row["official_code"]) not in articles[row["instrument"], int(row["article"].removeprefix("Điều "))]
    ]

    assert len(rows) > 60
    assert missing == []


def test_verified_row_is_not_older_than_its_instrument(reference):
    begins = {row["number"]: row["valid_from"] for row in reference("legal_instruments")}

    for name in ("rule_parameters", "clocks", "cost_norms", "treasury_papers"):
        for row in reference(name):
            if row["status"] == RuleStatus.VERIFIED:
                assert row["valid_from"] == begins[row["instrument"]], row


def _number_in_quote(row):
    value = Fraction(row["value"])
    words = [f"{value.numerator}/{value.denominator}"] if value.denominator != 1 else []
    percent = value * 100
    words += [f"{percent}%", f"{percent.numerator:.0f} %"] if percent.denominator == 1 else []
    words += [f"{value.numerator:02d}", str(value.numerator), f"{value.numerator:,}".replace(",", ".")]
    words += [f"{value.numerator // 10**6} triệu"] if value >= 10**6 else []
    if value.denominator in (1, 5, 10):
        words.append(f"{float(value):.1f}".replace(".", ","))
    if row["unit"] == "month" and value % 12 == 0:
        words += [f"{value.numerator // 12:02d} năm", "hằng năm", "01 năm"]
    return any(word in row["evidence"] for word in words)


def test_verified_parameter_value_stands_in_its_own_quote(reference):
    rows = [
        row
        for row in reference("rule_parameters")
        if row["status"] == RuleStatus.VERIFIED and row["unit"] not in ("flag", "text") and "một" not in row["evidence"]
    ]

    assert len(rows) > 80
    assert [row["key"] for row in rows if not _number_in_quote(row)] == []


def test_verified_clock_amount_stands_in_its_own_quote(reference):
    wrong = []
    for row in reference("clocks"):
        if row["status"] != RuleStatus.VERIFIED or "hằng năm" in row["evidence"]:
            continue
        amount = int(row["amount"])
        word = {"WD": "ngày làm việc", "CD": "ngày", "month": "tháng"}[row["unit"]]
        stated = [f"{amount:02d} {word}", f"{amount} {word}"] + (["01 năm 01 lần"] if amount == 12 else [])
        if not any(text in row["evidence"] for text in stated):
            wrong.append((row["code"], row["evidence"]))

    assert wrong == []


def test_cost_norm_amount_in_thousands_or_full_stands_in_its_quote(reference):
    for row in reference("cost_norms"):
        amount = int(row["amount_vnd"])
        in_thousands = f"{amount // 1000:,}".replace(",", ".")
        in_full = f"{amount:,}".replace(",", ".")
        assert in_full in row["evidence"] or row["evidence"].endswith(f" {in_thousands}"), row


@pytest.mark.parametrize("kind", CriteriaKind.values())
def test_selection_criteria_of_each_kind_sum_to_one_hundred(kind, regime_a):
    maxima = regime_a(f"selection.criteria.{kind}.")

    assert sum(int(value) for value in maxima.values()) == 100


def test_machines_name_only_documents_and_clocks_of_the_reference(reference):
    forms = {row["code"] for row in reference("form_templates")}
    clocks = {row["code"] for row in reference("clocks")}

    rows = [row for machine in MACHINES.values() for row in machine.transitions]

    assert {code for row in rows for code in row.documents} - forms == set()
    assert {code for row in rows for code in (*row.starts, *row.stops)} - clocks == set()


def test_reference_codes_are_unique(reference):
    for name, columns in (
        ("form_templates", ("code",)),
        ("rule_parameters", ("rule_set", "key", "valid_from", "status")),
        ("clocks", ("rule_set", "code", "valid_from")),
        ("cost_norms", ("code", "valid_from")),
        ("legal_instruments", ("number",)),
        ("treasury_papers", ("rule_set", "payment", "code", "line", "source", "condition", "valid_from")),
    ):
        keys = [tuple(row[column] for column in columns) for row in reference(name)]
        assert len(keys) == len(set(keys)), name


def test_source_toml_holds_the_digest_of_every_file(reference_folder):
    source = tomllib.loads((reference_folder / "SOURCE.toml").read_text(encoding="utf-8"))

    listed = {item["name"]: item["sha256"] for item in source["files"]}
    actual = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in reference_folder.glob("*.csv")}

    assert listed == actual
