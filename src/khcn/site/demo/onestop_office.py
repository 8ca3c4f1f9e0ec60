"""The offices of the one-stop demonstration: their people, the workflow they run and the procedures they publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from khcn.domains.onestop.choices import OnlineLevel, SupplementClock
from khcn.domains.onestop.models import AdministrativeProcedure
from khcn.domains.onestop.services import catalogue
from khcn.domains.onestop.services.catalogue import Component
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.orgs.models import Appointment, Organisation, Person, Post, User
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.models import Procedure
from khcn.kernel.procedures.services import install_procedure
from khcn.lib.actor import Actor
from khcn.lib.roles import Role

SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Place:
    """An office and its people as actors."""

    body: Organisation
    clerk: Actor
    specialist: Actor
    head: Actor
    director: Actor
    registrar: Actor
    signer: Person


def place_of(body: Organisation, today: date, usernames: set[str]) -> Place:
    """The office with its people; those without an account of the demonstration are made."""
    wanted = {
        "clerk": Role.ONE_STOP,
        "specialist": Role.SPECIALIST,
        "head": Role.HEAD,
        "director": Role.DIRECTOR,
        "registrar": Role.CLERK,
    }
    people: dict[str, User] = {}
    for key, role in wanted.items():
        people[key] = _known(usernames, body, role) or _official(body, role)
    actors: dict[str, Any] = {key: actor_for(user, on=today) for key, user in people.items()}
    signer = people["director"].person
    if signer is None:
        raise LookupError("the director of the demonstration is nobody")
    return Place(body=body, signer=signer, **actors)


def _known(usernames: set[str], body: Organisation, role: Role) -> User | None:
    for user in User.objects.filter(username__in=usernames, person__isnull=False):
        held = Appointment.objects.filter(person=user.person, organisation=body).select_related("post")
        if any(str(role) in appointment.post.roles for appointment in held):
            return user
    return None


def _official(body: Organisation, role: Role) -> User:
    """A person of the commune who takes part but does not sign in; the same one each time."""
    username = f"mh-{body.code.lower()}-{role.value}"
    if known := User.objects.filter(username=username).first():
        return known
    names = {
        Role.ONE_STOP: "Lâm Thị Một",
        Role.SPECIALIST: "Điểu Văn Chuyên",
        Role.HEAD: "Nông Thị Trưởng",
        Role.DIRECTOR: "Đàm Quốc Chủ",
        Role.CLERK: "Thạch Thị Văn",
    }
    person = Person.objects.create(full_name=f"{names[role]} (minh họa)", employer=body, is_illustration=True)
    user = User(username=username, person=person)
    user.set_unusable_password()
    user.save()
    post, _ = Post.objects.get_or_create(
        code=f"MH-{role.value}"[:40], defaults={"name": role.label, "roles": [role.value]}
    )
    Appointment.objects.create(person=person, post=post, organisation=body, valid_from=SINCE, decision="Minh họa")
    return user


def workflow_of(key: str, place: Place) -> Procedure:
    """The internal procedure of an office, approved and in force."""
    hours: dict[str, Any] = {"norm": Decimal(8), "norm_unit": NormUnit.WORKING_HOUR}
    definition = Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START),
            Step("phan_cong", "Phân công xử lý", StepKind.HUMAN, str(Role.HEAD), **hours),
            Step(
                "tham_dinh", "Thẩm định hồ sơ", StepKind.HUMAN, str(Role.SPECIALIST), returns_to=("phan_cong",), **hours
            ),
            Step(
                "ky_duyet", "Ký duyệt kết quả", StepKind.HUMAN, str(Role.DIRECTOR), returns_to=("tham_dinh",), **hours
            ),
            Step("ket_thuc", "Kết thúc", StepKind.END),
        ),
        flows=(
            Flow("f1", "bat_dau", "phan_cong"),
            Flow("f2", "phan_cong", "tham_dinh"),
            Flow("f3", "tham_dinh", "ky_duyet"),
            Flow("f4", "ky_duyet", "ket_thuc"),
        ),
    )
    version = install_procedure(
        by=place.specialist,
        approver=place.director,
        code=f"QT-MH-{key}",
        title=f"Giải quyết thủ tục tại {place.body.name}",
        definition=definition,
        kind=ProcedureKind.TTHC,
        owner=place.body,
        effective_from=SINCE,
        is_illustration=True,
    )
    return version.procedure


def publish(row: tuple[Any, ...], place: Place, workflow: Procedure) -> AdministrativeProcedure:
    """Publish one of the invented procedures."""
    _place_key, code, title, field, days, fee, result, components = row
    instrument = LegalInstrument.objects.order_by("pk").first()
    parts = catalogue.read_components("\n".join(components))
    return catalogue.publish_procedure(
        by=place.specialist, code=code, deciding=place.body, valid_from=SINCE, title=f"{title} (minh họa)", field=field,
        limit_amount=days, limit_unit=NormUnit.WORKING_DAY, fee_vnd=fee, result_title=result, workflow=workflow,
        online_level=OnlineLevel.FULL, publication_decision="Minh họa", is_illustration=True,
        supplement_clock=SupplementClock.RESTART if days > 5 else SupplementClock.RESUME,
        components=[Component(part.name, is_required=part.is_required) for part in parts],
        bases=[(instrument, "")] if instrument is not None else [],
    )  # fmt: skip
