"""The proposal form (A1, A2, A3) and the result of the look-up (C0), filled in from the record."""

from typing import Final

from khcn.domains.programme.choices import TaskKind
from khcn.domains.programme.models import Proposal, SimilarityCheck
from khcn.domains.programme.queries.papers.letterhead import day, fact_lines, issuer_of, mark_of, money, place_of
from khcn.domains.programme.queries.proposals import form_code
from khcn.domains.programme.rules.similarity import CAVEAT, Corpus
from khcn.domains.programme.rules.similarity.comparison import Outcome, Relation
from khcn.domains.programme.rules.similarity.facets import Facet
from khcn.kernel.orgs.models import Organisation
from khcn.lib.dates import format_moment
from khcn.standards.nd30.document import (
    BlankLines,
    Block,
    CheckBoxes,
    Heading,
    HeadingLevel,
    OfficialDocument,
    Paragraph,
    Run,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.forms import SIGN_NOTE, form_document

TITLES: Final = {
    "A1-ĐXNV": "Phiếu đề xuất đề tài khoa học và công nghệ",
    "A2-ĐXNV": "Phiếu đề xuất dự án sản xuất thử nghiệm",
    "A3-ĐXNV": "Phiếu đề xuất đề án khoa học",
}
#: Parts of the form in the order in which they are printed.
PARTS: Final = (
    ("grounds", "Căn cứ đề xuất"),
    ("need", "Tính cấp thiết của nhiệm vụ"),
    ("objective", "Mục tiêu"),
    ("contents", "Nội dung chính và kết quả dự kiến"),
    ("expected_products", "Yêu cầu đối với sản phẩm"),
    ("application_address", "Khả năng và địa chỉ ứng dụng, cam kết sử dụng kết quả"),
    ("effects", "Dự kiến hiệu quả mang lại"),
)


def proposal_form(proposal: Proposal) -> OfficialDocument:
    """The form of the proposal's kind, as its unit signs it; parts left empty are dotted to write by hand."""
    code = form_code(proposal)
    years = " – ".join(str(year) for year in (proposal.year_from, proposal.year_to) if year)
    body: list[Block] = fact_lines(
        (
            ("1. Tên nhiệm vụ", proposal.title),
            ("2. Hình thức thực hiện", TaskKind(proposal.kind).label),
            ("Kế hoạch, lĩnh vực", " – ".join(str(part) for part in (proposal.plan, proposal.field) if part)),
            ("Địa bàn", proposal.place),
            ("Thời gian thực hiện dự kiến", years),
            ("Kinh phí dự kiến", money(proposal.budget_vnd)),
            ("Cơ quan đặt hàng", str(proposal.orderer or "")),
        )
    )
    for number, (name, title) in enumerate(PARTS, start=3):
        body.append(Heading(HeadingLevel.CLAUSE, str(number), title))
        text = str(getattr(proposal, name)).strip()
        body += [Paragraph(part) for part in text.splitlines() if part.strip()] or [BlankLines(2)]
    return form_document(
        title=TITLES[code],
        subject=f"(Mẫu {code}) Mã phiếu: {proposal.code}",
        issuer=issuer_of(proposal.proposer),
        facts=(),
        body=body,
        place=place_of(proposal.proposer),
        issued_on=proposal.submitted_on,
        signers=(Signature("Thủ trưởng đơn vị đề xuất", note="(Ký, ghi rõ họ tên và đóng dấu)"),),
        mark=mark_of(proposal.is_illustration),
    )


def look_up_form(check: SimilarityCheck, *, office: Organisation | None) -> OfficialDocument:
    """Form C0-KQTrC: what was searched, the topics found with what differs, and the searcher's signed words."""
    proposal = check.proposal
    corpora = ", ".join(Corpus(corpus).label.lower() for corpus in check.corpora)
    rows = [
        (
            str(hit["rank"]),
            " – ".join(part for part in (hit["code"], hit["title"]) if part),
            " ".join(part for part in (hit["host"], f"({hit['year']})" if hit["year"] else "") if part),
            "; ".join(_sentence(part) for part in hit["facets"] if part["outcome"] != Outcome.ABSENT),
            Relation(hit["relation"]).label,
        )
        for hit in check.hits
    ]
    columns = (
        TableColumn("TT", 0.5),
        TableColumn("Mã, tên nhiệm vụ tìm thấy", 3),
        TableColumn("Tổ chức chủ trì, năm", 1.6),
        TableColumn("So sánh từng phần", 3.4),
        TableColumn("Mức độ liên quan", 1.3),
    )
    body: list[Block] = [
        *fact_lines(
            (
                ("Đề xuất", f"{proposal.code} – {proposal.title}"),
                ("Đơn vị đề xuất", str(proposal.proposer)),
                ("Ngày nộp", day(proposal.submitted_on)),
                ("Nguồn tra cứu", f"{corpora}; {check.corpus_size} bản ghi"),
                ("Thời điểm tra cứu", format_moment(check.checked_at)),
            )
        ),
        Table(columns, rows, caption="Các nhiệm vụ có tên và nội dung gần nhất")
        if rows
        else Paragraph("Không tìm thấy nhiệm vụ nào có tên hoặc nội dung gần với đề xuất."),
        Paragraph((Run(CAVEAT, italic=True),)),
        Paragraph((Run("Nhận định của người tra cứu: ", bold=True), Run(check.verdict or "………………………"))),
        CheckBoxes(
            ("Không trùng lặp", "Trùng lặp"), None if check.is_duplicate is None else 1 if check.is_duplicate else 0
        ),
    ]
    if check.signed_at:
        body.append(Paragraph(f"{check.checked_by} đã ký trên hệ thống lúc {format_moment(check.signed_at)}."))
    return form_document(
        title="Phiếu kết quả tra cứu thông tin",
        subject="(Mẫu C0-KQTrC) về các nhiệm vụ khoa học và công nghệ có liên quan",
        issuer=issuer_of(office),
        facts=(),
        body=body,
        place=place_of(office),
        issued_on=check.signed_at.date() if check.signed_at else None,
        signers=(Signature("Người tra cứu", name=str(check.checked_by or ""), note=SIGN_NOTE),),
        mark=mark_of(proposal.is_illustration),
    )


def _sentence(part: dict[str, str]) -> str:
    facet, outcome = Facet(part["facet"]).label, Outcome(part["outcome"])
    asked, found = part["asked"] or "không nêu", part["found"] or "không nêu"
    if outcome is Outcome.SAME:
        return f"{facet}: giống nhau"
    return f"{facet}: {outcome.label} (“{asked}” – “{found}”)"
