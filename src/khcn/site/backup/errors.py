"""What can be wrong with a backup.

BackupError
├── Damaged        the file is not what was written: digest, size, rows, chain
├── NotForThis     a sound backup, but of another database system or of newer code
└── ToolMissing    a program of PostgreSQL is missing or refused
"""


class BackupError(Exception):
    """The text is a whole sentence for the person at the terminal."""


class Damaged(BackupError):
    """The backup is not whole, so nothing was replaced."""


class NotForThis(BackupError):
    """The backup cannot go into this installation."""


class ToolMissing(BackupError):
    """pg_dump or pg_restore is missing, or ended badly."""
