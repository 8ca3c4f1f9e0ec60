"""Take the text out of a file that a person sends: .docx, .pdf (scans too) or .txt.

Decides nothing about its meaning.
"""

from khcn.web.intake.content import DEFAULT_INTAKE_LIMITS, IntakeLimits, IntakeText
from khcn.web.intake.reading import read_file, refuse_size
from khcn.web.intake.refusals import (
    FileBroken,
    FileEmpty,
    FileProtected,
    FileTooLarge,
    FormatUnsupported,
    IntakeError,
    OldWordFormat,
    ScanUnreadable,
)

__all__ = [
    "DEFAULT_INTAKE_LIMITS",
    "FileBroken",
    "FileEmpty",
    "FileProtected",
    "FileTooLarge",
    "FormatUnsupported",
    "IntakeError",
    "IntakeLimits",
    "IntakeText",
    "OldWordFormat",
    "ScanUnreadable",
    "read_file",
    "refuse_size",
]
