"""Accounts and posts, for those who administer the system: open, appoint, end, close, review."""

import django_filters
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axes.models import AccessAttempt
from axes.utils import reset
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khcn.kernel.audit.queries import history_of
from khcn.kernel.audit.services import record
from khcn.kernel.orgs.models import Appointment, Person, User
from khcn.kernel.orgs.permissions import require_role
from khcn.kernel.orgs.queries import accounts, accounts_to_review, posts_held_by
from khcn.kernel.orgs.services import (
    appoint,
    change_account,
    close_account,
    end_appointment,
    open_account,
    register_person,
    reopen_account,
)
from khcn.lib.roles import Role
from khcn.site.forms.people import AccountForm, AddressForm, AppointmentForm, EndAppointmentForm, ReasonForm
from khcn.web.acting import actor_of
from khcn.web.fields import state_mark
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.screens import done, page, screen, version_of
from khcn.web.search import matching
from khcn.web.spreadsheets.writing import CellKind, Column

REVIEW_FILE = Export(
    name="ra-soat-tai-khoan",
    title="RÀ SOÁT TÀI KHOẢN",
    columns=[
        Column("Tên đăng nhập"),
        Column("Họ và tên"),
        Column("Dùng lần cuối", CellKind.DATE),
        Column("Số ngày không dùng", CellKind.INTEGER),
        Column("Còn giữ chức vụ"),
        Column("Kết luận"),
    ],
    row=lambda one: (
        one.user.username,
        str(one.user),
        one.last_used_on,
        one.idle_days,
        "có" if one.holds_a_post else "không",
        "",
    ),
)


