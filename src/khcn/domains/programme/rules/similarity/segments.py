"""Posting lists in numpy arrays: an immutable segment of the index that scores all its topics for a query at once.

Scores are BM25 with binary term counts (a title hardly repeats a word) and a fixed mean length, so that a topic's
weight does not depend on when it was added: an index grown step by step ranks as one built at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from khcn.domains.programme.rules.similarity.entries import Corpus, TopicEntry

Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float64]

#: BM25 parameters (Robertson and Zaragoza 2009, §3.5: k1 1.2, b 0.75); b is lower because titles differ little
#: in length. The mean length is that of titles, in syllables.
SATURATION: Final = 1.2
LENGTH_SHARE: Final = 0.5
MEAN_LENGTH: Final = 18


@dataclass(frozen=True, slots=True)
class Postings:
    """Which topics hold each term. terms: (t,) sorted ids; starts: (t+1,) offsets into rows; rows: topic numbers."""

    terms: Integers
    starts: Integers
    rows: Rows

    @classmethod
    def build(cls, terms: Integers, rows: Integers) -> Postings:
        """From pairs (term id, topic number), any order, no pair twice."""
        order = np.argsort(terms, kind="stable")
        terms, rows = terms[order], rows[order]
        distinct, firsts = np.unique(terms, return_index=True)
        starts = np.append(firsts, len(terms)).astype(np.int64)
        return cls(distinct.astype(np.int64), starts, rows.astype(np.int32))

    @classmethod
    def of_rows(cls, rows: list[list[int]]) -> Postings:
        """From the distinct term ids of each topic, topic by topic."""
        counts = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        terms = np.fromiter((term for row in rows for term in row), dtype=np.int64, count=int(counts.sum()))
        return cls.build(terms, np.repeat(np.arange(len(rows), dtype=np.int64), counts))

    @classmethod
    def merge(cls, parts: Iterable[tuple[Postings, Integers]]) -> Postings:
        """Join postings; each comes with its topics' new numbers (-1 drops a topic)."""
        terms, rows = [], []
        for postings, numbers in parts:
            renumbered = numbers[postings.rows]
            kept = renumbered >= 0
            terms.append(np.repeat(postings.terms, np.diff(postings.starts))[kept])
            rows.append(renumbered[kept])
        return cls.build(np.concatenate(terms), np.concatenate(rows))

    def scores(self, terms: Integers, weights: Weights, size: int) -> Weights:
        """The sum, for each of `size` topics, of the weights of the query's terms that it holds. terms: any order."""
        if not len(self.terms):
            return np.zeros(size)
        places = np.searchsorted(self.terms, terms)
        places[places == len(self.terms)] = 0
        known = self.terms[places] == terms
        firsts, lasts = self.starts[places[known]], self.starts[places[known] + 1]
        if not len(firsts):
            return np.zeros(size)
        rows = np.concatenate([self.rows[first:last] for first, last in zip(firsts, lasts, strict=True)])
        # One bincount over all terms took half the time of an indexed addition per term (100,000 titles).
        sums: Weights = np.bincount(rows, np.repeat(weights[known], lasts - firsts), minlength=size).astype(
            np.float64, copy=False
        )
        return sums


def length_factors(lengths: Integers) -> Weights:
    """The BM25 weight of one occurrence in a text of so many syllables."""
    share = lengths / MEAN_LENGTH
    factors: Weights = (SATURATION + 1) / (1 + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * share))
    return factors


def inverse_frequency(counts: Integers, total: int) -> Weights:
    """BM25's weight of terms held by `counts` of `total` topics; never negative."""
    weights: Weights = np.log1p((total - counts + 0.5) / (counts + 0.5))
    return weights


@dataclass(slots=True)
class Segment:
    """Some topics with their postings, row by row. Only is_live ever changes: False once the topic was removed.

    corpora: (n,) places in Corpus. factors, extra_factors: (n,) BM25 length factors of title and extra words.
    """

    entries: list[TopicEntry]
    is_live: npt.NDArray[np.bool_]
    corpora: npt.NDArray[np.int8]
    factors: Weights
    extra_factors: Weights
    title_words: Postings
    extra_words: Postings


def merge_segments(parts: list[Segment]) -> Segment:
    """One segment of all live topics of the parts, in their order."""
    numbers: list[Integers] = []
    entries: list[TopicEntry] = []
    for part in parts:
        numbers.append(np.where(part.is_live, np.cumsum(part.is_live) - 1 + len(entries), -1))
        entries += [entry for entry, is_live in zip(part.entries, part.is_live, strict=True) if is_live]
    return Segment(
        entries,
        np.ones(len(entries), dtype=bool),
        np.concatenate([part.corpora[part.is_live] for part in parts]),
        np.concatenate([part.factors[part.is_live] for part in parts]),
        np.concatenate([part.extra_factors[part.is_live] for part in parts]),
        Postings.merge(zip((part.title_words for part in parts), numbers, strict=True)),
        Postings.merge(zip((part.extra_words for part in parts), numbers, strict=True)),
    )


def corpus_codes(entries: list[TopicEntry]) -> npt.NDArray[np.int8]:
    """The place of each topic's corpus in Corpus."""
    codes = {corpus: order for order, corpus in enumerate(Corpus)}
    return np.array([codes[entry.corpus] for entry in entries], dtype=np.int8)
