"""A dossier on line and one at the counter, through the browser's own requests, to the result, survey and complaint."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import NationalStatus, OnlineLevel
from khcn.domains.onestop.models import AdministrativeProcedure, Complaint, Dossier
from khcn.domains.onestop.services import catalogue
from khcn.domains.onestop.services.catalogue import Component
from khcn.domains.onestop.services.reference import load_onestop
from khcn.domains.onestop.tests.conftest import PDF, REFERENCE, workflow
from khcn.domains.onestop.views.acts import ACTS
from khcn.kernel.documents.models import OfficialPaper
from khcn.kernel.documents.services import set_identifier
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.kernel.procedures.choices import NormUnit, ProcedureKind
from khcn.kernel.procedures.queries.cases import open_runs
from khcn.kernel.procedures.services import install_procedure
from khcn.lib.actor import Actor
from khcn.lib.roles import Role


class Office:
    """A department's people with their browsers, and a procedure that they publish."""

    def __init__(self, client_for) -> None:
        self.body = make_organisation(
            "Sở Khoa học và Công nghệ", code="SKHCN", address="TP. Đồng Xoài, tỉnh Bình Phước"
        )
        roles = {
            "clerk": Role.ONE_STOP, "specialist": Role.SPECIALIST, "head": Role.HEAD, "director": Role.DIRECTOR,
            "registrar": Role.CLERK,
        }  # fmt: skip
        self.people = {name: make_member(role, organisation=self.body) for name, role in roles.items()}
        self.browsers = {name: client_for(member) for name, member in self.people.items()} | {"citizen": client_for()}
        system = Actor(uid=self.body.uid, name="Hệ thống", on=timezone.localdate(), is_system=True)
        load_onestop(by=system, folder=REFERENCE)
        set_identifier(by=system, organisation=self.body, code="H10.16")
        version = install_procedure(
            by=self.people["specialist"].actor,
            approver=self.people["director"].actor,
            code="QT-01",
            title="Xử lý hồ sơ",
            definition=workflow(),
            kind=ProcedureKind.TTHC,
            owner=self.body,
            effective_from=date(2020, 1, 1),
        )
        self.procedure = catalogue.publish_procedure(
            by=self.people["specialist"].actor,
            code="1.010708",
            deciding=self.body,
            valid_from=date(2020, 1, 1),
            title="Cấp giấy chứng nhận đăng ký hoạt động",
            field="Hoạt động khoa học",
            limit_amount=5,
            limit_unit=NormUnit.WORKING_DAY,
            fee_vnd=300_000,
            result_title="Giấy chứng nhận",
            workflow=version.procedure,
            online_level=OnlineLevel.FULL,
            components=(Component("Đơn đăng ký"),),
        )
        self.application = self.procedure.components.get()

    def get(self, who: str, name: str, *args, **query) -> str:
        response = self.browsers[who].get(reverse(name, args=args), query)
        assert response.status_code == 200, (who, name, response.status_code)
        return response.content.decode() if "text/html" in response["Content-Type"] else ""

    def post(self, who: str, name: str, /, *args, **data):
        return self.browsers[who].post(reverse(name, args=args), data, follow=True)

    def act(self, who: str, dossier: Dossier, event: str, **data) -> Dossier:
        dossier.refresh_from_db()
        response = self.post(who, "dossier_act", dossier.uid, event, version=dossier.version, **data)
        assert response.status_code == 200, (event, response.status_code, response.content.decode()[-3000:])
        dossier.refresh_from_db()
        return dossier

    def work(self, dossier: Dossier, *steps: tuple[str, str]) -> None:
        for who, key in steps:
            (run,) = open_runs(dossier.case)
            assert run.step_key == key
            assert self.post(who, "run_complete", dossier.uid, run.uid, note="Đã xem").status_code == 200

    def paper(self, dossier: Dossier) -> OfficialPaper:
        person = self.people["director"].person
        address = f"{reverse('paper_new')}?ho_so={dossier.uid}"
        response = self.browsers["specialist"].post(
            address,
            {
                "organisation": "SKHCN",
                "kind": "TB",
                "title": "Kết quả giải quyết hồ sơ",
                "notation": "TB-SKHCN",
                "place": "Bình Phước",
                "body": "Hồ sơ đủ điều kiện.\nCấp giấy chứng nhận.",
                "recipients": "Người nộp",
                "archive": "VT",
                "urgency": "0",
                "signer": person.uid,
                "signer_title": "Giám đốc",
                "signer_authority": "",
                "signer_for": "",
                "addressees": "",
                "grounds": "",
            },
            follow=True,
        )
        assert response.status_code == 200, response.content.decode()[-2500:]
        paper = OfficialPaper.objects.latest("id")
        for who, event, data in (
            ("specialist", "check", {}), ("head", "initial", {}), ("director", "sign", {}),
            ("registrar", "number", {"on": f"{timezone.localdate():%d/%m/%Y}"}), ("registrar", "seal", {}),
        ):  # fmt: skip
            paper.refresh_from_db()
            assert self.post(who, "paper_act", paper.uid, event, version=paper.version, **data).status_code == 200
        paper.refresh_from_db()
        return paper


