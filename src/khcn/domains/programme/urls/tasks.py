"""Addresses of the list of tasks, the timeline, one task and the acts on it."""

from django.urls import path

from khcn.domains.programme.views import application_map, products
from khcn.domains.programme.views.tasks import listing
from khcn.domains.programme.views.tasks import page as pages

urlpatterns = [
    path("nhiem-vu/", listing.task_list, name="task_list"),
    path("san-pham/", products.product_list, name="product_list"),
    path("noi-ung-dung/", application_map.application_map, name="application_map"),
    path("nhiem-vu/tien-do/", listing.task_timeline, name="task_timeline"),
    path("nhiem-vu/bo-loc/", listing.save_filter, name="task_save_filter"),
    path("nhiem-vu/bo-loc/<uuid:uid>/xoa/", listing.forget_filter, name="task_forget_filter"),
    path("nhiem-vu/<uuid:uid>/", pages.task_page, name="task_page"),
    path("nhiem-vu/<uuid:uid>/thu-hoi.docx", pages.recovery_word, name="recovery_word"),
    path("nhiem-vu/<uuid:uid>/xem/<slug:tab>/", pages.task_page, name="task_tab"),
    path("nhiem-vu/<uuid:uid>/viec/<slug:slug>/", pages.task_act, name="task_act"),
    path("nhiem-vu/<uuid:uid>/viec/<slug:slug>/<uuid:part>/", pages.task_act, name="task_part_act"),
]
