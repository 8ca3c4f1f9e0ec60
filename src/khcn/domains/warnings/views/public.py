"""What the public and its machines fetch: files with a tag, and messages for ever."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from khcn.domains.warnings.choices import WarningChannel
from khcn.domains.warnings.queries.messages import message_bytes
from khcn.domains.warnings.queries.published import folder, stage_now
from khcn.domains.warnings.services.publishing import FEED, LIST, PAGE, publish_files
from khcn.domains.warnings.services.sending import confirm_delivery, mark_delivery_read
from khcn.web.kept_answers import has_tag, tag_of


def _file(request: HttpRequest, name: str, media_type: str) -> HttpResponse:
    """What holds now. Whoever keeps it asks again each time: a warning that was revoked is gone at the next request."""
    content = _published(name)
    if content is None:
        publish_files(now=timezone.now())
        content = _published(name)
    if content is None:
        raise Http404
    return _tagged(request, content, media_type, "public, no-cache")


def _published(name: str) -> bytes | None:
    stage = stage_now()
    try:
        return None if stage is None else (folder() / stage.files[name]).read_bytes()
    except FileNotFoundError:
        return None


def _tagged(request: HttpRequest, content: bytes, media_type: str, cache: str) -> HttpResponse:
    tag = tag_of(content)
    if has_tag(request.headers.get("If-None-Match", ""), tag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type=media_type)
    response["ETag"], response["Cache-Control"] = tag, cache
    response["Access-Control-Allow-Origin"] = "*"
    return response


def feed(request: HttpRequest) -> HttpResponseBase:
    """The Atom feed."""
    return _file(request, FEED, "application/atom+xml; charset=utf-8")


def warnings_json(request: HttpRequest) -> HttpResponseBase:
    """What holds now, as JSON."""
    return _file(request, LIST, "application/json; charset=utf-8")


def public_page(request: HttpRequest) -> HttpResponseBase:
    """What holds now, as a page without session, script or query."""
    return _file(request, PAGE, "text/html; charset=utf-8")


def cap_message(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One message, byte for byte as it was signed, for ever."""
    found = message_bytes(identifier)
    if found is None:
        raise Http404
    return _tagged(request, bytes(found.content), "application/cap+xml", "public, max-age=31536000, immutable")


def delivery_read(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The link that came with a message: marks it as read."""
    if not mark_delivery_read(uid=uid, now=timezone.now()):
        raise Http404
    return public_page(request)


@csrf_exempt
def delivery_receipt(request: HttpRequest, channel: str) -> HttpResponseBase:
    """A gateway says that a message arrived; its receipt is the secret that it was given."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if channel not in WarningChannel.values():
        raise Http404
    known = confirm_delivery(
        receipt=request.POST.get("receipt", ""), channel=WarningChannel(channel), now=timezone.now()
    )
    return HttpResponse(status=204 if known else 404)
