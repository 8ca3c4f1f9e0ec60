"""Token semantics over small drawings: what waits, what is dropped, when a case is finished."""

import pytest

from khcn.kernel.procedures.choices import StepKind as K
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.engine.machine import EndlessLoop, Finished, Graph, Machine, NoWayOn, Token


def drawing(steps: str, flows: str, **more) -> Graph:
    """steps: "a:human b:end"; flows: "a>b b>c?x b>d!" (? a guard, ! default). more: fields by step key."""
    made = []
    for word in steps.split():
        key, kind = word.split(":")
        made.append(Step(key, key, K(kind), **more.get(key, {})))
    ways = []
    for number, word in enumerate(flows.split()):
        source, rest = word.split(">")
        default = rest.endswith("!")
        target, _, guard = rest.rstrip("!").partition("?")
        ways.append(Flow(f"f{number}", source, target, guard, default))
    return Graph(Definition(tuple(made), tuple(ways)))


class Play:
    """A machine whose steps are completed by name."""

    def __init__(self, graph: Graph, *true: str) -> None:
        self.true = set(true)
        self.machine = Machine(graph, holds=lambda flow: flow.guard in self.true)
        self.changes = self.machine.start()

    @property
    def waiting(self) -> list[str]:
        return sorted(token.step for token in self.machine.tokens.values() if not token.waits_at_join)

    def do(self, step: str) -> list[str]:
        token = next(one for one in self.machine.tokens.values() if one.step == step and not one.waits_at_join)
        self.changes = self.machine.complete(token.id)
        return self.waiting

    @property
    def finished(self) -> bool:
        return isinstance(self.changes[-1], Finished)


def test_sequence_runs_to_its_end():
    play = Play(drawing("s:start a:human b:human e:end", "s>a a>b b>e"))

    assert play.waiting == ["a"]
    assert play.do("a") == ["b"]
    assert play.do("b") == []
    assert play.finished


def test_decision_takes_the_first_way_that_holds_and_else_the_default():
    graph = drawing("s:start d:decision a:human b:human c:human e:end", "s>d d>a?x d>b?y d>c! a>e b>e c>e")

    assert Play(graph, "x", "y").waiting == ["a"]
    assert Play(graph, "y").waiting == ["b"]
    assert Play(graph).waiting == ["c"]


def test_decision_without_a_way_refuses():
    with pytest.raises(NoWayOn):
        Play(drawing("s:start d:decision a:human e:end", "s>d d>a?x a>e"))


def test_join_waits_for_all_live_branches():
    play = Play(drawing("s:start f:fork a:human b:human j:join c:human e:end", "s>f f>a f>b a>j b>j j>c c>e"))

    assert play.do("b") == ["a"]
    assert play.do("a") == ["c"]
    assert play.do("c") == []
    assert play.finished


def test_join_does_not_wait_for_a_branch_that_left_by_another_way():
    play = Play(
        drawing(
            "s:start f:fork a:human d:decision b:human x:human j:join c:human e:end",
            "s>f f>a f>d d>b?in d>x! a>j b>j x>e j>c c>e",
        )
    )

    assert play.waiting == ["a", "x"]
    assert play.do("a") == ["c", "x"]


def test_inclusive_fork_takes_every_way_that_holds_and_its_join_waits_for_those_only():
    graph = drawing(
        "s:start f:fork a:human b:human c:human j:join z:human e:end", "s>f f>a?x f>b?y f>c! a>j b>j c>j j>z z>e"
    )

    play = Play(graph, "x", "y")

    assert play.waiting == ["a", "b"]
    assert play.do("a") == ["b"]
    assert play.do("b") == ["z"]
    assert Play(graph).waiting == ["c"]


def test_task_with_several_ways_out_forks():
    play = Play(drawing("s:start a:human b:human c:human e:end", "s>a a>b a>c b>e c>e"))

    assert play.do("a") == ["b", "c"]


def test_terminating_end_drops_the_other_branches():
    play = Play(drawing("s:start f:fork a:human b:human t:terminate e:end", "s>f f>a f>b a>t b>e"))

    assert play.do("a") == []
    assert play.finished


def test_first_event_cancels_its_rivals():
    play = Play(drawing("s:start g:first m:message t:timer a:human b:human e:end", "s>g g>m g>t m>a t>b a>e b>e"))

    assert play.waiting == ["m", "t"]
    assert play.do("t") == ["b"]


def test_interrupting_boundary_takes_the_host_away():
    graph = drawing("s:start a:human t:timer b:human e:end", "s>a a>e t>b b>e", t={"host": "a"})

    assert Play(graph).waiting == ["a", "t"]
    assert Play(graph).do("a") == []
    assert Play(graph).do("t") == ["b"]


def test_boundary_that_does_not_interrupt_leaves_the_host():
    graph = drawing("s:start a:human t:timer b:human e:end", "s>a a>e t>b b>e", t={"host": "a", "interrupting": False})

    play = Play(graph)

    assert play.do("t") == ["a", "b"]
    assert play.do("a") == ["b"]


def test_subprocess_ends_when_nothing_in_it_lives():
    inside = {key: {"scope": "p"} for key in ("s2", "f2", "x", "y", "e2", "e3")}
    graph = drawing(
        "s:start p:subprocess a:human e:end s2:start f2:fork x:human y:human e2:end e3:end",
        "s>p p>a a>e s2>f2 f2>x f2>y x>e2 y>e3", **inside,
    )  # fmt: skip
    play = Play(graph)

    assert play.waiting == ["p", "x", "y"]
    assert play.do("x") == ["p", "y"]
    assert play.do("y") == ["a"]


def test_subprocess_boundary_cancels_all_inside():
    more = {key: {"scope": "p"} for key in ("s2", "x", "e2")} | {"m": {"host": "p"}}
    graph = drawing(
        "s:start p:subprocess e:end s2:start x:human e2:end m:message b:human", "s>p p>e s2>x x>e2 m>b b>e", **more
    )

    assert Play(graph).do("m") == ["b"]


def test_return_goes_back_and_may_be_done_again():
    graph = drawing("s:start a:human b:human e:end", "s>a a>b b>e", b={"returns_to": ("a",)})
    play = Play(graph)
    play.do("a")

    play.machine.send_back(next(iter(play.machine.tokens)), "a")

    assert play.waiting == ["a"]
    assert play.do("a") == ["b"]


def test_circle_without_waiting_is_refused():
    graph = drawing("s:start d:decision c:decision e:end", "s>d d>c?x d>e! c>d?x c>e!")

    with pytest.raises(EndlessLoop):
        Play(graph, "x")


def test_joins_that_wait_for_one_another_open():
    graph = drawing("s:start f:fork j:join k:join d:decision a:human e:end", "s>f f>j f>k j>k k>d d>j?again d>a! a>e")

    assert Play(graph).waiting == ["a"]


def test_machine_continues_from_stored_tokens():
    graph = drawing("s:start f:fork a:human b:human j:join c:human e:end", "s>f f>a f>b a>j b>j j>c c>e")
    machine = Machine(graph, [Token(7, "a"), Token(9, "j", via="f4")], holds=lambda flow: False)

    machine.complete(7)

    assert [token.step for token in machine.tokens.values()] == ["c"]
