"""Acts that share a commit: each stands or falls alone, none is answered before the commit, all fall with it."""

import threading
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, OperationalError, connections, transaction
from django.utils import translation

from khcn.web import shared_commits
from khcn.web.shared_commits import commit_together
from khcn.web.tests.grouping import Groups

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
ACTS = 6
LOCK = 0x54455354


@pytest.fixture
def groups(monkeypatch):
    return Groups(monkeypatch)


@pytest.fixture
def failing_commits(monkeypatch):
    """A list; while it holds something, commits fail."""
    failing, kind = [], type(connections["default"])
    sound = kind._commit

    def commit(self):
        if failing:
            raise OperationalError("disk full")
        sound(self)

    monkeypatch.setattr(kind, "_commit", commit)
    yield failing
    failing.clear()


def named(name, *, fails=None, then=None):
    def act():
        row = Group.objects.create(name=name)
        if then:
            then()
        if fails:
            raise fails
        return row.name

    return partial(commit_together, act, lock=LOCK)


def names():
    return set(Group.objects.values_list("name", flat=True))


def test_acts_that_wait_share_one_commit_and_one_that_fails_stands_alone(groups):
    acts = [named(str(number)) for number in range(ACTS)]
    acts[2] = named("fails", fails=ValueError())
    acts[4] = named("0")  # is taken by then

    told = groups.run(acts)

    assert groups.sizes == [1, ACTS - 1]
    assert [one if isinstance(one, str) else type(one) for one in told] == [
        "0",
        "1",
        ValueError,
        "3",
        IntegrityError,
        "5",
    ]
    assert names() == {"0", "1", "3", "5"}


def test_nobody_is_answered_before_the_commit(groups, monkeypatch):
    answered, seen, kind = [], [], type(connections["default"])
    commit = kind._commit

    def watched(self):
        seen.append(list(answered))
        commit(self)

    monkeypatch.setattr(kind, "_commit", watched)

    def act(number):
        named(str(number))()
        answered.append(number)

    groups.run([partial(act, number) for number in range(4)])

    assert len(seen) == 2
    assert set(seen[1]) <= {0}
    assert sorted(answered) == [0, 1, 2, 3]


def test_commit_that_fails_is_told_to_everybody_who_shares_it(groups, failing_commits):
    acts = [named(str(number)) for number in range(3)]
    acts.append(named("last", then=lambda: failing_commits.append(1)))
    acts.append(named("1"))  # was refused for what the commit then did not keep

    told = groups.run(acts)

    assert told[0] == "0"
    assert [type(one) for one in told[1:]] == [OperationalError] * 4
    failing_commits.clear()
    assert names() == {"0"}


def test_act_inside_a_transaction_falls_with_it():
    def whole():
        with transaction.atomic():
            named("inside")()
            raise ValueError("after it")

    with pytest.raises(ValueError, match="after it"):
        whole()

    assert not names()


def test_what_an_act_wants_after_the_commit_is_done_on_its_own_thread_and_fails_for_it_alone(groups):
    threads = {}

    def act(name, fails=None):
        def then():
            threads[name] = threading.get_ident()
            if fails:
                raise fails

        threads[f"{name} asked"] = threading.get_ident()
        return named(name, then=lambda: transaction.on_commit(then))()

    told = groups.run([partial(act, "0"), partial(act, "1"), partial(act, "2", ValueError()), partial(act, "3")])

    assert [str(one) if isinstance(one, str) else type(one) for one in told] == ["0", "1", ValueError, "3"]
    assert all(threads[str(n)] == threads[f"{n} asked"] for n in range(4))
    assert names() == {"0", "1", "2", "3"}


def test_what_a_failed_act_wanted_after_the_commit_is_not_done(groups):
    done = []
    failing = named("1", fails=ValueError(), then=lambda: transaction.on_commit(lambda: done.append(1)))

    groups.run([named("0"), failing, named("2", then=lambda: transaction.on_commit(lambda: done.append(2)))])

    assert done == [2]


def test_act_speaks_the_language_of_whoever_brought_it(groups):
    def act(language):
        with translation.override(language):
            return commit_together(translation.get_language, lock=LOCK)

    told = groups.run([partial(act, one) for one in ("vi", "en", "vi", "en")])

    assert groups.sizes == [1, 3]
    assert told == ["vi", "en", "vi", "en"]


def test_one_group_after_another_leaves_room_for_other_processes_now_and_then(groups, monkeypatch):
    if connections["default"].vendor != "sqlite":
        pytest.skip("a server lets more than one write")
    pauses = []
    monkeypatch.setattr(shared_commits, "_UNBROKEN_SECONDS", -1.0)
    monkeypatch.setattr(shared_commits.time, "sleep", pauses.append)

    groups.run([partial(commit_together, lambda: None) for _ in range(3)])

    assert groups.sizes == [1, 2]
    assert pauses == [shared_commits._PAUSE_SECONDS] * 2
