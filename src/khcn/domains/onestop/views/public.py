"""The citizen's pages, without an account: find a procedure, hand in, follow by code, supplement, answer, complain.

No CAPTCHA: requests are limited per address, and a tracking code is too long to guess.
"""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import segno
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.domains.onestop.choices import NationalStatus, OnlineLevel
from khcn.domains.onestop.forms import dossiers as forms
from khcn.domains.onestop.models import AdministrativeProcedure, Dossier, SurveyAnswer
from khcn.domains.onestop.queries.dossiers import find_procedures, timing
from khcn.domains.onestop.services import handling, intake, voices
from khcn.kernel.documents.queries import content_of
from khcn.lib.actor import Actor
from khcn.lib.failure import Refused
from khcn.web.forms import KhcnForm
from khcn.web.screens import done, page, screen
from khcn.web.uploads import download_response

SUBMISSIONS_PER_HOUR, LOOKUPS_PER_MINUTE, WORDS_PER_HOUR = 20, 30, 10
CITIZEN = UUID(int=2)
_NO_DOSSIER = gettext_lazy("Không có hồ sơ với mã này. Kiểm tra lại mã trên giấy tiếp nhận.")


def citizen() -> Actor:
    """Somebody without an account: no roles, no name but the one they give."""
    return Actor(uid=CITIZEN, name="Người nộp", on=timezone.localdate())


def within_limit(request: HttpRequest, what: str, most: int, seconds: int) -> None:
    """Count the request against its address. Raises Refused when there were too many."""
    address = request.META.get("REMOTE_ADDR", "")
    key = f"onestop.{what}.{address}.{int(timezone.now().timestamp()) // seconds}"
    cache.add(key, 0, timeout=seconds)
    if cache.incr(key) > most:
        raise Refused(_("Quá nhiều lượt trong thời gian ngắn. Vui lòng thử lại sau ít phút."))


@screen(login=False)
def public_procedures(request: HttpRequest) -> HttpResponseBase:
    """Find a procedure by words typed with or without diacritics."""
    text = request.GET.get("q", "")
    rows = find_procedures(text).order_by("field", "code")[:100]
    return page(request, "onestop/public_list.html", {"procedures": rows, "text": text, "form": forms.TrackForm()})


@screen(login=False)
def public_procedure(request: HttpRequest, uid: str) -> HttpResponseBase:
    """What a procedure asks for, how long it takes and what it costs."""
    item = _in_force(uid)
    context = {
        "item": item, "components": item.components.all(), "bases": item.bases.select_related("instrument"),
        "is_online": item.online_level != OnlineLevel.NONE,
    }  # fmt: skip
    return page(request, "onestop/public_procedure.html", context)


