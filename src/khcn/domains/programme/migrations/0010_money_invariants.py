"""Puts the money invariants of the programme into the database itself: triggers on SQLite and PostgreSQL.

Allocated within the envelope of its source and year; the first advance within the cap pinned on the contract and every
advance within the year's money and the state budget; payments within a live contract; an approved estimate sums to the
state money of its task, keeps its lump total and is not changed afterwards. The caps come from rows: the share of the
first advance is a dated parameter, computed when the contract is signed and kept in `first_advance_cap_vnd`.
"""

from fractions import Fraction

from django.db import migrations

SIGNED = "CASE WHEN l.reverses_id IS NULL THEN l.amount_vnd ELSE -l.amount_vnd END"


def _sum(condition, source="programme_ledgerentry l"):
    return f"(SELECT COALESCE(SUM({SIGNED}), 0) FROM {source} WHERE {condition})"


_OF_TASK = "l.task_id = NEW.task_id"
_OF_YEAR = f"{_OF_TASK} AND l.source = NEW.source AND l.year = NEW.year"
_ADVANCED = _sum(f"{_OF_TASK} AND l.kind = 'advance'")
_PAID = _sum(f"{_OF_TASK} AND l.kind IN ('payment', 'clearance')")
_YEAR_IN = _sum(f"{_OF_YEAR} AND l.kind IN ('allocation', 'carry_over_in')")
_YEAR_OUT = _sum(f"{_OF_YEAR} AND l.kind IN ('advance', 'payment', 'carry_over_out')")
_PLAN = "(SELECT plan_id FROM programme_task WHERE id = NEW.task_id)"
_ALLOCATED = _sum(
    f"t.plan_id = {_PLAN} AND l.source = NEW.source AND l.year = NEW.year AND l.kind = 'allocation'",
    "programme_ledgerentry l JOIN programme_task t ON t.id = l.task_id",
)
_GRANTED = (
    f"(SELECT COALESCE(MAX(e.granted_vnd), 0) FROM programme_planenvelope e "
    f"WHERE e.plan_id = {_PLAN} AND e.source = NEW.source AND e.year = NEW.year)"
)
_LIVE = "EXISTS (SELECT 1 FROM programme_contract c WHERE c.task_id = NEW.task_id AND c.liquidated_on IS NULL)"
_CAP = "(SELECT c.first_advance_cap_vnd FROM programme_contract c WHERE c.task_id = NEW.task_id)"
_CONTRACT = "(SELECT COALESCE(MAX(c.state_vnd), 0) FROM programme_contract c WHERE c.task_id = NEW.task_id)"
_STATE = "(SELECT t.state_vnd FROM programme_task t WHERE t.id = NEW.task_id)"
_FIRST = "NEW.reverses_id IS NULL AND NEW.kind = 'advance'"
_SPENT = "NEW.reverses_id IS NULL AND NEW.kind IN ('payment', 'clearance')"

_LINES = (
    "(SELECT COALESCE(SUM(b.amount_vnd), 0) FROM programme_budgetline b "
    "WHERE b.budget_id = NEW.id AND b.source <> 'S4')"
)
_LUMP_NEW = "(SELECT COALESCE(SUM(b.amount_vnd), 0) FROM programme_budgetline b WHERE b.budget_id = NEW.id AND b.is_lump)"
_EARLIER = (
    "(SELECT v.id FROM programme_budgetversion v WHERE v.task_id = NEW.task_id AND v.id <> NEW.id "
    "AND v.approved_on IS NOT NULL ORDER BY v.number DESC LIMIT 1)"
)
_LUMP_OLD = (
    f"(SELECT COALESCE(SUM(b.amount_vnd), 0) FROM programme_budgetline b WHERE b.budget_id = {_EARLIER} AND b.is_lump)"
)
_LUMPED = "(SELECT t.lump_mode FROM programme_task t WHERE t.id = NEW.task_id) = 'final_product'"
_APPROVED_TASK = (
    "EXISTS (SELECT 1 FROM programme_budgetversion v WHERE v.task_id = NEW.id AND v.approved_on IS NOT NULL)"
)
_APPROVED_NEW = "(SELECT v.approved_on FROM programme_budgetversion v WHERE v.id = NEW.budget_id) IS NOT NULL"
_APPROVED_OLD = "(SELECT v.approved_on FROM programme_budgetversion v WHERE v.id = OLD.budget_id) IS NOT NULL"

