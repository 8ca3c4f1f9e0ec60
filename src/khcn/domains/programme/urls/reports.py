"""Addresses of reports, of duties, and of units."""

from django.urls import path

from khcn.domains.programme.views import assignments, report_runs

urlpatterns = [
    path("bao-cao/", report_runs.report_list, name="report_list"),
    path("bao-cao/lap/", report_runs.report_new, name="report_new"),
    path("bao-cao/<uuid:uid>/", report_runs.report_page, name="report_page"),
    path("bao-cao/<uuid:uid>/loi/", report_runs.report_words, name="report_words"),
    path("bao-cao/<uuid:uid>/chot/", report_runs.report_freeze, name="report_freeze"),
    path("bao-cao/<uuid:uid>/buoc/<slug:event>/", report_runs.report_act, name="report_act"),
    path("bao-cao/<uuid:uid>/ly-do/<slug:event>/", report_runs.report_with_reason, name="report_with_reason"),
    path("bao-cao/<uuid:uid>/bao-cao.docx", report_runs.report_file, {"ending": "docx"}, name="report_word"),
    path("bao-cao/<uuid:uid>/bao-cao.xlsx", report_runs.report_file, {"ending": "xlsx"}, name="report_workbook"),
    path("bao-cao/<uuid:uid>/in/", report_runs.report_print, name="report_print"),
    path("bao-cao/<uuid:uid>/so-sanh/", report_runs.report_compare, name="report_compare"),
    path("bao-cao/<uuid:uid>/kiem-tra/", report_runs.report_verify, name="report_verify"),
    path("bao-cao/<uuid:uid>/so/<str:row>/<slug:column>/", report_runs.report_figure, name="report_figure"),
    path("phan-cong/", assignments.assignment_list, name="assignment_list"),
    path("phan-cong/<uuid:uid>/", assignments.assignment_page, name="assignment_page"),
    path(
        "phan-cong/<uuid:uid>/danh-gia/<uuid:report_uid>/", assignments.assignment_appraise, name="assignment_appraise"
    ),
    path("don-vi/<uuid:uid>/", assignments.unit_page, name="unit_page"),
]
