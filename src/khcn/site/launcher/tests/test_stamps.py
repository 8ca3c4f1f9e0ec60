"""Stamps survive a crash as no stamp at all, and a digest sees names and contents."""

from pathlib import Path

import pytest

from khcn.site.launcher import house


@pytest.mark.parametrize("left", ["", "{", "[]", "khong phai json"])
def test_stamp_cut_off_is_no_stamp(left: str, tmp_path: Path) -> None:
    (tmp_path / "stamp.json").write_text(left, "utf-8")

    assert house.read_stamp(tmp_path / "stamp.json") == {}


def test_stamp_written_is_read_back_without_a_draft(tmp_path: Path) -> None:
    house.write_stamp(tmp_path / "new/stamp.json", {"base": "mã băm", "with_tests": True})

    assert house.read_stamp(tmp_path / "new/stamp.json") == {"base": "mã băm", "with_tests": True}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["stamp.json"]


def test_digest_renamed_or_changed_file_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "ROOT", tmp_path)
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_text("x", "utf-8")
    two.write_text("x", "utf-8")

    alone = house.digest([one])

    assert alone == house.digest([one])
    assert len({alone, house.digest([two]), house.digest([one, two])}) == 3
