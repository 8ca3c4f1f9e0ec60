"""Addresses of the list of councils, one council, its seats, its acts and its papers."""

from django.urls import path

from khcn.domains.programme.views.councils import pages

urlpatterns = [
    path("hoi-dong/", pages.council_list, name="council_list"),
    path("hoi-dong/lap/<slug:kind>/", pages.council_new, name="council_new"),
    path("hoi-dong/<uuid:uid>/", pages.council_page, name="council_page"),
    path("hoi-dong/<uuid:uid>/xem/<slug:tab>/", pages.council_page, name="council_tab"),
    path("hoi-dong/<uuid:uid>/thanh-vien/them/", pages.council_seat_new, name="council_seat_new"),
    path("hoi-dong/<uuid:uid>/thanh-vien/<uuid:seat>/bot/", pages.council_seat_remove, name="council_seat_remove"),
    path("hoi-dong/<uuid:uid>/viec/<slug:slug>/", pages.council_act, name="council_act"),
    path("hoi-dong/<uuid:uid>/viec/<slug:slug>/<uuid:part>/", pages.council_act, name="council_part_act"),
    path("hoi-dong/<uuid:uid>/mau/<slug:slug>/", pages.council_paper, name="council_paper"),
]
