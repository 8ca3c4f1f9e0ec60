"""Addresses of official papers, arrivals and the verification page."""

from django.urls import path

from khcn.kernel.documents import views

urlpatterns = [
    path("van-ban/", views.paper_list, name="paper_list"),
    path("van-ban/moi/", views.paper_new, name="paper_new"),
    path("van-ban/so-dang-ky/", views.paper_register, name="paper_register"),
    path("van-ban/den/", views.arrival_list, name="arrival_list"),
    path("van-ban/den/<uuid:uid>/", views.arrival_page, name="arrival_page"),
    path("van-ban/den/<uuid:uid>/tep/", views.arrival_file, name="arrival_file"),
    path("van-ban/<uuid:uid>/", views.paper_page, name="paper_page"),
    path("van-ban/<uuid:uid>/sua/", views.paper_edit, name="paper_edit"),
    path("van-ban/<uuid:uid>/pdf/", views.paper_pdf, name="paper_pdf"),
    path("van-ban/<uuid:uid>/word/", views.paper_word, name="paper_word"),
    path("van-ban/<uuid:uid>/token/", views.paper_token, name="paper_token"),
    path("van-ban/phien-ky/<uuid:uid>/", views.token_finish, name="token_finish"),
    path("van-ban/<uuid:uid>/<slug:event>/", views.paper_act, name="paper_act"),
    path("kiem-tra-chu-ky/", views.verify_page, name="verify_signatures"),
]
