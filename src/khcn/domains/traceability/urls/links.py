"""Addresses that QR codes lead to, open to everybody."""

from django.urls import path, re_path, register_converter

from khcn.domains.traceability.views import links, public

register_converter(links.CompressedLink, "compressed")

urlpatterns = [
    re_path(r"^(?P<link>(?:00|01|253|255|401|402|414|417|8003|8004|8006|8010|8013|8017|8018)/.+)$", links.resolve,
            name="trace_link"),
    path(".well-known/gs1resolver", links.well_known, name="trace_well_known"),
    path("hang/<uuid:uid>/", public.goods, name="trace_goods"),
    path("hang/<uuid:uid>/bang-chung/", public.goods_proof, name="trace_goods_proof"),
    path("hang/<uuid:uid>/phan-anh/", public.goods_fake, name="trace_goods_fake"),
    path("hang/san-pham/<uuid:uid>/", public.goods_product, name="trace_goods_product"),
    path("hang/ma/<path:key>", links.goods_thing, name="trace_goods_thing"),
    path("hang/giay/<uuid:uid>/", public.evidence_file, name="trace_evidence_file"),
    path("<compressed:link>", links.resolve, name="trace_compressed_link"),
]  # fmt: skip
