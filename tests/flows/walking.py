"""One person walking through the pages with Django's test client: the agent of `journey` without a browser.

It reads forms and links as a browser would: values that stand in a form are sent along, a button's form is the one
around it. It sees no style and runs no script.
"""

import fnmatch
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from journey import scaled


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


class Walker:
    """One person at a page."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.path = "/"
        self.main: Tag = BeautifulSoup("<main></main>", "html.parser").main
        self.added: dict[str, int] = {}

    def open(self, path: str) -> "Walker":
        """Go to an address and follow where it leads."""
        self._arrive(self.client.get(path.removeprefix("http://testserver"), follow=True), path)
        return self

    def follow(self, name: str, *, holding: str = "") -> None:
        """Click the first link of the main part (or of the article that holds a text) whose text is the name."""
        places = [one for one in self.main.find_all("article") if holding in _words(one)] if holding else [self.main]
        links = [link for place in places for link in place.find_all("a", href=True) if _words(link) == name]
        assert links, f"{self.path}: no link {name!r} {holding!r}"
        self.open(links[0]["href"])

    def follow_to(self, pattern: str) -> None:
        """Click the first link of the main part whose address matches the regular expression whole."""
        links = [link["href"] for link in self.main.find_all("a", href=True) if re.fullmatch(pattern, link["href"])]
        assert links, f"{self.path} links to nothing like {pattern}"
        self.open(links[0])

    def add_line(self, part: str) -> None:
        """Add an empty line to a list of lines."""
        self.added[part] = self.added.get(part, 0) + 1

    def submit(self, button: str, values: Mapping[str, Any] | None = None, *, holding: str = "") -> None:
        """Fill the form that has the button (and stands in the card with the text `holding`) and send it."""
        places = self.main.select(".card") if holding else [self.main]
        buttons = [
            pressed
            for place in places
            if holding in _words(place)
            for pressed in place.select("form button[type=submit]")
            if _words(pressed) == button
        ]
        assert buttons, f"{self.path}: no button {button!r} {holding!r}"
        form = buttons[0].find_parent("form")
        data = self._standing(form)
        for part, count in self.added.items():
            self._lengthen(data, form, part, count)
        self.added = {}
        named = {*data, *(field["name"] for field in form.find_all("input", type="file", attrs={"name": True}))}
        for name, value in (values or {}).items():
            for fit in fnmatch.filter(named, name) or [name] if "*" in name else [name]:
                data[fit] = self._chosen(form, fit, value)
        if buttons[0].get("name"):
            data[buttons[0]["name"]] = buttons[0].get("value", "")
        address = form.get("action") or self.path
        self._arrive(self.client.post(address, data, follow=True), address)
        refused = [_words(one) for one in self.main.select("[data-error-summary], .k-field-bad")]
        assert not refused, f"{self.path}: {button}: {refused}"

    def value_of(self, selector: str) -> str:
        """The value of a field."""
        return str(self.main.select_one(selector)["value"])

    def text(self) -> str:
        """What the main part of the page says."""
        return _words(self.main)

    def table(self, caption: str) -> list[list[str]]:
        """The texts of the cells of a table's body, row by row."""
        table = next(one for one in self.main.find_all("table") if one.caption and caption in _words(one.caption))
        return [[_words(cell) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]

    def _arrive(self, answer: Any, asked: str) -> None:
        assert answer.status_code == 200, f"{asked}: {answer.status_code}\n{answer.content.decode()[:2000]}"
        chain = answer.redirect_chain
        if chain:
            self.path = chain[-1][0]
        elif answer.request["REQUEST_METHOD"] == "GET":
            self.path = asked.removeprefix("http://testserver")
        soup = BeautifulSoup(answer.content.decode(), "html.parser")
        self.main = soup.main
        bad = [_words(one) for one in soup.select(".k-toast.k-tone-bad")]
        assert not bad, f"{asked}: {bad}"

    def _standing(self, form: Tag) -> dict[str, Any]:
        """What the form would send as it stands; every named field has a key, also one that would send nothing."""
        fields = form.find_all(["input", "select", "textarea"])
        return self._values(field for field in fields if not field.find_parent("template"))

    def _values(self, fields: Iterable[Tag]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for field in fields:
            name = field.get("name")
            if not name or field.get("type") == "file":
                continue
            if field.name == "select":
                chosen = [one.get("value", "") for one in field.find_all("option") if one.has_attr("selected")]
                if not field.has_attr("multiple") and not chosen and field.option:
                    chosen = [field.option.get("value", "")]
                data[name] = chosen
            elif field.get("type") in ("checkbox", "radio"):
                data.setdefault(name, [])
                if field.has_attr("checked"):
                    data[name].append(field.get("value", "on"))
            else:
                data[name] = field.get_text() if field.name == "textarea" else field.get("value", "")
        return data

    def _lengthen(self, data: dict[str, Any], form: Tag, part: str, count: int) -> None:
        """Add lines as the page's script does: from the template, with the next numbers."""
        total = f"{part}-TOTAL_FORMS"
        pattern = self._values(
            form.select_one(f'template[data-line-of="{part}"]').find_all(["input", "select", "textarea"])
        )
        for number in range(int(data[total]), int(data[total]) + count):
            data |= {name.replace("__prefix__", str(number)): value for name, value in pattern.items()}
        data[total] = str(int(data[total]) + count)

    def _chosen(self, form: Tag, name: str, value: Any) -> Any:
        """The value as the field sends it: an option by its value or words, every tick for True, a file by its path."""
        fields = form.find_all(attrs={"name": name}) or form.find_all(attrs={"name": re.sub(r"-\d+-", "-0-", name)})
        assert fields, f"{self.path}: no field {name!r}"
        kind = fields[0].name if fields[0].name == "select" else fields[0].get("type")
        if kind == "select":
            options = [(one.get("value", ""), _words(one)) for one in fields[0].find_all("option")]
            exact = [key for key, _text in options if key == value]
            wanted = exact or [key for key, text in options if str(value) in text]
            assert wanted, f"{name}: {value!r} is not among {options[:20]}"
            return wanted[0]
        if kind in ("checkbox", "radio"):
            known = [one.get("value", "on") for one in fields]
            return known if value is True else value if isinstance(value, list) else [value]
        if kind == "file":
            path = Path(value)
            return SimpleUploadedFile(path.name, path.read_bytes(), content_type="text/plain")
        return str(scaled(value, fields[0].get("data-most")))
