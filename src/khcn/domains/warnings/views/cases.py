"""Cases of warning: the list, one with its way out, bulletins, recipients, damage."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.warnings.choices import MessageDraftState, MessageKind, WarningState
from khcn.domains.warnings.forms import (
    HAZARDS,
    BulletinForm,
    CaseFilter,
    CaseForm,
    DamageForm,
    MessageForm,
    ReasonForm,
    RecipientForm,
)
from khcn.domains.warnings.models import DamageReport, DutyClock, MessageDraft, Recipient, WarningCase
from khcn.domains.warnings.permissions import READERS, may_approve, may_write, reads_all
from khcn.domains.warnings.queries import listing
from khcn.domains.warnings.queries.messages import content_of, in_force
from khcn.domains.warnings.queries.reference import all_units, named_units, numbers_on
from khcn.domains.warnings.rules.composing import compose
from khcn.domains.warnings.rules.steps import needs_rank
from khcn.domains.warnings.services import cases, damage, drafts, issuing, sending
from khcn.domains.warnings.views.acting import case_of, draft_of, offices, reader_of
from khcn.kernel.documents.queries import bytes_of
from khcn.standards.cap.writing import write_alert
from khcn.web.acting import actor_of
from khcn.web.listing import filtered, paginate
from khcn.web.screens import done, page, screen, version_of

_UNSENT = (WarningState.PROPOSED, WarningState.PREPARING)
LEVEL_TONES = {None: "plain", 0: "plain", 1: "active", 2: "warn", 3: "warn", 4: "bad", 5: "bad"}


@screen(login=False)
def case_list(request: HttpRequest) -> HttpResponseBase:
    """Warnings that the reader may see; officials also proposals and drafts."""
    actor = reader_of(request)
    filters = filtered(CaseFilter, request, listing.listed_cases(actor))
    now = timezone.now()
    context = {
        "filters": filters, "page": paginate(filters.rows, request), "is_staff": reads_all(actor),
        "may_write": request.user.is_authenticated and offices(request).exists(),
        "overdue": listing.overdue_bulletins(now) if reads_all(actor) else [],
        "second": list(listing.second_signatures_due(now)) if reads_all(actor) else [],
    }  # fmt: skip
    return page(request, "warnings/case_list.html", context, part="list")


@screen(login=False)
def case_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One case: its sign, the message on its way out, what went out and whom it reached."""
    case, actor, now = case_of(request, code), reader_of(request), timezone.now()
    today = timezone.localdate(now)
    inside = reads_all(actor)
    draft = listing.open_draft(case) if inside else None
    writes = actor is not None and may_write(actor, case.owner_id)
    ranks = numbers_on(today, "highest_level_of_rank", (2, 3))
    rank = needs_rank(draft.level if draft else None, ranks)
    approves = may_approve(actor, case.owner_id, rank=rank, today=today)
    held = in_force(case, now=now)
    context = {
        "case": case, "draft": draft, "went_out": list(listing.messages_of(case)), "held": held, "inside": inside,
        "may_write": writes, "times": _times(case) if inside else (), "tones": LEVEL_TONES,
        "may_approve": approves and draft is not None and draft.written_by_id != (actor.user_id if actor else None),
        "may_alone": approves and draft is not None and draft.written_by_id == (actor.user_id if actor else None),
        "deliveries": list(listing.deliveries_of(case)[:100]) if inside else [],
        "unread": listing.unread_of(case) if inside else 0, "duties": list(listing.duties_of(case)) if inside else [],
        "units": named_units(draft.units, on=today) if draft else (), "reason_form": ReasonForm(), "now": now,
        "may_edit": draft is not None and draft.state in (MessageDraftState.DRAFT, MessageDraftState.RETURNED),
        "waits": draft is not None and draft.state in (MessageDraftState.SUBMITTED, MessageDraftState.APPROVED),
        "may_drop": writes and case.state in _UNSENT and (draft is None or draft.state == MessageDraftState.DRAFT),
        "is_open": case.state in _UNSENT,
        "second": [one for one in listing.second_signatures_due(now) if one.case_id == case.pk] if inside else [],
    }  # fmt: skip
    return page(request, "warnings/case_page.html", context)


def _times(case: WarningCase) -> list[tuple[str, str]]:
    found = listing.times_of(case)
    names = (_("Từ lúc đo đến đề xuất"), _("Đến duyệt"), _("Đến phát"), _("Đến nơi nhận đầu tiên"))
    steps = (found.proposal, found.approval, found.issue, found.delivery)
    return [(name, _span(step)) for name, step in zip(names, steps, strict=True)]


