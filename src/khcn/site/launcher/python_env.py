"""Makes `.venv` and installs exactly what the lock names, hash by hash.

Works where Debian's python3-venv is missing, and from a folder of wheels without a network. A `.venv` that is a
symbolic link belongs to whoever made it and is left as it is.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from khcn.site.launcher import house
from khcn.site.launcher.messages import Stop, say

STAMP = house.VENV / "khcn-installed.json"
DISK_NEEDED = 1_500_000_000
DEBIAN_PIP_WHEELS = Path("/usr/share/python-wheels")
NETWORK_SIGNS = ("NewConnectionError", "name resolution", "ConnectTimeout", "No matching distribution", "Max retries")


def ensure(lock: str) -> None:
    """Makes `.venv` hold requirements/<lock>.txt; does nothing where its stamp says so already.

    lock: "base" (to run), "dev" (to test) or "node" (Node.js where the system has none).
    Raises Stop with the command that mends it.
    """
    if house.VENV.is_symlink():
        return
    path = house.REQUIREMENTS / f"{lock}.txt"
    wanted = house.digest([path])
    facts = house.read_stamp(STAMP)
    if facts.get(lock) == wanted and house.venv_python().exists():
        return
    with house.lock("setup", wait=True):
        _install(lock, path, wanted)


def _install(lock: str, path: Path, wanted: str) -> None:
    facts = house.read_stamp(STAMP)
    if shutil.disk_usage(house.ROOT).free < DISK_NEEDED:
        raise Stop("disk_full", needed="1,5 GB")
    if not _works(house.venv_python()):
        facts = {}
        _make_venv()
    say("installing_python", lock=path.name)
    _pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(path))
    facts[lock] = wanted
    if lock == "dev":  # the dev lock contains the base lock; tests/architecture holds that true
        facts["base"] = house.digest([house.REQUIREMENTS / "base.txt"])
    house.write_stamp(STAMP, facts)


def _works(python: Path) -> bool:
    """Whether the interpreter starts; false for a `.venv` whose Python was removed or upgraded away."""
    try:
        return subprocess.run([str(python), "-c", ""], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _make_venv() -> None:
    say("making_venv")
    with_pip = _has_ensurepip()
    try:
        venv.EnvBuilder(with_pip=with_pip, clear=True, symlinks=True).create(house.VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Stop("venv_failed", folder=house.VENV, reason=error) from error
    if not with_pip:
        _bring_pip()


def _has_ensurepip() -> bool:
    """False on Debian without python3-venv, whose `venv` would end this very process when asked for pip."""
    try:
        return importlib.util.find_spec("ensurepip.__main__") is not None
    except ModuleNotFoundError:
        return False


def _bring_pip() -> None:
    """Puts pip into a `.venv` made without ensurepip: from a wheel on this machine, else by the system's pip."""
    folders = [Path(os.environ["KHCN_WHEELS"])] if os.environ.get("KHCN_WHEELS") else []
    for folder in [*folders, DEBIAN_PIP_WHEELS]:
        wheels = sorted(folder.glob("pip-*.whl"))
        if wheels:
            command = [str(house.venv_python()), f"{wheels[-1]}/pip", "install", "--no-index", "--no-deps"]
            break
    else:
        wheels = [Path("pip")]
        base_python = getattr(sys, "_base_executable", sys.executable)
        command = [base_python, "-m", "pip", "--python", str(house.venv_python()), "install", "--no-deps"]
    done = subprocess.run([*command, str(wheels[-1])], capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        shutil.rmtree(house.VENV, ignore_errors=True)
        raise Stop("pip_missing")


def _pip(*arguments: str) -> None:
    source = []
    if os.environ.get("KHCN_WHEELS"):
        source = ["--no-index", "--find-links", os.environ["KHCN_WHEELS"]]
    house.LOGS.mkdir(parents=True, exist_ok=True)
    log = house.LOGS / "install-python.log"
    environ = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_RETRIES": "2", "PIP_NO_INPUT": "1", **os.environ}
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            [str(house.venv_python()), "-m", "pip", *arguments, *source],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environ,
        )  # fmt: skip
    if done.returncode == 0:
        return
    text = log.read_text("utf-8", "replace")
    tail = "\n".join(f"    {line}" for line in text.splitlines()[-8:])
    if "DO NOT MATCH THE HASHES" in text:
        raise Stop("hashes_differ", tail=tail, log=log)
    if any(sign in text for sign in NETWORK_SIGNS):
        raise Stop("no_network_python", tail=tail, log=log)
    raise Stop("pip_failed", tail=tail, log=log)
