"""Topic look-up: the five most similar topics and which part of each differs. Finds and explains; judges nothing."""

from khcn.domains.programme.rules.similarity.comparison import (
    Comparison,
    FacetComparison,
    Outcome,
    Relation,
    Span,
    Topic,
    compare_topics,
)
from khcn.domains.programme.rules.similarity.entries import Corpus, TopicEntry
from khcn.domains.programme.rules.similarity.facets import Facet, Facets, extract_facets
from khcn.domains.programme.rules.similarity.index import TopicIndex
from khcn.domains.programme.rules.similarity.look_up import CAVEAT, Hit, LookUp, look_up
from khcn.domains.programme.rules.similarity.storage import DamagedIndex, dump_index, load_index

__all__ = [
    "CAVEAT",
    "Comparison",
    "Corpus",
    "DamagedIndex",
    "Facet",
    "FacetComparison",
    "Facets",
    "Hit",
    "LookUp",
    "Outcome",
    "Relation",
    "Span",
    "Topic",
    "TopicEntry",
    "TopicIndex",
    "compare_topics",
    "dump_index",
    "extract_facets",
    "load_index",
    "look_up",
]
