"""Changes figures of the rules: a new dated row, never an edit of what tasks began under."""

from datetime import date

from django.db import transaction

from khcn.domains.programme.choices import RuleStatus
from khcn.domains.programme.models import RuleParameter
from khcn.domains.programme.rules.parameter_values import parameter_value
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.lib.roles import Role
from khcn.web.fields import claim_seen, label_of, shown


def change_parameter(
    *,
    by: Actor,
    parameter: RuleParameter,
    value: str,
    valid_from: date,
    instrument: str,
    article: str = "",
    note: str = "",
    expected_version: int | None = None,
) -> RuleParameter:
    """Give a parameter a new value from a day on, by a decision of the province; the old row ends that day.

    value: as an official writes it for the unit, "15 %" of a share; kept as the rules read it.
    expected_version: the `state_mark` of the row as it was read. Raises Stale, Refused.
    """
    require_role(by, Role.HEAD, Role.DIRECTOR)
    try:
        value = parameter_value(parameter.unit, value)
    except ValueError as error:
        raise Refused(str(error), field="value") from error
    if not instrument.strip():
        raise Refused("Ghi văn bản làm căn cứ.", field="instrument")
    if parameter.valid_from is not None and valid_from <= parameter.valid_from:
        raise Refused("Ngày áp dụng phải sau ngày bắt đầu của mức đang sửa.", field="valid_from")
    with transaction.atomic():
        _claim(parameter, expected_version, value, valid_from)
        before = {"value": parameter.value, "valid_to": parameter.valid_to}
        new = RuleParameter.objects.create(
            rule_set=parameter.rule_set, key=parameter.key, value=value, unit=parameter.unit,
            instrument=instrument.strip(), article=article.strip(), status=RuleStatus.PROVINCIAL, note=note.strip(),
            valid_from=valid_from, valid_to=parameter.valid_to,
        )  # fmt: skip
        parameter.valid_to = valid_from
        parameter.save(update_fields=["valid_to"])
        record(
            by=by, verb="parameter.change", subject=new, before=before,
            after={"key": new.key, "value": new.value, "valid_from": valid_from, "instrument": new.instrument},
        )  # fmt: skip
    return new


def _claim(parameter: RuleParameter, expected: int | None, value: str, valid_from: date) -> None:
    """Hold the row as it was seen; a Stale tells the value that another person has put after it."""
    try:
        claim_seen(parameter, expected, {})
    except Stale:
        rows = RuleParameter.objects.filter(rule_set=parameter.rule_set_id, key=parameter.key)
        newest = rows.order_by("-valid_from", "-id")[0]
        names = (("value", value), ("valid_from", valid_from))
        difference = [
            (label_of(newest, name), shown(newest, name), str(mine))
            for name, mine in names
            if getattr(newest, name) != mine
        ]
        raise Stale(difference=difference) from None
