"""From the plan's file to an adopted plan and to figures that move, through pages and services as a user goes."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from khcn.domains.programme.models import Plan, PlanReading, Task
from khcn.domains.programme.permissions import visible_tasks
from khcn.kernel.audit.queries import verify_chain
from khcn.kernel.indicators.models import IndicatorValue, Target
from khcn.kernel.orgs.models import Organisation, User
from khcn.kernel.orgs.queries import actor_for
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role
from khcn.site.demo.loading import load

PLAN = Path(settings.ROOT).parent / "shared" / "plan" / "ke-hoach-khcn-2021-2025.txt"

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference() -> None:
    call_command("load_reference", verbosity=0)


@pytest.mark.skipif(not PLAN.is_file(), reason="văn bản kế hoạch không có ở ../shared/plan")
def test_plan_file_read_corrected_and_adopted_in_the_browser(reference: None) -> None:
    department = Organisation.objects.get(code="BP-SKHCN")
    client = client_for(make_member(Role.SPECIALIST, Role.HEAD, organisation=department))
    upload = SimpleUploadedFile(PLAN.name, PLAN.read_bytes(), content_type="text/plain")

    answer = client.post(reverse("plan_read"), {"file": upload})
    reading = PlanReading.objects.get()
    assert answer.status_code == 302
    assert Plan.objects.count() == 0  # nothing is adopted unseen
    shown = client.get(answer["Location"]).content.decode()
    assert "ít nhất 03 hệ thống thông tin" in shown

    unseen = client.post(reverse("plan_adopt", args=[reading.uid]), {"code": "KH-1", "version": reading.version})
    assert unseen.status_code == 422
    client.post(
        reverse("plan_adopt", args=[reading.uid]),
        {"code": "KH-1", "standing_body": department.pk, "seen": "on", "version": reading.version},
    )

    plan = Plan.objects.get()
    targets = Target.objects.filter(scope_uid=plan.uid).order_by("ordinal")
    assert [(item.operator, int(item.value), item.indicator.code) for item in targets] == [
        (">=", 3, "T1"), (">=", 3, "T2"), (">=", 2, "T3"), (">=", 2, "T4"), ("=", 2, "T5"), ("=", 100, "T6"),
        ("=", 100, "T7"),
    ]  # fmt: skip
    assert plan.total_vnd == 45_000_000_000
    assert [field.lines.count() for field in plan.fields.all()] == [4, 4, 2, 2, 2]
    assert plan.sources.count() == 4
    assert plan.assignments.values("group").distinct().count() == 5
    assert client.get(reverse("plan_page", args=[plan.uid])).status_code == 200


def test_demonstration_loads_from_zero_and_its_pages_and_figures_stand(reference: None) -> None:
    told = load(today=date(2026, 11, 23))

    assert sum(told.values()) == 60
    plan = Plan.objects.get()
    latest = IndicatorValue.objects.filter(scope_uid=plan.uid, indicator__code="T1").order_by("as_of").last()
    assert latest is not None
    assert latest.value == 2
    assert len(latest.evidence["numerator"]) == 2
    assert verify_chain().holds
    for username in ("chuyenvien", "truongphong", "giamdoc", "ketoan", "lanhdao", "thanhtra", "chutri", "donvi"):
        user = User.objects.get(username=username)
        client = client_for(user)
        for name in ("home", "inbox", "task_list", "task_timeline", "plan_list", "issue_list", "proposal_list"):
            assert client.get(reverse(name)).status_code == 200, (username, name)
        task = visible_tasks(actor_for(user, on=date(2026, 11, 23))).first()
        assert task is not None
        assert client.get(reverse("task_page", args=[task.uid])).status_code == 200
    hidden = Task.objects.exclude(host__code="TT-CNTT").first()
    assert hidden is not None
    assert client_for(User.objects.get(username="chutich")).get(
        reverse("task_page", args=[hidden.uid])
    ).status_code == 404  # fmt: skip
