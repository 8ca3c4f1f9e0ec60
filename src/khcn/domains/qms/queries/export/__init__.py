"""Everything of one agency's system in one zip for an inspector, who opens it without the system.

`MUC-LUC.html` is where a person begins; `SHA256SUMS` is checked with the tool of that name; `MANIFEST.json` says the
same to machines.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from khcn.domains.qms import models
from khcn.domains.qms.queries.export import records
from khcn.domains.qms.queries.export.registers import register_files
from khcn.domains.qms.queries.scores import newest_years
from khcn.domains.qms.rules.export_index import File, Standing, print_index
from khcn.kernel.documents.errors import FileDamaged
from khcn.lib.actor import Actor

_FIXED = (2000, 1, 1, 0, 0, 0)


def system_zip(system: models.QualitySystem, *, actor: Actor, now: datetime) -> bytes:
    """The zip: documents in effect, papers, registers, procedures, sampled dossiers, verdicts; an index and digests.

    Every file is listed with size and SHA-256; one that the store lost or that is damaged is listed as missing with
    the reason, never left out silently.
    """
    files: dict[str, bytes] = {}
    missing: list[dict[str, str]] = []
    for name, make in _parts(system, actor=actor, now=now):
        try:
            files[_free(name, files)] = make()
        except (FileDamaged, FileNotFoundError) as error:
            missing.append({"name": name, "why": str(error)})
    files.update(register_files(system))
    listed = [File(name, len(content), sha256(content).hexdigest()) for name, content in sorted(files.items())]
    manifest = {
        "agency": str(system), "code": system.code, "made_at": now.isoformat(), "made_by": actor.name,
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in listed],
        "missing": missing,
    }  # fmt: skip
    files["MUC-LUC.html"] = print_index(
        agency=str(system), code=system.code, made_by=actor.name, made_at=f"{now:%H:%M %d/%m/%Y}", files=listed,
        missing=[(item["name"], item["why"]) for item in missing], years=list(_standings(system)),
    ).encode()  # fmt: skip
    files["MANIFEST.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    files["SHA256SUMS"] = "".join(f"{file.sha256}  {file.name}\n" for file in listed).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(system: models.QualitySystem, *, actor: Actor, now: datetime) -> Iterator[records.Part]:
    yield from records.documents_in_effect(system, actor=actor, now=now)
    yield from records.papers(system)
    yield from records.procedures(system, on=now.date())
    yield from records.sampled_dossiers(system)
    yield from records.verdicts(system)


def _standings(system: models.QualitySystem) -> Iterator[Standing]:
    years = models.AgencyYear.objects.filter(system=system).order_by().values_list("year", flat=True).distinct()
    for year in sorted(years, reverse=True):
        for row in newest_years(year).filter(system=system):
            lines = [
                (code, "đạt" if gate["holds"] else "chưa đạt", gate["sentence"]) for code, gate in row.gates.items()
            ]
            lines += [(code, f"trọng số {score['weight']}", score["sentence"]) for code, score in row.scores.items()]
            parameters = row.evidence.get("parameters", {})
            yield Standing(
                year=year, total=f"{row.total:g}".replace(".", ","), threshold=str(parameters.get("threshold", "")),
                decision=str(parameters.get("decision", "")), is_effective=row.is_effective,
                confirmed_by=row.decision_number, sha256=row.sha256, lines=lines,
            )  # fmt: skip


def _free(name: str, taken: dict[str, bytes]) -> str:
    """The name, or with a number where two records would share it."""
    stem, dot, ending = name.rpartition(".")
    found, number = name, 2
    while found in taken:
        found = f"{stem}-{number}{dot}{ending}"
        number += 1
    return found
