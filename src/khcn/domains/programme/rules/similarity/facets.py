"""The facets of a topic's title, by rule: what is done, to what, by which method, why, where and when.

Works on titles with and without accents; without them, words that may be read in two ways ("tinh": tỉnh, tính) count
as places only next to a known name or after a place's preposition. It is a reading aid, not an analysis of meaning.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from khcn.domains.programme.rules.similarity.place_names import PROVINCES, REGIONS
from khcn.domains.programme.rules.similarity.terms import Token, terms_of, tokenize
from khcn.lib.labelled import Labelled, gettext_noop


class Facet(Labelled):
    """A part of a topic that may be compared on its own."""

    ACTION = "action", gettext_noop("Việc làm")
    OBJECT = "object", gettext_noop("Đối tượng, nội dung")
    METHOD = "method", gettext_noop("Phương pháp, công nghệ")
    PURPOSE = "purpose", gettext_noop("Mục đích")
    PLACE = "place", gettext_noop("Địa điểm")
    YEAR = "year", gettext_noop("Thời gian")


@dataclass(frozen=True, slots=True)
class FacetText:
    """One facet of a title. text: its words as written, pieces joined by "; ". terms: the same as indexed."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """A title taken apart. tokens and roles run in parallel; a role of None is a word that joins the others."""

    title: str
    tokens: tuple[Token, ...]
    roles: tuple[Facet | None, ...]

    def of(self, facet: Facet) -> FacetText:
        """The facet's words; empty text when the title has none."""
        pieces: list[str] = []
        start = end = -1
        for token, role in zip(self.tokens, self.roles, strict=True):
            if role is facet:
                start, end = (token.start if start < 0 else start), token.end
            elif start >= 0 and role is not None:
                pieces.append(self.title[start:end])
                start = -1
        if start >= 0:
            pieces.append(self.title[start:end])
        terms = [token.term for token, role in zip(self.tokens, self.roles, strict=True) if role is facet]
        return FacetText("; ".join(pieces), tuple(terms))

    @property
    def years(self) -> frozenset[int]:
        """All years from the first to the last that the title names."""
        named = [int(token.term) for token in self.tokens if _YEAR.fullmatch(token.term)]
        return frozenset(range(min(named), max(named) + 1)) if named else frozenset()


_YEAR = re.compile(r"(?:19|20)\d\d")
_BREAK = re.compile(r"[,;:()]")
_ACCENT = re.compile(r"[^\x00-\x7f]")

# Words are written with accents; in a title without accents they are compared folded.
_YEAR_LEAD = "giai đoạn|năm|từ|đến|thời kỳ|niên vụ|vụ|tầm nhìn|trong giai đoạn|và"
_ADMIN_HEADS = "tỉnh|thành phố|tp|huyện|thị xã|thị trấn|quận|phường|xã|vùng|khu vực|lưu vực|ven biển|bản|thôn|ấp|đảo"
# "vùng trồng", "khu vực nông thôn": without a capital letter to tell, these need a known name.
_GENERAL_HEADS = {"vung", "khu"}
# Without accents these are other words more often than places.
_AMBIGUOUS_HEADS = {"tinh", "xa", "quan", "phuong", "ban", "thon", "ap", "dao", "tp"}
_PLACE_LEAD = "tại|ở|trên địa bàn|thuộc|của|trên|cho|các|một số|trong|địa bàn|hai|ba|vùng|khu vực"
_METHOD_MARKS = (
    "ứng dụng|áp dụng|sử dụng|bằng|dựa trên|dựa vào|trên cơ sở|trên nền tảng|theo hướng|theo tiêu chuẩn"
    "|theo phương pháp|theo công nghệ|thông qua|với sự hỗ trợ của"
)
_NOT_BY = {"dong", "can", "cong", "cao", "van", "sang"}  # đồng bằng, cân bằng, công bằng, Cao Bằng, văn bằng, sáng bằng
_METHOD_ENDS = "để|trong|vào|nhằm|phục vụ|cho|trên|đối với|góp phần|xây dựng|phát triển|sản xuất|nâng cao|cải thiện"
_PURPOSE_MARKS = "phục vụ|nhằm|góp phần|hướng tới|hướng đến|đáp ứng|để"
_ACTIONS = (
    "nghiên cứu|đánh giá|khảo sát|điều tra|xây dựng|hoàn thiện|thử nghiệm|khảo nghiệm|triển khai|phân tích|xác định"
    "|đề xuất|tạo lập|phát triển|chuyển giao|sản xuất thử nghiệm|sản xuất thử|thiết kế|chế tạo|cải tiến|tuyển chọn"
    "|nhân rộng|hỗ trợ|thực nghiệm|áp dụng thử|tiếp nhận|mô hình|giải pháp|thực trạng|một số|các giải pháp|đề án|dự án"
)
_JOINING = "và|của|cho|trong|trên|tại|các|những|một số|đối với|về|vào|bằng|ở|với|thuộc|để|nhằm|từ|tới"
# Without accents "cho", "tu", "ve", "trong" and "o" are parts of other words (phân tử, bảo vệ, trồng) too often.
_JOINING_BARE = "và|của|các|những|một số|đối với|vào|bằng|để|nhằm"
_METHOD_HEAD_LENGTH: Final = 4
_LONGEST_NAME: Final = 4

