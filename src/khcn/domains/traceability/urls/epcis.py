"""Addresses of the REST binding of EPCIS 2.0, as its OpenAPI names them."""

from django.urls import path, re_path

from khcn.domains.traceability.api import capture, events, standing
from khcn.domains.traceability.api.negotiation import CAPTURE_DISCOVERY
from khcn.domains.traceability.api.paging import revoke
from khcn.domains.traceability.api.resource import resource, unknown

urlpatterns = [
    path("", resource(get=events.root), name="epcis_root"),
    path("capture", resource(CAPTURE_DISCOVERY, get=capture.job_list, post=capture.capture), name="epcis_capture"),
    path("capture/<str:uid>", resource(get=capture.job), name="epcis_job"),
    path("events", resource(CAPTURE_DISCOVERY, get=events.event_list, post=capture.post_event), name="epcis_events"),
    path("events/<path:event_id>", resource(get=events.event), name="epcis_event"),
    path("queries", resource(get=standing.query_list, post=standing.post_query), name="epcis_queries"),
    path("queries/<str:name>", resource(get=standing.query, delete=standing.delete_query), name="epcis_query"),
    path("queries/<str:name>/events", resource(get=standing.query_events), name="epcis_query_events"),
    path(
        "queries/<str:name>/subscriptions",
        resource(get=standing.subscription_list, post=standing.post_subscription),
        name="epcis_subscriptions",
    ),
    path(
        "queries/<str:name>/subscriptions/<str:uid>",
        resource(get=standing.subscription, delete=standing.delete_subscription),
        name="epcis_subscription",
    ),
    path("nextPageToken/<str:token>", resource(delete=revoke), name="epcis_page_token"),
]
urlpatterns.append(path("epcs/<path:value>/trace", resource(get=events.trace), name="epcis_trace"))
for what in events.TOPS:
    urlpatterns += [
        path(what, resource(get=events.top(what)), name=f"epcis_{what}"),
        path(f"{what}/<path:value>/events", resource(get=events.top_events(what)), name=f"epcis_{what}_events"),
        path(f"{what}/<path:value>", resource(get=events.top_one(what)), name=f"epcis_{what}_one"),
    ]
urlpatterns.append(re_path(r"[\s\S]", unknown, name="epcis_unknown"))
