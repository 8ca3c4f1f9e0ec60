"""Addresses of the one-stop room."""

from django.urls import path

from khcn.domains.onestop.views import acts, catalogue, dossiers, figures, public

urlpatterns = [
    path("mot-cua/", dossiers.dossier_work, name="dossier_work"),
    path("mot-cua/ho-so/", dossiers.dossier_list, name="dossier_list"),
    path("mot-cua/ho-so/nhieu/", dossiers.dossier_batch, name="dossier_batch"),
    path("mot-cua/tiep-nhan/", dossiers.dossier_new, name="dossier_new"),
    path("mot-cua/tiep-nhan/<uuid:uid>/", dossiers.dossier_receive, name="dossier_receive"),
    path("mot-cua/so-theo-doi/", dossiers.dossier_register, name="dossier_register"),
    path("mot-cua/ho-so/<uuid:uid>/", dossiers.dossier_page, name="dossier_page"),
    path("mot-cua/ho-so/<uuid:uid>/tep/<uuid:file>/", dossiers.dossier_file, name="dossier_file"),
    path("mot-cua/ho-so/<uuid:uid>/giay/<uuid:paper>/<slug:ending>/", dossiers.dossier_paper, name="dossier_paper"),
    path("mot-cua/ho-so/<uuid:uid>/ket-qua/", dossiers.dossier_result, name="dossier_result"),
    path("mot-cua/ho-so/<uuid:uid>/phieu-kiem-soat/", dossiers.dossier_control, name="dossier_control"),
    path("mot-cua/ho-so/<uuid:uid>/gui-lai/", figures.portal_again, name="portal_again"),
    path("mot-cua/ho-so/<uuid:uid>/buoc/<uuid:run>/", acts.run_complete, name="run_complete"),
    path("mot-cua/ho-so/<uuid:uid>/buoc/<uuid:run>/giao/", acts.run_assign, name="run_assign"),
    path("mot-cua/ho-so/<uuid:uid>/<slug:event>/", acts.dossier_act, name="dossier_act"),
    path("mot-cua/vang-mat/", acts.absence_list, name="absence_list"),
    path("mot-cua/thu-tuc/", catalogue.tthc_list, name="tthc_list"),
    path("mot-cua/thu-tuc/moi/", catalogue.tthc_new, name="tthc_new"),
    path("mot-cua/thu-tuc/nhap/", catalogue.tthc_import, name="tthc_import"),
    path("mot-cua/thu-tuc/<uuid:uid>/", catalogue.tthc_page, name="tthc_page"),
    path("mot-cua/thu-tuc/<uuid:uid>/bai-bo/", catalogue.tthc_end, name="tthc_end"),
    path("mot-cua/ma-dinh-danh/", catalogue.identifier_list, name="identifier_list"),
    path("mot-cua/tong-quan/", figures.onestop_dashboard, name="onestop_dashboard"),
    path("mot-cua/bo-chi-so/", figures.service_index_page, name="service_index"),
    path("mot-cua/phan-anh/", figures.complaint_list, name="complaint_list"),
    path("mot-cua/phan-anh/<uuid:uid>/", figures.complaint_page, name="complaint_page"),
    path("mot-cua/doi-soat/", figures.reconciliation, name="reconciliation"),
    path("dich-vu-cong/", public.public_procedures, name="public_procedures"),
    path("dich-vu-cong/<uuid:uid>/", public.public_procedure, name="public_procedure"),
    path("dich-vu-cong/<uuid:uid>/nop/", public.public_submit, name="public_submit"),
    path("tra-cuu-ho-so/", public.public_find, name="public_find"),
    path("tra-cuu-ho-so/<slug:tracking>/", public.public_track, name="public_track"),
    path("tra-cuu-ho-so/<slug:tracking>/qr.svg", public.public_qr, name="public_qr"),
    path("tra-cuu-ho-so/<slug:tracking>/ket-qua/", public.public_result, name="public_result"),
    path("tra-cuu-ho-so/<slug:tracking>/<slug:act>/", public.public_act, name="public_act"),
]
