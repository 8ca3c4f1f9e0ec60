"""Writes what people did in the field: a form becomes an event, a lot and what is held of it, once per record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from khcn.domains.traceability.choices import FieldAct, FieldSource
from khcn.domains.traceability.models import (
    CapturedEvent,
    CaptureJob,
    FieldRecord,
    FormTemplate,
    Holding,
    Lot,
    LotUse,
    Party,
    Product,
    Site,
)
from khcn.domains.traceability.permissions import is_officer, require_writer
from khcn.domains.traceability.rules.field_forms import (
    Amount,
    Filled,
    checked_extra,
    document_of,
    event_of,
    sentence_of,
    taken_back,
)
from khcn.domains.traceability.rules.local_codes import crop_uri, document_uri, lot_code
from khcn.domains.traceability.services.capture import capture_document
from khcn.kernel.audit.rules import canonical
from khcn.kernel.audit.services import record as audit
from khcn.lib.actor import Actor
from khcn.lib.dates import VIETNAM
from khcn.lib.failure import Forbidden, Refused
from khcn.standards.epcis.documents import read_document
from khcn.standards.epcis.json_reading import read_json

_SLACK = timedelta(minutes=10)  # phones whose clock runs ahead


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in; what a template does not ask for stays empty."""

    site: Site | None = None
    product: Product | None = None
    kg: Decimal | None = None
    inputs: Sequence[tuple[Lot, Decimal]] = ()
    buyer: Party | None = None
    paper: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def write_record(
    *, by: Actor, uid: UUID, template: FormTemplate, party: Party, occurred_at: datetime, answers: Answers,
    source: FieldSource, now: datetime,
) -> tuple[FieldRecord, bool]:  # fmt: skip
    """The record and whether it is new; the same uid with the same answers gives the record that is there.

    Raises Forbidden, and Refused for what a rule forbids or for the same uid with other answers.
    """
    require_writer(by, party)
    digest = _digest(template, party, occurred_at, answers)
    known = FieldRecord.objects.filter(uid=uid).first()
    if known is not None:
        return _same(known, digest), False
    _check(template, party, occurred_at, answers, now)
    extra = checked_extra(template.fields, answers.extra)
    try:
        with transaction.atomic():
            record = _write(by, uid, template, party, occurred_at, answers, extra, source, now, digest)
    except IntegrityError:
        # The phone sent it twice at the same time; the other one was quicker.
        return _same(FieldRecord.objects.get(uid=uid), digest), False
    return record, True


def _same(known: FieldRecord, digest: str) -> FieldRecord:
    if known.digest != digest:
        raise Refused("Dòng nhật ký này đã được ghi với nội dung khác. Hãy hủy dòng cũ rồi ghi dòng mới.")
    return known


def _write(
    by: Actor, uid: UUID, template: FormTemplate, party: Party, at: datetime, answers: Answers,
    extra: Mapping[str, str], source: FieldSource, now: datetime, digest: str,
) -> FieldRecord:  # fmt: skip
    day = at.astimezone(VIETNAM).date()
    lot = _new_lot(uid, template, party, day, answers)
    event = event_of(_filled(uid, template, party, at, answers, extra, lot))
    job = _capture(party, event, now)
    record = FieldRecord.objects.create(
        uid=uid, template=template, party=party, site=answers.site, lot=lot, buyer=answers.buyer, occurred_at=at,
        answers=_kept(answers, extra), digest=digest, sentence=_sentence(template, day, answers),
        event_id=event["eventID"], job=job, source=source, written_by_id=by.user_id, written_at=now,
    )  # fmt: skip
    uses = [LotUse(record=record, lot=used, kg=kg) for used, kg in answers.inputs]
    if lot is not None:
        uses.append(LotUse(record=record, lot=lot, kg=lot.quantity_kg, is_output=True))
    LotUse.objects.bulk_create(uses)
    _move(record, uses, sign=1)
    audit(by=by, verb="trace.record", subject=record, after={"party": party.code, "says": record.sentence})
    return record


def _capture(party: Party, event: Mapping[str, Any], now: datetime) -> CaptureJob:
    if party.client is None:
        raise Refused("Cơ sở chưa có tài khoản ghi. Hãy liên hệ cơ quan quản lý.")
    raw = document_of([event], now)
    job = capture_document(by=party.client, raw=raw, document=read_document(raw), now=now)
    if job.errors:
        raise Refused(job.errors[0]["detail"])
    return job


