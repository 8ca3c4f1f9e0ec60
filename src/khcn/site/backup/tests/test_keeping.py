"""A restore gives back database, uploads and audit chain, and touches nothing until all of it is proven."""

import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from khcn.kernel.audit.rules import GENESIS, digest
from khcn.site.backup import archive, keeping
from khcn.site.backup.errors import Damaged, NotForThis
from khcn.site.backup.keeping import Place
from khcn.site.backup.sqlite_store import SqliteStore

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=timezone(timedelta(hours=7)))
KNOWN = {"audit.0001_initial"}
ACTOR = UUID(int=7)
AUDIT_COLUMNS = (
    "at", "actor_uid", "actor_name", "organisation", "verb", "subject_type", "subject_uid", "subject_label", "before",
    "after", "previous", "digest",
)  # fmt: skip


def _chain(rows: int) -> list[tuple[object, ...]]:
    """Rows of the audit table as Django keeps them on SQLite, chained by the product's own rule."""
    previous, made = GENESIS, []
    for number in range(rows):
        row = {
            "at": f"2026-11-23T01:{number:02}:00.000000+00:00", "actor_uid": str(ACTOR), "actor_name": "Lê Thị Hồng",
            "organisation": "Sở KH&CN", "verb": "adopt", "subject_type": "plan", "subject_uid": None,
            "subject_label": f"Kế hoạch {number}", "before": None, "after": {"state": "adopted"},
        }  # fmt: skip
        this = digest(previous, row)
        stored = row | {
            "at": f"2026-11-23 01:{number:02}:00",
            "actor_uid": ACTOR.hex,
            "after": json.dumps(row["after"]),
        }
        made.append((*(stored[name] for name in AUDIT_COLUMNS[:-2]), previous, this))
        previous = this
    return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    var = tmp_path / "var"
    (var / "files/2026").mkdir(parents=True)
    (var / "files/2026/ke-hoach.docx").write_bytes(b"van ban")
    with closing(sqlite3.connect(var / "khcn.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE django_migrations (app, name)")
        connection.execute("INSERT INTO django_migrations VALUES ('audit', '0001_initial')")
        connection.execute(f"CREATE TABLE audit_auditentry (id INTEGER PRIMARY KEY, {', '.join(AUDIT_COLUMNS)})")
        slots = ", ".join("?" * len(AUDIT_COLUMNS))
        connection.executemany(f"INSERT INTO audit_auditentry VALUES (NULL, {slots})", _chain(5))  # noqa: S608
        connection.commit()
    return Place(SqliteStore(var / "khcn.sqlite3"), var / "files", var)


def _labels(place: Place) -> list[str]:
    with closing(sqlite3.connect(place.var / "khcn.sqlite3")) as connection:
        return [row[0] for row in connection.execute("SELECT subject_label FROM audit_auditentry ORDER BY id")]


def _change(place: Place, statement: str) -> None:
    with closing(sqlite3.connect(place.var / "khcn.sqlite3")) as connection:
        connection.execute(statement)
        connection.commit()


def test_restore_after_loss_brings_back_rows_and_files_and_keeps_the_old(place: Place) -> None:
    path, manifest = keeping.back_up(place=place, target=None, keep=None, now=NOW)
    before = _labels(place)
    _change(place, "DELETE FROM audit_auditentry WHERE id > 2")
    (place.files / "2026/ke-hoach.docx").write_bytes(b"bi sua")

    done = keeping.restore(place=place, source=path, known_migrations=KNOWN, now=NOW)

    assert path == place.backups / "khcn-2026-11-23-013000.tar.gz"
    assert manifest.facts.audit_rows == 5
    assert _labels(place) == before
    assert (place.files / "2026/ke-hoach.docx").read_bytes() == b"van ban"
    assert [Path(name).name for name in done.kept] == ["khcn.sqlite3.before-restore", "files.before-restore"]
    assert (place.var / "files.before-restore/2026/ke-hoach.docx").read_bytes() == b"bi sua"
    with closing(sqlite3.connect(place.var / "khcn.sqlite3.before-restore")) as connection:
        assert connection.execute("SELECT count(*) FROM audit_auditentry").fetchone() == (2,)
    assert not list(place.var.glob("backup-*"))


def test_restore_twice_keeps_both_old_states(place: Place) -> None:
    path, _ = keeping.back_up(place=place, target=None, keep=None, now=NOW)

    for _ in range(2):
        keeping.restore(place=place, source=path, known_migrations=KNOWN, now=NOW)

    names = {one.name for one in place.var.iterdir()}
    assert {"khcn.sqlite3.before-restore", "khcn.sqlite3.before-restore-20261123-013000"} <= names


def test_drill_leaves_everything_and_writes_evidence(place: Place) -> None:
    path, manifest = keeping.back_up(place=place, target=None, keep=None, now=NOW)
    living = archive.sha256(place.var / "khcn.sqlite3")

    done = keeping.rehearse(place=place, source=path, known_migrations=KNOWN, now=NOW)

    assert done.evidence is not None
    evidence = json.loads(done.evidence.read_text("utf-8"))
    assert evidence["audit_head"] == manifest.facts.audit_head
    assert (evidence["rows"], evidence["files_verified"], evidence["outcome"]) == (6, 1, "verified")
    assert evidence["backup_sha256"] == archive.sha256(path)
    assert archive.sha256(place.var / "khcn.sqlite3") == living
    assert not list(place.var.glob("*.before-restore"))


def test_restore_broken_chain_is_refused_and_nothing_replaced(place: Place) -> None:
    _change(place, "UPDATE audit_auditentry SET subject_label = 'sửa lén' WHERE id = 3")
    path, _ = keeping.back_up(place=place, target=None, keep=None, now=NOW)
    _change(place, "DELETE FROM audit_auditentry WHERE id = 5")

    with pytest.raises(Damaged, match=r"\(3,\)"):
        keeping.restore(place=place, source=path, known_migrations=KNOWN, now=NOW)

    assert len(_labels(place)) == 4
    assert not list(place.var.glob("*.before-restore"))

    keeping.restore(place=place, source=path, known_migrations=KNOWN, now=NOW, broken_chain=True)

    assert len(_labels(place)) == 5


def _rewritten(path: Path, room: Path, change: dict[str, object]) -> Path:
    """The backup again with another manifest around the same database."""
    with tarfile.open(path) as opened:
        for entry in opened.getmembers():
            (room / entry.name).parent.mkdir(parents=True, exist_ok=True)
            (room / entry.name).write_bytes(opened.extractfile(entry).read())  # type: ignore[union-attr]
    manifest = archive.read_manifest(path)
    facts = archive.Facts(**{**vars(manifest.facts), **change})
    target = room / "rewritten.tar.gz"
    contents = {one.name: room / one.name for one in [manifest.database, *manifest.files]}
    archive.write(target, archive.Manifest(**{**vars(manifest), "facts": facts}), contents)
    return target


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"tables": {"audit_auditentry": 6}}, Damaged, "audit_auditentry"),
        ({"audit_head": "0" * 64}, Damaged, "Đầu chuỗi"),
        ({"migrations": ["audit.0099_later"]}, NotForThis, "0099_later"),
    ],
    ids=["rows", "head", "newer code"],
)
def test_restore_manifest_that_does_not_fit_is_refused(
    change: dict[str, object], error: type[Exception], words: str, place: Place, tmp_path: Path
) -> None:
    path, _ = keeping.back_up(place=place, target=None, keep=None, now=NOW)
    room = tmp_path / "room"
    room.mkdir()
    other = _rewritten(path, room, change)

    with pytest.raises(error, match=words):
        keeping.restore(place=place, source=other, known_migrations=KNOWN, now=NOW)

    assert not list(place.var.glob("*.before-restore"))


