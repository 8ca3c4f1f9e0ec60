"""The inbox: notices to me, by kind and state, read one by one or together."""

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.models import Notice
from khcn.kernel.notices.queries import inbox_of
from khcn.kernel.notices.services import mark_read
from khcn.web.acting import actor_of
from khcn.web.listing import filtered, paginate
from khcn.web.screens import done, page, screen


class InboxFilter(django_filters.FilterSet):
    """By words, kind and state."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=gettext_lazy("Tìm trong hộp thư"))
    loai = django_filters.ChoiceFilter(
        field_name="kind",
        label=gettext_lazy("Loại"),
        choices=[(kind.value, gettext_lazy(kind.label)) for kind in NoticeKind],
        empty_label=gettext_lazy("Tất cả"),
    )
    xem = django_filters.ChoiceFilter(
        method="by_state",
        label=gettext_lazy("Trạng thái"),
        choices=[("chua-doc", gettext_lazy("Chưa đọc")), ("dang-cho", gettext_lazy("Chưa xong"))],
        empty_label=gettext_lazy("Tất cả"),
    )

    class Meta:
        model = Notice
        fields: list[str] = []

    def by_state(self, rows, name, value):  # type: ignore[no-untyped-def]
        """Unread, or not yet settled."""
        return rows.filter(read_at=None) if value == "chua-doc" else rows.filter(done_at=None)


@screen
def inbox(request: HttpRequest) -> HttpResponse:
    """`/hop-thu/`: the list; a POST marks the checked notices, or all of them, as read."""
    actor = actor_of(request)
    notices = inbox_of(actor)
    if request.method == "POST":
        if request.POST.get("viec") != "tat-ca":
            notices = notices.filter(uid__in=[uid for uid in request.POST.getlist("chon") if _is_uid(uid)])
        count = mark_read(by=actor, notices=notices)
        message = ngettext("Đã đánh dấu %(n)d thông báo là đã đọc.", "Đã đánh dấu %(n)d thông báo là đã đọc.", count)
        return done(
            request, message % {"n": count} if count else _("Không có thông báo nào chưa đọc."), reverse("inbox")
        )
    filters = filtered(InboxFilter, request, notices)
    context = {"filters": filters, "page": paginate(filters.rows, request)}
    return page(request, "site/inbox.html", context, part="list")


@screen(methods=("GET",))
def open_notice(request: HttpRequest, uid: str) -> HttpResponse:
    """Mark one notice as read and go where it points; a notice of somebody else is not found."""
    actor = actor_of(request)
    notice = get_object_or_404(inbox_of(actor), uid=uid)
    mark_read(by=actor, notices=inbox_of(actor).filter(pk=notice.pk))
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
    return HttpResponseRedirect(notice.url if inside else reverse("inbox"))


def _is_uid(text: str) -> bool:
    bare = text.replace("-", "")
    return len(bare) == 32 and all(letter in "0123456789abcdef" for letter in bare.lower())