@pytest.fixture
def office(db, client_for) -> Office:
    cache.clear()  # what earlier requests from this address counted
    return Office(client_for)


def pdf(name: str = "don.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def applicant(**more) -> dict:
    return {"name": "Điểu Sơn", "kind": "citizen", "phone": "0901234567", "return_method": "counter", **more}


def test_dossier_on_line_with_supplement_fee_and_extension_reaches_its_result_and_survey(office) -> None:
    assert office.procedure.title in office.get("citizen", "public_procedures", q="dang ky hoat dong")
    assert "Đơn đăng ký" in office.get("citizen", "public_procedure", office.procedure.uid)
    response = office.post(
        "citizen", "public_submit", office.procedure.uid, **applicant(), **{f"c_{office.application.pk}": pdf()}
    )
    dossier = Dossier.objects.get()
    assert dossier.tracking in response.content.decode()
    drawn = office.browsers["citizen"].get(reverse("public_qr", args=[dossier.tracking])).content.decode()
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawn
    for name in ("dossier_work", "dossier_list"):
        assert str(dossier) in office.get("clerk", name)
    assert dossier.applicant_name in office.get("clerk", "dossier_page", dossier.uid)

    office.act("clerk", dossier, "accept")
    assert dossier.code == f"H10.16-{timezone.localdate():%y%m%d}-0001"
    office.act("clerk", dossier, "start")
    office.work(dossier, ("head", "phan_cong"))
    office.act("specialist", dossier, "ask_supplement", reason="Bổ sung bản sao điều lệ")
    assert "Bổ sung bản sao điều lệ" in office.get("citizen", "public_track", dossier.tracking)
    office.post("citizen", "public_act", dossier.tracking, "bo-sung", file=pdf("dieu-le.pdf"))
    dossier.refresh_from_db()
    assert dossier.status == NationalStatus.IN_PROGRESS
    office.act("specialist", dossier, "demand_fee", amount_vnd="300.000", reason="Lệ phí")
    office.act("clerk", dossier, "paid", method="portal", receipt_number="BL-01")
    later = timezone.localdate(dossier.case.due_at) + timedelta(days=9)
    office.act("director", dossier, "extend", until=f"{later:%d/%m/%Y}", reason="Chờ ý kiến Bộ")
    office.work(dossier, ("specialist", "tham_dinh"), ("director", "ky_duyet"))
    paper = office.paper(dossier)
    assert paper.state == "sealed", paper.state
    office.act("specialist", dossier, "decide", paper=paper.pk)
    office.act("clerk", dossier, "hand_over", identity_or_proof="CCCD 070123")
    page = office.get("citizen", "public_track", dossier.tracking)
    office.post(
        "citizen", "public_act", dossier.tracking, "khao-sat", overall="5", attitude="4", time="5", comment="Tốt"
    )
    office.post(
        "citizen", "public_act", dossier.tracking, "phan-anh", sender_name="Điểu Sơn", contents="Nên có ghế chờ"
    )

    result = office.browsers["citizen"].get(reverse("public_result", args=[dossier.tracking]))
    checked = office.post(
        "citizen",
        "verify_signatures",
        file=SimpleUploadedFile("kq.pdf", b"".join(result), content_type="application/pdf"),
    ).content.decode()
    assert "Đánh giá của bạn" in page
    assert dossier.status == NationalStatus.RETURNED
    assert [p.kind for p in dossier.papers.all()] == ["receipt", "supplement", "apology"]
    assert dossier.survey.overall == "5"
    assert Complaint.objects.get().dossier == dossier
    assert "Mọi chữ ký hợp lệ" in checked
    assert [item.event for item in dossier.history.all()] == [
        "submit",
        "accept",
        "start",
        "ask_supplement",
        "supplied",
        "demand_fee",
        "paid",
        "extend",
        "decide",
        "hand_over",
    ]


def test_dossier_at_the_counter_is_received_at_once_and_every_page_opens(office) -> None:
    response = office.post(
        "clerk", "dossier_receive", office.procedure.uid, **applicant(channel="1"), accept="1",
        **{f"p_{office.application.pk}": "on"},
    )  # fmt: skip
    dossier = Dossier.objects.get()
    assert dossier.code in response.content.decode()
    complaint = office.post(
        "citizen", "public_act", dossier.tracking, "phan-anh", sender_name="A", contents="Chờ quá lâu"
    )
    assert complaint.status_code == 200

    for who in ("clerk", "specialist", "head", "director"):
        for name in (
            "dossier_list",
            "dossier_work",
            "dossier_register",
            "onestop_dashboard",
            "service_index",
            "tthc_list",
            "complaint_list",
            "reconciliation",
            "absence_list",
            "paper_list",
            "paper_register",
            "arrival_list",
        ):
            office.get(who, name)
        assert office.procedure.title in office.get(who, "dossier_page", dossier.uid)
    for key in ("agency", "field", "procedure", "officer"):
        office.get("head", "onestop_dashboard", nhom=key)
    office.get("clerk", "dossier_new")
    office.get("clerk", "dossier_receive", office.procedure.uid)
    office.get("specialist", "tthc_new")
    office.get("specialist", "tthc_import")
    office.get("specialist", "tthc_page", office.procedure.uid)
    office.get("specialist", "paper_new")
    office.get("head", "complaint_page", Complaint.objects.get().uid)
    office.get("citizen", "public_find")
    office.get("citizen", "verify_signatures")
    paper = dossier.papers.get()
    for ending in ("pdf", "docx"):
        assert (
            office.browsers["clerk"].get(reverse("dossier_paper", args=[dossier.uid, paper.uid, ending])).status_code
            == 200
        )
    assert office.browsers["clerk"].get(reverse("dossier_control", args=[dossier.uid])).status_code == 200
    book = office.browsers["clerk"].get(reverse("dossier_register"), {"tai": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content if not book.streaming else b"".join(book))).active
    assert any(dossier.code in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_form_of_every_step_opens_and_is_shown_again_with_what_is_missing(office) -> None:
    office.post(
        "clerk", "dossier_receive", office.procedure.uid, **applicant(channel="1"), accept="1",
        **{f"p_{office.application.pk}": "on"},
    )  # fmt: skip
    dossier = Dossier.objects.get()
    browser = office.browsers["specialist"]

    opened = {event: browser.get(reverse("dossier_act", args=[dossier.uid, event])).status_code for event in ACTS}
    again = {
        event: office.post("specialist", "dossier_act", dossier.uid, event, version=dossier.version).status_code
        for event, (form_class, _act, _fixed) in ACTS.items()
        if form_class is not None and any(field.required for field in form_class(dossier=dossier).fields.values())
    }

    assert opened == dict.fromkeys(ACTS, 200)
    assert again
    assert set(again.values()) == {422}


def test_dossier_of_another_body_is_not_found_and_wrong_codes_tell_nothing(office, client_for) -> None:
    office.post(
        "citizen", "public_submit", office.procedure.uid, **applicant(), **{f"c_{office.application.pk}": pdf()}
    )
    dossier = Dossier.objects.get()
    stranger = client_for(make_member(Role.ONE_STOP, organisation=make_organisation("Sở Tài chính")))

    assert stranger.get(reverse("dossier_page", args=[dossier.uid])).status_code == 404
    assert office.browsers["citizen"].get(reverse("public_track", args=["ABCDEFGHJK"])).status_code == 404
    assert office.browsers["citizen"].get(reverse("dossier_page", args=[dossier.uid])).status_code == 302


def test_hostile_upload_on_the_citizens_page_is_refused_and_nothing_is_kept(office) -> None:
    program = SimpleUploadedFile("don.pdf", b"MZ\x90\x00" + bytes(200), content_type="application/pdf")

    response = office.post(
        "citizen", "public_submit", office.procedure.uid, **applicant(), **{f"c_{office.application.pk}": program}
    )

    assert response.status_code == 422
    assert not Dossier.objects.exists()


def test_citizens_page_limits_requests_from_one_address(office) -> None:
    answers = [
        office.browsers["citizen"].get(reverse("public_track", args=["ABCDEFGHJK"])).status_code for _ in range(40)
    ]

    assert answers[0] == 404
    assert answers[-1] == 422


def test_catalogue_imports_its_own_export_form_and_shows_faults_by_row(office) -> None:
    def sheet(*rows: tuple) -> SimpleUploadedFile:
        book = openpyxl.Workbook()
        book.active.append([
            "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Mã cơ quan giải quyết", "Thời hạn (ngày làm việc)",
            "Phí, lệ phí (đồng)", "Kết quả", "Quyết định công bố", "Hiệu lực từ", "Thành phần hồ sơ",
        ])  # fmt: skip
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return SimpleUploadedFile("danh-muc.xlsx", out.getvalue())

    good = ("2.000111", "Thủ tục nhập", "Đo lường", "SKHCN", 10, 100000, "Quyết định", "QĐ 1", "01/01/2023", "Đơn; Ảnh")
    bad = ("2.000112", "Thủ tục sai", "Đo lường", "SKHCN", "mười", 0, "Quyết định", "", "32/01/2023", "")

    refused = office.post("specialist", "tthc_import", file=sheet(good, bad), workflow="")
    after_refusal = AdministrativeProcedure.objects.count()
    office.post("specialist", "tthc_import", file=sheet(good), workflow="")

    assert "Lỗi theo dòng" in refused.content.decode()
    assert after_refusal == 1
    assert AdministrativeProcedure.objects.get(code="2.000111").components.count() == 2
