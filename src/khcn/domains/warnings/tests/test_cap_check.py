"""The command answers for every file, in words and in JSON, and its exit code tells."""

import io
import json

import pytest
from django.core.management import call_command

from khcn.standards.cap.tests.examples import example
from khcn.standards.cap.writing import write_alert


def _run(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("cap_check", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(str(end.code))
    return out.getvalue(), 0


@pytest.fixture
def files(tmp_path) -> dict[str, str]:
    sound = write_alert(example())
    contents = {"tốt.cap": sound, "mở.cap": sound.replace(b"12.25,107 12.05,107<", b"12.25,107<"), "rỗng.cap": b""}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents} | {"thiếu": str(tmp_path / "thiếu.cap")}


def test_check_in_json_gives_one_object_per_file(files):
    text, code = _run(*files.values(), "--json")

    answers = [json.loads(line) for line in text.splitlines()]
    assert code == 1
    assert [(each["file"], each["valid"]) for each in answers] == [
        (path, name == "tốt.cap") for name, path in files.items()
    ]
    assert [sorted(each) for each in answers] == [["advice", "file", "valid", "violations"]] * 4
    assert [each["rule"] for each in answers[1]["violations"]] == ["CAP-A02"]
    assert sorted(answers[1]["violations"][0]) == ["message", "pointer", "rule"]
    assert answers[2]["violations"][0]["rule"] == "CAP-X01"
    assert answers[3]["violations"][0]["rule"] == "CAP-X00"


def test_check_of_valid_files_ends_with_zero(files):
    text, code = _run(files["tốt.cap"], "--json", "--profile", "vn")

    assert code == 0
    assert json.loads(text)["violations"] == []


def test_check_in_words_names_rule_place_and_remedy(files):
    text, code = _run(files["mở.cap"])

    assert code == 1
    assert "CAP-A02  /alert/info/area/polygon  polygon chưa đúng: đa giác chưa khép kín" in text
