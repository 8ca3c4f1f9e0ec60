"""Addresses of the topic look-up."""

from django.urls import URLPattern, URLResolver, path

from khcn.domains.programme.views.pipeline import lookup

urlpatterns: list[URLPattern | URLResolver] = [
    path("tra-cuu/", lookup.lookup, name="lookup"),
    path("de-xuat/<uuid:uid>/tra-cuu/", lookup.look_up_start, name="look_up_start"),
    path("phieu-tra-cuu/<uuid:uid>/", lookup.look_up_page, name="look_up_page"),
    path("phieu-tra-cuu/<uuid:uid>/in/", lookup.look_up_print, name="look_up_print"),
    path("phieu-tra-cuu/<uuid:uid>/c0.docx", lookup.look_up_word, name="look_up_word"),
]
