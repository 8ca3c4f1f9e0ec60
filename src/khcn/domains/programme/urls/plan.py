"""Addresses of plans: the list, reading a file, one plan."""

from django.urls import path

from khcn.domains.programme.views import dashboard, plans, reading

urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plan_list"),
    path("ke-hoach/doc/", plans.plan_read, name="plan_read"),
    path("ke-hoach/ban-doc/<uuid:uid>/", reading.plan_reading, name="plan_reading"),
    path("ke-hoach/ban-doc/<uuid:uid>/dua-vao/", plans.plan_adopt, name="plan_adopt"),
    path("ke-hoach/ban-doc/<uuid:uid>/bo/", plans.plan_discard, name="plan_discard"),
    path("ke-hoach/<uuid:uid>/", plans.plan_page, name="plan_page"),
    path("ke-hoach/<uuid:uid>/tong-quan/", dashboard.dashboard, name="plan_dashboard"),
    path("ke-hoach/<uuid:uid>/tong-quan/<slug:key>/", dashboard.chart_download, name="plan_chart"),
    path("ke-hoach/<uuid:uid>/so-lieu/<str:code>/", dashboard.figure, name="plan_figure"),
    path("ke-hoach/<uuid:uid>/but-toan/", dashboard.entries, name="plan_entries"),
    path("ke-hoach/<uuid:uid>/do-lai/", dashboard.measure, name="plan_measure"),
    path("ke-hoach/<uuid:uid>/gia-tri/", dashboard.values, name="plan_values"),
    path("ke-hoach/<uuid:uid>/gia-tri/<uuid:value_uid>/tinh-lai/", dashboard.value_check, name="plan_value_check"),
]
