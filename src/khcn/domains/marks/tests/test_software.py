"""Files of software copyright: archives that mean harm, secrets, printed pages, authors, papers, states."""

import base64
import io
import tarfile
import zipfile
from datetime import date

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khcn.domains.marks.choices import FileState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.queries import software as papers
from khcn.domains.marks.queries.programs import read_program
from khcn.domains.marks.rules.source_archive import Limits, SourceFile, read_archive
from khcn.domains.marks.rules.source_print import BLOT, blotted, chosen_pages, find_secrets, pages_of
from khcn.domains.marks.services import software as service
from khcn.lib.failure import Forbidden, Refused

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SECRET = 'password = "Sieu-bi-mat-123"'


def zipped(files, *, links=()):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, target in links:
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
    return buffer.getvalue()


def tarred(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(content)
            info.linkname = "/etc/passwd"
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def source_file(path, *lines):
    return SourceFile(path, "Python", lines, 0, "")


def test_source_is_read_in_order_with_digests_and_libraries_left_out() -> None:
    source = read_archive(zipped({"b.py": "x = 1\n", "a/m.js": "let a", "node_modules/z.js": "no", "anh.png": b"\x89"}))

    assert [one.path for one in source.files] == ["a/m.js", "b.py"]
    assert len(source.files[1].sha256) == 64
    assert source.skipped == [("node_modules/z.js", "thư viện hoặc kết quả biên dịch")]


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "a/../../x.py", "..\\x.py", "C:/x.py"])
def test_names_that_leave_the_archive_are_left_out_and_told(name) -> None:
    source = read_archive(zipped({name: "x", "ok.py": "y"}))

    assert [one.path for one in source.files] == ["ok.py"]
    assert source.skipped[0][1] == "đường dẫn ra ngoài tệp nén"


def test_links_and_devices_are_never_followed() -> None:
    tar = tarred(
        ("a.py", b"x", tarfile.REGTYPE), ("b.py", b"", tarfile.SYMTYPE), ("c.py", b"", tarfile.LNKTYPE),
        ("d.py", b"", tarfile.FIFOTYPE),
    )  # fmt: skip

    assert [one.path for one in read_archive(tar).files] == ["a.py"]
    assert len(read_archive(tar).skipped) == 3
    assert len(read_archive(zipped({"a.py": "x"}, links=[("l.py", "/etc/passwd")])).files) == 1


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (b"", None), (b"khong phai tep nen", None), (zipped({"a.txt": "x"}), None), (zipped({"a.py": "x"})[:30], None),
        (zipped({f"{n}.py": "x" for n in range(20)}), Limits(files=10)),
        (zipped({"a.py": "x" * 400_000}), Limits(bytes_whole=100_000)),
        (zipped({f"{n}.py": "0" * 90_000 for n in range(9)}), Limits(growth=2, bytes_of_one=100_000)),
    ],
)  # fmt: skip
def test_archive_that_is_none_or_too_large_is_refused(content, limits) -> None:
    with pytest.raises(Refused):
        read_program(content, limits)


@pytest.mark.parametrize(
    "line",
    [
        SECRET, "API_KEY: 'abcdef123456'", 'url = "postgres://ung:matkhau9@may/db"', "key = AKIAABCDEFGHIJKLMNOP",
        "token = ghp_0123456789abcdef0123", '"secret_key": "k-1234567890"',
    ],
)  # fmt: skip
def test_secret_is_found_and_blotted_out(line) -> None:
    found = find_secrets([source_file("a.py", "x = 1", line)])

    assert [(one.path, one.line) for one in found] == [("a.py", 2)]
    assert BLOT in found[0].shown
    for hidden in ("Sieu-bi-mat-123", "abcdef123456", "matkhau9", "AKIAABCDEFGHIJKLMNOP", "0123456789abcdef"):
        assert hidden not in found[0].shown


def test_private_key_is_blotted_out_as_a_whole_and_plain_code_is_left() -> None:
    lines = ["-----BEGIN RSA PRIVATE KEY-----", "MIIEow", "-----END RSA PRIVATE KEY-----", "password = read()"]

    assert blotted(lines) == [BLOT, BLOT, BLOT, "password = read()"]


