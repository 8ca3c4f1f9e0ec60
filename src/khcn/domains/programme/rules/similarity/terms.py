"""What a title is indexed by: folded syllables, pairs of syllables and character n-grams; equal terms and spellings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from khcn.lib.text import fold

#: Length of a character group (n-gram) in comparisons of whole titles.
GRAM_LENGTH: Final = 3

_WORD = re.compile(r"[^\W_]+")
# "kĩ thuật" and "kỹ thuật", "lí" and "lý" are one word in two spellings.
_FINAL_Y = re.compile(r"([bcdghklmnprstvx]+)y")

# Terms that mean the same in titles, folded; a query with one of them also looks, with less weight, for the others.
# Names of crops and animals differ between north and south; abbreviations are those of official documents. A syllable
# that folds together with other words (lợn, lớn) stands only in a pair that does not.
_EQUIVALENTS: Final = """
ung dung|ap dung
nang cao|cai thien
lon thit|heo thit
lon nai|heo nai
lon con|heo con
lon rung|heo rung
nuoi lon|nuoi heo
dan lon|dan heo
giong lon|giong heo
cay ngo|cay bap
ngo lai|bap lai
khoai mi|cay san|cu san|tinh bot san
dau phong|cay lac|cu lac
ho tieu|hat tieu|cay tieu
dau tuong|dau nanh
thuy san|nuoi trong thuy san
cong nghe thong tin|cntt
cong nghe sinh hoc|cnsh
tri tue nhan tao|ai
internet van vat|iot|van vat ket noi
he thong thong tin dia ly|gis
chuoi khoi|blockchain
may bay khong nguoi lai|thiet bi bay khong nguoi lai|drone|uav
bao ve thuc vat|bvtv
ve sinh an toan thuc pham|an toan thuc pham|vsattp|attp
co so du lieu|csdl
khoa hoc va cong nghe|khoa hoc cong nghe|khcn
hop tac xa|htx
uy ban nhan dan|ubnd
dong bang song cuu long|dbscl
thanh pho ho chi minh|tp hcm|tphcm
dan toc thieu so|dtts
chuyen doi so|so hoa
chi dan dia ly|cddl
hoc may|machine learning
hoc sau|deep learning
dai thao duong|tieu duong
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One syllable, number or foreign word of a text: where it stands, as written in lower case, and as indexed."""

    start: int
    end: int
    word: str
    term: str


def tokenize(text: str) -> list[Token]:
    """The tokens of a text in form NFC, in order; punctuation is dropped."""
    return [
        Token(match.start(), match.end(), match.group().lower(), term_of(match.group()))
        for match in _WORD.finditer(text)
    ]


@lru_cache(maxsize=65_536)
def term_of(word: str) -> str:
    """The form under which a word is indexed: folded, with final y as i after a consonant ("kỹ", "kĩ" → "ki")."""
    folded = fold(word)
    return folded[:-1] + "i" if _FINAL_Y.fullmatch(folded) else folded


def terms_of(text: str) -> list[str]:
    """The indexed form of all words of a text, in order."""
    return [term_of(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


# Group by group, in indexed form; then term → the others of its group, and term → the first of its group.
_GROUPS: Final = [[tuple(terms_of(term)) for term in group.split("|")] for group in _EQUIVALENTS.strip().splitlines()]
_OTHERS: Final = {term: [other for other in group if other != term] for group in _GROUPS for term in group}
_FIRST_OF_GROUP: Final = {term: group[0] for group in _GROUPS for term in group}
_LONGEST_EQUIVALENT: Final = max(map(len, _OTHERS))


def word_features(terms: list[str]) -> list[str]:
    """Syllables and pairs of neighbouring syllables, which are Vietnamese words more often than not."""
    return [*terms, *(f"{left} {right}" for left, right in pairwise(terms))]


def expanded_features(terms: list[str]) -> set[str]:
    """Features of the terms that mean the same as a part of the query and are not in it."""
    found: set[str] = set()
    for place in range(len(terms)):
        for length in range(1, min(_LONGEST_EQUIVALENT, len(terms) - place) + 1):
            for other in _OTHERS.get(tuple(terms[place : place + length]), ()):
                found.update(word_features(list(other)))
                if place:
                    found.add(f"{terms[place - 1]} {other[0]}")
                if place + length < len(terms):
                    found.add(f"{other[-1]} {terms[place + length]}")
    return found.difference(word_features(terms))


def canonical_terms(terms: list[str]) -> list[str]:
    """The terms with each equivalent replaced by the first of its group, so that equal meanings compare equal."""
    return [part for _, parts in canonical_runs(terms) for part in parts]


def canonical_runs(terms: list[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Runs of the terms in order: (how many terms the run takes, what stands for it)."""
    runs: list[tuple[int, tuple[str, ...]]] = []
    place = 0
    while place < len(terms):
        for length in range(min(_LONGEST_EQUIVALENT, len(terms) - place), 0, -1):
            chosen = _FIRST_OF_GROUP.get(tuple(terms[place : place + length]))
            if chosen:
                runs.append((length, chosen))
                break
        else:
            length = 1
            runs.append((1, (terms[place],)))
        place += length
    return runs


def character_grams(terms: list[str]) -> set[str]:
    """The distinct groups of GRAM_LENGTH characters of the joined terms, word boundaries as spaces."""
    line = f" {' '.join(terms)} "
    return {line[place : place + GRAM_LENGTH] for place in range(max(len(line) - GRAM_LENGTH + 1, 1))}
