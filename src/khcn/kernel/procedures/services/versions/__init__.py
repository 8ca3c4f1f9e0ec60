"""Writes of procedures and their versions: drafting, review, approval, effect, withdrawal."""

from khcn.kernel.procedures.services.versions.drafting import (
    create_procedure,
    new_version,
    save_draft,
    upload_template,
)
from khcn.kernel.procedures.services.versions.importing import import_drawing
from khcn.kernel.procedures.services.versions.release import (
    VersionMoved,
    approve_version,
    deploy_version,
    install_procedure,
    return_version,
    submit_version,
    withdraw_version,
)

__all__ = [
    "VersionMoved",
    "approve_version",
    "create_procedure",
    "deploy_version",
    "import_drawing",
    "install_procedure",
    "new_version",
    "return_version",
    "save_draft",
    "submit_version",
    "upload_template",
    "withdraw_version",
]
