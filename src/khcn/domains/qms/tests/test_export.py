"""The zip for an inspector: opened, read and checked without the system."""

import io
import json
import zipfile
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import openpyxl
import pytest
from django.utils import timezone
from pypdf import PdfReader

from khcn.domains.qms.models import AgencyYear, Announcement, ChecklistItem
from khcn.domains.qms.queries.export import system_zip
from khcn.domains.qms.queries.export.registers import TABLES
from khcn.domains.qms.rules.export_index import File, print_index
from khcn.domains.qms.services import scores
from khcn.domains.qms.tests.test_effectiveness import END, effective_world
from khcn.domains.qms.tests.world import World, effective_document, on
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.queries import verify_pdf
from khcn.kernel.orgs.tests.cast import make_member
from khcn.kernel.procedures.choices import ProcedureKind
from khcn.kernel.procedures.models import ProcedureVersion
from khcn.kernel.procedures.services import install_procedure
from khcn.kernel.procedures.tests.samples import permit
from khcn.lib.roles import Role
from khcn.standards.bpmn import read


class Links(HTMLParser):
    """What a page links to, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += f"{data} "


@pytest.fixture
def full(world: World) -> World:
    """A year of an agency that did everything, its verdict, and a procedure of science beside its other one."""
    effective_world(world)
    install_procedure(
        by=make_member(Role.SPECIALIST, organisation=world.organisation).actor,
        approver=make_member(Role.DIRECTOR, organisation=world.organisation).actor, code="KHCN-01",
        title="Nghiệm thu nhiệm vụ", definition=permit(), kind=ProcedureKind.SCIENCE, owner=world.organisation,
        effective_from=date(2020, 1, 1),
    )  # fmt: skip
    scores.compute_year(by=on(world.secretary, END), system=world.system, year=2025)
    return world


def opened(world: World) -> zipfile.ZipFile:
    content = system_zip(world.system, actor=world.overseer.actor, now=timezone.localtime())
    return zipfile.ZipFile(io.BytesIO(content))


def named(archive: zipfile.ZipFile, start: str, end: str = "") -> list[str]:
    return [name for name in archive.namelist() if name.startswith(start) and name.endswith(end)]


@pytest.mark.django_db
def test_zip_is_whole_by_its_manifest_its_sums_and_its_index(full: World) -> None:
    archive = opened(full)

    manifest = json.loads(archive.read("MANIFEST.json"))
    listed = {item["name"]: item["sha256"] for item in manifest["files"]}
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
    index = Links(archive.read("MUC-LUC.html").decode())
    assert archive.testzip() is None
    assert manifest["missing"] == []
    assert set(archive.namelist()) == {*listed, "MANIFEST.json", "MUC-LUC.html", "SHA256SUMS"}
    assert {name: sha256(archive.read(name)).hexdigest() for name in listed} == listed == sums
    assert sorted(index.targets) == sorted(listed)
    assert "áp dụng hiệu quả" in index.words
    assert full.organisation.name in index.words


@pytest.mark.django_db
def test_zip_holds_marked_documents_signed_papers_and_printed_audits(full: World) -> None:
    archive = opened(full)

    (document,) = named(archive, "tai-lieu/qt-10", ".pdf")
    (announcement,) = named(archive, "van-ban/cong-bo-", ".pdf")
    pages = PdfReader(io.BytesIO(archive.read(document))).pages
    reports = verify_pdf(archive.read(announcement), moment=timezone.now())
    assert all("TÀI LIỆU ĐƯỢC KIỂM SOÁT" in " ".join(page.extract_text().split()) for page in pages)
    assert reports
    assert all(report.is_good for report in reports)
    assert named(archive, "van-ban/xem-xet-", ".pdf")
    assert len(named(archive, "van-ban/danh-gia-", "-ke-hoach.pdf")) == 1
    (report,) = named(archive, "van-ban/danh-gia-", "-bao-cao.pdf")
    assert "BÁO CÁO" in PdfReader(io.BytesIO(archive.read(report))).pages[0].extract_text()


@pytest.mark.django_db
def test_zip_holds_the_verdict_as_it_was_hashed_and_every_sampled_dossier(full: World) -> None:
    archive = opened(full)

    (verdict,) = named(archive, "ket-qua/nam-2025-", ".json")
    drawn = set(ChecklistItem.objects.exclude(case_uid=None).values_list("case_code", flat=True))
    dossiers = {json.loads(archive.read(name))["ma"]: json.loads(archive.read(name)) for name in
                named(archive, "ho-so-mau/")}  # fmt: skip
    assert sha256(archive.read(verdict)).hexdigest() == AgencyYear.objects.get().sha256
    assert drawn
    assert set(dossiers) == drawn


@pytest.mark.django_db
def test_zip_holds_drawing_definition_and_step_table_of_each_procedure(full: World) -> None:
    archive = opened(full)

    version = ProcedureVersion.objects.get(procedure__code="KHCN-01")
    drawing = read(archive.read("quy-trinh/khcn-01-1.0.bpmn"))
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("quy-trinh/bang-cac-buoc.xlsx")))["KHCN-01"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert drawing.processes
    assert sha256(archive.read("quy-trinh/khcn-01-1.0.json")).hexdigest() == version.sha256
    assert {"Tiếp nhận hồ sơ", "Phê duyệt"} <= cells


@pytest.mark.django_db
def test_zip_registers_read_as_a_workbook_with_names_for_choices(full: World) -> None:
    archive = opened(full)

    book = openpyxl.load_workbook(io.BytesIO(archive.read("so-dang-ky.xlsx")))
    documents = [[cell.value for cell in row] for row in book["lần ban hành, sửa đổi"].iter_rows()]
    steps = json.loads(archive.read("so/nhat-ky-buoc.json"))
    assert len(book.sheetnames) == len(TABLES) + 1
    assert any("Đang hiệu lực" in row for row in documents)
    assert {"Phê duyệt", "Công bố"} <= {step["Bước"] for step in steps}
    assert len(named(archive, "so/", ".json")) == len(TABLES) + 1


@pytest.mark.django_db
def test_paper_that_the_store_lost_is_named_with_the_reason(full: World) -> None:
    paper = Announcement.objects.get().paper
    assert paper is not None
    StoredFile.objects.filter(pk=paper.revisions.get().file_id).update(sha256="0" * 64)

    archive = opened(full)

    missing = json.loads(archive.read("MANIFEST.json"))["missing"]
    assert [item["name"].split("/")[1][:8] for item in missing] == ["cong-bo-"]
    assert missing[0]["why"]
    assert missing[0]["name"] in Links(archive.read("MUC-LUC.html").decode()).words


@pytest.mark.django_db
def test_two_documents_whose_codes_read_alike_both_stay_in_the_zip(world: World) -> None:
    for code in ("QT 01/VP", "QT-01-VP"):
        effective_document(world, code)

    archive = opened(world)

    assert sorted(named(archive, "tai-lieu/")) == ["tai-lieu/qt-01-vp-1.0-2.pdf", "tai-lieu/qt-01-vp-1.0.pdf"]


def test_index_prints_names_as_text_whatever_they_hold() -> None:
    page = print_index(
        agency="<script>alert(1)</script>", code="A&B", made_by='"x"', made_at="", missing=[("a<b", "c>d")], years=[],
        files=[File('so/"><img src=x>.json', 1234567, "0" * 64)],
    )  # fmt: skip

    assert "<script>" not in page
    assert "<img" not in page
    assert "1.234.567" in page
