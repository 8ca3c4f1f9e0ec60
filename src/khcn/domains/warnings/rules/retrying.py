"""When a delivery that failed is tried again, and when it is given up."""

from datetime import timedelta

_WAITS = (30, 60, 120, 300, 900, 1800, 3600)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None once enough were made."""
    return timedelta(seconds=_WAITS[attempts - 1]) if 1 <= attempts <= len(_WAITS) else None
