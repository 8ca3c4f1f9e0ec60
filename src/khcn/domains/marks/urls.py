"""Addresses of the room of marks: the register for everybody, and the screens of officials."""

from django.urls import path

from khcn.domains.marks.views import control, public, rights, software, stamps, uses, versions

urlpatterns = [
    path("chi-dan-dia-ly/", public.public_marks, name="public_marks"),
    path("chi-dan-dia-ly/<slug:code>/", public.public_mark, name="public_mark"),
    path("so-huu-tri-tue/", rights.mark_list, name="mark_list"),
    path("so-huu-tri-tue/phan-mem/", software.software_list, name="software_list"),
    path("so-huu-tri-tue/phan-mem/moi/", software.software_new, name="software_new"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/", software.software_page, name="software_page"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/sua/", software.software_edit, name="software_edit"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/ma-nguon/", software.software_source, name="software_source"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/bi-mat/", software.software_secrets, name="software_secrets"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/man-hinh/", software.software_screen_new, name="software_screen_new"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/trang-thai/", software.software_move, name="software_move"),
    path("so-huu-tri-tue/phan-mem/<slug:code>/giay/<str:name>", software.software_paper, name="software_paper"),
    path("so-huu-tri-tue/moi/", rights.mark_new, name="mark_new"),
    path("so-huu-tri-tue/nhap/", rights.mark_import, name="mark_import"),
    path("so-huu-tri-tue/quyen/<slug:code>/", rights.mark_page, name="mark_page"),
    path("so-huu-tri-tue/quyen/<slug:code>/sua/", rights.mark_edit, name="mark_edit"),
    path("so-huu-tri-tue/quyen/<slug:code>/hang-hoa/", rights.mark_goods, name="mark_goods"),
    path("so-huu-tri-tue/quyen/<slug:code>/chu-the/", rights.mark_holder_new, name="mark_holder_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/cong-khai/", rights.mark_open, name="mark_open"),
    path("so-huu-tri-tue/quyen/<slug:code>/tai-lieu/", rights.mark_paper_new, name="mark_paper_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/tai-lieu/<uuid:uid>/", rights.mark_paper, name="mark_paper"),
    path("xac-nhan-quyen/<uuid:uid>/", uses.public_use, name="public_use"),
    path("tem/<str:code>/", stamps.public_stamp, name="public_stamp"),
    path("so-huu-tri-tue/quyen/<slug:code>/su-dung/", uses.mark_uses, name="mark_uses"),
    path("so-huu-tri-tue/quyen/<slug:code>/su-dung/moi/", uses.mark_use_new, name="mark_use_new"),
    path("so-huu-tri-tue/su-dung/<slug:code>/", uses.mark_use, name="mark_use"),
    path("so-huu-tri-tue/su-dung/<slug:code>/sua/", uses.mark_use_edit, name="mark_use_edit"),
    path("so-huu-tri-tue/su-dung/<slug:code>/viec/<slug:act>/", uses.mark_use_act, name="mark_use_act"),
    path(
        "so-huu-tri-tue/su-dung/<slug:code>/giay.<str:ending>", uses.mark_certificate, name="mark_certificate"
    ),
    path("so-huu-tri-tue/quyen/<slug:code>/tem/", stamps.mark_stamps, name="mark_stamps"),
    path("so-huu-tri-tue/quyen/<slug:code>/tem/mau/", stamps.mark_stamp_design_new, name="mark_stamp_design_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/tem/dat-in/", stamps.mark_stamp_order_new, name="mark_stamp_order_new"),
    path(
        "so-huu-tri-tue/quyen/<slug:code>/tem/<uuid:uid>/nhan/", stamps.mark_stamp_receive, name="mark_stamp_receive"
    ),
    path("so-huu-tri-tue/lo/<uuid:uid>/", stamps.mark_lot, name="mark_lot"),
    path("so-huu-tri-tue/lo/<uuid:uid>/cap-tem/", stamps.mark_stamp_issue, name="mark_stamp_issue"),
    path("so-huu-tri-tue/tem/<uuid:uid>/huy/", stamps.mark_stamp_void, name="mark_stamp_void"),
    path("so-huu-tri-tue/tem/<uuid:uid>/da-dan/", stamps.mark_stamp_used, name="mark_stamp_used"),
    path("so-huu-tri-tue/tem/<uuid:uid>/ma/", stamps.mark_stamp_codes, name="mark_stamp_codes"),
    path("so-huu-tri-tue/quyen/<slug:code>/kiem-soat/", control.mark_control, name="mark_control"),
    path("so-huu-tri-tue/quyen/<slug:code>/kiem-soat/lap/", control.mark_control_plan, name="mark_control_plan"),
    path("so-huu-tri-tue/kiem-soat/<uuid:uid>/", control.mark_visit, name="mark_visit"),
    path("so-huu-tri-tue/vi-pham/<uuid:uid>/<slug:act>/", control.mark_fault_act, name="mark_fault_act"),
    path("so-huu-tri-tue/quyen/<slug:code>/ban-mo-ta/", versions.mark_spec_new, name="mark_spec_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/ban-mo-ta/<int:number>/", versions.mark_spec, name="mark_spec"),
    path("so-huu-tri-tue/quyen/<slug:code>/ban-mo-ta/<int:number>/sua/", versions.mark_spec_edit,
         name="mark_spec_edit"),
    path(
        "so-huu-tri-tue/quyen/<slug:code>/ban-mo-ta/<int:number>/ban-hanh/", versions.mark_spec_issue,
        name="mark_spec_issue",
    ),
    path("so-huu-tri-tue/quyen/<slug:code>/khu-vuc/", versions.mark_area_new, name="mark_area_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/khu-vuc/<int:number>/", versions.mark_area, name="mark_area"),
    path("so-huu-tri-tue/quyen/<slug:code>/khu-vuc/<int:number>/sua/", versions.mark_area_edit, name="mark_area_edit"),
    path(
        "so-huu-tri-tue/quyen/<slug:code>/khu-vuc/<int:number>/ban-hanh/", versions.mark_area_issue,
        name="mark_area_issue",
    ),
]  # fmt: skip
