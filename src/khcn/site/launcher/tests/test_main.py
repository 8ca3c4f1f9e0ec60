"""`./khcn` as a person meets it: what it refuses and how, without setting anything up."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from khcn.site.launcher import house

ENGLISH = "--en"


def _khcn(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The real launcher on this very Python, in a `var` of its own."""
    asked = {**os.environ, "KHCN_PYTHON": sys.executable, **environ}
    asked.pop("DATABASE_URL", None)
    command = ["sh", str(house.ROOT / "khcn"), *arguments]
    return subprocess.run(command, env=asked, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)


@pytest.fixture
def var(tmp_path: Path) -> str:
    return str(tmp_path / "var")


def test_launcher_shell_part_is_posix() -> None:
    done = subprocess.run(["sh", "-n", str(house.ROOT / "khcn")], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert (house.ROOT / "khcn").read_text("utf-8").startswith("#!/bin/sh\n")
    assert os.access(house.ROOT / "khcn", os.X_OK)
    assert os.access(house.ROOT / ".ci/run", os.X_OK)


@pytest.mark.parametrize(("language", "words"), [((), "không tìm thấy trên máy"), ((ENGLISH,), "found none")])
def test_launcher_without_python_names_the_package(language: tuple[str, ...], words: str, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "readlink", "cat"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    text = (house.ROOT / "khcn").read_text("utf-8").replace("/usr/bin/python3", "/nowhere/python3")
    lonely = tmp_path / "khcn"
    lonely.write_text(text, "utf-8")

    done = subprocess.run(
        ["/bin/sh", str(lonely), "demo", *language], env={"PATH": str(programs)}, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert words in done.stderr
    assert "apt-get install python3" in done.stderr


def test_launcher_unknown_layer_lists_the_known(var: str) -> None:
    done = _khcn("test", "khong-co", KHCN_VAR=var)

    assert done.returncode == 1
    assert "Không có tầng kiểm thử tên khong-co" in done.stderr
    assert "postgresql, browser" in done.stderr


def test_launcher_unknown_benchmark_speaks_english_where_asked(var: str) -> None:
    done = _khcn(ENGLISH, "bench", "khong-co", KHCN_VAR=var)

    assert done.returncode == 1
    assert "There is no benchmark named khong-co" in done.stderr


def test_launcher_try_out_settings_beyond_this_machine_are_refused(var: str) -> None:
    done = _khcn("serve", "--host", "0.0.0.0", KHCN_VAR=var, DJANGO_SETTINGS_MODULE="khcn.site.settings.dev")  # noqa: S104

    assert done.returncode == 1
    assert "deploy/README.md" in done.stderr


def test_launcher_backup_without_a_database_says_so(var: str) -> None:
    done = _khcn("backup", KHCN_VAR=var, DJANGO_SETTINGS_MODULE="khcn.site.settings.dev")

    assert done.returncode == 1
    assert "Chưa có cơ sở dữ liệu" in done.stderr
    assert "Traceback" not in done.stderr


def test_launcher_check_busy_port_names_a_free_one(var: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = _khcn("check", "--port", str(port), KHCN_VAR=var, DJANGO_SETTINGS_MODULE="khcn.site.settings.dev")

    assert f"Cổng {port}: đang có chương trình dùng" in done.stdout
    assert "Traceback" not in done.stderr
