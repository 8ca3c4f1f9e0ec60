"""Takes in applications for the right to use, records what was checked, decides, and changes what was granted.

Each act moves the application's case on the procedure engine where the procedure is in force; the acts stay the truth.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from khcn.domains.marks.choices import CheckKind, FeeCause, UseAct, UseState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import (
    LabResult,
    Right,
    RightProduct,
    SpecParameter,
    UseCheck,
    UsePlot,
    UseRight,
    UseStep,
)
from khcn.domains.marks.permissions import require_applicant, require_decider, require_keeper, require_use_keeper
from khcn.domains.marks.queries.areas import area_on, view_of
from khcn.domains.marks.queries.fees import owes
from khcn.domains.marks.queries.register import specification_on
from khcn.domains.marks.rules.lines import within
from khcn.domains.marks.rules.spans import UNKNOWN, Span
from khcn.domains.marks.rules.standing import USE_STEPS
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.places.models import AdministrativeUnit
from khcn.kernel.procedures.errors import NotRunnable
from khcn.kernel.procedures.models import Case
from khcn.kernel.procedures.models.cases import WORKABLE_RUNS
from khcn.kernel.procedures.services import complete_step, start_case
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused

PROCEDURE = "QT-SHTT-01"
_STEP_OF = {CheckKind.PLACE: "kiem_noi_trong", CheckKind.PRODUCT: "kiem_hang", CheckKind.PEOPLE: "kiem_nguoi"}


def apply_for_use(
    *, by: Actor, right: Right, holder: str, products: Sequence[RightProduct], applied_on: date,
    organisation: Organisation | None = None, party_uri: str = "", address: str = "", phone: str = "",
    is_illustration: bool = False,
) -> UseRight:  # fmt: skip
    """Take in an application, at the counter or from the member itself. Raises Forbidden, Refused, MarkStepRefused."""
    require_applicant(by, right, organisation)
    if not holder.strip():
        raise Refused("Ghi tên người xin sử dụng.", field="holder")
    if not products:
        raise Refused("Chọn ít nhất một sản phẩm.", field="products")
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        if specification_on(right, applied_on) is None or area_on(right, applied_on) is None:
            raise MarkStepRefused("Quyền chưa có bản mô tả và khu vực có hiệu lực vào ngày nộp hồ sơ.")
        use = UseRight.objects.create(
            right=right, code=f"{right.code}-{right.uses.count() + 1:03d}", holder=holder.strip()[:200],
            organisation=organisation, party_uri=party_uri.strip(), address=address.strip(), phone=phone.strip(),
            applied_on=applied_on, is_illustration=is_illustration,
        )  # fmt: skip
        use.products.set(products)
        use.case = _open_case(by, use)
        use.save(update_fields=["case"])
        _note(by, use, UseAct.APPLY, applied_on)
    return use


def change_use(*, by: Actor, use: UseRight, changes: dict[str, Any], expected_version: int | None = None) -> UseRight:
    """Correct who the member is and where; what was decided is changed by its own acts. Raises Forbidden, Stale."""
    require_use_keeper(by, use)
    names = ("holder", "party_uri", "address", "phone", "note")
    wanted = {name: value for name, value in changes.items() if name in names}
    with transaction.atomic():
        use.claim(expected_version, wanted)
        for name, value in wanted.items():
            setattr(use, name, value)
        use.save()
        record(by=by, verb="mark.use_change", subject=use, after={name: str(value) for name, value in wanted.items()})
    return use


def add_plot(
    *, by: Actor, use: UseRight, name: str, on: date, geometry: BaseGeometry | None = None,
    commune: AdministrativeUnit | None = None, area_ha: Decimal | None = None, site_uri: str = "",
) -> UsePlot:  # fmt: skip
    """Enter a plot and work out how much of it lies in the area of a day. Raises Forbidden, Refused."""
    require_use_keeper(by, use)
    if not name.strip():
        raise Refused("Ghi tên thửa.", field="name")
    if geometry is None and commune is None:
        raise Refused("Chọn xã, phường hoặc gửi tệp ranh giới thửa.", field="commune")
    if use.plots.filter(name=name.strip()).exists():
        raise Refused("Thành viên đã có thửa mang tên này.", field="name")
    with transaction.atomic():
        area = area_on(use.right, on)
        plot = UsePlot(
            use=use, name=name.strip()[:120], geometry=geometry, commune=commune, area_ha=area_ha,
            site_uri=site_uri.strip(), area=area, checked_on=on,
        )  # fmt: skip
        span = span_of_plot(plot)
        plot.least, plot.most = span.low, span.high
        plot.save()
        record(by=by, verb="mark.plot", subject=use, after={"plot": plot.name, "least": plot.least, "most": plot.most})
    return plot


def span_of_plot(plot: UsePlot) -> Span:
    """How much of a plot lies in the area that it names: by its shape, else by its commune."""
    if plot.area is None:
        return UNKNOWN
    view = view_of(plot.area)
    if plot.geometry is not None and view.shape is not None:
        return view.of_shape(plot.geometry)
    if plot.commune is not None:
        return view.of_unit(plot.commune_id or 0, plot.commune.geometry)
    return UNKNOWN


def note_check(*, by: Actor, use: UseRight, kind: CheckKind, passed: bool, on: date, note: str = "") -> UseCheck:
    """Say what was found of place, product or people. Raises Forbidden, Refused, MarkStepRefused once it is decided."""
    require_keeper(by, use.right)
    if not passed and not note.strip():
        raise Refused("Ghi rõ điều chưa đạt.", field="note")
    with transaction.atomic():
        _require_state(use, UseState.APPLIED)
        if kind is CheckKind.PLACE and passed and not use.plots.exists():
            raise MarkStepRefused("Hồ sơ chưa có thửa nào.")
        if kind is CheckKind.PRODUCT and passed and (missing := missing_parameters(use, on)):
            raise MarkStepRefused(f"Chưa có kết quả đạt cho chỉ tiêu: {', '.join(missing)}.")
        check = UseCheck.objects.create(
            use=use, kind=kind, passed=passed, note=note.strip()[:500], done_on=on, done_by_id=by.user_id
        )
        record(by=by, verb="mark.check", subject=use, after={"kind": kind, "passed": passed})
        _move_case(by, use, _STEP_OF[kind], passed=passed)
    return check


def missing_parameters(use: UseRight, on: date) -> list[str]:
    """Names of the mandatory parameters of a day's specification, for the member's products, without a good result."""
    specification = specification_on(use.right, on)
    if specification is None:
        return []
    products = set(use.products.values_list("pk", flat=True))
    wanted = [
        one for one in specification.parameters.filter(is_critical=True)
        if one.product_id is None or one.product_id in products
    ]  # fmt: skip
    latest: dict[int, bool] = {}
    for result in use.results.filter(parameter__in=wanted).order_by("sampled_on", "id"):
        latest[result.parameter_id] = result.passed
    return [one.name for one in wanted if not latest.get(one.pk)]


def enter_result(
    *, by: Actor, use: UseRight, parameter: SpecParameter, sampled_on: date, value: Decimal | None = None,
    meets: bool | None = None, laboratory: str = "", report_number: str = "", lot_code: str = "",
) -> LabResult:  # fmt: skip
    """Keep what a laboratory found; a number is held against the limits, words need `meets`. Raises Refused."""
    require_use_keeper(by, use)
    is_number = parameter.minimum is not None or parameter.maximum is not None
    if is_number and value is None:
        raise Refused("Ghi kết quả bằng số.", field="value")
    if not is_number and meets is None:
        raise Refused("Chọn đạt hay không đạt.", field="meets")
    passed = within(value, parameter.minimum, parameter.maximum) if is_number and value is not None else bool(meets)
    with transaction.atomic():
        result = LabResult.objects.create(
            use=use, parameter=parameter, value=value, passed=passed, laboratory=laboratory[:200],
            report_number=report_number[:80], lot_code=lot_code[:60], sampled_on=sampled_on,
        )  # fmt: skip
        record(by=by, verb="mark.result", subject=use, after={"parameter": parameter.name, "passed": passed})
    return result


def decide(
    *, by: Actor, use: UseRight, act: UseAct, on: date, decision: str = "", reason: str = "", until: date | None = None,
    products: Sequence[RightProduct] = (), expected_version: int | None = None,
) -> UseRight:  # fmt: skip
    """Grant, refuse, amend, renew, suspend, resume or revoke from a day on.

    Whoever checked does not decide. Raises Forbidden, Refused for a missing number, reason or check, MarkStepRefused
    for a state in which it cannot be done, Stale.
    """
    require_decider(by, use.right)
    if act not in USE_STEPS:
        raise Refused("Chọn việc cần quyết định.", field="act")
    if not decision.strip():
        raise Refused("Ghi số quyết định.", field="decision")
    if act in (UseAct.REFUSE, UseAct.SUSPEND, UseAct.REVOKE, UseAct.RESTORE) and not reason.strip():
        raise Refused("Ghi lý do.", field="reason")
    if until is not None and until <= on:
        raise Refused("Ngày kết thúc phải sau ngày bắt đầu.", field="until")
    with transaction.atomic():
        use.claim(expected_version)
        use.refresh_from_db(fields=["state", "granted_on", "valid_to", "number"])
        _require_state(use, *USE_STEPS[act][0])
        last = use.steps.exclude(act=UseAct.APPLY).order_by("-on").values_list("on", flat=True).first()
        if on < (last or use.applied_on):
            raise Refused(f"Chọn ngày từ {last or use.applied_on:%d/%m/%Y} trở đi.", field="on")
        _effects(by, use, act, on, decision.strip(), products)
        use.state = USE_STEPS[act][1]
        use.save()
        _note(by, use, act, on, decision=decision.strip(), reason=reason.strip(), until=until)
        if act in (UseAct.GRANT, UseAct.REFUSE):
            _move_case(by, use, "quyet_dinh", passed=act is UseAct.GRANT)
    return use


def _effects(by: Actor, use: UseRight, act: UseAct, on: date, decision: str, products: Sequence[RightProduct]) -> None:
    years = use.right.term_years
    if act is UseAct.GRANT:
        _require_checks(by, use)
        if owes(use, FeeCause.GRANT, use.applied_on):
            raise MarkStepRefused("Người xin sử dụng chưa nộp phí.")
        use.granted_on, use.valid_to, use.decision = on, _years_later(on, years), decision[:200]
        use.number = f"{use.right.code.upper()}-{on.year}-{use.pk:05d}"
    elif act is UseAct.RENEW:
        if owes(use, FeeCause.RENEW, on):
            raise MarkStepRefused("Thành viên chưa nộp phí gia hạn.")
        start = max(use.valid_to or on, on)
        use.valid_to, use.decision = _years_later(start, years), decision[:200]
    elif act is UseAct.AMEND and products:
        use.products.set(products)


def _require_checks(by: Actor, use: UseRight) -> None:
    latest: dict[str, UseCheck] = {}
    for check in use.checks.order_by("done_on", "id"):
        latest[str(check.kind)] = check
    for kind in CheckKind:
        found = latest.get(kind.value)
        if found is None or not found.passed:
            raise MarkStepRefused(f"Nội dung “{kind.label}” chưa đạt nên chưa cấp được.")
        if found.done_by_id is not None and found.done_by_id == by.user_id:
            raise Forbidden("Người kiểm tra không tự quyết định cấp quyền.")


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _require_state(use: UseRight, *states: UseState) -> None:
    state = UseRight.objects.values_list("state", flat=True).get(pk=use.pk)
    if state not in states:
        raise MarkStepRefused(f"Không làm được việc này khi quyền sử dụng ở trạng thái “{UseState(state).label}”.")


def _note(
    by: Actor, use: UseRight, act: UseAct, on: date, *, decision: str = "", reason: str = "", until: date | None = None
) -> None:
    UseStep.objects.create(
        use=use, act=act, on=on, until=until, decision=decision[:200], reason=reason[:500], done_by_id=by.user_id
    )
    record(by=by, verb=f"mark.use_{act.value}", subject=use, after={"on": on, "decision": decision, "reason": reason})


def _open_case(by: Actor, use: UseRight) -> Case | None:
    party = use.right.parties.filter(role="manager", valid_to=None).first()
    try:
        return start_case(
            by=by, procedure=PROCEDURE, title=f"{use.right}: {use.holder}", subject=use, applicant_name=use.holder,
            applicant_organisation=use.organisation, deciding=party.organisation if party else None,
            receiving=party.organisation if party else None,
            is_illustration=use.is_illustration,
        )  # fmt: skip
    except NotRunnable:
        return None


def _move_case(by: Actor, use: UseRight, step: str, *, passed: bool) -> None:
    """Complete the case's step of that key, and those before it that wait; who may act was decided already."""
    if use.case is None:
        return
    for key in ("tiep_nhan", step):
        run = use.case.runs.filter(step_key=key, state__in=WORKABLE_RUNS).first()
        if run is not None and (passed or key != step or step == "quyet_dinh"):
            complete_step(by=by.as_system(), run=run, now=timezone.now())
