"""Files the papers of a council as Word documents: blank forms, the count, the minutes."""

from datetime import date

from khcn.domains.programme.choices import CouncilKind
from khcn.domains.programme.queries.papers import councils as papers
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document
from khcn.kernel.documents.services import register_document
from khcn.kernel.procedures.models import Council, CouncilPaper
from khcn.lib.actor import Actor
from khcn.standards.nd30.document import OfficialDocument
from khcn.standards.nd30.docx_writer import render_docx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_blank_forms(*, by: Actor, council: Council, on: date) -> list[Document]:
    """The forms that go out with the papers: review and ballot; an appraisal team has none, only its agenda."""
    made = [("danh-sach", "Danh sách thành viên và thành phần họp", papers.quorum_list(council, on=on))]
    if council.kind != CouncilKind.BUDGET_APPRAISAL:
        made += [
            ("phieu-nhan-xet", "Phiếu nhận xét (mẫu trống)", papers.review_form(council, on=on)),
            ("phieu-danh-gia", "Phiếu đánh giá (mẫu trống)", papers.blank_ballot(council, on=on)),
        ]
    return [_file(by, council, DocumentKind.FORM, title, slug, paper, on) for slug, title, paper in made]


def file_count(*, by: Actor, council: Council, on: date) -> Document:
    """The minutes of the count, kept with the council's papers."""
    document = _file(
        by,
        council,
        DocumentKind.MINUTES,
        "Biên bản kiểm phiếu",
        "bien-ban-kiem-phieu",
        papers.count_minutes(council),
        on,
    )
    CouncilPaper.objects.create(council=council, document=document, role="count")
    return document


def file_minutes(*, by: Actor, council: Council, conclusion: str, on: date) -> Document:
    """The minutes of the session with the conclusion about to be signed."""
    paper = papers.meeting_minutes(council, conclusion=conclusion)
    return _file(by, council, DocumentKind.MINUTES, "Biên bản họp", "bien-ban-hop", paper, on)


def _file(
    by: Actor, council: Council, kind: DocumentKind, title: str, slug: str, paper: OfficialDocument, on: date
) -> Document:
    return register_document(
        by=by, kind=kind, title=f"{title} – {council.code}", content=render_docx(paper),
        filename=f"{council.code}-{slug}.docx", media_type=WORD, owner=council.organisation, issued_on=on,
        subject_type=council._meta.label_lower, subject_uid=council.uid, role=slug,
    )  # fmt: skip
