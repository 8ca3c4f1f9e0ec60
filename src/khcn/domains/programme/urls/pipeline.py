"""Addresses of proposals, order lists, calls and application dossiers."""

from django.urls import URLPattern, URLResolver, path

from khcn.domains.programme.views.pipeline import applications, calls, orders, proposals, saved_filters

urlpatterns: list[URLPattern | URLResolver] = [
    path("de-xuat/", proposals.proposal_list, name="proposal_list"),
    path("de-xuat/moi/", proposals.proposal_new, name="proposal_new"),
    path("de-xuat/<uuid:uid>/", proposals.proposal_page, name="proposal_page"),
    path("de-xuat/<uuid:uid>/sua/", proposals.proposal_edit, name="proposal_edit"),
    path("de-xuat/<uuid:uid>/luu-nhap/", proposals.proposal_autosave, name="proposal_autosave"),
    path("de-xuat/<uuid:uid>/tai-lieu/", proposals.proposal_attach, name="proposal_attach"),
    path("de-xuat/<uuid:uid>/phieu.docx", proposals.proposal_word, name="proposal_word"),
    path("de-xuat/<uuid:uid>/in/", proposals.proposal_print, name="proposal_print"),
    path("de-xuat/<uuid:uid>/buoc/<slug:event>/", proposals.proposal_act, name="proposal_act"),
    path("danh-muc/", orders.order_list_list, name="order_list_list"),
    path("danh-muc/moi/", orders.order_list_new, name="order_list_new"),
    path("danh-muc/<uuid:uid>/", orders.order_list_page, name="order_list_page"),
    path("danh-muc/<uuid:uid>/them/", orders.order_add, name="order_add"),
    path("danh-muc/<uuid:uid>/danh-muc.docx", orders.order_list_word, name="order_list_word"),
    path("danh-muc/<uuid:uid>/buoc/<slug:event>/", orders.order_list_act, name="order_list_act"),
    path("dat-hang/<uuid:uid>/sua/", orders.order_edit, name="order_edit"),
    path("dat-hang/<uuid:uid>/bo/", orders.order_remove, name="order_remove"),
    path("dat-hang/<uuid:uid>/thong-bao/", calls.call_new, name="call_new"),
    path("cong-bo/", calls.call_public, name="call_public"),
    path("thong-bao/", calls.call_list, name="call_list"),
    path("thong-bao/<uuid:uid>/", calls.call_page, name="call_page"),
    path("thong-bao/<uuid:uid>/mo-ho-so/", calls.call_opening, name="call_opening"),
    path("thong-bao/<uuid:uid>/thong-bao.docx", calls.call_word, name="call_word"),
    path("thong-bao/<uuid:uid>/bien-ban.docx", calls.call_minutes_word, name="call_minutes_word"),
    path("thong-bao/<uuid:uid>/nop-ho-so/", applications.application_new, name="application_new"),
    path("thong-bao/<uuid:uid>/buoc/<slug:event>/", calls.call_act, name="call_act"),
    path("ho-so/", applications.application_list, name="application_list"),
    path("ho-so/<uuid:uid>/", applications.application_page, name="application_page"),
    path("ho-so/<uuid:uid>/sua/", applications.application_edit, name="application_edit"),
    path("ho-so/<uuid:uid>/tham-dinh/", applications.application_appraisal, name="application_appraisal"),
    path("ho-so/<uuid:uid>/tai-lieu/", applications.application_attach, name="application_attach"),
    path("ho-so/<uuid:uid>/quyet-dinh.docx", applications.application_decision_word, name="application_decision_word"),
    path("ho-so/<uuid:uid>/buoc/<slug:event>/", applications.application_act, name="application_act"),
    path("bo-loc/<slug:name>/luu/", saved_filters.pipeline_filter_save, name="pipeline_filter_save"),
    path("bo-loc/<uuid:uid>/bo/", saved_filters.pipeline_filter_drop, name="pipeline_filter_drop"),
]
