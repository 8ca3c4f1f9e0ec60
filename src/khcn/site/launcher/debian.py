"""Finds the programs that only the tests need, and installs Debian's packages of them where one is root.

Never acts without root: then it says which command to run.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from khcn.site.launcher import house
from khcn.site.launcher.messages import say, sentence, tell

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL_HOMES = Path("/usr/lib/postgresql")
OLDEST_POSTGRESQL = 15


def chromium() -> Path | None:
    """The browser that headless tests drive; KHCN_CHROMIUM names another."""
    for name in (os.environ.get("KHCN_CHROMIUM", ""), *CHROMIUM_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return Path(found)
    return None


def postgresql() -> Path | None:
    """The bin folder of the newest PostgreSQL that has PostGIS too; KHCN_POSTGRESQL names another."""
    named = os.environ.get("KHCN_POSTGRESQL")
    folders = [Path(named)] if named else sorted(POSTGRESQL_HOMES.glob("*/bin"), key=_major, reverse=True)
    for folder in folders:
        version = folder.parent.name
        control = [folder.parent / "share/extension", Path(f"/usr/share/postgresql/{version}/extension")]
        has_postgis = any((place / "postgis.control").exists() for place in control)
        if (folder / "initdb").exists() and has_postgis and (named or _major(folder) >= OLDEST_POSTGRESQL):
            return folder
    return None


def mosquitto() -> Path | None:
    """The MQTT broker that tests start for themselves; KHCN_MOSQUITTO names another. Debian keeps it out of PATH."""
    for name in (os.environ.get("KHCN_MOSQUITTO", ""), "mosquitto", "/usr/sbin/mosquitto"):
        found = shutil.which(name) if name else None
        if found:
            return Path(found)
    return None


RECOGNITION_PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie", "fonts-dejavu-core")


def vietnamese_recognition() -> Path | None:
    """Tesseract, where it has its Vietnamese data: scanned plans are read with it."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout
    return Path(program) if "vie" in listed.split() else None


def _major(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def postgresql_packages() -> list[str]:
    """Debian's packages for the newest PostgreSQL with PostGIS that this release offers."""
    if not shutil.which("apt-cache"):
        return ["postgresql", "postgis"]
    shown = subprocess.run(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    majors = [int(found) for found in re.findall(r"^postgresql-(\d+)-postgis-3 ", shown, re.MULTILINE)]
    major = max(majors, default=OLDEST_POSTGRESQL)
    return [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]


def require(find: Callable[[], Path | None], what: str, packages: Callable[[], list[str]]) -> str:
    """Empty where the program is there, or is after installing; else the sentence that says how to get it."""
    if find():
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("update")
        names = packages()
        say("installing_debian", packages=" ".join(names))
        log = _apt("install", "-y", "--no-install-recommends", *names)
        if find():
            return ""
        return tell(f"cài {' '.join(names)} không thành công, xem {log}", f"{' '.join(names)} failed, see {log}")
    return sentence("debian_missing", what=what, packages=" ".join(packages()))


def _apt(*arguments: str) -> Path:
    house.LOGS.mkdir(parents=True, exist_ok=True)
    log = house.LOGS / "install-debian.log"
    with log.open("ab") as output:
        subprocess.run(
            ["apt-get", "-q", *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False,
        )  # fmt: skip
    return log
