"""Puts people into posts and takes them out, by a decision and from a date."""

from datetime import date

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.errors import AppointmentRefused
from khcn.kernel.orgs.models import Appointment, Organisation, Person, Post
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


@transaction.atomic
def appoint(
    *,
    by: Actor,
    person: Person,
    post: Post,
    organisation: Organisation,
    valid_from: date,
    decision: str,
    valid_to: date | None = None,
) -> Appointment:
    """Record that a person holds a post at an organisation from a date, as a decision says.

    Raises Forbidden unless the actor administers the system; AppointmentRefused when the dates are out of order, the
    organisation does not stand on that date, or the person already holds the post there at that time.
    """
    require_role(by, Role.SYSADMIN)
    if valid_to is not None and valid_to <= valid_from:
        raise AppointmentRefused("Ngày kết thúc phải sau ngày bắt đầu.", field="valid_to")
    if not organisation.is_valid_on(valid_from):
        raise AppointmentRefused(
            f"{organisation} không hoạt động vào ngày {valid_from:%d/%m/%Y}. Chọn cơ quan kế thừa.",
            field="organisation",
        )
    for held in Appointment.objects.select_for_update().filter(person=person, post=post, organisation=organisation):
        starts_before_end = valid_to is None or held.valid_from is None or held.valid_from < valid_to
        if starts_before_end and (held.valid_to is None or held.valid_to > valid_from):
            raise AppointmentRefused(
                f"{person} đang giữ chức vụ này tại {organisation} trong thời gian đó.", field="post"
            )
    appointment = Appointment.objects.create(
        person=person,
        post=post,
        organisation=organisation,
        valid_from=valid_from,
        valid_to=valid_to,
        decision=decision,
    )
    after = {"valid_from": valid_from, "valid_to": valid_to, "decision": decision, "roles": post.roles}
    record(by=by, verb="appoint", subject=appointment, after=after)
    return appointment


@transaction.atomic
def end_appointment(*, by: Actor, appointment: Appointment, valid_to: date, decision: str = "") -> Appointment:
    """End an appointment: the person holds the post up to, not including, the date.

    Raises Forbidden unless the actor administers the system; AppointmentRefused when it has ended before that date or
    had not begun.
    """
    require_role(by, Role.SYSADMIN)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.valid_from is not None and valid_to <= appointment.valid_from:
        raise AppointmentRefused("Ngày thôi giữ chức vụ phải sau ngày bắt đầu.", field="valid_to")
    if appointment.valid_to is not None and appointment.valid_to <= valid_to:
        raise AppointmentRefused(f"Chức vụ này đã kết thúc từ ngày {appointment.valid_to:%d/%m/%Y}.", field="valid_to")
    before = {"valid_to": appointment.valid_to}
    appointment.valid_to = valid_to
    appointment.save(update_fields=["valid_to"])
    record(
        by=by,
        verb="end_appointment",
        subject=appointment,
        before=before,
        after={"valid_to": valid_to, "decision": decision},
    )
    return appointment
