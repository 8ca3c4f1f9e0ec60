"""Capture by REST: documents, jobs, single events."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import RFC3986_SUBDELIMS

from khcn.domains.traceability.api.negotiation import check_media, form_of_answer
from khcn.domains.traceability.api.paging import continue_with, page_of
from khcn.domains.traceability.api.rendering import event_answer
from khcn.domains.traceability.api.resource import json_answer
from khcn.domains.traceability.errors import CaptureTooLarge, ValidationRefused
from khcn.domains.traceability.models import CaptureJob, Client
from khcn.domains.traceability.queries.jobs import job_by_uid, jobs_of
from khcn.domains.traceability.services.capture import FILE_LIMIT, capture_document, capture_event
from khcn.standards.epcis.documents import read_document

_BARE = RFC3986_SUBDELIMS + "/~:@"  # what an address may hold as it is, by Django's own rule


def _body(request: HttpRequest) -> bytes:
    check_media(request)
    raw = request.read(FILE_LIMIT + 1)
    if len(raw) > FILE_LIMIT:
        raise CaptureTooLarge(f"Văn bản lớn hơn {FILE_LIMIT // 1024 // 1024} MB; hãy chia thành nhiều lần ghi.")
    return raw


def capture(request: HttpRequest, client: Client) -> HttpResponse:
    """202 with the address of the job, which is finished by then."""
    behaviour = request.headers.get("GS1-Capture-Error-Behaviour", "rollback")
    if behaviour not in ("rollback", "proceed"):
        raise ValidationRefused("Hãy dùng rollback hoặc proceed.", field="GS1-Capture-Error-Behaviour")
    raw = _body(request)
    job = capture_document(by=client, raw=raw, document=read_document(raw), now=timezone.now(), behaviour=behaviour)
    response = HttpResponse(status=202)
    response["Location"] = request.build_absolute_uri(reverse("epcis_job", args=[job.uid]))
    return response


def _moment(value: Any) -> str:
    return str(value.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def _job(job: CaptureJob) -> dict[str, Any]:
    return {
        "captureID": str(job.uid),
        "createdAt": _moment(job.created_at),
        "finishedAt": _moment(job.finished_at),
        "running": False,
        "success": job.success,
        "captureErrorBehaviour": job.behaviour,
        "errors": job.errors,
    }


def job_list(request: HttpRequest, client: Client) -> HttpResponse:
    """The client's jobs, the latest first."""
    form_of_answer(request)
    page = page_of(request, client)
    jobs, after = jobs_of(client=client, per_page=page.size, after=page.after)
    return continue_with(json_answer([_job(job) for job in jobs]), request, client, after)


def job(request: HttpRequest, client: Client, uid: str) -> HttpResponse:
    """One job of the client."""
    form_of_answer(request)
    return json_answer(_job(job_by_uid(client=client, uid=uid)))


def post_event(request: HttpRequest, client: Client) -> HttpResponse:
    """201 with the event and its address."""
    form_of_answer(request)
    raw = _body(request)
    stored = capture_event(by=client, raw=raw, document=read_document(raw), now=timezone.now())
    response = event_answer(request, stored, status=201)
    response.status_code = 201
    below = quote(stored.event_id, safe=_BARE)  # one event lies below the collection that it was posted to
    response["Location"] = request.build_absolute_uri(f"{request.path}/{below}")
    return response
