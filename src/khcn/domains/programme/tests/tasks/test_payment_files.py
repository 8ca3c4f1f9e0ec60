"""Payment files: the papers of the Treasury, what blocks and what warns, the way into the ledger, the screens."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as WordFile

from khcn.domains.programme.choices import (
    BudgetLineKind,
    FundingSourceKind,
    LedgerEntryKind,
    PaperNeed,
    PaymentFileState,
    RuleStatus,
    TreasuryPayment,
)
from khcn.domains.programme.errors import MoneyRefused, NotNow
from khcn.domains.programme.models import LedgerEntry, PaymentFile, RuleSet, TreasuryPaper
from khcn.domains.programme.queries.payment_files import paper_rules_of, shown_file
from khcn.domains.programme.rules.rule_trace import RuleTrace, recompute
from khcn.domains.programme.services import attachments, contracts, money
from khcn.domains.programme.services import payment_files as services
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.models import Document, Revision
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
S1, K = FundingSourceKind.S1_RECURRENT, LedgerEntryKind
M = 10**6
ON = date(2022, 8, 1)
FIRST = ("QD-PD", "HD", "DT-NAM", "GRDT-TU")
PAPER = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def world():
    world = make_world()
    contracts.sign_contract(
        by=world.director.actor, task=world.task, number="1", signed_on=date(2022, 7, 1), start_on=date(2022, 7, 1),
        end_on=date(2024, 6, 30), signed_by_both=True,
    )  # fmt: skip
    money.enter(
        by=world.accountant.actor, task=world.task, kind=K.ALLOCATION, source=S1, year=2022, amount_vnd=1_000 * M,
        on=ON, document_number="QĐ-1", key="allocation",
    )  # fmt: skip
    return world


def draw_up(world, kind=K.ADVANCE, millions=400, **values):
    return services.draw_up_file(
        by=world.accountant.actor, task=world.task, kind=kind, source=S1, year=2022, amount_vnd=millions * M, on=ON,
        **values,
    )  # fmt: skip


def attach(world, file, *codes, by=None):
    for code in codes:
        services.attach_paper(
            by=by or world.accountant.actor, file=file, code=code, content=f"{PAPER}{code}\n%%EOF\n".encode(),
            filename=f"{code}.pdf", on=ON,
        )  # fmt: skip


def pay(world, file, number="UNC-1"):
    services.send_file(by=world.accountant.actor, file=file, on=ON)
    return services.enter_file(by=world.accountant.actor, file=file, document_number=number, on=ON)


def blocking(file):
    return {row.line.rule.code for row in shown_file(file, on=ON).blocking}


def test_file_of_a_first_advance_asks_for_its_papers_and_is_not_sent_without_them(world):
    file = draw_up(world)
    attach(world, file, "QD-PD", "HD", "DT-NAM")

    assert file.payment == TreasuryPayment.FIRST_ADVANCE
    assert blocking(file) == {"GRDT-TU"}
    with pytest.raises(NotNow, match="Giấy rút dự toán"):
        services.send_file(by=world.accountant.actor, file=file, on=ON)

    file.refresh_from_db()
    assert (file.state, file.sent_on, file.checked) == (PaymentFileState.DRAFTING, None, {})


@pytest.mark.database
def test_file_with_its_papers_is_sent_paid_and_entered_once(world):
    file = draw_up(world)
    attach(world, file, *FIRST)

    entry = pay(world, file)

    file.refresh_from_db()
    assert (file.state, file.entry) == (PaymentFileState.ENTERED, entry)
    assert (entry.kind, entry.amount_vnd, entry.document_number) == ("advance", 400 * M, "UNC-1")
    assert file.code in entry.note
    assert recompute(RuleTrace.from_json(file.checked)).agrees
    with pytest.raises(NotNow):
        services.enter_file(by=world.accountant.actor, file=file, document_number="UNC-2", on=ON)
    assert LedgerEntry.objects.filter(kind="advance").count() == 1


def test_file_that_breaks_a_rule_of_the_money_is_not_sent(world):
    file = draw_up(world, millions=600)
    attach(world, file, *FIRST)

    with pytest.raises(NotNow, match="Tạm ứng lần đầu tối đa"):
        services.send_file(by=world.accountant.actor, file=file, on=ON)


def test_missing_paper_that_only_warns_does_not_hold_the_file(world):
    pay_first = draw_up(world)
    attach(world, pay_first, *FIRST)
    pay(world, pay_first)
    file = draw_up(world, kind=K.CLEARANCE, millions=200, line=BudgetLineKind.REMUNERATION)
    attach(world, file, "GDN-TTTU", "BK-KL", "XN-KL")

    warned = {row.line.rule.code for row in shown_file(file, on=ON).warning}
    services.send_file(by=world.accountant.actor, file=file, on=ON)

    assert {"GRDT-TU", "BK-TC"} <= warned
    assert file.state == PaymentFileState.SENT


def test_last_payment_asks_for_the_minutes_of_acceptance_and_a_tender_for_its_decision(world):
    file = draw_up(world, kind=K.PAYMENT, is_last=True, has_tender=True)

    assert file.payment == TreasuryPayment.LAST_PAYMENT
    assert {"BB-NT", "QD-KQLCNT"} <= blocking(file)


def test_edit_of_a_file_changes_what_is_due_and_refuses_an_old_version(world):
    file = draw_up(world, kind=K.PAYMENT)
    before = blocking(file)
    changes = {name: getattr(file, name) for name in services.EDITABLE} | {"kind": K.ADVANCE}

    services.edit_file(by=world.accountant.actor, file=file, changes=changes, expected_version=1)

    assert file.payment == TreasuryPayment.FIRST_ADVANCE
    assert blocking(file) == set(FIRST) != before
    with pytest.raises(Stale):
        services.edit_file(
            by=world.accountant.actor, file=file, changes={**changes, "amount_vnd": 1}, expected_version=1
        )
    file.refresh_from_db()
    assert file.amount_vnd == 400 * M


def test_paper_attached_again_is_a_revision_and_another_paper_stands_apart(world):
    file = draw_up(world)
    attach(world, file, "HD")
    services.attach_paper(
        by=world.accountant.actor,
        file=file,
        code="HD",
        content=PAPER.encode(),
        filename="moi.pdf",
        on=ON,
        number="9/HĐ",
    )
    services.attach_paper(
        by=world.accountant.actor, file=file, code="", title="Giấy ủy quyền", content=PAPER.encode(),
        filename="uy-quyen.pdf", on=ON,
    )  # fmt: skip

    shown = shown_file(file, on=ON)
    contract = next(row for row in shown.papers if row.line.rule.code == "HD")

    assert (contract.revision.number, contract.revision.filename, contract.document.number) == (2, "moi.pdf", "9/HĐ")
    assert [item.title for item in shown.others] == ["Giấy ủy quyền"]
    with pytest.raises(Refused, match="không cần giấy tờ"):
        attach(world, file, "BB-NT")


def test_paper_of_an_earlier_file_is_used_again(world):
    first = draw_up(world)
    attach(world, first, *FIRST)
    pay(world, first)
    file = draw_up(world, kind=K.PAYMENT, millions=100)

    known = {row.line.rule.code for row in shown_file(file, on=ON).papers if row.known}
    services.reuse_paper(by=world.accountant.actor, file=file, code="HD")

    assert "HD" in known
    assert "HD" not in blocking(file)
    with pytest.raises(Refused, match="chưa có giấy tờ này"):
        services.reuse_paper(by=world.accountant.actor, file=file, code="BK-KL")


def test_file_once_sent_takes_no_papers_until_it_is_taken_back(world):
    file = draw_up(world)
    attach(world, file, *FIRST)
    services.send_file(by=world.accountant.actor, file=file, on=ON)

    with pytest.raises(NotNow):
        attach(world, file, "HD")
    with pytest.raises(NotNow, match="lý do"):
        services.take_back_file(by=world.accountant.actor, file=file, reason=" ", on=ON)
    services.take_back_file(by=world.accountant.actor, file=file, reason="Sai số tài khoản", on=ON)
    attach(world, file, "HD")

    assert file.state == PaymentFileState.DRAFTING


def test_sent_file_keeps_the_checklist_of_its_day_when_the_rule_changes(world):
    file = draw_up(world)
    attach(world, file, *FIRST)
    services.send_file(by=world.accountant.actor, file=file, on=ON)
    TreasuryPaper.objects.create(
        rule_set=world.task.rule_set, payment=TreasuryPayment.FIRST_ADVANCE, code="NEW", title="Giấy mới",
        need=PaperNeed.BLOCK, status=RuleStatus.PROVINCIAL, valid_from=date(2022, 7, 15),
    )  # fmt: skip

    assert "NEW" not in {row.line.rule.code for row in shown_file(file, on=ON).papers}
    assert "NEW" in blocking(draw_up(world))


def test_rule_set_of_a_province_takes_a_paper_away_from_the_one_it_follows(world):
    province = RuleSet.objects.create(code="T", title="Quy định của tỉnh", regime="A", pinning="at_filing",
                                      follows=world.task.rule_set)  # fmt: skip
    TreasuryPaper.objects.create(
        rule_set=province, payment=TreasuryPayment.FIRST_ADVANCE, code="DT-NAM", title="Dự toán năm",
        need=PaperNeed.NONE, status=RuleStatus.PROVINCIAL,
    )  # fmt: skip
    world.task.rule_set = province
    world.task.save()

    assert {row.code: row.need for row in paper_rules_of(province, on=ON)
            if row.payment is TreasuryPayment.FIRST_ADVANCE}["DT-NAM"] is PaperNeed.NONE  # fmt: skip
    assert blocking(draw_up(world)) == set(FIRST) - {"DT-NAM"}


def test_accountant_attaches_to_payment_files_and_to_nothing_else(world):
    file = draw_up(world)
    told = {
        "kind": DocumentKind.OTHER, "title": "Tài liệu", "content": PAPER.encode(), "filename": "a.pdf",
    }  # fmt: skip

    attachments.attach_document(by=world.accountant.actor, subject=file, **told)
    attachments.attach_document(by=world.host.actor, subject=file, **told)
    for stranger in (world.specialist, world.finance, make_member(Role.HOST)):
        with pytest.raises(Forbidden):
            attachments.attach_document(by=stranger.actor, subject=file, **told)
    with pytest.raises(Forbidden):
        attachments.attach_document(by=world.accountant.actor, subject=world.task, **told)


@pytest.mark.parametrize("who", ["specialist", "host", "finance", "director"])
def test_only_the_accountant_draws_up_sends_and_enters(world, who):
    file = draw_up(world)
    attach(world, file, *FIRST)
    actor = getattr(world, who).actor

    with pytest.raises(Forbidden):
        services.draw_up_file(by=actor, task=world.task, kind=K.ADVANCE, source=S1, year=2022, amount_vnd=1, on=ON)
    with pytest.raises(Forbidden):
        services.edit_file(by=actor, file=file, changes={"amount_vnd": 1})
    with pytest.raises(NotNow, match="Chỉ"):
        services.send_file(by=actor, file=file, on=ON)
    services.send_file(by=world.accountant.actor, file=file, on=ON)
    with pytest.raises(Forbidden):
        services.enter_file(by=actor, file=file, document_number="1", on=ON)


def test_ledger_takes_a_payment_without_a_file_only_with_the_reason(world):
    told = {
        "by": world.accountant.actor, "task": world.task, "kind": K.ADVANCE, "source": S1, "year": 2022,
        "amount_vnd": 100 * M, "on": ON, "document_number": "UNC", "key": "k",
    }  # fmt: skip

    with pytest.raises(Refused) as refused:
        money.enter(**told)
    entry = money.enter(**told, without_file="Kho bạc đã chi ngày 02/6/2022")

    assert refused.value.field == "without_file"
    assert entry.note == "Không qua hồ sơ thanh toán: Kho bạc đã chi ngày 02/6/2022."


def test_counterpart_money_and_other_entries_have_no_file(world):
    for values, field in (({"source": FundingSourceKind.S4_COUNTERPART, "kind": K.ADVANCE}, "source"),
                          ({"source": S1, "kind": K.ALLOCATION}, "kind")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            services.draw_up_file(by=world.accountant.actor, task=world.task, year=2022, amount_vnd=1, on=ON, **values)
        assert refused.value.field == field
    assert not PaymentFile.objects.exists()


def test_money_refused_when_paying_leaves_the_file_sent(world):
    first, second = draw_up(world, millions=400), draw_up(world, millions=400)
    for file in (first, second):
        attach(world, file, *FIRST)
        services.send_file(by=world.accountant.actor, file=file, on=ON)
    services.enter_file(by=world.accountant.actor, file=first, document_number="UNC-1", on=ON)

    with pytest.raises(MoneyRefused):
        services.enter_file(by=world.accountant.actor, file=second, document_number="UNC-2", on=ON)

    second.refresh_from_db()
    assert (second.state, second.entry) == (PaymentFileState.SENT, None)


# --- screens ---------------------------------------------------------------------------------------------------------


def test_accountant_goes_from_the_task_to_the_ledger_by_the_screens(world):
    client = client_for(world.accountant)
    tab = client.get(reverse("task_tab", args=[world.task.uid, "kinh-phi"])).content.decode()
    new = reverse("payment_file_new", args=[world.task.uid])
    assert new in tab
    made = client.post(new, {"kind": "advance", "source": "S1", "year": "2022", "amount_vnd": "400 triệu"})
    file = PaymentFile.objects.get()
    page = reverse("payment_file_page", args=[file.uid])
    assert made["Location"] == page
    assert "Còn thiếu 4 giấy tờ bắt buộc" in client.get(page).content.decode()
    step = [reverse("payment_file_act", args=[file.uid, event]) for event in ("send", "enter")]

    refused = client.post(
        step[0], {"version": file.version}, headers={"Referer": f"http://testserver{page}"}, follow=True
    )
    assert "Hồ sơ còn thiếu giấy tờ bắt buộc" in refused.content.decode()
    for code in FIRST:
        sent = SimpleUploadedFile(f"{code}.pdf", f"{PAPER}{code}\n%%EOF\n".encode())
        client.post(reverse("payment_file_attach", args=[file.uid]), {"code": code, "file": sent, "number": "12/KB"})
    assert "Hồ sơ đủ giấy tờ" in client.get(page).content.decode()
    client.post(step[0], {"version": file.version})
    file.refresh_from_db()
    assert file.state == "sent"
    client.post(step[1], {"version": file.version, "document_number": "UNC-7", "on": "05/08/2022"})

    file.refresh_from_db()
    assert file.entry.on == date(2022, 8, 5)
    tab = client.get(reverse("task_tab", args=[world.task.uid, "kinh-phi"])).content.decode()
    assert page in tab


def test_finance_officer_reads_list_page_papers_and_file_but_changes_nothing(world):
    file = draw_up(world)
    attach(world, file, "HD")
    client = client_for(world.finance)
    revision = Revision.objects.get(document__role="HD")

    listed = client.get(reverse("payment_file_list")).content.decode()
    page = client.get(reverse("payment_file_page", args=[file.uid])).content.decode()

    assert file.code in listed
    assert "thiếu 3 bắt buộc" in listed
    assert "HD.pdf" in page
    assert reverse("payment_file_edit", args=[file.uid]) not in page
    assert client.get(reverse("document_file", args=[revision.uid])).status_code == 200
    assert client.get(reverse("payment_file_edit", args=[file.uid])).status_code == 403
    assert client.get(reverse("payment_file_list"), {"tai": "xlsx"}).status_code == 200
    assert file.code in client.get(reverse("payment_file_list"), {"q": "nam phong benh"}).content.decode()
    assert file.code not in client.get(reverse("payment_file_list"), {"q": "khongcogi"}).content.decode()


def test_file_and_its_papers_are_hidden_from_strangers_and_shown_to_the_host(world):
    file = draw_up(world)
    attach(world, file, "HD")
    address = reverse("payment_file_page", args=[file.uid])
    paper = reverse("document_file", args=[Revision.objects.get(document__role="HD").uid])

    assert client_for(world.host).get(address).status_code == 200
    assert client_for(world.host).get(paper).status_code == 200
    for stranger in (make_member(Role.HOST), world.user):
        assert client_for(stranger).get(address).status_code == 404
        assert client_for(stranger).get(paper).status_code == 404
    assert client_for(world.host).get(reverse("payment_file_list")).status_code == 403


def test_cover_list_names_every_paper_and_what_is_missing(world):
    file = draw_up(world)
    attach(world, file, "QD-PD", "HD")

    answer = client_for(world.accountant).get(reverse("payment_file_word", args=[file.uid]))

    word = WordFile(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    first = next(row[:5] for row in cells if row[0] == "1" and len(row) == 6)
    assert first == ["1", "Quyết định phê duyệt nhiệm vụ của cấp có thẩm quyền", "", "bản chính", "Có"]
    assert "Thiếu (bắt buộc)" in {row[4] for row in cells if len(row) == 6}
    assert "còn thiếu giấy tờ bắt buộc: Dự toán năm" in text
    assert "Bốn trăm triệu đồng" in text + "\n".join(cell for row in cells for cell in row)


def test_list_statements_do_not_grow_with_files(world, sql_count):
    draw_up(world)
    client = client_for(world.finance)
    address = reverse("payment_file_list")
    client.get(address)
    with sql_count() as few:
        client.get(address)
    for _number in range(5):
        attach(world, draw_up(world), "HD")
    with sql_count() as many:
        client.get(address)

    assert len(many) == len(few)
    assert Document.objects.filter(role="HD").count() == 5
