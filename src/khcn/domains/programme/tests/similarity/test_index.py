"""Finding planted near-duplicates; growing, shrinking and storing the index."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn.domains.programme.rules.similarity import (
    CAVEAT,
    Corpus,
    DamagedIndex,
    Relation,
    Topic,
    TopicEntry,
    TopicIndex,
    dump_index,
    load_index,
    look_up,
)
from khcn.domains.programme.tests.similarity.invented_titles import DISGUISES, disguise, invent_titles

PARTS = invent_titles(3_000, seed=7)
ENTRIES = [TopicEntry(f"topic:{number}", list(Corpus)[number % 3], parts.title) for number, parts in enumerate(PARTS)]


@pytest.fixture(scope="module")
def index():
    return TopicIndex(ENTRIES)


@pytest.mark.parametrize("kind", DISGUISES)
def test_find_disguised_topic_is_among_five(index, kind):
    dice = random.Random(11)
    chosen = dice.sample(range(len(PARTS)), 40)

    found = [
        f"topic:{number}" in {hit.entry.key for hit in index.find(disguise(PARTS[number], kind, dice))}
        for number in chosen
    ]

    assert sum(found) >= 38


def test_find_same_title_is_first(index):
    for entry in ENTRIES[:50]:
        assert index.find(entry.title)[0].entry == entry


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("nuoi lon thit", "Nuôi heo thịt hữu cơ"),
        ("UD CNTT quan ly rung", "Công nghệ thông tin trong quản lý rừng"),
        ("kĩ thuật ghép cây", "Kỹ thuật ghép cây"),
        ("nôngnghiệp thông minh", "Nông nghiệp thông minh"),
        ("chuyển đổi số cấp xã", "Số hóa hồ sơ cấp xã"),
        ("nghien cuu xoia", "Nghiên cứu xoài"),
        ("hoà bình khoá học", "Hòa bình khóa học"),
        ("Ðồng cỏ", "Đồng cỏ"),
    ],
)
def test_find_other_spelling_is_found(asked, title):
    others = [TopicEntry(f"o{number}", Corpus.TASK, f"Khảo sát bệnh dại lần {number}") for number in range(20)]
    index = TopicIndex([*others, TopicEntry("wanted", Corpus.TASK, title)])

    assert index.find(asked)[0].entry.key == "wanted"


def test_find_extra_words_help_but_weigh_less():
    index = TopicIndex(
        [
            TopicEntry("named", Corpus.TASK, "Trồng sâm bố chính"),
            TopicEntry("told", Corpus.TASK, "Phát triển dược liệu", extra="mục tiêu: trồng sâm bố chính"),
            TopicEntry("other", Corpus.TASK, "Phát triển du lịch"),
        ]
    )

    assert [hit.entry.key for hit in index.find("sâm bố chính")] == ["named", "told"]
    assert index.find("dược liệu", extra="sâm bố chính")[0].entry.key == "told"


def test_find_corpora_and_own_key_are_respected(index):
    entry = ENTRIES[0]

    assert entry.key not in {hit.entry.key for hit in index.find(entry.title, without={entry.key})}
    for corpus in {found.corpus for found in ENTRIES}:
        hits = index.find(entry.title, corpora=[corpus])
        assert len(hits) == 5
        assert {hit.entry.corpus for hit in hits} == {corpus}


@pytest.mark.parametrize("asked", ["", "   ", "?!", "xyzzy qwerty"])
def test_find_nothing_in_common_is_empty(index, asked):
    assert index.find(asked) == []
    assert TopicIndex().find("cây điều") == []


def test_find_is_the_same_every_time(index):
    again = TopicIndex(reversed(ENTRIES))

    for entry in ENTRIES[:30]:
        assert index.find(entry.title) == again.find(entry.title)


def test_add_same_key_replaces():
    index = TopicIndex(ENTRIES[:100])
    index.find("cây")

    index.add(replace(ENTRIES[0], title="Robot hái sầu riêng", corpus=Corpus.RESULT))

    assert len(index) == 100
    assert index.find("robot hai sau rieng")[0].entry.key == ENTRIES[0].key
    assert ENTRIES[0].title not in {hit.entry.title for hit in index.find(ENTRIES[0].title)}
    assert sum(index.counts().values()) == 100


def test_remove_unknown_key_is_false():
    index = TopicIndex(ENTRIES[:3])

    assert index.remove(ENTRIES[1].key)
    assert not index.remove(ENTRIES[1].key)
    assert ENTRIES[1].key not in index
    assert ENTRIES[0].key in index
    assert {entry.key for entry in index.entries()} == {ENTRIES[0].key, ENTRIES[2].key}


steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "find"]), st.integers(0, 60), st.integers(0, 200)), max_size=60
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_index_grown_step_by_step_ranks_as_one_built_at_once(changes):
    grown = TopicIndex()
    kept = {}
    for verb, key, number in changes:
        if verb == "add":
            kept[f"k{key}"] = replace(ENTRIES[number], key=f"k{key}")
            grown.add(kept[f"k{key}"])
        elif verb == "remove":
            assert grown.remove(f"k{key}") == (kept.pop(f"k{key}", None) is not None)
        else:
            grown.find(ENTRIES[number].title)

    built = TopicIndex(kept.values())

    assert len(grown) == len(built) == len(kept)
    assert grown.counts() == built.counts()
    for number in (0, 50, 150):
        found = grown.find(ENTRIES[number].title)
        expected = built.find(ENTRIES[number].title)
        assert [hit.strength for hit in found] == pytest.approx([hit.strength for hit in expected])
        assert _clear_places(found) == _clear_places(expected)


def test_find_words_of_removed_topics_split_no_joined_word():
    kept = [TopicEntry("kept", Corpus.TASK, "Thông tin thị trường"), TopicEntry("other", Corpus.TASK, "Nuôi ong")]
    grown = TopicIndex([*kept, TopicEntry("gone", Corpus.TASK, "Nghiên cứu")])
    grown.find("cây")
    grown.remove("gone")

    assert grown.find("nghienthong") == TopicIndex(kept).find("nghienthong") == []


def test_find_further_words_of_removed_topics_take_no_place():
    kept = [TopicEntry("kept", Corpus.TASK, "Nuôi ong", extra="mật hoa"), TopicEntry("other", Corpus.TASK, "Cây điều")]
    gone = [TopicEntry(f"gone{number}", Corpus.TASK, "Nuôi cá", extra=f"a{number}a") for number in range(60)]
    grown = TopicIndex([*kept, *gone])
    grown.find("cây")
    for entry in gone:
        grown.remove(entry.key)
    asked = " ".join(["mật hoa", *(f"a{number}a" for number in range(60))])

    found = grown.find("cây", extra=asked)

    assert found == TopicIndex(kept).find("cây", extra=asked)
    assert {hit.entry.key for hit in found} == {"kept", "other"}


def _clear_places(hits):
    """Place → entry where no neighbour is as strong up to rounding; the last place may hide an equal beyond it."""
    strengths = [round(hit.strength, 6) for hit in hits]
    return {place: hit.entry for place, hit in enumerate(hits[:-1]) if strengths.count(strengths[place]) == 1}


def test_dump_and_load_rank_alike_and_go_on():
    index = TopicIndex(ENTRIES[:500])
    index.find("cây")
    index.remove(ENTRIES[3].key)
    index.add(TopicEntry("new", Corpus.PROPOSAL, "Robot hái sầu riêng", extra="nông nghiệp", place="Bù Đốp", year=2026))

    stored = load_index(dump_index(index))

    assert sorted(stored.entries(), key=lambda entry: entry.key) == sorted(index.entries(), key=lambda entry: entry.key)
    for entry in ENTRIES[:20]:
        assert stored.find(entry.title) == index.find(entry.title)
    stored.add(ENTRIES[3])
    assert stored.find(ENTRIES[3].title)[0].entry == ENTRIES[3]
    assert dump_index(load_index(dump_index(TopicIndex()))) == dump_index(TopicIndex())


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: b"x" + content, lambda _: b""])
def test_load_damaged_bytes_is_refused(spoil):
    with pytest.raises(DamagedIndex, match="lập lại chỉ mục"):
        load_index(spoil(dump_index(TopicIndex(ENTRIES[:5]))))


def test_load_changed_byte_is_refused():
    content = bytearray(dump_index(TopicIndex(ENTRIES[:5])))
    content[len(content) // 2] ^= 1

    with pytest.raises(DamagedIndex):
        load_index(bytes(content))


def test_look_up_explains_each_of_five_hits(index):
    moved = replace(PARTS[1], place="tại tỉnh Sóc Trăng").title

    outcome = look_up(index, Topic(moved), corpora=[Corpus.TASK, Corpus.RESULT])

    assert outcome.caveat == CAVEAT
    assert "không phải là bằng chứng" in outcome.caveat
    assert outcome.searched == {Corpus.TASK: 1000, Corpus.RESULT: 1000}
    assert [hit.rank for hit in outcome.hits] == [1, 2, 3, 4, 5]
    assert outcome.hits[0].entry.key == "topic:1"
    assert all(len(hit.comparison.facets) == 4 for hit in outcome.hits)


def test_look_up_exact_copy_is_suspected_duplicate(index):
    outcome = look_up(index, Topic(ENTRIES[9].title))

    assert outcome.hits[0].comparison.relation is Relation.SUSPECTED_DUPLICATE


def test_index_threads_change_and_find_at_once():
    index = TopicIndex(ENTRIES[:300])
    wanted = TopicEntry("wanted", Corpus.TASK, "Robot hái sầu riêng")

    def change(number: int) -> list[str]:
        index.add(replace(ENTRIES[300 + number], key=f"new:{number}"))
        index.remove(ENTRIES[number].key)
        return [hit.entry.key for hit in index.find(wanted.title)][:1]

    index.add(wanted)
    with ThreadPoolExecutor(4) as pool:
        firsts = list(pool.map(change, range(200)))

    assert firsts == [["wanted"]] * 200
    assert len(index) == 301
