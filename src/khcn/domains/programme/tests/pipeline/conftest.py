"""A small province for the pipeline's tests: reference rules, units, the fixed cast, and how far a file has come."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from khcn.domains.programme.models import ClockRule, Plan, PlanField, RuleParameter, RuleSet
from khcn.domains.programme.queries import topics
from khcn.kernel.orgs.models import Appointment, Organisation, Person, Post, User
from khcn.kernel.orgs.queries import actor_for

REFERENCE = Path(__file__).parents[6] / "data" / "reference" / "rules"
TODAY = date(2024, 3, 4)


def rows(name):
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.fixture(scope="session")
def _rule_rows():
    return {name: rows(name) for name in ("rule_sets", "rule_parameters", "clocks")}


@pytest.fixture
def rules(db, _rule_rows):
    """Load the three rule sets with parameters and clocks as the reference files hold them."""
    sets = {}
    for row in _rule_rows["rule_sets"]:
        sets[row["code"]] = RuleSet.objects.create(
            code=row["code"], title=row["title"], regime=row["regime"], pinning=row["pinning_policy"],
            levels=row["levels"].split(";"), valid_from=day(row["valid_from"]), valid_to=day(row["valid_to"]),
            status=row["status"], follows=sets.get(row["falls_back_to"]),
        )  # fmt: skip
    RuleParameter.objects.bulk_create(
        RuleParameter(
            rule_set=sets[row["rule_set"]], key=row["key"], value=row["value"], unit=row["unit"],
            valid_from=day(row["valid_from"]), valid_to=day(row["valid_to"]), status=row["status"],
        )
        for row in _rule_rows["rule_parameters"]
    )  # fmt: skip
    ClockRule.objects.bulk_create(
        ClockRule(
            rule_set=sets[row["rule_set"]], key=row["code"], title=row["title"], amount=row["amount"],
            unit=row["unit"], bound=row["bound"], responsible_role=row["party"], valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]), status=row["status"],
        )
        for row in _rule_rows["clocks"]
    )  # fmt: skip
    return sets


@pytest.fixture(autouse=True)
def _cold_index():
    """Each test's database is its own; the index of another one must not be taken for it."""
    topics._warm.index, topics._warm.head, topics._warm.newest = topics.TopicIndex(), None, {}


def appoint(name, organisation, *roles, username=""):
    person = Person.objects.create(full_name=name, degree="ThS", in_field_since=2010, employer=organisation)
    post = Post.objects.create(code=f"P-{uuid4().hex[:8]}", name="Chức vụ", roles=[str(role) for role in roles])
    Appointment.objects.create(person=person, post=post, organisation=organisation, valid_from=date(2020, 1, 1))
    return User.objects.create_user(
        username or f"u{person.pk}", f"u{person.pk}@example.vn", "mat-khau-dai", person=person
    )


@pytest.fixture
def cast(rules):
    """The fixed cast: owner and colleague at one unit, another unit, specialist, head, director, leader."""
    org = lambda code, name: Organisation.objects.create(code=code, name=name)  # noqa: E731
    units = SimpleNamespace(
        owner=org("DH", "Trường Đại học Bình Dương"),
        other=org("VIEN", "Viện Nghiên cứu Nông nghiệp"),
        office=org("SKHCN", "Sở Khoa học và Công nghệ"),
        province=org("UBND", "Ủy ban nhân dân tỉnh"),
    )
    users = SimpleNamespace(
        owner=appoint("Nguyễn Thị Hoa", units.owner, "proposer", "host"),
        colleague=appoint("Trần Văn Bình", units.owner, "proposer", "host"),
        stranger=appoint("Lê Văn Cường", units.other, "proposer", "host"),
        specialist=appoint("Phạm Thị Dung", units.office, "specialist"),
        secretary=appoint("Đỗ Văn Em", units.office, "admin_secretary"),
        head=appoint("Võ Thị Giang", units.office, "head"),
        director=appoint("Hồ Văn Hải", units.office, "director"),
        leader=appoint("Bùi Thị Khánh", units.province, "leader"),
        inspector=appoint("Đặng Văn Long", units.province, "inspector"),
    )
    actors = SimpleNamespace(**{name: actor_for(user, on=TODAY) for name, user in vars(users).items()})
    return SimpleNamespace(units=units, users=users, **vars(actors))


@pytest.fixture
def plan(db):
    plan = Plan.objects.create(
        code="KH-2021-2025", title="Kế hoạch phát triển khoa học và công nghệ", issuer="UBND tỉnh",
        period_from=2021, period_to=2025, state="adopted",
    )  # fmt: skip
    PlanField.objects.create(plan=plan, ordinal=1, title="Công nghệ sinh học")
    return plan


@pytest.fixture
def moment():
    return lambda on, hour=9: datetime(on.year, on.month, on.day, hour - 7 if hour > 7 else 0, tzinfo=UTC)


@pytest.fixture
def today():
    return TODAY


FULL = {
    "need": "Sâu đục thân gây hại nặng.", "objective": "Tạo chế phẩm nấm xanh trừ sâu.",
    "contents": "Phân lập, nhân sinh khối, thử nghiệm.", "expected_products": "01 chế phẩm sinh học.",
    "application_address": "Chi cục Trồng trọt và Bảo vệ thực vật.", "year_from": 2024, "year_to": 2026,
    "budget_vnd": 1_200_000_000, "is_secret": False,
}  # fmt: skip


@pytest.fixture
def full_proposal():
    return dict(FULL)
