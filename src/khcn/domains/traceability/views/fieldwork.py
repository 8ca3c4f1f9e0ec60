"""The diary: pages for the phone, one form per act, the spreadsheet, taking back; and what makes them work offline."""

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_permissions_policy.decorators import permissions_policy_override

from khcn.domains.traceability.choices import FieldSource
from khcn.domains.traceability.forms.fieldwork import RecordForm, SheetForm
from khcn.domains.traceability.forms.filters import RecordFilter
from khcn.domains.traceability.forms.masters import EndForm
from khcn.domains.traceability.forms.sheets import SHEET, rows_of
from khcn.domains.traceability.models import FieldRecord, FormTemplate, Party
from khcn.domains.traceability.permissions import acts_for, is_officer, own_parties, visible_records
from khcn.domains.traceability.queries.parameters import templates_on
from khcn.domains.traceability.services.fieldwork import withdraw_record, write_record, write_rows
from khcn.domains.traceability.views.acting import own_party
from khcn.web.acting import actor_of, one_of
from khcn.web.field import worker_of
from khcn.web.forms import DayField
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen
from khcn.web.spreadsheets.reading import read_table
from khcn.web.spreadsheets.templates import template_xlsx
from khcn.web.spreadsheets.validation import RowError, suggest_mapping, validate
from khcn.web.spreadsheets.writing import CellKind, Column
from khcn.web.uploads import XLSX, download_response
from khcn.web.wording import said

# Only the forms may open the camera, to read the code of a lot.
CAMERA: dict[str, Any] = {**settings.PERMISSIONS_POLICY, "camera": ["self"]}
RECORDS = Export(
    name="Nhat ky san xuat", title="Nhật ký sản xuất",
    columns=(Column("Cơ sở", width=36), Column("Ngày", CellKind.DATE), Column("Việc", width=24),
             Column("Nội dung", width=70), Column("Lô tạo ra", width=22), Column("Đã hủy", width=30)),
    row=lambda one: (one.party.name, timezone.localdate(one.occurred_at), one.template.title, one.sentence,
                     one.lot.code if one.lot else "", one.withdrawn_reason),
)  # fmt: skip
STATIC = ("traceability/walk.js", "traceability/plots.css")


@screen
def field_home(request: HttpRequest) -> HttpResponseBase:
    """For whom one writes; with one party only, its page at once."""
    parties = list(own_parties(actor_of(request)).filter(is_active=True)[:200])
    if len(parties) == 1:
        return redirect("trace_field_party", code=parties[0].code)
    return page(request, "traceability/field_home.html", {"parties": parties})


@screen
def field_party(request: HttpRequest, code: str) -> HttpResponseBase:
    """The big buttons of a party, and what was written last."""
    party = own_party(request, code)
    context = {
        "party": party, "groups": _groups(party),
        "records": party.records.select_related("lot", "template")[:8],
        "several": own_parties(actor_of(request)).count() > 1,
    }  # fmt: skip
    return page(request, "traceability/field_party.html", context)


def _groups(party: Party) -> list[tuple[str, list[FormTemplate]]]:
    sectors = set(party.sites.exclude(sector="").values_list("sector", flat=True))
    sectors |= set(party.products.values_list("sector", flat=True))
    sectors |= set(party.holdings.values_list("lot__product__sector", flat=True))
    grouped: dict[str, list[FormTemplate]] = {}
    for template in templates_on(timezone.localdate()).filter(sector__in=sectors):
        grouped.setdefault(str(template.get_sector_display()), []).append(template)  # type: ignore[attr-defined]
    return list(grouped.items())


@permissions_policy_override(CAMERA)
@screen
def field_form(request: HttpRequest, code: str, template: str) -> HttpResponseBase:
    """One form. A page that asks for JSON (the phone's queue) is told by JSON what became of it."""
    party, now = own_party(request, code), timezone.now()
    found = one_of(templates_on(_day_of(request)), code=template)
    form = RecordForm(request.POST or None, template=found, party=party, now=now)
    if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
        return _answer_phone(request, form, party, found, now)
    if form.is_valid():
        with form.refusals():
            record, _is_new = _write(request, form, party, found, now, FieldSource.WEB)
            return done(request, _told(record), reverse("trace_field_party", args=[code]))
    context = {"form": form, "party": party, "template": found}
    return page(request, "traceability/field_form.html", context, status=form.status)


def _day_of(request: HttpRequest) -> date:
    """The day of the act, whose template holds: a phone may send what was written before a template changed."""
    try:
        return DayField().clean(request.POST.get("day", ""))
    except ValidationError:
        return timezone.localdate()


def _write(
    request: HttpRequest, form: RecordForm, party: Party, template: FormTemplate, now: datetime, source: FieldSource
) -> tuple[FieldRecord, bool]:
    return write_record(
        by=actor_of(request), uid=form.uid(), template=template, party=party, occurred_at=form.occurred_at(),
        answers=form.answers(), source=source, now=now,
    )  # fmt: skip


