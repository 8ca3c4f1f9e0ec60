"""What the look-up searches: titles of proposals, tasks and results, each with the words that describe it."""

from __future__ import annotations

from dataclasses import dataclass

from khcn.lib.labelled import Labelled, gettext_noop


class Corpus(Labelled):
    """The collections that a topic is compared with."""

    PROPOSAL = "proposal", gettext_noop("Đề xuất")
    TASK = "task", gettext_noop("Nhiệm vụ")
    RESULT = "result", gettext_noop("Sản phẩm, kết quả")
    PLAN_ITEM = "plan_item", gettext_noop("Dòng phụ lục kế hoạch")


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """One topic in the index.

    key: unique over all corpora, chosen by the caller ("task:KHCN-2023-05"). title: as printed. extra: objective,
    content, host and other words that help to find it, weighed less than the title. place, year: as registered, when
    known apart from the title; the year in which the topic starts.
    """

    key: str
    corpus: Corpus
    title: str
    extra: str = ""
    place: str = ""
    year: int | None = None