def _check(template: FormTemplate, party: Party, at: datetime, answers: Answers, now: datetime) -> None:
    act = FieldAct(template.act)
    if not party.is_active:
        raise Refused("Cơ sở đã ngừng hoạt động nên không ghi thêm được.")
    if at > now + _SLACK:
        raise Refused("Ngày làm không được ở tương lai.", field="day")
    if not template.is_valid_on(at.astimezone(VIETNAM).date()):
        raise Refused("Mẫu này không dùng cho ngày đã chọn. Hãy mở lại trang để lấy mẫu mới.", field="day")
    for one, name in ((answers.site, "site"), (answers.product, "product")):
        if one is not None and one.party_id != party.pk:
            raise Refused("Địa điểm hoặc sản phẩm thuộc cơ sở khác.", field=name)
    if act in (FieldAct.HARVEST, FieldAct.CARE) and answers.site is None and not answers.inputs:
        raise Refused("Cần chọn lô đất hoặc chuồng trại.", field="site")
    if act in (FieldAct.HARVEST, FieldAct.MAKE) and (answers.product is None or not answers.kg):
        raise Refused("Cần chọn sản phẩm và ghi số kg.", field="product" if answers.product is None else "kg")
    if act in (FieldAct.MAKE, FieldAct.SHIP, FieldAct.RECEIVE) and not answers.inputs:
        raise Refused("Cần chọn ít nhất một lô hàng và ghi số kg.", field="inputs")
    if any(kg <= 0 for _lot, kg in answers.inputs):
        raise Refused("Số kg của mỗi lô phải lớn hơn 0.", field="inputs")
    if answers.buyer is not None and answers.buyer.pk == party.pk:
        raise Refused("Bên mua, bên bán phải là cơ sở khác.", field="buyer")
    _check_inputs(act, party, answers)


def _check_inputs(act: FieldAct, party: Party, answers: Answers) -> None:
    if not answers.inputs:
        return
    lots = [lot.pk for lot, _kg in answers.inputs]
    if len(set(lots)) != len(lots):
        raise Refused("Một lô hàng được chọn hai lần.", field="inputs")
    held = set(Holding.objects.filter(party=party, lot__in=lots, lot__withdrawn=False).values_list("lot_id", flat=True))
    strange = [lot.code for lot, _kg in answers.inputs if lot.pk not in held]
    if strange and act is FieldAct.RECEIVE:
        raise Refused(f"Lô {strange[0]} chưa được bên bán ghi giao cho cơ sở này.", field="inputs")
    if strange:
        raise Refused(f"Lô {strange[0]} không thuộc cơ sở này. Hãy ghi nhận hàng trước.", field="inputs")


def _new_lot(uid: UUID, template: FormTemplate, party: Party, day: date, answers: Answers) -> Lot | None:
    if template.act not in (FieldAct.HARVEST, FieldAct.MAKE) or answers.product is None or answers.kg is None:
        return None
    product, code = answers.product, lot_code(day, answers.site.code if answers.site else party.code, uid)
    life = product.shelf_life_days
    return Lot.objects.create(
        product=product, code=code, uri=product.uri(code), made_on=day, quantity_kg=answers.kg, site=answers.site,
        expires_on=day + timedelta(days=life) if life else None, is_illustration=party.is_illustration,
    )  # fmt: skip


def _filled(
    uid: UUID, template: FormTemplate, party: Party, at: datetime, answers: Answers, extra: Mapping[str, str],
    lot: Lot | None,
) -> Filled:  # fmt: skip
    site = answers.site
    return Filled(
        record=uid, act=FieldAct(template.act), biz_step=template.biz_step, disposition=template.disposition,
        occurred_at=at, party=party.uri, site=site.uri if site else "",
        crop=crop_uri(party.code, site.code) if site else "",
        counterparty=answers.buyer.uri if answers.buyer else "",
        inputs=tuple(Amount(used.uri, kg) for used, kg in answers.inputs),
        output=Amount(lot.uri, lot.quantity_kg) if lot else None, lot_code=lot.code if lot else "",
        expires_on=lot.expires_on if lot else None,
        paper=document_uri(party.code, answers.paper) if answers.paper else "", note=answers.note, extra=extra,
    )  # fmt: skip


def _sentence(template: FormTemplate, day: date, answers: Answers) -> str:
    kg = answers.kg if answers.kg is not None else sum((kg for _lot, kg in answers.inputs), Decimal(0)) or None
    return sentence_of(
        title=template.title, occurred_on=day, product=answers.product.name if answers.product else "", kg=kg,
        site=answers.site.name if answers.site else "", partner=answers.buyer.name if answers.buyer else "",
        lots=[lot.code for lot, _kg in answers.inputs],
    )  # fmt: skip


