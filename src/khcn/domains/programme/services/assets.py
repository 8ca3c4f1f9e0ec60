"""Assets of a task: counted, planned for, decided on, handed over."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.models import Asset, Task
from khcn.domains.programme.permissions import roles_on
from khcn.domains.programme.services.transitions import advance
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.roles import Role


def add_asset(
    *, by: Actor, task: Task, name: str, quantity: Decimal, cost_vnd: int, is_result: bool, on: date
) -> Asset:
    """Enter one counted asset."""
    if not roles_on(by, task) & {Role.HOST, Role.ACCOUNTANT, Role.SPECIALIST}:
        raise Forbidden("Chỉ tổ chức chủ trì hoặc kế toán được kê khai tài sản.")
    if task.asset_state not in {"not_started", "open"}:
        raise NotNow("Tài sản đã kiểm kê xong, không kê khai thêm.")
    if quantity <= 0 or cost_vnd < 0:
        raise Refused("Số lượng phải lớn hơn 0 và nguyên giá không âm.", field="quantity")
    with transaction.atomic():
        asset = Asset.objects.create(
            task=task, name=name.strip(), quantity=quantity, cost_vnd=cost_vnd, is_result=is_result, inventoried_on=on
        )
        record(by=by, verb="asset.add", subject=asset, after={"name": asset.name, "cost_vnd": cost_vnd})
    return asset


def finish_inventory(*, by: Actor, task: Task, proposal: str, on: date) -> Task:
    """Close the inventory with a plan for the assets."""
    uncounted = list(task.assets.filter(inventoried_on=None).values_list("name", flat=True))
    with transaction.atomic():
        task.assets.update(proposal=proposal[:200])
        advance(
            by=by, subject=task, machine="assets", event="record_inventory", on=on, note=proposal,
            facts={"assets_not_counted": uncounted},
        )  # fmt: skip
    return task


def declare_no_assets(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """State that the task leaves no assets."""
    if task.assets.exists():
        raise NotNow("Nhiệm vụ đã kê khai tài sản nên không thể xác nhận là không có.")
    advance(by=by, subject=task, machine="assets", event="declare_none", on=on, facts={}, note=reason)
    return task


def submit_asset_plan(*, by: Actor, task: Task, on: date) -> Task:
    """Submit the plan for the assets to the decider."""
    advance(by=by, subject=task, machine="assets", event="submit_plan", on=on, facts={})
    return task


def return_asset_plan(*, by: Actor, task: Task, reason: str, on: date) -> Task:
    """Send the plan back."""
    advance(by=by, subject=task, machine="assets", event="return", on=on, facts={}, note=reason)
    return task


def decide_assets(*, by: Actor, task: Task, decision_number: str, receiver: Organisation | None, on: date) -> Task:
    """Decide what becomes of the assets."""
    if not decision_number.strip():
        raise Refused("Ghi số quyết định xử lý tài sản.", field="decision_number")
    with transaction.atomic():
        task.assets.update(decision_number=decision_number.strip(), decided_on=on, receiver=receiver)
        advance(by=by, subject=task, machine="assets", event="decide", on=on, facts={}, note=decision_number)
    return task


def hand_over_assets(*, by: Actor, task: Task, signed_by_both: bool, on: date) -> Task:
    """Hand the assets over, signed by both sides."""
    with transaction.atomic():
        task.assets.update(handed_on=on)
        advance(
            by=by, subject=task, machine="assets", event="hand_over", on=on,
            facts={"handover_signed_by_both": signed_by_both},
        )  # fmt: skip
    return task


def archive_task(*, by: Actor, task: Task, on: date) -> Task:
    """Archive a task whose every track has ended; the open ones are named in the refusal."""
    ended = {
        "result_state": {"recognised", "not_required", "not_started"},
        "settlement_state": {"settled", "not_started"},
        "asset_state": {"handed_over", "no_assets", "not_started"},
        "uptake_state": {"applied", "not_applied", "not_started"},
        "recovery_state": {"recovered", "waived", "not_started"},
    }
    still_open = [
        str(task._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name, states in ended.items()
        if getattr(task, name) not in states
    ]
    advance(by=by, subject=task, machine="task", event="archive", on=on, facts={"open_tracks": still_open})
    return task
