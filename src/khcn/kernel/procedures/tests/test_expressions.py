"""Expressions and decision tables: exact values, faults in words, nothing that runs code; overlaps and gaps found."""

from datetime import date
from decimal import Decimal, localcontext
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn.kernel.procedures.choices import FieldKind, HitPolicy
from khcn.kernel.procedures.engine.definition import Column, Field, Form, Rule, Table
from khcn.kernel.procedures.engine.expressions import BadExpression, read
from khcn.kernel.procedures.engine.forms import answers
from khcn.kernel.procedures.engine.tables import NoRuleApplies, analyse, decide
from khcn.kernel.procedures.engine.values import pack, unpack

FACTS = {
    "points": Decimal("79.5"), "field": "y tế", "on": date(2025, 6, 30), "ok": True, "list": ["a", "b"],
    "applicant": {"kind": "organisation"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("0.1 + 0.2 = 0.3", True),
        ("-2 * -3", Decimal(6)),
        ("10 - 3 - 2", Decimal(5)),
        ('points >= 79.5 and not (field in ["y tế", "môi trường"])', False),
        ('ok hoặc sai', True),
        ('on < date("2025-07-01") and year(on) = 2025', True),
        ('days(date("2025-01-01"), on)', Decimal(180)),
        ('applicant.kind = "organisation"', True),
        ("missing = nothing", True),
        ("missing > 3", False),
        ("empty(missing) and count(list) = 2", True),
        ('contains(field, "Y TẾ")', True),
        ("max(1, points, 3)", Decimal("79.5")),
        ('"a" = 1', False),
        ("field.__class__.__mro__", None),
        ("true = 1", False),
    ],
)  # fmt: skip
def test_expression_has_its_value(text, value):
    assert read(text).value(FACTS) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "(1", "a b", "1 < 2 < 3", "__import__('os')", "open(1)", "lambda: 1",
        "[x for x in y]",
        "a = 'x'", "`id`", "x := 1", "f(", "a..b", "1.2.3", '"không đóng', "+" * 50, "(" * 60 + "1" + ")" * 60,
        "1" + " + 1" * 300, "x" * 3000, "@x", "eval(1)", "days(1)",
    ],
)  # fmt: skip
def test_expression_that_does_not_read_is_refused_in_a_sentence(text):
    with pytest.raises(BadExpression) as refused:
        read(text)
    assert refused.value.message.endswith((".", "”.", "”"))


@pytest.mark.parametrize(
    "text", ['"a" < 1', "ok + 1", "1 / 0", "1 and true", 'field + "x"', 'date("32-13-2025")', "9 in 9"]
)
def test_expression_whose_types_do_not_fit_is_refused(text):
    with pytest.raises(BadExpression):
        read(text).value(FACTS)


@given(st.text(alphabet='ab1."()[],=<>!+-*/ andortinh', max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_reads_or_is_refused(text):
    try:
        read(text).value(FACTS)
    except BadExpression:
        return


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 99), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_arithmetic_and_logic_agree_with_python(a, b, c, p, q):
    facts = {"a": a, "b": b, "c": c, "p": p, "q": q}

    with localcontext(prec=50):
        assert read("a + b * c - a / c").value(facts) == Decimal(a) + b * c - Decimal(a) / c
    assert read("not p and q or a < b and p").value(facts) == ((not p and q) or (a < b and p))
    assert read("a <= b").value(facts) == (a <= b)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.dates()
            | st.text(alphabet="aăâđêôơưế ", max_size=10),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=5,
    )
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_facts_are_kept_without_loss(facts):
    assert unpack(pack(facts)) == facts


NUMBERS = ("-", "< 3", ">= 3", "[2..5)", "4", "(0..9]", "not(4)", "1, 2")
WORDS = ("-", '"a"', '"a", "b"', 'not("a")', '"c"')


