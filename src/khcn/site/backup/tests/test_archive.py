"""The backup file gives back what went in, and every change to it is found."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn.site.backup import archive
from khcn.site.backup.archive import Facts, Manifest, Member
from khcn.site.backup.errors import Damaged


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Manifest]:
    database = tmp_path / "source.sqlite3"
    database.write_bytes(bytes(range(256)) * 40)
    files = tmp_path / "uploads"
    (files / "2026/11").mkdir(parents=True)
    (files / "2026/11/Kế hoạch số 5.docx").write_bytes(b"noi dung" * 100)
    (files / "rong.txt").write_bytes(b"")
    contents = {name: path for path, name in archive.uploads(files)} | {"database.sqlite3": database}
    manifest = Manifest(
        version="0.1.0",
        made_at="2026-11-23T01:30:00+07:00",
        engine="sqlite",
        database=archive.member(database, "database.sqlite3"),
        files=[archive.member(path, name) for path, name in archive.uploads(files)],
        facts=Facts({"a": 3}, ["orgs.0001_initial"], 0, ""),
    )
    target = tmp_path / "backup.tar.gz"
    archive.write(target, manifest, contents)
    return target, manifest


def test_archive_unpacked_gives_back_every_byte(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    target, manifest = made
    room = tmp_path / "room"

    unpacked = archive.unpack(target, room)

    assert unpacked == manifest == archive.read_manifest(target)
    assert (room / "files/2026/11/Kế hoạch số 5.docx").read_bytes() == b"noi dung" * 100
    assert (room / "files/rong.txt").read_bytes() == b""
    assert archive.sha256(room / "database.sqlite3") == manifest.database.sha256


def test_archive_file_is_readable_by_its_owner_only(made: tuple[Path, Manifest]) -> None:
    assert made[0].stat().st_mode & 0o077 == 0
    assert not list(made[0].parent.glob("*.part"))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_archive_one_content_byte_changed_is_found(
    made: tuple[Path, Manifest], tmp_path_factory: pytest.TempPathFactory, place: float, flip: int
) -> None:
    with tarfile.open(made[0], "r:gz") as opened:
        spans = [(one.offset_data, one.size) for one in opened.getmembers() if one.name != archive.MANIFEST]
    plain = bytearray(gzip.decompress(made[0].read_bytes()))
    positions = [offset + index for offset, size in spans for index in range(size)]
    plain[positions[int(place * len(positions))]] ^= flip
    room = tmp_path_factory.mktemp("room")
    changed = room / "changed.tar.gz"
    changed.write_bytes(gzip.compress(bytes(plain), 1))

    with pytest.raises(Damaged):
        archive.unpack(changed, room / "out")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_archive_cut_off_is_found(made: tuple[Path, Manifest], tmp_path: Path, share: float) -> None:
    body = made[0].read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(body[: int(len(body) * share)])

    with pytest.raises(Damaged):
        archive.unpack(cut, tmp_path / "room")


def test_archive_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"khong-co\.tar\.gz"):
        archive.read_manifest(tmp_path / "khong-co.tar.gz")


@pytest.mark.parametrize("name", ["/etc/x", "files/../../x", "../x"])
def test_archive_name_leading_out_of_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x")
    one = archive.member(source, name)
    manifest = Manifest("0.1.0", "2026-11-23T01:30:00+07:00", "sqlite", one, [], Facts({}, [], 0, ""))
    archive.write(tmp_path / "evil.tar.gz", manifest, {name: source})

    with pytest.raises(Damaged, match="x"):
        archive.unpack(tmp_path / "evil.tar.gz", tmp_path / "room")

    assert not (tmp_path / "room").exists()


def test_archive_unlisted_member_is_refused(made: tuple[Path, Manifest], tmp_path: Path) -> None:
    plain = tmp_path / "more.tar"
    plain.write_bytes(gzip.decompress(made[0].read_bytes()))
    with tarfile.open(plain, "a") as opened:
        entry = tarfile.TarInfo("files/la.txt")
        entry.size = 2
        opened.addfile(entry, io.BytesIO(b"la"))
    more = tmp_path / "more.tar.gz"
    more.write_bytes(gzip.compress(plain.read_bytes()))

    with pytest.raises(Damaged, match=r"la\.txt"):
        archive.unpack(more, tmp_path / "room")


def test_archive_file_shorter_than_its_facts_is_not_written(tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x")
    wrong = Member("database.sqlite3", 5, archive.sha256(source))
    manifest = Manifest("0.1.0", "2026-11-23T01:30:00+07:00", "sqlite", wrong, [], Facts({}, [], 0, ""))

    with pytest.raises(Damaged):
        archive.write(tmp_path / "short.tar.gz", manifest, {"database.sqlite3": source})

    assert not list(tmp_path.glob("short*"))
