"""Hands a person's power to another for a while, and takes it back."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.choices import DelegationForm
from khcn.kernel.orgs.errors import DelegationRefused
from khcn.kernel.orgs.models import Delegation, Organisation, Person
from khcn.kernel.orgs.queries import roles_by_appointment
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

LONGEST = timedelta(days=366)


@transaction.atomic
def give_delegation(
    *,
    by: Actor,
    receiver: Person,
    organisation: Organisation,
    roles: Iterable[Role | str],
    form: DelegationForm,
    basis: str,
    valid_from: date,
    valid_to: date,
) -> Delegation:
    """Hand roles that the actor holds by appointment at the organisation to another person, for named dates.

    It is written, dated and limited, and what was itself delegated is not handed on (Nghị định 30/2020/NĐ-CP, Điều 13
    khoản 3). Raises Forbidden for an account without a person; DelegationRefused for
    oneself, roles not held, dates out of order or longer than a year.
    """
    giver = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if giver is None:
        raise Forbidden("Tài khoản này không gắn với người nào nên không ủy quyền được.")
    handed = sorted({str(role) for role in roles})
    if receiver.pk == giver.pk:
        raise DelegationRefused("Không thể ủy quyền cho chính mình.", field="receiver")
    if not handed:
        raise DelegationRefused("Chọn ít nhất một vai trò để ủy quyền.", field="roles")
    if valid_to <= valid_from:
        raise DelegationRefused("Ngày kết thúc phải sau ngày bắt đầu.", field="valid_to")
    if valid_to - valid_from > LONGEST:
        raise DelegationRefused("Một lần ủy quyền không quá một năm.", field="valid_to")
    if not basis.strip():
        raise DelegationRefused("Ghi số, ngày của văn bản ủy quyền.", field="basis")
    held = roles_by_appointment(giver, organisation=organisation, on=valid_from)
    missing = [role for role in handed if role not in held]
    if missing:
        names = ", ".join(Role(role).label if role in Role.values() else role for role in missing)
        raise DelegationRefused(f"Bạn không giữ vai trò này tại {organisation} vào ngày đó: {names}.", field="roles")
    delegation = Delegation.objects.create(
        giver=giver,
        receiver=receiver,
        organisation=organisation,
        roles=handed,
        form=form,
        basis=basis.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    after = {"receiver": str(receiver), "roles": handed, "from": valid_from, "to": valid_to, "basis": basis}
    record(by=by, verb="give_delegation", subject=delegation, after=after)
    return delegation


@transaction.atomic
def withdraw_delegation(*, by: Actor, delegation: Delegation, on: date) -> Delegation:
    """End a delegation from the date on; the giver may, and whoever administers the system.

    A delegation that has not begun ends on its first day and never holds. Raises Forbidden, or DelegationRefused when
    it has ended already.
    """
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.giver_id != by.person_id and not by.holds(Role.SYSADMIN):
        raise Forbidden("Chỉ người giao hoặc quản trị hệ thống được rút ủy quyền.")
    if delegation.valid_to is not None and delegation.valid_to <= on:
        raise DelegationRefused("Ủy quyền này đã kết thúc.")
    before = {"valid_from": delegation.valid_from, "valid_to": delegation.valid_to}
    delegation.valid_to = on
    if delegation.valid_from is not None and delegation.valid_from >= on:
        delegation.valid_from = on  # [on, on) holds on no day
    delegation.save(update_fields=["valid_from", "valid_to"])
    record(by=by, verb="withdraw_delegation", subject=delegation, before=before, after={"valid_to": on})
    return delegation
