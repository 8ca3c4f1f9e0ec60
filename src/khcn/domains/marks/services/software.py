"""Keeps files of software copyright: reads the source sent, shows secrets first, follows the file to its end."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from khcn.domains.marks.choices import FileState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import SoftwareFile, SoftwareScreen
from khcn.domains.marks.permissions import require_software_filer, require_software_keeper
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.queries.programs import Program, read_program
from khcn.domains.marks.rules.source_print import find_secrets
from khcn.kernel.audit.services import record
from khcn.kernel.documents.services import store_file
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.lib.text import slug
from khcn.web.uploads import JPEG, PNG, check_upload

CHANGEABLE = (
    "name", "edition", "owner_name", "owner_address", "authors", "summary", "finished_on", "published_on", "fee_vnd",
    "support_vnd", "support_basis",
)  # fmt: skip
MOST_BYTES = 50 * 1024 * 1024
MOST_SCREENS = 60
#: state: those that may follow it
FILE_STEPS: dict[FileState, tuple[FileState, ...]] = {
    FileState.DRAFT: (FileState.FILED,),
    FileState.FILED: (FileState.SUPPLEMENT, FileState.CERTIFIED, FileState.REFUSED),
    FileState.SUPPLEMENT: (FileState.FILED,),
    FileState.CERTIFIED: (),
    FileState.REFUSED: (),
}


def open_file(
    *, by: Actor, name: str, owner_name: str, owner: Organisation | None = None, is_illustration: bool = False,
    **values: Any,
) -> SoftwareFile:  # fmt: skip
    """Begin a file for a program. Raises Forbidden, Refused."""
    require_software_filer(by, owner)
    if not name.strip():
        raise Refused("Ghi tên chương trình.", field="name")
    fee = int(parameters_on(by.on).get("software.fee_vnd", 0))
    kept = {key: value for key, value in values.items() if key in CHANGEABLE}
    with transaction.atomic():
        software = SoftwareFile.objects.create(
            code=uuid4().hex, name=name.strip()[:200], owner=owner,
            owner_name=owner_name.strip()[:200] or (owner.name if owner else ""), is_illustration=is_illustration,
            **{"fee_vnd": fee, **kept},
        )  # fmt: skip
        # two that are begun at once never have the same row, so never the same code
        software.code = f"{slug(name)[:50]}-{software.pk}"
        software.save(update_fields=["code", "folded"])
        record(by=by, verb="mark.software", subject=software, after={"name": name})
    return software


def change_file(
    *, by: Actor, software: SoftwareFile, changes: Mapping[str, Any], expected_version: int | None = None
) -> SoftwareFile:
    """Correct what is known of a program. Raises Forbidden, Stale."""
    require_software_keeper(by, software)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    with transaction.atomic():
        software.claim(expected_version, wanted)
        for name, value in wanted.items():
            setattr(software, name, value)
        software.save()
        record(by=by, verb="mark.software_change", subject=software, after={k: str(v) for k, v in wanted.items()})
    return software


def take_source(*, by: Actor, software: SoftwareFile, content: bytes) -> SoftwareFile:
    """Read what was sent of the source, keep it with what was found; secrets must be looked at anew. Raises Refused."""
    require_software_keeper(by, software)
    if len(content) > MOST_BYTES:
        raise Refused("Tệp mã nguồn lớn hơn 50 MB.", field="archive")
    found = found_in(read_program(content))
    with transaction.atomic():
        software.claim(None)
        software.archive = store_file(by=by, content=content, media_type="application/octet-stream")
        software.found, software.secrets_seen_at, software.secrets_seen_by_id = found, None, None
        software.save()
        after = {"files": found["files"], "secrets": len(found["secrets"])}
        record(by=by, verb="mark.software_source", subject=software, after=after)
    return software


def found_in(program: Program) -> dict[str, Any]:
    """What a file keeps of its source: counts, modules, digests, authors, secrets, what was left out."""
    source = program.source
    modules: dict[str, dict[str, Any]] = defaultdict(lambda: {"files": 0, "lines": 0, "languages": {}})
    for file in source.files:
        module = modules[file.path.split("/", 2)[0] if file.path.count("/") < 2 else "/".join(file.path.split("/")[:2])]
        module["files"] += 1
        module["lines"] += len(file.lines)
        module["languages"][file.language] = module["languages"].get(file.language, 0) + len(file.lines)
    return {
        "files": len(source.files), "lines": sum(len(one.lines) for one in source.files),
        "modules": [{"name": name, **values} for name, values in sorted(modules.items())],
        "digests": [[one.path, one.language, len(one.lines), one.size, one.sha256] for one in source.files],
        "authors": [
            {
                "name": one.name, "commits": one.commits, "first": one.first.isoformat(), "last": one.last.isoformat(),
                "months": dict(one.months),
            }
            for one in program.authors
        ],
        "commit": program.commit, "is_cut": program.is_cut,
        "secrets": [
            {"path": one.path, "line": one.line, "kind": one.kind.value, "shown": one.shown}
            for one in find_secrets(source.files)
        ],
        "skipped": source.skipped[:200],
    }  # fmt: skip


def confirm_secrets(*, by: Actor, software: SoftwareFile, expected_version: int | None = None) -> SoftwareFile:
    """Say that the secrets found were looked at; they are printed blotted out. Raises MarkStepRefused, Stale."""
    require_software_keeper(by, software)
    with transaction.atomic():
        software.claim(expected_version)
        if software.archive_id is None:
            raise MarkStepRefused("Hồ sơ chưa có mã nguồn.")
        software.secrets_seen_at, software.secrets_seen_by_id = timezone.now(), by.user_id
        software.save()
        record(by=by, verb="mark.software_secrets", subject=software)
    return software


def add_screen(*, by: Actor, software: SoftwareFile, title: str, content: bytes, filename: str) -> SoftwareScreen:
    """Keep a picture of a screen. Raises Forbidden, UploadRefused, Refused."""
    require_software_keeper(by, software)
    checked = check_upload(content, filename, allowed=(PNG, JPEG), max_bytes=5 * 1024 * 1024)
    with transaction.atomic():
        count = software.screens.count()
        if count >= MOST_SCREENS:
            raise Refused("Hồ sơ đã đủ số ảnh màn hình.", field="file")
        stored = store_file(by=by, content=content, media_type=checked.kind.media_type)
        screen = SoftwareScreen.objects.create(
            software=software, place=count + 1, title=title.strip()[:200], file=stored
        )
        record(by=by, verb="mark.software_screen", subject=software, after={"title": title})
    return screen


def remove_screen(
    *, by: Actor, software: SoftwareFile, place: int, expected_version: int | None = None
) -> None:  # fmt: skip
    """Take a picture of a screen out; those after it move up. Raises Forbidden, Stale, Refused."""
    require_software_keeper(by, software)
    with transaction.atomic():
        software.claim(expected_version)
        screen = software.screens.filter(place=place).first()
        if screen is None:
            raise Refused("Ảnh màn hình này không còn trong hồ sơ.")
        title = screen.title
        screen.delete()
        software.screens.filter(place__gt=place).update(place=F("place") - 1)
        software.save()
        record(by=by, verb="mark.software_screen_remove", subject=software, before={"title": title})


def move_file(
    *, by: Actor, software: SoftwareFile, state: FileState, on: date, number: str = "",
    expected_version: int | None = None,
) -> SoftwareFile:  # fmt: skip
    """Say what the copyright office did: received, asked for more, certified, refused. Raises MarkStepRefused, Stale.

    number: of the receipt, or of the certificate.
    """
    require_software_keeper(by, software)
    with transaction.atomic():
        software.claim(expected_version)
        current = FileState(SoftwareFile.objects.values_list("state", flat=True).get(pk=software.pk))
        if state not in FILE_STEPS[current]:
            raise MarkStepRefused(f"Không chuyển được từ “{current.label}” sang “{state.label}”.")
        if state is FileState.FILED:
            if software.archive_id is None or software.secrets_seen_at is None:
                raise MarkStepRefused("Xem các bí mật tìm thấy trong mã nguồn trước khi nộp.")
            software.filed_on, software.receipt = on, number[:80] or software.receipt
        elif state is FileState.CERTIFIED:
            if not number.strip():
                raise Refused("Ghi số giấy chứng nhận.", field="number")
            software.certified_on, software.certificate = on, number.strip()[:80]
        software.state = state
        software.save()
        record(by=by, verb="mark.software_move", subject=software, after={"state": state, "on": on, "number": number})
    return software
