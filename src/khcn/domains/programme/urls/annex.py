"""Addresses of a plan's annex."""

from django.urls import path

from khcn.domains.programme.views import annex

urlpatterns = [
    path("ke-hoach/phu-luc/mau/", annex.annex_template, name="annex_template"),
    path("ke-hoach/<uuid:uid>/phu-luc/", annex.annex_list, name="annex_list"),
    path("ke-hoach/<uuid:uid>/phu-luc/nhap/", annex.annex_import, name="annex_import"),
    path("ke-hoach/<uuid:uid>/phu-luc/cot/", annex.annex_mapping, name="annex_mapping"),
]
