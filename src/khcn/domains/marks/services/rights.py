"""Enters rights, corrects them, says who owns and manages them, and takes in whole lists."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from khcn.domains.marks.choices import RightKind, RightRole, RightState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import Right, RightClass, RightParty, RightProduct
from khcn.domains.marks.permissions import may_register, require_decider, require_keeper
from khcn.domains.marks.rules.lines import ClassLine, ProductLine, class_text, product_text
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Organisation
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.text import slug

CHANGEABLE = (
    "name", "sign", "goods", "state", "application_number", "filed_on", "registration_number", "registered_on",
    "decision", "expires_on", "term_years", "status", "note",
)  # fmt: skip


def register_right(
    *, by: Actor, kind: RightKind, name: str, manager: Organisation, owner_name: str = "", code: str = "",
    owner: Organisation | None = None, manager_from: date | None = None, is_illustration: bool = False, **values: Any,
) -> Right:  # fmt: skip
    """Enter a right under the body that manages it; not open until a head says so.

    values: fields of CHANGEABLE. Raises Forbidden, Refused for a code that is taken, days out of order.
    """
    if not may_register(by, manager.pk):
        raise Forbidden("Việc này dành cho công chức của cơ quan, tổ chức sẽ quản lý quyền.")
    if not name.strip():
        raise Refused("Ghi tên quyền.", field="name")
    code = slug(code or name)[:60]
    if Right.objects.filter(code=code).exists():
        raise Refused(f"Đã có quyền mang mã “{code}”.", field="code")
    kept = {key: value for key, value in values.items() if key in CHANGEABLE}
    _check_days(kept)
    with transaction.atomic():
        right = Right.objects.create(
            code=code, kind=kind, name=name.strip()[:200], is_illustration=is_illustration, **kept
        )
        RightParty.objects.create(
            right=right, role=RightRole.MANAGER, organisation=manager, name=manager.name, valid_from=manager_from
        )
        if owner_name.strip() or owner is not None:
            RightParty.objects.create(
                right=right, role=RightRole.OWNER, organisation=owner,
                name=(owner_name.strip() or (owner.name if owner else ""))[:300], valid_from=manager_from,
            )  # fmt: skip
        record(by=by, verb="mark.register", subject=right, after={"code": code, "kind": kind})
    return right


def change_right(*, by: Actor, right: Right, changes: Mapping[str, Any], expected_version: int | None = None) -> Right:
    """Correct a right. Raises Forbidden, Refused for days out of order, Stale."""
    require_keeper(by, right)
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    _check_days({name: getattr(right, name) for name in CHANGEABLE} | wanted)
    with transaction.atomic():
        right.claim(expected_version, wanted)
        before = {name: str(getattr(right, name) or "") for name in wanted}
        for name, value in wanted.items():
            setattr(right, name, value)
        right.save()
        after = {name: str(value or "") for name, value in wanted.items()}
        record(by=by, verb="mark.change", subject=right, before=before, after=after)
    return right


def open_right(*, by: Actor, right: Right, is_public: bool, expected_version: int | None = None) -> Right:
    """Show a right in the public register, or take it out. Raises Forbidden, MarkStepRefused, Stale."""
    require_decider(by, right)
    with transaction.atomic():
        right.claim(expected_version)
        right.refresh_from_db(fields=["is_public", "state"])
        if is_public and right.state == RightState.PREPARING:
            raise MarkStepRefused("Quyền chưa nộp đơn thì chưa đưa vào sổ công khai.")
        right.is_public = is_public
        right.save()
        record(by=by, verb="mark.open" if is_public else "mark.close", subject=right)
    return right


def set_party(
    *, by: Actor, right: Right, role: RightRole, valid_from: date, organisation: Organisation | None = None,
    name: str = "", basis: str = "",
) -> RightParty:  # fmt: skip
    """Say who owns or manages a right from a day on; whoever did before ends that day.

    Raises Refused for nobody, a manager outside the system, or a day not after the one before.
    """
    require_decider(by, right)
    called = (name.strip() or (organisation.name if organisation else ""))[:300]
    if not called:
        raise Refused("Chọn cơ quan, tổ chức hoặc ghi tên.", field="name")
    if role is RightRole.MANAGER and organisation is None:
        raise Refused("Chọn cơ quan, tổ chức quản lý trong hệ thống.", field="organisation")
    with transaction.atomic():
        Right.objects.select_for_update().get(pk=right.pk)
        current = right.parties.filter(role=role, valid_to=None).first()
        if current is not None:
            if current.valid_from is not None and current.valid_from >= valid_from:
                raise Refused(f"Chọn ngày sau {current.valid_from:%d/%m/%Y}.", field="valid_from")
            current.valid_to = valid_from
            current.save(update_fields=["valid_to"])
        party = RightParty.objects.create(
            right=right, role=role, organisation=organisation, name=called, valid_from=valid_from, basis=basis[:200]
        )
        record(by=by, verb="mark.party", subject=right, after={"role": role, "name": called, "from": valid_from})
    return party


def set_goods(
    *, by: Actor, right: Right, classes: Sequence[ClassLine], products: Sequence[ProductLine],
    expected_version: int | None = None,
) -> Right:  # fmt: skip
    """Make the classes and products those given; a product left out is put out of use, not removed."""
    require_keeper(by, right)
    with transaction.atomic():
        held = Right.objects.select_for_update().get(pk=right.pk)
        if expected_version is not None and held.version != expected_version:
            raise Stale(difference=_other_goods(held, classes, products))
        right.claim(None)
        right.classes.all().delete()
        RightClass.objects.bulk_create(
            [RightClass(right=right, number=line.number, goods=line.goods) for line in classes]
        )
        kept = []
        for place, line in enumerate(products, start=1):
            row, _ = RightProduct.objects.update_or_create(
                right=right, name=line.name,
                defaults={"place": place, "most_kg_per_ha": line.most_kg_per_ha, "raw_per_kg": line.raw_per_kg,
                          "is_active": True},
            )  # fmt: skip
            kept.append(row.pk)
        right.products.exclude(pk__in=kept).update(is_active=False)
        right.save()
        record(
            by=by, verb="mark.goods", subject=right,
            after={"classes": [line.number for line in classes], "products": [line.name for line in products]},
        )  # fmt: skip
    return right


def import_rights(*, by: Actor, rows: Sequence[Mapping[str, Any]], manager: Organisation) -> int:
    """Enter a checked list, all or nothing; returns how many. Raises Refused naming the row."""
    with transaction.atomic():
        for number, row in enumerate(rows, start=1):
            values = {name: value for name, value in row.items() if value is not None}
            try:
                register_right(by=by, manager=manager, **values)
            except Refused as refusal:
                raise Refused(f"Dòng {number}: {refusal.message}", field=refusal.field) from refusal
    return len(rows)


def _other_goods(
    right: Right, classes: Sequence[ClassLine], products: Sequence[ProductLine]
) -> list[tuple[str, str, str]]:
    """What the stored goods and those given differ in, as a person reads it."""
    kept = class_text(ClassLine(row.number, row.goods) for row in right.classes.all())
    rows = right.products.filter(is_active=True)
    made = product_text(ProductLine(row.name, row.most_kg_per_ha, row.raw_per_kg) for row in rows)
    pairs = (
        ("Nhóm hàng hóa, dịch vụ", kept, class_text(classes)),
        ("Sản phẩm được mang quyền", made, product_text(products)),
    )
    return [(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]


def _check_days(values: Mapping[str, Any]) -> None:
    filed, registered = values.get("filed_on"), values.get("registered_on")
    if values.get("state") == RightState.REGISTERED and not registered:
        raise Refused("Quyền đang được bảo hộ phải có ngày cấp.", field="registered_on")
    if filed and registered and registered < filed:
        raise Refused("Ngày cấp không thể trước ngày nộp đơn.", field="registered_on")
    if values.get("expires_on") and registered and values["expires_on"] <= registered:
        raise Refused("Ngày hết hiệu lực phải sau ngày cấp.", field="expires_on")
