"""Addresses of the screens."""

from django.urls import path

from khcn.domains.traceability.views import fieldwork, lots, masters, watching

urlpatterns = [
    path("truy-xuat/co-so/", masters.party_list, name="trace_party_list"),
    path("truy-xuat/co-so/moi/", masters.party_new, name="trace_party_new"),
    path("truy-xuat/co-so/<slug:code>/", masters.party_page, name="trace_party"),
    path("truy-xuat/co-so/<slug:code>/sua/", masters.party_edit, name="trace_party_edit"),
    path("truy-xuat/co-so/<slug:code>/dia-diem/moi/", masters.site_new, name="trace_site_new"),
    path("truy-xuat/co-so/<slug:code>/san-pham/moi/", masters.product_new, name="trace_product_new"),
    path("truy-xuat/dia-diem/", masters.site_list, name="trace_site_list"),
    path("truy-xuat/dia-diem/<uuid:uid>/", masters.site_edit, name="trace_site_edit"),
    path("truy-xuat/san-pham/", masters.product_list, name="trace_product_list"),
    path("truy-xuat/san-pham/<uuid:uid>/", masters.product_edit, name="trace_product_edit"),
    path("truy-xuat/san-pham/<uuid:uid>/anh/", masters.product_image, name="trace_product_image"),
    path("truy-xuat/mau/", masters.template_list, name="trace_template_list"),
    path("truy-xuat/mau/<uuid:uid>/", masters.template_edit, name="trace_template_edit"),
    path("truy-xuat/nhat-ky/", fieldwork.record_list, name="trace_record_list"),
    path("truy-xuat/nhat-ky/<uuid:uid>/", fieldwork.record_page, name="trace_record"),
    path("truy-xuat/nhat-ky/<uuid:uid>/huy/", fieldwork.record_withdraw, name="trace_record_withdraw"),
    path("truy-xuat/lo/", lots.lot_list, name="trace_lot_list"),
    path("truy-xuat/lo/<uuid:uid>/", lots.lot_page, name="trace_lot"),
    path("truy-xuat/lo/<uuid:uid>/qr.svg", lots.lot_qr, name="trace_lot_qr"),
    path("truy-xuat/lo/<uuid:uid>/tem/", lots.lot_labels, name="trace_lot_labels"),
    path("truy-xuat/lo/<uuid:uid>/giay/", lots.evidence_new, name="trace_evidence_new"),
    path("truy-xuat/lo/<uuid:uid>/truy-vet/", lots.lot_trace, name="trace_lot_trace"),
    path("truy-xuat/lo/<uuid:uid>/thu-hoi/", watching.recall_new, name="trace_recall_new"),
    path("truy-xuat/canh-bao/", watching.alarm_list, name="trace_alarm_list"),
    path("truy-xuat/thu-hoi/", watching.recall_list, name="trace_recall_list"),
    path("truy-xuat/thu-hoi/<uuid:uid>/", watching.recall_page, name="trace_recall"),
    path("truy-xuat/thu-hoi/<uuid:uid>/ket-thuc/", watching.recall_close, name="trace_recall_close"),
    path("truy-xuat/phan-anh/", watching.report_list, name="trace_report_list"),
    path("truy-xuat/phan-anh/<uuid:uid>/", watching.report_page, name="trace_report"),
    path("truy-xuat/ghi/", fieldwork.field_home, name="trace_field_home"),
    path("truy-xuat/ghi/sw.js", fieldwork.field_worker, name="trace_field_worker"),
    path("truy-xuat/ghi/ung-dung.webmanifest", fieldwork.field_manifest, name="trace_field_manifest"),
    path("truy-xuat/ghi/<slug:code>/", fieldwork.field_party, name="trace_field_party"),
    path("truy-xuat/ghi/<slug:code>/bang/", fieldwork.field_sheet, name="trace_field_sheet"),
    path("truy-xuat/ghi/<slug:code>/<slug:template>/", fieldwork.field_form, name="trace_field_form"),
]
