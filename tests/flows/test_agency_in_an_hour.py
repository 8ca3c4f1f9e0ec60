"""An agency with nothing but its published services has its whole set in effect after a handful of acts."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from flows.test_onestop import Office, applicant
from khcn.domains.onestop.choices import OnlineLevel
from khcn.domains.onestop.models import Dossier, ProcedureBasis
from khcn.domains.onestop.services import catalogue
from khcn.domains.onestop.services.catalogue import Component
from khcn.domains.qms.choices import RevisionState
from khcn.domains.qms.models import DocumentRevision, Parameter, TemplateDocument
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.queries.documents import responsibilities
from khcn.domains.qms.queries.dossiers import population, running_cases
from khcn.domains.qms.services import changes
from khcn.domains.qms.services.daily import machine
from khcn.domains.qms.services.nonconformities import note_repeated_overdue
from khcn.domains.qms.tests.world import effective_document, make_world, on
from khcn.kernel.documents.models import LegalInstrument
from khcn.kernel.procedures.choices import NormUnit
from khcn.kernel.procedures.models import StepRun

pytestmark = pytest.mark.django_db


def test_set_of_an_agency_is_drafted_from_what_it_published_and_brought_into_effect_together(client_for) -> None:
    cache.clear()
    office = Office(client_for)
    world = make_world(office.body)
    today = timezone.localdate()
    law = LegalInstrument.objects.create(number="27/2020/NĐ-CP", title="Sửa đổi, bổ sung một số điều")
    ProcedureBasis.objects.create(procedure=office.procedure, instrument=law, article="Điều 5")
    secretary, head = client_for(world.secretary), client_for(world.head)
    together = reverse("qms_documents_together")

    secretary.post(reverse("qms_start_set"), {"kind": "provincial", "year": today.year})
    assert reverse("qms_draft_missing") in secretary.get(reverse("qms_services")).content.decode()
    secretary.post(reverse("qms_draft_missing"))
    drafts = [str(uid) for uid in DocumentRevision.objects.values_list("uid", flat=True)]
    secretary.post(together, {"event": "submit", "chon": drafts})
    head.post(together, {"event": "approve", "chon": drafts, "effective_from": f"{today:%d/%m/%Y}"})

    rows = DocumentRevision.objects.all()
    assert set(rows.values_list("state", flat=True)) == {RevisionState.EFFECTIVE}
    assert rows.count() == TemplateDocument.objects.filter(set_for="provincial").count() + 1
    written = rows.get(document__procedure_code=office.procedure.code)
    said = "\n".join(item["body"] for item in written.sections)
    assert "1. Đơn đăng ký (1 bản chính)" in said
    assert "Thời hạn giải quyết: 5 ngày làm việc" in said
    assert "Phí, lệ phí: 300.000 đồng" in said
    assert "27/2020/NĐ-CP" in said
    assert list(written.legal_bases.all()) == [law]
    assert [step["what"] for step in written.steps] == ["Phân công xử lý", "Thẩm định hồ sơ", "Ký duyệt kết quả"]
    assert all(step["who"] for step in written.steps)
    (needed,) = coverage_of({world.system.pk: world.system}, first=today, last=today)[world.system.pk]
    assert needed.is_covered
    assert reverse("qms_draft_missing") not in secretary.get(reverse("qms_services")).content.decode()


def test_batch_of_dossiers_with_a_wrong_identity_is_not_found(client_for) -> None:
    cache.clear()
    office = Office(client_for)

    answer = office.post("clerk", "dossier_batch", event="accept", chon="x")

    assert answer.status_code == 404


def test_document_of_a_published_procedure_finds_its_dossiers_wherever_they_are_asked_for(client_for) -> None:
    cache.clear()
    office = Office(client_for)
    world = make_world(office.body)
    today = timezone.localdate()
    secretary = on(world.secretary, today)
    other = catalogue.publish_procedure(
        by=office.people["specialist"].actor, code="1.010709", deciding=office.body, valid_from=date(2020, 1, 1),
        title="Thủ tục khác cùng quy trình", field="Hoạt động khoa học", limit_amount=5,
        limit_unit=NormUnit.WORKING_DAY, result_title="Giấy", workflow=office.procedure.workflow,
        online_level=OnlineLevel.FULL, components=(Component("Đơn"),),
    )  # fmt: skip
    for procedure, component in ((office.procedure, office.application), (other, other.components.get())):
        office.post(
            "clerk", "dossier_receive", procedure.uid, **applicant(channel="1"), accept="1",
            **{f"p_{component.pk}": "on"},
        )  # fmt: skip
    (own, _strange) = Dossier.objects.order_by("pk")
    document = effective_document(world, "QT-10", day=today, procedure_code="1.010708").document
    DocumentRevision.objects.update(steps=[])

    drawn = population(
        organisation_id=office.body.pk, procedure_code="1.010708", first=today, last=today + timedelta(days=1)
    )
    who = {row.step for row in responsibilities(world.system)}
    change = changes.ask_change(
        by=secretary, system=world.system, title="Rút ngắn thẩm định", reason="Chậm", document=document
    )
    StepRun.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    first = today.replace(day=1)
    Parameter.objects.filter(key="overdue_to_nc").update(value=1)
    opened = note_repeated_overdue(by=machine(today), month=first)

    assert list(drawn) == [own.code]
    assert who == {"Phân công xử lý", "Thẩm định hồ sơ", "Ký duyệt kết quả"}
    assert change.document == document
    assert running_cases("1.010708") == 1
    assert running_cases("QT-01") == 2
    assert [row.document for row in opened] == [document]
