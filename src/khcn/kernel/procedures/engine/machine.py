"""Token semantics: what becomes of the tokens of a case when a step is reached, completed, returned or cancelled.

Pure and fast: a machine holds a few tokens and a graph. It does not evaluate conditions (it asks `holds`), know time,
or run system steps (it reports that one was entered). A join waits while any live token outside it could still reach
one of its empty incoming flows, so a branch that was not taken never blocks a case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.engine.definition import WAITING_KINDS, Definition, Flow, Step
from khcn.lib.failure import Refused

#: Steps that one act may pass without anybody waiting; more is a loop that never waits.
MOVES_LIMIT = 2000


class NoWayOn(Refused):
    """No branch of a decision holds and it has no default."""

    code = "no_way_on"


class EndlessLoop(Refused):
    """The procedure turns in a circle in which nothing waits."""

    code = "endless_loop"


@dataclass(frozen=True, slots=True)
class Token:
    """Where a case stands. waiting: at a join, having come by flow `via`. scope/host: ids of other tokens."""

    id: int
    step: str
    via: str = ""
    scope: int | None = None
    host: int | None = None
    race: int | None = None

    @property
    def waits_at_join(self) -> bool:
        """True for a token that waits for its sister branches."""
        return bool(self.via)


@dataclass(frozen=True, slots=True)
class Entered:
    """A token came to rest at a step (or at a join)."""

    token: Token


@dataclass(frozen=True, slots=True)
class Left:
    """A token is no more: its step is done."""

    token: Token


@dataclass(frozen=True, slots=True)
class Dropped:
    """A token is no more: its step was cancelled by a boundary, a race, a terminating end or a return."""

    token: Token


@dataclass(frozen=True, slots=True)
class Passed:
    """A token went through a step at which nothing waits (gateway, start, end)."""

    step: str
    scope: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """No token is left: the case has ended, at the end step named last."""

    at: str


Change = Entered | Left | Dropped | Passed | Finished


class Graph:
    """A definition prepared for walking; built once per version and shared."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps: dict[str, Step] = {step.key: step for step in definition.steps}
        self.flows: dict[str, Flow] = {flow.key: flow for flow in definition.flows}
        self.leaving: dict[str, list[Flow]] = defaultdict(list)
        self.arriving: dict[str, list[Flow]] = defaultdict(list)
        for flow in definition.flows:
            self.leaving[flow.source].append(flow)
            self.arriving[flow.target].append(flow)
        self.boundaries: dict[str, list[Step]] = defaultdict(list)
        for step in definition.steps:
            if step.host:
                self.boundaries[step.host].append(step)
        self._reach: dict[tuple[str, str], frozenset[str]] = {}

    def starts(self, scope: str = "") -> list[Step]:
        """The start steps of the procedure, or of one of its sub-processes."""
        return [step for step in self.definition.steps if step.kind is StepKind.START and step.scope == scope]

    def reaches(self, source: str, join: str) -> frozenset[str]:
        """Keys of the join's incoming flows that a token resting at `source` may still arrive on without passing it."""
        found = self._reach.get((source, join))
        if found is None:
            seen, frontier, flows = {source}, [source], set()
            while frontier:
                at = frontier.pop()
                onward = list(self.leaving[at])
                for boundary in self.boundaries[at]:
                    onward += self.leaving[boundary.key]
                for flow in onward:
                    if flow.target == join:
                        flows.add(flow.key)
                    elif flow.target not in seen:
                        seen.add(flow.target)
                        frontier.append(flow.target)
            found = self._reach[source, join] = frozenset(flows)
        return found


