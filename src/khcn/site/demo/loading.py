"""Loads the demonstration: bodies, people, accounts, the plan, envelopes, then the stories; one transaction."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from khcn.domains.programme.choices import Certainty, FundingSourceKind
from khcn.domains.programme.models import AgencyEffectiveness, Plan, PlanReading
from khcn.domains.programme.services import money, monitoring, plans
from khcn.domains.programme.services.procedure_cases import open_missing_cases
from khcn.kernel.indicators.models import Indicator
from khcn.kernel.indicators.queries import targets_of
from khcn.kernel.indicators.services import measure
from khcn.kernel.notices.models import Notice
from khcn.kernel.orgs.choices import OrganisationLevel
from khcn.kernel.orgs.models import Appointment, Organisation, Person, Post, User
from khcn.kernel.procedures.choices import LateReason
from khcn.kernel.procedures.models import Clock
from khcn.kernel.procedures.services import explain_lateness, finish_clock
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.site.demo import plan as plan_story
from khcn.site.demo.accounts import ACCOUNTS, PASSWORD
from khcn.site.demo.cast import BODIES, EXPERTS, LEADERS, STAFF
from khcn.site.demo.geodata import tell_geodata
from khcn.site.demo.hazards import tell_hazards
from khcn.site.demo.marks import tell_marks
from khcn.site.demo.onestop import tell_onestop
from khcn.site.demo.quality import tell_quality
from khcn.site.demo.stories import STORIES
from khcn.site.demo.telling import World, tell
from khcn.site.demo.traceability import tell_traceability
from khcn.site.demo.warnings import tell_warnings

ANCHOR = date(2026, 11, 23)
PLAN_CODE = "KH-2021-2025"
SINCE = date(2015, 1, 1)
ENVELOPES_MN = {
    ("S1", 2022): 14_000, ("S1", 2023): 16_000, ("S1", 2024): 14_000, ("S1", 2025): 14_000, ("S1", 2026): 14_000,
    ("S1", 2027): 14_000, ("S1", 2028): 8_000, ("S2", 2022): 1_000, ("S2", 2023): 2_000, ("S2", 2024): 2_000,
    ("S2", 2025): 1_000, ("S3", 2025): 2_000, ("S3", 2026): 2_000, ("S3", 2027): 2_000,
}  # fmt: skip


def load(*, today: date | None = None) -> dict[str, int]:
    """Load everything, re-dated so that the stories end today; returns how many stories of each stage were told."""
    today = today or timezone.localdate()
    shift = timedelta(days=min(0, (today - ANCHOR).days))
    with transaction.atomic():
        bodies = _bodies()
        leaders, experts = _people(bodies)
        _accounts(bodies, leaders, experts)
        plan = _plan(today, bodies)
        told = tell(World(plan, today, bodies, leaders, experts, shift), STORIES)
        _effectiveness(plan)
        tell_quality(office=_office(today), overseer=bodies["DN-SKHCN"], today=today, account=_account)
        _require_every_account()
        monitoring.stop_funding_of_silent_hosts(by=_office(today), on=today)
        _finish_old_work(today)
        open_missing_cases(by=_office(today))
        tell_onestop(today=today, bodies=bodies, office=_office(today))
        tell_traceability(today=today, bodies=bodies, office=_office(today))
        tell_marks(today=today, bodies=bodies, office=_office(today))
        tell_geodata(today=today, bodies=bodies, office=_office(today))
        tell_hazards(today=today, bodies=bodies, office=_office(today))
        tell_warnings(today=today, bodies=bodies, office=_office(today))
        measure_plan(today, plan)
    return told


def is_loaded() -> bool:
    """True when the demonstration's plan is there."""
    return Plan.objects.filter(code=PLAN_CODE).exists()


def _office(on: date) -> Actor:
    return Actor(uid=UUID(int=1), name="Dữ liệu minh họa", on=on, is_system=True)


def _bodies() -> dict[str, Organisation]:
    for code, name, short, kind in BODIES:
        level = OrganisationLevel.PROVINCE if kind == "public_service" else OrganisationLevel.NONE
        Organisation.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "short_name": short, "kind": kind, "level": level, "is_illustration": True,
                "valid_from": SINCE,
            },
        )  # fmt: skip
    return {body.code: body for body in Organisation.objects.all()}


def _people(bodies: dict[str, Organisation]) -> tuple[dict[str, Person], list[Person]]:
    leaders = {
        code: Person.objects.create(
            full_name=name,
            degree=degree,
            field=field,
            in_field_since=since,
            employer=bodies[code],
            is_illustration=True,
        )
        for code, (name, degree, field, since) in LEADERS.items()
    }
    experts = [
        Person.objects.create(
            full_name=name, degree=degree, field=field, in_field_since=1998, is_expert=True, is_illustration=True
        )
        for name, degree, field in EXPERTS
    ]
    return leaders, experts


