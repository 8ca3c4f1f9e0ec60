"""Addresses of the hazards room."""

from django.urls import path

from khcn.domains.hazards.api import service
from khcn.domains.hazards.views import files, levels, messages, series, stations, verifying

urlpatterns = [
    path("sta/v1.1", service.landing, name="sta_landing"),
    path("sta/v1.1/", service.landing),
    path("sta/v1.1/<path:path>", service.resource, name="sta_resource"),
    path("thien-tai/", levels.situation, name="hazard_situation"),
    path("thien-tai/danh-gia/<uuid:uid>/", levels.evaluation_page, name="evaluation_page"),
    path("thien-tai/dot-vuot-nguong/", levels.exceedance_list, name="exceedance_list"),
    path("thien-tai/danh-gia-canh-bao/", verifying.verification, name="warning_verification"),
    path("thien-tai/khai-bao/", levels.fact_list, name="fact_list"),
    path("thien-tai/bang/", levels.table_list, name="level_table_list"),
    path("thien-tai/bang/<slug:code>/", levels.table_page, name="level_table"),
    path("thien-tai/bang/<slug:code>/tra/", levels.table_ask, name="level_table_ask"),
    path("thien-tai/bang/<slug:code>/lap/", levels.table_draft, name="level_table_draft"),
    path("thien-tai/bang/<slug:code>/sua/", levels.table_edit, name="level_table_edit"),
    path("thien-tai/bang/<slug:code>/chay-thu/", levels.table_rehearse, name="level_table_rehearse"),
    path("thien-tai/bang/<slug:code>/trinh/", levels.table_submit, name="level_table_submit"),
    path("thien-tai/bang/<slug:code>/phe-duyet/", levels.table_approve, name="level_table_approve"),
    path("thien-tai/bang/<slug:code>/tra-lai/", levels.table_reject, name="level_table_reject"),
    path("thien-tai/bang/<slug:code>/thoi-ap-dung/", levels.table_end, name="level_table_end"),
    path("tram/", stations.station_list, name="station_list"),
    path("tram-kiem-tra/", stations.station_audit, name="station_audit"),
    path("tram-moi/", stations.station_new, name="station_new"),
    path("tram-goi-khong-nhan/", messages.refused_message_list, name="refused_message_list"),
    path("tram-tep/", files.station_files, name="station_files"),
    path("tram-tep/<uuid:uid>/", files.station_file, name="station_file"),
    path("tram-tep/<uuid:uid>/nhap/", files.station_file_apply, name="station_file_apply"),
    path("tram-tep/<uuid:uid>/bo/", files.station_file_drop, name="station_file_drop"),
    path("tram/<slug:code>/", stations.station_page, name="station_page"),
    path("tram/<slug:code>/sua/", stations.station_edit, name="station_edit"),
    path("tram/<slug:code>/ngung/", stations.station_close, name="station_close"),
    path("tram/<slug:code>/nhap/", series.station_entry, name="station_entry"),
    path("tram/<slug:code>/thiet-bi/", stations.sensor_new, name="sensor_new"),
    path("tram/<slug:code>/thiet-bi/<uuid:uid>/", stations.sensor_edit, name="sensor_edit"),
    path("tram/<slug:code>/khoa/", stations.key_issue, name="station_key_issue"),
    path("tram/<slug:code>/khoa/<uuid:uid>/", stations.key_revoke, name="station_key_revoke"),
    path("tram/<slug:code>/chuoi-moi/", stations.stream_new, name="stream_new"),
    path("tram/<slug:code>/chuoi/<slug:property>/", series.series_page, name="series_page"),
    path("tram/<slug:code>/chuoi/<slug:property>/sua/", stations.stream_edit, name="stream_edit"),
    path("tram/<slug:code>/chuoi/<slug:property>/<str:moment>/", series.value_page, name="observation_page"),
]