def _kept(answers: Answers, extra: Mapping[str, str]) -> dict[str, Any]:
    return {
        "site": answers.site.code if answers.site else "", "product": answers.product.code if answers.product else "",
        "kg": str(answers.kg) if answers.kg is not None else "",
        "inputs": [[lot.code, str(kg)] for lot, kg in answers.inputs],
        "buyer": answers.buyer.code if answers.buyer else "", "paper": answers.paper, "note": answers.note,
        "extra": dict(extra),
    }  # fmt: skip


def _digest(template: FormTemplate, party: Party, at: datetime, answers: Answers) -> str:
    kept = _kept(answers, {key: value for key, value in sorted(answers.extra.items()) if value})
    kept["kg"] = str(answers.kg.normalize()) if answers.kg is not None else ""
    kept["inputs"] = sorted([str(lot.uid), str(kg.normalize())] for lot, kg in answers.inputs)
    text = canonical({"template": template.code, "party": party.code, "at": at.isoformat(), **kept})
    return sha256(text.encode()).hexdigest()


def _move(record: FieldRecord, uses: Sequence[LotUse], *, sign: int) -> None:
    """What the record changes in what parties hold; sign -1 takes it back."""
    act = FieldAct(record.template.act)
    for use in uses:
        kg = use.kg * sign
        if use.is_output:
            _hold(use.lot, record.party, kg)
        elif act is FieldAct.MAKE:
            _hold(use.lot, record.party, -kg)
        elif act is FieldAct.SHIP:
            _hold(use.lot, record.party, -kg)
            if record.buyer is not None:
                _hold(use.lot, record.buyer, Decimal(0), coming=kg)
        elif act is FieldAct.RECEIVE:
            _hold(use.lot, record.party, kg, coming=-kg)


def _hold(lot: Lot, party: Party, kg: Decimal, *, coming: Decimal = Decimal(0)) -> None:
    holding, _ = Holding.objects.get_or_create(lot=lot, party=party)
    Holding.objects.filter(pk=holding.pk).update(kg=F("kg") + kg, coming_kg=F("coming_kg") + coming)


@transaction.atomic
def withdraw_record(*, by: Actor, record: FieldRecord, reason: str, now: datetime) -> FieldRecord:
    """Take a record back: its event is declared wrong, its lot is no more, what was held is as before.

    A lot that others have used since stays: their records are taken back first. Raises Forbidden and Refused.
    """
    if not is_officer(by):
        require_writer(by, record.party)
    rows = FieldRecord.objects.select_related("party__client", "template", "lot")
    record = rows.select_for_update(of=("self",)).get(pk=record.pk)
    if not reason.strip():
        raise Refused("Cần ghi lý do hủy.", field="reason")
    if record.withdrawn_at is not None:
        raise Refused("Dòng nhật ký này đã hủy trước đó.")
    if record.lot is not None and record.lot.uses.filter(record__withdrawn_at=None).exclude(record=record).exists():
        raise Refused("Lô này đã được dùng hoặc giao tiếp. Hãy hủy các dòng sau trước.")
    stored = CapturedEvent.objects.filter(event_id=record.event_id, declares_error=False).first()
    if stored is None:
        raise Refused("Không tìm thấy sự kiện của dòng nhật ký này.")
    event, _problems = read_json(bytes(stored.body))
    _capture(record.party, taken_back(event, reason, now), now)
    _move(record, list(record.uses.select_related("lot")), sign=-1)
    if record.lot is not None:
        Lot.objects.filter(pk=record.lot.pk).update(withdrawn=True)
    record.withdrawn_at, record.withdrawn_reason = now, reason.strip()[:300]
    record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    audit(by=by, verb="trace.withdraw", subject=record, after={"reason": record.withdrawn_reason})
    return record


def write_rows(
    *, by: Actor, party: Party, rows: Sequence[tuple[int, UUID, FormTemplate, datetime, Answers]], now: datetime
) -> tuple[int, int]:
    """Write the rows of a checked sheet, all or nothing; returns how many are new and how many were known.

    Raises Refused that names the row.
    """
    fresh = 0
    with transaction.atomic():
        for number, uid, template, at, answers in rows:
            try:
                _record, is_new = write_record(
                    by=by, uid=uid, template=template, party=party, occurred_at=at, answers=answers,
                    source=FieldSource.SHEET, now=now,
                )  # fmt: skip
            except Forbidden:
                raise
            except Refused as refusal:
                raise Refused(f"Dòng {number}: {refusal.message}", field=refusal.field) from refusal
            fresh += is_new
    return fresh, len(rows) - fresh
