"""Records what the province decided about weights, threshold and terms: dated rows, with the decision's number."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from khcn.domains.qms.choices import YearState
from khcn.domains.qms.models import AgencyYear, Parameter
from khcn.domains.qms.permissions import OVERSEERS
from khcn.domains.qms.queries.parameters import parameters_on
from khcn.domains.qms.rules.parameters import PARAMETERS, check
from khcn.domains.qms.services.steps import require_text
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.permissions import require_role
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused

BY_THE_PROVINCE = "provincial"


def decide_parameters(*, by: Actor, values: Mapping[str, int], valid_from: date, decision: str) -> list[Parameter]:
    """From a day on, other numbers by a decision; what stays as it is gets no row. Returns the new rows.

    Refused for the time that a confirmed result was judged by, and before a decision already recorded for later.
    """
    require_role(by, *OVERSEERS)
    number = require_text(decision, "Ghi số, ngày của quyết định.", "decision")
    standing = parameters_on(valid_from)
    wanted = {key: int(row.value) for key, row in standing.items() if key in PARAMETERS} | dict(values)
    check(wanted)
    changed = {key: value for key, value in wanted.items() if key not in standing or standing[key].value != str(value)}
    if not changed:
        raise Refused("Các giá trị này đang được áp dụng rồi; không có gì thay đổi.")
    for row in AgencyYear.objects.filter(state=YearState.CONFIRMED).only("as_of", "year"):
        judged = min(row.as_of, date(row.year, 12, 31))
        if valid_from <= judged:
            raise Refused(
                f"Kết quả năm {row.year} đã được xác nhận theo tham số ngày {judged:%d/%m/%Y}. Chọn ngày sau đó.",
                field="valid_from",
            )
    later = Parameter.objects.filter(key__in=changed, valid_from__gte=valid_from).order_by("-valid_from").first()
    if later is not None:
        raise Refused(
            f"Đã có giá trị áp dụng từ ngày {later.valid_from:%d/%m/%Y}. Chọn ngày sau ngày đó.", field="valid_from"
        )
    with transaction.atomic():
        kept = []
        for key, value in changed.items():
            before = standing.get(key)
            if before is not None:
                before.valid_to = valid_from
                before.save(update_fields=["valid_to"])
            kept.append(
                Parameter.objects.create(
                    key=key, value=str(value), unit=PARAMETERS[key].unit, decision=number[:200],
                    status=BY_THE_PROVINCE, valid_from=valid_from,
                )
            )  # fmt: skip
        record(
            by=by, verb="qms.decide_parameters", subject=None, label=f"Tham số ISO điện tử từ {valid_from:%d/%m/%Y}",
            before={key: standing[key].value for key in changed if key in standing},
            after={**{key: str(value) for key, value in changed.items()}, "decision": number},
        )  # fmt: skip
    return kept