def test_pages_are_numbered_and_only_the_first_and_last_are_printed() -> None:
    pages = pages_of([source_file("a.py", *[f"dong {n}" for n in range(599)])], 10)

    chosen = chosen_pages(pages, 25, 25)

    assert len(pages) == 60
    assert [one.number for one in chosen] == [*range(1, 26), *range(36, 61)]
    assert chosen_pages(pages[:40], 25, 25) == pages[:40]


@pytest.mark.django_db
@pytest.mark.database
class TestFile:
    """A file from the first form to the certificate."""

    @pytest.fixture
    def software(self, office):
        return service.open_file(
            by=office.specialist.actor, name="Sổ điều", owner_name="Công ty Điều", authors="Lê Thử"
        )

    def test_secrets_are_looked_at_before_the_source_is_printed(self, software, office) -> None:
        files = {"app/main.py": "\n".join([SECRET, *[f"x = {n}" for n in range(200)]]), "app/b.py": "y = 1"}
        service.take_source(by=office.specialist.actor, software=software, content=zipped(files))
        with pytest.raises(MarkStepRefused):
            papers.source_pdf(software)
        with pytest.raises(MarkStepRefused):
            service.move_file(by=office.specialist.actor, software=software, state=FileState.FILED, on=date(2026, 3, 1))

        service.confirm_secrets(by=office.specialist.actor, software=software)
        printed = pypdf.PdfReader(io.BytesIO(papers.source_pdf(software)))

        text = "".join(page.extract_text() for page in printed.pages)
        assert len(printed.pages) == 4
        assert "Trang 1 / 4" in text
        assert "Sieu-bi-mat" not in text
        assert software.found["modules"][0]["name"] == "app"

    def test_file_goes_from_the_forms_to_the_certificate(self, client_for, software, office) -> None:
        client = client_for(office.specialist)
        address = reverse("software_page", args=[software.code])
        archive = SimpleUploadedFile("ma.zip", zipped({"a.py": SECRET}))

        client.post(reverse("software_source", args=[software.code]), {"archive": archive})
        shown = client.get(address).content.decode()
        client.post(reverse("software_secrets", args=[software.code]))
        for name in ("ma-nguon.pdf", "to-khai.pdf", "to-khai.docx", "cam-doan.docx"):
            assert client.get(reverse("software_paper", args=[software.code, name])).status_code == 200, name
        for state, number in (("filed", "BN-1"), ("certified", "123/2026/QTG")):
            software.refresh_from_db()
            client.post(
                reverse("software_move", args=[software.code]),
                {"state": state, "number": number, "on": "01/03/2026", "version": software.version},
            )

        assert "a.py:1" in shown
        assert "Sieu-bi-mat" not in shown
        software.refresh_from_db()
        assert (software.state, software.certificate) == (FileState.CERTIFIED, "123/2026/QTG")
        assert client.get(reverse("software_list"), {"q": "so dieu"}).content.decode().count("Sổ điều") >= 1

    def test_screen_is_taken_out_and_those_after_it_move_up(self, client_for, software, office) -> None:
        client = client_for(office.specialist)
        for title in ("Một", "Hai", "Ba"):
            picture = SimpleUploadedFile("m.png", base64.b64decode(PIXEL), content_type="image/png")
            client.post(reverse("software_screen_new", args=[software.code]), {"title": title, "file": picture})
        software.refresh_from_db()

        remove = reverse("software_screen_remove", args=[software.code, 2])
        assert client.post(remove, {"version": software.version}).status_code == 302
        stale = client.post(remove, {"version": software.version})

        assert stale.status_code == 409
        assert list(software.screens.values_list("place", "title")) == [(1, "Một"), (2, "Ba")]

    def test_strangers_neither_see_nor_file(self, client_for, software, office) -> None:
        assert client_for(office.company).get(reverse("software_page", args=[software.code])).status_code == 404
        with pytest.raises(Forbidden):
            service.open_file(by=office.company.actor, name="Khác", owner_name="Khác")