class AccountFilter(django_filters.FilterSet):
    """By name and state."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Tìm theo tên"))
    xem = django_filters.ChoiceFilter(
        method="by_state",
        label=gettext_lazy("Trạng thái"),
        choices=[("dang-dung", gettext_lazy("Đang hoạt động")), ("da-khoa", gettext_lazy("Đã khóa"))],
        empty_label=gettext_lazy("Tất cả"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def by_words(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Every word in the person's folded name, or the text in the account's name."""
        named = matching(Person.objects.all(), "folded", value).values("pk")
        return rows.filter(person_id__in=named) | rows.filter(username__icontains=value.strip())

    def by_state(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Open or closed."""
        return rows.filter(is_active=value == "dang-dung")


@screen(methods=("GET", "HEAD"))
def account_list(request: HttpRequest) -> HttpResponse:
    """`/he-thong/tai-khoan/`."""
    require_role(actor_of(request), Role.SYSADMIN)
    filters = filtered(AccountFilter, request, accounts().prefetch_related("person__appointments__post"))
    orders = {"name": ("person__sort_key", "username"), "user": "username", "used": "last_seen_on"}
    rows, ordering = order(filters.rows, request, orders, default="name")
    context = {"filters": filters, "ordering": ordering, "page": paginate(rows, request), "today": timezone.localdate()}
    return page(request, "site/account_list.html", context, part="list")


@screen
def account_new(request: HttpRequest) -> HttpResponse:
    """`/he-thong/tai-khoan/moi/`: an account for a person on record, or for a new one."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    form = AccountForm(request.POST or None, initial={"person": request.GET.get("nguoi")})
    if form.is_valid():
        data = form.cleaned_data
        with form.refusals(), transaction.atomic():
            person = data["person"] or register_person(
                by=actor, full_name=data["full_name"], degree=data["degree"], phone=data["phone"], email=data["email"]
            )
            user = open_account(by=actor, person=person, username=data["username"], email=data["email"])
            return done(request, _("Đã mở tài khoản. Gửi đường dẫn đặt mật khẩu cho người dùng."), _page_of(user))
    return page(request, "site/account_form.html", {"form": form}, status=form.status)


@screen
def account_page(request: HttpRequest, uid: str) -> HttpResponse:
    """`/he-thong/tai-khoan/<uid>/`: the account, its posts, what was done to it; a POST appoints to a post."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    user = get_object_or_404(accounts(), uid=uid)
    today = timezone.localdate()
    form = AppointmentForm(request.POST or None, on=today, initial={"valid_from": today})
    if user.person is not None and form.is_valid():
        with form.refusals():
            appoint(by=actor, person=user.person, **form.cleaned_data)
            return done(request, _("Đã ghi chức vụ."), _page_of(user))
    history = history_of(subject_type="orgs.user", subject_uid=user.uid)[:30]
    posts = (
        Appointment.objects.filter(person=user.person).select_related("post", "organisation").order_by("-valid_from")
    )
    context = {
        "account": user,
        "form": form,
        "posts": posts.order_by("-valid_from", "-id") if user.person else [],
        "held": {one.pk for one in posts_held_by(user.person, on=today)} if user.person else set(),
        "history": history,
        "failures": AccessAttempt.objects.filter(username=user.username).count(),
        "today": today,
    }
    return page(request, "site/account_page.html", context, status=form.status)


@screen
def appointment_end(request: HttpRequest, uid: str) -> HttpResponse:
    """End one appointment from a date."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    appointment = get_object_or_404(Appointment.objects.select_related("person__user", "post", "organisation"), uid=uid)
    back = _page_of(appointment.person.user) if hasattr(appointment.person, "user") else reverse("account_list")
    form = EndAppointmentForm(request.POST or None, initial={"valid_to": timezone.localdate()})
    if form.is_valid():
        with form.refusals():
            end_appointment(by=actor, appointment=appointment, **form.cleaned_data)
            return done(request, _("Đã ghi ngày thôi giữ chức vụ."), back)
    context = {"form": form, "title": _("Thôi giữ chức vụ"), "subtitle": str(appointment), "back": back}
    return page(request, "site/person_act_form.html", context, status=form.status)


@screen
def account_state(request: HttpRequest, uid: str) -> HttpResponse:
    """Close an open account, or open a closed one again, with the reason."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    user = get_object_or_404(accounts(), uid=uid)
    form = ReasonForm(request.POST or None)
    # What the person was asked for, and not what would be done to the account as another one left it meanwhile.
    asked = version_of(request) if request.method == "POST" else None
    is_closing = user.is_active if asked is None else bool(asked)
    title = _("Khóa tài khoản") if is_closing else _("Mở lại tài khoản")
    if form.is_valid():
        with form.refusals():
            (close_account if is_closing else reopen_account)(by=actor, user=user, **form.cleaned_data)
            return done(request, _("Đã ghi."), _page_of(user))
    context = {
        "form": form, "title": title, "subtitle": str(user), "back": _page_of(user), "version": int(is_closing),
    }  # fmt: skip
    return page(request, "site/person_act_form.html", context, status=form.status)


@screen
def account_address(request: HttpRequest, uid: str) -> HttpResponse:
    """Change the address of an account's mail."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    user = get_object_or_404(accounts(), uid=uid)
    form = AddressForm(request.POST or None, initial={"email": user.email})
    if form.is_valid():
        with form.refusals():
            change_account(by=actor, user=user, expected_version=version_of(request), **form.cleaned_data)
            return done(request, _("Đã đổi địa chỉ thư điện tử."), _page_of(user))
    context = {
        "form": form, "title": _("Đổi thư điện tử"), "subtitle": str(user), "back": _page_of(user),
        "version": state_mark(user, "email"),
    }  # fmt: skip
    return page(request, "site/person_act_form.html", context, status=form.status)


@screen(methods=("POST",))
def account_link(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a link with which the holder sets a password; it works once and for the hours of PASSWORD_RESET_TIMEOUT."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    user = get_object_or_404(accounts().filter(is_active=True), uid=uid)
    with transaction.atomic():
        record(by=actor, verb="issue_password_link", subject=user)
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uidb36, _dash, token = key.partition("-")
    address = request.build_absolute_uri(reverse("account_reset_password_from_key", args=[uidb36, token]))
    return page(request, "site/account_link.html", {"account": user, "address": address, "back": _page_of(user)})


@screen(methods=("POST",))
def account_unlock(request: HttpRequest, uid: str) -> HttpResponse:
    """Forget the failed sign-ins that lock an account."""
    actor = actor_of(request)
    require_role(actor, Role.SYSADMIN)
    user = get_object_or_404(accounts(), uid=uid)
    with transaction.atomic():
        count = reset(username=user.username) + (reset(username=user.email.lower()) if user.email else 0)
        record(by=actor, verb="unlock_account", subject=user, after={"attempts": count})
    return done(request, _("Đã mở khóa đăng nhập."), _page_of(user))


@screen(methods=("GET", "HEAD"))
def account_review(request: HttpRequest) -> HttpResponseBase:
    """`/he-thong/ra-soat/`: accounts unused for long or without a post, to be closed; also as a file to sign."""
    require_role(actor_of(request), Role.SYSADMIN, Role.INSPECTOR)
    rows = accounts_to_review(on=timezone.localdate())
    if REVIEW_FILE.asked_for(request):
        return REVIEW_FILE.respond(request, rows)
    opens = actor_of(request).holds(Role.SYSADMIN)
    return page(request, "site/account_review.html", {"rows": rows, "opens": opens})


def _page_of(user: User) -> str:
    return reverse("account_page", args=[user.uid])
