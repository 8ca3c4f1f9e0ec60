"""Addresses of the warnings room."""

from django.urls import path

from khcn.domains.warnings.views import cases, public

urlpatterns = [
    path("canh-bao/", cases.case_list, name="warning_list"),
    path("canh-bao/moi/", cases.case_new, name="warning_new"),
    path("canh-bao/feed.xml", public.feed, name="warning_feed"),
    path("canh-bao/canh-bao.json", public.warnings_json, name="warning_json"),
    path("canh-bao/cong-khai/", public.public_page, name="warning_public"),
    path("canh-bao/cap/<str:identifier>.xml", public.cap_message, name="warning_cap"),
    path("canh-bao/da-doc/<uuid:uid>/", public.delivery_read, name="delivery_read"),
    path("canh-bao/bien-nhan/<slug:channel>/", public.delivery_receipt, name="delivery_receipt"),
    path("canh-bao/ban-tin/", cases.bulletin_list, name="bulletin_list"),
    path("canh-bao/ban-tin/<uuid:uid>/", cases.bulletin_page, name="bulletin_page"),
    path("canh-bao/noi-nhan/", cases.recipient_list, name="recipient_list"),
    path("canh-bao/noi-nhan/<uuid:uid>/ngung/", cases.recipient_stop, name="recipient_stop"),
    path("canh-bao/thiet-hai/", cases.damage_list, name="damage_list"),
    path("canh-bao/thiet-hai/<slug:code>/anh/", cases.damage_picture, name="damage_picture"),
    path("canh-bao/thiet-hai/<slug:code>/<slug:verdict>/", cases.damage_decide, name="damage_decide"),
    path("canh-bao/<slug:code>/", cases.case_page, name="warning_page"),
    path("canh-bao/<slug:code>/soan/", cases.message_write, name="warning_write"),
    path("canh-bao/<slug:code>/xem-truoc/", cases.message_preview, name="warning_preview"),
    path("canh-bao/<slug:code>/lap/<slug:kind>/", cases.message_begin, name="warning_begin"),
    path("canh-bao/<slug:code>/buoc/<slug:step>/", cases.message_step, name="warning_step"),
    path("canh-bao/<slug:code>/ky-thu-hai/<uuid:uid>/", cases.message_second, name="warning_second"),
    path("canh-bao/<slug:code>/khong-phat/", cases.case_drop, name="warning_drop"),
    path("canh-bao/<slug:code>/viec/<uuid:uid>/", cases.duty_do, name="duty_do"),
]
