"""Which rule set governs a file, by the transition policy of the sets themselves."""

from datetime import date

from khcn.domains.programme.choices import PinningPolicy, Regime, TaskLevel
from khcn.domains.programme.models import RuleSet
from khcn.domains.programme.rules.rule_sets import NoRuleSet, RuleBook
from khcn.domains.programme.rules.rule_sets import RuleSet as RuleSetValue
from khcn.lib.failure import Refused

BEGINNING = date(1900, 1, 1)


def governing_rule_set(*, level: str, filed_on: date, today: date, approved_on: date | None = None) -> RuleSet:
    """The set for a file of `level` filed on a day, perhaps approved, as seen today.

    A file filed before the first known set follows the first one. Raises Refused when no set is loaded.
    """
    rows = {row.code: row for row in RuleSet.objects.all()}
    if not rows:
        raise Refused("Chưa nạp bộ quy tắc nào. Chạy `./khcn manage load_reference`.")
    book = RuleBook(rule_sets=tuple(_as_value(row) for row in rows.values()), parameters=())
    earliest = min(row.valid_from or BEGINNING for row in rows.values())
    try:
        found = book.pinned(level, filed_on=max(filed_on, earliest), approved_on=approved_on, today=today)
    except NoRuleSet as missing:
        raise Refused(missing.message) from missing
    return rows[found.code]


def _as_value(row: RuleSet) -> RuleSetValue:
    return RuleSetValue(
        code=row.code,
        title=row.title,
        regime=Regime(row.regime),
        levels=frozenset(TaskLevel(level) for level in row.levels) or frozenset(TaskLevel),
        valid_from=row.valid_from or BEGINNING,
        valid_to=row.valid_to,
        pinning_policy=PinningPolicy(row.pinning),
    )
