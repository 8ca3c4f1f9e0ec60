"""Headers of the REST binding: versions, forms, EPC formats, and what the server says of itself."""

from django.http import HttpRequest

from khcn.domains.traceability.errors import MediaRefused, NotAcceptable
from khcn.domains.traceability.rules.epc_format import FORMATS
from khcn.domains.traceability.services.capture import CAPTURE_LIMIT, FILE_LIMIT

VERSION = "2.0.0"
_SERVED = (2, 0)
_JSON, _XML = ("application/json", "application/ld+json"), ("application/xml", "text/xml")
_OUT = {
    **dict.fromkeys([*_JSON, "*/*", "application/*"], "json"),
    **dict.fromkeys([*_XML, "text/*"], "xml"),
}
DISCOVERY = {
    "GS1-EPCIS-Min": VERSION, "GS1-EPCIS-Max": VERSION, "GS1-EPCIS-Version": VERSION, "GS1-CBV-Min": VERSION,
    "GS1-CBV-Max": VERSION, "GS1-CBV-Version": VERSION, "GS1-Extensions": "", "GS1-Vendor-Version": "0.1.0",
    "GS1-EPC-Format": ", ".join(FORMATS),
}  # fmt: skip
CAPTURE_DISCOVERY = {
    "GS1-EPCIS-Capture-Limit": str(CAPTURE_LIMIT),
    "GS1-EPCIS-Capture-File-Size-Limit": str(FILE_LIMIT),
    "GS1-Capture-Error-Behaviour": "rollback, proceed",
}
ANSWERED = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION, "GS1-Extensions": ""}


def _version(text: str) -> tuple[int, int]:
    parts = [*text.strip().split("."), "0"]
    if not all(part.isdecimal() and part.isascii() for part in parts):
        raise NotAcceptable("Máy chủ không dùng phiên bản này của EPCIS hoặc CBV.")
    return int(parts[0][:6]), int(parts[1][:6])


def check_versions(request: HttpRequest) -> None:
    """Raises NotAcceptable where the client's versions do not span 2.0."""
    for name in ("EPCIS", "CBV"):
        lowest, highest = request.headers.get(f"GS1-{name}-Min"), request.headers.get(f"GS1-{name}-Max")
        exact = request.headers.get(f"GS1-{name}-Version")
        if (
            (lowest and _version(lowest) > _SERVED)
            or (highest and _version(highest) < _SERVED)
            or (exact and _version(exact) not in (_SERVED, (1, 2)))
        ):
            raise NotAcceptable("Máy chủ không dùng phiên bản này của EPCIS hoặc CBV.")


def form_of_answer(request: HttpRequest) -> str:
    """ "json" or "xml", by what the client prefers. Raises NotAcceptable."""
    best, form = 0.0, ""
    for item in request.headers.get("Accept", "*/*").split(","):
        media, *options = [part.strip().lower() for part in item.split(";")]
        weight = 1.0
        for option in options:
            if option.startswith("q="):
                try:
                    weight = float(option[2:])
                except ValueError:
                    weight = 0.0
        if media in _OUT and weight > best:
            best, form = weight, _OUT[media]
    if not form:
        raise NotAcceptable("Máy chủ trả lời application/json, application/ld+json hoặc application/xml.")
    return form


def check_media(request: HttpRequest, *, json_only: bool = False) -> None:
    """Raises MediaRefused."""
    media = (request.content_type or "").lower()
    if json_only and media not in _JSON:
        raise MediaRefused("Nội dung phải là application/json.")
    if media not in (*_JSON, *_XML):
        raise MediaRefused("Nội dung phải là application/json, application/ld+json hoặc application/xml.")


def epc_format(request: HttpRequest) -> str:
    """The asked EPC format. Raises NotAcceptable."""
    asked = request.headers.get("GS1-EPC-Format", "Always_GS1_Digital_Link")
    if asked not in FORMATS:
        raise NotAcceptable("Giá trị này không dùng được.", field="GS1-EPC-Format")
    return asked
