"""Addresses of procedures, cases and the worklist."""

from django.urls import path

from khcn.kernel.procedures.views import cases, drafting, procedures, statistics, steps, versions

urlpatterns = [
    path("viec-quy-trinh/", steps.step_worklist, name="step_worklist"),
    path("viec-quy-trinh/<uuid:uid>/", steps.step_page, name="step_page"),
    path("viec-quy-trinh/<uuid:uid>/nhap-do/", steps.step_draft, name="step_draft"),
    path("viec-quy-trinh/<uuid:uid>/<slug:act>/", steps.step_act, name="step_act"),
    path("quy-trinh/", procedures.procedure_list, name="procedure_list"),
    path("quy-trinh/moi/", procedures.procedure_new, name="procedure_new"),
    path("quy-trinh/nhap/", procedures.procedure_import, name="procedure_import"),
    path("quy-trinh/chon/<slug:kind>/", steps.record_picks, name="record_picks"),
    path("quy-trinh/thong-ke/", statistics.procedure_statistics, name="procedure_statistics"),
    path("quy-trinh/ho-so/<uuid:uid>/", cases.process_case_page, name="process_case_page"),
    path("quy-trinh/ho-so/<uuid:uid>/in/<uuid:template>/", cases.case_print, name="case_print"),
    path("quy-trinh/tep/<uuid:uid>/", cases.case_file, name="case_file"),
    path("quy-trinh/<uuid:uid>/", procedures.procedure_page, name="procedure_page"),
    path("quy-trinh/<uuid:uid>/mo-ho-so/", procedures.case_new, name="case_new"),
    path("quy-trinh/ban/<uuid:uid>/", versions.version_page, name="version_page"),
    path("quy-trinh/ban/<uuid:uid>/bang/", drafting.version_table, name="version_table"),
    path("quy-trinh/ban/<uuid:uid>/ban-ve.bpmn", drafting.version_drawing, name="version_drawing"),
    path("quy-trinh/ban/<uuid:uid>/ve/", drafting.version_draw, name="version_draw"),
    path("quy-trinh/ban/<uuid:uid>/bia/", drafting.version_cover, name="version_cover"),
    path("quy-trinh/ban/<uuid:uid>/bieu-mau/", drafting.version_forms, name="version_forms"),
    path("quy-trinh/ban/<uuid:uid>/bieu-mau/moi/", drafting.form_edit, name="version_form_new"),
    path("quy-trinh/ban/<uuid:uid>/bieu-mau/<str:key>/", drafting.form_edit, name="version_form"),
    path("quy-trinh/ban/<uuid:uid>/khac/", versions.version_differences, name="version_differences"),
    path("quy-trinh/ban/<uuid:uid>/chuyen-ho-so/", versions.version_migration, name="version_migration"),
    path("quy-trinh/ban/<uuid:uid>/ban-moi/", versions.version_new, name="version_new"),
    path("quy-trinh/ban/<uuid:uid>/<slug:act>/", versions.version_act, name="version_act"),
]
