"""The index of topics: add, update, remove, find the most similar, write to bytes and read back.

Topics live in immutable segments that are merged as they grow, so that adding one costs little and finding stays
fast; counts of terms are kept exactly, so that an index grown step by step ranks as one built at once. Threads may add,
remove and find at the same time; a find sees a topic either before or after a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import log1p
from threading import RLock
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from khcn.domains.programme.rules.similarity.entries import Corpus, TopicEntry
from khcn.domains.programme.rules.similarity.segments import (
    Integers,
    Postings,
    Segment,
    Weights,
    corpus_codes,
    inverse_frequency,
    length_factors,
    merge_segments,
)
from khcn.domains.programme.rules.similarity.terms import (
    character_grams,
    expanded_features,
    terms_of,
    word_features,
)

#: Weights against a word found in the title as it was asked for. On planted near-duplicates among 100,000 invented
#: titles recall at five stays between 0.97 and 1 when they are halved or raised to 1, for every kind of disguise.
EQUIVALENT_WEIGHT: Final = 0.8
MISSPELT_WEIGHT: Final = 0.6
EXTRA_WEIGHT: Final = 0.3
#: Share of the character n-grams in the final order; the rest is BM25. 0.4 puts more badly typed titles first, and
#: fewer shortened ones.
GRAM_SHARE: Final = 0.2
#: How many topics BM25 hands on to the comparison by character n-grams.
SHORT_LIST: Final = 60
# Segments merge when the newer one has grown to this share of the older.
_MERGE_SHARE: Final = 0.25
_SHORTEST_MISSPELT: Final = 4
# Of a query's further words only the rarest are asked for, and words in more than this share of the titles are not
# sought in further words: office words in long descriptions would cost most of the time and tell nothing.
_EXTRA_FEATURES: Final = 40
_COMMON_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Ranked:
    """A topic found. strength: 0 to 1, for the order of one look-up only; it is no measure and proves nothing."""

    entry: TopicEntry
    strength: float


class TopicIndex:
    """A searchable collection of topics, in memory.

    Born empty or from bytes; entries are identified by their key, and adding a key again replaces its entry.
    """

    def __init__(self, entries: Iterable[TopicEntry] = ()) -> None:
        self._features: dict[str, int] = {}
        self._counts = np.zeros(0, dtype=np.int64)
        self._extra_counts = np.zeros(0, dtype=np.int64)
        self._words: list[str] = []
        self._segments: list[Segment] = []
        self._waiting: dict[str, TopicEntry] = {}
        self._places: dict[str, tuple[Segment, int]] = {}
        self._lock = RLock()
        self._held = dict.fromkeys(Corpus, 0)
        self.add_all(entries)

    @classmethod
    def of_segment(cls, features: list[str], segment: Segment) -> TopicIndex:
        """An index of one segment without removed topics, whose term ids are places in `features`."""
        index = cls()
        index._features = {feature: number for number, feature in enumerate(features)}
        index._words = [feature for feature in features if " " not in feature]
        index._counts = np.zeros(len(features), dtype=np.int64)
        index._counts[segment.title_words.terms] = np.diff(segment.title_words.starts)
        index._extra_counts = np.zeros(len(features), dtype=np.int64)
        index._extra_counts[segment.extra_words.terms] = np.diff(segment.extra_words.starts)
        index._segments = [segment]
        index._places = {entry.key: (segment, row) for row, entry in enumerate(segment.entries)}
        for entry in segment.entries:
            index._held[entry.corpus] += 1
        return index

    def as_segment(self) -> tuple[list[str], Segment]:
        """All topics in one segment without removed ones, with the features by term id; for storage."""
        with self._lock:
            self._settle()
            if len(self._segments) != 1 or not self._segments[0].is_live.all():
                merged = merge_segments(self._segments or [self._segment([])])
                self._segments = [merged]
                self._places = {entry.key: (merged, row) for row, entry in enumerate(merged.entries)}
            return list(self._features), self._segments[0]

    def __len__(self) -> int:
        return len(self._places) + len(self._waiting)

    def __contains__(self, key: str) -> bool:
        return key in self._places or key in self._waiting

    def entries(self) -> list[TopicEntry]:
        """All topics, in no particular order."""
        with self._lock:
            placed = [segment.entries[row] for segment, row in self._places.values()]
            return placed + list(self._waiting.values())

    def counts(self) -> dict[Corpus, int]:
        """How many topics of each corpus the index holds; for the sentence that says what was searched."""
        return dict(self._held)

    def add(self, entry: TopicEntry) -> None:
        """Add the topic, or replace the one with its key."""
        with self._lock:
            self.remove(entry.key)
            self._waiting[entry.key] = entry
            self._held[entry.corpus] += 1

    def add_all(self, entries: Iterable[TopicEntry]) -> None:
        """Add or replace many topics."""
        for entry in entries:
            self.add(entry)

    def remove(self, key: str) -> bool:
        """Remove the topic with the key; False when there is none."""
        with self._lock:
            waiting = self._waiting.pop(key, None)
            if waiting is not None:
                self._held[waiting.corpus] -= 1
                return True
            place = self._places.pop(key, None)
            if place is None:
                return False
            segment, row = place
            segment.is_live[row] = False
            self._held[segment.entries[row].corpus] -= 1
            for feature in _title_features(segment.entries[row]):
                self._counts[self._features[feature]] -= 1
            for feature in _extra_features(segment.entries[row]):
                self._extra_counts[self._features[feature]] -= 1
            return True

    def find(
        self,
        title: str,
        *,
        extra: str = "",
        corpora: Collection[Corpus] = tuple(Corpus),
        without: Collection[str] = (),
        limit: int = 5,
    ) -> list[Ranked]:
        """The topics most similar to the title, best first; accents, case, spelling of i and y do not matter.

        title: as typed, with or without accents. extra: further words of the asked topic, weighed less. corpora: only
        these. without: keys left out, as the asked topic's own. Ties are ordered by key. Fewer than limit when fewer
        topics share a word with the query.
        """
        terms = terms_of(title)
        with self._lock:
            self._settle()
            segments = self._segments
            query = self._query(terms, terms_of(extra))
            features = np.fromiter(query, dtype=np.int64)
            weights = np.fromiter(query.values(), dtype=np.float64)
            counts = self._counts[features]
            weights *= inverse_frequency(counts, len(self._places))
            is_rare = counts <= max(_COMMON_SHARE * len(self._places), 1)
        short = _short_list(segments, features, weights, is_rare, corpora, set(without), max(SHORT_LIST, 4 * limit))
        if not short:
            return []
        grams = character_grams(terms)
        best = max(score for score, _ in short)
        ranked = []
        for score, entry in short:
            likeness = _dice(grams, character_grams(terms_of(entry.title)))
            ranked.append(Ranked(entry, (1 - GRAM_SHARE) * score / best + GRAM_SHARE * likeness))
        ranked.sort(key=lambda found: (-found.strength, found.entry.key))
        return ranked[:limit]

    def feature_weight(self, feature: str) -> float:
        """How rare a syllable or pair is in titles: BM25's inverse frequency; an unknown one is the rarest."""
        count = self._count(feature)
        return log1p((len(self._places) - count + 0.5) / (count + 0.5))

    def _count(self, feature: str) -> int:
        """How many titles hold the syllable or pair."""
        number = self._features.get(feature)
        return 0 if number is None else int(self._counts[number])

    def _query(self, terms: list[str], extra: list[str]) -> dict[int, float]:
        """Feature number → weight before rarity."""
        found: dict[int, float] = {}

        def want(features: Iterable[str], weight: float) -> None:
            for feature in features:
                number = self._features.get(feature)
                if number is not None and weight > found.get(number, 0.0):
                    found[number] = weight

        want(word_features(terms), 1.0)
        want(expanded_features(terms), EQUIVALENT_WEIGHT)
        for term in terms:
            if len(term) >= _SHORTEST_MISSPELT and not self._count(term):
                want(self._spelt_like(term), MISSPELT_WEIGHT)
        known = [
            feature
            for feature in self._features.keys() & set(word_features(extra))
            if self._count(feature) or self._extra_counts[self._features[feature]]  # removed topics leave their words
        ]
        want(sorted(known, key=lambda feature: (self._count(feature), feature))[:_EXTRA_FEATURES], EXTRA_WEIGHT)
        return found

    def _spelt_like(self, term: str) -> list[str]:
        """Known words one slip of the keyboard away, or the two known words that were written as one."""
        near = process.extract(term, self._words, scorer=OSA.distance, score_cutoff=1, limit=None)
        close = [word for word, _, _ in near if self._count(word)]
        for cut in range(2, len(term) - 1):
            # A word of removed titles only is still numbered, but it is not a word that was written here.
            if self._count(term[:cut]) and self._count(term[cut:]):
                close += word_features([term[:cut], term[cut:]])
        return close

    def _settle(self) -> None:
        """Turn waiting entries into a segment and merge segments that have grown close in size."""
        if not self._waiting:
            return
        self._segments = [*self._segments, self._segment(list(self._waiting.values()))]
        self._waiting = {}
        while len(self._segments) > 1 and _is_close(self._segments[-1], self._segments[-2]):
            self._segments = [*self._segments[:-2], merge_segments(self._segments[-2:])]
        newest = self._segments[-1]
        self._places.update(
            {entry.key: (newest, row) for row, entry in enumerate(newest.entries) if newest.is_live[row]}
        )

    def _segment(self, entries: list[TopicEntry]) -> Segment:
        title_pairs: list[list[int]] = []
        extra_pairs: list[list[int]] = []
        lengths, extra_lengths = [], []
        for entry in entries:
            terms, extra = terms_of(entry.title), _extra_terms(entry)
            title_pairs.append(self._numbers(word_features(terms)))
            extra_pairs.append(self._numbers(word_features(extra)))
            lengths.append(len(terms))
            extra_lengths.append(len(extra))
        title_words, extra_words = Postings.of_rows(title_pairs), Postings.of_rows(extra_pairs)
        self._counts = _grown(self._counts, len(self._features), title_words)
        self._extra_counts = _grown(self._extra_counts, len(self._features), extra_words)
        return Segment(
            entries,
            np.ones(len(entries), dtype=bool),
            corpus_codes(entries),
            length_factors(np.array(lengths, dtype=np.int64)),
            length_factors(np.array(extra_lengths, dtype=np.int64)),
            title_words,
            extra_words,
        )

    def _numbers(self, features: list[str]) -> list[int]:
        known = self._features
        numbers = set()
        for feature in features:
            number = known.get(feature)
            if number is None:
                number = known[feature] = len(known)
                if " " not in feature:
                    self._words.append(feature)
            numbers.add(number)
        return list(numbers)


