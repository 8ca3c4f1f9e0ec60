"""Addresses of plans: the list, reading a file, one plan."""

from django.urls import path

from khcn.domains.programme.views import plans

urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plan_list"),
    path("ke-hoach/doc/", plans.plan_read, name="plan_read"),
    path("ke-hoach/ban-doc/<uuid:uid>/", plans.plan_reading, name="plan_reading"),
    path("ke-hoach/ban-doc/<uuid:uid>/dua-vao/", plans.plan_adopt, name="plan_adopt"),
    path("ke-hoach/ban-doc/<uuid:uid>/bo/", plans.plan_discard, name="plan_discard"),
    path("ke-hoach/<uuid:uid>/", plans.plan_page, name="plan_page"),
]