def _span(step: timedelta | None) -> str:
    if step is None:
        return "–"
    seconds = int(step.total_seconds())
    if seconds < 120:
        return _("%(n)d giây") % {"n": seconds}
    return _("%(n)d phút") % {"n": seconds // 60} if seconds < 7200 else _("%(n)d giờ") % {"n": seconds // 3600}


@screen
def case_new(request: HttpRequest) -> HttpResponseBase:
    """Begin a case: an order, a relay, an exercise."""
    owners = offices(request)
    if not owners.exists():
        raise Http404
    form = CaseForm(request.POST or None, owners=owners, initial={"bulletin": request.GET.get("ban-tin")})
    if form.is_valid():
        with form.refusals():
            given = dict(form.cleaned_data)
            bulletin = given["bulletin"]
            given["hazard"] = bulletin.hazard if bulletin else given["hazard"]
            case = cases.begin_case(by=actor_of(request), hazard_name=_hazard(given["hazard"]), **given)
            drafts.begin_message(by=actor_of(request), case=case, kind=MessageKind.ALERT)
            return done(request, _("Đã lập cảnh báo; soạn tin rồi trình duyệt."),
                        reverse("warning_write", args=[case.code]))  # fmt: skip
    context = {"form": form, "label": _("Lập cảnh báo"), "back": reverse("warning_list")}
    return page(request, "warnings/form.html", context, status=form.status)


def _hazard(key: str) -> str:
    return str(dict(HAZARDS).get(key, key))


@screen(methods=("POST",))
def message_begin(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """Begin the first message, an update or a cancellation."""
    kinds = {"phat": MessageKind.ALERT, "cap-nhat": MessageKind.UPDATE, "huy": MessageKind.CANCEL}
    if kind not in kinds:
        raise Http404
    drafts.begin_message(
        by=actor_of(request), case=case_of(request, code), kind=kinds[kind], reason=request.POST.get("reason", "")
    )
    return done(request, _("Đã lập tin; kiểm tra lời, địa bàn và thời gian."), reverse("warning_write", args=[code]))


@screen
def message_write(request: HttpRequest, code: str) -> HttpResponseBase:
    """Write the words, level, area and times of the message on its way out."""
    draft, actor = draft_of(request, code), actor_of(request)
    if not may_write(actor, draft.case.owner_id):
        raise Http404
    names = MessageForm.base_fields
    initial = {name: getattr(draft, name) for name in names}
    initial["level"] = "" if draft.level is None else str(draft.level)
    form = MessageForm(request.POST or None, initial=initial, units=all_units(timezone.localdate()))
    back = reverse("warning_page", args=[code])
    if form.is_valid():
        with form.refusals():
            drafts.write_message(
                by=actor, draft=draft, changes=form.cleaned_data, expected_version=version_of(request)
            )  # fmt: skip
            return done(request, _("Đã ghi tin nháp."), back)
    context = {"form": form, "label": _("Soạn tin"), "title": draft.case.code, "back": back, "version": draft.version}
    return page(request, "warnings/form.html", context, status=form.status)


@screen(methods=("POST",))
def message_step(request: HttpRequest, code: str, step: str) -> HttpResponseBase:
    """Submit, approve, return, drop or issue the message on its way out."""
    draft, actor, version = draft_of(request, code), actor_of(request), version_of(request)
    reason = request.POST.get("reason", "")
    back = reverse("warning_page", args=[code])
    match step:
        case "trinh":
            drafts.submit_message(by=actor, draft=draft, expected_version=version)
            return done(request, _("Đã trình duyệt; tin đúng mọi quy tắc CAP."), back)
        case "duyet":
            drafts.approve_message(by=actor, draft=draft, expected_version=version)
            return done(request, _("Đã duyệt; phát trong thời hạn của phê duyệt."), back)
        case "mot-minh":
            drafts.approve_message(by=actor, draft=draft, expected_version=version, alone_reason=reason)
            return done(request, _("Đã duyệt khẩn cấp một mình; cần chữ ký thứ hai đúng hạn."), back)
        case "tra-lai":
            drafts.return_message(by=actor, draft=draft, reason=reason, expected_version=version)
            return done(request, _("Đã trả lại người soạn."), back)
        case "bo":
            drafts.drop_message(by=actor, draft=draft, reason=reason)
            return done(request, _("Đã bỏ tin nháp."), back)
        case "phat":
            issuing.issue_message(by=actor, draft=draft, expected_version=version)
            return done(request, _("Đã phát cảnh báo."), back)
    raise Http404


@screen(methods=("POST",))
def message_second(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """The second signature of a message issued alone."""
    draft = get_object_or_404(MessageDraft, case=case_of(request, code), uid=uid)
    drafts.sign_second(by=actor_of(request), draft=draft)
    return done(request, _("Đã ký thứ hai."), reverse("warning_page", args=[code]))


@screen(methods=("POST",))
def case_drop(request: HttpRequest, code: str) -> HttpResponseBase:
    """Not to warn of what was proposed."""
    case = case_of(request, code)
    cases.drop_case(by=actor_of(request), case=case, reason=request.POST.get("reason", ""))
    return done(request, _("Đã ghi là không phát; lý do được giữ lại."), reverse("warning_page", args=[code]))


@screen(methods=("POST",))
def duty_do(request: HttpRequest, code: str, uid: str) -> HttpResponseBase:
    """Say that a duty is done."""
    duty = get_object_or_404(DutyClock, case=case_of(request, code), uid=uid)
    issuing.do_duty(by=actor_of(request), duty=duty)
    return done(request, _("Đã ghi là xong."), reverse("warning_page", args=[code]))


@screen
def message_preview(request: HttpRequest, code: str) -> HttpResponseBase:
    """The message on its way out as CAP would have it, unsigned."""
    draft = draft_of(request, code)
    if not reads_all(reader_of(request)):
        raise Http404
    text = write_alert(compose(content_of(draft, sent=timezone.now()))).decode()
    return page(request, "warnings/preview.html", {"case": draft.case, "text": text})


@screen
def bulletin_list(request: HttpRequest) -> HttpResponseBase:
    """Official bulletins, and a new one."""
    actor, owners = actor_of(request), offices(request)
    if not reads_all(actor):
        raise Http404
    form = BulletinForm(request.POST or None, owners=owners, units=all_units(timezone.localdate()))
    if request.method == "POST" and not owners.exists():
        raise Http404
    if form.is_valid():
        with form.refusals():
            given = dict(form.cleaned_data)
            level, units = given.pop("level"), given.pop("units")
            stated = dict.fromkeys(units, int(level)) if level else {}
            bulletin = cases.register_bulletin(by=actor, stated=stated, **given)
            return done(request, _("Đã ghi bản tin chính thức."), reverse("bulletin_page", args=[bulletin.uid]))
    context = {"page": paginate(listing.bulletins(), request), "form": form if owners.exists() else None,
               "overdue": {one.pk for one in listing.overdue_bulletins(timezone.now())}}  # fmt: skip
    return page(request, "warnings/bulletin_list.html", context, status=form.status)


@screen
def bulletin_page(request: HttpRequest, uid: str) -> HttpResponseBase:
    """One official bulletin."""
    if not reads_all(actor_of(request)):
        raise Http404
    one = get_object_or_404(listing.bulletins(), uid=uid)
    context = {
        "one": one, "units": named_units(one.stated, on=timezone.localdate(one.issued_at)),
        "today_units": named_units(one.stated, on=timezone.localdate()), "may_write": offices(request).exists(),
        "cases": one.cases.all(),
    }  # fmt: skip
    return page(request, "warnings/bulletin_page.html", context)


@screen
def recipient_list(request: HttpRequest) -> HttpResponseBase:
    """Who receives warnings, and a new one."""
    actor, owners = actor_of(request), offices(request)
    if not owners.exists():
        raise Http404
    form = RecipientForm(request.POST or None, owners=owners, units=all_units(timezone.localdate()))
    if form.is_valid():
        with form.refusals():
            sending.save_recipient(by=actor, **form.cleaned_data)
            return done(request, _("Đã thêm nơi nhận."), reverse("recipient_list"))
    context = {"page": paginate(listing.recipients(actor), request), "form": form}
    return page(request, "warnings/recipient_list.html", context, status=form.status)


@screen(methods=("POST",))
def recipient_stop(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Send nothing more to a recipient."""
    sending.stop_recipient(by=actor_of(request), recipient=get_object_or_404(Recipient, uid=uid))
    return done(request, _("Đã ngừng gửi; những lần đã gửi vẫn được giữ."), reverse("recipient_list"))


@screen
def damage_list(request: HttpRequest) -> HttpResponseBase:
    """Damage reported, and a new report."""
    actor = actor_of(request)
    form = DamageForm(request.POST or None, request.FILES or None, units=all_units(timezone.localdate()))
    if form.is_valid():
        with form.refusals():
            given = dict(form.cleaned_data)
            photograph = given.pop("photograph")
            report = damage.report_damage(by=actor, photograph=photograph.read() if photograph else b"", **given)
            return done(request, _("Đã ghi báo cáo thiệt hại %(code)s.") % {"code": report.code},
                        reverse("damage_list"))  # fmt: skip
    official = actor.holds(*READERS)
    rows = paginate(listing.damage_reports(all_of_them=official), request)
    names = dict(all_units(timezone.localdate()))
    context = {"page": rows, "form": form, "official": official, "names": names, "hazards": dict(HAZARDS)}
    return page(request, "warnings/damage_list.html", context, status=form.status)


@screen(methods=("POST",))
def damage_decide(request: HttpRequest, code: str, verdict: str) -> HttpResponseBase:
    """Accept a report, or not."""
    report = get_object_or_404(DamageReport, code=code)
    damage.decide_damage(by=actor_of(request), report=report, accept=verdict == "dung")
    return done(request, _("Đã ghi kết quả xem xét."), reverse("damage_list"))


@screen(login=False, methods=("GET", "HEAD"))
def damage_picture(request: HttpRequest, code: str) -> HttpResponseBase:
    """The public copy of a photograph, without a trace of where it was taken."""
    official = reads_all(reader_of(request))
    report = get_object_or_404(listing.damage_reports(all_of_them=official), code=code, shown__isnull=False)
    content = bytes_of(report.shown) if report.shown else b""
    return HttpResponse(content, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})