def _short_list(
    segments: list[Segment],
    features: Integers,
    weights: Weights,
    is_rare: npt.NDArray[np.bool_],
    corpora: Collection[Corpus],
    without: set[str],
    size: int,
) -> list[tuple[float, TopicEntry]]:
    """The `size` topics with the highest BM25 score, best first."""
    found: list[tuple[float, TopicEntry]] = []
    codes = [order for order, corpus in enumerate(Corpus) if corpus in corpora]
    every_corpus = len(codes) == len(Corpus)
    for segment in segments:
        count = len(segment.entries)
        scores = segment.title_words.scores(features, weights, count) * segment.factors
        if len(segment.extra_words.rows):
            extra = segment.extra_words.scores(features[is_rare], weights[is_rare], count)
            scores += EXTRA_WEIGHT * extra * segment.extra_factors
        scores[~segment.is_live] = 0.0
        if not every_corpus:
            scores[~np.isin(segment.corpora, codes)] = 0.0
        # Zeros first: numpy's partition is slow among many equal values.
        rows = np.flatnonzero(scores > 0)
        wanted = size + len(without)
        if wanted < len(rows):
            rows = rows[np.argpartition(scores[rows], len(rows) - wanted)[len(rows) - wanted :]]
        for row in rows:
            entry = segment.entries[row]
            if entry.key not in without:
                found.append((float(scores[row]), entry))
    found.sort(key=lambda pair: (-pair[0], pair[1].key))
    return found[:size]


def _is_close(newer: Segment, older: Segment) -> bool:
    return len(newer.entries) >= _MERGE_SHARE * len(older.entries)


def _grown(counts: Integers, size: int, added: Postings) -> Integers:
    grown = np.zeros(size, dtype=np.int64)
    grown[: len(counts)] = counts
    grown[added.terms] += np.diff(added.starts)
    return grown


def _title_features(entry: TopicEntry) -> set[str]:
    return set(word_features(terms_of(entry.title)))


def _extra_terms(entry: TopicEntry) -> list[str]:
    return terms_of(f"{entry.extra} {entry.place}")


def _extra_features(entry: TopicEntry) -> set[str]:
    return set(word_features(_extra_terms(entry)))


def _dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))
