"""What one record sets off in another: newcomers read, complaints become nonconformities, extensions are noted …"""

import json
from datetime import date
from uuid import uuid4

import pytest

from khcn.domains.qms.choices import ChangePolicy, DocumentType, NonconformitySource
from khcn.domains.qms.errors import NotYetProven, StepNotOpen
from khcn.domains.qms.jobs import hear_of_moved_clock
from khcn.domains.qms.models import Complaint, ImprovementIdea, NonconformingOutput, Nonconformity, ReadAck
from khcn.domains.qms.queries.documents import next_codes, responsibilities
from khcn.domains.qms.rules.code_scheme import next_code
from khcn.domains.qms.services import changes, improvement, registers, systems
from khcn.domains.qms.tests.world import START, World, effective_document, make_case, make_procedure, on
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.tests.cast import make_member
from khcn.kernel.procedures.choices import CaseState, VersionState
from khcn.lib.failure import Forbidden
from khcn.lib.roles import Role

JUNE = date(2025, 6, 2)


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ((), "QT-01"), (("QT-09",), "QT-10"), (("QT-09", "QT-101"), "QT-102"),
        (("QT 01/VP", "QT 02/VP", "X-7"), "QT 03/VP"), (("Sổ tay",), "QT-01"), (("A-1", "B-4"), "A-2"),
    ],
)  # fmt: skip
def test_next_code_follows_the_agencys_own_series(used, expected) -> None:
    assert next_code(DocumentType.PROCEDURE, used) == expected


@pytest.mark.django_db
def test_next_codes_name_every_type(world: World) -> None:
    effective_document(world, "QT-10")

    codes = next_codes(world.system)

    assert codes[DocumentType.PROCEDURE] == "QT-11"
    assert set(codes) == set(DocumentType)


@pytest.mark.django_db
def test_newcomer_is_asked_to_read_policy_and_own_units_documents_once(world: World) -> None:
    policy = effective_document(world, "CSCL", type=DocumentType.POLICY)
    own = effective_document(world, "QT-10")
    newcomer = make_member(Role.OFFICER, organisation=world.organisation)
    by = on(world.secretary, JUNE)

    systems.assign_member(
        by=by, system=world.system, unit=world.office, person=newcomer.person, position="Văn thư", since=JUNE
    )
    at_office = set(ReadAck.objects.filter(reader=newcomer.user).values_list("revision", flat=True))
    systems.assign_member(
        by=on(world.secretary, date(2025, 7, 1)), system=world.system, unit=world.expert_unit, person=newcomer.person,
        position="Chuyên viên", since=date(2025, 7, 1),
    )  # fmt: skip

    assert at_office == {policy.pk}
    owed = ReadAck.objects.filter(reader=newcomer.user).order_by("pk")
    assert [(row.revision_id, row.asked_on) for row in owed] == [(policy.pk, JUNE), (own.pk, date(2025, 7, 1))]
    assert Notice.objects.filter(recipient=newcomer.user, title__contains="QT-10").exists()


@pytest.mark.django_db
def test_responsibilities_tell_who_takes_over(world: World) -> None:
    effective_document(world)

    letters = {(row.who, row.step, row.letter) for row in responsibilities(world.system)}

    assert ("Chuyên viên", "Thẩm định", "R") in letters
    assert ("Giám đốc", "Thẩm định", "A") in letters
    assert not any(letter == "I" for _, _, letter in letters)  # the next one already answers for it


@pytest.mark.django_db
def test_change_that_moves_dossiers_is_not_done_before_they_are_moved(world: World) -> None:
    version = make_procedure(owner=world.organisation)
    document = effective_document(world, procedure_code="TT-01").document
    change = changes.ask_change(
        by=on(world.officer, START), system=world.system, title="Bớt một bước", reason="Trùng", document=document
    )
    changes.assess_change(
        by=on(world.secretary, START), change=change, impact_documents="QT-10", impact_training="không có",
        case_policy=ChangePolicy.MIGRATE,
    )  # fmt: skip
    changes.decide_change(by=on(world.head, START), change=change, is_approved=True)
    running = make_case(version, world.organisation, 1, received=START)
    running.state, running.ended_at = CaseState.RUNNING, None
    running.save()
    version.state = VersionState.SUPERSEDED
    version.save()

    with pytest.raises(NotYetProven, match="1 hồ sơ"):
        changes.finish_change(by=on(world.secretary, START), change=change)
    version.state = VersionState.EFFECTIVE
    version.save()
    assert changes.finish_change(by=on(world.secretary, START), change=change).state == "done"


@pytest.mark.django_db
def test_extension_is_noted_once_as_a_result_that_did_not_come_when_promised(world: World) -> None:
    case = make_case(make_procedure(), world.organisation, 1, received=START)
    told = {"case_uid": str(case.uid), "case_code": case.code, "event": "extended", "reason": "other",
            "due_at": "2025-01-20T10:00:00Z"}  # fmt: skip

    for payload in (told, told, told | {"event": "paused"}, told | {"case_uid": str(uuid4())}):
        hear_of_moved_clock(json.dumps(payload))

    row = NonconformingOutput.objects.get()
    assert (row.system, row.case_code, row.disposition) == (world.system, case.code, "apologise")
    assert "20/01/2025" in row.description


@pytest.mark.django_db
def test_complaint_that_was_right_becomes_a_nonconformity(world: World) -> None:
    def complain(content: str) -> Complaint:
        return registers.add_row(
            by=on(world.officer, START), system=world.system, model=Complaint,
            values={"from_whom": "Thị Hậu", "content": content, "received_on": START},
        )  # fmt: skip

    right, wrong = complain("Phải đi lại ba lần"), complain("Không có chỗ gửi xe")
    registers.answer_complaint(by=on(world.secretary, START), complaint=right, answer="Xin lỗi", is_justified=True)
    registers.answer_complaint(by=on(world.secretary, START), complaint=wrong, answer="Đã có", is_justified=False)

    found = Nonconformity.objects.get()
    assert found.source == NonconformitySource.COMPLAINT
    assert right.nonconformity == found
    assert wrong.nonconformity is None


@pytest.mark.django_db
def test_idea_is_proposed_once_by_those_who_keep_the_system_and_only_for_research(world: World) -> None:
    def raised(**more) -> ImprovementIdea:
        return registers.add_row(
            by=on(world.officer, START), system=world.system, model=ImprovementIdea,
            values={"title": "Tự điền tờ khai", "problem": "Khai lại", "solution": "Dùng dữ liệu chung", **more},
        )  # fmt: skip

    idea, small = raised(needs_research=True), raised()

    with pytest.raises(Forbidden):
        improvement.propose_research(by=on(world.officer, START), idea=idea)
    with pytest.raises(NotYetProven, match="cần nghiên cứu"):
        improvement.propose_research(by=on(world.secretary, START), idea=small)
    improvement.propose_research(by=on(world.secretary, START), idea=idea)
    with pytest.raises(StepNotOpen):
        improvement.propose_research(by=on(world.head, START), idea=idea)
    assert idea.proposed_on == START
