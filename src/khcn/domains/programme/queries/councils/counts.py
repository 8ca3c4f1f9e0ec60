"""Turns opened ballots into results by the pinned rules, with traces; pure given what it closes over."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from khcn.domains.programme.choices import CouncilKind, CriteriaKind, Grade
from khcn.domains.programme.queries.councils.sheets import lines_of
from khcn.domains.programme.rules.councils import AcceptanceThresholds, Place, ScoreCount, derived_level
from khcn.domains.programme.rules.councils.selection import CONTENT_CRITERION
from khcn.domains.programme.rules.rule_trace import run
from khcn.kernel.procedures.models import Council

Ballots = list[dict[str, Any]]
Count = Callable[[Ballots, dict[str, Any]], dict[str, Any]]


def counter(council: Council, values: Mapping[str, Any]) -> Count:
    """The count of the council's kind under its pinned parameters, as the kernel calls it per subject."""
    kind = CouncilKind(council.kind)
    rule = {
        CouncilKind.IDENTIFICATION: _identification,
        CouncilKind.SELECTION: _selection,
        CouncilKind.ACCEPTANCE: _acceptance,
        CouncilKind.CHANGE: _advice,
    }[kind]
    chosen = {key: value for key, value in values.items() if key.startswith(f"{kind}.")}
    return lambda ballots, facts: rule(council.rule_set, chosen, ballots, facts)


def comparer(council: Council) -> Callable[[dict[str, dict[str, Any]]], dict[str, dict[str, Any]]] | None:
    """The ranking of a selection council over the results of all its dossiers; None for other kinds."""
    if council.kind != CouncilKind.SELECTION:
        return None

    def compare(results: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        contenders = [{"application": uid, **result["contender"]} for uid, result in results.items()]
        trace = run("selection.rank", parameters={}, inputs={"contenders": contenders}, rule_set=council.rule_set)
        places = {row["application"]: row for row in trace.outcome}
        ranked = {uid: {**result, "place": places[uid]} for uid, result in results.items()}
        first = next(iter(ranked.values()))
        first["trace"] = [*first["trace"], trace.as_json()]
        return ranked

    return compare


def score_count_of(result: Mapping[str, Any]) -> ScoreCount:
    """A stored selection result as the rule gave it."""
    count = result["count"]
    exact = lambda value: None if value is None else Fraction(value)  # noqa: E731
    return ScoreCount(
        mean_all=Fraction(count["mean_all"]), dropped=tuple(count["dropped"]), mean_score=exact(count["mean_score"]),
        bonus_applied=count["bonus_applied"], final_score=exact(count["final_score"]),
        criterion_means={name: Fraction(value) for name, value in count["criterion_means"].items()},
        criteria_with_excess_zeros=tuple(count["criteria_with_excess_zeros"]), is_candidate=count["is_candidate"],
    )  # fmt: skip


def place_of(result: Mapping[str, Any], application: str) -> Place:
    """A stored place; `application` names the record rather than the council's line."""
    place = result["place"]
    return Place(application, place["rank"], place["decided_by"])


def _identification(rule_set: str, values: Mapping[str, Any], ballots: Ballots, _: Mapping[str, Any]) -> dict[str, Any]:
    rows = [{"voter": row["voter"], "items": row["items"]} for row in ballots]
    trace = run("identification.count", parameters=values, inputs={"ballots": rows}, rule_set=rule_set)
    return {"count": trace.outcome, "trace": [trace.as_json()]}


def _selection(rule_set: str, values: Mapping[str, Any], ballots: Ballots, facts: Mapping[str, Any]) -> dict[str, Any]:
    kind = CriteriaKind(facts["criteria"])
    inputs = {
        "kind": kind,
        "ballots": [{"voter": row["voter"], "scores": row["scores"]} for row in ballots],
        "members_present": facts["members_present"],
        "host_is_proposer": facts["host_is_proposer"],
    }
    trace = run("selection.score", parameters=values, inputs=inputs, rule_set=rule_set)
    count = trace.outcome
    contender = {
        "final_score": count["final_score"],
        "is_candidate": count["is_candidate"],
        "state_vnd": facts["state_vnd"],
        "excellent_recently": facts["excellent_recently"],
        "content_mean": count["criterion_means"].get(CONTENT_CRITERION[kind], "0"),
    }
    return {"count": count, "contender": contender, "trace": [trace.as_json()]}


def _acceptance(rule_set: str, values: Mapping[str, Any], ballots: Ballots, facts: Mapping[str, Any]) -> dict[str, Any]:
    thresholds = AcceptanceThresholds.from_parameters(values)
    trace = _grade(rule_set, values, [row["stated"] for row in ballots], facts)
    traces, products = [trace.as_json()], {}
    for uid in sorted({line["product"] for row in ballots for line in row["lines"]}):
        lines = [line for row in ballots for line in lines_of(row) if line.product == uid]
        levels = [derived_level([line], Grade.PASS, thresholds) for line in lines]
        of_product = _grade(rule_set, values, levels, facts)
        shares = sorted(line.achieved_share for line in lines)
        products[uid] = {"grade": of_product.outcome["grade"], "achieved_share": str(shares[len(shares) // 2])}
        traces.append(of_product.as_json())
    return {"count": trace.outcome, "products": products, "trace": traces}


def _grade(rule_set: str, values: Mapping[str, Any], levels: list[Any], facts: Mapping[str, Any]) -> Any:
    inputs = {"levels": levels, "members_present": facts["members_present"]}
    return run("acceptance.count", parameters=values, inputs=inputs, rule_set=rule_set)


def _advice(rule_set: str, _: Mapping[str, Any], ballots: Ballots, facts: Mapping[str, Any]) -> dict[str, Any]:
    rows = [{"voter": row["voter"], "opinion": row["opinion"]} for row in ballots]
    trace = run("change.advice", parameters={}, inputs={"ballots": rows}, rule_set=rule_set)
    return {"count": trace.outcome, "trace": [trace.as_json()]}
