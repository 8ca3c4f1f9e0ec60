"""The pages in English: what stands round people's own words – menu, headings, buttons, help – holds no Vietnamese."""

import dataclasses
import re
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from khcn.kernel.orgs.tests.cast import Cast
from khcn.lib.wording import is_vietnamese
from khcn.site.navigation import pages_for

#: Pages beside those of the menu: forms, searches that find nothing, filters that match nothing.
FURTHER = (
    "/hop-thu/?q=khong-co", "/ho-so-cua-toi/", "/ho-so-cua-toi/uy-quyen/", "/he-thong/tai-khoan/moi/",
    "/ke-hoach/doc/", "/de-xuat/moi/", "/de-xuat/?q=khong-co", "/nhiem-vu/?q=khong-co", "/nhiem-vu/tien-do/",
    "/danh-muc/moi/", "/vuong-mac/moi/", "/hoi-dong/moi/", "/bao-cao/lap/", "/cong-bo/", "/tim/?q=khong+co",
    "/khong-co-trang-nay/", "/quy-trinh/thong-ke/",
)  # fmt: skip
#: Words of people, agencies and laws, which stay as they were written: models, and single fields of models.
QUOTED = (
    "orgs.Organisation", "orgs.Person", "orgs.User", "orgs.Post", "places.AdministrativeUnit",
    "documents.LegalInstrument", "procedures.CalendarDay", "programme.RuleParameter", "programme.CostNorm",
)  # fmt: skip
QUOTED_FIELDS = (("programme.RuleSet", "citation"),)
#: The page of components shows samples of people's words; the guide is written in Vietnamese.
LEFT_IN_VIETNAMESE = ("/he-thong/giao-dien/", "/huong-dan/")
#: The currency, samples that are typed in Vietnamese, the other language's own name, codes of documents.
KEPT = re.compile(
    r"đồng|\b45 tỷ\b|45,5 triệu|Tiếng Việt|(?:Luật|NĐ|TT|Bộ luật)[^;]*\d[^;]*|[\w./-]*/[\w-]*[ĐƠƯ][\w-]*"
    r"|(?:Mẫu |Biểu )?[A-Z][\w./-]*[ĐƠƯ][\w./-]*"
)
SPOKEN_ATTRIBUTES = ("title", "alt", "placeholder", "aria-label", "data-label", "data-confirm")


class Visible(HTMLParser):
    """Collects the texts and the spoken attributes of a page, without scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, text: str) -> None:
        if not self._hidden and text.strip():
            self.texts.append(" ".join(text.split()))


def quoted_words() -> list[str]:
    """Every text that the models of quoted words store, the longest first."""
    asked = [(name, field) for name in QUOTED for field in _texts(name)] + [*QUOTED_FIELDS]
    found = {
        " ".join(value.split())
        for name, field in asked
        for value in apps.get_model(name).objects.values_list(field, flat=True)
        if value
    }
    return sorted(filter(is_vietnamese, found), key=len, reverse=True)


def _texts(name: str) -> list[str]:
    fields = apps.get_model(name)._meta.local_fields
    return [field.name for field in fields if isinstance(field, models.CharField | models.TextField)]


def vietnamese_in(page: str, quoted: list[str]) -> set[str]:
    """The texts of the page that hold Vietnamese once quoted words are taken out."""
    visible = Visible()
    visible.feed(page)
    left = set()
    for text in visible.texts:
        rest = text
        for words in quoted if is_vietnamese(text) else ():
            rest = rest.replace(words, "")
        if is_vietnamese(KEPT.sub("", rest)) and len(text) > len("ĐS"):  # the initials of an account
            left.add(text)
    return left


@pytest.fixture
def reference(db):
    """The reference data as a new installation has them."""
    call_command("load_reference", stdout=StringIO())


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Cast)])
def test_pages_in_english_hold_no_vietnamese_but_quoted_words(client_for, people, reference, name):
    member = getattr(people, name)
    client = client_for(member)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    quoted = quoted_words()
    left = {}

    addresses = [item.address for item in pages_for(member.actor) if item.address not in LEFT_IN_VIETNAMESE]

    for address in [*addresses, *FURTHER]:
        answer = client.get(address)
        if answer.status_code < 500 and answer["Content-Type"].startswith("text/html"):
            left[address] = vietnamese_in(answer.content.decode(), quoted)

    found = sorted(f"{address} {text}" for address, texts in left.items() for text in texts)
    assert not found, "\n".join(found)


def test_pages_in_vietnamese_are_seen_as_vietnamese(client_for, people):
    page = client_for(people.specialist).get("/").content.decode()

    assert len(vietnamese_in(page, [])) > 20


@pytest.mark.parametrize("address", ["/tai-khoan/login/", "/cong-bo/"])
def test_door_in_english_holds_no_vietnamese(client, db, address):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert vietnamese_in(client.get(address).content.decode(), []) == set()
