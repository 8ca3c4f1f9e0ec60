"""Makes a backup, and restores or rehearses one: the order of the steps, independent of the database system."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from khcn.site.backup import archive
from khcn.site.backup.archive import Facts, Manifest
from khcn.site.backup.errors import Damaged, NotForThis
from khcn.site.backup.postgres_store import PostgresStore
from khcn.site.backup.sqlite_store import SqliteStore, before_restore
from khcn.site.launcher import house
from khcn.site.launcher.messages import tell

NAME = "khcn-{:%Y-%m-%d-%H%M%S}.tar.gz"
Store = SqliteStore | PostgresStore


@dataclass(frozen=True)
class Place:
    """What is backed up: the database, the folder of uploads, and the folder for backups and evidence."""

    store: Store
    files: Path
    var: Path

    @property
    def backups(self) -> Path:
        """Where backups go unless told otherwise."""
        return self.var / "backups"

    def latest(self) -> Path:
        """The newest backup there. Raises Damaged where there is none."""
        found = sorted(self.backups.glob("khcn-*.tar.gz"))
        if not found:
            raise Damaged(tell(f"Chưa có bản sao lưu nào ở {self.backups}.", f"No backup in {self.backups} yet."))
        return found[-1]


@dataclass(frozen=True)
class Rehearsal:
    """Outcome of a restore that was verified: what stood in the manifest, how long it took, where evidence is."""

    manifest: Manifest
    seconds: float
    kept: tuple[str, ...] = ()
    evidence: Path | None = None


def store_for(settings: Mapping[str, Any], now: datetime) -> Store:
    """The store of a database of Django's DATABASES."""
    if settings["ENGINE"].endswith("sqlite3"):
        return SqliteStore(Path(settings["NAME"]))
    return PostgresStore(settings, now)


def back_up(*, place: Place, target: Path | None, keep: int | None, now: datetime) -> tuple[Path, Manifest]:
    """Writes one backup; with keep=n only the n newest of the usual folder stay. Returns its path and manifest."""
    path = target or place.backups / NAME.format(now)
    place.var.mkdir(parents=True, exist_ok=True)
    with _room(place) as room:
        copy = room / place.store.member_name
        facts = place.store.dump(copy)
        uploads = archive.uploads(place.files)
        manifest = Manifest(
            version=house.version(),
            made_at=now.isoformat(timespec="seconds"),
            engine=place.store.engine,
            database=archive.member(copy, place.store.member_name),
            files=[archive.member(source, name) for source, name in uploads],
            facts=facts,
        )
        archive.write(path, manifest, {name: source for source, name in uploads} | {place.store.member_name: copy})
    if keep:
        for old in sorted(place.backups.glob("khcn-*.tar.gz"))[:-keep]:
            old.unlink()
    return path, manifest


def restore(
    *, place: Place, source: Path, known_migrations: set[str], now: datetime, broken_chain: bool = False
) -> Rehearsal:
    """Verifies everything, then puts database and uploads in place; the old ones stay under another name.

    broken_chain=True restores a database whose audit chain was broken before the backup was made.
    Raises BackupError before anything was replaced.
    """
    began = time.monotonic()
    with _room(place) as room:
        manifest, copy = _verified(place, source, room, known_migrations, broken_chain=broken_chain)
        kept = [place.store.swap(copy, now)]
        if place.files.exists():
            old = before_restore(place.files, now)
            place.files.replace(old)
            kept.append(str(old))
        unpacked = room / archive.FILES
        unpacked.mkdir(exist_ok=True)
        unpacked.replace(place.files)
    return Rehearsal(manifest, time.monotonic() - began, tuple(name for name in kept if name))


def rehearse(*, place: Place, source: Path, known_migrations: set[str], now: datetime) -> Rehearsal:
    """Does all of a restore but the replacing, and writes dated evidence. Raises BackupError."""
    began = time.monotonic()
    with _room(place) as room:
        manifest, copy = _verified(place, source, room, known_migrations)
        place.store.drop(copy)
    seconds = time.monotonic() - began
    path = place.var / "evidence" / f"restore-drill-{now:%Y-%m-%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    evidence = {
        "drilled_at": now.isoformat(timespec="seconds"), "seconds": round(seconds, 2), "backup": source.name,
        "backup_sha256": archive.sha256(source), "backup_made_at": manifest.made_at, "engine": manifest.engine,
        "tables": len(manifest.facts.tables), "rows": sum(manifest.facts.tables.values()),
        "files_verified": len(manifest.files), "audit_rows": manifest.facts.audit_rows,
        "audit_head": manifest.facts.audit_head, "outcome": "verified",
    }  # fmt: skip
    path.write_text(json.dumps(evidence, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Rehearsal(manifest, seconds, evidence=path)


def _verified(
    place: Place, source: Path, room: Path, known: set[str], *, broken_chain: bool = False
) -> tuple[Manifest, str]:
    """Unpacks into the room and restores beside the living database; returns the copy once all of it is proven."""
    manifest = archive.read_manifest(source)
    if manifest.format != archive.FORMAT or manifest.engine != place.store.engine:
        text = tell(
            f"Bản sao lưu thuộc {manifest.engine}, còn bản cài này dùng {place.store.engine}.",
            f"The backup is of {manifest.engine}; this installation runs on {place.store.engine}.",
        )
        raise NotForThis(text)
    newer = sorted(set(manifest.facts.migrations) - known)
    if newer:
        text = tell(
            f"Bản sao lưu do phiên bản mới hơn tạo ra (có {newer[0]}); hãy nâng cấp trước: git pull --ff-only",
            f"The backup was made by newer code (it has {newer[0]}); upgrade first.",
        )
        raise NotForThis(text)
    archive.unpack(source, room)
    copy = place.store.restore_beside(room / place.store.member_name)
    try:
        _compare(manifest.facts, place.store.facts(copy))
        if not broken_chain:
            _verify_chain(place.store.address(copy))
    except Damaged:
        place.store.drop(copy)
        raise
    return manifest, copy


def _compare(wanted: Facts, found: Facts) -> None:
    differing = {
        name: (rows, found.tables.get(name)) for name, rows in wanted.tables.items() if found.tables.get(name) != rows
    }
    if differing:
        text = tell(f"Số dòng không khớp bảng kê: {differing}.", f"Rows differ from the manifest: {differing}.")
        raise Damaged(text)
    if found.audit_head != wanted.audit_head:
        raise Damaged(tell("Đầu chuỗi nhật ký không khớp bảng kê.", "The head of the audit chain differs."))


def _verify_chain(address: str) -> None:
    """Walks the copy's audit chain with the product's own command."""
    environ = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "khcn.site.settings.dev"}
    command = [sys.executable, str(house.ROOT / "manage.py"), "verify_audit"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Damaged(done.stderr.strip() or done.stdout.strip())


@contextmanager
def _room(place: Place) -> Iterator[Path]:
    """A private folder on the same disk, so that putting in place is a rename; gone afterwards."""
    place.var.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="backup-", dir=place.var))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
