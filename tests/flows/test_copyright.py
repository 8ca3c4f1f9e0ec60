"""An enterprise's program from its git repository to the papers of its copyright file and the certificate."""

import io
import os
import shutil
import subprocess
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khcn.domains.marks.choices import FileState
from khcn.domains.marks.models import SoftwareFile
from khcn.domains.marks.queries.measures import software_certified
from khcn.kernel.indicators.queries import Question
from khcn.kernel.orgs.tests.cast import make_member, make_organisation
from khcn.lib.roles import Role

pytestmark = [
    pytest.mark.django_db, pytest.mark.database,
    pytest.mark.skipif(shutil.which("git") is None, reason="needs git to make a repository"),
]  # fmt: skip


def repository(folder) -> bytes:
    """A small repository of two authors, with a secret in its settings, as a zip."""
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder), "PATH": os.environ["PATH"]}
    (folder / "app.py").write_text("\n".join(f"buoc_{number} = {number}" for number in range(500)))
    (folder / "settings.py").write_text('password = "chuoi-bi-mat-9f8e7d6c"\n')
    subprocess.run(["git", "init", "-q"], cwd=folder, env=who, check=True)
    for name, day in (("Lò Thị Mai", "2025-03-01"), ("Giàng A Páo", "2025-09-09")):
        person = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "a@b.vn", "GIT_AUTHOR_DATE": f"{day}T08:00:00"}
        person |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in person.items()}
        subprocess.run(["git", "add", "-A"], cwd=folder, env=who, check=True)
        subprocess.run(["git", "commit", "-qm", "x", "--allow-empty"], cwd=folder, env=who | person, check=True)
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return sent.getvalue()


def test_program_goes_from_its_repository_to_the_certificate(client_for, tmp_path) -> None:
    company = make_organisation("Công ty phần mềm", code="DN-PM")
    person = make_member(Role.PRODUCER, organisation=company)
    client = client_for(person)
    begun = client.post(
        reverse("software_new"),
        {"name": "Sổ điều", "owner": str(company.uid), "owner_name": "Công ty phần mềm", "authors": "Lò Thị Mai",
         "support_vnd": "600000", "support_basis": "KH 2021–2025"},
    )  # fmt: skip
    assert begun.status_code == 302
    software = SoftwareFile.objects.get()
    source = SimpleUploadedFile("ma-nguon.zip", repository(tmp_path), content_type="application/zip")
    client.post(reverse("software_source", args=[software.code]), {"archive": source})

    # modules, authors by time, secrets; nothing is printed before somebody looked at them
    page = client.get(reverse("software_page", args=[software.code])).content.decode()
    assert "Giàng A Páo" in page
    assert "settings.py" in page
    assert "chuoi-bi-mat" not in page
    printed = reverse("software_paper", args=[software.code, "ma-nguon.pdf"])
    assert client.get(printed).status_code in (409, 422)
    client.post(reverse("software_secrets", args=[software.code]))
    picture = io.BytesIO()
    Image.new("RGB", (200, 120), "#123456").save(picture, "PNG")
    shown = SimpleUploadedFile("man-hinh.png", picture.getvalue(), content_type="image/png")
    client.post(reverse("software_screen_new", args=[software.code]), {"title": "Màn hình đầu", "file": shown})

    forms = [f"{name}.{ending}" for name in ("to-khai", "ban-ke", "cam-doan") for ending in ("pdf", "docx")]
    for name in ("ma-nguon.pdf", "man-hinh.pdf", *forms):
        answer = client.get(reverse("software_paper", args=[software.code, name]))
        assert answer.status_code == 200, name
        assert len(answer.getvalue()) > 2_000, name

    for state, number, day in (("filed", "BN 1", "01/10/2025"), ("certified", "9123/2025/QTG", "20/10/2025")):
        values = {"state": state, "number": number, "on": day}
        moved = client.post(reverse("software_move", args=[software.code]), values)
        assert moved.status_code == 302
    software.refresh_from_db()
    assert (software.state, software.certificate) == (FileState.CERTIFIED, "9123/2025/QTG")
    year = Question(
        scope_uid=software.uid, period_from=date(2025, 1, 1), period_to=date(2025, 12, 31), as_of=date(2026, 1, 1),
        parameters={},
    )  # fmt: skip
    assert software_certified(year).value == 1