def _told(record: FieldRecord) -> str:
    if record.lot is not None:
        return _("Đã ghi. Số lô: %(lot)s.") % {"lot": record.lot.code}
    return _("Đã ghi nhật ký.")


def _answer_phone(
    request: HttpRequest, form: RecordForm, party: Party, template: FormTemplate, now: datetime
) -> JsonResponse:
    if form.is_valid():
        with form.refusals():
            record, is_new = _write(request, form, party, template, now, FieldSource.PHONE)
            state = "stored" if is_new else "known"
            return JsonResponse({"state": state, "message": _told(record), "sentence": record.sentence})
    problems = [f"{label}: {text}" if label else text for _id, label, text in form.problems]
    return JsonResponse({"state": "refused", "message": " ".join(problems), "problems": form.errors}, status=422)


@screen
def record_list(request: HttpRequest) -> HttpResponseBase:
    """The diary of the parties that the actor sees."""
    filters = filtered(RecordFilter, request, visible_records(actor_of(request)))
    orders = {"day": "occurred_at", "party": ("party__name", "-occurred_at")}
    found, ordering = order(filters.rows, request, orders, default="-day")
    if RECORDS.asked_for(request):
        return RECORDS.respond(request, found)
    context = {"filters": filters, "ordering": ordering, "page": paginate(found, request)}
    return page(request, "traceability/record_list.html", context, part="list")


@screen
def record_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One line of the diary as it was written, and its event."""
    actor = actor_of(request)
    record = one_of(
        visible_records(actor).select_related("site", "buyer", "written_by__person", "party__head"), uid=uid
    )
    labels = {one["key"]: one for one in record.template.fields}
    extra = [
        (said(labels[key]["label"]) if key in labels else key, value, labels.get(key, {}).get("unit", ""))
        for key, value in record.answers.get("extra", {}).items()
    ]
    may_withdraw = record.withdrawn_at is None and (acts_for(actor, record.party) or is_officer(actor))
    context = {
        "record": record, "uses": record.uses.select_related("lot__product"), "extra": extra,
        "may_withdraw": may_withdraw,
    }  # fmt: skip
    return page(request, "traceability/record_page.html", context)


@screen
def record_withdraw(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Take a record back."""
    record = one_of(visible_records(actor_of(request)), uid=uid)
    form, back = EndForm(request.POST or None), reverse("trace_record", args=[uid])
    if form.is_valid():
        with form.refusals():
            withdraw_record(by=actor_of(request), record=record, reason=form.cleaned_data["reason"], now=timezone.now())
            return done(request, _("Đã hủy dòng nhật ký."), back)
    context = {"form": form, "label": _("Hủy dòng nhật ký"), "back": back, "subject": record}
    return page(request, "traceability/form.html", context, status=form.status)


@screen
def field_sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take in a spreadsheet of records; every fault is shown with its row and nothing is kept."""
    party, now = own_party(request, code), timezone.now()
    if request.GET.get("mau"):
        content = template_xlsx(SHEET, title="Nhật ký sản xuất")
        return download_response(content, "mau-nhat-ky.xlsx", media_type=XLSX.media_type)
    errors: tuple[RowError, ...] = ()
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form.refusals():
            sent = form.cleaned_data["file"]
            table = read_table(sent.read(), sent.name, expected_titles=[spec.title_vi for spec in SHEET])
            report = validate(table, SHEET, suggest_mapping(table.headers, SHEET))
            rows, found = rows_of(party, report.rows, _row_uid)
            errors = (*report.errors, *found)
            if not errors:
                fresh, known = write_rows(by=actor_of(request), party=party, rows=rows, now=now)
                message = _("Đã ghi %(fresh)d dòng; %(known)d dòng đã có từ trước.") % {"fresh": fresh, "known": known}
                return done(request, message, reverse("trace_field_party", args=[code]))
    context: dict[str, Any] = {"form": form, "errors": errors[:200], "party": party}
    return page(request, "traceability/field_sheet.html", context, status=422 if errors else form.status)


def _row_uid(party: Party, text: str) -> UUID:
    """The same row of the same party gives the same record, whichever file brings it."""
    return uuid5(NAMESPACE_URL, f"urn:x-khcn:sheet:{party.uid}:{text}")


def field_worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the diary; it keeps pages and their parts for where there is no signal."""
    return worker_of("khcn-nhat-ky-1", STATIC)


def field_manifest(request: HttpRequest) -> HttpResponse:
    """What makes the diary installable."""
    sizes = [{"src": staticfiles_storage.url(f"traceability/icon-{size}.png"), "sizes": f"{size}x{size}",
              "type": "image/png", "purpose": "any maskable"} for size in (192, 512)]  # fmt: skip
    value = {
        "name": _("Nhật ký sản xuất"), "short_name": _("Nhật ký"), "lang": "vi", "display": "standalone",
        "start_url": reverse("trace_field_home"), "scope": reverse("trace_field_home"), "id": "khcn-nhat-ky",
        "background_color": "#ffffff", "theme_color": "#0b6e4f", "icons": sizes,
    }  # fmt: skip
    return JsonResponse(value, content_type="application/manifest+json")