def test_restore_backup_of_the_other_database_system_is_refused(place: Place) -> None:
    path, _ = keeping.back_up(place=place, target=None, keep=None, now=NOW)
    place.store.engine = "postgresql"  # type: ignore[misc]

    with pytest.raises(NotForThis, match="sqlite"):
        keeping.restore(place=place, source=path, known_migrations=KNOWN, now=NOW)


def test_back_up_keeping_two_drops_the_oldest(place: Place) -> None:
    for day in range(4):
        keeping.back_up(place=place, target=None, keep=2, now=NOW + timedelta(days=day))

    assert [one.name[5:15] for one in sorted(place.backups.iterdir())] == ["2026-11-25", "2026-11-26"]
    assert place.latest().name.startswith("khcn-2026-11-26")


def test_latest_without_a_backup_says_so(place: Place) -> None:
    with pytest.raises(Damaged, match="Chưa có bản sao lưu"):
        place.latest()


def test_back_up_links_among_uploads_are_not_followed(place: Place, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x", "utf-8")
    (place.files / "link").symlink_to(secret)

    _, manifest = keeping.back_up(place=place, target=None, keep=None, now=NOW)

    assert [one.name for one in manifest.files] == ["files/2026/ke-hoach.docx"]
    shutil.rmtree(place.backups)
