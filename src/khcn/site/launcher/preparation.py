"""Brings database, reference data and translations up to date, and loads the demonstration once.

A stamp in var says for which code and which database this was done, so that a second start loses no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from khcn.site.launcher import front_end, house, python_env, servers, translations
from khcn.site.launcher.messages import Stop, say
from khcn.site.settings import environment

STAMP = house.VAR / "prepared.json"
REAL_WORK_INSIDE = 3  # what `prepare --demo` ends with where the database holds accounts of its own
DEFAULT_SETTINGS = "khcn.site.settings.dev"


def settings_module() -> str:
    """The settings in force: environment, var/.env, else the try-out ones."""
    return environment.text("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)


def sqlite_file() -> Path | None:
    """The SQLite file in use; None on another database."""
    address = environment.text("DATABASE_URL")
    if not address:
        return house.VAR / "khcn.sqlite3"
    return Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite:///") else None


def install(*, for_tests: bool = False) -> None:
    """Python and front-end packages, each only where its stamp differs from the lock; then the translations."""
    python_env.ensure("dev" if for_tests else "base")
    with house.lock("setup", wait=True):
        front_end.ensure(with_tests=for_tests)
        translations.compile_catalogues()


def ensure(*, demo: bool = False, reset: bool = False) -> None:
    """Makes the database ready for this code; with demo=True the demonstration is in it afterwards.

    Raises Stop: a real database is never filled or dropped by the demonstration.
    """
    with house.lock("setup", wait=True):  # web and worker may start at the same moment
        _ensure(demo=demo, reset=reset)


def _ensure(*, demo: bool, reset: bool) -> None:
    if reset and database_exists():
        if house.read_stamp(STAMP).get("demo") != "loaded":
            _ensure(demo=True, reset=False)  # stops where this is not the demonstration
        _drop_demo()
    facts = house.read_stamp(STAMP) if database_exists() else {}
    same = facts.get("code") == _code() and facts.get("database") == _database()
    if same and (facts.get("demo") == "loaded" or not demo):
        return
    load = demo and facts.get("demo") != "loaded"
    say("loading_demo" if load else "preparing")
    command = [sys.executable, str(house.ROOT / "manage.py"), "prepare", *(["--demo"] if load else [])]
    done = subprocess.run(command, cwd=house.ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if done.returncode == REAL_WORK_INSIDE:
        raise Stop("not_demo")
    if done.returncode:
        raise Stop("prepare_failed")
    state = "loaded" if load else facts.get("demo")
    house.write_stamp(STAMP, {"code": _code(), "database": _database(), "demo": state})


def _code() -> str:
    """Digest of what shapes the database: migrations, reference data, and the settings in force."""
    files = [*(house.ROOT / "src").glob("**/migrations/*.py"), house.ROOT / "package-lock.json"]
    files += [path for path in (house.ROOT / "data").rglob("*") if path.is_file()]
    return hashlib.sha256((house.digest(files) + settings_module()).encode()).hexdigest()


def _database() -> str:
    """Digest of the database's address, which may hold a password and is therefore not written down."""
    return hashlib.sha256(environment.text("DATABASE_URL", str(sqlite_file())).encode()).hexdigest()


def database_exists() -> bool:
    """False only where the SQLite file has not been made yet."""
    path = sqlite_file()
    return path is None or path.exists()


def _drop_demo() -> None:
    """Removes the demonstration's SQLite file and its uploads; raises Stop for any other database."""
    path = sqlite_file()
    if path is None or path.parent != house.VAR:
        raise Stop("reset_needs_sqlite", var=house.VAR)
    say("resetting_demo")
    with servers.database_in_use(alone=True):
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), STAMP):
            name.unlink(missing_ok=True)
        shutil.rmtree(house.VAR / "files", ignore_errors=True)


def manage(arguments: list[str]) -> NoReturn:
    """Becomes `manage.py` with the arguments; never returns."""
    os.execv(sys.executable, [sys.executable, str(house.ROOT / "manage.py"), *arguments])  # noqa: S606 - our own Python
