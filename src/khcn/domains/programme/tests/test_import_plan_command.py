"""`import_plan`: one JSON object for a plan, one for a refusal; a dry run writes nothing."""

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from khcn.domains.programme.models import PlanReading
from khcn.domains.programme.rules.plan_reading.tests.corpus import NAMES, text_of, truth_of
from khcn.kernel.documents.models import Document
from khcn.lib import encodings
from khcn.lib.roles import Role
from khcn.web.intake import portable
from khcn.web.intake.tests.test_intake import UNFIT, ole_file, pdf_file, word_file

KEYS = [
    "number", "issued_on", "issuer", "period", "legal_bases", "objectives", "targets", "fields", "sources", "total_vnd",
    "duties", "recipients", "unplaced",
]  # fmt: skip


def run(path, *options):
    shown, aside = io.StringIO(), io.StringIO()
    call_command("import_plan", str(path), *options, stdout=shown, stderr=aside)
    return shown.getvalue(), aside.getvalue()


def refused(path, *options):
    shown = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_plan", str(path), *options, stdout=shown, stderr=io.StringIO())
    return caught.value, shown.getvalue()


@pytest.mark.parametrize("name", NAMES[::4])
def test_import_plan_dry_run_prints_one_json_object_and_writes_nothing(db, tmp_path, name):
    path = tmp_path / "kế hoạch.txt"
    path.write_text(text_of(name), encoding="utf-8")

    shown, _ = run(path, "--dry-run", "--json")

    found, truth = json.loads(shown), truth_of(name)
    assert list(found) == KEYS
    assert found["number"] == truth["number"]
    assert found["total_vnd"] == truth["total_vnd"]
    assert [item["text"] if isinstance(item, dict) else item for item in found["sources"]] == truth["sources"]
    assert [target["quantity"] for target in found["targets"]] == [float(line.split()[1]) for line in truth["targets"]]
    assert PlanReading.objects.count() == Document.objects.count() == 0


def test_import_plan_without_dry_run_keeps_a_reading_for_a_person(db, tmp_path, make_member):
    member = make_member(Role.SPECIALIST)
    path = tmp_path / "a.txt"
    path.write_text(text_of("arabic_numbering"), encoding="utf-8")

    shown, aside = run(path, "--json", "--user", member.user.username)

    assert list(json.loads(shown)) == KEYS
    assert "Đã lưu bản đọc" in aside
    reading = PlanReading.objects.get()
    assert reading.plan is None
    assert reading.extracted["number"] == truth_of("arabic_numbering")["number"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_import_plan_in_another_encoding_reads_the_same(db, tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(text_of("high_tech_farming").replace("\n", "\r\n").encode(encoding))

    shown, _ = run(path, "--dry-run", "--json")

    assert [t["operator"] for t in json.loads(shown)["targets"]] == [
        line.split()[0] for line in truth_of("high_tech_farming")["targets"]
    ]


def test_import_plan_typed_with_an_old_font_reads_the_same(db, tmp_path):
    small = {ord(new): chr(old) for old, new in encodings._TCVN3.items()}
    capitals = {ord(chr(new).upper()): old for new, old in small.items() if chr(new).upper() != chr(new)}
    old = text_of("old_font_coast").translate(capitals | small)
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(ord(letter) for letter in old))

    shown, aside = run(path, "--dry-run", "--json")

    found, truth = json.loads(shown), truth_of("old_font_coast")
    assert "TCVN3" in aside
    assert [found[key] for key in ("number", "issuer", "total_vnd")] == [
        truth[key] for key in ("number", "issuer", "total_vnd")
    ]
    assert [[item["title"], *item["lines"]] for item in found["fields"]] == truth["fields"]
    assert [[item["units"], *item["clauses"]] for item in found["duties"]] == truth["duties"]
    assert [target["due_on"] for target in found["targets"]] == ["2010-12-31"] * 6


@pytest.mark.parametrize("case", [name for name in UNFIT if name != "too_large"])
def test_import_plan_with_unfit_file_prints_the_refusal_as_json(db, tmp_path, case):
    make, file, kind = UNFIT[case]
    path = tmp_path / file
    path.write_bytes(make())

    error, shown = refused(path, "--json")

    told = json.loads(shown)
    assert told == {"error": kind.code, "message": str(error)}
    assert "Vui lòng" in told["message"]
    assert PlanReading.objects.count() == Document.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.odt", b"PK\x03\x04", "OpenDocument"),
        ("a.jpg", b"\xff\xd8\xff", "PDF"),
        ("a.xlsx", b"PK\x03\x04", "Phụ lục"),
        ("a.zip", b"PK\x03\x04", "giải nén"),
    ],
)
def test_import_plan_with_foreign_kind_says_what_to_do(db, tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)

    error, shown = refused(path, "--dry-run", "--json")

    assert json.loads(shown)["error"] == "format_unsupported"
    assert words in str(error)


def test_import_plan_of_200_mb_is_refused_before_it_is_read(db, tmp_path):
    path = tmp_path / "a.pdf"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)  # a sparse file: nothing is written

    error, shown = refused(path, "--dry-run", "--json")

    assert json.loads(shown)["error"] == "file_too_large"
    assert "200 MB" in str(error)


def test_import_plan_of_missing_file_and_folder_says_so(db, tmp_path):
    missing, _ = refused(tmp_path / "không có.docx", "--json")
    folder, _ = refused(tmp_path, "--json")

    assert "không có tệp này" in str(missing)
    assert "thư mục" in str(folder) or "Tệp" in str(folder)


def test_import_plan_for_unknown_account_keeps_nothing(db, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(text_of("arabic_numbering"), encoding="utf-8")

    error, shown = refused(path, "--json", "--user", "không-có-ai")

    assert "không-có-ai" in str(error)
    assert json.loads(shown)["error"]
    assert PlanReading.objects.count() == Document.objects.count() == 0


def test_import_plan_of_a_scan_without_recognition_names_the_package(db, tmp_path, monkeypatch):
    monkeypatch.setattr(portable, "vietnamese_recognition", lambda: False)
    path = tmp_path / "quét.pdf"
    Image.new("L", (600, 800), 200).save(path, format="PDF")

    error, shown = refused(path, "--dry-run", "--json")

    assert json.loads(shown)["error"] == "scan_unreadable"
    assert "tesseract-ocr-vie" in str(error)


def test_import_plan_of_pdf_and_word_read_alike(db, tmp_path):
    paragraphs = [line for line in text_of("parenthesised_numbers").split("\n") if line.strip()]
    (tmp_path / "a.docx").write_bytes(word_file(*paragraphs))
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"') for line in paragraphs]
    (tmp_path / "a.pdf").write_bytes(pdf_file(*quoted))

    word, pdf = (json.loads(run(tmp_path / name, "--dry-run", "--json")[0]) for name in ("a.docx", "a.pdf"))

    for key in ("number", "issued_on", "total_vnd", "sources", "recipients", "objectives"):
        assert word[key] == pdf[key]
    assert [t["quantity"] for t in word["targets"]] == [t["quantity"] for t in pdf["targets"]]


def test_import_plan_of_protected_zip_and_truncated_word_write_nothing(db, tmp_path):
    stream = io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    (tmp_path / "macro.docx").write_bytes(stream.getvalue())
    (tmp_path / "old.doc").write_bytes(ole_file("WordDocument"))

    for name in ("macro.docx", "old.doc"):
        error, shown = refused(Path(tmp_path) / name, "--json")
        assert json.loads(shown)["message"] == str(error)
    assert PlanReading.objects.count() == 0
