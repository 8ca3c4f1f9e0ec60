"""Two officials edit one record: the second is told, shown the difference, and nothing of the first is written over.

tests/architecture/test_edit_forms.py holds that every form that is filled from a record has its scene here.
"""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

import flows.edit_scenes_of_goods
import flows.edit_scenes_of_maps
import flows.edit_scenes_of_marks
import flows.edit_scenes_of_stations
import flows.edit_scenes_of_warnings
from flows.edit_scenes import SCENES, Scene

assert flows.edit_scenes_of_goods  # registers its scenes
assert flows.edit_scenes_of_maps
assert flows.edit_scenes_of_marks
assert flows.edit_scenes_of_stations
assert flows.edit_scenes_of_warnings


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("name", sorted(SCENES))
def test_second_official_is_refused_and_shown_the_difference(name: str) -> None:
    scene = SCENES[name]()
    first, second = _client(scene), _client(scene)
    _address, form_of_first = _form(first, scene)
    address, form_of_second = _form(second, scene)
    assert form_of_second["version"][0], "the form carries no version"

    saved = first.post(address, form_of_first | _values(scene, form_of_first, scene.theirs))
    kept = scene.kept()
    refused = second.post(address, form_of_second | _values(scene, form_of_second, scene.mine))

    assert saved.status_code in (200, 204, 302), _said(saved)
    assert _same(kept, scene.theirs), f"{kept!r} was kept; {_said(saved)}"
    assert refused.status_code == 409, _said(refused)
    assert scene.kept() == kept
    told = _said(refused)
    for words in _shown(scene, kept):
        assert words in told


@pytest.mark.django_db
def test_form_that_comes_back_with_an_error_still_carries_the_version_it_was_filled_from() -> None:
    scene = SCENES["directive_done"]()
    first, second = _client(scene), _client(scene)
    address, sent = _form(second, scene)
    first.post(address, sent | {"result": [scene.theirs]})

    back = second.post(address, sent | {"result": [scene.mine], "on": ["không phải ngày"]})
    again = _standing(_main(back).select_one("form:has([name=result])"))
    refused = second.post(address, again | {"on": sent["on"]})

    assert back.status_code == 422
    assert again["version"] == sent["version"]
    assert refused.status_code == 409
    assert scene.kept() == scene.theirs


def _client(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.who.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _form(client: Client, scene: Scene) -> tuple[str, dict[str, list[str]]]:
    """Where the form that holds the field is sent, and what it sends as it stands."""
    answer = client.get(scene.address)
    assert answer.status_code == 200, f"{scene.address}: {answer.status_code} {_said(answer)}"
    wanted = scene.extra.get("@post", "")
    forms = [
        form
        for form in _main(answer).find_all("form")
        if form.find(attrs={"name": scene.field}) and (not form.get("action") or not wanted or form["action"] == wanted)
    ]
    assert forms, f"{scene.address}: no form with {scene.field!r}"
    return wanted or forms[0].get("action") or scene.address, _standing(forms[0])


def _standing(form: Tag) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    sent: dict[str, list[str]] = {"version": [""]}
    for one in form.find_all(["input", "select", "textarea"]):
        name, kind = one.get("name"), one.get("type")
        if (
            not name
            or name in {"_once", "csrfmiddlewaretoken"}
            or kind in {"file", "submit"}
            or one.find_parent("template")
        ):
            continue
        if one.name == "select":
            chosen = [option for option in one.find_all("option") if option.has_attr("selected")]
            chosen = chosen or ([] if one.has_attr("multiple") else one.find_all("option")[:1])
            values = [option.get("value", "") for option in chosen]
        elif kind in {"checkbox", "radio"}:
            values = [one.get("value", "on")] if one.has_attr("checked") else []
        else:
            values = [one.get_text().removeprefix("\n") if one.name == "textarea" else one.get("value", "")]
        sent[name] = [*sent.get(name, []), *values] if name != "version" else values
    return sent


def _values(scene: Scene, standing: dict[str, list[str]], value: str) -> dict[str, list[str]]:
    given = {name: text for name, text in scene.extra.items() if not name.startswith("@")}
    return {
        name: standing.get(name) or [""] if text == "@first" else [text]
        for name, text in {**given, scene.field: value}.items()
    }


def _main(answer: Any) -> Tag:
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    return soup.main or soup


def _said(answer: Any) -> str:
    if "json" in answer.get("Content-Type", ""):
        return str(answer.json())
    return " ".join(_main(answer).get_text(" ", strip=True).split())


def _same(kept: str, sent: str) -> bool:
    """Whether what is kept is what was sent, a day or an amount however it is written."""
    day = "-".join(reversed(sent.split("/"))) if sent.count("/") == 2 else sent
    return kept in {sent, day} or kept.startswith((f"{sent}.", sent))


def _shown(scene: Scene, kept: str) -> tuple[str, str]:
    return (scene.shown[0] or kept, scene.shown[1] or scene.mine) if any(scene.shown) else (scene.theirs, scene.mine)
