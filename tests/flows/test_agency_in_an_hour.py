"""An agency with nothing but its published services has its whole set in effect after a handful of acts."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from flows.test_onestop import Office
from khcn.domains.onestop.models import ProcedureBasis
from khcn.domains.qms.choices import RevisionState
from khcn.domains.qms.models import DocumentRevision, TemplateDocument
from khcn.domains.qms.queries.coverage import coverage_of
from khcn.domains.qms.tests.world import make_world
from khcn.kernel.documents.models import LegalInstrument

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
