"""Reads settings from the environment and var/.env; malformed values stop the start with a sentence."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[4]
VAR = Path(os.environ.get("KHCN_VAR", ROOT / "var"))


def _load_env_file() -> None:
    path = VAR / ".env"
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if "=" not in text:
            raise ImproperlyConfigured(f"{path}:{number}: cần dạng TÊN=giá trị.")
        key, _, value = text.partition("=")
        os.environ.setdefault(key.strip(), value.strip().strip('"'))


_load_env_file()


def text(name: str, default: str = "") -> str:
    """Value of an environment variable, or the default."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable; raises ImproperlyConfigured for anything but 1/0/true/false/yes/no."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() in {"1", "true", "yes"}:
        return True
    if raw.lower() in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: chỉ nhận 1/0, true/false, yes/no.")


def number(name: str, default: int) -> int:
    """A whole-number variable; raises ImproperlyConfigured otherwise."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r}: phải là số nguyên.") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated variable as a list without empty items."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
