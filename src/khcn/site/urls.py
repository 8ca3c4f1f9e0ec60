"""The map of addresses; URLs never carry a primary key."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from khcn.site.views import accounts, guide, home, inbox, profile, schedule, search, service, style_guide, work

handler403 = "khcn.site.errors.forbidden"
handler404 = "khcn.site.errors.not_found"
handler500 = "khcn.site.errors.fault"

# The admin has no sign-in of its own: limits, lock-out and second factors hold for it as well.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # Asked by far the most, by programs and by whoever scans a code; addresses are tried in this order.
    path("epcis/v2/", include("khcn.domains.traceability.urls.epcis")),
    path("", include("khcn.domains.traceability.urls.links")),
    path("", home.home, name="home"),
    path("viec/", work.work_list, name="work_list"),
    path("hop-thu/", inbox.inbox, name="inbox"),
    path("hop-thu/<uuid:uid>/", inbox.open_notice, name="notice"),
    path("ho-so-cua-toi/", profile.profile, name="profile"),
    path("ho-so-cua-toi/uy-quyen/", profile.delegation_new, name="delegation_new"),
    path("ho-so-cua-toi/uy-quyen/<uuid:uid>/rut/", profile.delegation_withdraw, name="delegation_withdraw"),
    path("he-thong/tai-khoan/", accounts.account_list, name="account_list"),
    path("he-thong/tai-khoan/moi/", accounts.account_new, name="account_new"),
    path("he-thong/tai-khoan/<uuid:uid>/", accounts.account_page, name="account_page"),
    path("he-thong/tai-khoan/<uuid:uid>/trang-thai/", accounts.account_state, name="account_state"),
    path("he-thong/tai-khoan/<uuid:uid>/thu-dien-tu/", accounts.account_address, name="account_address"),
    path("he-thong/tai-khoan/<uuid:uid>/duong-dan/", accounts.account_link, name="account_link"),
    path("he-thong/tai-khoan/<uuid:uid>/mo-khoa/", accounts.account_unlock, name="account_unlock"),
    path("he-thong/chuc-vu/<uuid:uid>/thoi-giu/", accounts.appointment_end, name="appointment_end"),
    path("he-thong/ra-soat/", accounts.account_review, name="account_review"),
    path("he-thong/lich-chay/", schedule.schedule_list, name="schedule_list"),
    path("he-thong/lich-chay/<slug:key>/", schedule.schedule_run, name="schedule_run"),
    path("tim/", search.search_page, name="search"),
    path("so-tien-bang-chu/", service.amount_in_words, name="amount_in_words"),
    path("ngon-ngu/", service.set_language, name="set_language"),
    path("he-thong/giao-dien/", style_guide.style_guide, name="style_guide"),
    path("", include("khcn.kernel.procedures.urls")),
    path("huong-dan/", guide.guide, name="guide"),
    path("huong-dan/<slug:name>/", guide.guide, name="guide_page"),
    path("dich-vu-cong/huong-dan/", guide.citizens_guide, name="citizens_guide"),
    path("huong-dan/hinh/<str:name>", guide.guide_picture, name="guide_picture"),
    path("healthz", service.healthz, name="healthz"),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    path("", include("khcn.kernel.documents.urls")),
    path("", include("khcn.domains.onestop.urls")),
    path("", include("khcn.domains.traceability.urls.screens")),
    path("", include("khcn.domains.geodata.urls")),
    path("", include("khcn.domains.marks.urls")),
    path("", include("khcn.domains.hazards.urls")),
    path("", include("khcn.domains.warnings.urls")),
    path("", include("khcn.domains.programme.urls")),
    path("", include("khcn.domains.qms.urls")),
]
