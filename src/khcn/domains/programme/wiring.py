"""The only place where the programme registers with the kernel."""


def connect() -> None:
    """Register indicator sources and event subscribers."""
