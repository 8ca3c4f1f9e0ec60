#!/usr/bin/env python3
"""Checks the audit chain of KHCN without KHCN: standard library only (and psycopg for PostgreSQL).

    python3 verify_audit.py var/khcn.sqlite3
    python3 verify_audit.py postgres://user@host/khcn --anchor 120:9f86d0…

Each row's digest is SHA-256 over canonical JSON of [previous digest, [ten fields]]; see `rows` for how the fields are
written. A chain cannot show that its end was cut off: keep the head that this prints elsewhere (paper, another
machine), and give it back later as --anchor ROWS:HEAD. Exit code 0: whole; 1: broken; 2: could not be read.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

GENESIS = "0" * 64
COLUMNS = (
    "at", "actor_uid", "actor_name", "organisation", "verb", "subject_type", "subject_uid", "subject_label",
    "before", "after",
)  # fmt: skip
QUERY = (
    'SELECT id, "at", actor_uid, actor_name, organisation, verb, subject_type, subject_uid, subject_label, '
    '"before", "after", previous, digest FROM audit_auditentry ORDER BY id'
)


def moment(value: object) -> str:
    """ISO 8601 in UTC with microseconds."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def rows(source: str) -> Iterator[tuple[int, list[object], str, str]]:
    """(id, fields, previous, digest) in order. UUIDs as text with hyphens, before/after as JSON values."""
    if source.startswith(("postgres://", "postgresql://")):
        import psycopg

        try:
            with psycopg.connect(source) as database, database.cursor(name="audit") as cursor:
                cursor.execute(QUERY)
                yield from map(fields, cursor)
        except psycopg.Error as error:
            raise OSError(str(error)) from error
    else:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database:
            yield from map(fields, database.execute(QUERY))


def fields(row: tuple) -> tuple[int, list[object], str, str]:
    """One stored row as it was digested."""
    number, *values, previous, digest = row
    named = dict(zip(COLUMNS, values, strict=True))
    named["at"] = moment(named["at"])
    for name in ("actor_uid", "subject_uid"):
        named[name] = str(UUID(str(named[name]))) if named[name] else None
    for name in ("before", "after"):
        named[name] = json.loads(named[name]) if isinstance(named[name], str) else named[name]
    return number, [named[name] for name in COLUMNS], previous, digest


def expected(previous: str, values: list[object]) -> str:
    """The digest that a row must have."""
    body = json.dumps([previous, values], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def main() -> int:
    """Walk the chain once; constant memory."""
    parser = argparse.ArgumentParser(description="Kiểm tra chuỗi băm nhật ký của KHCN, không cần KHCN.")
    parser.add_argument("source", help="tệp SQLite hoặc địa chỉ postgres://")
    parser.add_argument("--anchor", action="append", default=[], metavar="SỐ:BĂM", help="đầu chuỗi đã ghi trước đây")
    options = parser.parse_args()
    anchors = {int(number): head for number, _, head in (text.partition(":") for text in options.anchor)}
    previous, count, broken = GENESIS, 0, []
    try:
        for number, values, before, digest in rows(options.source):
            count += 1
            if before != previous or digest != expected(before, values):
                broken.append(f"dòng {number}")
            if count in anchors and anchors.pop(count) != digest:
                broken.append(f"đầu chuỗi sau {count} dòng khác bản đã ghi")
            previous = digest
    except (sqlite3.Error, OSError, ValueError, ImportError) as error:
        print(f"Không đọc được nhật ký: {error}", file=sys.stderr)
        return 2
    broken += [f"đã ghi {number} dòng, nay còn {count}" for number in anchors]
    if broken:
        print(f"Chuỗi bị đứt ở {len(broken)} chỗ: {'; '.join(broken[:20])}", file=sys.stderr)
        return 1
    print(f"Nguyên vẹn. Đầu chuỗi: {count}:{previous}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
