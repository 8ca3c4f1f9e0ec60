"""Invented plans in varied shapes are read as their truth files say."""

import pytest

from khcn.domains.programme.rules.plan_reading import read_plan
from khcn.domains.programme.rules.plan_reading.tests.corpus import LISTS, NAMES, compared, summary, text_of, truth_of


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