@screen(login=False)
def public_submit(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Hand a dossier in; the answer is a receipt with a code and its QR."""
    item = _in_force(uid)
    sent = request.method == "POST"
    form = forms.SubmissionForm(
        request.POST if sent else None, request.FILES if sent else None, procedure=item, at_counter=False
    )
    if form.is_valid():
        with form.refusals():
            within_limit(request, "submit", SUBMISSIONS_PER_HOUR, 3600)
            dossier = intake.submit(by=citizen(), procedure=item, **form.values())
            return done(
                request, _("Đã nhận hồ sơ. Hãy giữ mã tra cứu."), reverse("public_track", args=[dossier.tracking])
            )
    return page(request, "onestop/public_submit.html", {"form": form, "item": item}, status=form.status)


@screen(login=False)
def public_find(request: HttpRequest) -> HttpResponseBase:
    """Go to a dossier by its tracking code."""
    form = forms.TrackForm(request.GET or None)
    if form.is_valid():
        within_limit(request, "track", LOOKUPS_PER_MINUTE, 60)
        code = form.cleaned_data["code"].strip().upper().replace(" ", "").replace("-", "")
        if Dossier.objects.filter(tracking=code).exists():
            return redirect("public_track", code)
        form.add_error("code", _NO_DOSSIER)
    return page(request, "onestop/public_find.html", {"form": form}, status=form.status)


@screen(login=False)
def public_track(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """Where a dossier stands, and what its applicant may do now."""
    try:
        dossier = _tracked(request, tracking)
    except Http404:
        form = forms.TrackForm({"code": tracking})
        form.add_error("code", _NO_DOSSIER)
        return page(request, "onestop/public_find.html", {"form": form}, status=404)
    return _track_page(request, dossier)


def _track_page(request: HttpRequest, dossier: Dossier, **refused: KhcnForm) -> HttpResponseBase:
    """The dossier's page. refused: a form that was sent and is shown again with what is wrong, by its name."""
    context = {
        "dossier": dossier,
        "timing": timing(dossier, timezone.now()),
        "history": dossier.history.all(),
        "supplement": dossier.supplements.filter(supplied_at=None).first(),
        "fee": dossier.fees.filter(paid_at=None).first(),
        "supply_form": forms.SuppliedForm(dossier=dossier),
        "may_withdraw": dossier.status
        in (
            NationalStatus.ACCEPTED,
            NationalStatus.IN_PROGRESS,
            NationalStatus.AWAITING_SUPPLEMENT,
            NationalStatus.AWAITING_FEE,
        ),
        "withdraw_form": forms.WithdrawForm(),
        "survey_form": forms.SurveyForm(),
        "complaint_form": forms.ComplaintForm(),
        "may_answer": dossier.status
        in (NationalStatus.DECIDED, NationalStatus.RETURNED, NationalStatus.REFUSED, NationalStatus.STOPPED)
        and not SurveyAnswer.objects.filter(dossier=dossier).exists(),
    }
    return page(request, "onestop/public_track.html", context | refused, status=422 if refused else 200)


@screen(login=False)
def public_qr(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """The QR code that leads to the dossier's page."""
    return qr_of(request.build_absolute_uri(reverse("public_track", args=[tracking])))


def qr_of(address: str) -> HttpResponse:
    """A drawing of an address as a QR code."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, dark="#000", light="#fff", border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@screen(login=False, methods=("POST",))
def public_act(request: HttpRequest, tracking: str, act: str) -> HttpResponseBase:
    """What the applicant sends: a supplement, a withdrawal, a survey answer, a complaint."""
    dossier = _tracked(request, tracking)
    acts: dict[str, tuple[str, Any, Callable[[Dossier, Any], str]]] = {
        "bo-sung": ("supply_form", forms.SuppliedForm(request.POST, request.FILES, dossier=dossier), _supply),
        "rut": ("withdraw_form", forms.WithdrawForm(request.POST), _withdraw),
        "khao-sat": ("survey_form", forms.SurveyForm(request.POST), _survey),
        "phan-anh": ("complaint_form", forms.ComplaintForm(request.POST), _complain),
    }
    if act not in acts:
        raise Http404
    within_limit(request, act, WORDS_PER_HOUR, 3600)
    name, form, run = acts[act]
    if form.is_valid():
        with form.refusals():
            return done(request, run(dossier, form), reverse("public_track", args=[tracking]))
    return _track_page(request, dossier, **{name: form})


@screen(login=False)
def public_result(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """The result's file, once there is one."""
    dossier = _tracked(request, tracking)
    if dossier.result is None or dossier.status not in (NationalStatus.DECIDED, NationalStatus.RETURNED):
        raise Http404
    revision = dossier.result.revisions.order_by("-number").select_related("file").first()
    if revision is None:
        raise Http404
    return download_response(content_of(revision), revision.filename, media_type=revision.file.media_type)


def _supply(dossier: Dossier, form: Any) -> str:
    if dossier.status == NationalStatus.SUBMITTED:
        intake.supply_before_acceptance(by=citizen(), dossier=dossier, files=form.sent_files())
    else:
        handling.supplied(by=citizen(), dossier=dossier, files=form.sent_files(), by_applicant=True)
    return _("Đã nhận tệp bổ sung.")


def _withdraw(dossier: Dossier, form: Any) -> str:
    handling.ask_withdraw(by=citizen(), dossier=dossier, by_applicant=True, **form.cleaned_data)
    return _("Đã gửi yêu cầu rút hồ sơ.")


def _survey(dossier: Dossier, form: Any) -> str:
    voices.answer_survey(by=citizen(), dossier=dossier, **form.cleaned_data)
    return _("Cảm ơn bạn đã đánh giá.")


def _complain(dossier: Dossier, form: Any) -> str:
    complaint = voices.raise_complaint(by=citizen(), agency=dossier.deciding, dossier=dossier, **form.cleaned_data)
    return _("Đã nhận phản ánh, mã %(code)s.") % {"code": complaint.code}


def _in_force(uid: str) -> AdministrativeProcedure:
    rows = AdministrativeProcedure.objects.valid_on(timezone.localdate()).select_related("deciding", "receiving")
    return get_object_or_404(rows, uid=uid)


def _tracked(request: HttpRequest, tracking: str) -> Dossier:
    within_limit(request, "track", LOOKUPS_PER_MINUTE, 60)
    rows = Dossier.objects.select_related("procedure", "deciding", "receiving", "case", "result")
    return get_object_or_404(rows, tracking=tracking)
