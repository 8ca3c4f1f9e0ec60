"""The papers of a council: who is called, blank review and ballot, minutes of the count and of the session."""

from datetime import date
from typing import Final

from khcn.domains.programme.choices import CouncilKind, Grade, PassFail, SeatRole
from khcn.domains.programme.queries.councils.outcomes import Outcome, outcomes_of
from khcn.domains.programme.queries.councils.seating import sitting
from khcn.domains.programme.queries.councils.sheets import PRODUCT_CRITERIA, Sheet, sheet_of
from khcn.domains.programme.queries.papers.estimates import breach_blocks, norm_check
from khcn.domains.programme.queries.papers.letterhead import day, issuer_of, mark_of
from khcn.kernel.procedures.models import Council, Seat
from khcn.lib.dates import format_moment
from khcn.standards.nd30.document import (
    MINUTES,
    Align,
    Block,
    Heading,
    HeadingLevel,
    KeyValues,
    OfficialDocument,
    Paragraph,
    Run,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.forms import SIGN_NOTE, Criterion, form_document, question, remarks, scoring_table

#: Codes of the national forms that each paper stands for, by kind; empty where no circular names one.
FORMS: Final = {
    CouncilKind.IDENTIFICATION: {"review": "", "ballot": "C1-PĐG", "count": "C3-BBKP", "minutes": "D1-BBHĐ"},
    CouncilKind.SELECTION: {"review": "", "ballot": "", "count": "B2-4-KPĐG", "minutes": "B2-6-BBHĐ"},
    CouncilKind.BUDGET_APPRAISAL: {"review": "", "ballot": "", "count": "", "minutes": "B3-1-BBTĐ"},
    CouncilKind.ACCEPTANCE: {"review": "Mẫu 4", "ballot": "Mẫu 7", "count": "Mẫu 8", "minutes": "Mẫu 9"},
    CouncilKind.CHANGE: {"review": "", "ballot": "", "count": "", "minutes": "C-1-BBHĐTV"},
}


def quorum_list(council: Council, *, on: date) -> OfficialDocument:
    """Everybody called, with a column to sign in; those present are marked once the session has opened."""
    columns = (
        TableColumn("TT", 0.5, Align.CENTRE),
        TableColumn("Họ và tên", 2.4),
        TableColumn("Nơi công tác", 2.6),
        TableColumn("Tư cách", 1.8),
        TableColumn("Có mặt", 0.9, Align.CENTRE),
        TableColumn("Ký tên", 1.4),
    )
    rows = [
        (
            str(number), str(seat.person), str(seat.person.employer or ""), SeatRole(seat.role).label,
            "" if seat.is_present is None else "Có" if seat.is_present else "Vắng", "",
        )
        for number, seat in enumerate(sitting(council), start=1)
    ]  # fmt: skip
    return form_document(
        title="Danh sách thành viên dự họp", subject=council.title, issuer=issuer_of(council.organisation),
        facts=_facts(council), body=(Table(columns, rows),), signers=_secretary(council), issued_on=on,
        mark=mark_of(council.is_illustration),
    )  # fmt: skip


def review_form(council: Council, *, on: date) -> OfficialDocument:
    """A blank written opinion, one part per record judged."""
    body: list[Block] = []
    for number, subject in enumerate(council.subjects.order_by("id"), start=1):
        body.append(Heading(HeadingLevel.CLAUSE, str(number), subject.label))
        for label in ("Nhận xét về nội dung", "Hạn chế, vấn đề cần làm rõ", "Kiến nghị"):
            body += remarks(label)
    return form_document(
        title="Phiếu nhận xét", subject=_code(council, "review"), issuer=issuer_of(council.organisation),
        facts=(*_facts(council), ("Họ và tên thành viên", "")), body=body,
        signers=(Signature("Người nhận xét", note=SIGN_NOTE),), mark=mark_of(council.is_illustration),
    )  # fmt: skip


def blank_ballot(council: Council, *, on: date) -> OfficialDocument:
    """A blank ballot with what the pinned rules make it ask, one part per record judged."""
    body: list[Block] = []
    for number, subject in enumerate(council.subjects.order_by("id"), start=1):
        body.append(Heading(HeadingLevel.CLAUSE, str(number), subject.label))
        body += _asked(sheet_of(council, subject, on=on))
        body += remarks("Ý kiến khác", lines=2)
    return form_document(
        title="Phiếu đánh giá", subject=_code(council, "ballot"), issuer=issuer_of(council.organisation),
        facts=_facts(council), body=body, signers=(Signature("Thành viên hội đồng", note=SIGN_NOTE),),
        mark=mark_of(council.is_illustration),
    )  # fmt: skip


def count_minutes(council: Council) -> OfficialDocument:
    """The minutes of the count: ballots handed out and valid, and the figures of each record. Names no voter."""
    voters = [seat for seat in sitting(council) if seat.votes]
    present = sum(bool(seat.is_present) for seat in voters)
    return form_document(
        title="Biên bản kiểm phiếu", subject=_code(council, "count"), kind=MINUTES,
        issuer=issuer_of(council.organisation),
        facts=(
            *_facts(council),
            ("Số thành viên có quyền bỏ phiếu", f"{len(voters):02d}"),
            ("Số thành viên có mặt bỏ phiếu", f"{present:02d}"),
        ),
        body=_results(council), signers=_secretary(council), mark=mark_of(council.is_illustration),
    )  # fmt: skip


def meeting_minutes(council: Council, *, conclusion: str = "") -> OfficialDocument:
    """The minutes of the session: who was there, what was judged, the results and the conclusion."""
    seats = sitting(council)
    away = [str(seat.person) for seat in seats if not seat.is_present]
    body: list[Block] = [
        Heading(HeadingLevel.CLAUSE, "1", "Thành phần"),
        Paragraph(f"Có mặt: {_names([seat for seat in seats if seat.is_present]) or 'chưa điểm danh'}."),
        Paragraph(f"Vắng mặt: {', '.join(away) if away else 'không'}."),
        Heading(HeadingLevel.CLAUSE, "2", "Nội dung xem xét"),
    ]
    body += [Paragraph(f"{subject.label}.") for subject in council.subjects.order_by("id")]
    if council.kind == CouncilKind.BUDGET_APPRAISAL:
        body += [Heading(HeadingLevel.CLAUSE, "3", "Đối chiếu định mức"), *breach_blocks(council)]
    body += [Heading(HeadingLevel.CLAUSE, str(_next_clause(body)), "Kết quả"), *_results(council)]
    body += [Heading(HeadingLevel.CLAUSE, str(_next_clause(body)), "Kết luận")]
    text = conclusion or council.conclusion
    body += [Paragraph(part) for part in text.splitlines() if part.strip()] or list(remarks("Kết luận của phiên họp"))
    return form_document(
        title="Biên bản họp", subject=_code(council, "minutes"), kind=MINUTES, issuer=issuer_of(council.organisation),
        facts=_facts(council), body=body, signers=(*_secretary(council), _presiding(council, seats)),
        mark=mark_of(council.is_illustration),
    )  # fmt: skip


PAPERS: Final = {
    "danh-sach": lambda council, on: quorum_list(council, on=on),
    "phieu-nhan-xet": lambda council, on: review_form(council, on=on),
    "phieu-danh-gia": lambda council, on: blank_ballot(council, on=on),
    "bien-ban-kiem-phieu": lambda council, on: count_minutes(council),
    "bien-ban-hop": lambda council, on: meeting_minutes(council),
    "doi-chieu-dinh-muc": lambda council, on: norm_check(council),
}
#: Papers that show results, and so exist only after the count.
AFTER_COUNT: Final = frozenset({"bien-ban-kiem-phieu", "bien-ban-hop"})


def available(council: Council) -> list[tuple[str, str]]:
    """(slug, title) of the papers that can be made of the council now."""
    titles = [("danh-sach", "Danh sách thành viên dự họp")]
    if council.kind == CouncilKind.BUDGET_APPRAISAL:
        titles.append(("doi-chieu-dinh-muc", "Bảng đối chiếu dự toán với định mức"))
    else:
        titles += [("phieu-nhan-xet", "Phiếu nhận xét (mẫu trống)"), ("phieu-danh-gia", "Phiếu đánh giá (mẫu trống)")]
    if council.state in ("counted", "minutes_signed", "closed"):
        if council.kind != CouncilKind.BUDGET_APPRAISAL:
            titles.append(("bien-ban-kiem-phieu", "Biên bản kiểm phiếu"))
        titles.append(("bien-ban-hop", "Biên bản họp"))
    return titles


def _next_clause(body: list[Block]) -> int:
    return sum(isinstance(block, Heading) for block in body) + 1


def _facts(council: Council) -> tuple[tuple[str, str], ...]:
    return (
        ("Hội đồng", council.title),
        ("Quyết định thành lập", f"{council.decision_number} ngày {day(council.established_on)}".strip()
         if council.decision_number else ""),
        ("Thời gian họp", format_moment(council.meets_at) if council.meets_at else ""),
        ("Địa điểm", council.venue),
    )  # fmt: skip


def _code(council: Council, paper: str) -> str:
    code = FORMS[CouncilKind(council.kind)][paper]
    return f"({code}) {council.code}" if code else council.code


def _asked(sheet: Sheet) -> list[Block]:
    body: list[Block] = []
    if sheet.kind is CouncilKind.IDENTIFICATION:
        for number, text in enumerate(sheet.items.values(), start=1):
            body += question(f"{number}. {text}", ("Đạt yêu cầu", "Không đạt yêu cầu"))
    elif sheet.kind is CouncilKind.SELECTION:
        rows = [Criterion(str(place), text, str(most)) for place, (_, text, most) in enumerate(sheet.criteria, start=1)]
        body.append(scoring_table(rows, total_maximum=str(sum(most for _, _, most in sheet.criteria))))
    elif sheet.kind is CouncilKind.ACCEPTANCE:
        grades = tuple(grade.label for grade in Grade)
        columns = (TableColumn("Sản phẩm", 3), *(TableColumn(name, 1.4) for name in PRODUCT_CRITERIA.values()))
        body.append(Table(columns, [(product.name, "", "", "") for product in sheet.products]))
        body += question("Báo cáo tổng hợp", grades)
        body += question("Xếp loại chung của nhiệm vụ", grades)
    else:
        body += question("Ý kiến về đề nghị điều chỉnh", tuple(
            "Đồng ý" if item is PassFail.PASS else "Không đồng ý" for item in PassFail
        ))  # fmt: skip
    return body


def _results(council: Council) -> list[Block]:
    body: list[Block] = []
    for outcome in outcomes_of(council):
        body += _result(outcome)
    return body


def _result(outcome: Outcome) -> list[Block]:
    return [
        Paragraph((Run(outcome.subject.label, bold=True),)),
        KeyValues((*outcome.figures, ("Kết quả", outcome.label))),
    ]


def _secretary(council: Council) -> tuple[Signature, ...]:
    roles = (SeatRole.SCI_SECRETARY.value, SeatRole.ADMIN_SECRETARY.value)
    seats = sorted((seat for seat in sitting(council) if seat.role in roles), key=lambda seat: roles.index(seat.role))
    return (Signature("Thư ký", name=seats[0].person.full_name if seats else "", note=SIGN_NOTE),)


def _presiding(council: Council, seats: list[Seat]) -> Signature:
    wanted = ("vice_chair", "team_vice") if council.chaired_by_vice else ("chair", "team_head")
    seat = next((item for item in seats if item.role in wanted), None)
    title = SeatRole(seat.role).label if seat else "Người chủ trì"
    return Signature(title, name=seat.person.full_name if seat else "", note=SIGN_NOTE)


def _names(seats: list[Seat]) -> str:
    return "; ".join(f"{seat.person} ({SeatRole(seat.role).label.lower()})" for seat in seats)
