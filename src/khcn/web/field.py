"""Rooms that work on a phone without signal: their service worker. The pages extend `web/field_base.html`.

A page gives the worker's address, its scope and the name of its cache in the block `field_places`; a form marked
`data-record-form` is kept on the phone and sent under an id of its own (static/khcn/js/field.js), and answers JSON
`{state: stored | known | refused, message}` to whoever accepts that.
"""

from collections.abc import Sequence

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.template.loader import render_to_string

STATIC = (
    "npm/tabler/css/tabler.min.css", "npm/icons/tabler-icons.min.css", "khcn/css/khcn.css", "khcn/css/parts.css",
    "khcn/css/field.css", "khcn/js/theme.js", "khcn/js/field.js", "khcn/img/mark.svg",
    "npm/icons/fonts/tabler-icons.woff2",
    *(f"npm/font/files/be-vietnam-pro-{script}-{weight}-normal.woff2"
      for script in ("vietnamese", "latin") for weight in (400, 600)),
)  # fmt: skip


def worker_of(kept: str, more: Sequence[str] = ()) -> HttpResponse:
    """The service worker that keeps pages under a name ending in a number, with what they all need and `more`."""
    addresses = [staticfiles_storage.url(name) for name in (*STATIC, *more)]
    text = render_to_string("web/field_worker.js", {"addresses": addresses, "kept": kept})
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
