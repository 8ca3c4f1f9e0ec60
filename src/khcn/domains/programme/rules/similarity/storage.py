"""The index as bytes, and back: a checked archive of arrays, never pickled objects; reads and writes no file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import astuple
from typing import Final

import numpy as np
import numpy.typing as npt

from khcn.domains.programme.rules.similarity.entries import Corpus, TopicEntry
from khcn.domains.programme.rules.similarity.index import TopicIndex
from khcn.domains.programme.rules.similarity.segments import Postings, Segment, corpus_codes
from khcn.lib.failure import Failure

# Raise the number when terms, weights or the layout change: an older archive is then refused and built anew.
_MAGIC: Final = b"KHCN topic index 1\n"
_DIGEST_SIZE: Final = 32
_CORPORA: Final = {corpus.value: corpus for corpus in Corpus}


class DamagedIndex(Failure):
    """The bytes are no index of this version, or were changed; build the index anew."""

    code = "damaged_index"
    default = "Tệp chỉ mục tra cứu bị hỏng hoặc thuộc phiên bản khác; cần lập lại chỉ mục."


def dump_index(index: TopicIndex) -> bytes:
    """The whole index as bytes: a mark with the version, the SHA-256 of the rest, arrays and texts."""
    features, segment = index.as_segment()
    buffer = io.BytesIO()
    np.savez(
        buffer,
        features=_text(features),
        entries=_text([astuple(entry) for entry in segment.entries]),
        factors=segment.factors,
        extra_factors=segment.extra_factors,
        title_terms=segment.title_words.terms,
        title_starts=segment.title_words.starts,
        title_rows=segment.title_words.rows,
        extra_terms=segment.extra_words.terms,
        extra_starts=segment.extra_words.starts,
        extra_rows=segment.extra_words.rows,
    )
    content = buffer.getvalue()
    return _MAGIC + hashlib.sha256(content).digest() + content


def load_index(content: bytes) -> TopicIndex:
    """The index that dump_index wrote. Raises DamagedIndex."""
    head = len(_MAGIC) + _DIGEST_SIZE
    if not content.startswith(_MAGIC) or hashlib.sha256(content[head:]).digest() != content[len(_MAGIC) : head]:
        raise DamagedIndex
    try:
        with np.load(io.BytesIO(content[head:]), allow_pickle=False) as stored:
            entries = [_entry(row) for row in json.loads(stored["entries"].tobytes())]
            segment = Segment(
                entries,
                np.ones(len(entries), dtype=bool),
                corpus_codes(entries),
                stored["factors"],
                stored["extra_factors"],
                Postings(stored["title_terms"], stored["title_starts"], stored["title_rows"]),
                Postings(stored["extra_terms"], stored["extra_starts"], stored["extra_rows"]),
            )
            return TopicIndex.of_segment(json.loads(stored["features"].tobytes()), segment)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise DamagedIndex from error


def _text(value: object) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode("utf-8"), dtype=np.uint8)


def _entry(row: tuple[str, str, str, str, str, int | None]) -> TopicEntry:
    key, corpus, title, extra, place, year = row
    return TopicEntry(key, _CORPORA[corpus], title, extra, place, year)