def _accounts(bodies: dict[str, Organisation], leaders: dict[str, Person], experts: list[Person]) -> None:
    for username, (name, body, role) in STAFF.items():
        person = Person.objects.create(full_name=name, employer=bodies[body], is_illustration=True)
        _account(username, person, bodies[body], (role,))
    _account("chutri", leaders["TT-CNTT"], bodies["TT-CNTT"], ("host", "proposer"))
    _account("chunhiem", leaders["VIEN-SH"], bodies["VIEN-SH"], ("host", "pi", "proposer"))
    _account("donvi", leaders["HTX-DIEU"], bodies["HTX-DIEU"], ("coordinator", "proposer", "producer"))
    _account("chutich", experts[0], None, ())
    _account("phanbien", experts[2], None, ())


def _require_every_account() -> None:
    missing = {account.username for account in ACCOUNTS} - set(User.objects.values_list("username", flat=True))
    if missing:
        raise LookupError(f"accounts without a person: {sorted(missing)}")


def _account(username: str, person: Person, body: Organisation | None, roles: tuple[str, ...]) -> None:
    user = User(username=username, person=person)
    user.set_password(PASSWORD)
    if username == "quantri":
        user.is_staff = user.is_superuser = True
    user.save()
    if body is not None:
        labels = ", ".join(Role(role).label for role in roles)
        post, _ = Post.objects.get_or_create(
            code=f"MH-{'-'.join(roles)}"[:40], defaults={"name": labels, "roles": list(roles)}
        )
        Appointment.objects.create(person=person, post=post, organisation=body, valid_from=SINCE, decision="Minh họa")


def _plan(today: date, bodies: dict[str, Organisation]) -> Plan:
    by = _office(today)
    reading = plans.start_reading(
        by=by, text=plan_story.TEXT, content=plan_story.TEXT.encode(), filename="ke-hoach-minh-hoa.txt",
        media_type="text/plain", warnings=[],
    )  # fmt: skip
    plans.correct_reading(by=by, reading=reading, corrected=plan_story.STRUCTURE, expected_version=None)
    plan = plans.adopt_plan(
        by=by, reading=PlanReading.objects.get(pk=reading.pk), code=PLAN_CODE, standing_body=bodies["BP-SKHCN"],
        on=today, expected_version=None, is_illustration=True,
    )  # fmt: skip
    for (source, year), amount in ENVELOPES_MN.items():
        money.set_envelope(
            by=by, plan=plan, source=FundingSourceKind(source), year=year, planned_vnd=amount * 1_000_000 * 38 // 100,
            granted_vnd=amount * 1_000_000, certainty=Certainty.SECURED, basis="Số liệu minh họa",
        )  # fmt: skip
    return plan


def _effectiveness(plan: Plan) -> None:
    obliged = Organisation.objects.filter(kind="state", level__in=["province", "district"], is_illustration=False)
    for index, body in enumerate(obliged.filter(code__startswith="BP-").order_by("code")):
        if index % 4 != 0:
            AgencyEffectiveness.objects.get_or_create(
                organisation=body, effective_from=date(2024, 6, 1), defaults={"decision_number": "Minh họa"}
            )


def measure_plan(today: date, plan: Plan) -> None:
    """Measure every target at the ends of past half-years and today, so that there is a trend to look at."""
    indicators = [target.indicator for target in targets_of(plan.uid) if target.indicator.source]
    indicators += list(Indicator.objects.filter(code__in=["M1", "M2", "M3"]))
    days = [date(year, month, 14) for year in range(2023, today.year + 1) for month in (6, 12)]
    for day in [*(day for day in days if day < today), today]:
        measure(
            by=_office(today), indicators=indicators, scope_uid=plan.uid, period_from=date(plan.period_from, 1, 1),
            period_to=day, as_of=day,
        )  # fmt: skip


def _finish_old_work(today: date) -> None:
    """Say of clocks long past that their work was done, some of it late, and of old notices that they are settled."""
    recent = today - timedelta(days=120)
    for index, clock in enumerate(Clock.objects.filter(stopped_on=None, cancelled=False, due_on__lt=recent)):
        late = 9 if index % 11 == 0 else -2
        done_on = max(clock.started_on, clock.due_on + timedelta(days=late))
        finish_clock(by=_office(today), clock=clock, on=done_on)
        if late > 0:
            explain_lateness(
                by=_office(today), clock=clock, reason=LateReason.OFFICE_WORKLOAD, note="Nhiều hồ sơ cùng đợt.",
                today=today,
            )  # fmt: skip
    for user in User.objects.all():
        kept = list(Notice.objects.filter(recipient=user).order_by("-id").values_list("pk", flat=True)[:6])
        now = timezone.now()
        Notice.objects.filter(recipient=user, done_at=None).exclude(pk__in=kept).update(read_at=now, done_at=now)
