"""What the killed processes work on: a one-stop office with its people, a procedure with branches and a timer.

Run as a program on an empty, migrated database it sets the office up and prints, as JSON, a session for each person and
the address of the form at the counter.
"""

import json
import sys
from datetime import date
from decimal import Decimal
from typing import Any

from khcn.kernel.procedures.choices import NormUnit, ProcedureKind, StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.kernel.procedures.engine.drawings.events import SEND
from khcn.lib.roles import Role

ROLES = {
    "clerk": Role.ONE_STOP, "specialist": Role.SPECIALIST, "head": Role.HEAD, "director": Role.DIRECTOR,
    "registrar": Role.CLERK,
}  # fmt: skip
AGENCY = "H10.16"
WORKED = {"phan_cong": "head", "y_kien_1": "specialist", "y_kien_2": "head", "ky_duyet": "director"}
"""Steps that people do, and who; after the first a timer rings and a signal goes out by the queue."""


def workflow() -> Definition:
    """Assign → a timer whose moment has come → a signal that the worker delivers → two opinions → sign."""
    hours = {"norm": Decimal(8), "norm_unit": NormUnit.WORKING_HOUR}
    people = [Step(key, key, StepKind.HUMAN, str(ROLES[who]), **hours) for key, who in WORKED.items()]
    return Definition(
        steps=(
            Step("bat_dau", "Bắt đầu", StepKind.START), *people,
            Step("hen", "Hẹn", StepKind.TIMER, wait='date("2020-01-02")'), Step("chia", "Chia", StepKind.FORK),
            Step("bao", "Báo", StepKind.SYSTEM, action=SEND, message="signal:dang-xu-ly"),
            Step("gop", "Gộp", StepKind.JOIN), Step("ket_thuc", "Kết thúc", StepKind.END),
        ),
        flows=tuple(
            Flow(f"f{n}", *way)
            for n, way in enumerate(
                [
                    ("bat_dau", "phan_cong"), ("phan_cong", "hen"), ("hen", "bao"), ("bao", "chia"),
                    ("chia", "y_kien_1"), ("chia", "y_kien_2"), ("y_kien_1", "gop"), ("y_kien_2", "gop"),
                    ("gop", "ky_duyet"), ("ky_duyet", "ket_thuc"),
                ]
            )
        ),
    )  # fmt: skip


def settle() -> dict[str, Any]:
    """Write the office; returns what clients need."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from khcn.domains.onestop.choices import OnlineLevel
    from khcn.domains.onestop.services import catalogue
    from khcn.domains.onestop.services.reference import load_onestop
    from khcn.kernel.documents.services import set_identifier
    from khcn.kernel.orgs.tests.cast import make_member, make_organisation
    from khcn.kernel.procedures.services import install_procedure
    from khcn.lib.actor import Actor

    body = make_organisation("Sở Khoa học và Công nghệ", code="SKHCN", address="TP. Đồng Xoài, tỉnh Bình Phước")
    people = {name: make_member(role, organisation=body) for name, role in ROLES.items()}
    system = Actor(uid=body.uid, name="Hệ thống", on=timezone.localdate(), is_system=True)
    load_onestop(by=system, folder=settings.ROOT / "data" / "reference" / "onestop")
    set_identifier(by=system, organisation=body, code=AGENCY)
    version = install_procedure(
        by=people["specialist"].actor, approver=people["director"].actor, code="QT-01", title="Xử lý hồ sơ",
        definition=workflow(), kind=ProcedureKind.TTHC, owner=body, effective_from=date(2020, 1, 1),
    )  # fmt: skip
    procedure = catalogue.publish_procedure(
        by=people["specialist"].actor, code="1.010708", deciding=body, valid_from=date(2020, 1, 1), title="Cấp giấy",
        field="Khoa học", limit_amount=5, limit_unit=NormUnit.WORKING_DAY, result_title="Giấy chứng nhận",
        workflow=version.procedure, online_level=OnlineLevel.FULL,
    )  # fmt: skip
    sessions = {}
    for name, member in people.items():
        session = SessionStore()
        session["_auth_user_id"] = str(member.user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = member.user.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
    return {"sessions": sessions, "procedure": str(procedure.uid), "signer": str(people["director"].person.uid)}


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(settle(), sys.stdout)
