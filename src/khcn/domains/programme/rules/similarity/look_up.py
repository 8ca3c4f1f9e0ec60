"""The look-up of a topic before the council: the most similar known topics, each with what agrees and what differs.

Required before a proposal goes to the council. Source: Thông tư 06/2023/TT-BKHCN, Điều 9 (kết quả tra cứu).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from khcn.domains.programme.rules.similarity.comparison import Comparison, Topic, compare_topics
from khcn.domains.programme.rules.similarity.entries import Corpus, TopicEntry
from khcn.domains.programme.rules.similarity.index import TopicIndex
from khcn.lib.labelled import gettext_noop
from khcn.lib.text import nfc

#: How many topics the form shows.
SHOWN: Final = 5

CAVEAT: Final = gettext_noop(
    "Kết quả chỉ so sánh chữ trong tên và mô tả; thứ tự và nhãn không phải là bằng chứng trùng lặp. "
    "Người tra cứu và hội đồng phải đọc hồ sơ trước khi kết luận."
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One similar topic, rank 1 first. It carries no figure: the order and the comparison are all that is claimed."""

    rank: int
    entry: TopicEntry
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class LookUp:
    """The outcome of one look-up. searched: how many topics of each corpus were compared."""

    asked: Topic
    searched: dict[Corpus, int]
    hits: tuple[Hit, ...]
    caveat: str = CAVEAT


def look_up(
    index: TopicIndex,
    asked: Topic,
    *,
    extra: str = "",
    corpora: Collection[Corpus] = tuple(Corpus),
    without: Collection[str] = (),
    limit: int = SHOWN,
) -> LookUp:
    """Find the topics most similar to the asked one and say where each agrees and differs.

    asked: title with or without accents, place and year if known. extra: its objective and content. corpora: those to
    search. without: keys to leave out, as the asked topic's own. Fewer than limit hits when nothing else shares a word.
    """
    asked = Topic(nfc(asked.title), nfc(asked.place), asked.year)
    ranked = index.find(asked.title, extra=extra, corpora=corpora, without=without, limit=limit)
    hits = tuple(
        Hit(rank, found.entry, compare_topics(asked, _topic(found.entry), weigh=index.feature_weight))
        for rank, found in enumerate(ranked, start=1)
    )
    counts = index.counts()
    return LookUp(asked, {corpus: counts[corpus] for corpus in Corpus if corpus in corpora}, hits)


def _topic(entry: TopicEntry) -> Topic:
    return Topic(nfc(entry.title), nfc(entry.place), entry.year)
