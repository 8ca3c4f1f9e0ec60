"""Addresses of the room of marks: the register for everybody, and the screens of officials."""

from django.urls import path

from khcn.domains.marks.views import public, rights, versions

urlpatterns = [
    path("chi-dan-dia-ly/", public.public_marks, name="public_marks"),
    path("chi-dan-dia-ly/<slug:code>/", public.public_mark, name="public_mark"),
    path("so-huu-tri-tue/", rights.mark_list, name="mark_list"),
    path("so-huu-tri-tue/moi/", rights.mark_new, name="mark_new"),
    path("so-huu-tri-tue/nhap/", rights.mark_import, name="mark_import"),
    path("so-huu-tri-tue/quyen/<slug:code>/", rights.mark_page, name="mark_page"),
    path("so-huu-tri-tue/quyen/<slug:code>/sua/", rights.mark_edit, name="mark_edit"),
    path("so-huu-tri-tue/quyen/<slug:code>/hang-hoa/", rights.mark_goods, name="mark_goods"),
    path("so-huu-tri-tue/quyen/<slug:code>/chu-the/", rights.mark_holder_new, name="mark_holder_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/cong-khai/", rights.mark_open, name="mark_open"),
    path("so-huu-tri-tue/quyen/<slug:code>/tai-lieu/", rights.mark_paper_new, name="mark_paper_new"),
    path("so-huu-tri-tue/quyen/<slug:code>/tai-lieu/<uuid:uid>/", rights.mark_paper, name="mark_paper"),
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
