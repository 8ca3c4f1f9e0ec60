"""Everything of one agency's system in one zip for an inspector: documents, papers, registers, a manifest."""

import io
import json
import zipfile
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import models as fields
from django.db.models import Model

from khcn.domains.qms import models
from khcn.domains.qms.choices import RevisionState
from khcn.domains.qms.queries.documents import copy_for
from khcn.kernel.documents.errors import FileDamaged
from khcn.kernel.documents.queries import content_of
from khcn.lib.actor import Actor
from khcn.lib.text import slug

# What is written out as tables: model and how a row finds its system.
TABLES: tuple[tuple[type[Model], str], ...] = (
    (models.Unit, "system"), (models.Membership, "system"), (models.ScopeExclusion, "system"),
    (models.ControlledDocument, "system"), (models.DocumentRevision, "system"), (models.ReadAck, "revision__system"),
    (models.Distribution, "revision__system"), (models.ChangeRequest, "system"), (models.RecordSeries, "system"),
    (models.RecordFolder, "series__system"), (models.ContextIssue, "system"), (models.InterestedParty, "system"),
    (models.Process, "system"), (models.ProcessLink, "source__system"), (models.Risk, "system"),
    (models.Objective, "system"), (models.ObjectiveMeasurement, "objective__system"), (models.Skill, "system"),
    (models.SkillRequirement, "skill__system"), (models.HeldSkill, "skill__system"), (models.Training, "system"),
    (models.TrainingAttendance, "training__system"), (models.Certificate, "system"),
    (models.CommunicationItem, "system"), (models.KnowledgeArticle, "system"), (models.Supplier, "system"),
    (models.SupplierEvaluation, "supplier__system"), (models.Instrument, "system"),
    (models.Calibration, "instrument__system"), (models.AuditProgramme, "system"),
    (models.ProgrammeLine, "programme__system"), (models.Audit, "system"), (models.AuditTeam, "audit__system"),
    (models.ChecklistItem, "audit__system"), (models.Nonconformity, "system"),
    (models.CorrectiveAction, "nonconformity__system"), (models.EffectivenessCheck, "nonconformity__system"),
    (models.NonconformingOutput, "system"), (models.Complaint, "system"), (models.ManagementReview, "system"),
    (models.ReviewDecision, "review__system"), (models.Announcement, "system"), (models.Inspection, "system"),
    (models.InspectionFinding, "inspection__system"), (models.ImprovementIdea, "system"), (models.AgencyYear, "system"),
)  # fmt: skip
_FIXED = (2000, 1, 1, 0, 0, 0)


def system_zip(system: models.QualitySystem, *, actor: Actor, now: datetime) -> bytes:
    """The zip: `tai-lieu/` marked copies in effect, `van-ban/` papers, `so/` tables as JSON, `MANIFEST.json`.

    MANIFEST lists every file with size and SHA-256, who made it and when; a file that the store lost or that is
    damaged is listed under `missing` with the reason, never left out silently.
    """
    files: dict[str, bytes] = {}
    missing: list[dict[str, str]] = []
    effective = models.DocumentRevision.objects.filter(system=system, state=RevisionState.EFFECTIVE)
    for revision in effective.select_related("document__system__organisation", "contents__file"):
        name = f"tai-lieu/{slug(revision.document.code)}-{revision.number}"
        try:
            copy = copy_for(revision, actor=actor, now=now)
        except (FileDamaged, FileNotFoundError) as error:
            missing.append({"name": name, "why": str(error)})
            continue
        files[f"{name}.{copy.filename.rsplit('.', 1)[-1]}"] = copy.content
    papers: tuple[tuple[type[Model], str], ...] = (
        (models.Announcement, "cong-bo"), (models.ManagementReview, "xem-xet")
    )  # fmt: skip
    for model, folder in papers:
        for row in model._default_manager.filter(system=system, paper__isnull=False).select_related("paper"):
            name = f"van-ban/{folder}-{row.uid}.pdf"  # type: ignore[attr-defined]
            try:
                files[name] = content_of(row.paper.revisions.latest("number"))  # type: ignore[attr-defined]
            except (FileDamaged, FileNotFoundError) as error:
                missing.append({"name": name, "why": str(error)})
    for model, path in TABLES:
        rows = [_plain(row) for row in model._default_manager.filter(**{path: system}).order_by("pk")]
        files[f"so/{model._meta.model_name}.json"] = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    manifest = {
        "agency": str(system), "code": system.code, "made_at": now.isoformat(), "made_by": actor.name,
        "files": [
            {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
        "missing": missing,
    }  # fmt: skip
    files["MANIFEST.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _plain(row: Model) -> dict[str, Any]:
    """A row by the Vietnamese names of its fields; relations as text, so that it reads without the database."""
    found: dict[str, Any] = {}
    for field in row._meta.fields:
        if isinstance(field, fields.AutoField | fields.BigAutoField):
            continue
        value = getattr(row, field.name)
        if isinstance(value, Model):
            value = str(value)
        elif isinstance(value, date):
            value = value.isoformat()
        elif not isinstance(value, str | int | float | bool | list | dict | type(None)):
            value = str(value)
        found[str(field.verbose_name)] = value
    return found
