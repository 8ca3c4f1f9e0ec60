"""An agency with two units, its people, and the reference data: what tests of the quality systems begin from."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from khcn.domains.qms.choices import CertificateKind, DocumentType, Obligation
from khcn.domains.qms.models import Certificate, DocumentRevision, Membership, QualitySystem, Unit
from khcn.domains.qms.services import documents, registers, systems
from khcn.domains.qms.services.reference import load_standards
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.tests.cast import Member, make_member, make_organisation
from khcn.kernel.procedures.choices import CaseState, ProcedureKind, RunState, StepKind, VersionState
from khcn.kernel.procedures.models import Case, Procedure, ProcedureVersion, StepRun
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.lib.roles import Role

START = date(2025, 1, 6)
MACHINE = Actor(uid=UUID(int=0), name="Hệ thống", on=START, is_system=True)


def on(who: Member | Actor, day: date) -> Actor:
    """The same person on another day."""
    return replace(who.actor if isinstance(who, Member) else who, on=day)


@dataclass
class World:
    """One agency's system with its people."""

    organisation: Organisation
    system: QualitySystem
    office: Unit
    expert_unit: Unit
    head: Member
    secretary: Member
    auditor: Member
    officer: Member
    overseer: Member
    members: dict[str, Membership]


def load_reference() -> None:
    """Editions, clauses, parameters, templates."""
    load_standards(by=MACHINE, folder=Path(settings.ROOT) / "data" / "reference" / "qms")


def make_world(organisation: Organisation | None = None) -> World:
    """An enrolled agency: head and secretary in the office, auditor there too, an officer in the expert unit."""
    load_reference()
    organisation = organisation or make_organisation("Sở Tư pháp")
    department = make_organisation("Sở Khoa học và Công nghệ")
    overseer = make_member(Role.SPECIALIST, organisation=department)
    head = make_member(Role.AGENCY_HEAD, organisation=organisation)
    secretary = make_member(Role.ISO_SECRETARY, organisation=organisation)
    auditor = make_member(Role.INTERNAL_AUDITOR, organisation=organisation)
    officer = make_member(Role.OFFICER, organisation=organisation)
    system = systems.enrol_agency(
        by=on(overseer, START), organisation=organisation, obligation=Obligation.MANDATORY, started_on=START,
        scope="Giải quyết thủ tục hành chính và công việc nội bộ.",
    )  # fmt: skip
    by = on(secretary, START)
    office = systems.add_unit(by=by, system=system, code="VP", name="Văn phòng")
    expert = systems.add_unit(by=by, system=system, code="CM", name="Phòng Chuyên môn")
    members = {
        name: systems.assign_member(by=by, system=system, unit=unit, person=who.person, position=position, since=START)
        for name, who, unit, position in (
            ("head", head, office, "Giám đốc"), ("secretary", secretary, office, "Thư ký"),
            ("auditor", auditor, office, "Chuyên viên"), ("officer", officer, expert, "Chuyên viên"),
        )
    }  # fmt: skip
    registers.add_row(
        by=by, system=system, model=Certificate,
        values={
            "person": auditor.person, "kind": CertificateKind.INTERNAL_AUDITOR, "number": "01/CC", "issuer": "Trường",
            "issued_on": START, "valid_until": date(2027, 12, 31),
        },
    )  # fmt: skip
    return World(organisation, system, office, expert, head, secretary, auditor, officer, overseer, members)


def effective_document(
    world: World, code: str = "QT-10", *, type: DocumentType = DocumentType.PROCEDURE, day: date = START,
    procedure_code: str = "", needs_reading: bool = True,
) -> DocumentRevision:  # fmt: skip
    """A document drafted by the secretary, approved by the head, in effect on the day."""
    by = on(world.secretary, day)
    draft = documents.start_document(
        by=by, system=world.system, code=code, type=type, title=f"Tài liệu {code}", reason="Ban hành lần đầu",
        unit=world.expert_unit, procedure_code=procedure_code, clauses="8.1, 8.5",
        sections=[{"title": "Mục đích", "body": "Quy định trình tự."}],
        table=[
            {"who": "Chuyên viên", "what": "Thẩm định", "time": "1 ngày", "form": "", "output": ""},
            {"who": "Giám đốc", "what": "Ký duyệt", "time": "1 ngày", "form": "", "output": ""},
        ],
    )  # fmt: skip
    draft.needs_reading = needs_reading
    draft.save(update_fields=["needs_reading"])
    return put_into_effect(world, draft, day)


def put_into_effect(world: World, draft: DocumentRevision, day: date) -> DocumentRevision:
    """Submit, approve and bring into effect."""
    documents.submit_revision(by=on(world.secretary, day), revision=draft)
    documents.approve_revision(by=on(world.head, day), revision=draft, effective_from=day)
    return documents.bring_into_effect(by=on(world.secretary, day), revision=draft)


def make_procedure(code: str = "TT-01", *, owner: Organisation | None = None) -> ProcedureVersion:
    """A procedure of the engine with a version in effect since long ago."""
    procedure = Procedure.objects.create(code=code, title=f"Thủ tục {code}", kind=ProcedureKind.TTHC, owner=owner)
    return ProcedureVersion.objects.create(
        procedure=procedure, state=VersionState.EFFECTIVE, effective_from=date(2020, 1, 1)
    )


def make_case(
    version: ProcedureVersion, agency: Organisation, number: int, *, received: date, late_steps: int = 0,
    late: bool = False, by_hand: bool = False, doer: Member | None = None, steps: int = 2,
) -> Case:  # fmt: skip
    """An ended dossier as the engine leaves it: each step done by somebody, some after their due moment."""
    at = datetime(received.year, received.month, received.day, 8, tzinfo=VIETNAM)
    end = at + timedelta(days=9 if late else 3)
    case = Case.objects.create(
        code=f"{version.procedure.code}-{agency.code}-{received:%y%m%d}-{number:04d}", title="Hồ sơ",
        version_pinned=version, deciding=agency, state=CaseState.ENDED, received_at=at, due_at=at + timedelta(days=5),
        ended_at=end,
    )  # fmt: skip
    for index in range(steps):
        is_late = index < late_steps
        StepRun.objects.create(
            case=case, step_key=f"buoc-{index + 1}", name=f"Bước {index + 1}", kind=StepKind.HUMAN, state=RunState.DONE,
            organisation=agency, ready_at=at, due_at=at + timedelta(days=1),
            done_at=at + timedelta(days=2 if is_late else 0, hours=2),
            done_by=None if by_hand else (doer.user if doer else None),
        )  # fmt: skip
    return case