class Machine:
    """The tokens of one case; new tokens get ids from -1 down. `holds(flow)` says whether a guarded flow may be taken.

    `arrive(step)` is called before a decision or other passing step is left, so that its table can be evaluated.
    """

    def __init__(
        self,
        graph: Graph,
        tokens: Iterable[Token] = (),
        *,
        holds: Callable[[Flow], bool],
        arrive: Callable[[Step], None] = lambda step: None,
    ) -> None:
        self.graph = graph
        self.tokens: dict[int, Token] = {token.id: token for token in tokens}
        self.changes: list[Change] = []
        self._holds = holds
        self._arrive = arrive
        self._next = -1
        self._races = max((token.race or 0 for token in self.tokens.values()), default=0)
        self._moves = 0
        self._last_end = ""
        self._underway: list[tuple[Flow, int | None]] = []

    def start(self) -> list[Change]:
        """Put a token on the procedure's start. Returns the changes, the last being Finished when all is done."""

        def act() -> None:
            for step in self.graph.starts():
                self._pass(step, None)

        return self._act(act)

    def complete(self, token_id: int) -> list[Change]:
        """The step at which the token rests is done; for a boundary or a race, it happened. Raises KeyError."""

        def act() -> None:
            token = self.tokens[token_id]
            if token.waits_at_join:
                raise KeyError(token_id)
            self._leave(token)
            step = self.graph.steps[token.step]
            if token.host is not None:
                if step.interrupting and token.host in self.tokens:
                    self._drop(self.tokens[token.host])
                elif token.host in self.tokens and step.kind is StepKind.MESSAGE:
                    self._rest(step, token.scope, host=token.host)  # a message may come again
            if token.race is not None:
                for other in [one for one in self.tokens.values() if one.race == token.race]:
                    self._drop(other)
            self._go_on(step, token.scope)

        return self._act(act)

    def send_back(self, token_id: int, target: str) -> list[Change]:
        """Return the case from a token's step to an earlier one of the same scope; the token is dropped."""

        def act() -> None:
            token = self.tokens[token_id]
            self._drop(token)
            self._enter(self.graph.steps[target], token.scope, None)

        return self._act(act)

    def adopt(self) -> list[Change]:
        """Give tokens of another version what their steps have here: boundaries, and joins that now open."""

        def act() -> None:
            for token in list(self.tokens.values()):
                if token.host is None and not token.waits_at_join:
                    watched = {one.step for one in self.tokens.values() if one.host == token.id}
                    for boundary in self.graph.boundaries[token.step]:
                        if boundary.key not in watched:
                            self._rest(boundary, token.scope, host=token.id)

        return self._act(act)

    def drop_all(self) -> list[Change]:
        """Cancel whatever is live."""
        self.changes = []
        for token in list(self.tokens.values()):
            self._drop(token)
        return self.changes

    # -- moves

    def _act(self, act: Callable[[], object]) -> list[Change]:
        self.changes, self._moves = [], 0
        act()
        self._settle()
        if not self.tokens:
            self.changes.append(Finished(self._last_end))
        return self.changes

    def _count(self) -> None:
        self._moves += 1
        if self._moves > MOVES_LIMIT:
            raise EndlessLoop("Quy trình quay vòng mà không có bước nào chờ; sửa các nhánh rẽ để vòng có điểm dừng.")

    def _new(self, step: Step, scope: int | None, **more: object) -> Token:
        token = Token(self._next, step.key, scope=scope, **more)  # type: ignore[arg-type]
        self._next -= 1
        self.tokens[token.id] = token
        self.changes.append(Entered(token))
        return token

    def _enter(self, step: Step, scope: int | None, flow: Flow | None) -> None:
        self._count()
        if step.kind in WAITING_KINDS:
            self._rest(step, scope)
        elif step.kind in (StepKind.FORK, StepKind.JOIN) and flow and len(self.graph.arriving[step.key]) > 1:
            self._new(step, scope, via=flow.key)
        elif step.kind is StepKind.FIRST:
            self.changes.append(Passed(step.key, scope))
            self._races += 1
            race = self._races
            for onward in self.graph.leaving[step.key]:
                self._rest(self.graph.steps[onward.target], scope, race=race)
        else:
            self._pass(step, scope)

    def _rest(self, step: Step, scope: int | None, *, host: int | None = None, race: int | None = None) -> None:
        token = self._new(step, scope, host=host, race=race)
        for boundary in self.graph.boundaries[step.key]:
            self._rest(boundary, scope, host=token.id)
        if step.kind is StepKind.SUBPROCESS:
            for start in self.graph.starts(step.key):
                self._pass(start, token.id)

    def _pass(self, step: Step, scope: int | None) -> None:
        self._arrive(step)
        self.changes.append(Passed(step.key, scope))
        if step.message and self._throw(step, scope):
            return
        if step.kind is StepKind.TERMINATE:
            self._last_end = step.key
            self._underway = [(flow, inside) for flow, inside in self._underway if inside != scope]
            for token in [one for one in self.tokens.values() if one.scope == scope]:
                if token.id in self.tokens:
                    self._drop(token)
            return
        self._go_on(step, scope)

    def _throw(self, step: Step, scope: int | None) -> bool:
        """Let the nearest boundary around a throwing step go on; True when that ended what the step stands in."""
        caught = self._catching(scope, step.message)
        if caught is None or caught.host is None:
            return False
        catcher = self.graph.steps[caught.step]
        ends = catcher.interrupting or step.kind is StepKind.TERMINATE
        self._leave(caught)
        if ends:
            self._last_end = step.key
            self._drop(self.tokens[caught.host])
        else:
            self._rest(catcher, caught.scope, host=caught.host)
        self._go_on(catcher, caught.scope)
        return ends

    def _catching(self, scope: int | None, message: str) -> Token | None:
        """The boundary, of the sub-processes around from the inside out, that waits for the message or its kind."""
        wanted = {message, message.partition(":")[0] + ":"}
        while scope is not None:
            for one in self.tokens.values():
                if one.host == scope and self.graph.steps[one.step].message in wanted:
                    return one
            scope = self.tokens[scope].scope
        return None

    def _go_on(self, step: Step, scope: int | None) -> None:
        """Send tokens out of a step: one way from a decision, every way that holds from anything else."""
        ways = self.graph.leaving[step.key]
        if not ways:
            if step.kind in (StepKind.END, StepKind.TERMINATE) or not self._last_end:
                self._last_end = step.key
            return
        guarded = [way for way in ways if not way.default]
        chosen = []
        for way in guarded:
            if not way.guard or self._holds(way):
                chosen.append(way)
                if step.kind is StepKind.DECISION:
                    break
        if not chosen:
            chosen = [way for way in ways if way.default][:1]
        if not chosen:
            raise NoWayOn(
                f"Tại “{step.name or step.key}” không nhánh nào đúng điều kiện và không có nhánh mặc định. "
                "Kiểm tra dữ liệu đã nhập hoặc báo người quản lý quy trình."
            )
        self._underway += [(way, scope) for way in chosen]

    # -- joins and scopes

    def _settle(self) -> None:
        """Let what is under way arrive; open joins that nothing more can reach; close sub-processes without tokens."""
        while True:
            self._count()
            while self._underway:
                flow, scope = self._underway.pop(0)
                if scope is None or scope in self.tokens:
                    self._enter(self.graph.steps[flow.target], scope, flow)
            if not (self._open_a_join() or self._close_a_scope()):
                return

    def _open_a_join(self) -> bool:
        waiting: dict[tuple[str, int | None], dict[str, list[Token]]] = defaultdict(lambda: defaultdict(list))
        for token in self.tokens.values():
            if token.waits_at_join:
                waiting[token.step, token.scope][token.via].append(token)
        for (join, scope), by_flow in waiting.items():
            missing = {flow.key for flow in self.graph.arriving[join]} - by_flow.keys()
            if missing and any(
                missing & self.graph.reaches(token.step, join)
                for token in self.tokens.values()
                if token.scope == scope and token.host is None and not (token.waits_at_join and token.step == join)
            ):
                continue
            return self._open(join, scope, by_flow)
        for (join, scope), by_flow in waiting.items():  # joins that wait for one another would wait for ever
            if all(token.waits_at_join for token in self.tokens.values() if token.scope == scope):
                return self._open(join, scope, by_flow)
        return False

    def _open(self, join: str, scope: int | None, by_flow: dict[str, list[Token]]) -> bool:
        for tokens in by_flow.values():
            self._leave(tokens[0])
        self._pass(self.graph.steps[join], scope)
        return True

    def _close_a_scope(self) -> bool:
        alive = {token.scope for token in self.tokens.values()}
        for token in list(self.tokens.values()):
            if self.graph.steps[token.step].kind is StepKind.SUBPROCESS and token.id not in alive:
                self._leave(token)
                self._go_on(self.graph.steps[token.step], token.scope)
                return True
        return False

    def _leave(self, token: Token) -> None:
        """Take a token whose step is done; what watched its boundary goes with it."""
        del self.tokens[token.id]
        self.changes.append(Left(token))
        self._drop_dependants(token)

    def _drop(self, token: Token) -> None:
        del self.tokens[token.id]
        self.changes.append(Dropped(token))
        self._drop_dependants(token)

    def _drop_dependants(self, token: Token) -> None:
        for other in [one for one in self.tokens.values() if token.id in (one.host, one.scope)]:
            if other.id in self.tokens:
                self._drop(other)
