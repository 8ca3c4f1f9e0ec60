"""Addresses of rules, the calendar, clocks and files."""

from django.urls import path

from khcn.domains.programme.views import files, law

urlpatterns = [
    path("quy-tac/", law.rule_set_list, name="rule_set_list"),
    path("quy-tac/<uuid:uid>/", law.rule_set_page, name="rule_set_page"),
    path("quy-tac/tham-so/<uuid:uid>/", law.parameter_edit, name="parameter_edit"),
    path("lich/", law.work_calendar, name="work_calendar"),
    path("lich/<uuid:uid>/bo/", law.calendar_remove, name="calendar_remove"),
    path("thoi-han/<uuid:uid>/", law.clock_explain, name="clock_explain"),
    path("thoi-han/<uuid:uid>/xong/", law.clock_finish, name="clock_finish"),
    path("tep/<uuid:uid>/", files.document_file, name="document_file"),
]
