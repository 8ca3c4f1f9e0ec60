"""Addresses of difficulties and directives."""

from django.urls import path

from khcn.domains.programme.views import issues

urlpatterns = [
    path("vuong-mac/", issues.issue_list, name="issue_list"),
    path("vuong-mac/moi/", issues.issue_new, name="issue_new"),
    path("vuong-mac/<uuid:uid>/", issues.issue_page, name="issue_page"),
    path("vuong-mac/<uuid:uid>/viec/<slug:slug>/", issues.issue_act, name="issue_act"),
    path("don-doc/<uuid:uid>/ket-qua/", issues.directive_done, name="directive_done"),
]
