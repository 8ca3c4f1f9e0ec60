"""Where two topics agree and differ, facet by facet, in words that a person can check against the two titles.

The relation is a hint for reading, never a finding: what it rests on is listed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from khcn.domains.programme.rules.similarity.facets import Facet, Facets, FacetText, extract_facets
from khcn.domains.programme.rules.similarity.terms import canonical_runs, canonical_terms, terms_of, word_features
from khcn.lib.labelled import Labelled, gettext_noop

#: From these shares of common weighted terms on, two facets read as the same or as partly the same. Set by reading
#: invented pairs; they steer labels only, never the order.
SAME_SHARE: Final = 0.8
PARTLY_SHARE: Final = 0.4
#: From this share of common terms in the whole content (object, method, purpose) on, a topic is close.
CLOSE_SHARE: Final = 0.6
#: Below this share of common terms in the whole content a topic shares little more than office words.
RELATED_SHARE: Final = 0.15

COMPARED: Final = (Facet.OBJECT, Facet.METHOD, Facet.PLACE, Facet.YEAR)

Weigher = Callable[[str], float]


class Outcome(Labelled):
    """How one facet of the asked topic stands to that of the found one."""

    SAME = "same", gettext_noop("giống nhau")
    PARTLY = "partly", gettext_noop("giống một phần")
    DIFFERENT = "different", gettext_noop("khác nhau")
    ONLY_ASKED = "only_asked", gettext_noop("chỉ đề xuất đang tra cứu có nêu")
    ONLY_FOUND = "only_found", gettext_noop("chỉ kết quả tìm thấy có nêu")
    ABSENT = "absent", gettext_noop("không bên nào nêu")


class Relation(Labelled):
    """How a found topic should be read; the strongest first."""

    SUSPECTED_DUPLICATE = "suspected_duplicate", gettext_noop("Trùng lặp khả nghi")
    CLOSE = "close", gettext_noop("Gần")
    RELATED = "related", gettext_noop("Liên quan")
    REMOTE = "remote", gettext_noop("Ít liên quan")


@dataclass(frozen=True, slots=True)
class Span:
    """Letters start to end (exclusive) of a title whose words the other title shares, or does not."""

    start: int
    end: int
    is_shared: bool


@dataclass(frozen=True, slots=True)
class FacetComparison:
    """One facet side by side, as written in each topic (empty: not named)."""

    facet: Facet
    asked: str
    found: str
    outcome: Outcome

    @property
    def sentence(self) -> str:
        """The comparison as a Vietnamese sentence."""
        if self.outcome is Outcome.ABSENT:
            return f"{self.facet.label}: không bên nào nêu."
        if self.outcome is Outcome.ONLY_ASKED:
            return f"{self.facet.label}: chỉ đề xuất nêu “{self.asked}”."
        if self.outcome is Outcome.ONLY_FOUND:
            return f"{self.facet.label}: chỉ kết quả tìm thấy nêu “{self.found}”."
        if self.asked == self.found:
            return f"{self.facet.label}: giống nhau (“{self.asked}”)."
        return f"{self.facet.label}: {self.outcome.label} (“{self.asked}” – “{self.found}”)."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two topics side by side. asked_spans, found_spans: words of each title, in order, shared or not."""

    relation: Relation
    facets: tuple[FacetComparison, ...]
    asked_spans: tuple[Span, ...]
    found_spans: tuple[Span, ...]

    @property
    def differing(self) -> tuple[Facet, ...]:
        """The facets that are not the same, though at least one topic names them."""
        agreeing = (Outcome.SAME, Outcome.ABSENT)
        return tuple(part.facet for part in self.facets if part.outcome not in agreeing)

    @property
    def shared(self) -> tuple[Facet, ...]:
        """The facets that read the same in both."""
        return tuple(part.facet for part in self.facets if part.outcome is Outcome.SAME)


@dataclass(frozen=True, slots=True)
class Topic:
    """One side of a comparison: a title, with the place and year registered apart from it when known."""

    title: str
    place: str = ""
    year: int | None = None


def compare_topics(asked: Topic, found: Topic, *, weigh: Weigher = lambda feature: 1.0) -> Comparison:
    """Compare two topics facet by facet.

    weigh: how much a syllable or pair of syllables counts (rare ones more); all alike by default.
    """
    left, right = extract_facets(asked.title), extract_facets(found.title)
    parts = (
        _by_terms(Facet.OBJECT, left, right, weigh),
        _by_terms(Facet.METHOD, left, right, weigh),
        _by_place(left, right, asked, found),
        _by_year(left, right, asked, found),
    )
    relation = _relation(parts, left, right, weigh)
    left_terms = set(canonical_terms([token.term for token in left.tokens]))
    right_terms = set(canonical_terms([token.term for token in right.tokens]))
    return Comparison(relation, parts, _spans(left, right_terms), _spans(right, left_terms))


