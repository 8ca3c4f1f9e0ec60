"""What the one-stop mechanism keeps: catalogue, dossiers and what happens to them, surveys, complaints, messages."""

from khcn.domains.onestop.models.catalogue import (
    AdministrativeProcedure,
    IndexWeight,
    PaperFormRow,
    ProcedureBasis,
    ProcedureComponent,
    ServiceParameter,
)
from khcn.domains.onestop.models.dossiers import (
    Absence,
    Dossier,
    DossierFile,
    Extension,
    FeeDemand,
    HeldOriginal,
    IssuedPaper,
    StatusRecord,
    Supplement,
)
from khcn.domains.onestop.models.voices import CampaignAnswer, Complaint, PortalMessage, SurveyAnswer, SurveyCampaign

__all__ = [
    "Absence",
    "AdministrativeProcedure",
    "CampaignAnswer",
    "Complaint",
    "Dossier",
    "DossierFile",
    "Extension",
    "FeeDemand",
    "HeldOriginal",
    "IndexWeight",
    "IssuedPaper",
    "PaperFormRow",
    "PortalMessage",
    "ProcedureBasis",
    "ProcedureComponent",
    "ServiceParameter",
    "StatusRecord",
    "Supplement",
    "SurveyAnswer",
    "SurveyCampaign",
]
