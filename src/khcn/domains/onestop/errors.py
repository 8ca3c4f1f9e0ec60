"""Refusals of the one-stop room.

Failure
└── Refused
    ├── DossierStepRefused   the dossier may not take this step from its status, or a condition fails
    └── CodeUnreadable       an agency, procedure or dossier code is not one
"""

from khcn.lib.failure import Refused


class DossierStepRefused(Refused):
    """A dossier may not take this step now; the message says which condition fails."""

    code = "dossier_step_refused"


class CodeUnreadable(Refused):
    """The text is not a code of this kind."""

    code = "code_unreadable"