def _relation(parts: tuple[FacetComparison, ...], left: Facets, right: Facets, weigh: Weigher) -> Relation:
    """The label, from the object and method; a title that could not be taken apart is judged by its whole content.

    A different place makes a suspected duplicate a close topic: repeating work elsewhere may be wanted.
    """
    outcomes = {part.facet: part.outcome for part in parts}
    content = _share(_content(left), _content(right), weigh)
    topic, method = outcomes[Facet.OBJECT], outcomes[Facet.METHOD]
    same_topic = topic is Outcome.SAME and method in (Outcome.SAME, Outcome.PARTLY, Outcome.ABSENT)
    if same_topic or content >= SAME_SHARE:
        is_elsewhere = outcomes[Facet.PLACE] is Outcome.DIFFERENT
        return Relation.CLOSE if is_elsewhere else Relation.SUSPECTED_DUPLICATE
    if topic is Outcome.SAME or content >= CLOSE_SHARE:
        return Relation.CLOSE
    if topic is Outcome.PARTLY or method is Outcome.SAME or content >= RELATED_SHARE:
        return Relation.RELATED
    return Relation.REMOTE


def _content(facets: Facets) -> list[str]:
    kept = (Facet.OBJECT, Facet.METHOD, Facet.PURPOSE)
    return [token.term for token, role in zip(facets.tokens, facets.roles, strict=True) if role in kept]


def _by_terms(facet: Facet, left: Facets, right: Facets, weigh: Weigher) -> FacetComparison:
    asked, found = left.of(facet), right.of(facet)
    share = _share(asked.terms, found.terms, weigh)
    return _compared(facet, asked.text, found.text, _graded(share))


def _graded(share: float) -> Outcome:
    if share >= SAME_SHARE:
        return Outcome.SAME
    return Outcome.PARTLY if share >= PARTLY_SHARE else Outcome.DIFFERENT


def _by_place(left: Facets, right: Facets, asked: Topic, found: Topic) -> FacetComparison:
    asked_place, found_place = _place(left, asked), _place(right, found)
    asked_names, found_names = _names(asked_place), _names(found_place)
    if asked_names == found_names:
        outcome = Outcome.SAME
    elif asked_names <= found_names or found_names <= asked_names:
        outcome = Outcome.PARTLY
    else:
        # "tỉnh Bình Phước" and "tỉnh Bình Dương" share a syllable and no place.
        shared = sum(len(name) for name in _pairs(asked_place) & _pairs(found_place))
        outcome = Outcome.PARTLY if shared else Outcome.DIFFERENT
    return _compared(Facet.PLACE, asked_place.text, found_place.text, outcome)


def _place(facets: Facets, topic: Topic) -> FacetText:
    named = facets.of(Facet.PLACE)
    return named if named.text else FacetText(topic.place, tuple(terms_of(topic.place)))


_PLACE_WORDS: Final = frozenset({
    "tinh", "huyen", "thanh", "pho", "tp", "thi", "xa", "tran", "quan", "phuong", "vung", "khu", "vuc", "va", "cac",
})  # fmt: skip


def _names(place: FacetText) -> frozenset[str]:
    return frozenset(term for term in place.terms if term not in _PLACE_WORDS)


def _pairs(place: FacetText) -> set[tuple[str, str]]:
    terms = [term for term in place.terms if term not in _PLACE_WORDS]
    return set(pairwise(terms))


def _by_year(left: Facets, right: Facets, asked: Topic, found: Topic) -> FacetComparison:
    asked_years, asked_text = _years(left, asked)
    found_years, found_text = _years(right, found)
    if asked_years == found_years:
        outcome = Outcome.SAME
    else:
        outcome = Outcome.PARTLY if asked_years & found_years else Outcome.DIFFERENT
    return _compared(Facet.YEAR, asked_text, found_text, outcome)


def _years(facets: Facets, topic: Topic) -> tuple[frozenset[int], str]:
    if facets.years:
        return facets.years, facets.of(Facet.YEAR).text
    return (frozenset({topic.year}), f"năm {topic.year}") if topic.year else (frozenset(), "")


def _compared(facet: Facet, asked: str, found: str, outcome: Outcome) -> FacetComparison:
    if not asked and not found:
        outcome = Outcome.ABSENT
    elif not found:
        outcome = Outcome.ONLY_ASKED
    elif not asked:
        outcome = Outcome.ONLY_FOUND
    return FacetComparison(facet, asked, found, outcome)


def _share(left: Iterable[str], right: Iterable[str], weigh: Weigher) -> float:
    """The weighted share (0 to 1, Dice) of syllables and pairs that two pieces have in common; 0 for an empty one."""
    ours, theirs = (set(word_features(canonical_terms(list(terms)))) for terms in (left, right))
    total = sum(map(weigh, ours)) + sum(map(weigh, theirs))
    return 2 * sum(map(weigh, ours & theirs)) / total if total else 0.0


def _spans(facets: Facets, others: set[str]) -> tuple[Span, ...]:
    spans: list[Span] = []
    place = 0
    for length, parts in canonical_runs([token.term for token in facets.tokens]):
        start, end = facets.tokens[place].start, facets.tokens[place + length - 1].end
        is_shared = all(part in others for part in parts)
        if spans and spans[-1].is_shared == is_shared:
            spans[-1] = Span(spans[-1].start, end, is_shared)
        else:
            spans.append(Span(start, end, is_shared))
        place += length
    return tuple(spans)
