"""Topic look-up over many invented titles: build, find, explain, recall of planted near-duplicates, storage.

Prints one JSON line per measurement, each with commit and machine. `python benchmarks/bench_lookup.py [--titles N]`.
The naive baseline scores every title with rapidfuzz in the same run, on the same queries.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
# One thread: the aim is stated for one.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from rapidfuzz import fuzz, process  # noqa: E402 - after the path and the thread setting

from khcn.domains.programme.rules.similarity import (  # noqa: E402
    Corpus,
    Topic,
    TopicEntry,
    TopicIndex,
    dump_index,
    load_index,
    look_up,
)
from khcn.domains.programme.tests.similarity.invented_titles import DISGUISES, disguise, invent_titles  # noqa: E402
from khcn.lib.text import fold  # noqa: E402
from measuring import percentiles  # noqa: E402 - found beside this file


class Query(NamedTuple):
    """A disguised title and the key of the topic it was made from."""

    disguise: str
    key: str
    title: str


def machine() -> dict[str, object]:
    """The commit measured and the machine it ran on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


def emit(name: str, **values: object) -> None:
    """Print one measurement as a JSON line."""
    print(json.dumps({"bench": f"lookup.{name}", **values, **machine()}, ensure_ascii=False), flush=True)


def timed(action: Callable[[Query], list], queries: list[Query]) -> tuple[list[float], list[list]]:
    """(seconds per query, answers)."""
    seconds, answers = [], []
    for query in queries:
        started = time.perf_counter()
        answers.append(action(query))
        seconds.append(time.perf_counter() - started)
    return seconds, answers


def measure_recall(queries: list[Query], answers: list[list]) -> None:
    """How often the planted topic is among the five and first, per disguise."""
    for kind in DISGUISES:
        ranks = []
        for query, hits in zip(queries, answers, strict=True):
            if query.disguise == kind:
                keys = [hit.entry.key for hit in hits]
                ranks.append(keys.index(query.key) + 1 if query.key in keys else 0)
        emit(
            "recall",
            disguise=kind,
            queries=len(ranks),
            recall_at_5=round(sum(map(bool, ranks)) / len(ranks), 3),
            recall_at_1=round(ranks.count(1) / len(ranks), 3),
        )


def measure_naive(titles: list[str], sample: list[Query], answers: list[list]) -> None:
    """The baseline: compare with every title."""
    folded = [fold(title) for title in titles]
    seconds, naive = timed(
        lambda query: process.extract(fold(query.title), folded, scorer=fuzz.token_sort_ratio, limit=5), sample
    )
    hits = sum(query.key in {str(place) for _, _, place in found} for query, found in zip(sample, naive, strict=True))
    ours = sum(query.key in {hit.entry.key for hit in found} for query, found in zip(sample, answers, strict=True))
    emit(
        "naive_rapidfuzz",
        scorer="token_sort_ratio over folded titles",
        queries=len(sample),
        recall_at_5=round(hits / len(sample), 3),
        recall_at_5_of_index_on_the_same=round(ours / len(sample), 3),
        **percentiles(seconds),
    )


def measure_growth(index: TopicIndex) -> None:
    """Add one topic and find it at once."""
    seconds = []
    for number in range(200):
        started = time.perf_counter()
        index.add(TopicEntry(f"new:{number}", Corpus.PROPOSAL, f"Robot hái sầu riêng số {number}"))
        index.find("robot hai sau rieng")
        seconds.append(time.perf_counter() - started)
    emit("add_then_find", titles=len(index), **percentiles(seconds))


def measure_storage(index: TopicIndex) -> None:
    """Bytes, time to write and read them, and the memory the index holds."""
    started = time.perf_counter()
    content = dump_index(index)
    dumped = time.perf_counter()
    load_index(content)
    loaded = time.perf_counter()
    tracemalloc.start()
    held = load_index(content)
    emit(
        "storage",
        titles=len(held),
        file_megabytes=round(len(content) / 1e6, 1),
        dump_seconds=round(dumped - started, 2),
        load_seconds=round(loaded - dumped, 2),
        memory_megabytes=round(tracemalloc.get_traced_memory()[0] / 1e6, 1),
    )


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100, help="queries per disguise")
    parser.add_argument("--naive", type=int, default=24, help="queries for the naive baseline")
    options = parser.parse_args()

    parts = invent_titles(options.titles)
    titles = [topic.title for topic in parts]
    corpora = list(Corpus)
    entries = [TopicEntry(str(number), corpora[number % 3], title) for number, title in enumerate(titles)]
    dice = random.Random(2)
    queries = [
        Query(kind, str(number), disguise(parts[number], kind, dice))
        for kind in DISGUISES
        for number in dice.sample(range(len(parts)), min(options.queries, len(parts)))
    ]
    dice.shuffle(queries)

    started = time.perf_counter()
    index = TopicIndex(entries)
    index.find("cây")
    emit("build", titles=len(index), seconds=round(time.perf_counter() - started, 2))
    seconds, answers = timed(lambda query: index.find(query.title), queries)
    emit("find", titles=len(index), queries=len(queries), aim_ms=50, **percentiles(seconds))
    measure_recall(queries, answers)
    seconds, _ = timed(lambda query: list(look_up(index, Topic(query.title)).hits), queries[:300])
    emit("find_and_explain", titles=len(index), queries=len(seconds), aim_ms=50, **percentiles(seconds))
    measure_naive(titles, queries[: options.naive], answers[: options.naive])
    measure_growth(index)
    measure_storage(index)


if __name__ == "__main__":
    main()
