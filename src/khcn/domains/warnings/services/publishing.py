"""What the public reads: a feed, a list in JSON, a page and every message, as files that are made at each issue.

What holds now is made, and what will hold after each expiry to come. Each file is named by its content and written
whole; then one list, replaced in one step, says which of them hold and from when. Whoever publishes waits for whoever
does, and reads the database only then: what was revoked cannot come back by one who read earlier.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from lxml import etree

from khcn.domains.warnings.models import CapMessage
from khcn.domains.warnings.queries.messages import headline_of, public_in_force, recent_public
from khcn.domains.warnings.queries.published import LIST_OF_FILES, folder
from khcn.domains.warnings.queries.reference import named_units
from khcn.domains.warnings.rules.composing import names_of
from khcn.web.kept_answers import tag_of

ATOM = "http://www.w3.org/2005/Atom"
FEED, LIST, PAGE = "feed.xml", "canh-bao.json", "index.html"
#: A reader that looked up a file's name has so long to open it before it may be cleared away.
_KEPT_SECONDS = 3600


def publish_files(*, now: datetime) -> int:
    """Make what differs; returns how many files did."""
    with _alone():
        held = public_in_force(now)
        recent = list(recent_public())
        changed = 0
        for one in recent:
            path = folder() / "cap" / f"{one.identifier}.xml"
            if not path.is_file():
                changed += _put(path, bytes(one.content))
        feed, written = _named(FEED, feed_of(recent))
        changed += written
        stages: list[tuple[float, dict[str, str]]] = []
        for since in (None, *sorted({one.expires_at for one in held})):
            left = [one for one in held if since is None or one.expires_at > since]
            files = {FEED: feed}
            for name, content in ((LIST, list_of(left)), (PAGE, page_of(left))):
                files[name], written = _named(name, content)
                changed += written
            stages.append((0.0 if since is None else since.timestamp(), files))
        changed += _put(folder() / LIST_OF_FILES, json.dumps(stages).encode())
        _clear({name for _since, files in stages for name in files.values()})
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


@contextmanager
def _alone() -> Iterator[None]:
    """One publisher at a time, of all processes."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _named(name: str, content: bytes) -> tuple[str, int]:
    """(name by content, 1 where it was not there)."""
    stem, _dot, ending = name.partition(".")
    path = folder() / f"{stem}.{tag_of(content)[1:-1]}.{ending}"
    return path.name, 0 if path.is_file() else _put(path, content)


def _clear(named: set[str]) -> None:
    """Remove files that no list has named for a while."""
    before = time.time() - _KEPT_SECONDS
    for name in (FEED, LIST, PAGE):
        stem, _dot, ending = name.partition(".")
        for path in folder().glob(f"{stem}.*.{ending}"):
            if path.name not in named and path.stat().st_mtime < before:
                path.unlink()


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