def table(rows: list[tuple[str, str]], policy: HitPolicy = HitPolicy.UNIQUE) -> Table:
    return Table(
        "t", "Bảng thử", (Column("n", "number"), Column("w", "text", ("a", "b", "c"))), (Column("out", "number"),),
        tuple(Rule(row, (str(number),)) for number, row in enumerate(rows)), policy,
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(WORDS)), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_overlaps_and_gaps_are_those_that_trying_every_value_finds(rows):
    trial = table(rows)
    findings = analyse(trial)

    overlap = gap = False
    for number, word in product([Decimal(n) / 2 for n in range(-4, 24)], "abc"):
        fitting = 0
        for row in rows:
            try:
                decide(table([row]), {"n": number, "w": word})
                fitting += 1
            except NoRuleApplies:
                pass
        overlap |= fitting > 1
        gap |= fitting == 0
    assert any(one.kind == "overlap" for one in findings) == overlap
    assert any(one.kind == "gap" for one in findings) == gap


def test_first_policy_takes_the_first_row_that_fits():
    rows = [("< 5", "-"), ("-", "-")]

    assert decide(table(rows, HitPolicy.FIRST), {"n": 3, "w": "a"}) == ({"out": Decimal(0)}, 1)
    assert decide(table(rows, HitPolicy.FIRST), {"n": 7, "w": "a"}) == ({"out": Decimal(1)}, 2)
    assert not analyse(table(rows, HitPolicy.FIRST))
    with pytest.raises(NoRuleApplies, match="1, 2"):
        decide(table(rows), {"n": 3, "w": "a"})


def test_finding_names_rows_and_the_case():
    overlap = analyse(table([("[0..10]", "-"), ("[5..20]", '"a"'), ("< 0", "-"), ("> 20", "-"), ("(10..20]", '"b"')]))

    assert overlap[0].rows == (1, 2)
    assert "n: ≥ 5 và ≤ 10" in overlap[0].sentence
    assert [one.kind for one in overlap] == ["overlap", "gap"]
    assert "“c”" in overlap[1].sentence


FORM = Form(
    "f", "Phiếu",
    (
        Field("n", "Diện tích", FieldKind.NUMBER, True, unit="ha", minimum=Decimal(1), maximum=Decimal(100)),
        Field("m", "Chi phí", FieldKind.MONEY), Field("d", "Ngày", FieldKind.DATE),
        Field("c", "Loại", FieldKind.CHOICE, options=("một", "hai")),
        Field("k", "Nhiều", FieldKind.CHOICES, options=("một", "hai")),
        Field("why", "Vì sao", required=True, shown_if='c = "hai"'), Field("p", "Người", FieldKind.PERSON),
        Field("t", "Bảng", FieldKind.TABLE, columns=(Field("x", "Số", FieldKind.NUMBER, True), Field("y", "Chữ"))),
    ),
)  # fmt: skip


def test_form_reads_what_people_type():
    read_form = answers(FORM, {
        "n": "12,5", "m": "45 tỷ", "d": "01/07/2025", "c": "hai", "k": ["một", "hai"], "why": " Vì thế ",
        "p": "8c9d7cf4-0c8e-4f5c-9d5c-0f6d3f7f8a11", "t": [{"x": "3", "y": "a"}, {"x": "", "y": ""}],
    }, {})  # fmt: skip

    assert not read_form.errors
    assert read_form.values == {
        "n": Decimal("12.5"), "m": Decimal(45_000_000_000), "d": date(2025, 7, 1), "c": "hai", "k": ["một", "hai"],
        "why": "Vì thế", "p": "8c9d7cf4-0c8e-4f5c-9d5c-0f6d3f7f8a11", "t": [{"x": Decimal(3), "y": "a"}],
    }  # fmt: skip


def test_form_faults_are_one_sentence_by_field_and_hidden_fields_are_not_asked():
    bad = answers(
        FORM, {"n": "500", "m": "x", "d": "hôm qua", "c": "ba", "k": ["ba"], "p": "1", "t": [{"x": "", "y": "a"}]}, {}
    )

    assert set(bad.errors) == {"n", "m", "d", "c", "k", "p", "t"}
    assert all(sentence.endswith((".", "”")) for sentence in bad.errors.values())
    assert "why" not in answers(FORM, {"n": "5", "c": "một", "why": "x"}, {}).values
