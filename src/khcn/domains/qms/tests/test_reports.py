"""Papers of the standing body: whole in the official layout, for those who oversee only."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from khcn.domains.qms.choices import InspectionMode, Severity
from khcn.domains.qms.services import inspections, scores
from khcn.domains.qms.tests.test_effectiveness import END, JULY, effective_world
from khcn.domains.qms.tests.world import World, on
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.standards.nd30.lint import lint_docx

pytestmark = pytest.mark.django_db
OPEN = {"number.missing", "signature.missing", "signature.name_missing", "date.format"}
"""What a report leaves open until it is numbered and signed."""


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def unbroken(text: str) -> str:
    """The text without spaces: a cell breaks a long number anywhere."""
    return text.replace(" ", "")


def test_report_of_an_inspection_tells_findings_and_what_became_of_them(world: World, client_for) -> None:
    by = on(world.overseer, JULY)
    found = inspections.plan_inspection(
        by=by, system=world.system, inspector=world.overseer.organisation, mode=InspectionMode.BY_FILE,
        decision_number="12/KH-SKHCN", planned_on=JULY,
    )  # fmt: skip
    inspections.begin_check(by=by, inspection=found)
    finding = inspections.add_inspection_finding(
        by=by, inspection=found, content="Chưa đánh giá nội bộ", severity=Severity.MAJOR, due_on=JULY
    )
    inspections.conclude_inspection(by=by, inspection=found, conclusion="Khắc phục trong 30 ngày")
    finding.refresh_from_db()
    inspections.report_remedy(by=on(world.secretary, JULY), finding=finding, remedy="Đã đánh giá xong")
    inspections.report_inspection(by=by, inspection=found)

    client = client_for(world.overseer)
    pdf = client.get(reverse("qms_inspection_report", args=[found.uid, "pdf"])).content
    word = client.get(reverse("qms_inspection_report", args=[found.uid, "docx"])).content

    said = words(pdf)
    assert "12/KH-SKHCN" in unbroken(said)
    assert "Chưa đánh giá nội bộ" in said
    assert "Đã đánh giá xong" in said
    assert "Khắc phục trong 30 ngày" in said
    assert {finding.code for finding in lint_docx(word)} <= OPEN
    assert client.get(reverse("qms_inspection_report", args=[found.uid, "exe"])).status_code == 404


def test_report_of_the_province_keeps_the_three_answers_apart_and_names_who_has_not_begun(
    world: World, client_for
) -> None:
    effective_world(world)
    make_organisation("Sở Nội vụ")
    found = scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)
    scores.confirm_year(by=on(world.overseer, END), agency_year=found, decision_number="05/QĐ-SKHCN")
    client = client_for(world.overseer)

    answer = client.get(reverse("qms_province_report", args=["pdf"]), {"nam": "2025"})
    word = client.get(reverse("qms_province_report", args=["docx"]), {"nam": "2025"}).content
    refused = client_for(world.secretary).get(reverse("qms_province_report", args=["pdf"]), {"nam": "2025"})

    said = words(answer.content)
    assert "năm 2025" in said
    assert "Đã công bố: 1/3 (33,3%)" in said
    assert "Áp dụng hiệu quả: 1/3 (33,3%)" in said
    assert "05/QĐ-SKHCN" in unbroken(said)
    assert "Sở Nội vụ" in said
    assert {finding.code for finding in lint_docx(word)} <= OPEN
    assert refused.status_code == 404
