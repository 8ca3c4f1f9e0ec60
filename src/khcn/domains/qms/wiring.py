"""w."""


def connect() -> None:
    """x."""
