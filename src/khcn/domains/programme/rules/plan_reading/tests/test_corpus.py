"""Invented plans in varied shapes are read as their truth files say."""

import re

import pytest

from khcn.domains.programme.rules.plan_reading import read_plan
from khcn.domains.programme.rules.plan_reading.sections import is_heading
from khcn.domains.programme.rules.plan_reading.tests.corpus import LISTS, NAMES, compared, summary, text_of, truth_of
from khcn.lib.text import fold
from khcn.standards.officialdoc import clean, read_document


@pytest.mark.parametrize("name", NAMES)
def test_corpus_plan_is_read_as_its_truth_says(name):
    assert summary(read_plan(text_of(name))) == truth_of(name)


def test_corpus_holds_many_shapes_and_targets():
    truths = [truth_of(name) for name in NAMES]

    assert len(truths) >= 12
    assert sum(len(truth["targets"]) for truth in truths) >= 90


def test_comparison_counts_what_is_missing_and_what_is_too_much():
    found = {key: ["a", "b", "b"] for key in LISTS}
    true = {key: ["b", "c"] for key in LISTS}

    assert compared(found, true, "targets") == (1, 3, 2)


@pytest.mark.parametrize("name", NAMES)
def test_corpus_plan_leaves_no_passage_out_of_sight(name):
    text = text_of(name)
    plan = read_plan(text)

    seen = set()
    for span in shown_spans(plan):
        seen.update(range(span.line, span.last_line + 1))
    document = read_document(text)
    lost = [
        node.text
        for top in (*document.body, *document.annexes)
        for node in top.walk()
        if not is_heading(node) and not node.is_table and not seen & {line.number for line in node.block.lines}
    ]
    assert lost == []


@pytest.mark.parametrize("name", NAMES)
def test_corpus_target_sentences_stand_in_the_text_word_for_word(name):
    text = text_of(name)
    # Page numbers within a sentence and table rows are no part of the sentence as written.
    flat = squeezed(clean(re.sub(r"(?m)^\s*\d+\s*$", "", text)))
    document = read_document(text)
    tables = [node.block.span for top in (*document.body, *document.annexes) for node in top.walk() if node.is_table]

    for target in read_plan(text).targets:
        if not any(table.start <= target.span.start < table.end for table in tables):
            assert squeezed(target.sentence) in flat


def squeezed(text):
    return fold(text).replace("-", "").replace(" ", "")


def shown_spans(plan):
    """Every place in the text that the review page shows: what was read, and what was not placed."""
    for key in ("legal_bases", "objectives", "targets", "sources", "recipients", "unplaced"):
        yield from (item.span for item in getattr(plan, key))
    for group in (*plan.fields, *plan.duties):
        yield group.span
    if plan.total_span:
        yield plan.total_span


OPENING = "KẾ HOẠCH\nPhát triển khoa học và công nghệ tỉnh A giai đoạn 2026 - 2030\n\nI. NỘI DUNG\n"


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (
            "1. Nông nghiệp\n- Quy hoạch.\na) Trồng trọt\n- Giống lúa.\nb) Chăn nuôi: giống vịt biển.\n"
            "2. Y tế\na) Dược liệu.",
            [["Nông nghiệp", "Quy hoạch.", "Giống lúa.", "Chăn nuôi: giống vịt biển."], ["Y tế", "Dược liệu."]],
        ),
        (
            "1. Nghiên cứu, ứng dụng\na) Lĩnh vực nông nghiệp\n- Giống lúa.\nb) Lĩnh vực y tế\n- Dược liệu.\n"
            "2. Tiềm lực\na) Đào tạo.",
            [["Lĩnh vực nông nghiệp", "Giống lúa."], ["Lĩnh vực y tế", "Dược liệu."], ["Tiềm lực", "Đào tạo."]],
        ),
        ("a) Đất\n- Giống lúa.\nb) Y tế\n- Dược liệu.", [["Đất", "Giống lúa."], ["Y tế", "Dược liệu."]]),
    ],
)
def test_lettered_groups_are_lines_of_their_field_unless_they_are_the_fields(content, fields):
    assert summary(read_plan(OPENING + content))["fields"] == fields
