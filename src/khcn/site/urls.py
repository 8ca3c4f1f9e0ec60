"""The map of addresses; URLs never carry a primary key."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
