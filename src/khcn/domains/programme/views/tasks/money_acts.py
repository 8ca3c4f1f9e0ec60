"""Acts with a task's money: entries, reversals, counterpart, approval of estimates."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from khcn.domains.programme.choices import LedgerEntryKind
from khcn.domains.programme.forms import money as forms
from khcn.domains.programme.services import estimates, money
from khcn.domains.programme.views.acts import Act, by_role
from khcn.lib.roles import Role


def _entry(task: Any, uid: Any) -> Any:
    return task.ledger.select_related("task").get(uid=uid)


def _budget(task: Any, uid: Any) -> Any:
    return task.budgets.select_related("task").get(uid=uid)


def _enter(by: Any, task: Any, form: Any, version: Any) -> Any:
    data = dict(form.cleaned_data)
    if data["kind"] is LedgerEntryKind.CARRY_OVER_OUT:
        keys = ("source", "year", "amount_vnd", "on", "document_number", "key")
        return money.carry_over(by=by, task=task, **{name: data[name] for name in keys})
    return money.enter(by=by, task=task, **data)


MONEY: tuple[Act, ...] = (
    Act(
        "ghi-so", _("Ghi bút toán"), forms.EntryForm, _enter,
        by_role(Role.ACCOUNTANT, Role.FINANCE), _("Đã ghi bút toán."), group="money", icon="cash", tone="primary",
        is_addition=True,
        help=_("Bút toán đã ghi không sửa, không xóa; ghi nhầm thì đảo bút toán."),
    ),
    Act(
        "dao-but-toan", _("Đảo bút toán"), forms.ReverseForm,
        lambda by, entry, form, version: money.reverse(by=by, entry=entry, **form.cleaned_data),
        by_role(Role.ACCOUNTANT, when=lambda entry: entry.reverses_id is None and not hasattr(entry, "reversed_by")),
        _("Đã đảo bút toán."), group="entry", icon="arrow-back-up", part=_entry,
    ),
    Act(
        "von-doi-ung", _("Ghi vốn đối ứng"), forms.CounterpartForm,
        lambda by, task, form, version: money.add_counterpart(by=by, task=task, **form.cleaned_data),
        by_role(Role.ACCOUNTANT, Role.SPECIALIST), _("Đã ghi vốn đối ứng."), group="money", icon="building-bank",
        is_addition=True,
    ),
    Act(
        "duyet-du-toan", _("Phê duyệt dự toán"), forms.BudgetApprovalForm,
        lambda by, budget, form, version: estimates.approve_budget(by=by, budget=budget, **form.cleaned_data),
        by_role(Role.LEADER, Role.DIRECTOR, when=lambda budget: budget.approved_on is None),
        _("Đã phê duyệt dự toán."), group="budget", icon="checks", tone="primary", part=_budget,
    ),
)  # fmt: skip
