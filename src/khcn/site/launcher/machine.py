"""`./khcn check`: looks at the machine, the installation and the database, and says what to mend.

Changes nothing.
"""

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from khcn.site.launcher import debian, front_end, house, python_env, servers
from khcn.site.launcher.messages import tell, write

# The write-ahead log of SQLite up to 3.51.2 can, in a rare race of two checkpoints, corrupt the file (fixed in 3.51.3).
SAFE_SQLITE = (3, 51, 3)
DISK_WANTED = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One line of the report: "fine", "advice" (runs, but) or "wrong" (does not run), and what to do."""

    state: str
    subject: str
    text: str


def report(port: int) -> int:
    """Prints every finding; returns 1 where one is wrong, else 0."""
    marks = {"fine": tell("  đạt    ", "  fine   "), "advice": tell("  nên    ", "  advice "),
             "wrong": tell("  HỎNG   ", "  WRONG  ")}  # fmt: skip
    wrong = 0
    for finding in findings(port):
        write(f"{marks[finding.state]}{finding.subject}: {finding.text}")
        wrong += finding.state == "wrong"
    if wrong:
        write(tell(f"\nCó {wrong} điều cần sửa trước khi chạy.", f"\n{wrong} things to mend before it runs."))
    else:
        write(tell("\nMọi thứ sẵn sàng.", "\nEverything is ready."))
    return 1 if wrong else 0


def findings(port: int) -> Iterator[Finding]:
    """Every finding, the machine first, then the installation, then the database."""
    yield Finding("fine", "Python", f"{platform.python_version()} ({sys.executable})")
    yield _disk()
    yield from _installation()
    yield _port(port)
    if house.inside_venv() or house.VENV.is_symlink():
        yield from _database()
    yield from _system_programs()


def _disk() -> Finding:
    free = shutil.disk_usage(house.ROOT).free
    text = tell(f"còn {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free")
    if free < DISK_WANTED:
        return Finding("wrong", tell("Đĩa", "Disk"), text + tell("; cần ít nhất 1 GB.", "; at least 1 GB is needed."))
    return Finding("fine", tell("Đĩa", "Disk"), text)


def _installation() -> Iterator[Finding]:
    again = tell("; chạy lại ./khcn demo để cài cho khớp.", "; run ./khcn demo to install what is locked.")
    if house.VENV.is_symlink():
        yield Finding(
            "advice", ".venv", tell("là liên kết do người dùng tạo, không quản lý.", "is a link, not managed.")
        )
    else:
        matches = house.read_stamp(python_env.STAMP).get("base") == house.digest([house.REQUIREMENTS / "base.txt"])
        text = "requirements/base.txt" + ("" if matches else tell(" chưa khớp", " differs") + again)
        yield Finding("fine" if matches else "wrong", ".venv", text)
    if house.NODE_MODULES.is_symlink():
        yield Finding("advice", "node_modules", tell("là liên kết, không quản lý.", "is a link, not managed."))
    else:
        lock = house.digest([house.ROOT / "package-lock.json"])
        matches = house.read_stamp(front_end.STAMP).get("lock") == lock
        text = "package-lock.json" + ("" if matches else tell(" chưa khớp", " differs") + again)
        yield Finding("fine" if matches else "wrong", "node_modules", text)


def _port(port: int) -> Finding:
    subject = tell(f"Cổng {port}", f"Port {port}")
    if servers.is_free("127.0.0.1", port):
        return Finding("fine", subject, tell("còn trống", "free"))
    free = servers.free_port("127.0.0.1", port + 1)
    text = tell(f"đang có chương trình dùng; cổng trống kế tiếp là {free}.", f"is taken; the next free one is {free}.")
    return Finding("advice", subject, text)


def _database() -> Iterator[Finding]:
    """Only once `.venv` stands: what it asks needs Django."""
    from khcn.site.launcher import preparation, translations

    if any(not path.with_suffix(".mo").exists() for path in translations.catalogues()):
        text = tell("chưa biên dịch; ./khcn demo sẽ làm.", "not compiled; ./khcn demo does it.")
        yield Finding("advice", tell("Bản dịch", "Translations"), text)
    subject = tell("Cơ sở dữ liệu", "Database")
    if preparation.sqlite_file() is not None:
        found = sqlite3.sqlite_version
        if sqlite3.sqlite_version_info < SAFE_SQLITE:
            text = tell(
                f"{found} còn lỗi hiếm gặp ở nhật ký ghi trước (đã sửa ở 3.51.3): chỉ dùng để thử hoặc cho đơn vị nhỏ; "
                "vận hành thật nên dùng PostgreSQL (deploy/README.md).",
                f"{found} has a rare fault in its write-ahead log (mended in 3.51.3): for trying out and small "
                "offices; run production on PostgreSQL (deploy/README.md).",
            )
            yield Finding("advice", "SQLite", text)
        else:
            yield Finding("fine", "SQLite", found)
        if not preparation.database_exists():
            text = tell(
                "chưa có; ./khcn demo hoặc ./khcn serve sẽ tạo.", "none yet; ./khcn demo or ./khcn serve makes it."
            )
            yield Finding("advice", subject, text)
            return
    for arguments, fine, mend in (
        (["migrate", "--check"], tell("cấu trúc khớp với mã nguồn", "tables match the code"), "./khcn manage migrate"),
        (
            _django_check(preparation.settings_module()),
            tell("manage.py check không có cảnh báo", "manage.py check is clean"),
            "./khcn manage check",
        ),
    ):
        done = subprocess.run(
            [sys.executable, str(house.ROOT / "manage.py"), *arguments],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=house.ROOT, check=False,
        )  # fmt: skip
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["?"]
            yield Finding("wrong", subject, tell(f"{last[0]} Hãy chạy: {mend}", f"{last[0]} Run: {mend}"))
        else:
            yield Finding("fine", subject, fine)


def _django_check(settings_module: str) -> list[str]:
    return ["check", "--fail-level", "WARNING", *(["--deploy"] if settings_module.endswith(".production") else [])]


def _system_programs() -> Iterator[Finding]:
    root = os.geteuid() == 0
    tests_only = tell("chỉ cần cho ./khcn test", "only ./khcn test needs it")
    for subject, found, packages, use in (
        ("PostgreSQL + PostGIS", debian.postgresql(), debian.postgresql_packages, tests_only),
        ("Chromium", debian.chromium(), lambda: ["chromium"], tests_only),
        (
            "Tesseract", debian.vietnamese_recognition(), lambda: [*debian.RECOGNITION_PACKAGES],
            tell("chỉ cần để đọc văn bản quét", "only reading scanned documents needs it"),
        ),
        (
            "Mosquitto", debian.mosquitto(), lambda: ["mosquitto"],
            tell("chỉ cần để trạm gửi số liệu qua MQTT", "only stations that send by MQTT need it"),
        ),
    ):  # fmt: skip
        if found:
            yield Finding("fine", subject, str(found))
            continue
        command = f"{'' if root else 'sudo '}apt-get install {' '.join(packages())}"
        yield Finding("advice", subject, use + tell(f"; cài bằng: {command}", f"; install: {command}"))
