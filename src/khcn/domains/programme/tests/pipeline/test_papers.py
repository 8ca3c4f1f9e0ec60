"""The pipeline's Word files keep the layout of Decree 30/2020 and say what the records say."""

import io

import pytest
from docx import Document

from khcn.domains.programme.queries import papers
from khcn.domains.programme.services import approvals
from khcn.standards.nd30.docx_writer import render_docx
from khcn.standards.nd30.lint import lint_docx

from . import journey

pytestmark = pytest.mark.django_db
#: Who signs is written when the paper is signed.
FILLED_IN_BY_HAND = {"signature.name_missing"}


@pytest.fixture
def approved(cast, full_proposal, today, moment):
    call, mine, _, later = journey.ready_to_approve(cast, full_proposal, today, moment)
    task = approvals.approve_application(by=cast.leader, application=mine, decision_number="99/QĐ-UBND", on=later)
    return call, task


def words(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_papers_of_one_file_pass_the_format_checker(cast, approved):
    call, task = approved
    proposal, office = task.order.proposal, cast.units.office
    for unit in (office, proposal.proposer):
        unit.address = "Quốc lộ 14, phường Bình Phước, tỉnh Đồng Nai"
    made = {
        "A1": papers.proposal_form(proposal),
        "C0": papers.look_up_form(proposal.checks.get(), office=office),
        "QĐ-DM": papers.order_list_paper(task.order.order_list, office=office),
        "TB-TC": papers.call_notice(call, office=office),
        "B2-1": papers.opening_minutes(call, office=office),
        "B3-4": papers.approval_decision(task, office=office),
    }

    findings = {
        name: {item.code for item in lint_docx(render_docx(paper))} - FILLED_IN_BY_HAND for name, paper in made.items()
    }

    assert findings == {name: set() for name in made}


def test_papers_say_what_the_records_say(cast, approved):
    call, task = approved
    proposal = task.order.proposal

    assert proposal.title in words(render_docx(papers.proposal_form(proposal)))
    look_up = words(render_docx(papers.look_up_form(proposal.checks.get(), office=None)))
    assert "Không thấy đề tài trùng." in look_up
    assert "không phải là bằng chứng trùng lặp" in look_up
    assert "Viện Nghiên cứu Nông nghiệp" in words(render_docx(papers.opening_minutes(call, office=None)))
    assert "Một tỷ đồng" in words(render_docx(papers.approval_decision(task, office=None)))


@pytest.mark.parametrize(("kind", "code"), [("research", "A1"), ("pilot_production", "A2"), ("scheme", "A3")])
def test_proposal_form_follows_the_kind_of_task(cast, full_proposal, today, kind, code):
    proposal = journey.draft(cast, full_proposal, today, kind=kind)

    assert f"Mẫu {code}-ĐXNV" in words(render_docx(papers.proposal_form(proposal)))
