"""Drafts what the goods of a right must be, and issues it from a day on; whoever drafted it does not issue it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Right, Specification, SpecParameter
from khcn.domains.marks.permissions import require_decider, require_keeper
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.rules.lines import ParameterLine
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.lib.text import fold

CHANGEABLE = ("title", "decision", "summary", "least_share")


def draft_specification(
    *, by: Actor, right: Right, title: str, parameters: Sequence[ParameterLine] = (),
    least_share: Decimal | None = None, **values: Any,
) -> Specification:  # fmt: skip
    """Begin the next version; one draft at a time. Raises Forbidden, Refused."""
    require_keeper(by, right)
    if not title.strip():
        raise Refused("Ghi tên bản mô tả.", field="title")
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        if right.specifications.filter(issued_at=None).exists():
            raise MarkStepRefused("Quyền đang có một bản mô tả dự thảo. Ban hành hoặc sửa bản đó.")
        last = right.specifications.order_by("-number").values_list("number", flat=True).first() or 0
        kept = {name: value for name, value in values.items() if name in CHANGEABLE}
        share = least_share if least_share is not None else parameters_on(by.on).get("area.least_share", Decimal(1))
        specification = Specification.objects.create(
            right=right, number=last + 1, title=title.strip()[:300], least_share=share, drafted_by_id=by.user_id, **kept
        )
        _set_parameters(specification, parameters)
        record(by=by, verb="mark.specification", subject=right, after={"number": last + 1, "title": title})
    return specification


def change_specification(
    *, by: Actor, specification: Specification, changes: Mapping[str, Any], parameters: Sequence[ParameterLine],
    expected_version: int | None = None,
) -> Specification:  # fmt: skip
    """Change a draft. Raises MarkStepRefused once it is issued, Stale."""
    require_keeper(by, specification.right)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    with transaction.atomic():
        specification.claim(expected_version, wanted)
        specification.refresh_from_db(fields=["issued_at"])
        if specification.issued_at is not None:
            raise MarkStepRefused("Bản mô tả đã ban hành thì không sửa; lập bản mới.")
        for name, value in wanted.items():
            setattr(specification, name, value)
        specification.drafted_by_id = by.user_id or specification.drafted_by_id
        specification.save()
        _set_parameters(specification, parameters)
        record(by=by, verb="mark.specification", subject=specification.right, after={"number": specification.number})
    return specification


def issue_specification(
    *, by: Actor, specification: Specification, valid_from: date, decision: str, expected_version: int | None = None
) -> Specification:
    """Put a draft into effect from a day on; the version before ends that day.

    Raises Forbidden for its drafter, Refused for a day not after the version before, MarkStepRefused.
    """
    right = specification.right
    require_decider(by, right)
    if not by.is_system and by.user_id == specification.drafted_by_id:
        raise Forbidden("Người soạn không tự ban hành bản mô tả.")
    if not decision.strip():
        raise Refused("Ghi số quyết định.", field="decision")
    with transaction.atomic():
        specification.claim(expected_version)
        specification.refresh_from_db(fields=["issued_at"])
        if specification.issued_at is not None:
            raise MarkStepRefused("Bản mô tả đã ban hành.")
        if not specification.parameters.exists():
            raise MarkStepRefused("Bản mô tả chưa có chỉ tiêu nào.")
        end_earlier(right.specifications.filter(issued_at__isnull=False, valid_to=None), valid_from)
        specification.valid_from, specification.decision = valid_from, decision.strip()[:200]
        specification.issued_at = timezone.now()
        specification.save()
        record(
            by=by, verb="mark.issue_specification", subject=right,
            after={"number": specification.number, "from": valid_from, "decision": decision},
        )  # fmt: skip
    return specification


def end_earlier(rows: Any, valid_from: date) -> None:
    """End the open version of a dated record on the first day of the next. Raises Refused for a day too early."""
    for earlier in rows:
        if earlier.valid_from is not None and earlier.valid_from >= valid_from:
            raise Refused(
                f"Bản trước có hiệu lực từ {earlier.valid_from:%d/%m/%Y}; chọn ngày sau đó.", field="valid_from"
            )
        earlier.valid_to = valid_from
        earlier.save(update_fields=["valid_to"])


def _set_parameters(specification: Specification, lines: Sequence[ParameterLine]) -> None:
    products = {fold(product.name): product for product in specification.right.products.filter(is_active=True)}
    specification.parameters.all().delete()
    rows = []
    for place, line in enumerate(lines, start=1):
        product = products.get(fold(line.product)) if line.product else None
        if line.product and product is None:
            raise Refused(f"Dòng {place}: quyền không có sản phẩm “{line.product}”.", field="parameters")
        rows.append(
            SpecParameter(
                specification=specification, place=place, name=line.name[:200], unit=line.unit[:30],
                minimum=line.minimum, maximum=line.maximum, wording=line.wording[:300], method=line.method[:200],
                product=product, is_critical=line.is_critical,
            )
        )  # fmt: skip
    SpecParameter.objects.bulk_create(rows)