_Phrases = dict[str, list[tuple[str, ...]]]


def _phrases(text: str, *, accented: bool) -> _Phrases:
    """Phrases by their first word, longest first; the words as written or as indexed."""
    found: _Phrases = {}
    for phrase in text.split("|"):
        words = tuple(token.word if accented else token.term for token in tokenize(phrase.lower()))
        found.setdefault(words[0], []).append(words)
    for choices in found.values():
        choices.sort(key=len, reverse=True)
    return found


class _Vocabulary:
    """The phrase tables in one spelling."""

    def __init__(self, *, accented: bool) -> None:
        self.accented = accented
        self.year_lead = _phrases(_YEAR_LEAD, accented=accented)
        self.heads = _phrases(_ADMIN_HEADS, accented=accented)
        self.place_lead = _phrases(_PLACE_LEAD, accented=accented)
        self.method_marks = _phrases(_METHOD_MARKS, accented=accented)
        self.method_ends = _phrases(_METHOD_ENDS, accented=accented)
        self.purpose_marks = _phrases(_PURPOSE_MARKS, accented=accented)
        self.actions = _phrases(_ACTIONS, accented=accented)
        self.opening = _phrases(_JOINING, accented=accented)
        self.joining = _phrases(_JOINING if accented else _JOINING_BARE, accented=accented)
        self.names = _phrases("|".join((*PROVINCES, *REGIONS)), accented=accented)


_WITH_ACCENTS = _Vocabulary(accented=True)
_WITHOUT_ACCENTS = _Vocabulary(accented=False)


def extract_facets(title: str) -> Facets:
    """Take a title apart. title: in form NFC, with or without accents; spans refer to it."""
    return _Reading(unicodedata.normalize("NFC", title)).facets()


