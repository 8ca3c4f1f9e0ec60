"""Changes templates from a day on: the row in force ends, and records keep the row that they were written with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.traceability.models import FormTemplate
from khcn.domains.traceability.permissions import require_officer
from khcn.domains.traceability.rules.template_fields import checked_fields
from khcn.kernel.audit.services import record
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused, Stale
from khcn.web.fields import differences

_COPIED = (
    "code", "sector", "title", "act", "icon", "biz_step", "disposition", "fields", "most_kg_per_ha", "least_share",
    "most_share", "order", "citation", "status",
)  # fmt: skip


@transaction.atomic
def change_template(
    *, by: Actor, template: FormTemplate, valid_from: date, changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> FormTemplate:  # fmt: skip
    """The template as it holds from a day on. Raises Forbidden, Stale, and Refused for what cannot be."""
    require_officer(by)
    _claim(template, expected_version, {name: value for name, value in changes.items() if name in _COPIED})
    if template.valid_to is not None:
        raise Refused("Mẫu này đã hết hiệu lực. Hãy sửa bản đang dùng.")
    if template.valid_from is not None and valid_from <= template.valid_from:
        raise Refused("Ngày áp dụng phải sau ngày áp dụng của bản đang dùng.", field="valid_from")
    values = {name: getattr(template, name) for name in _COPIED} | dict(changes)
    values["fields"] = checked_fields(values["fields"])
    if not str(values["title"]).strip():
        raise Refused("Cần ghi tên mẫu.", field="title")
    least, most = values["least_share"], values["most_share"]
    if least is not None and most is not None and least > most:
        raise Refused("Tỷ lệ thu hồi thấp nhất lớn hơn tỷ lệ cao nhất.", field="least_share")
    template.valid_to = valid_from
    template.save()
    changed = FormTemplate.objects.create(valid_from=valid_from, **values)
    record(by=by, verb="trace.template", subject=changed, after={"code": changed.code, "from": valid_from})
    return changed


def _claim(template: FormTemplate, expected: int | None, changes: dict[str, Any]) -> None:
    """Take the next version; a Stale compares with the template that another person has put after this one."""
    try:
        template.claim(expected)
    except Stale:
        newest = FormTemplate.objects.filter(code=template.code, valid_to=None).first() or template
        raise Stale(difference=differences(newest, changes)) from None
