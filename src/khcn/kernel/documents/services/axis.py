"""Carries edXML messages to the document axis by leaving them in a folder that the axis' own adapter picks up."""

from pathlib import Path

from django.conf import settings


def carry_to_folder(message_id: str, receiver_code: str, content: bytes) -> None:
    """Leave a message under its id; the same message again replaces itself. Raises OSError when that fails."""
    folder = Path(settings.MEDIA_ROOT) / "axis" / "out"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{message_id}.edxml"
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