class _Reading:
    """One pass over one title; each step marks the words it is sure of and leaves the rest to the next."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.tokens = tokenize(title)
        self.vocabulary = _WITH_ACCENTS if _ACCENT.search(title) else _WITHOUT_ACCENTS
        self.words = [token.word if self.vocabulary.accented else token.term for token in self.tokens]
        self.roles: list[Facet | None] = [Facet.OBJECT] * len(self.tokens)
        gaps = [title[left.end : right.start] for left, right in zip(self.tokens, self.tokens[1:], strict=False)]
        self.breaks = [False, *(bool(_BREAK.search(gap)) for gap in gaps)]
        starts = [title[token.start] for token in self.tokens]
        capitals = sum(letter.isupper() for letter in starts[1:])
        # Capital letters tell names only where most words start small.
        self.has_case = 0 < capitals <= len(starts) * 0.6 and not title.isupper()
        self.is_capital = [letter.isupper() or letter.isdigit() for letter in starts]

    def facets(self) -> Facets:
        self._mark_years()
        self._mark_places()
        self._mark_actions(0)
        self._mark_methods()
        self._mark_purposes()
        self._split_swallowed_object()
        self._mark_joining()
        return Facets(self.title, tuple(self.tokens), tuple(self.roles))

    def _at(self, place: int, phrases: _Phrases) -> int:
        """How many words the longest phrase at the place has; 0 for none. No phrase spans a comma."""
        if place >= len(self.words):
            return 0
        for phrase in phrases.get(self.words[place], ()):
            end = place + len(phrase)
            if tuple(self.words[place:end]) == phrase and not any(self.breaks[place + 1 : end]):
                return len(phrase)
        return 0

    def _ends_with(self, end: int, phrases: _Phrases) -> int:
        """How many words the longest phrase that ends before `end` has; 0 for none."""
        for length in (3, 2, 1):
            if end - length >= 0 and self._at(end - length, phrases) == length:
                return length
        return 0

    def _mark(self, start: int, end: int, role: Facet | None) -> None:
        self.roles[start:end] = [role] * (end - start)

    def _mark_years(self) -> None:
        for place, token in enumerate(self.tokens):
            if not _YEAR.fullmatch(token.term):
                continue
            start = place
            while not self.breaks[start] and (length := self._ends_with(start, self.vocabulary.year_lead)):
                start -= length
            self._mark(start, place + 1, Facet.YEAR)

    def _mark_places(self) -> None:
        place = 0
        while place < len(self.tokens):
            end = self._place_end(place)
            if end == place:
                place += 1
                continue
            start = place
            while not self.breaks[start] and (length := self._ends_with(start, self.vocabulary.place_lead)):
                self._mark(start - length, start, None)
                start -= length
            self._mark(place, end, Facet.PLACE)
            place = end

    def _place_end(self, place: int) -> int:
        """Where a place name that starts here ends; `place` itself when none does."""
        if self.roles[place] is not Facet.OBJECT:
            return place
        if known := self._at(place, self.vocabulary.names):
            is_name = self.is_capital[place] or not self.has_case
            return place + known if is_name else place
        head = self._at(place, self.vocabulary.heads)
        if not head:
            return place
        after = place + head
        known = self._at(after, self.vocabulary.names)
        if known:
            return after + known
        if after >= len(self.tokens) or self.breaks[after] or self._at(after, self.vocabulary.heads):
            return place
        if self.has_case:
            end = self._capital_end(after)
            return end if end > after else place
        if self.tokens[place].term in _GENERAL_HEADS:
            return place
        if self.words[place] in _AMBIGUOUS_HEADS and not self.vocabulary.accented and not self._follows_place(place):
            return place
        return self._uncased_end(after)

    def _uncased_end(self, start: int) -> int:
        """Without capitals a name runs to the comma, year or end that follows within three words, else two words."""
        end = start
        while end < len(self.tokens) and self.roles[end] is Facet.OBJECT and not (end > start and self.breaks[end]):
            if end - start == _LONGEST_NAME - 1 or self._at(end, self.vocabulary.heads):
                return min(start + 2, end)
            end += 1
        return end

    def _capital_end(self, start: int) -> int:
        """The end of a run of capitalised words, with further such names after a comma or "và"."""
        end = start
        while end < len(self.tokens) and end - start < _LONGEST_NAME and self.is_capital[end]:
            if self.roles[end] is not Facet.OBJECT or (end > start and self.breaks[end]):
                break
            end += 1
        if end == start:
            return start
        follows = end + 1 if end < len(self.words) and self.words[end] in ("và", "va") else end
        joined = follows > end or (end < len(self.tokens) and self.breaks[end])
        is_name = joined and all(self.is_capital[follows : follows + 2]) and follows + 1 < len(self.tokens)
        if is_name and not self._at(follows, self.vocabulary.heads):
            return self._capital_end(follows)
        return end

    def _follows_place(self, place: int) -> bool:
        """True after a preposition of place, after another place and at the start of a part."""
        if place == 0 or self.breaks[place] or self.roles[place - 1] is Facet.PLACE:
            return True
        return self.words[place - 1] in ("tai", "o", "thuoc", "cac") or self.words[place - 2 : place] == ["dia", "ban"]

    def _mark_actions(self, start: int) -> None:
        place = start
        while place < len(self.tokens) and self.roles[place] is Facet.OBJECT:
            if length := self._at(place, self.vocabulary.actions):
                self._mark(place, place + length, Facet.ACTION)
                place += length
            elif self.words[place] in ("và", "va") and self._at(place + 1, self.vocabulary.actions):
                self._mark(place, place + 1, None)
                place += 1
            else:
                return

    def _mark_methods(self) -> None:
        place = 0
        while place < len(self.tokens):
            length = self._at(place, self.vocabulary.method_marks)
            if not length or self.roles[place] is not Facet.OBJECT or self._is_no_method(place):
                place += 1
                continue
            end = place + length
            while end < len(self.tokens) and self.roles[end] is Facet.OBJECT and not self._ends_method(end):
                end += 1
            if end > place + length:
                self._mark(place, place + length, None)
                self._mark(place + length, end, Facet.METHOD)
                if not self._has_object_before(place) and self._at(end, self.vocabulary.method_ends):
                    self._open_object(end)
            place = max(end, place + length)

    def _ends_method(self, place: int) -> bool:
        if self.breaks[place]:
            return True
        return bool(
            self._at(place, self.vocabulary.method_ends)
            or self._at(place, self.vocabulary.purpose_marks)
            or self._at(place, self.vocabulary.method_marks)
        )

    def _is_no_method(self, place: int) -> bool:
        return self.tokens[place].term == "bang" and place > 0 and self.tokens[place - 1].term in _NOT_BY

    def _has_object_before(self, place: int) -> bool:
        return Facet.OBJECT in self.roles[:place]

    def _open_object(self, place: int) -> None:
        """After "Ứng dụng … để/trong/nhằm" the object itself follows, not a purpose."""
        opening = self._at(place, self.vocabulary.opening)
        self._mark(place, place + opening, None)
        self._mark_actions(place + opening)

    def _mark_purposes(self) -> None:
        for place in range(len(self.tokens)):
            length = 0 if self._is_no_purpose(place) else self._at(place, self.vocabulary.purpose_marks)
            if not length or self.roles[place] is not Facet.OBJECT or not self._has_object_before(place):
                continue
            end = place + length
            while end < len(self.tokens) and self.roles[end] is Facet.OBJECT and not self.breaks[end]:
                end += 1
            self._mark(place, end, Facet.PURPOSE)

    def _is_no_purpose(self, place: int) -> bool:
        """True for "de" of a title without accents that begins đề tài, đề án, đề xuất, đề kháng."""
        following = self.words[place + 1 : place + 2]
        return self.words[place] == "de" and following in (["tai"], ["an"], ["xuat"], ["khang"], ["phong"])

    def _split_swallowed_object(self) -> None:
        """Where the method took all ("Ứng dụng công nghệ sinh học nhân giống cây lan"), leave it its first words."""
        if Facet.OBJECT in self.roles or Facet.METHOD not in self.roles:
            return
        first = self.roles.index(Facet.METHOD)
        for place in range(first + _METHOD_HEAD_LENGTH, len(self.roles)):
            if self.roles[place] is Facet.METHOD:
                self.roles[place] = Facet.OBJECT

    def _mark_joining(self) -> None:
        place = 0
        while place < len(self.tokens):
            length = self._at(place, self.vocabulary.joining)
            if length and self.roles[place] in (Facet.OBJECT, Facet.METHOD):
                self._mark(place, place + length, None)
            place += max(length, 1)


def facet_of_words(text: str) -> FacetText:
    """A facet given outside the title, as the registered place."""
    return FacetText(text, tuple(terms_of(text)))
