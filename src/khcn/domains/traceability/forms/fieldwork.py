"""The small forms of the field: made from a template, a party's places and products, and the lots it holds."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khcn.domains.traceability.choices import GROWING, FieldAct
from khcn.domains.traceability.models import FormTemplate, Holding, Lot, Party, Product
from khcn.domains.traceability.rules.field_forms import kg_text, read_kg
from khcn.domains.traceability.services.fieldwork import Answers
from khcn.lib.dates import VIETNAM
from khcn.lib.unreadable import Unreadable
from khcn.web.forms import DayField, DropFileField, KhcnForm
from khcn.web.wording import said

MOST_LOTS = 30
WHOLE_DAY = time(12)


class KgField(forms.Field):
    """Kilograms as people type them: 320, 320,5, 1.250. Cleans to Decimal or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        """Raises ValidationError with a sentence."""
        if value in self.empty_values:
            return None
        try:
            return read_kg(str(value))
        except Unreadable as error:
            raise ValidationError(said(error.message)) from error


class RecordForm(KhcnForm):
    """One act of the field. `record` is the id that the phone gave the form; without one the server makes it."""

    record = forms.UUIDField(widget=forms.HiddenInput, required=False)
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    day = DayField(label=_("Ngày làm"))

    def __init__(self, *args: Any, template: FormTemplate, party: Party, now: datetime, **kwargs: Any):
        initial = {
            "record": uuid4(),
            "day": now.astimezone(VIETNAM).date(),
            "at": now.isoformat(),
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.template, self.party = template, party
        self.lots: list[Lot] = []
        act = FieldAct(template.act)
        if act is not FieldAct.RECEIVE or party.sites.exists():
            self._add_site(act)
        if act in (FieldAct.HARVEST, FieldAct.MAKE):
            self._add_output(act)
        if act in (FieldAct.MAKE, FieldAct.SHIP, FieldAct.RECEIVE):
            self._add_lots(act)
        if act is FieldAct.SHIP:
            others = Party.objects.filter(is_active=True).exclude(pk=party.pk).exclude(kind="grower")
            self.fields["buyer"] = forms.ModelChoiceField(
                others, to_field_name="code", label=_("Bán, giao cho"), required=False,
                help_text=_("Bỏ trống nếu bán lẻ cho người mua không có trong danh sách."),
            )  # fmt: skip
        for one in template.fields:
            self.fields[f"x_{one['key']}"] = _box(one)
        if act in (FieldAct.SHIP, FieldAct.RECEIVE):
            self.fields["paper"] = forms.CharField(label=_("Số hóa đơn, phiếu"), max_length=60, required=False)
        self.fields["note"] = forms.CharField(
            label=_("Ghi chú"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )

    def clean_at(self) -> datetime | None:
        """A moment; what is none is left out."""
        try:
            at = datetime.fromisoformat(self.cleaned_data.get("at") or "")
        except ValueError:
            return None
        return at if at.tzinfo is not None else None

    def _add_site(self, act: FieldAct) -> None:
        sites = self.party.sites.filter(is_active=True)
        grows = act in (FieldAct.CARE, FieldAct.HARVEST)
        if grows:
            sites = sites.filter(kind__in=[str(kind) for kind in GROWING])
        label = _("Ở lô đất, chuồng nào") if grows else _("Ở đâu")
        self.fields["site"] = forms.ModelChoiceField(sites, to_field_name="code", label=label, required=grows)
        if len(sites) == 1:
            self.initial.setdefault("site", sites[0].code)

    def _add_output(self, act: FieldAct) -> None:
        products = Product.objects.filter(party=self.party, sector=self.template.sector, is_active=True)
        self.fields["product"] = forms.ModelChoiceField(
            products, to_field_name="code",
            label=_("Thu được sản phẩm") if act is FieldAct.HARVEST else _("Làm ra sản phẩm"),
        )  # fmt: skip
        self.fields["kg"] = KgField(label=_("Số kg"))
        if len(products) == 1:
            self.initial.setdefault("product", products[0].code)

    def _add_lots(self, act: FieldAct) -> None:
        held = Holding.objects.filter(party=self.party, lot__withdrawn=False, lot__product__sector=self.template.sector)
        held = held.select_related("lot__product").order_by("-lot__made_on", "-lot_id")
        offered = held.filter(coming_kg__gt=0) if act is FieldAct.RECEIVE else held.filter(kg__gt=0)
        # A phone may send later what was chosen while the lot was still on the list.
        chosen = list(held.filter(lot__uid__in=_sent_lots(self.data))) if self.is_bound else []
        for one in {one.pk: one for one in [*offered[:MOST_LOTS], *chosen]}.values():
            self.lots.append(one.lot)
            left = kg_text(one.coming_kg if act is FieldAct.RECEIVE else one.kg)
            name = f"{one.lot.product.name} – {one.lot.code}"
            field = KgField(label=name, required=False, help_text=_t("Còn %(kg)s. Ghi số kg lấy ra.") % {"kg": left})
            if act is FieldAct.RECEIVE:
                field.help_text = _t("Bên bán giao %(kg)s. Ghi số kg thực nhận.") % {"kg": left}
            field.widget.attrs["data-lot"] = one.lot.code
            self.fields[f"lot_{one.lot.uid}"] = field

    def clean(self) -> dict[str, Any]:
        """Refuses lots that the party does not hold, which would else be left out in silence."""
        data = super().clean() or {}
        if any(f"lot_{uid}" not in self.fields for uid in _sent_lots(self.data)):
            raise ValidationError(_t("Có lô hàng không còn thuộc cơ sở. Hãy mở lại trang rồi chọn lại."))
        return data

    @property
    def has_no_lots(self) -> bool:
        """True where the act needs lots and the party holds none."""
        return self.template.act in (FieldAct.MAKE, FieldAct.SHIP, FieldAct.RECEIVE) and not self.lots

    def occurred_at(self) -> datetime:
        """The moment at which the form was filled in where that was the day of the act, else noon of the day."""
        day, at = self.cleaned_data["day"], self.cleaned_data.get("at")
        if at is not None and at.astimezone(VIETNAM).date() == day:
            return at
        return datetime.combine(day, WHOLE_DAY, tzinfo=VIETNAM)

    def uid(self) -> UUID:
        """The id of the record."""
        return self.cleaned_data.get("record") or uuid4()

    def answers(self) -> Answers:
        """Values for the service."""
        data = self.cleaned_data
        inputs = [(lot, data[f"lot_{lot.uid}"]) for lot in self.lots if data.get(f"lot_{lot.uid}")]
        extra = {one["key"]: str(data.get(f"x_{one['key']}") or "") for one in self.template.fields}
        return Answers(
            site=data.get("site"), product=data.get("product"), kg=data.get("kg"), inputs=inputs,
            buyer=data.get("buyer"), paper=data.get("paper") or "", note=data.get("note") or "", extra=extra,
        )  # fmt: skip


def _sent_lots(data: Any) -> list[UUID]:
    found = []
    for name in data:
        if name.startswith("lot_") and str(data.get(name) or "").strip():
            try:
                found.append(UUID(name.removeprefix("lot_")))
            except ValueError:
                continue
    return found


def _box(one: dict[str, Any]) -> forms.Field:
    label = f"{said(one['label'])}, {one['unit']}" if one.get("unit") else said(one["label"])
    if one.get("kind") == "choice":
        choices = [("", _t("– chọn –")), *((option, said(option)) for option in one["options"])]
        return forms.ChoiceField(label=label, choices=choices, required=bool(one.get("required")))
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=200, required=bool(one.get("required")),
        widget=widget if one.get("kind") == "number" else forms.TextInput(),
    )  # fmt: skip


class SheetForm(KhcnForm):
    """A spreadsheet of records."""

    file = DropFileField(label=_("Tệp nhật ký"), endings=(".xlsx", ".csv"), max_mb=10)
