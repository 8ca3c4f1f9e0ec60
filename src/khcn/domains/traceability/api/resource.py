"""One resource of the binding: its methods, who asks, discovery by OPTIONS, and refusals as problem documents."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from khcn.domains.traceability.api.negotiation import ANSWERED, DISCOVERY, check_versions
from khcn.domains.traceability.errors import AddressTooLong, EpcisRefusal, NoSuchResource, NotAuthenticated
from khcn.domains.traceability.models import Client
from khcn.domains.traceability.queries.clients import client_of_key
from khcn.standards.epcis.json_writing import write_json

logger = logging.getLogger(__name__)
_LONGEST_ADDRESS = 8_000
Answer = Callable[..., HttpResponse]


def json_answer(value: Any, status: int = 200, media: str = "application/json") -> HttpResponse:
    """A JSON body."""
    return HttpResponse(write_json(value), status=status, content_type=media)


def problem(refusal: EpcisRefusal) -> HttpResponse:
    """The refusal as RFC 7807 asks."""
    value: dict[str, Any] = {
        "type": f"epcisException:{refusal.exception}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": gettext(refusal.message),
    }
    if refusal.field:
        value["instance"] = refusal.field
    return json_answer(value, refusal.status, "application/problem+json")


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """What is answered where an address of the binding names nothing: a problem document, as everywhere else."""
    response = problem(NoSuchResource("Không có tài nguyên này."))
    for name, value in ANSWERED.items():
        response.headers[name] = value
    return response


def _client(request: HttpRequest) -> Client:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    key = key.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    if not key:
        raise NotAuthenticated("Hãy gửi khóa trong tiêu đề Authorization: Bearer hoặc X-API-Key.")
    client = client_of_key(key)
    if client is None:
        raise NotAuthenticated("Khóa không đúng hoặc không còn dùng.")
    return client


def resource(extra: Mapping[str, str] | None = None, **methods: Answer) -> Answer:
    """The view of a resource: `get=`, `post=`, `delete=` answer (request, client, **parts of the address)."""
    allowed = ", ".join(sorted({"OPTIONS", *map(str.upper, methods)} | ({"HEAD"} if "get" in methods else set())))

    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            if len(request.get_full_path()) > _LONGEST_ADDRESS:
                raise AddressTooLong(f"Địa chỉ dài quá {_LONGEST_ADDRESS} ký tự; hãy dùng truy vấn đặt tên.")
            client = _client(request)
            check_versions(request)
            method = "get" if request.method == "HEAD" else str(request.method).lower()
            if method == "options":
                response = HttpResponse(status=204)
                for name, value in {**DISCOVERY, **(extra or {}), "Allow": allowed}.items():
                    response[name] = value
            elif method in methods:
                response = methods[method](request, client, **parts)
            else:
                response = HttpResponse(status=405)
                response["Allow"] = allowed
        except EpcisRefusal as refusal:
            response = problem(refusal)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, DatabaseError) as fault:
            logger.exception("epcis %s %s", request.method, request.path, exc_info=fault)
            response = problem(EpcisRefusal("Máy chủ gặp lỗi khi xử lý yêu cầu; hãy thử lại hoặc báo quản trị."))
        if response.status_code == NotAuthenticated.status:
            response["WWW-Authenticate"] = "Bearer"
        for name, value in ANSWERED.items():
            response.headers.setdefault(name, value)
        return response

    return csrf_exempt(view)
