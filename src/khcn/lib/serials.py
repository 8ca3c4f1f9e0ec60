"""Numbers of labels: nobody can guess one that was not printed. Pure."""

import base64
import hashlib
import hmac

_SIGNS = 5


def serial_of(batch: int, number: int, secret: str) -> str:
    """The serial of one label of a batch, at most twenty signs that a Digital Link may hold."""
    text = f"{batch}-{number}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}-{base64.b32encode(mac).decode()[:_SIGNS]}"


def batch_of(serial: str) -> tuple[int, int] | None:
    """The batch and number that a serial claims, or None for what is no serial of ours."""
    parts = serial.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts[:2]):
        return None
    return int(parts[0]), int(parts[1])


def is_genuine(serial: str, count: int, secret: str) -> bool:
    """Whether the serial is one of the `count` labels of the batch with this secret."""
    claimed = batch_of(serial)
    if claimed is None or not 1 <= claimed[1] <= count:
        return False
    return hmac.compare_digest(serial, serial_of(*claimed, secret))


def looks_copied(*, networks: int, scans: int, most_networks: int, most_scans: int) -> bool:
    """Whether one label was opened from more networks, or more often, than one buyer's household would."""
    return networks >= most_networks or scans >= most_scans
