"""Which letter groups are Vietnamese syllables: a spelling test used to recognise encodings, not a dictionary."""

from __future__ import annotations

import re
import unicodedata

_TONES = dict.fromkeys(map(ord, "\u0300\u0309\u0303\u0301\u0323"))
_WORD = re.compile(r"[^\W\d_]+")

_INITIAL = "ngh|ng|nh|n|gh|gi|g|ch|c|kh|k|ph|p|th|tr|t|b|d|đ|h|l|m|r|s|v|x"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu ếc êng
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyt
uyu uyn uyp ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu
"""
_AFTER_Q = """
ua uac uach uai uam uan uang uanh uao uat uau uay uăc uăm uăn uăng uăt uân uâng uât uây ue uen ueo uet uê uên uênh uêt
uêu ui uich uin uinh uit uiu uơ uôc uy uych uyên uyêt uynh uyt uyu
"""
_SYLLABLE = re.compile(
    "(?:"
    + _INITIAL
    + ")?(?:"
    + "|".join(_RHYMES.split())
    + ")|q(?:"
    + "|".join(_AFTER_Q.split())
    + ")|gi[mnp]?|gi(?:êc|êng|ên|êt)"
)


def is_syllable(word: str) -> bool:
    """True when the word is spelled as one Vietnamese syllable, tone included ("khoá", "Quỳnh", not "blog").

    A syllable that ends in c, ch, p or t must carry sắc or nặng.
    """
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if ord(mark) in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", marks.translate(_TONES))
    if not _SYLLABLE.fullmatch(bare):
        return False
    return not bare.endswith(("c", "ch", "p", "t")) or (bool(tones) and tones[0] in "\u0301\u0323")


def syllable_share(text: str) -> float:
    """The share, 0 to 1, of the text's words that are Vietnamese syllables; 1.0 when it has no word."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    if not words:
        return 1.0
    return sum(map(is_syllable, words)) / len(words)
