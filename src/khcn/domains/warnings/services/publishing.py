"""What the public reads: a feed, a list in JSON, a page and every message, as files that are rewritten at each issue.

A file is written whole beside its place and moved there, and only where it differs, so that its tag stays.
"""

import hashlib
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from lxml import etree

from khcn.domains.warnings.models import CapMessage
from khcn.domains.warnings.queries.messages import headline_of, public_in_force, recent_public
from khcn.domains.warnings.queries.reference import named_units
from khcn.domains.warnings.rules.composing import names_of

ATOM = "http://www.w3.org/2005/Atom"
FEED, LIST, PAGE = "feed.xml", "canh-bao.json", "index.html"


def folder() -> Path:
    """Where the files stand."""
    return Path(settings.MEDIA_ROOT) / "public-warnings"


def publish_files(*, now: datetime) -> int:
    """Rewrite what differs; returns how many files did."""
    held = public_in_force(now)
    recent = list(recent_public())
    changed = 0
    for name, content in ((FEED, feed_of(recent)), (LIST, list_of(held)), (PAGE, page_of(held))):
        changed += _put(folder() / name, content)
    for one in recent:
        path = folder() / "cap" / f"{one.identifier}.xml"
        if not path.is_file():
            changed += _put(path, bytes(one.content))
    return changed


def feed_of(messages: list[CapMessage]) -> bytes:
    """An Atom feed whose entries lead to the messages. Its time is that of its newest message."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    newest = messages[0].sent if messages else datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())
    base = settings.WARNING_BASE_URL
    for name, text in (("id", f"{base}/canh-bao/feed.xml"), ("title", "Cảnh báo thiên tai"),
                       ("updated", newest.isoformat())):  # fmt: skip
        etree.SubElement(root, f"{{{ATOM}}}{name}").text = text
    etree.SubElement(root, f"{{{ATOM}}}link", rel="self", href=f"{base}/canh-bao/feed.xml")
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    etree.SubElement(author, f"{{{ATOM}}}name").text = messages[0].case.owner.name if messages else "KHCN"
    for one in messages:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        address = f"{base}/canh-bao/cap/{one.identifier}.xml"
        for name, text in (("id", address), ("title", headline_of(one)), ("updated", one.sent.isoformat()),
                           ("published", one.sent.isoformat()), ("summary", one.draft.description)):  # fmt: skip
            etree.SubElement(entry, f"{{{ATOM}}}{name}").text = text
        etree.SubElement(entry, f"{{{ATOM}}}link", href=address, type="application/cap+xml")
        etree.SubElement(entry, f"{{{ATOM}}}category", term=str(one.kind))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def list_of(messages: list[CapMessage]) -> bytes:
    """What holds now, as JSON."""
    base = settings.WARNING_BASE_URL
    return json.dumps(
        {
            "warnings": [
                {
                    "identifier": one.identifier, "case": one.case.code, "hazard": one.case.hazard,
                    "kind": one.case.kind, "level": one.draft.level, "levelOrigin": one.draft.level_origin,
                    "headline": headline_of(one), "status": one.status, "units": one.draft.units,
                    "sent": one.sent.isoformat(),
                    "expires": one.expires_at.isoformat(), "sha256": one.sha256,
                    "cap": f"{base}/canh-bao/cap/{one.identifier}.xml",
                }
                for one in messages
            ]
        },
        ensure_ascii=False, indent=1,
    ).encode()  # fmt: skip


def page_of(messages: list[CapMessage]) -> bytes:
    """A page that stands by itself: no script, no session, no query."""
    with translation.override("vi"):
        return render_to_string("warnings/public_page.html", {"messages": [_shown(one) for one in messages]}).encode()


def _shown(message: CapMessage) -> tuple[CapMessage, str, str]:
    units = named_units(message.draft.units, on=timezone.localdate(message.sent))
    return message, headline_of(message), message.draft.area_name or names_of(units, most=40)


def tag_of(content: bytes) -> str:
    """The entity tag of a file."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _put(path: Path, content: bytes) -> int:
    if path.is_file() and path.read_bytes() == content:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return 1
