"""The only place where the layers room registers with the kernel and the shell."""


def connect() -> None:
    """Register indicator sources, search, panels and actions."""