#: name → (table, when, [(condition that is refused, what it says)]).
CHECKS = {
    "ledger_money_limits": (
        "programme_ledgerentry",
        "INSERT",
        [
            (f"{_FIRST} AND NOT {_LIVE}", "advance without a live contract"),
            (f"{_SPENT} AND NOT {_LIVE}", "payment without a live contract"),
            (
                f"{_FIRST} AND {_ADVANCED} = 0 AND {_CAP} IS NOT NULL AND NEW.amount_vnd > {_CAP}",
                "first advance above the cap of the contract",
            ),
            (f"{_FIRST} AND {_ADVANCED} + NEW.amount_vnd > {_STATE}", "advances above the state budget of the task"),
            (f"{_FIRST} AND {_YEAR_OUT} + NEW.amount_vnd > {_YEAR_IN}", "more than the estimate of the year"),
            (f"{_SPENT} AND {_PAID} + NEW.amount_vnd > {_CONTRACT}", "payments above the contract"),
            (
                f"NEW.reverses_id IS NULL AND NEW.kind = 'allocation' AND {_PLAN} IS NOT NULL "
                f"AND {_ALLOCATED} + NEW.amount_vnd > {_GRANTED}",
                "allocations above the envelope of the source and year",
            ),
        ],
    ),
    "envelope_above_allocated": (
        "programme_planenvelope",
        "UPDATE",
        [
            (
                "NEW.granted_vnd < OLD.granted_vnd AND NEW.granted_vnd < "
                + _sum(
                    "t.plan_id = NEW.plan_id AND l.source = NEW.source AND l.year = NEW.year AND l.kind = 'allocation'",
                    "programme_ledgerentry l JOIN programme_task t ON t.id = l.task_id",
                ),
                "envelope below what is allocated from it",
            )
        ],
    ),
    "budget_approval_sums": (
        "programme_budgetversion",
        "UPDATE",
        [
            (
                "OLD.approved_on IS NOT NULL AND (NEW.approved_on IS NULL OR NEW.approved_on <> OLD.approved_on "
                "OR NEW.task_id <> OLD.task_id)",
                "an approved estimate is not changed",
            ),
            (
                f"OLD.approved_on IS NULL AND NEW.approved_on IS NOT NULL AND {_LINES} <> {_STATE}",
                "the lines of the estimate do not sum to the state money of the task",
            ),
            (
                f"OLD.approved_on IS NULL AND NEW.approved_on IS NOT NULL AND {_LUMPED} AND {_EARLIER} IS NOT NULL "
                f"AND {_LUMP_NEW} <> {_LUMP_OLD}",
                "the lump total is not changed after the decision",
            ),
        ],
    ),
    "budget_born_unapproved": (
        "programme_budgetversion",
        "INSERT",
        [("NEW.approved_on IS NOT NULL", "an estimate is approved after its lines are written")],
    ),
    "budget_line_added_late": (
        "programme_budgetline", "INSERT", [(_APPROVED_NEW, "an approved estimate takes no more lines")]
    ),
    "budget_line_changed_late": (
        "programme_budgetline",
        "UPDATE",
        [(f"{_APPROVED_OLD} OR {_APPROVED_NEW}", "lines of an approved estimate are not changed")],
    ),
    "budget_line_removed_late": (
        "programme_budgetline", "DELETE", [(_APPROVED_OLD, "lines of an approved estimate are not removed")]
    ),
    "task_money_decided": (
        "programme_task",
        "UPDATE",
        [
            (f"NEW.state_vnd <> OLD.state_vnd AND {_APPROVED_TASK}", "the state money of the task is decided"),
            (f"NEW.lump_mode <> OLD.lump_mode AND {_APPROVED_TASK}", "the lump mode of the task is decided"),
        ],
    ),
}
#: Rows locked first on PostgreSQL, so that two sessions do not each see the sum without the other's entry.
LOCKS = {
    "ledger_money_limits": (
        "PERFORM 1 FROM programme_task WHERE id = NEW.task_id FOR UPDATE;"
        f"PERFORM 1 FROM programme_planenvelope WHERE NEW.kind = 'allocation' AND plan_id = {_PLAN} "
        "AND source = NEW.source AND year = NEW.year FOR UPDATE;"
    )
}


def protect(apps, editor):
    """Create the triggers for the database at hand."""
    for name, (table, when, checks) in CHECKS.items():
        if editor.connection.vendor == "postgresql":
            body = "".join(
                f"IF {condition} THEN RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation'; END IF;"
                for condition, text in checks
            )
            last = "OLD" if when == "DELETE" else "NEW"
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {LOCKS.get(name, '')}{body} "
                f"RETURN {last}; END $$",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None
            )
        else:
            body = " ".join(
                f"SELECT RAISE(ABORT, '{text}') WHERE {condition};" for condition, text in checks
            )
            editor.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN {body} END", params=None)


def release(apps, editor):
    """Drop the triggers."""
    for name, (table, _when, _checks) in CHECKS.items():
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()")
        else:
            editor.execute(f"DROP TRIGGER {name}")


def pin_caps(apps, editor):
    """Give contracts signed earlier the cap that the rule of their day allows."""
    Contract = apps.get_model("programme", "Contract")
    RuleParameter = apps.get_model("programme", "RuleParameter")
    shares = list(RuleParameter.objects.filter(key="advance.first_share_max").order_by("valid_from"))
    for contract in Contract.objects.select_related("task__rule_set__follows"):
        rules = contract.task.rule_set
        for owner in (rules.pk, rules.follows_id):
            row = next(
                (
                    one
                    for one in reversed(shares)
                    if one.rule_set_id == owner
                    and (one.valid_from is None or one.valid_from <= contract.signed_on)
                    and (one.valid_to is None or contract.signed_on < one.valid_to)
                ),
                None,
            )
            if row is not None:
                contract.first_advance_cap_vnd = int(Fraction(row.value) * contract.state_vnd)
                contract.save(update_fields=["first_advance_cap_vnd"])
                break


class Migration(migrations.Migration):
    """Triggers that hold the invariants of money."""

    dependencies = [("programme", "0009_recovery_and_advance_cap")]
    operations = [
        migrations.RunPython(pin_caps, migrations.RunPython.noop),
        migrations.RunPython(protect, release),
    ]
